//! A payout that cannot arrive blocks nobody and is lost to nobody.

use cosmwasm_std::Binary;
use cw_multi_test::AppResponse;
use serde_json::{Value, json};
use testkit::chain::{HookMoment, TransferHook};
use testkit::fee_pool::FeePoolSuite;

use crate::support::{
    GOLD, amount_of, block, books_hold, books_hold_and_all_is_split, coins, community_pool, event,
    events, has, plain_split, refused, send_fees, undelivered,
};

/// Alice has a quarter and Bob three quarters of `v1`, which takes a tenth; Alice has all of `v2`.
fn pool() -> FeePoolSuite {
    let mut suite = plain_split().build().unwrap();
    suite.create_validator("v1", "0.1").unwrap();
    suite.create_validator("v2", "0").unwrap();
    suite.set_power("v1", 100).unwrap();
    suite.set_shares("alice", "v1", "100").unwrap();
    suite.set_shares("bob", "v1", "300").unwrap();
    suite.set_shares("alice", "v2", "1").unwrap();
    suite
}

fn refuse(suite: &mut FeePoolSuite, account: &str) {
    let account = suite.account(account);
    suite.chain.block_transfers_to(&account).unwrap();
}

fn accept(suite: &mut FeePoolSuite, account: &str) {
    let account = suite.account(account);
    suite.chain.allow_transfers_to(&account);
}

/// Every transfer of [`GOLD`] fails from now on.
fn freeze_gold(suite: &mut FeePoolSuite) {
    let hook = TransferHook {
        moment: HookMoment::BeforeDebit,
        contract: suite.pool.clone(),
        sender: suite.account("frozen"),
        msg: Binary::from(b"{}"),
        max_depth: 100,
    };
    suite.chain.set_transfer_hook(GOLD, &hook).unwrap();
}

#[test]
fn a_receiver_that_refuses_blocks_nobody_and_loses_nothing() {
    let mut suite = pool();
    block(
        &mut suite,
        &[(1000, "uatom"), (2000, "ubtc"), (4000, GOLD)],
        None,
    );
    refuse(&mut suite, "alice");

    let response = suite.withdraw("alice", "v1").unwrap();

    let failed = events(&response, "payout_failed");
    let amounts: Vec<&str> = failed
        .iter()
        .map(|event| event["amount"].as_str())
        .collect();
    assert_eq!(amounts, ["225uatom", "450ubtc", &format!("900{GOLD}")]);
    for failure in &failed {
        assert_eq!(failure["account"], suite.account("alice").as_str());
        assert!(
            failure["reason"].contains("not allowed to receive"),
            "{failure:?}"
        );
    }
    assert_eq!(
        undelivered(&suite, "alice"),
        coins(&[(900, GOLD), (225, "uatom"), (450, "ubtc")])
    );
    assert_eq!(has(&suite, "alice", "uatom"), 0);
    books_hold_and_all_is_split(&suite);

    suite.withdraw("bob", "v1").unwrap();
    suite.withdraw_commission("v1").unwrap();
    assert_eq!(has(&suite, "bob", "uatom"), 675);
    assert_eq!(has(&suite, "bob", GOLD), 2700);
    assert_eq!(has(&suite, "v1", "ubtc"), 200);

    accept(&mut suite, "alice");
    let response = suite.withdraw("alice", "v1").unwrap();
    assert_eq!(
        event(&response, "undelivered_paid")["amount"],
        format!("225uatom,450ubtc,900{GOLD}")
    );
    assert_eq!(has(&suite, "alice", "uatom"), 225);
    assert_eq!(has(&suite, "alice", "ubtc"), 450);
    assert_eq!(has(&suite, "alice", GOLD), 900);
    assert_eq!(undelivered(&suite, "alice"), json!([]));
    for denom in ["uatom", "ubtc", GOLD] {
        assert_eq!(has(&suite, "pool", denom), 0, "{denom}");
    }
    books_hold_and_all_is_split(&suite);
}

