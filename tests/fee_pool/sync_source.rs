//! Delegations read from the chain's staking module, whenever somebody asks for it.

use cw_multi_test::AppResponse;
use serde_json::{Value, json};
use testing::chain::ValidatorTerms;
use testing::fee_pool::{FeePoolBuilder, FeePoolSuite};

use crate::support::{
    block, books_hold_and_all_is_split, claimable, coins, community_pool, event, everything, has,
    plain_split, refused,
};

/// One power is one base unit of stake, and one unit.
fn sampled() -> FeePoolBuilder {
    plain_split()
        .with("source", json!("sync"))
        .with("share_places", json!(0))
        .with("power_reduction", json!("1"))
}

/// `v1` without commission, `tokens` staked by each of the named, none of them recorded yet.
fn pool(stakes: &[(&str, u128)]) -> FeePoolSuite {
    let mut suite = sampled().build().unwrap();
    suite.create_validator("v1", "0").unwrap();
    let operator = suite.operator("v1");
    suite
        .chain
        .set_validator(&operator, &ValidatorTerms::default())
        .unwrap();
    let total: u128 = stakes.iter().map(|(_, tokens)| tokens).sum();
    suite
        .set_power("v1", u64::try_from(total).unwrap())
        .unwrap();
    for (delegator, tokens) in stakes {
        stake(&mut suite, delegator, *tokens);
    }
    suite
}

/// What the chain's staking module says from now on.
fn stake(suite: &mut FeePoolSuite, delegator: &str, tokens: u128) {
    let (account, operator) = (suite.account(delegator), suite.operator("v1"));
    suite
        .chain
        .set_delegation(&account, &operator, tokens.into())
        .unwrap();
}

fn sync_msg(delegator: &str) -> Value {
    json!({"sync_delegation": {"delegator": format!("@{delegator}"), "validator": "@@v1"}})
}

#[track_caller]
fn sync(suite: &mut FeePoolSuite, delegator: &str) -> AppResponse {
    suite.execute("anyone", sync_msg(delegator)).unwrap()
}

/// Slashes `v1` as the chain does: stake first, then the power.
fn slash_by_half(suite: &mut FeePoolSuite, stakes: &[(&str, u128)]) {
    suite
        .staking_event(json!({"validator_slashed": {"validator": "@@v1", "fraction": "0.5"}}))
        .unwrap();
    for (delegator, tokens) in stakes {
        stake(suite, delegator, *tokens);
    }
    let total: u128 = stakes.iter().map(|(_, tokens)| tokens).sum();
    suite
        .set_power("v1", u64::try_from(total).unwrap())
        .unwrap();
}

