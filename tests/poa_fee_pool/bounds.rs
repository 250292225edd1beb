//! Powers and receipts have bounds. Receipts above theirs wait in the balance; they block no
//! checkpoint, withdrawal or change of powers.

use cosmwasm_std::{Coin, coin};
use serde_json::json;
use testkit::expect::{event, has, refused, refused_with};

use crate::support::{pool, powers, withdrawable};

#[test]
fn the_total_power_stays_below_2_to_the_63() {
    let mut suite = pool(&[("v1", 1), ("v2", 1)]);
    let most = (1u64 << 63) - 2;
    suite.set_powers(&[("v1", most)]).unwrap();
    refused(
        &mut suite,
        "owner",
        powers(&[("v2", "2")]),
        &["9223372036854775808", "not below 2^63"],
    );
    for power in [
        "9223372036854775808",
        "18446744073709551616",
        "340282366920938463463374607431768211455",
    ] {
        refused(
            &mut suite,
            "owner",
            powers(&[("v2", power)]),
            &[power, "not below 2^63"],
        );
    }
    let weight =
        json!({"update_members": {"remove": [], "add": [{"addr": "@v3", "weight": u64::MAX}]}});
    refused(&mut suite, "owner", weight, &["18446744073709551615"]);
    // The bound is for the total after the batch, whatever the order within it.
    suite.set_powers(&[("v2", most), ("v1", 1)]).unwrap();
    suite.fees(1u128 << 63).unwrap();
    suite.checkpoint().unwrap();
    suite.assert_sound("uatom");
    let expected = ((1u128 << 63) / ((1u128 << 63) - 1)).to_string();
    assert!(suite.withdrawable("v1").unwrap().starts_with(&expected));
}

#[test]
fn the_largest_receipts_and_powers_overflow_nothing() {
    let mut suite = pool(&[("v1", (1 << 63) - 1)]);
    let fees = suite.account("fees");
    suite
        .chain
        .mint(&fees, &[coin(u128::MAX - 10u128.pow(30), "uatom")])
        .unwrap();
    suite.fees(u128::MAX).unwrap();
    suite.withdraw("v1").unwrap();
    // The carry is below one point per unit of power, so at most one coin is not paid.
    assert!(has(&suite, "v1", "uatom") >= u128::MAX - 1);
    suite.assert_sound("uatom");
}

#[test]
fn receipts_above_the_bound_wait_with_an_event() {
    let mut suite = pool(&[("v1", 1)]);
    let fees = suite.account("fees");
    let huge = Coin::new(u128::MAX - 10u128.pow(30) - 5, "uatom");
    suite.chain.mint(&fees, &[huge]).unwrap();
    suite.fees(u128::MAX - 5).unwrap();
    suite.withdraw("v1").unwrap();
    suite.send("v1", "fees", 100, "uatom").unwrap();
    suite.fees(8).unwrap();

    let response = suite.checkpoint().unwrap();
    assert_eq!(event(&response, "receipt_bound")["uncollected"], "3");
    assert_eq!(event(&response, "checkpoint")["amount"], "5uatom");
    assert_eq!(withdrawable(&suite, &["v1"]), ["5"]);
    suite.withdraw("v1").unwrap();
    suite.set_powers(&[("v1", 7)]).unwrap();
    assert_eq!(has(&suite, "pool", "uatom"), 3);
    let funds = vec![coin(1, "uatom")];
    refused_with(
        &mut suite,
        "fees",
        json!({"deposit": {}}),
        funds,
        &["2^128 - 1"],
    );
    suite.assert_sound("uatom");
}
