//! A token whose transfers call a contract cannot make the pool allocate or pay anything twice.

use cosmwasm_std::{Addr, to_json_binary};
use serde_json::{Value, json};
use testkit::chain::{HookMoment, TransferHook};
use testkit::expect::has;
use testkit::poa_pool::PoaSuite;
use testkit::scripted_contract::{self, Run};
use testkit::suite::Suite;

use crate::support::{GOLD, hand_over, three_denoms};

const MOMENTS: [HookMoment; 3] = [
    HookMoment::BeforeDebit,
    HookMoment::AfterDebit,
    HookMoment::AfterCredit,
];

/// A pool with fees of 400 base units in each of two denoms. A hostile contract is its admin, and an
/// operator with half the power.
struct Setting {
    suite: PoaSuite,
    attacker: Addr,
}

impl Setting {
    fn new() -> Self {
        let mut suite = three_denoms()
            .validators(&[("v1", 1), ("v2", 1)])
            .build()
            .unwrap();
        let attacker = scripted_contract::new(&mut suite);
        suite.add_members(&[(attacker.as_str(), 2)]).unwrap();
        let offer = json!({"update_ownership": {"transfer_ownership": {"new_owner": attacker}}});
        suite.execute("owner", offer).unwrap();
        let mut setting = Setting { suite, attacker };
        setting.run(&[json!({"update_ownership": "accept_ownership"})]);
        setting.income();
        setting
    }

    fn income(&mut self) {
        for denom in ["uatom", GOLD] {
            self.suite.send("fees", "pool", 400, denom).unwrap();
        }
    }

    fn message(&self, calls: &[Value], strict: bool) -> Run {
        Run {
            messages: calls
                .iter()
                .map(|msg| scripted_contract::call(&self.suite, msg.clone(), vec![]))
                .collect(),
            strict,
        }
    }

    /// The attacker sends these messages to the pool.
    #[track_caller]
    fn run(&mut self, calls: &[Value]) {
        let run = self.message(calls, true);
        let anyone = self.suite.account("anyone");
        let attacker = self.attacker.clone();
        self.suite
            .chain
            .execute(&anyone, &attacker, &run, &[])
            .unwrap();
    }

    /// The attacker sends these messages to the pool during every transfer of [`GOLD`].
    fn hook(&mut self, moment: HookMoment, calls: &[Value]) {
        let run = self.message(calls, false);
        let hook = TransferHook {
            moment,
            contract: self.attacker.clone(),
            sender: self.suite.account("anyone"),
            msg: to_json_binary(&run).unwrap(),
            max_depth: 2,
        };
        self.suite.chain.set_transfer_hook(GOLD, &hook).unwrap();
    }

    /// Everyone withdraws: what the operators have and the fractions that the pool keeps are together
    /// what was received.
    #[track_caller]
    fn everyone_is_paid_once(&mut self, received: u128) {
        self.suite.chain.remove_transfer_hook(GOLD);
        for denom in ["uatom", GOLD] {
            self.suite.assert_records_sound(denom);
        }
        for operator in ["v1", "v2"] {
            let suite: &mut Suite = &mut self.suite;
            suite
                .execute(operator, json!({"withdraw_fees": {}}))
                .unwrap();
        }
        self.run(&[json!({"withdraw_fees": {}})]);
        let attacker = self.attacker.clone();
        for denom in ["uatom", GOLD] {
            let paid: u128 = ["v1", "v2", attacker.as_str(), "cold"]
                .into_iter()
                .map(|name| has(&self.suite, name, denom))
                .sum();
            let left = has(&self.suite, "pool", denom);
            assert_eq!(paid + left, received, "{denom}");
            assert!(left < 4, "{left}{denom} are left");
            self.suite.assert_records_sound(denom);
        }
    }
}

#[test]
fn a_checkpoint_during_a_withdrawal_allocates_nothing_again() {
    for moment in MOMENTS {
        let mut setting = Setting::new();
        setting.hook(moment, &[json!({"checkpoint": {}})]);
        setting.suite.withdraw("v1").unwrap();
        assert_eq!(has(&setting.suite, "v1", GOLD), 100, "{moment:?}");
        let found = setting.suite.invariants(GOLD).unwrap();
        assert_eq!(found.difference, 0.into(), "{moment:?}");
        setting.suite.assert_sound(GOLD);
        setting.everyone_is_paid_once(400);
    }
}

#[test]
fn power_changes_and_withdrawals_during_a_withdrawal_pay_nothing_twice() {
    for moment in MOMENTS {
        let mut setting = Setting::new();
        let attacker = setting.attacker.clone();
        setting.hook(
            moment,
            &[
                json!({"withdraw_fees": {}}),
                json!({"update_validators": {"validators": [
                    {"operator": attacker, "power": "100"}, {"operator": "@v1", "power": "0"}]}}),
                json!({"withdraw_fees": {"withdraw_address": "@cold"}}),
                hand_over("v2", "cold"),
                json!({"checkpoint": {}}),
            ],
        );
        setting.suite.withdraw("v1").unwrap();
        assert_eq!(has(&setting.suite, "v1", GOLD), 100, "{moment:?}");
        setting.everyone_is_paid_once(400);
    }
}

#[test]
fn a_checkpoint_during_a_deposit_counts_it_once() {
    for moment in MOMENTS {
        let mut setting = Setting::new();
        setting.hook(
            moment,
            &[json!({"checkpoint": {}}), json!({"withdraw_fees": {}})],
        );
        let funds = vec![cosmwasm_std::coin(80, GOLD)];
        setting
            .suite
            .execute_with("fees", json!({"deposit": {}}), funds)
            .unwrap();
        setting.suite.send("fees", "pool", 80, "uatom").unwrap();
        setting.everyone_is_paid_once(480);
    }
}

#[test]
fn a_validator_that_is_taken_over_during_a_withdrawal_is_paid_once() {
    for moment in MOMENTS {
        let mut setting = Setting::new();
        let attacker = setting.attacker.clone();
        setting.run(&[hand_over(attacker.as_str(), "cold")]);
        setting
            .suite
            .offer("cold", "cold", attacker.as_str())
            .unwrap();
        setting.income();
        let id = setting.suite.validator("cold").unwrap()["id"].clone();
        setting.hook(
            moment,
            &[
                json!({"accept_operator": {"id": id}}),
                json!({"withdraw_fees": {}}),
            ],
        );
        // The ledger of events knows nothing of what the attacker sent.
        let withdraw = |setting: &mut Setting, operator: &str| {
            let suite: &mut Suite = &mut setting.suite;
            suite
                .execute(operator, json!({"withdraw_fees": {}}))
                .unwrap();
        };
        withdraw(&mut setting, "v1");
        assert_eq!(has(&setting.suite, "v1", GOLD), 200, "{moment:?}");
        assert_eq!(
            setting.suite.validator("cold").unwrap()["operator"],
            attacker.as_str(),
            "{moment:?}"
        );
        setting.suite.chain.remove_transfer_hook(GOLD);
        withdraw(&mut setting, "cold");
        setting.everyone_is_paid_once(800);
    }
}
