//! What the owner changes, and when it counts.

use cosmwasm_std::coin;
use serde_json::{Value, json};
use testkit::fee_pool::FeePoolSuite;

use crate::support::{
    self, GOLD, block, books_hold, books_hold_and_all_is_split, claimable, coins, community_pool,
    event, events, has, only_votes, plain_split, refused, send_fees,
};

/// `v1` has all power and Alice all of it.
fn pool() -> FeePoolSuite {
    let mut suite = plain_split()
        .balance("fees", 10u128.pow(30), "uosmo")
        .build()
        .unwrap();
    suite.create_validator("v1", "0").unwrap();
    suite.set_power("v1", 1).unwrap();
    suite.set_shares("alice", "v1", "1").unwrap();
    suite
}

fn ownership(suite: &FeePoolSuite) -> Value {
    suite.query(json!({"ownership": {}})).unwrap()
}

fn offer(new_owner: &str, expiry: Value) -> Value {
    json!({"update_ownership": {"transfer_ownership": {
        "new_owner": new_owner, "expiry": expiry,
    }}})
}

fn accept() -> Value {
    json!({"update_ownership": "accept_ownership"})
}

fn owners_act() -> Value {
    json!({"update_params": {}})
}

#[test]
fn the_sender_owns_what_nobody_else_is_named_for() {
    let suite = pool();
    let owner = suite.account("owner");
    assert_eq!(
        ownership(&suite),
        json!({"owner": owner, "pending_owner": null, "pending_expiry": null})
    );
    let mut suite = plain_split().with("owner", json!("@dao")).build().unwrap();
    assert_eq!(ownership(&suite)["owner"], suite.account("dao").as_str());
    let sender = suite.account("owner");
    refused(
        &mut suite,
        "owner",
        owners_act(),
        &[sender.as_str(), "not the owner"],
    );
    suite.execute("dao", owners_act()).unwrap();
}

#[test]
fn the_ownership_changes_in_two_steps() {
    let mut suite = pool();
    let (owner, dao) = (suite.account("owner"), suite.account("dao"));
    let response = suite.execute("owner", offer("@dao", Value::Null)).unwrap();
    let found = event(&response, "update_ownership");
    assert_eq!(found["pending_owner"], dao.as_str());
    assert_eq!(found["pending_expiry"], "none");
    assert_eq!(
        ownership(&suite),
        json!({"owner": owner, "pending_owner": dao, "pending_expiry": null})
    );
    // Who is offered it is no owner yet, and who offers it still is.
    for msg in [
        owners_act(),
        offer("@mallory", Value::Null),
        json!({"update_ownership": "renounce_ownership"}),
        json!({"community_pool_spend": {"recipient": "@dao", "amount": []}}),
    ] {
        refused(&mut suite, "dao", msg, &[dao.as_str(), owner.as_str()]);
    }
    suite.execute("owner", owners_act()).unwrap();
    suite.execute("dao", accept()).unwrap();
    assert_eq!(
        ownership(&suite),
        json!({"owner": dao, "pending_owner": null, "pending_expiry": null})
    );
    suite.execute("dao", owners_act()).unwrap();
    refused(
        &mut suite,
        "owner",
        owners_act(),
        &[owner.as_str(), dao.as_str()],
    );
    refused(&mut suite, "dao", accept(), &["not offered"]);
    refused(&mut suite, "owner", accept(), &["not offered"]);
}

#[test]
fn a_second_offer_replaces_the_first() {
    let mut suite = pool();
    let first = suite.account("first");
    suite
        .execute("owner", offer("@first", Value::Null))
        .unwrap();
    suite
        .execute("owner", offer("@second", Value::Null))
        .unwrap();
    refused(&mut suite, "first", accept(), &[first.as_str()]);
    // To oneself: the way to take an offer back.
    suite
        .execute("owner", offer("@owner", Value::Null))
        .unwrap();
    let second = suite.account("second");
    refused(&mut suite, "second", accept(), &[second.as_str()]);
}