#[test]
fn one_failing_denom_keeps_none_of_the_others_back() {
    let mut suite = pool();
    block(
        &mut suite,
        &[(1000, "uatom"), (2000, "ubtc"), (4000, GOLD)],
        None,
    );
    freeze_gold(&mut suite);

    let response = suite.withdraw("alice", "v1").unwrap();

    assert_eq!(
        event(&response, "payout_failed")["amount"],
        format!("900{GOLD}")
    );
    assert_eq!(has(&suite, "alice", "uatom"), 225);
    assert_eq!(has(&suite, "alice", "ubtc"), 450);
    assert_eq!(has(&suite, "alice", GOLD), 0);
    assert_eq!(undelivered(&suite, "alice"), coins(&[(900, GOLD)]));
    books_hold_and_all_is_split(&suite);
}

#[test]
fn what_fails_again_and_again_adds_up_and_is_paid_once() {
    let mut suite = pool();
    freeze_gold_after(&mut suite, &[(1000, "uatom"), (4000, GOLD)]);
    for round in 1..=3u128 {
        suite.withdraw("alice", "v1").unwrap();
        assert_eq!(undelivered(&suite, "alice"), coins(&[(900 * round, GOLD)]));
        books_hold_and_all_is_split(&suite);
        suite.chain.remove_transfer_hook(GOLD);
        if round < 3 {
            freeze_gold_after(&mut suite, &[(1000, "uatom"), (4000, GOLD)]);
        }
    }
    suite.withdraw("alice", "v1").unwrap();
    assert_eq!(has(&suite, "alice", GOLD), 2700);
    assert_eq!(has(&suite, "alice", "uatom"), 675);
    assert_eq!(undelivered(&suite, "alice"), json!([]));
    books_hold_and_all_is_split(&suite);
}

fn freeze_gold_after(suite: &mut FeePoolSuite, fees: &[(u128, &str)]) {
    block(suite, fees, None);
    freeze_gold(suite);
}

#[test]
fn what_is_undelivered_is_no_income_of_the_next_block() {
    let mut suite = pool();
    block(&mut suite, &[(1000, "uatom"), (1000, GOLD)], None);
    refuse(&mut suite, "alice");
    suite.withdraw("alice", "v1").unwrap();
    let community = community_pool(&suite, "uatom");
    for _ in 0..3 {
        block(&mut suite, &[], None);
    }
    assert_eq!(community_pool(&suite, "uatom"), community);
    assert_eq!(
        undelivered(&suite, "alice"),
        coins(&[(225, GOLD), (225, "uatom")])
    );
    books_hold_and_all_is_split(&suite);
}

/// A pool in which the operator of `v1`, which delegates to itself, could not be paid its
/// commission of 100 of each denom. It is owed nothing else.
fn operator_with_undelivered_commission() -> FeePoolSuite {
    let mut suite = pool();
    suite.set_shares("v1", "v1", "400").unwrap();
    block(&mut suite, &[(1000, "uatom"), (1000, GOLD)], None);
    suite.withdraw("v1", "v1").unwrap();
    refuse(&mut suite, "v1");
    suite.withdraw_commission("v1").unwrap();
    assert_eq!(
        undelivered(&suite, "v1"),
        coins(&[(100, GOLD), (100, "uatom")])
    );
    suite
}

#[test]
fn the_next_withdrawal_of_any_kind_pays_what_is_undelivered_to_where_it_goes() {
    type Withdraw = fn(&mut FeePoolSuite) -> anyhow::Result<AppResponse>;
    let kinds: [(&str, Withdraw); 8] = [
        ("the same delegation", |suite| suite.withdraw("v1", "v1")),
        ("commission", |suite| suite.withdraw_commission("v1")),
        ("a delegation that never was", |suite| {
            suite.withdraw("v1", "v2")
        }),
        ("all delegations", |suite| {
            suite.execute("v1", json!({"withdraw_delegation": {}}))
        }),
        ("all delegations behind the last", |suite| {
            suite.execute(
                "v1",
                json!({"withdraw_delegation": {"start_after": "@@v1", "limit": 1}}),
            )
        }),
        ("commission and self-delegation", |suite| {
            suite.execute("v1", json!({"withdraw_validator": {"validator": "@@v1"}}))
        }),
        ("its claimer", |suite| {
            suite.execute(
                "bot",
                json!({"withdraw_validator_commission": {"validator": "@@v1"}}),
            )
        }),
        ("its claimer, all delegations", |suite| {
            suite.execute("bot", json!({"withdraw_delegation": {"delegator": "@v1"}}))
        }),
    ];
    for (kind, withdraw) in kinds {
        let mut suite = operator_with_undelivered_commission();
        suite
            .execute(
                "v1",
                json!({"set_withdraw_address": {"withdraw_address": "@vault"}}),
            )
            .unwrap();
        suite
            .execute("v1", json!({"set_claimer": {"claimer": "@bot"}}))
            .unwrap();

        let response = withdraw(&mut suite).unwrap_or_else(|error| panic!("{kind}: {error}"));

        assert_eq!(
            event(&response, "undelivered_paid")["account"],
            suite.account("v1").as_str(),
            "{kind}"
        );
        assert_eq!(has(&suite, "vault", "uatom"), 100, "{kind}");
        assert_eq!(has(&suite, "vault", GOLD), 100, "{kind}");
        assert_eq!(has(&suite, "bot", "uatom"), 0, "{kind}");
        assert_eq!(undelivered(&suite, "v1"), json!([]), "{kind}");
        books_hold_and_all_is_split(&suite);
    }
}

