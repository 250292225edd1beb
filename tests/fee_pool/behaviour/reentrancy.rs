//! A token whose transfers call a contract cannot make the pool count money twice, whatever that
//! contract is allowed to do.

use cosmwasm_std::{Addr, BankMsg, Coin, CosmosMsg, coin, to_json_binary};
use serde_json::{Value, json};
use testkit::chain::{HookMoment, TransferHook};
use testkit::fee_pool::FeePoolSuite;

use crate::support::scripted_contract::{self, Run};
use crate::support::{
    GOLD, block, books_hold, books_hold_and_all_is_split, coins, community_pool, event, events,
    has, plain_split, records_hold, refused_with, send_fees, share, undelivered,
};

const MOMENTS: [HookMoment; 3] = [
    HookMoment::BeforeDebit,
    HookMoment::AfterDebit,
    HookMoment::AfterCredit,
];

/// A pool and a contract that owns it, reports to it and delegates to its validator.
struct Setting {
    suite: FeePoolSuite,
    mallory: Addr,
}

impl Setting {
    /// Alice and Bob have a quarter of `v1` each, the contract has half of it. 4000 of each denom
    /// are split, 1000 of two are in the community pool, and 400 of these have just come in.
    fn new() -> Self {
        // The pool's own order would send the token that calls first.
        let denoms = json!([GOLD, "uatom", "ubtc"]);
        let mut suite = plain_split().with("reward_denoms", denoms).build().unwrap();
        let mallory = scripted_contract::new(&mut suite);
        suite.create_validator("v1", "0").unwrap();
        suite.set_power("v1", 100).unwrap();
        suite.set_shares("alice", "v1", "1").unwrap();
        suite.set_shares("bob", "v1", "1").unwrap();
        suite.set_shares(mallory.as_str(), "v1", "2").unwrap();
        let reporters = json!(["@reporter", mallory]);
        suite
            .execute(
                "owner",
                json!({"update_reporters": {"block": reporters, "staking": reporters}}),
            )
            .unwrap();
        suite
            .execute(
                "owner",
                json!({"update_ownership": {"transfer_ownership": {"new_owner": mallory}}}),
            )
            .unwrap();
        let mut setting = Setting { suite, mallory };
        setting.run(&[Call::plain(json!({"update_ownership": "accept_ownership"}))]);
        let suite = &mut setting.suite;
        block(
            suite,
            &[(4000, "uatom"), (4000, "ubtc"), (4000, GOLD)],
            Some("v1"),
        );
        for denom in ["uatom", GOLD] {
            let funds = vec![coin(1000, denom)];
            suite
                .execute_with("fees", json!({"fund_community_pool": {}}), funds)
                .unwrap();
            suite
                .send("fees", setting.mallory.as_str(), 1000, denom)
                .unwrap();
        }
        suite.next_block();
        send_fees(suite, &[(400, "uatom"), (400, GOLD)]);
        setting
    }

    fn messages(&self, calls: &[Call]) -> Vec<CosmosMsg> {
        calls
            .iter()
            .map(|call| match &call.msg {
                Value::Null => BankMsg::Send {
                    to_address: self.suite.pool.to_string(),
                    amount: call.funds.clone(),
                }
                .into(),
                msg => scripted_contract::call(&self.suite, msg.clone(), call.funds.clone()),
            })
            .collect()
    }

    /// The contract does this by itself.
    #[track_caller]
    fn run(&mut self, calls: &[Call]) {
        let run = Run {
            messages: self.messages(calls),
            strict: true,
        };
        let anyone = self.suite.account("anyone");
        let response = self
            .suite
            .chain
            .execute(&anyone, &self.mallory, &run, &[])
            .unwrap();
        let pool = self.suite.pool.clone();
        self.suite.events.take(&pool, &response.events).unwrap();
    }

    /// The contract does this in every transfer of [`GOLD`], whether single calls succeed or not.
    fn hook(&mut self, moment: HookMoment, max_depth: u32, calls: &[Call]) {
        self.hook_run(moment, max_depth, calls, false);
    }

    /// The contract does this in every transfer of [`GOLD`] that is not its own, all of it.
    fn strict_hook(&mut self, moment: HookMoment, calls: &[Call]) {
        self.hook_run(moment, 1, calls, true);
    }

    fn hook_run(&mut self, moment: HookMoment, max_depth: u32, calls: &[Call], strict: bool) {
        let run = Run {
            messages: self.messages(calls),
            strict,
        };
        let hook = TransferHook {
            moment,
            contract: self.mallory.clone(),
            sender: self.suite.account("anyone"),
            msg: to_json_binary(&run).unwrap(),
            max_depth,
        };
        self.suite.chain.set_transfer_hook(GOLD, &hook).unwrap();
    }