#[test]
fn syncing_first_wins_nothing_from_others() {
    let mut suite = pool(&[("alice", 50), ("bob", 50)]);
    sync(&mut suite, "alice");
    block(&mut suite, &[(1000, "uatom")], None);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 500);
    assert_eq!(claimable(&suite, "bob", "v1", "uatom"), 0);

    let response = sync(&mut suite, "bob");

    let given = event(&response, "to_community_pool");
    assert_eq!(given["reason"], "unrecorded_units");
    assert_eq!(given["amount"], "500uatom");
    assert_eq!(community_pool(&suite, "uatom"), 500);
    block(&mut suite, &[(1000, "uatom")], None);
    suite.withdraw("alice", "v1").unwrap();
    suite.withdraw("bob", "v1").unwrap();
    assert_eq!(has(&suite, "alice", "uatom"), 1000);
    assert_eq!(has(&suite, "bob", "uatom"), 500);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn syncing_first_wins_nothing_after_a_slash_either() {
    let mut suite = pool(&[("alice", 50), ("bob", 50)]);
    sync(&mut suite, "alice");
    slash_by_half(&mut suite, &[("alice", 25), ("bob", 25)]);
    block(&mut suite, &[(1000, "uatom")], None);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 500);
    // What is recorded counts in shares: a slash has not changed it, before or behind it.
    sync(&mut suite, "alice");
    let units = |suite: &FeePoolSuite, delegator: &str| {
        let query = json!({"delegation": {"delegator": delegator, "validator": "@@v1"}});
        suite.query(query).unwrap()["units"].clone()
    };
    assert_eq!(units(&suite, "@alice"), "50");
    sync(&mut suite, "bob");
    assert_eq!(units(&suite, "@bob"), "50");
    // As much stake as the others have left buys as many units as they have.
    stake(&mut suite, "carol", 25);
    suite.set_power("v1", 75).unwrap();
    sync(&mut suite, "carol");
    assert_eq!(units(&suite, "@carol"), "50");
    block(&mut suite, &[(3000, "uatom")], None);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 1500);
    assert_eq!(claimable(&suite, "bob", "v1", "uatom"), 1000);
    assert_eq!(claimable(&suite, "carol", "v1", "uatom"), 1000);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn between_a_slash_and_the_power_behind_it_nobody_gets_more_than_its_part() {
    let mut suite = pool(&[("alice", 50), ("bob", 50)]);
    sync(&mut suite, "alice");
    sync(&mut suite, "bob");
    suite
        .staking_event(json!({"validator_slashed": {"validator": "@@v1", "fraction": "0.5"}}))
        .unwrap();
    block(&mut suite, &[(1000, "uatom")], None);
    stake(&mut suite, "alice", 25);
    stake(&mut suite, "bob", 25);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 250);
    assert_eq!(claimable(&suite, "bob", "v1", "uatom"), 250);
    sync(&mut suite, "alice");
    assert_eq!(community_pool(&suite, "uatom"), 500);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn power_counts_in_its_reduction() {
    let mut suite = sampled()
        .with("power_reduction", json!("1000"))
        .with("share_places", json!(2))
        .build()
        .unwrap();
    suite.create_validator("v1", "0").unwrap();
    let operator = suite.operator("v1");
    suite
        .chain
        .set_validator(&operator, &ValidatorTerms::default())
        .unwrap();
    // 9 999 tokens are a power of 9.
    suite.set_power("v1", 9).unwrap();
    stake(&mut suite, "alice", 4_500);
    stake(&mut suite, "bob", 5_499);
    sync(&mut suite, "alice");
    block(&mut suite, &[(900, "uatom")], None);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 450);
    // With all of them recorded nothing is anybody else's.
    sync(&mut suite, "bob");
    block(&mut suite, &[(9999, "uatom")], None);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 4950);
    assert_eq!(claimable(&suite, "bob", "v1", "uatom"), 5499);
    assert_eq!(community_pool(&suite, "uatom"), 450);
    books_hold_and_all_is_split(&suite);
}

/// Alice's 100 are recorded; Mallory delegated 300, had them recorded and has undelegated them
/// before the fees of 1000 came.
fn delegated_synced_and_undelegated() -> FeePoolSuite {
    let mut suite = pool(&[("alice", 100)]);
    sync(&mut suite, "alice");
    stake(&mut suite, "mallory", 300);
    sync(&mut suite, "mallory");
    stake(&mut suite, "mallory", 0);
    block(&mut suite, &[(1000, "uatom")], None);
    suite
}

#[test]
fn who_delegates_syncs_and_undelegates_is_owed_nothing() {
    type Look = fn(&mut FeePoolSuite);
    let looks: [(&str, Look); 4] = [
        ("its withdrawal", |suite| {
            suite.withdraw("mallory", "v1").unwrap();
        }),
        ("its withdrawal of everything", |suite| {
            suite
                .execute("mallory", json!({"withdraw_delegation": {}}))
                .unwrap();
        }),
        ("anybody's sync", |suite| {
            sync(suite, "mallory");
        }),
        ("anybody's sync, with less put back", |suite| {
            stake(suite, "mallory", 0);
            sync(suite, "mallory");
            stake(suite, "mallory", 300);
        }),
    ];
    for (who, look) in looks {
        let mut suite = delegated_synced_and_undelegated();
        assert_eq!(claimable(&suite, "mallory", "v1", "uatom"), 0, "{who}");
        assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 250, "{who}");

        look(&mut suite);

        assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 1000, "{who}");
        suite.withdraw("mallory", "v1").unwrap();
        suite.withdraw("alice", "v1").unwrap();
        assert_eq!(has(&suite, "mallory", "uatom"), 0, "{who}");
        assert_eq!(has(&suite, "alice", "uatom"), 1000, "{who}");
        assert_eq!(community_pool(&suite, "uatom"), 0, "{who}");
        books_hold_and_all_is_split(&suite);
    }
}

