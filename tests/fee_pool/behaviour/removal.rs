//! Validators that are removed: what still counts, what is refused, and how they come back.

use cosmwasm_std::coin;
use serde_json::{Value, json};
use testkit::fee_pool::FeePoolSuite;

use super::hooks_source::{
    asked, chain_commission, chain_tokens, earning, juno_delegation, juno_validator,
    neutron_delegation, neutron_slash, neutron_validator, pool as hooked, sudo, units,
};
use crate::support::{
    block, books_hold_and_all_is_split, claimable, community_pool, event, events, has, plain_split,
    refused, refused_with,
};

/// `v1` takes 0.1, at most 0.2; Alice has all of it; it has earned 100.
fn pool() -> FeePoolSuite {
    let mut suite = plain_split()
        .with("group", json!("@group"))
        .build()
        .unwrap();
    create(&mut suite, "0.1", "0.2");
    suite.set_power("v1", 100).unwrap();
    suite.set_shares("alice", "v1", "100").unwrap();
    block(&mut suite, &[(100, "uatom")], None);
    suite
}

#[track_caller]
fn create(suite: &mut FeePoolSuite, rate: &str, max_rate: &str) {
    suite
        .staking_event(
            json!({"validator_created": {"validator": "@@v1", "commission": {
                "rate": rate, "max_rate": max_rate, "max_change_rate": "0.1",
            }}}),
        )
        .unwrap();
}

#[track_caller]
fn remove(suite: &mut FeePoolSuite) {
    suite
        .staking_event(json!({"validator_removed": {"validator": "@@v1"}}))
        .unwrap();
    assert_eq!(asked(suite)["removed"], true);
}

/// However a power is told, late and more than once.
#[test]
fn no_power_that_is_told_late_undoes_a_removal() {
    let late: [fn(&mut FeePoolSuite, u64); 4] = [
        |suite, power| {
            let votes = json!([{"validator": "@@v1", "power": power.to_string(), "signed": true}]);
            suite.block(0, Some("v1"), json!({"votes": votes})).unwrap();
        },
        |suite, power| {
            let changed = json!([{"validator": "@@v1", "power": power.to_string()}]);
            suite
                .block(
                    0,
                    Some("v1"),
                    json!({"signed_power": "0", "changed": changed}),
                )
                .unwrap();
        },
        |suite, power| {
            suite.set_power("v1", power).unwrap();
        },
        |suite, power| {
            let hook = json!({"member_changed_hook": {"diffs": [
                {"key": "@v1", "old": null, "new": power},
            ]}});
            suite.execute("group", hook).unwrap();
        },
    ];
    for tell in late {
        let mut suite = pool();
        remove(&mut suite);
        for power in [100, 0, 50] {
            tell(&mut suite, power);
            assert_eq!(asked(&suite)["power"], power.to_string());
            assert_eq!(asked(&suite)["removed"], true);
        }
        // Who still votes still earns, for those who delegate to it.
        block(&mut suite, &[(100, "uatom")], None);
        assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 180);
        create(&mut suite, "0.5", "0.6");
        assert_eq!(asked(&suite)["removed"], false);
        block(&mut suite, &[(100, "uatom")], None);
        assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 230);
        books_hold_and_all_is_split(&suite);
    }
}

#[test]
fn a_removed_validator_is_created_again_as_often_as_it_is_removed() {
    let mut suite = pool();
    let mut commission = 10;
    for (rate, max_rate, of_hundred) in [("0.5", "0.6", 50), ("0", "0", 0), ("1", "1", 100)] {
        remove(&mut suite);
        // It is no error to be told twice.
        remove(&mut suite);
        let terms = asked(&suite)["commission"].clone();
        assert_eq!(
            (&terms["max_rate"], &terms["last_edit"]),
            (&Value::Null, &Value::Null)
        );
        create(&mut suite, rate, "1");
        let again = json!({"staking_event": {"validator_created": {
            "validator": "@@v1",
            "commission": {"rate": "0", "max_rate": max_rate, "max_change_rate": "0"},
        }}});
        refused(&mut suite, "reporter", again, &["exists already"]);
        suite.set_power("v1", 1).unwrap();
        block(&mut suite, &[(100, "uatom")], None);
        commission += of_hundred;
        suite.withdraw_commission("v1").unwrap();
        assert_eq!(has(&suite, "v1", "uatom"), commission);
    }
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 90 + 50 + 100);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn a_removed_validator_gets_nothing_new() {
    let mut suite = pool();
    remove(&mut suite);
    let operator = suite.operator("v1");
    let named = [operator.as_str(), "was removed"];
    let delegation = |delegator: &str, shares: &str| {
        json!({"staking_event": {"delegation_changed": {
            "delegator": format!("@{delegator}"), "validator": "@@v1", "shares": shares,
        }}})
    };
    for msg in [
        delegation("bob", "1"),
        delegation("bob", "0.000000000000000001"),
        delegation("alice", "100.000000000000000001"),
        json!({"staking_event": {"commission_changed": {"validator": "@@v1", "rate": "0"}}}),
    ] {
        refused(&mut suite, "reporter", msg, &named);
    }
    refused(
        &mut suite,
        "v1",
        json!({"edit_commission": {"rate": "0"}}),
        &named,
    );
    let terms = json!({"update_commission_terms": {
        "validator": "@@v1", "max_rate": "1", "max_change_rate": "1",
    }});
    refused(&mut suite, "owner", terms, &named);
    let gift = json!({"deposit_validator_rewards": {"allocations": [
        {"validator": "@@v1", "amount": [{"denom": "uatom", "amount": "5"}]},
    ]}});
    refused_with(&mut suite, "fees", gift, vec![coin(5, "uatom")], &named);
    // As a proposer neither.
    let response = suite
        .block(100, Some("v1"), json!({"signed_power": "0"}))
        .unwrap();
    assert!(events(&response, "proposer_reward").is_empty());
    assert_eq!(community_pool(&suite, "uatom"), 100);

    // What there is may become less, in steps, and is paid.
    for shares in ["100", "60", "0.5", "0"] {
        suite
            .execute("reporter", delegation("alice", shares))
            .unwrap();
    }
    refused(&mut suite, "reporter", delegation("alice", "0.5"), &named);
    suite.withdraw("alice", "v1").unwrap();
    assert_eq!(has(&suite, "alice", "uatom"), 90);
    suite.execute("reporter", delegation("alice", "0")).unwrap();
    books_hold_and_all_is_split(&suite);
}

