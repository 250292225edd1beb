//! A denom of a token factory, whose transfers may call a contract, as a reward: it is sent last, and
//! blocks itself alone.

use cosmwasm_std::{Addr, to_json_binary};
use cw_multi_test::AppResponse;
use serde_json::{Value, json};
use testing::chain::{HookMoment, TransferHook};
use testing::puppet::{self, Run};

use crate::support::{DAY, GaugesSuite, books_hold, coin, event, events, records_hold};

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
        "denom": {"native": "ulp"}, "duration": DAY, "epochs": 10, "closable": true,
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

/// A puppet that may claim for both receivers.
fn claiming(suite: &mut GaugesSuite) -> Addr {
    let puppet = puppet::new(suite);
    for friend in ["friend1", "friend2"] {
        let claimer = json!({"set_claimer": {"claimer": puppet}});
        suite.execute(friend, claimer).unwrap();
    }
    puppet
}

/// Transfers of the gold call these, through a puppet.
fn hook(suite: &mut GaugesSuite, puppet: &Addr, moment: HookMoment, calls: &[Value], strict: bool) {
    let run = Run {
        messages: calls
            .iter()
            .map(|msg| puppet::call(suite, msg.clone(), vec![]))
            .collect(),
        strict,
    };
    let hook = TransferHook {
        moment,
        contract: puppet.clone(),
        sender: suite.account("anyone"),
        msg: to_json_binary(&run).unwrap(),
        max_depth: 2,
    };
    suite.chain.set_transfer_hook(GOLD, &hook).unwrap();
}

#[test]
fn every_receivers_plain_coins_are_sent_before_it() {
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
    books_hold(&suite);
}

#[test]
fn when_its_hook_fails_it_alone_waits() {
    for moment in MOMENTS {
        let mut suite = earned();
        let puppet = puppet::new(&mut suite);
        // Nobody may do that, so the hook fails, and the transfer with it.
        let call = json!({"evict_gauge": {"id": 1}});
        hook(&mut suite, &puppet, moment, &[call], true);
        let response = claim(&mut suite);
        assert_eq!(events(&response, "payout_failed").len(), 2);
        assert_eq!(
            (has(&suite, "uatom"), has(&suite, GOLD)),
            ([50, 50], [0, 0])
        );
        books_hold(&suite);
        // Nor does it keep a gauge from ending or a treasury from being paid.
        let before = suite.balance("fees", "uatom");
        let response = suite
            .execute("owner", json!({"evict_gauge": {"id": 1}}))
            .unwrap();
        event(&response, "payout_failed");
        assert_eq!(suite.balance("fees", "uatom") - before, 900);
        books_hold(&suite);
        suite.chain.remove_transfer_hook(GOLD);
        for name in ["friend1", "friend2", "fees"] {
            suite
                .execute(name, json!({"withdraw": {"ids": []}}))
                .unwrap();
        }
        assert_eq!(has(&suite, GOLD), [50, 50]);
        assert_eq!(suite.balance("fees", GOLD), 900);
        books_hold(&suite);
    }
}

#[test]
fn what_its_hook_calls_pays_nobody_twice() {
    for moment in MOMENTS {
        let mut suite = earned();
        let puppet = claiming(&mut suite);
        let calls = [
            json!({"claim": {"lock_ids": [1, 2]}}),
            json!({"settle": {}}),
            json!({"withdraw": {"ids": []}}),
            json!({"withdraw_treasury": {}}),
        ];
        hook(&mut suite, &puppet, moment, &calls, false);
        let response = claim(&mut suite);
        // The transfers' hooks did claim, and there was nothing left to claim.
        assert!(events(&response, "claim").len() > 2, "{moment:?}");
        assert_eq!(
            (has(&suite, "uatom"), has(&suite, GOLD)),
            ([50, 50], [50, 50])
        );
        books_hold(&suite);
    }
}

#[test]
fn what_its_hook_calls_when_it_comes_in_counts_nothing_twice() {
    for moment in MOMENTS {
        let mut suite = earned();
        let puppet = claiming(&mut suite);
        let fees = suite.account("fees");
        suite.chain.mint(&fees, &[coin(200, GOLD)]).unwrap();
        let calls = [
            json!({"settle": {}}),
            json!({"claim": {"lock_ids": [1, 2]}}),
        ];
        hook(&mut suite, &puppet, moment, &calls, false);
        for (msg, amount) in [
            (json!({"lock": {"duration": 7 * DAY}}), 100),
            (json!({"add_to_lock": {"id": 3}}), 70),
            (json!({"add_to_gauge": {"id": 1}}), 30),
        ] {
            suite
                .execute_with("fees", msg, vec![coin(amount, GOLD)])
                .unwrap();
        }
        // Claimed in the middle of the first of them.
        assert_eq!(
            (has(&suite, "uatom"), has(&suite, GOLD)),
            ([50, 50], [50, 50])
        );
        let lock = suite.query(json!({"lock": {"id": 3}})).unwrap();
        assert_eq!(lock["amount"], "170", "{moment:?}");
        let gauge = suite.query(json!({"gauge": {"id": 1}})).unwrap();
        assert_eq!(gauge["coins"][0]["amount"], "1030", "{moment:?}");
        for (asset, difference) in records_hold(&suite) {
            assert_eq!(difference, "0", "{asset}, {moment:?}");
        }
    }
}