/// The price of sampling: what left and came back between two samples looks as if it had stayed.
#[test]
fn stake_put_back_before_anybody_syncs_earns_at_the_cost_of_the_others() {
    let mut suite = delegated_synced_and_undelegated();
    stake(&mut suite, "mallory", 300);
    suite.withdraw("mallory", "v1").unwrap();
    suite.withdraw("alice", "v1").unwrap();
    assert_eq!(has(&suite, "mallory", "uatom"), 750);
    assert_eq!(has(&suite, "alice", "uatom"), 250);
    books_hold_and_all_is_split(&suite);

    // One sync of anybody while it was gone would have prevented it.
    let mut suite = delegated_synced_and_undelegated();
    sync(&mut suite, "mallory");
    stake(&mut suite, "mallory", 300);
    suite.withdraw("mallory", "v1").unwrap();
    assert_eq!(has(&suite, "mallory", "uatom"), 0);
}

/// The other price: what was earned honestly since the last sample goes with the stake.
#[test]
fn who_undelegates_leaves_what_it_earned_since_its_last_sync_to_the_others() {
    let mut suite = pool(&[("alice", 50), ("bob", 50)]);
    sync(&mut suite, "alice");
    sync(&mut suite, "bob");
    block(&mut suite, &[(1000, "uatom")], None);
    // Whatever stake a sync finds: what was earned until then is safe.
    sync(&mut suite, "alice");
    block(&mut suite, &[(1000, "uatom")], None);
    stake(&mut suite, "alice", 0);
    suite.set_power("v1", 50).unwrap();
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 500);
    suite.withdraw("alice", "v1").unwrap();
    assert_eq!(has(&suite, "alice", "uatom"), 500);
    assert_eq!(claimable(&suite, "bob", "v1", "uatom"), 1500);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn without_anybody_recorded_all_goes_to_the_community_pool() {
    let mut suite = pool(&[("alice", 50)]);
    block(&mut suite, &[(1000, "uatom")], None);
    let response = sync(&mut suite, "alice");
    assert_eq!(
        event(&response, "to_community_pool")["reason"],
        "no_delegators"
    );
    assert_eq!(community_pool(&suite, "uatom"), 1000);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 0);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn more_recorded_than_the_power_tells_shares_by_what_is_recorded() {
    // Power follows with the next votes, and rounds down.
    let mut suite = pool(&[("alice", 100), ("bob", 100)]);
    suite.set_power("v1", 150).unwrap();
    sync(&mut suite, "alice");
    sync(&mut suite, "bob");
    block(&mut suite, &[(1500, "uatom")], None);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 750);
    assert_eq!(claimable(&suite, "bob", "v1", "uatom"), 750);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn what_part_of_the_stake_that_left_had_earned_is_new_income_of_the_validator() {
    let mut suite = pool(&[("alice", 100), ("bob", 100)]);
    sync(&mut suite, "alice");
    sync(&mut suite, "bob");
    block(&mut suite, &[(1000, "uatom")], None);
    stake(&mut suite, "alice", 40);

    // 40 of Alice's 100 units have earned 200. The other 60 earned 300, which are shared by the 200
    // units behind the power: 60 to Alice's 40, 150 to Bob's 100, 90 to the 60 that left.
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 260);
    suite.withdraw("alice", "v1").unwrap();
    assert_eq!(has(&suite, "alice", "uatom"), 260);
    assert_eq!(claimable(&suite, "bob", "v1", "uatom"), 650);
    assert_eq!(community_pool(&suite, "uatom"), 90);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn queries_read_the_chain_and_agree_with_the_withdrawals() {
    // What the chain says of Alice, who has 100 recorded, when she asks and withdraws.
    for tokens in [0, 1, 99, 100, 101, 1_000_000] {
        let prepared = || {
            let mut suite = pool(&[("v1", 100), ("bob", 50), ("carol", 7)]);
            for delegator in ["v1", "bob"] {
                sync(&mut suite, delegator);
            }
            block(&mut suite, &[(1003, "uatom"), (77, "ubtc")], Some("v1"));
            stake(&mut suite, "v1", tokens);
            suite
        };
        let mut suite = prepared();
        let before = everything(&suite);
        let rewards = suite.rewards("v1", "v1").unwrap();
        let total = suite
            .query(json!({"delegation_total_rewards": {"delegator": "@v1"}}))
            .unwrap();
        let info = suite
            .query(json!({"validator_distribution_info": {"validator": "@@v1"}}))
            .unwrap();
        assert!(everything(&suite) == before, "queries write nothing");
        assert_eq!(total["total"], rewards["rewards"]);
        assert_eq!(total["claimable"], rewards["claimable"]);
        assert_eq!(info["self_bond_rewards"], rewards["rewards"]);

        suite.withdraw("v1", "v1").unwrap();
        let paid = coins_of(&suite, "v1");
        assert_eq!(paid, rewards["claimable"], "{tokens} tokens");
        books_hold_and_all_is_split(&suite);

        for msg in [
            json!({"withdraw_delegation": {}}),
            json!({"withdraw_validator": {"validator": "@@v1"}}),
        ] {
            let mut suite = prepared();
            suite.execute("v1", msg).unwrap();
            assert_eq!(coins_of(&suite, "v1"), paid);
            books_hold_and_all_is_split(&suite);
        }
    }
}