/// The chain knows: a lost hook of its new creation is made up for by the next delegation.
#[test]
fn a_delegation_hook_brings_a_removed_validator_back_with_the_chains_terms() {
    let mut suite = earning();
    sudo(&mut suite, juno_validator("after_validator_removed"));
    assert_eq!(asked(&suite)["removed"], true);
    chain_commission(&mut suite, 40, 60);
    let changed = "after_delegation_modified";
    sudo(&mut suite, juno_delegation(changed, "bob", "1.0"));
    assert_eq!(asked(&suite)["removed"], false);
    assert_eq!(asked(&suite)["commission"]["rate"], "0.4");
    assert_eq!(asked(&suite)["commission"]["max_rate"], "0.6");
    suite.set_power("v1", 1).unwrap();
    block(&mut suite, &[(1000, "uatom")], Some("v1"));
    assert_eq!(claimable(&suite, "bob", "v1", "uatom"), 300);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 900 + 300);
    // Delegations that end bring nothing back.
    sudo(&mut suite, juno_validator("after_validator_removed"));
    sudo(
        &mut suite,
        juno_delegation("before_delegation_removed", "bob", "1.0"),
    );
    assert_eq!(asked(&suite)["removed"], true);
    assert_eq!(units(&suite, "bob"), "0");
    books_hold_and_all_is_split(&suite);
}

#[test]
fn a_validator_that_is_created_again_starts_at_an_exchange_rate_of_one() {
    let mut suite = hooked("neutron");
    chain_commission(&mut suite, 0, 100);
    let created = neutron_validator("after_validator_created");
    sudo(&mut suite, created.clone());
    let changed = "after_delegation_modified";
    for _ in 0..2 {
        chain_tokens(&mut suite, "alice", 100);
        sudo(&mut suite, neutron_delegation(changed, "alice"));
        assert_eq!(units(&suite, "alice"), "100000000000000000000");
        sudo(&mut suite, neutron_slash("0.5"));
        sudo(&mut suite, neutron_slash("0.2"));
        assert_eq!(asked(&suite)["exchange_rate"], "0.4");
        chain_tokens(&mut suite, "alice", 0);
        sudo(
            &mut suite,
            neutron_delegation("before_delegation_removed", "alice"),
        );
        let removed = json!({"after_validator_removed": {"cons_addr": "c", "val_addr": "@@v1"}});
        sudo(&mut suite, removed);
        // It has nothing left to be slashed.
        let response = sudo(&mut suite, neutron_slash("0.5"));
        assert!(event(&response, "hook_ignored")["reason"].contains("was removed"));
        let slashed = json!({"staking_event": {"validator_slashed": {
            "validator": "@@v1", "fraction": "0.5",
        }}});
        refused(&mut suite, "owner", slashed, &["was removed"]);
        sudo(&mut suite, created.clone());
        assert_eq!(asked(&suite)["removed"], false);
        assert_eq!(asked(&suite)["exchange_rate"], "1");
    }
}

#[test]
fn what_is_removed_says_so_once_and_settles() {
    let mut suite = pool();
    let response = suite
        .staking_event(json!({"validator_removed": {"validator": "@@v1"}}))
        .unwrap();
    event(&response, "remove_validator");
    assert_eq!(event(&response, "power_changed")["power"], "0");
}