#[test]
fn a_withdraw_address_for_once_receives_what_is_undelivered() {
    for msg in [
        json!({"withdraw_delegation": {"withdraw_address": "@vault"}}),
        json!({"withdraw_validator": {"validator": "@@v1", "withdraw_address": "@vault"}}),
    ] {
        let mut suite = operator_with_undelivered_commission();
        suite.execute("v1", msg.clone()).unwrap();
        assert_eq!(has(&suite, "vault", "uatom"), 100, "{msg}");
        assert_eq!(has(&suite, "vault", GOLD), 100, "{msg}");
        books_hold_and_all_is_split(&suite);
    }
}

#[test]
fn it_is_kept_for_whose_claim_it_was_and_not_for_the_address_that_refused_it() {
    let mut suite = pool();
    suite.set_shares("vault", "v1", "100").unwrap();
    suite
        .execute(
            "alice",
            json!({"set_withdraw_address": {"withdraw_address": "@vault"}}),
        )
        .unwrap();
    block(&mut suite, &[(1000, "uatom")], None);
    refuse(&mut suite, "vault");

    suite.withdraw("alice", "v1").unwrap();

    assert_eq!(undelivered(&suite, "alice"), coins(&[(180, "uatom")]));
    assert_eq!(undelivered(&suite, "vault"), json!([]));
    accept(&mut suite, "vault");
    suite.withdraw("vault", "v1").unwrap();
    assert_eq!(has(&suite, "vault", "uatom"), 180, "its own");
    // Somebody else's withdrawal that goes to the same address takes nothing of Alice's along.
    suite
        .execute(
            "bob",
            json!({"withdraw_delegation": {"withdraw_address": "@vault"}}),
        )
        .unwrap();
    assert_eq!(has(&suite, "vault", "uatom"), 180 + 540);
    assert_eq!(undelivered(&suite, "alice"), coins(&[(180, "uatom")]));
    books_hold_and_all_is_split(&suite);
}