/// What an account has of the pool's plain denoms, as answers show it.
fn coins_of(suite: &FeePoolSuite, account: &str) -> Value {
    let list: Vec<(u128, &str)> = ["uatom", "ubtc"]
        .into_iter()
        .map(|denom| (has(suite, account, denom), denom))
        .filter(|(amount, _)| *amount > 0)
        .collect();
    coins(&list)
}

#[test]
fn who_syncs_and_how_often_changes_nothing() {
    let history = |sync_each_block: &[&str], by: &str| {
        let mut suite = pool(&[("alice", 60), ("bob", 37)]);
        sync(&mut suite, "alice");
        sync(&mut suite, "bob");
        for fees in [100, 33, 7, 1, 1009] {
            block(&mut suite, &[(fees, "uatom")], Some("v1"));
            for delegator in sync_each_block {
                suite.execute(by, sync_msg(delegator)).unwrap();
                let before = everything(&suite);
                suite.execute(by, sync_msg(delegator)).unwrap();
                assert!(everything(&suite) == before, "a second sync does nothing");
            }
        }
        books_hold_and_all_is_split(&suite);
        ["alice", "bob"].map(|delegator| suite.rewards(delegator, "v1").unwrap())
    };
    let never = history(&[], "anyone");
    assert_eq!(history(&["alice"], "alice"), never);
    assert_eq!(history(&["alice"], "mallory"), never);
    assert_eq!(history(&["bob", "alice"], "mallory"), never);
}

#[test]
fn a_withdrawal_records_who_was_not_recorded() {
    let mut suite = pool(&[("alice", 100)]);
    let response = suite.withdraw("alice", "v1").unwrap();
    assert_eq!(event(&response, "withdraw_rewards")["amount"], "0uatom");
    block(&mut suite, &[(1000, "uatom")], None);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 1000);
    suite.withdraw("alice", "v1").unwrap();
    assert_eq!(has(&suite, "alice", "uatom"), 1000);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn only_a_sync_tells_of_delegations() {
    let mut suite = pool(&[("alice", 100)]);
    let changed = json!({"delegation_changed": {
        "delegator": "@alice", "validator": "@@v1", "shares": "1000000",
    }});
    refused(
        &mut suite,
        "reporter",
        json!({"staking_event": changed}),
        &["source `sync`"],
    );
    let before = suite.dump();
    for told in [
        json!({"staking_event": changed}),
        json!({"after_delegation_modified": {
            "validator_address": "@@v1", "delegator_address": "@alice", "shares": "1000000.0",
        }}),
        json!({"after_validator_created": {"val_addr": "@@v2"}}),
    ] {
        let response = suite.sudo(told).unwrap();
        let ignored = event(&response, "hook_ignored");
        assert!(ignored["reason"].contains("source `sync`"), "{ignored:?}");
    }
    assert!(suite.dump() == before);
}

