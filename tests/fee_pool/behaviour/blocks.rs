//! Blocks: who earns the fees, and where they go when nobody does.

use cosmwasm_std::{Coin, Uint256};
use serde_json::{Value, json};
use testkit::fee_pool::{FeePoolSuite, coin_text};

use crate::support::{
    GOLD, block, books_hold, books_hold_and_all_is_split, claimable, community_pool, event, events,
    everything, has, plain_split, refused, send_fees,
};

/// A pool with the params of x/distribution: 2 % tax, 1 % and 4 % for the proposer.
pub fn pool() -> FeePoolSuite {
    let mut suite = plain_split()
        .with("params", json!({}))
        .balance("fees", 10u128.pow(30), "uosmo")
        .build()
        .unwrap();
    for validator in ["v1", "v2"] {
        suite.create_validator(validator, "0").unwrap();
        suite.set_power(validator, 100).unwrap();
        suite.set_shares("alice", validator, "1").unwrap();
    }
    suite
}

pub fn signed(power: u64) -> Value {
    json!({"signed_power": power.to_string()})
}

#[test]
fn without_power_all_fees_are_the_communitys() {
    let mut suite = pool();
    suite.set_power("v1", 0).unwrap();
    suite.set_power("v2", 0).unwrap();
    let response = suite.block(1000, Some("v1"), signed(0)).unwrap();
    assert_eq!(event(&response, "begin_block")["total_power"], "0");
    assert!(events(&response, "proposer_reward").is_empty());
    assert_eq!(community_pool(&suite, "uatom"), 1000);
    // An empty list of votes is a set without power too.
    suite.set_power("v1", 5).unwrap();
    suite.block(500, Some("v1"), json!({"votes": []})).unwrap();
    assert_eq!(community_pool(&suite, "uatom"), 1500);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn what_no_proposer_takes_is_the_communitys() {
    let long = "ü".repeat(1000);
    let cases: Vec<(Value, String)> = vec![
        (json!(null), "none".into()),
        (json!(""), "none".into()),
        (json!(" \n"), "none".into()),
        (json!("@@nobody"), "@@nobody".into()),
        (json!("@nobody"), "@nobody".into()),
        (json!("@@v3"), "@@v3".into()),
        (json!("nonsense"), "nonsense".into()),
        (json!(long), "ü".repeat(64)),
    ];
    for (proposer, shown) in cases {
        let mut suite = pool();
        suite.create_validator("v3", "0").unwrap();
        suite
            .staking_event(json!({"validator_removed": {"validator": "@@v3"}}))
            .unwrap();
        suite.next_block();
        send_fees(&mut suite, &[(1000, "uatom")]);
        let response = suite
            .execute(
                "reporter",
                json!({"begin_block": {"proposer": proposer, "last_commit": signed(200)}}),
            )
            .unwrap();
        let unknown = event(&response, "proposer_unknown");
        let shown = suite.resolve(&json!(shown));
        assert_eq!(unknown["proposer"], shown.as_str().unwrap());
        assert_eq!(unknown["amount"], "50uatom");
        assert_eq!(community_pool(&suite, "uatom"), 20 + 50, "{proposer}");
        assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 465, "{proposer}");
        books_hold_and_all_is_split(&suite);
        for event in &response.events {
            for attribute in &event.attributes {
                assert!(!attribute.value.trim().is_empty(), "{event:?}");
            }
        }
    }
}

#[test]
fn income_beyond_the_bound_on_receipts_stays_where_it_is_and_stops_no_block() {
    let most = Uint256::from(u128::MAX);
    let mut suite = plain_split().build().unwrap();
    suite.create_validator("v1", "0").unwrap();
    suite.set_power("v1", 1).unwrap();
    suite.set_shares("alice", "v1", "1").unwrap();
    block(&mut suite, &[(1000, "uatom")], None);
    let pool = suite.pool.clone();
    for denom in ["uatom", GOLD] {
        let flood = Coin::new(Uint256::MAX >> 1, denom);
        suite.chain.mint(&pool, &[flood]).unwrap();
    }
    suite.next_block();
    send_fees(&mut suite, &[(7, "ubtc")]);

    let response = suite.block(0, Some("v1"), signed(1)).unwrap();

    let bounds = events(&response, "receipt_bound");
    assert_eq!(bounds.len(), 2);
    assert_eq!(bounds[0]["denom"], "uatom");
    let uncollected = (Uint256::MAX >> 1) - (most - Uint256::from(1000u128));
    assert_eq!(bounds[0]["uncollected"], uncollected.to_string());
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), u128::MAX);
    assert_eq!(claimable(&suite, "alice", "v1", GOLD), u128::MAX);
    assert_eq!(claimable(&suite, "alice", "v1", "ubtc"), 7);
    books_hold(&suite);

    suite.withdraw("alice", "v1").unwrap();
    assert_eq!(suite.balance("alice", "uatom"), most);
    // The bound is on what ever came: it stays, and every other denom goes on.
    let response = suite.block(0, Some("v1"), signed(1)).unwrap();
    assert_eq!(events(&response, "receipt_bound").len(), 2);
    suite.set_shares("alice", "v1", "2").unwrap();
    suite.set_power("v1", 7).unwrap();
    block(&mut suite, &[(7, "ubtc")], None);
    suite.withdraw("alice", "v1").unwrap();
    assert_eq!(has(&suite, "alice", "ubtc"), 14);
    let left = books_hold(&suite);
    assert_eq!(left["ubtc"], "0");
    assert_ne!(left["uatom"], "0");
}