#[test]
fn an_offer_ends_when_it_says() {
    let mut suite = pool();
    let now = suite.chain.block();
    refused(
        &mut suite,
        "owner",
        offer("@dao", json!({"at_height": now.height})),
        &["has passed"],
    );
    suite
        .execute("owner", offer("@dao", json!({"at_height": now.height + 2})))
        .unwrap();
    suite.advance(2, 10);
    refused(&mut suite, "dao", accept(), &["has ended"]);
    suite
        .execute(
            "owner",
            offer(
                "@dao",
                json!({"at_time": suite.chain.block().time.plus_seconds(10)}),
            ),
        )
        .unwrap();
    suite.advance(1, 9);
    suite.execute("dao", accept()).unwrap();
}

#[test]
fn who_renounces_leaves_no_owner_for_ever() {
    let mut suite = pool();
    suite.execute("owner", offer("@dao", Value::Null)).unwrap();
    suite
        .execute("owner", json!({"update_ownership": "renounce_ownership"}))
        .unwrap();
    assert_eq!(
        ownership(&suite),
        json!({"owner": null, "pending_owner": null, "pending_expiry": null})
    );
    for sender in ["owner", "dao"] {
        let account = suite.account(sender);
        refused(
            &mut suite,
            sender,
            owners_act(),
            &[account.as_str(), "renounced"],
        );
        refused(&mut suite, sender, accept(), &["not offered"]);
    }
    // Everybody else goes on.
    block(&mut suite, &[(10, "uatom")], Some("v1"));
    suite.withdraw("alice", "v1").unwrap();
    assert_eq!(has(&suite, "alice", "uatom"), 10);
}

#[test]
fn an_update_changes_what_it_names() {
    let mut suite = plain_split().with("params", json!({})).build().unwrap();
    let mut expected = json!({
        "community_tax": "0.02",
        "base_proposer_reward": "0.01",
        "bonus_proposer_reward": "0.04",
        "equal_share": "0",
        "withdraw_addr_enabled": true,
    });
    let params = |suite: &FeePoolSuite| suite.query(json!({"params": {}})).unwrap();
    assert_eq!(params(&suite), expected);
    for (name, value) in [
        ("community_tax", json!("0.5")),
        ("base_proposer_reward", json!("0.25")),
        ("bonus_proposer_reward", json!("0.25")),
        ("equal_share", json!("1")),
        ("withdraw_addr_enabled", json!(false)),
    ] {
        let response = suite
            .execute("owner", json!({"update_params": {name: value}}))
            .unwrap();
        expected[name] = value.clone();
        assert_eq!(params(&suite), expected);
        let found = &event(&response, "update_params")[name];
        assert_eq!(*found, value.as_str().map_or("false".into(), String::from));
    }
    suite.execute("owner", owners_act()).unwrap();
    assert_eq!(params(&suite), expected);
}

#[test]
fn lists_of_reporters_are_replaced_one_by_one() {
    let mut suite = pool();
    let reporters = |suite: &FeePoolSuite| suite.query(json!({"reporters": {}})).unwrap();
    let [reporter, one, two] = ["reporter", "one", "two"].map(|name| suite.account(name));
    suite
        .execute(
            "owner",
            json!({"update_reporters": {"block": ["@one", "@two"]}}),
        )
        .unwrap();
    assert_eq!(
        reporters(&suite),
        json!({"block": [one, two], "staking": [reporter]})
    );
    let response = suite
        .execute("owner", json!({"update_reporters": {"staking": []}}))
        .unwrap();
    assert_eq!(event(&response, "update_reporters")["staking"], "none");
    assert_eq!(
        reporters(&suite),
        json!({"block": [one, two], "staking": []})
    );
    suite
        .execute("owner", json!({"update_reporters": {}}))
        .unwrap();
    assert_eq!(
        reporters(&suite),
        json!({"block": [one, two], "staking": []})
    );
}