#[test]
fn everything_but_delegations_comes_from_the_staking_reporter() {
    let mut suite = pool(&[("alice", 100)]);
    sync(&mut suite, "alice");
    block(&mut suite, &[(1000, "uatom")], None);
    suite
        .staking_event(json!({"commission_changed": {"validator": "@@v1", "rate": "0.5"}}))
        .unwrap();
    block(&mut suite, &[(1000, "uatom")], None);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 1500);
    suite
        .sudo(json!({"staking_event": {"validator_removed": {"validator": "@@v1"}}}))
        .unwrap();
    block(&mut suite, &[(1000, "uatom")], None);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 1500);
    suite.withdraw("alice", "v1").unwrap();
    suite.withdraw_commission("v1").unwrap();
    assert_eq!(has(&suite, "alice", "uatom"), 1500);
    assert_eq!(has(&suite, "v1", "uatom"), 500);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn the_import_gives_tokens_and_a_sync_corrects_it() {
    let mut suite = sampled().with("active", json!(false)).build().unwrap();
    let operator = suite.operator("v1");
    suite
        .chain
        .set_validator(&operator, &ValidatorTerms::default())
        .unwrap();
    let terms = json!({"rate": "0", "max_rate": "1", "max_change_rate": "1"});
    suite
        .execute(
            "owner",
            json!({"import": {
                "validators": [{"validator": "@@v1", "power": "100", "commission": terms}],
                "delegations": [
                    {"delegator": "@alice", "validator": "@@v1", "shares": "50"},
                    {"delegator": "@bob", "validator": "@@v1", "shares": "50"},
                ],
            }}),
        )
        .unwrap();
    suite.execute("owner", json!({"activate": {}})).unwrap();
    stake(&mut suite, "alice", 50);
    // Bob has left since the snapshot.
    block(&mut suite, &[(1000, "uatom")], None);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 500);
    assert_eq!(claimable(&suite, "bob", "v1", "uatom"), 0);
    suite.set_power("v1", 50).unwrap();
    sync(&mut suite, "bob");
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 1000);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn a_sync_tells_what_it_found_and_for_whom() {
    let mut suite = pool(&[("alice", 100)]);
    let response = sync(&mut suite, "alice");
    let told = event(&response, "delegation_changed");
    assert_eq!(told["units"], "100");
    assert_eq!(told["delegator"], suite.account("alice").as_str());
    assert_eq!(told["validator"], suite.operator("v1"));
    // Who has no stake gets no record.
    let before = suite.dump();
    let response = sync(&mut suite, "nobody");
    assert_eq!(event(&response, "delegation_changed")["units"], "0");
    assert!(suite.dump() == before);
}

#[test]
fn pools_of_other_sources_do_not_sync() {
    for source in [json!("reporter"), json!({"hooks": {"dialect": "juno"}})] {
        let mut suite = FeePoolSuite::builder()
            .with("source", source)
            .build()
            .unwrap();
        refused(
            &mut suite,
            "anyone",
            sync_msg("alice"),
            &["sync_delegation"],
        );
    }
}

#[test]
fn stake_beyond_the_bound_on_units_is_not_recorded_and_freezes_no_claim() {
    let mut suite = pool(&[("alice", 100)]);
    sync(&mut suite, "alice");
    block(&mut suite, &[(1000, "uatom")], None);
    stake(&mut suite, "alice", 10u128.pow(30) + 1);
    refused(
        &mut suite,
        "alice",
        sync_msg("alice"),
        &["1000000000000000000000000000001", "10^30"],
    );
    // What was recorded has earned all the same.
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 1000);
    suite.withdraw("alice", "v1").unwrap();
    assert_eq!(has(&suite, "alice", "uatom"), 1000);
    // Another one's claim does not suffer from it.
    stake(&mut suite, "bob", 5);
    suite.withdraw("bob", "v1").unwrap();
}

#[test]
fn a_stolen_staking_key_freezes_no_claim() {
    let tokens = 5_000_000_000_000_000_000_000u128;
    let mut suite = pool(&[("alice", 50)]);
    sync(&mut suite, "alice");
    block(&mut suite, &[(1_000, "uatom")], None);
    sync(&mut suite, "alice");
    stake(&mut suite, "alice", tokens);
    // The exchange rate falls as far as it can, so these tokens are more units than there may be.
    suite
        .staking_event(json!({"validator_slashed": {
            "validator": "@@v1", "fraction": "0.999999999",
        }}))
        .unwrap();
    let refused = suite.execute("anyone", sync_msg("alice")).unwrap_err();
    assert!(refused.to_string().contains("10^30"), "{refused}");
    let owed = claimable(&suite, "alice", "v1", "uatom");
    assert!(owed > 0);
    suite.withdraw("alice", "v1").unwrap();
    assert_eq!(has(&suite, "alice", "uatom"), owed);
}

#[test]
fn without_an_answer_of_the_chain_what_was_recorded_stands() {
    let mut suite = pool(&[("alice", 50)]);
    sync(&mut suite, "alice");
    block(&mut suite, &[(1_000, "uatom")], None);
    let owed = claimable(&suite, "alice", "v1", "uatom");
    let operator = suite.operator("v1");
    suite.chain.remove_validator(&operator).unwrap();
    assert!(claimable(&suite, "alice", "v1", "uatom") <= owed);
    suite.withdraw("alice", "v1").unwrap();
}