#[test]
fn a_height_has_one_block() {
    let mut suite = pool();
    suite.block(1000, Some("v1"), signed(200)).unwrap();
    send_fees(&mut suite, &[(1000, "uatom")]);
    let before = everything(&suite);
    let height = suite.chain.block().height.to_string();
    let again = json!({"begin_block": {"proposer": "@@v2", "last_commit": signed(1), "height": 9}});
    let response = suite.execute("reporter", again.clone()).unwrap();
    assert_eq!(event(&response, "already_done")["height"], height);
    let response = suite.sudo(again.clone()).unwrap();
    assert_eq!(event(&response, "already_done")["height"], height);
    // Not even its votes count.
    let votes = json!({"begin_block": {"last_commit": {"votes": []}}});
    suite.execute("reporter", votes).unwrap();
    assert!(everything(&suite) == before);
    // They are fees of the next one.
    suite.next_block();
    let response = suite.execute("reporter", again).unwrap();
    assert_eq!(event(&response, "begin_block")["fees"], "1000uatom");
    books_hold_and_all_is_split(&suite);
}

/// A change of a power is told once. Dropped in silence, it would leave the power wrong for good.
#[test]
fn changes_of_a_block_that_is_not_new_are_an_error() {
    let mut suite = pool();
    let left = |height: u64| {
        let changed = json!([{"validator": "@@v1", "power": "0"}]);
        json!({"begin_block": {"height": height, "last_commit": {"signed_power": "1", "changed": changed}}})
    };
    let report =
        |height: u64| json!({"begin_block": {"last_commit": signed(200), "height": height}});
    suite.next_block();
    suite.execute("reporter", report(10)).unwrap();
    let before = everything(&suite);
    refused(
        &mut suite,
        "reporter",
        left(11),
        &["already_done", "powers_changed"],
    );
    let response = suite.sudo(left(11)).unwrap();
    let ignored = event(&response, "hook_ignored");
    assert!(ignored["reason"].contains("already_done"), "{ignored:?}");
    suite.next_block();
    refused(
        &mut suite,
        "reporter",
        left(9),
        &["old_height", "powers_changed"],
    );
    assert!(everything(&suite) == before);
    // Nothing of them has used up a height.
    let response = suite.execute("reporter", left(11)).unwrap();
    assert_eq!(event(&response, "power_changed")["power"], "0");
}

#[test]
fn the_height_of_a_reporter_must_grow() {
    let mut suite = pool();
    let report =
        |height: u64| json!({"begin_block": {"last_commit": signed(200), "height": height}});
    suite.next_block();
    suite.execute("reporter", report(10)).unwrap();
    suite.next_block();
    send_fees(&mut suite, &[(1000, "uatom")]);
    let before = everything(&suite);
    for height in [0, 9, 10] {
        let response = suite.execute("reporter", report(height)).unwrap();
        let old = event(&response, "old_height");
        assert_eq!(old["height"], height.to_string());
        assert_eq!(old["last"], "10");
    }
    assert!(everything(&suite) == before);
    // An old report has not used up the height of the chain.
    let response = suite.execute("reporter", report(11)).unwrap();
    assert_eq!(event(&response, "begin_block")["fees"], "1000uatom");
    // A report without a height passes, and changes nothing of the rule.
    suite.block(0, None, signed(200)).unwrap();
    suite.next_block();
    let response = suite.execute("reporter", report(11)).unwrap();
    assert_eq!(event(&response, "old_height")["last"], "11");
}

#[test]
fn signed_power_above_the_total_counts_as_the_total() {
    let rewards = |power: &str| {
        let mut suite = pool();
        let commit = json!({"signed_power": power});
        suite.block(1000, Some("v1"), commit).unwrap();
        books_hold_and_all_is_split(&suite);
        suite.rewards("alice", "v1").unwrap()
    };
    let all = rewards("200");
    for power in ["201", "18446744073709551616", &u128::MAX.to_string()] {
        assert_eq!(rewards(power), all);
    }
    assert_ne!(rewards("199"), all);
}

