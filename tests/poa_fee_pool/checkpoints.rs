//! Fees are allocated at checkpoints, by the powers in force until then.

use serde_json::json;
use testkit::expect::{coins, event, events, has};
use testkit::poa_pool::PoaSuite;

use crate::support::{checkpoint, pool, withdrawable};

/// The worked example of the README: a balance of 1000, of which 400 are allocated, 200 to each of two equal
/// validators; then the powers become 30 and 70.
#[test]
fn a_power_change_allocates_by_the_powers_until_then() {
    let fees = json!([{"denom": "uatom", "amount": "200"}]);
    let mut suite = PoaSuite::builder()
        .with(
            "validators",
            json!([
                {"operator": "@v1", "power": "50", "fees": fees},
                {"operator": "@v2", "power": "50", "fees": fees},
            ]),
        )
        .funds(400, "uatom")
        .build()
        .unwrap();
    suite.fees(600).unwrap();
    assert_eq!(
        checkpoint(&suite),
        json!({
            "balance": coins(&[(1000, "uatom")]),
            "total_allocated": coins(&[(400, "uatom")]),
            "unallocated": coins(&[(600, "uatom")]),
        })
    );
    let response = suite.set_powers(&[("v1", 30), ("v2", 70)]).unwrap();
    let event = event(&response, "checkpoint");
    assert_eq!(
        (event["total_power"].as_str(), event["amount"].as_str()),
        ("100", "600uatom")
    );
    assert_eq!(withdrawable(&suite, &["v1", "v2"]), ["500", "500"]);
    assert_eq!(
        checkpoint(&suite)["total_allocated"],
        coins(&[(1000, "uatom")])
    );
    suite.assert_sound("uatom");

    suite.fees(100).unwrap();
    assert_eq!(withdrawable(&suite, &["v1", "v2"]), ["530", "570"]);
}

#[test]
fn a_withdrawal_is_a_checkpoint_and_keeps_the_fraction() {
    let mut suite = pool(&[("v1", 100), ("v2", 200)]);
    suite.fees(10).unwrap();
    assert_eq!(
        withdrawable(&suite, &["v1", "v2"]),
        ["3.333333333333333333", "6.666666666666666666"]
    );
    suite.withdraw("v1").unwrap();
    assert_eq!(has(&suite, "v1", "uatom"), 3);
    assert_eq!(suite.withdrawable("v1").unwrap(), "0.333333333333333333");

    suite.fees(10).unwrap();
    assert_eq!(suite.withdrawable("v1").unwrap(), "3.666666666666666666");
    suite.withdraw("v1").unwrap();
    assert_eq!(has(&suite, "v1", "uatom"), 6);
    assert_eq!(suite.withdrawable("v1").unwrap(), "0.666666666666666666");
    assert_eq!(suite.withdrawable("v2").unwrap(), "13.333333333333333333");
    suite.assert_sound("uatom");
}

#[test]
fn a_change_counts_for_later_fees_only() {
    let mut suite = pool(&[("v1", 100), ("v2", 100)]);
    suite.fees(200).unwrap();
    suite.set_powers(&[("v1", 200)]).unwrap();
    suite.fees(300).unwrap();
    assert_eq!(withdrawable(&suite, &["v1", "v2"]), ["300", "200"]);
    suite.assert_sound("uatom");
}

#[test]
fn a_joiner_earns_nothing_from_before() {
    let mut suite = pool(&[("v1", 100), ("v2", 100)]);
    suite.create_validator("v3").unwrap();
    suite.fees(200).unwrap();
    suite.set_powers(&[("v3", 100)]).unwrap();
    suite.fees(300).unwrap();
    assert_eq!(
        withdrawable(&suite, &["v1", "v2", "v3"]),
        ["200", "200", "100"]
    );
    suite.assert_sound("uatom");
}

/// Shares that are rounded half to even would add up to more than was received.
#[test]
fn six_equal_validators_share_one_base_unit_within_it() {
    let names = ["v1", "v2", "v3", "v4", "v5", "v6"];
    let mut suite = pool(&names.map(|name| (name, 1)));
    suite.fees(1).unwrap();
    suite.checkpoint().unwrap();
    let found = suite.invariants("uatom").unwrap();
    assert_eq!(found.difference, 0.into());
    let sixth = "166666666666666666666666666666666666";
    let operators: num_bigint::BigInt = sixth.parse::<num_bigint::BigInt>().unwrap() * 6;
    assert_eq!(found.classes.operators, operators);
    assert_eq!(found.classes.carry, 4.into());
    suite.assert_sound("uatom");

    for name in names {
        suite.withdraw(name).unwrap();
        assert_eq!(has(&suite, name, "uatom"), 0);
    }
    suite.fees(5).unwrap();
    let paid: u128 = names
        .into_iter()
        .map(|name| {
            suite.withdraw(name).unwrap();
            has(&suite, name, "uatom")
        })
        .sum();
    assert!(paid <= 6, "{paid} of 6");
    suite.assert_sound("uatom");
}

#[test]
fn without_validators_fees_wait_for_the_first_active_set() {
    let mut suite = pool(&[]);
    suite.create_validator("v1").unwrap();
    suite.create_validator("v2").unwrap();
    suite.fees(90).unwrap();
    let response = suite.checkpoint().unwrap();
    assert!(events(&response, "checkpoint").is_empty());
    assert_eq!(checkpoint(&suite)["unallocated"], coins(&[(90, "uatom")]));
    assert_eq!(suite.withdrawable("v1").unwrap(), "0");

    suite.set_powers(&[("v1", 1), ("v2", 2)]).unwrap();
    assert_eq!(withdrawable(&suite, &["v1", "v2"]), ["30", "60"]);
    suite.assert_sound("uatom");
}

#[test]
fn direct_transfers_and_deposits_are_fees_alike() {
    let mut suite = pool(&[("v1", 1)]);
    suite.fees(30).unwrap();
    let funds = vec![cosmwasm_std::coin(12, "uatom")];
    let response = suite
        .execute_with("fees", json!({"deposit": {}}), funds)
        .unwrap();
    assert_eq!(event(&response, "deposit")["amount"], "12uatom");
    suite.withdraw("v1").unwrap();
    assert_eq!(has(&suite, "v1", "uatom"), 42);
    suite.assert_sound("uatom");
}

#[test]
fn a_checkpoint_without_fees_changes_nothing() {
    let mut suite = pool(&[("v1", 3), ("v2", 4)]);
    suite.fees(1).unwrap();
    suite.checkpoint().unwrap();
    let before = suite.dump();
    let response = suite.checkpoint().unwrap();
    assert!(events(&response, "checkpoint").is_empty());
    assert_eq!(suite.dump(), before);
    suite.assert_sound("uatom");
}

/// The remainder of a division joins the next one, whatever the powers are by then.
#[test]
fn the_carry_is_allocated_with_the_next_fees() {
    let mut suite = pool(&[("v1", 7), ("v2", 6)]);
    suite.fees(1).unwrap();
    suite.set_powers(&[("v1", 1), ("v2", 0)]).unwrap();
    let carry = suite.invariants("uatom").unwrap().classes.carry;
    assert!(carry > 0.into());
    suite.fees(1).unwrap();
    suite.checkpoint().unwrap();
    assert_eq!(suite.invariants("uatom").unwrap().classes.carry, 0.into());
    suite.assert_sound("uatom");
}