#[test]
fn new_params_count_from_the_next_block() {
    let mut suite = pool();
    block(&mut suite, &[(1000, "uatom")], None);
    // Fees that wait are split by the params of their split.
    suite.next_block();
    send_fees(&mut suite, &[(1000, "uatom")]);
    suite
        .execute("owner", json!({"update_params": {"community_tax": "0.5"}}))
        .unwrap();
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 1000);
    suite.block(0, None, json!({"signed_power": "1"})).unwrap();
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 1500);
    assert_eq!(community_pool(&suite, "uatom"), 500);
    suite
        .execute("owner", json!({"update_params": only_votes()}))
        .unwrap();
    block(&mut suite, &[(1000, "uatom")], None);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 2500);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn every_rate_alone_may_take_everything() {
    for (params, alice, bob, community) in [
        (json!({"community_tax": "1"}), 0, 0, 1000),
        (json!({"base_proposer_reward": "1"}), 1000, 0, 0),
        (json!({"bonus_proposer_reward": "1"}), 1000, 0, 0),
        (json!({"equal_share": "1"}), 500, 500, 0),
        (
            json!({"community_tax": "0.5", "base_proposer_reward": "0.25",
                "bonus_proposer_reward": "0.25", "equal_share": "1"}),
            500,
            0,
            500,
        ),
    ] {
        let mut suite = pool();
        suite.create_validator("v2", "0").unwrap();
        suite.set_power("v2", 3).unwrap();
        suite.set_shares("bob", "v2", "1").unwrap();
        suite
            .execute("owner", json!({ "update_params": params }))
            .unwrap();
        block(&mut suite, &[(1000, "uatom")], Some("v1"));
        assert_eq!(claimable(&suite, "alice", "v1", "uatom"), alice, "{params}");
        assert_eq!(claimable(&suite, "bob", "v2", "uatom"), bob, "{params}");
        assert_eq!(community_pool(&suite, "uatom"), community, "{params}");
        books_hold_and_all_is_split(&suite);
    }
}

fn update_denoms(add: &[&str], remove: &[&str]) -> Value {
    json!({"update_reward_denoms": {"add": add, "remove": remove}})
}

