//! A token factory denom, whose transfers may call a contract, as a reward: it is sent last, and
//! blocks only its own payouts.

use cosmwasm_std::{Addr, to_json_binary};
use cw_multi_test::AppResponse;
use serde_json::{Value, json};
use testkit::chain::{HookMoment, TransferHook};
use testkit::scripted_contract::{self, Run};

use crate::support::{DAY, GaugesSuite, check_ledger, check_totals, coin, event, events};

const GOLD: &str = "factory/minter/gold";
const MOMENTS: [HookMoment; 3] = [
    HookMoment::BeforeDebit,
    HookMoment::AfterDebit,
    HookMoment::AfterCredit,
];

/// Locks 1 and 2 with the receivers `friend1` and `friend2`, which earned 50 of [`GOLD`] and 50
/// `uatom` each. The gold is listed first.
fn earned() -> GaugesSuite {
    let mut suite = GaugesSuite::builder()
        .balance("fees", 1_000, GOLD)
        .with(
            "reward_assets",
            json!([{"native": GOLD}, {"native": "uatom"}]),
        )
        .build()
        .unwrap();
    let gauge = json!({"create_gauge": {
        "lock_asset": {"native": "ulp"}, "duration": DAY, "epochs": 10, "closable": true,
    }});
    suite
        .execute_with("fees", gauge, vec![coin(1_000, GOLD), coin(1_000, "uatom")])
        .unwrap();
    for friend in ["friend1", "friend2"] {
        let msg = json!({"lock": {"duration": DAY, "receiver": format!("@{friend}")}});
        suite
            .execute_with("alice", msg, vec![coin(10, "ulp")])
            .unwrap();
    }
    suite.pass_until(DAY);
    suite
}

fn claim(suite: &mut GaugesSuite) -> AppResponse {
    suite
        .execute("alice", json!({"claim": {"lock_ids": [1, 2]}}))
        .unwrap()
}

fn has(suite: &GaugesSuite, denom: &str) -> [u128; 2] {
    ["friend1", "friend2"].map(|name| suite.balance(name, denom))
}

/// A scripted contract that may claim for both receivers.
fn claiming(suite: &mut GaugesSuite) -> Addr {
    let scripted = scripted_contract::new(suite);
    for friend in ["friend1", "friend2"] {
        let claimer = json!({"set_claimer": {"claimer": scripted}});
        suite.execute(friend, claimer).unwrap();
    }
    scripted
}

/// Lets every transfer of [`GOLD`] call the gauges with these messages, through a scripted
/// contract.
fn hook(
    suite: &mut GaugesSuite,
    scripted: &Addr,
    moment: HookMoment,
    calls: &[Value],
    strict: bool,
) {
    let run = Run {
        messages: calls
            .iter()
            .map(|msg| scripted_contract::call(suite, msg.clone(), vec![]))
            .collect(),
        strict,
    };
    let hook = TransferHook {
        moment,
        contract: scripted.clone(),
        sender: suite.account("anyone"),
        msg: to_json_binary(&run).unwrap(),
        max_depth: 2,
    };
    suite.chain.set_transfer_hook(GOLD, &hook).unwrap();
}

#[test]
fn other_native_coins_of_every_receiver_are_sent_first() {
    let mut suite = earned();
    let response = claim(&mut suite);
    let sent: Vec<&str> = response
        .events
        .iter()
        .filter(|event| event.ty == "transfer")
        .flat_map(|event| &event.attributes)
        .filter(|attribute| attribute.key == "amount")
        .map(|attribute| &*attribute.value)
        .collect();
    let gold = format!("50{GOLD}");
    assert_eq!(sent, ["50uatom", "50uatom", &*gold, &*gold]);
    assert_eq!(has(&suite, GOLD), [50, 50]);
    check_ledger(&suite);
}

#[test]
fn when_its_hook_fails_only_its_own_payouts_are_undelivered() {
    for moment in MOMENTS {
        let mut suite = earned();
        let scripted = scripted_contract::new(&mut suite);
        // A scripted contract may not evict, so the hook fails, and the transfer with it.
        let call = json!({"evict_gauge": {"id": 1}});
        hook(&mut suite, &scripted, moment, &[call], true);
        let response = claim(&mut suite);
        assert_eq!(events(&response, "payout_failed").len(), 2);
        assert_eq!(
            (has(&suite, "uatom"), has(&suite, GOLD)),
            ([50, 50], [0, 0])
        );
        check_ledger(&suite);
        // A gauge with coins of it can still end.
        let before = suite.balance("fees", "uatom");
        let response = suite
            .execute("owner", json!({"evict_gauge": {"id": 1}}))
            .unwrap();
        event(&response, "payout_failed");
        assert_eq!(suite.balance("fees", "uatom") - before, 900);
        check_ledger(&suite);
        suite.chain.remove_transfer_hook(GOLD);
        for name in ["friend1", "friend2", "fees"] {
            suite.execute(name, json!({"claim": {}})).unwrap();
        }
        assert_eq!(has(&suite, GOLD), [50, 50]);
        assert_eq!(suite.balance("fees", GOLD), 900);
        check_ledger(&suite);
    }
}

#[test]
fn calls_of_its_hook_in_payouts_pay_nothing_twice() {
    for moment in MOMENTS {
        let mut suite = earned();
        let scripted = claiming(&mut suite);
        let calls = [
            json!({"claim": {"lock_ids": [1, 2]}}),
            json!({"settle": {}}),
            json!({"claim": {}}),
            json!({"withdraw_treasury": {}}),
        ];
        hook(&mut suite, &scripted, moment, &calls, false);
        let response = claim(&mut suite);
        // The hooks of the transfers claimed too, when nothing was left to claim.
        assert!(events(&response, "claim").len() > 2, "{moment:?}");
        assert_eq!(
            (has(&suite, "uatom"), has(&suite, GOLD)),
            ([50, 50], [50, 50])
        );
        check_ledger(&suite);
    }
}

#[test]
fn calls_of_its_hook_in_receipts_count_nothing_twice() {
    for moment in MOMENTS {
        let mut suite = earned();
        let scripted = claiming(&mut suite);
        let fees = suite.account("fees");
        suite.chain.mint(&fees, &[coin(200, GOLD)]).unwrap();
        let calls = [
            json!({"settle": {}}),
            json!({"claim": {"lock_ids": [1, 2]}}),
        ];
        hook(&mut suite, &scripted, moment, &calls, false);
        for (msg, amount) in [
            (json!({"lock": {"duration": 7 * DAY}}), 100),
            (json!({"add_to_lock": {"id": 3}}), 70),
            (json!({"add_to_gauge": {"id": 1}}), 30),
        ] {
            suite
                .execute_with("fees", msg, vec![coin(amount, GOLD)])
                .unwrap();
        }
        // The hook of the first transfer claimed.
        assert_eq!(
            (has(&suite, "uatom"), has(&suite, GOLD)),
            ([50, 50], [50, 50])
        );
        let lock = suite.query(json!({"lock": {"id": 3}})).unwrap();
        assert_eq!(lock["amount"], "170", "{moment:?}");
        let gauge = suite.query(json!({"gauge": {"id": 1}})).unwrap();
        assert_eq!(gauge["coins"][0]["amount"], "1030", "{moment:?}");
        for (asset, difference) in check_totals(&suite) {
            assert_eq!(difference, "0", "{asset}, {moment:?}");
        }
    }
}