    /// Splits what has come in, and has everybody withdraw everything.
    #[track_caller]
    fn settle(&mut self) {
        self.suite.chain.remove_transfer_hook(GOLD);
        records_hold(&self.suite);
        block(&mut self.suite, &[], Some("v1"));
        self.suite.withdraw("alice", "v1").unwrap();
        self.suite.withdraw("bob", "v1").unwrap();
        self.suite.withdraw("carol", "v1").unwrap();
        self.run(&[Call::plain(json!({"withdraw_delegation": {}}))]);
        for (denom, waiting) in records_hold(&self.suite) {
            assert_eq!(waiting, "0", "{denom}");
        }
    }

    /// What everybody has.
    fn wealth(&self) -> Vec<(String, u128)> {
        let mut wealth = Vec::new();
        for denom in ["uatom", "ubtc", GOLD] {
            for name in ["alice", "bob", "grantee", "pool", self.mallory.as_str()] {
                wealth.push((format!("{name} {denom}"), has(&self.suite, name, denom)));
            }
            let community = community_pool(&self.suite, denom);
            wealth.push((format!("community {denom}"), community));
        }
        wealth
    }
}

/// A call of the pool; without a message, a plain transfer to it.
#[derive(Clone)]
struct Call {
    msg: Value,
    funds: Vec<Coin>,
}

impl Call {
    fn plain(msg: Value) -> Self {
        Call { msg, funds: vec![] }
    }

    fn paying(msg: Value, denoms: &[&str]) -> Self {
        Call {
            msg,
            funds: denoms.iter().map(|denom| coin(100, *denom)).collect(),
        }
    }

    fn transfer(denom: &str) -> Self {
        Call::paying(Value::Null, &[denom])
    }

    /// Whether it brings gold that becomes somebody's at once.
    fn is_gift(&self) -> bool {
        ["deposit_validator_rewards", "fund_community_pool"]
            .iter()
            .any(|name| self.msg.get(name).is_some())
    }

    /// Whether a message brings funds. (The embedded chain drops the events of such a transfer, and
    /// with them those of its hooks.)
    fn brings_funds(&self) -> bool {
        !self.msg.is_null() && !self.funds.is_empty()
    }
}

fn begin_block() -> Call {
    Call::plain(json!({"begin_block": {
        "proposer": "@@v1", "last_commit": {"signed_power": "100"},
    }}))
}

/// Everything that moves money or what it is divided by.
fn intrusions() -> Vec<Vec<Call>> {
    let withdraw = Call::plain(json!({"withdraw_delegator_reward": {"validator": "@@v1"}}));
    let withdraw_all =
        Call::plain(json!({"withdraw_delegation": {"withdraw_address": "@grantee"}}));
    let reward = Call::paying(
        json!({"deposit_validator_rewards": {"allocations": [
            {"validator": "@@v1", "amount": [
                {"denom": "uatom", "amount": "100"}, {"denom": GOLD, "amount": "100"},
            ]},
        ]}}),
        &[GOLD, "uatom"],
    );
    let fund = Call::paying(json!({"fund_community_pool": {}}), &[GOLD]);
    let spend = Call::plain(json!({"community_pool_spend": {
        "recipient": "@grantee",
        "amount": [{"denom": GOLD, "amount": "50"}, {"denom": "uatom", "amount": "50"}],
    }}));
    let deposit = Call::paying(json!({"deposit": {}}), &[GOLD, "uatom"]);
    let redelegate = Call::plain(json!({"staking_event": {"delegation_changed": {
        "delegator": "@carol", "validator": "@@v1", "shares": "3",
    }}}));
    let remove_denom =
        Call::plain(json!({"update_reward_denoms": {"remove": [GOLD], "add": [GOLD]}}));
    let all = vec![
        begin_block(),
        withdraw.clone(),
        reward.clone(),
        fund.clone(),
        spend.clone(),
        deposit.clone(),
        withdraw_all.clone(),
        remove_denom.clone(),
    ];
    vec![
        vec![begin_block()],
        vec![withdraw],
        vec![withdraw_all],
        vec![reward],
        vec![fund],
        vec![spend],
        vec![deposit],
        vec![redelegate, begin_block()],
        vec![remove_denom],
        vec![Call::transfer("uatom"), begin_block(), Call::transfer(GOLD)],
        all,
    ]
}