#[test]
fn a_withdrawal_of_some_denoms_pays_the_undelivered_of_these() {
    let mut suite = pool();
    block(
        &mut suite,
        &[(1000, "uatom"), (2000, "ubtc"), (4000, GOLD)],
        None,
    );
    refuse(&mut suite, "alice");
    suite.withdraw("alice", "v1").unwrap();
    accept(&mut suite, "alice");
    block(
        &mut suite,
        &[(1000, "uatom"), (2000, "ubtc"), (4000, GOLD)],
        None,
    );

    let of = |denoms: Value| json!({"withdraw_delegator_reward": {"validator": "@@v1", "denoms": denoms}});
    refused(&mut suite, "alice", of(json!([])), &["empty"]);
    refused(
        &mut suite,
        "alice",
        of(json!(["ubtc", "ubtc"])),
        &["ubtc", "twice"],
    );
    suite.execute("alice", of(json!(["ubtc"]))).unwrap();
    assert_eq!(has(&suite, "alice", "ubtc"), 900);
    assert_eq!(has(&suite, "alice", "uatom"), 0);
    assert_eq!(
        undelivered(&suite, "alice"),
        coins(&[(900, GOLD), (225, "uatom")])
    );
    let rewards = suite.rewards("alice", "v1").unwrap();
    assert_eq!(rewards["claimable"], coins(&[(900, GOLD), (225, "uatom")]));
    books_hold_and_all_is_split(&suite);

    suite.execute("alice", of(json!(["uatom", GOLD]))).unwrap();
    assert_eq!(has(&suite, "alice", "uatom"), 450);
    assert_eq!(has(&suite, "alice", GOLD), 1800);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn what_is_undelivered_survives_the_end_of_delegation_validator_and_denom() {
    let mut suite = pool();
    block(&mut suite, &[(1000, "uatom"), (1000, GOLD)], None);
    refuse(&mut suite, "alice");
    suite.withdraw("alice", "v1").unwrap();
    suite.set_shares("alice", "v1", "0").unwrap();
    suite.withdraw("alice", "v1").unwrap();
    suite
        .staking_event(json!({"validator_removed": {"validator": "@@v1"}}))
        .unwrap();
    suite
        .execute(
            "owner",
            json!({"update_reward_denoms": {"remove": ["uatom", GOLD]}}),
        )
        .unwrap();
    assert_eq!(
        undelivered(&suite, "alice"),
        coins(&[(225, GOLD), (225, "uatom")])
    );
    // Still refused: still kept.
    suite.withdraw("alice", "v1").unwrap();
    books_hold_and_all_is_split(&suite);

    accept(&mut suite, "alice");
    suite.withdraw("alice", "v1").unwrap();
    assert_eq!(has(&suite, "alice", "uatom"), 225);
    assert_eq!(has(&suite, "alice", GOLD), 225);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn a_blocked_delegator_moves_no_block_and_no_change_of_staking() {
    let mut suite = pool();
    block(&mut suite, &[(1000, "uatom")], None);
    refuse(&mut suite, "alice");
    // Nothing but a withdrawal sends: all of these would fail otherwise.
    suite.set_shares("alice", "v1", "50").unwrap();
    suite.set_shares("alice", "v2", "0").unwrap();
    block(&mut suite, &[(1000, "uatom")], Some("v1"));
    suite
        .staking_event(json!({"validator_slashed": {"validator": "@@v1", "fraction": "0.5"}}))
        .unwrap();
    suite
        .staking_event(json!({"validator_removed": {"validator": "@@v1"}}))
        .unwrap();
    assert_eq!(has(&suite, "alice", "uatom"), 0);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn spending_from_the_community_pool_to_who_refuses_changes_nothing() {
    let mut suite = pool();
    for denom in ["uatom", GOLD] {
        suite
            .execute_with(
                "fees",
                json!({"fund_community_pool": {}}),
                vec![cosmwasm_std::coin(100, denom)],
            )
            .unwrap();
    }
    refuse(&mut suite, "grantee");
    for amount in [
        coins(&[(10, "uatom")]),
        coins(&[(10, GOLD)]),
        coins(&[(10, GOLD), (10, "uatom")]),
    ] {
        refused(
            &mut suite,
            "owner",
            json!({"community_pool_spend": {"recipient": "@grantee", "amount": amount}}),
            &["not allowed to receive"],
        );
    }
    accept(&mut suite, "grantee");
    suite
        .execute(
            "owner",
            json!({"community_pool_spend": {
                "recipient": "@grantee", "amount": coins(&[(15, GOLD), (10, "uatom")]),
            }}),
        )
        .unwrap();
    assert_eq!(has(&suite, "grantee", GOLD), 15);
    assert_eq!(has(&suite, "grantee", "uatom"), 10);
    assert_eq!(community_pool(&suite, GOLD), 85);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn fees_that_wait_stay_apart_from_what_is_undelivered() {
    let mut suite = pool();
    block(&mut suite, &[(1000, "uatom")], None);
    refuse(&mut suite, "alice");
    suite.next_block();
    send_fees(&mut suite, &[(77, "uatom")]);
    suite.withdraw("alice", "v1").unwrap();
    let waiting = books_hold(&suite);
    assert_eq!(waiting["uatom"], format!("77{}", "0".repeat(36)));
    block(&mut suite, &[], None);
    books_hold_and_all_is_split(&suite);
    let answer = suite
        .query(json!({"validator_outstanding_rewards": {"validator": "@@v1"}}))
        .unwrap();
    assert_eq!(amount_of(&answer["claimable"], "uatom"), 1000 - 225 + 77);
}
