//! What the lazy accounting shows of itself, and F1 does not.

use cosmwasm_std::{Coin, Int512, Uint256};
use num_bigint::BigInt;
use num_rational::BigRational;
use oracles::ledger::{FeeLedger, FeeParams, Recipient};
use serde_json::{Value, json};
use testkit::fee_pool::{AccountingKind, Commit, FeePoolBuilder, FeePoolSuite, Harness, Operation};

use crate::support::{event, everything};

const PERCENT: u64 = 10_000_000_000_000_000;

fn lazy() -> FeePoolBuilder {
    FeePoolSuite::builder().accounting(AccountingKind::Lazy)
}

fn harness() -> Harness {
    let ledger = FeeLedger::new(FeeParams::default()).unwrap();
    Harness::new(lazy().build().unwrap(), ledger).unwrap()
}

fn delegation_adjustment(delegator: &str, validator: &str) -> Value {
    json!({"delegation_adjustment": {
        "delegator": format!("@{delegator}"), "validator": format!("@@{validator}"),
    }})
}

fn commission_adjustment(validator: &str) -> Value {
    json!({"commission_adjustment": {"validator": format!("@@{validator}")}})
}

/// Points of one pool, as an answer shows them.
struct Shown {
    simple_pool: Uint256,
    projected_pool: Uint256,
    adjustment: Int512,
}

fn shown(answer: &Value, pool: &str) -> Shown {
    let text = |field: &str| answer["denoms"][0][pool][field].as_str().unwrap();
    Shown {
        simple_pool: text("simple_pool").parse().unwrap(),
        projected_pool: text("projected_pool").parse().unwrap(),
        adjustment: text("adjustment").parse().unwrap(),
    }
}

impl Shown {
    /// In base units.
    fn entitlement(&self) -> BigRational {
        let points = Int512::from(self.simple_pool) - self.adjustment;
        let points: BigInt = points.to_string().parse().unwrap();
        BigRational::new(points, BigInt::from(10u8).pow(36))
    }
}

/// The worked example of the specification without its withdrawals, so that everything that was
/// earned is there to be seen.
fn reference_history() -> Vec<Operation> {
    let create = |validator: &str, percent: u64| Operation::CreateValidator {
        validator: validator.into(),
        commission_atomics: percent * PERCENT,
    };
    let power = |validator: &str, power: u64| Operation::SetPower {
        validator: validator.into(),
        power,
    };
    let shares = |delegator: &str, validator: &str, shares: u128| Operation::SetShares {
        delegator: delegator.into(),
        validator: validator.into(),
        shares,
    };
    let block = |fees: u128, proposer: &str, absent: &[&str]| Operation::Block {
        fees: vec![fees],
        proposer: Some(proposer.into()),
        commit: Commit::SignedPower {
            absent: absent.iter().map(ToString::to_string).collect(),
        },
    };
    vec![
        create("v1", 10),
        create("v2", 0),
        power("v1", 100),
        power("v2", 100),
        shares("a", "v1", 100),
        shares("b", "v2", 100),
        block(1000, "v1", &[]),
        shares("c", "v1", 200),
        power("v1", 300),
        block(1000, "v2", &[]),
        Operation::SetCommission {
            validator: "v1".into(),
            commission_atomics: 20 * PERCENT,
        },
        block(1000, "v1", &["v2"]),
        power("v1", 150),
        block(500, "v1", &[]),
        shares("b", "v2", 50),
        power("v2", 50),
        block(1000, "v2", &[]),
        power("v1", 0),
        block(100, "v2", &[]),
        power("v1", 150),
    ]
}

fn exact(numerator: i64, denominator: i64) -> BigRational {
    BigRational::new(numerator.into(), denominator.into())
}

/// At most a thousand points are lost to roundings, 10^-33 base units.
#[track_caller]
fn is_nearly(found: &BigRational, expected: &BigRational) {
    let short = expected - found;
    let allowed = BigRational::new(BigInt::from(1_000), BigInt::from(10u8).pow(36));
    assert!(
        short >= exact(0, 1) && short < allowed,
        "{found}, expected {expected}"
    );
}