#[test]
fn a_report_that_is_refused_leaves_the_fees_to_the_next() {
    let mut suite = pool();
    suite.next_block();
    send_fees(&mut suite, &[(1000, "uatom")]);
    let twice = json!({"begin_block": {"last_commit": {"votes": [
        {"validator": "@@v1", "power": "1", "signed": true},
        {"validator": "@@v1", "power": "1", "signed": true},
    ]}}});
    refused(&mut suite, "reporter", twice.clone(), &["twice"]);
    let before = everything(&suite);
    for payload in [
        twice,
        json!({"begin_block": {"last_commit": {"signed_power": 200}}}),
        json!({"begin_block": null}),
    ] {
        let response = suite.sudo(payload).unwrap();
        assert_eq!(event(&response, "hook_ignored")["hook"], "begin_block");
    }
    assert!(everything(&suite) == before, "the chain's block goes on");
    // Still the same height.
    let response = suite
        .sudo(json!({"begin_block": {"last_commit": signed(200)}}))
        .unwrap();
    assert_eq!(event(&response, "begin_block")["fees"], "1000uatom");
    books_hold_and_all_is_split(&suite);
}

/// A chain may have more to say than the pool knows.
#[test]
fn the_chain_is_read_whatever_else_it_says() {
    let mut suite = pool();
    suite.next_block();
    send_fees(&mut suite, &[(1000, "uatom")]);
    let response = suite
        .sudo(json!({"begin_block": {
            "proposer": "@@v1",
            "last_commit": {"round": 0, "votes": [
                {"validator": "@@v1", "power": "150", "signed": true, "flag": {"block_id": 2}},
            ]},
            "time": "2026-01-01T00:00:00Z",
        }}))
        .unwrap();
    let found = event(&response, "begin_block");
    assert_eq!(
        (&*found["fees"], &*found["total_power"]),
        ("1000uatom", "150")
    );
    suite.next_block();
    send_fees(&mut suite, &[(1000, "uatom")]);
    let response = suite
        .sudo(
            json!({"begin_block": {"last_commit": {"signed_power": "160", "changed": [
                {"validator": "@@v1", "power": "160", "was": "150"},
            ]}}}),
        )
        .unwrap();
    assert_eq!(event(&response, "begin_block")["total_power"], "160");
    for (staking_event, name) in [
        (
            json!({"power_changed": {"validator": "@@v1", "power": "7", "height": "1"}}),
            "power_changed",
        ),
        (
            json!({"powers_changed": {"height": "1", "changes": [
                {"validator": "@@v1", "power": "8", "was": "7"},
            ]}}),
            "power_changed",
        ),
        (
            json!({"validator_created": {"validator": "@@v8", "moniker": "m", "commission": {
                "rate": "0", "max_rate": "1", "max_change_rate": "1", "update_time": "0",
            }}}),
            "create_validator",
        ),
        (
            json!({"delegation_changed": {
                "delegator": "@alice", "validator": "@@v8", "shares": "1", "tokens": "1",
            }}),
            "delegation_changed",
        ),
    ] {
        let response = suite.sudo(json!({"staking_event": staking_event})).unwrap();
        event(&response, name);
    }
    books_hold_and_all_is_split(&suite);
}

#[test]
fn deposits_and_plain_transfers_are_fees_alike_and_foreign_denoms_are_ignored() {
    let mut suite = pool();
    suite.next_block();
    let funds = vec![
        cosmwasm_std::coin(600, "uatom"),
        cosmwasm_std::coin(5, GOLD),
    ];
    let response = suite
        .execute_with("fees", json!({"deposit": {}}), funds)
        .unwrap();
    assert_eq!(
        event(&response, "deposit")["amount"],
        format!("600uatom,5{GOLD}")
    );
    send_fees(&mut suite, &[(400, "uatom"), (1_000_000, "uosmo")]);
    let response = suite.block(0, None, signed(0)).unwrap();
    let fees = &event(&response, "begin_block")["fees"];
    assert_eq!(*fees, format!("5{GOLD},1000uatom"));
    assert_eq!(has(&suite, "pool", "uosmo"), 1_000_000);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn a_block_without_fees_says_nothing_and_counts() {
    let mut suite = pool();
    let response = suite.block(0, Some("v1"), signed(200)).unwrap();
    assert!(events(&response, "begin_block").is_empty());
    let last = suite.query(json!({"last_block": {}})).unwrap();
    assert_eq!(last["height"], suite.chain.block().height);
    assert_eq!(coin_text(suite.balance("pool", "uatom"), "uatom"), "0uatom");
}