#[test]
fn the_old_balance_of_a_new_denom_is_fees_of_the_next_block() {
    let mut suite = pool();
    block(&mut suite, &[(10, "uatom")], None);
    send_fees(&mut suite, &[(777, "uosmo")]);
    block(&mut suite, &[(10, "uatom")], None);
    suite
        .execute("owner", update_denoms(&["uosmo"], &[]))
        .unwrap();
    suite.set_power("v1", 7).unwrap();
    let response = suite.block(0, None, json!({"signed_power": "7"})).unwrap();
    assert_eq!(event(&response, "begin_block")["fees"], "777uosmo");
    assert_eq!(claimable(&suite, "alice", "v1", "uosmo"), 777);
    suite.withdraw("alice", "v1").unwrap();
    assert_eq!(has(&suite, "alice", "uosmo"), 777);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn a_denom_that_is_added_late_owes_nothing_for_the_past() {
    let mut suite = pool();
    // Records from before know nothing of it.
    suite.set_shares("bob", "v1", "1").unwrap();
    block(&mut suite, &[(10, "uatom")], None);
    suite
        .execute("owner", update_denoms(&["uosmo"], &[]))
        .unwrap();
    suite.set_shares("bob", "v1", "0").unwrap();
    suite.set_shares("carol", "v1", "3").unwrap();
    block(&mut suite, &[(400, "uosmo")], None);
    assert_eq!(claimable(&suite, "alice", "v1", "uosmo"), 100);
    assert_eq!(claimable(&suite, "bob", "v1", "uosmo"), 0);
    assert_eq!(claimable(&suite, "carol", "v1", "uosmo"), 300);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn a_removed_denom_is_received_no_more_and_its_claims_go_on() {
    let mut suite = pool();
    block(&mut suite, &[(1000, "uatom"), (1000, GOLD)], None);
    suite
        .execute_with(
            "fees",
            json!({"fund_community_pool": {}}),
            vec![coin(50, GOLD)],
        )
        .unwrap();
    suite
        .execute("owner", update_denoms(&[], &[GOLD, "uatom"]))
        .unwrap();
    block(&mut suite, &[(70, GOLD), (70, "ubtc")], Some("v1"));
    assert_eq!(claimable(&suite, "alice", "v1", GOLD), 1000);
    let waiting = books_hold(&suite);
    assert_eq!(waiting[GOLD], format!("70{}", "0".repeat(36)));

    // Changes of all kinds go on, with both.
    suite.set_shares("bob", "v1", "1").unwrap();
    suite.set_power("v1", 5).unwrap();
    suite
        .execute(
            "alice",
            json!({"withdraw_delegator_reward": {"validator": "@@v1", "denoms": [GOLD]}}),
        )
        .unwrap();
    suite.withdraw("alice", "v1").unwrap();
    assert_eq!(has(&suite, "alice", GOLD), 1000);
    assert_eq!(has(&suite, "alice", "uatom"), 1000);
    assert_eq!(has(&suite, "alice", "ubtc"), 70);
    suite
        .execute(
            "owner",
            json!({"community_pool_spend": {
                "recipient": "@grantee", "amount": coins(&[(50, GOLD)]),
            }}),
        )
        .unwrap();
    assert_eq!(has(&suite, "grantee", GOLD), 50);
    let denoms = suite.query(json!({"reward_denoms": {}})).unwrap();
    assert_eq!(
        denoms["reward_denoms"],
        json!([
            {"denom": "uatom", "active": false},
            {"denom": "ubtc", "active": true},
            {"denom": GOLD, "active": false},
        ])
    );
    books_hold(&suite);
}

#[test]
fn a_denom_that_is_added_again_continues_where_it_was() {
    let mut suite = pool();
    block(&mut suite, &[(1000, "uatom")], None);
    suite
        .execute("owner", update_denoms(&[], &["uatom"]))
        .unwrap();
    block(&mut suite, &[(30, "uatom")], None);
    // Both in one message: first what is removed.
    let response = suite
        .execute("owner", update_denoms(&["uatom", "ubtc"], &["ubtc"]))
        .unwrap();
    assert_eq!(events(&response, "update_reward_denoms").len(), 1);
    block(&mut suite, &[(4, "uatom"), (9, "ubtc")], None);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 1034);
    assert_eq!(claimable(&suite, "alice", "v1", "ubtc"), 9);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn a_pool_without_denoms_splits_nothing_and_breaks_nothing() {
    let mut suite = support::pool()
        .with("reward_denoms", json!([]))
        .with("params", only_votes())
        .build()
        .unwrap();
    suite.create_validator("v1", "0").unwrap();
    suite.set_power("v1", 1).unwrap();
    suite.set_shares("alice", "v1", "1").unwrap();
    suite.next_block();
    send_fees(&mut suite, &[(5, "uatom")]);
    let response = suite
        .block(0, Some("v1"), json!({"signed_power": "1"}))
        .unwrap();
    assert!(events(&response, "begin_block").is_empty());
    let (alice, pool) = (suite.account("alice"), suite.pool.clone());
    let response = suite
        .chain
        .execute(&alice, &pool, &json!({"withdraw_delegation": {}}), &[])
        .unwrap();
    assert_eq!(event(&response, "withdraw_rewards")["amount"], "0");
    suite
        .execute("owner", update_denoms(&["uatom"], &[]))
        .unwrap();
    block(&mut suite, &[], None);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 5);
}

#[test]
fn eight_denoms_are_paid_in_one_withdrawal() {
    let names = [
        "da1",
        "da2",
        "da3",
        "da4",
        "factory/m/b",
        "factory/m/a",
        "uatom",
        "ubtc",
    ];
    let mut builder = plain_split().with("reward_denoms", json!(names));
    for denom in &names[..6] {
        builder = builder.balance("fees", 1_000, denom);
    }
    let mut suite = builder.build().unwrap();
    suite.create_validator("v1", "0").unwrap();
    suite.set_power("v1", 1).unwrap();
    suite.set_shares("alice", "v1", "1").unwrap();
    let fees: Vec<(u128, &str)> = (1..).zip(names).collect();
    block(&mut suite, &fees, Some("v1"));
    suite.withdraw("alice", "v1").unwrap();
    for (amount, denom) in fees {
        assert_eq!(has(&suite, "alice", denom), amount);
    }
    books_hold_and_all_is_split(&suite);
}

#[test]
fn new_block_reporters_count_their_blocks_anew() {
    let mut suite = support::pool().build().unwrap();
    suite.create_validator("v1", "0").unwrap();
    suite.set_power("v1", 1).unwrap();
    let report = |suite: &mut FeePoolSuite, height: u64| {
        suite.next_block();
        let block = json!({"last_commit": {"signed_power": "1"}, "height": height});
        suite
            .execute("reporter", json!({"begin_block": block}))
            .unwrap();
        suite.query(json!({"last_block": {}})).unwrap()["reported_height"].clone()
    };
    assert_eq!(report(&mut suite, u64::MAX), u64::MAX);
    assert_eq!(report(&mut suite, 7), u64::MAX, "an old height is ignored");
    suite
        .execute(
            "owner",
            json!({"update_reporters": {"block": ["@reporter"]}}),
        )
        .unwrap();
    assert_eq!(report(&mut suite, 7), 7);
}