#[test]
fn simple_pools_less_adjustments_are_the_totals_of_the_specification() {
    let mut harness = harness();
    for operation in &reference_history() {
        harness.apply(operation).unwrap();
    }
    let answer = |query: Value| harness.suite.query(query).unwrap();
    let expected = [
        (
            answer(delegation_adjustment("a", "v1")),
            exact(107_615, 100),
            exact(187, 3),
        ),
        (
            answer(delegation_adjustment("b", "v2")),
            exact(1_444, 1),
            exact(105, 1),
        ),
        (
            answer(delegation_adjustment("c", "v1")),
            exact(13_153, 10),
            exact(104, 3),
        ),
        (
            answer(commission_adjustment("v1")),
            exact(45_255, 100),
            exact(18, 1),
        ),
    ];
    for (answer, global, proposer) in &expected {
        is_nearly(&shown(answer, "global").entitlement(), global);
        is_nearly(&shown(answer, "proposer").entitlement(), proposer);
    }
    let received: BigRational = expected.iter().map(|(_, global, _)| global).sum();
    assert_eq!(received, exact(4_288, 1));
}

#[test]
fn what_is_shown_is_what_is_owed_and_asking_changes_nothing() {
    let mut harness = harness();
    for operation in &reference_history() {
        harness.apply(operation).unwrap();
        let before = everything(&harness.suite);
        for recipient in harness.ledger.recipients() {
            let query = match recipient {
                Recipient::CommunityPool => continue,
                Recipient::Commission { validator } => commission_adjustment(validator),
                Recipient::Delegation {
                    delegator,
                    validator,
                } => delegation_adjustment(delegator, validator),
            };
            let answer = harness.suite.query(query).unwrap();
            let shown =
                shown(&answer, "global").entitlement() + shown(&answer, "proposer").entitlement();
            let owed = BigRational::new(
                harness.points(recipient).unwrap().remove(0),
                BigInt::from(10u8).pow(36),
            );
            // Shown are the simple pool rounded down and the adjustment rounded up.
            is_nearly(&shown, &owed);
        }
        assert!(everything(&harness.suite) == before);
    }
}

#[test]
fn a_projected_pool_has_the_shares_from_before_the_newest_change_until_it() {
    let mut suite = lazy()
        .with("params", crate::support::only_votes())
        .build()
        .unwrap();
    for validator in ["v1", "v2"] {
        suite.create_validator(validator, "0").unwrap();
        suite.set_power(validator, 100).unwrap();
    }
    suite.set_shares("alice", "v1", "1").unwrap();
    let signed = json!({"signed_power": "1000"});
    suite.block(1000, None, signed.clone()).unwrap();
    let gift = json!({"deposit_validator_rewards": {"allocations": [
        {"validator": "@@v1", "amount": [{"denom": "uatom", "amount": "7"}]},
    ]}});
    suite
        .execute_with("fees", gift, vec![Coin::new(7u128, "uatom")])
        .unwrap();
    suite.set_power("v2", 300).unwrap();
    suite.block(1000, None, signed).unwrap();
    let answer = suite.query(delegation_adjustment("alice", "v1")).unwrap();
    let global = shown(&answer, "global");
    let coins = |amount: u128| Uint256::from(amount) * Uint256::from(10u128.pow(36));
    assert_eq!(global.simple_pool, coins(500));
    assert_eq!(global.projected_pool, coins(750));
    assert_eq!(
        global.adjustment,
        Int512::from(coins(500)) - Int512::from(coins(750))
    );
    // Another validator's change is none of the own proposer pool.
    let proposer = shown(&answer, "proposer");
    assert_eq!(proposer.simple_pool, coins(7));
    assert_eq!(proposer.projected_pool, coins(7));
    assert!(proposer.adjustment.is_zero());

    // Its own change is: alone, alice had all of it.
    suite.set_shares("bob", "v1", "1").unwrap();
    let answer = suite.query(delegation_adjustment("alice", "v1")).unwrap();
    let proposer = shown(&answer, "proposer");
    assert_eq!(proposer.simple_pool, coins(7) / Uint256::from(2u128));
    assert_eq!(proposer.projected_pool, coins(7));
    assert_eq!(
        proposer.adjustment,
        Int512::from(proposer.simple_pool) - Int512::from(coins(7))
    );
}

