//! The audit under the lazy accounting: what roundings leave is a class of its own, which only the
//! last page shows.

use cosmwasm_std::Uint256;
use serde_json::{Value, json};
use testkit::fee_pool::{AccountingKind, FeePoolSuite};

/// Powers that divide nothing evenly, two denoms, rewards and withdrawals.
fn pool(accounting: AccountingKind) -> FeePoolSuite {
    let mut suite = FeePoolSuite::builder()
        .accounting(accounting)
        .with("reward_denoms", json!(["uatom", "ubtc"]))
        .balance("fees", 1_000_000, "ubtc")
        .build()
        .unwrap();
    let signed = json!({"signed_power": "1000"});
    for (round, power) in [7u64, 11, 13].into_iter().enumerate() {
        for validator in ["v1", "v2", "v3"] {
            if round == 0 {
                suite.create_validator(validator, "0.07").unwrap();
            }
            suite.set_power(validator, power * 3 + 1).unwrap();
            suite
                .set_shares("alice", validator, &format!("{power}.3"))
                .unwrap();
            suite
                .set_shares("bob", validator, &format!("{round}.7"))
                .unwrap();
        }
        suite.send("fees", "pool", 500, "ubtc").unwrap();
        suite.block(1_000, Some("v2"), signed.clone()).unwrap();
        suite.withdraw("alice", "v1").unwrap();
    }
    suite
}

fn audit(suite: &FeePoolSuite, start_after: &Value, limit: u32) -> Value {
    let query = json!({"audit": {"start_after": start_after, "limit": limit}});
    suite.query(query).unwrap()
}

fn points(answer: &Value, denom: usize, class: &str) -> Option<Uint256> {
    let lines = answer["denoms"][denom]["liabilities"].as_array().unwrap();
    let line = lines.iter().find(|line| line["class"] == class)?;
    Some(line["points"].as_str().unwrap().parse().unwrap())
}

#[test]
fn pages_of_any_size_come_to_the_same_reserve() {
    let suite = pool(AccountingKind::Lazy);
    let invariants = suite.query(json!({"invariants": {}})).unwrap();
    let mut reserves = Vec::new();
    for page in [1, 2, 5, 100] {
        let mut found = [Uint256::zero(); 2];
        let mut start_after = Value::Null;
        let last = loop {
            let answer = audit(&suite, &start_after, page);
            for (denom, found) in found.iter_mut().enumerate() {
                *found += points(&answer, denom, "outstanding").unwrap();
            }
            start_after = answer["next"].clone();
            if start_after.is_null() {
                break answer;
            }
            assert_eq!(points(&answer, 0, "rounding_reserve"), None);
        };
        let reserve = [0, 1].map(|denom| points(&last, denom, "rounding_reserve").unwrap());
        for denom in [0, 1] {
            assert_eq!(
                found[denom] + reserve[denom],
                points(&invariants, denom, "outstanding").unwrap()
            );
        }
        reserves.push(reserve);
    }
    assert!(reserves.iter().all(|reserve| *reserve == reserves[0]));
    // Something was rounded, and it is far below a base unit.
    assert!(!reserves[0][0].is_zero());
    assert!(reserves[0].iter().all(|it| *it < Uint256::from(1_000u128)));
}

#[test]
fn indexes_keep_no_reserve() {
    let suite = pool(AccountingKind::F1);
    let answer = audit(&suite, &Value::Null, 100);
    assert!(answer["next"].is_null());
    assert_eq!(points(&answer, 0, "rounding_reserve"), None);
    let cursor = audit(&suite, &Value::Null, 1)["next"].clone();
    assert!(!cursor.as_str().unwrap().contains('#'));
}

#[test]
fn cursors_without_their_sums_are_refused() {
    let suite = pool(AccountingKind::Lazy);
    let cursor = audit(&suite, &Value::Null, 4)["next"].clone();
    let cursor = cursor.as_str().unwrap();
    let (place, sums) = cursor.split_once('#').unwrap();
    assert_eq!(sums.split(',').count(), 2);
    for text in [
        place.to_string(),
        format!("{place}#"),
        format!("{place}#x,0"),
        format!("{place}#-1,0"),
        format!("{place}#{sums},0"),
        format!("#{sums}"),
        format!("nobody#{sums}"),
    ] {
        let query = json!({"audit": {"start_after": text, "limit": 100}});
        let error = suite.query(query).unwrap_err().to_string();
        assert!(error.contains("is not a cursor"), "{text}: {error}");
    }
}

#[test]
fn pages_of_different_heights_that_find_too_much_say_so() {
    let mut suite = pool(AccountingKind::Lazy);
    // Everything of the first pages is withdrawn before the last one.
    let cursor = audit(&suite, &Value::Null, 9)["next"].clone();
    for delegator in ["alice", "bob"] {
        suite
            .execute(delegator, json!({"withdraw_delegation": {}}))
            .unwrap();
    }
    let query = json!({"audit": {"start_after": cursor, "limit": 100}});
    let error = suite.query(query).unwrap_err().to_string();
    assert!(error.contains("different heights"), "{error}");
}
