//! A token whose transfers call a contract cannot have money allocated twice.

use cosmwasm_std::{Addr, to_json_binary};
use serde_json::{Value, json};
use testing::chain::{HookMoment, TransferHook};
use testing::expect::has;
use testing::poa_pool::PoaSuite;
use testing::puppet::{self, Run};
use testing::suite::Suite;

use crate::support::{GOLD, three_denoms};

const MOMENTS: [HookMoment; 3] = [
    HookMoment::BeforeDebit,
    HookMoment::AfterDebit,
    HookMoment::AfterCredit,
];

/// A pool of which a hostile contract is admin and operator of half the power.
struct Setting {
    suite: PoaSuite,
    mallory: Addr,
}

impl Setting {
    fn new() -> Self {
        let mut suite = three_denoms()
            .validators(&[("v1", 1), ("v2", 1)])
            .build()
            .unwrap();
        let mallory = puppet::new(&mut suite);
        suite.add_members(&[(mallory.as_str(), 2)]).unwrap();
        let offer = json!({"update_ownership": {"transfer_ownership": {"new_owner": mallory}}});
        suite.execute("owner", offer).unwrap();
        let mut setting = Setting { suite, mallory };
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
                .map(|msg| puppet::call(&self.suite, msg.clone(), vec![]))
                .collect(),
            strict,
        }
    }

    /// The contract does this by itself.
    #[track_caller]
    fn run(&mut self, calls: &[Value]) {
        let run = self.message(calls, true);
        let anyone = self.suite.account("anyone");
        let mallory = self.mallory.clone();
        self.suite
            .chain
            .execute(&anyone, &mallory, &run, &[])
            .unwrap();
    }

    /// The contract does this in every transfer of [`GOLD`].
    fn hook(&mut self, moment: HookMoment, calls: &[Value]) {
        let run = self.message(calls, false);
        let hook = TransferHook {
            moment,
            contract: self.mallory.clone(),
            sender: self.suite.account("anyone"),
            msg: to_json_binary(&run).unwrap(),
            max_depth: 2,
        };
        self.suite.chain.set_transfer_hook(GOLD, &hook).unwrap();
    }

    /// Everybody is paid, and nobody twice: all that came in is with the operators but for the
    /// fractions that the pool owes.
    #[track_caller]
    fn settles(&mut self, received: u128) {
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
        let mallory = self.mallory.clone();
        for denom in ["uatom", GOLD] {
            let paid: u128 = ["v1", "v2", mallory.as_str(), "cold"]
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
        setting.settles(400);
    }
}

#[test]
fn power_changes_and_withdrawals_during_a_withdrawal_pay_nobody_twice() {
    for moment in MOMENTS {
        let mut setting = Setting::new();
        let mallory = setting.mallory.clone();
        setting.hook(
            moment,
            &[
                json!({"withdraw_fees": {}}),
                json!({"update_validators": {"validators": [
                    {"operator": mallory, "power": "100"}, {"operator": "@v1", "power": "0"}]}}),
                json!({"withdraw_fees": {"withdraw_address": "@cold"}}),
                json!({"update_operator": {"operator": "@v2", "new_operator": "@cold"}}),
                json!({"checkpoint": {}}),
            ],
        );
        setting.suite.withdraw("v1").unwrap();
        assert_eq!(has(&setting.suite, "v1", GOLD), 100, "{moment:?}");
        setting.settles(400);
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
        setting.settles(480);
    }
}