/// A way for gold to leave the pool.
type WayOut = (&'static str, fn(&mut Setting));

fn ways_out() -> [WayOut; 3] {
    [
        ("a withdrawal of several denoms", |setting| {
            let response = setting.suite.withdraw("alice", "v1").unwrap();
            assert!(events(&response, "payout_failed").is_empty());
            assert_eq!(has(&setting.suite, "alice", GOLD), 1000);
            assert_eq!(has(&setting.suite, "alice", "uatom"), 1000);
        }),
        ("a withdrawal of gold alone", |setting| {
            setting
                .suite
                .execute(
                    "alice",
                    json!({"withdraw_delegator_reward": {"validator": "@@v1", "denoms": [GOLD]}}),
                )
                .unwrap();
            assert_eq!(has(&setting.suite, "alice", GOLD), 1000);
        }),
        ("a spending from the community pool", |setting| {
            let amount = coins(&[(600, GOLD), (600, "uatom")]);
            let spend =
                json!({"community_pool_spend": {"recipient": "@grantee", "amount": amount}});
            setting.run(&[Call::plain(spend)]);
            assert!(has(&setting.suite, "grantee", GOLD) >= 600);
        }),
    ]
}

#[test]
fn a_call_from_within_a_payout_counts_for_as_much_as_one_after_it() {
    for (way, pay_out) in ways_out() {
        for (number, calls) in intrusions().iter().enumerate() {
            for moment in MOMENTS {
                // Behind the debit a gift cannot be distinguished from the payout, and is refused.
                let refused = |call: &Call| moment != HookMoment::BeforeDebit && call.is_gift();
                let counting: Vec<Call> = calls
                    .iter()
                    .filter(|call| !refused(call))
                    .cloned()
                    .collect();
                let mut apart = Setting::new();
                pay_out(&mut apart);
                apart.run(&counting);
                apart.settle();

                let mut within = Setting::new();
                if counting.len() == calls.len() {
                    within.strict_hook(moment, calls);
                } else {
                    within.hook(moment, 1, calls);
                }
                pay_out(&mut within);
                books_hold(&within.suite);
                within.settle();
                assert_eq!(
                    within.wealth(),
                    apart.wealth(),
                    "{way}, intrusion {number}, {moment:?}"
                );
            }
        }
    }
}

#[test]
fn calls_that_nest_leave_the_books_in_order() {
    for (way, pay_out) in ways_out() {
        for calls in intrusions() {
            let calls: Vec<Call> = calls
                .into_iter()
                .filter(|call| !call.brings_funds())
                .collect();
            for moment in MOMENTS {
                let mut setting = Setting::new();
                setting.hook(moment, 3, &calls);
                pay_out(&mut setting);
                books_hold(&setting.suite);
                setting.settle();
                books_hold_and_all_is_split(&setting.suite);
                let paid = has(&setting.suite, "alice", "ubtc");
                assert!(share(1000).contains(&paid), "{way}: {paid}");
            }
        }
    }
}

#[test]
fn gifts_that_nest_leave_the_records_in_order() {
    for calls in intrusions() {
        for moment in MOMENTS {
            let mut setting = Setting::new();
            setting.hook(moment, 3, &calls);
            let (alice, pool) = (setting.suite.account("alice"), setting.suite.pool.clone());
            let withdraw = json!({"withdraw_delegation": {}});
            let chain = &mut setting.suite.chain;
            chain.execute(&alice, &pool, &withdraw, &[]).unwrap();
            chain.remove_transfer_hook(GOLD);
            records_hold(&setting.suite);

            setting.suite.next_block();
            let reporter = setting.suite.account("reporter");
            let block = setting.suite.resolve(&begin_block().msg);
            let chain = &mut setting.suite.chain;
            chain.execute(&reporter, &pool, &block, &[]).unwrap();
            for (denom, waiting) in records_hold(&setting.suite) {
                assert_eq!(waiting, "0", "{denom}");
            }
        }
    }
}

#[test]
fn fees_are_split_once_when_a_payout_reports_a_block() {
    for moment in MOMENTS {
        let mut setting = Setting::new();
        setting.strict_hook(moment, &[begin_block()]);
        let response = setting.suite.withdraw("alice", "v1").unwrap();
        // The coins on their way are missing in the balance behind the debit, and are owed still:
        // what of the fees they hide waits for the next block.
        let fees = &event(&response, "begin_block")["fees"];
        match moment {
            HookMoment::BeforeDebit => assert_eq!(*fees, format!("400{GOLD},400uatom")),
            HookMoment::AfterDebit | HookMoment::AfterCredit => assert_eq!(*fees, "400uatom"),
        }
        setting.suite.chain.remove_transfer_hook(GOLD);
        setting.suite.next_block();
        let response = setting
            .suite
            .execute("reporter", begin_block().msg)
            .unwrap();
        match moment {
            HookMoment::BeforeDebit => assert!(events(&response, "begin_block").is_empty()),
            HookMoment::AfterDebit | HookMoment::AfterCredit => {
                assert_eq!(
                    event(&response, "begin_block")["fees"],
                    format!("400{GOLD}")
                );
            }
        }
        books_hold_and_all_is_split(&setting.suite);
    }
}

#[test]
fn a_hook_that_fails_in_the_end_undoes_what_it_did_and_keeps_the_payout() {
    for moment in MOMENTS {
        let mut setting = Setting::new();
        let mut calls = vec![
            begin_block(),
            Call::plain(json!({"withdraw_delegation": {}})),
        ];
        calls.push(Call::plain(json!({"withdraw_delegation": {"limit": 0}})));
        setting.strict_hook(moment, &calls);

        let response = setting.suite.withdraw("alice", "v1").unwrap();

        assert!(events(&response, "begin_block").is_empty());
        let failed = event(&response, "payout_failed");
        assert_eq!(failed["amount"], format!("1000{GOLD}"));
        assert!(failed["reason"].contains("limit 0"), "{failed:?}");
        assert_eq!(undelivered(&setting.suite, "alice"), coins(&[(1000, GOLD)]));
        assert_eq!(has(&setting.suite, "alice", "uatom"), 1000);
        let waiting = books_hold(&setting.suite);
        assert_eq!(waiting[GOLD], format!("400{}", "0".repeat(36)));
        setting.settle();
        assert_eq!(has(&setting.suite, "alice", GOLD), 1100);
    }
}

#[test]
fn what_is_undelivered_is_paid_once_when_its_payout_calls_back() {
    for moment in MOMENTS {
        let mut setting = Setting::new();
        let alice = setting.suite.account("alice");
        setting.suite.chain.block_transfers_to(&alice).unwrap();
        setting.suite.withdraw("alice", "v1").unwrap();
        setting.suite.chain.allow_transfers_to(&alice);
        setting
            .suite
            .execute(
                "alice",
                json!({"set_claimer": {"claimer": setting.mallory}}),
            )
            .unwrap();
        let again = Call::plain(json!({"withdraw_delegation": {"delegator": "@alice"}}));
        setting.hook(moment, 3, &[begin_block(), again.clone(), again]);

        setting.suite.withdraw("alice", "v1").unwrap();

        setting.suite.chain.remove_transfer_hook(GOLD);
        assert_eq!(undelivered(&setting.suite, "alice"), json!([]));
        setting.settle();
        assert_eq!(has(&setting.suite, "alice", GOLD), 1100);
        assert_eq!(has(&setting.suite, "alice", "uatom"), 1100);
    }
}

/// Money that comes along with a message has arrived before the message is looked at: a hook
/// behind the credit can have it split as fees in between.
#[test]
fn funds_that_were_split_on_their_way_are_not_received_again() {
    let reward = json!({"deposit_validator_rewards": {"allocations": [
        {"validator": "@@v1", "amount": coins(&[(300, GOLD), (300, "uatom")])},
    ]}});
    for msg in [reward, json!({"fund_community_pool": {}})] {
        for moment in MOMENTS {
            let mut setting = Setting::new();
            setting.strict_hook(moment, &[begin_block()]);
            let funds = vec![coin(300, GOLD), coin(300, "uatom")];
            let suite = &mut setting.suite;
            match moment {
                HookMoment::BeforeDebit | HookMoment::AfterDebit => {
                    suite.execute_with("fees", msg.clone(), funds).unwrap();
                }
                HookMoment::AfterCredit => {
                    let parts = ["300", GOLD, "already"];
                    refused_with(suite, "fees", msg.clone(), funds, &parts);
                }
            }
            // (The embedded chain drops the events of a transfer that comes with a message.)
            let waiting = records_hold(suite);
            if moment != HookMoment::AfterCredit {
                assert_eq!(waiting["uatom"], "0", "{moment:?}");
                assert_eq!(waiting[GOLD], "0", "{moment:?}");
            }
        }
    }
}

/// Not even when the token itself is replaced: every denom that came along is looked at.
#[test]
fn a_plain_denom_that_came_along_is_not_received_again_either() {
    let mut setting = Setting::new();
    let mut calls = vec![begin_block()];
    calls.extend(std::iter::repeat_n(Call::transfer(GOLD), 3));
    setting.strict_hook(HookMoment::AfterCredit, &calls);
    refused_with(
        &mut setting.suite,
        "fees",
        json!({"fund_community_pool": {}}),
        vec![coin(300, GOLD), coin(300, "uatom")],
        &["300uatom were sent", "0uatom of the balance", "already"],
    );
}