#[test]
fn power_changes_are_listed_in_pages_with_what_was_there_before_and_after() {
    let mut suite = lazy().build().unwrap();
    suite.create_validator("v1", "0.1").unwrap();
    suite.set_power("v1", 100).unwrap();
    suite.set_shares("alice", "v1", "2.5").unwrap();
    suite
        .block(1000, Some("v1"), json!({"signed_power": "100"}))
        .unwrap();
    suite
        .staking_event(json!({"commission_changed": {"validator": "@@v1", "rate": "0.2"}}))
        .unwrap();
    let page = |start_after: Value, limit: u32| {
        let query = json!({"power_changes": {"start_after": start_after, "limit": limit}});
        suite.query(query).unwrap()["power_changes"].clone()
    };
    let all = page(Value::Null, 100);
    let snapshot = |power: u64, units: u64, rate: &str| {
        json!({
            "power": power.to_string(), "units": units.to_string(), "commission_rate": rate,
            "total_power": power.to_string(), "active_validators": u32::from(power > 0),
        })
    };
    let change = |sequence: u64, before: Value, after: Value, received: [u64; 2]| {
        let points = |coins: u64| {
            (Uint256::from(u128::from(coins)) * Uint256::from(10u128.pow(36))).to_string()
        };
        json!({
            "sequence": sequence,
            "validator": suite.operator("v1"),
            "before": before,
            "after": after,
            "received": [{
                "denom": "uatom", "by_power": points(received[0]), "equally": "0",
                "proposer": points(received[1]),
            }],
        })
    };
    let expected = json!([
        change(1, snapshot(0, 0, "0.1"), snapshot(100, 0, "0.1"), [0, 0]),
        change(
            2,
            snapshot(100, 0, "0.1"),
            snapshot(100, 2_500_000_000_000_000_000, "0.1"),
            [0, 0]
        ),
        change(
            3,
            snapshot(100, 2_500_000_000_000_000_000, "0.1"),
            snapshot(100, 2_500_000_000_000_000_000, "0.2"),
            [930, 50]
        ),
    ]);
    assert_eq!(all, expected);
    assert_eq!(page(Value::Null, 2), json!([all[0], all[1]]));
    assert_eq!(page(json!(2), 2), json!([all[2]]));
    assert_eq!(page(json!(3), 2), json!([]));
    let error = suite
        .query(json!({"power_changes": {"limit": 0}}))
        .unwrap_err();
    assert!(error.to_string().contains("limit"), "{error}");
}

#[test]
fn indexes_have_no_adjustments_to_show() {
    let mut suite = FeePoolSuite::builder().build().unwrap();
    suite.create_validator("v1", "0.1").unwrap();
    for query in [
        delegation_adjustment("alice", "v1"),
        commission_adjustment("v1"),
        json!({"power_changes": {}}),
    ] {
        let name = query.as_object().unwrap().keys().next().unwrap().clone();
        let error = suite.query(query).unwrap_err().to_string();
        for part in [&name, "lazy-fee-pool", "F1"] {
            assert!(error.contains(part), "{error}");
        }
    }
}

#[test]
fn adjustments_of_whom_the_pool_does_not_know_are_refused_or_nothing() {
    let mut suite = lazy().build().unwrap();
    suite.create_validator("v1", "0.1").unwrap();
    let error = suite.query(commission_adjustment("v2")).unwrap_err();
    assert!(error.to_string().contains("unknown"), "{error}");
    let nothing = json!({"simple_pool": "0", "projected_pool": "0", "adjustment": "0"});
    assert_eq!(
        suite.query(delegation_adjustment("alice", "v1")).unwrap(),
        json!({"denoms": [{"denom": "uatom", "global": nothing, "proposer": nothing}]})
    );
}

#[test]
fn nothing_waits_to_be_split() {
    let mut suite = lazy().build().unwrap();
    suite.create_validator("v1", "0.1").unwrap();
    suite.set_power("v1", 100).unwrap();
    suite.set_shares("alice", "v1", "1").unwrap();
    let response = suite
        .block(1000, Some("v1"), json!({"signed_power": "100"}))
        .unwrap();
    assert_eq!(event(&response, "proposer_reward")["amount"], "50uatom");
    let of = |name: &str| suite.query(json!({ name: {"validator": "@@v1"} })).unwrap();
    assert_eq!(of("validator_current_rewards")["rewards"], json!([]));
    assert_eq!(
        of("validator_commission")["claimable"],
        json!([{"denom": "uatom", "amount": "98"}])
    );
    assert_eq!(
        of("validator_outstanding_rewards")["claimable"],
        json!([{"denom": "uatom", "amount": "980"}])
    );
}
