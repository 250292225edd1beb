//! Units: how many places of shares count, and what is told of them.

use serde_json::{Value, json};
use testkit::fee_pool::FeePoolSuite;

use super::hooks_source::{
    chain_commission, chain_tokens, juno_delegation, juno_validator, neutron_delegation,
    neutron_slash, neutron_validator, pool as hooked, sudo,
};
use crate::support::{block, books_hold_and_all_is_split, claimable, event, events, plain_split};

fn pool(share_places: u8) -> FeePoolSuite {
    let mut suite = plain_split()
        .with("share_places", json!(share_places))
        .build()
        .unwrap();
    suite.create_validator("v1", "0").unwrap();
    suite.set_power("v1", 1).unwrap();
    suite
}

/// Shares that a lone delegator has made so dear that others get next to none of them.
const DEAR: [(&str, &str, u128); 3] = [
    ("mallory", "0.000001000000751686", 370),
    ("alice", "0.000000900000218085", 333),
    ("bob", "0.000000800000257524", 296),
];

#[test]
fn dear_shares_are_paid_by_all_their_places() {
    let mut suite = hooked("juno");
    sudo(&mut suite, juno_validator("after_validator_created"));
    suite.set_power("v1", 1).unwrap();
    let changed = "after_delegation_modified";
    for (delegator, shares, _) in DEAR {
        let response = sudo(&mut suite, juno_delegation(changed, delegator, shares));
        assert!(events(&response, "units_truncated").is_empty());
    }
    suite
        .execute(
            "owner",
            json!({"staking_event": {"commission_changed": {
                "validator": "@@v1", "rate": "0",
            }}}),
        )
        .unwrap();
    block(&mut suite, &[(1000, "uatom")], None);
    for (delegator, _, paid) in DEAR {
        assert_eq!(claimable(&suite, delegator, "v1", "uatom"), paid);
    }
    books_hold_and_all_is_split(&suite);
}

#[test]
fn whoever_loses_more_than_a_millionth_to_cut_places_is_told() {
    for (share_places, shares, units, is_told) in [
        (6, "0.000000900000218085", "0", true),
        (6, "0.000001000000751686", "1", false),
        (6, "0.000001000001000002", "1", true),
        (6, "1.000000999999999999", "1000000", false),
        (6, "0.999999999999999999", "999999", false),
        (6, "0.500000999999999999", "500000", true),
        (6, "5.000000000000000000", "5000000", false),
        (0, "1.999999999999999999", "1", true),
        (0, "1000000.999999999999999999", "1000000", false),
        (0, "1000000.000000000000000001", "1000000", false),
        (0, "0.000000000000000001", "0", true),
        (0, "0", "0", false),
        (18, "0.000000000000000001", "1", false),
    ] {
        let mut suite = pool(share_places);
        let response = suite.set_shares("alice", "v1", shares).unwrap();
        let case = format!("{shares} with {share_places} places");
        assert_eq!(
            event(&response, "delegation_changed")["units"],
            units,
            "{case}"
        );
        let told = events(&response, "units_truncated");
        assert_eq!(told.len(), usize::from(is_told), "{case}");
        for told in told {
            assert_eq!(told["units"], units);
            assert_eq!(told["delegator"], suite.account("alice").as_str());
            assert_eq!(told["validator"], suite.operator("v1"));
        }
    }
}

/// Tokens over the exchange rate are no whole number of units.
#[test]
fn tokens_that_are_cut_by_the_exchange_rate_are_told_alike() {
    for (share_places, is_told) in [(0, true), (6, false)] {
        let mut suite = plain_split()
            .with("source", json!({"hooks": {"dialect": "neutron"}}))
            .with("share_places", json!(share_places))
            .build()
            .unwrap();
        sudo(&mut suite, neutron_validator("after_validator_created"));
        sudo(&mut suite, neutron_slash("0.4"));
        chain_commission(&mut suite, 0, 100);
        chain_tokens(&mut suite, "alice", 100);
        let hook = neutron_delegation("after_delegation_modified", "alice");
        let by_hook = sudo(&mut suite, hook);
        // Away and back, as the owner says it.
        let correction = |tokens: &str| {
            json!({"staking_event": {"delegation_changed": {
                "delegator": "@alice", "validator": "@@v1", "shares": tokens,
            }}})
        };
        suite.execute("owner", correction("0")).unwrap();
        let by_correction = suite.execute("owner", correction("100")).unwrap();
        for response in [by_hook, by_correction] {
            let told = events(&response, "units_truncated");
            assert_eq!(told.len(), usize::from(is_told), "{share_places} places");
        }
    }
}

/// An indexer knows the units of every delegation from events alone.
#[test]
fn every_change_of_units_has_its_event() {
    let told = |response: &cw_multi_test::AppResponse| -> Vec<String> {
        events(response, "delegation_changed")
            .into_iter()
            .map(|event| event["units"].clone())
            .collect()
    };
    let mut suite = plain_split().with("active", json!(false)).build().unwrap();
    suite.create_validator("v1", "0").unwrap();
    let line = |shares: &str| json!({"delegator": "@alice", "validator": "@@v1", "shares": shares});
    let import = |shares: &str| -> Value { json!({"import": {"delegations": [line(shares)]}}) };
    for (shares, units) in [("1", "1000000000000000000"), ("2.5", "2500000000000000000")] {
        let response = suite.execute("owner", import(shares)).unwrap();
        assert_eq!(told(&response), [units]);
    }
    let response = suite.set_shares("alice", "v1", "3").unwrap();
    assert_eq!(told(&response), ["3000000000000000000"]);
    let response = suite.execute("owner", import("4")).unwrap();
    assert!(told(&response).is_empty());
    let response = suite.set_shares("alice", "v1", "0").unwrap();
    assert_eq!(told(&response), ["0"]);

    let mut suite = hooked("juno");
    sudo(&mut suite, juno_validator("after_validator_created"));
    for (hook, units) in [
        ("after_delegation_modified", "1500000000000000000"),
        ("before_delegation_removed", "0"),
    ] {
        let response = sudo(&mut suite, juno_delegation(hook, "alice", "1.5"));
        assert_eq!(told(&response), [units], "{hook}");
    }
    let mut suite = hooked("neutron");
    sudo(&mut suite, neutron_validator("after_validator_created"));
    chain_commission(&mut suite, 0, 100);
    chain_tokens(&mut suite, "alice", 7);
    for (hook, units) in [
        ("after_delegation_modified", "7000000000000000000"),
        ("before_delegation_removed", "0"),
    ] {
        let response = sudo(&mut suite, neutron_delegation(hook, "alice"));
        assert_eq!(told(&response), [units], "{hook}");
    }
}
