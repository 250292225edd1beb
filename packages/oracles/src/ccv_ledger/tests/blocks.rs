//! How a block's fees are split.

use proptest::prelude::*;

use super::*;
use crate::ledger::{BlockFees, FeeLedger, FeeParams, Recipient};

#[test]
fn the_consumer_part_is_floored_and_the_provider_gets_the_rest() {
    let ledger = ConsumerLedger::new(params("0.75")).unwrap();
    for (fees, consumer, provider) in [
        (1, 0, 1),
        (2, 1, 1),
        (99, 74, 25),
        (100, 75, 25),
        (101, 75, 26),
        (1_000_003, 750_002, 250_001),
    ] {
        assert_eq!(ledger.split(fees), FeeSplit { consumer, provider });
    }
}

#[test]
fn the_proposer_gets_base_bonus_and_its_share() {
    let mut ledger = ConsumerLedger::with_powers(&[100, 100]);
    ledger.fees(100, "v2");
    assert_eq!(ledger.pools(&["v1", "v2"]), [ratio(95, 2), ratio(105, 2)]);
}

#[test]
fn the_bonus_follows_the_power_that_signed() {
    let mut ledger = ConsumerLedger::with_powers(&[300, 100]);
    ledger.signed_fees(1000, "v1", 300);
    // 0.01 + 0.04 * 3/4 = 4 %; the other 960 by power.
    assert_eq!(ledger.pools(&["v1", "v2"]), [ratio(760, 1), ratio(240, 1)]);
}

#[test]
fn a_validator_without_power_earns_nothing_and_keeps_what_it_earned() {
    let mut ledger = ConsumerLedger::with_powers(&[100, 100]);
    ledger.fees(200, "v2");
    ledger.set_power("v1", 0);
    ledger.fees(200, "v2");
    assert_eq!(ledger.pools(&["v1", "v2"]), [ratio(95, 1), ratio(305, 1)]);
}

#[test]
fn the_part_of_an_unknown_proposer_joins_the_next_block() {
    let mut ledger = ConsumerLedger::with_powers(&[1, 1]);
    ledger.fees(100, "stranger");
    assert_eq!(ledger.pending(DENOM), ratio(5, 1));
    assert_eq!(ledger.pools(&["v1", "v2"]), [ratio(95, 2), ratio(95, 2)]);
    ledger.fees(95, "v1");
    assert_eq!(ledger.pending(DENOM), ratio(0, 1));
    assert_eq!(ledger.pools(&["v1", "v2"]), [ratio(100, 1), ratio(95, 1)]);
}

#[test]
fn who_left_and_has_nothing_is_forgotten_and_unknown_as_a_proposer() {
    let mut ledger = ConsumerLedger::with_powers(&[1, 1]);
    ledger.fees(100, "v1");
    assert_eq!(
        ledger.forget("v1").unwrap_err(),
        CcvLedgerError::HasPower {
            validator: "v1".into()
        }
    );
    ledger.set_power("v1", 0);
    assert!(matches!(
        ledger.forget("v1").unwrap_err(),
        CcvLedgerError::Claim(ClaimError::TooLittle { .. })
    ));
    ledger.closes();
    ledger.forget("v1").unwrap();
    ledger.fees(100, "v1");
    assert_eq!(ledger.pool(DENOM, "v1"), whole(0));
    assert_eq!(ledger.pending(DENOM), whole(5));
}

#[test]
fn a_block_without_power_is_pending_and_not_split_again() {
    let mut ledger = ConsumerLedger::new(params("0.75")).unwrap();
    ledger.fees(100, "v1");
    assert_eq!(ledger.pending(DENOM), ratio(25, 1));
    ledger.set_power("v1", 1);
    ledger.fees(100, "v1");
    assert_eq!(ledger.pools(&["v1"]), [ratio(50, 1)]);
    assert_eq!(ledger.totals(DENOM).consumer, 150);
    assert_eq!(ledger.totals(DENOM).balance(150), ratio(50, 1));
}

#[test]
fn a_denom_without_fees_divides_what_is_pending() {
    let mut ledger = ConsumerLedger::new(params("0")).unwrap();
    ledger.fees(9, "v1");
    ledger.set_power("v1", 1);
    let block = ConsumerBlock {
        fees: &[],
        proposer: None,
        signed_power: 0,
    };
    ledger.block(&block).unwrap();
    // The unknown proposer's base waits once more.
    assert_eq!(ledger.pools(&["v1"]), [ratio(891, 100)]);
    assert_eq!(ledger.pending(DENOM), ratio(9, 100));
}

#[test]
fn denoms_are_split_apart() {
    let mut ledger = ConsumerLedger::with_powers(&[1, 3]);
    let fees =
        &[("a", 40), ("b", 80), ("a", 40)].map(|(denom, amount)| DenomAmount { denom, amount });
    let block = ConsumerBlock {
        fees,
        proposer: None,
        signed_power: 0,
    };
    ledger.block(&block).unwrap();
    for denom in ["a", "b"] {
        assert_eq!(ledger.pool(denom, "v1"), ratio(99, 5));
        assert_eq!(ledger.pool(denom, "v2"), ratio(297, 5));
        assert_eq!(ledger.pending(denom), ratio(4, 5));
    }
    assert_eq!(ledger.denoms().collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn what_cannot_be_split_is_refused_and_changes_nothing() {
    let mut ledger = ConsumerLedger::with_powers(&[1]);
    ledger.fees(u128::MAX - 1, "v1");
    let before = ledger.totals(DENOM);
    let fees = &[1, 1].map(|amount| DenomAmount {
        denom: DENOM,
        amount,
    });
    let mut block = ConsumerBlock {
        fees,
        proposer: None,
        signed_power: 0,
    };
    let error = ledger.block(&block).unwrap_err();
    assert!(matches!(error, CcvLedgerError::ReceivedBound(_)));
    ledger.set_power("v2", (1 << 63) - 1);
    block.fees = &[];
    let error = ledger.block(&block).unwrap_err();
    assert_eq!(
        error.to_string(),
        "total power 9223372036854775808 is not below 2^63"
    );
    assert_eq!(ledger.totals(DENOM), before);

    let base_proposer_reward = "0.97".parse().unwrap();
    let above_one = ConsumerParams {
        base_proposer_reward,
        ..params("0")
    };
    assert_eq!(ledger.set_params(above_one), Err(CcvLedgerError::BadParams));
}

#[test]
fn parameters_hold_from_the_next_block_on() {
    let mut ledger = ConsumerLedger::with_powers(&[1, 1]);
    ledger.fees(100, "v1");
    ledger.set_params(params("0.5")).unwrap();
    assert_eq!(ledger.totals(DENOM).consumer, 0);
    ledger.fees(100, "v1");
    assert_eq!(ledger.totals(DENOM).consumer, 50);
    assert_eq!(ledger.power("v1"), 1);
}

/// A block: the powers of two validators with at least one in sum, who proposes, fees, and the power
/// that signed.
fn blocks() -> impl Strategy<Value = Vec<(u64, u64, bool, u128, u64)>> {
    let block = (
        1..9_u64,
        0..9_u64,
        any::<bool>(),
        0..10_u128.pow(20),
        0..20_u64,
    );
    prop::collection::vec(block, 0..20)
}

proptest! {
    /// With a known proposer and power in every block, the pools are what a fee pool without a tax
    /// gives to operators whose commission is everything.
    #[test]
    fn pools_are_the_earnings_of_a_fee_pool_without_tax(blocks in blocks()) {
        let mut ledger = ConsumerLedger::with_powers(&[1, 0]);
        let mut fee_pool = FeeLedger::new(FeeParams {
            community_tax: Fraction::ZERO,
            ..FeeParams::default()
        })
        .unwrap();
        for validator in ["v1", "v2"] {
            fee_pool.create_validator(validator, Fraction::ONE);
        }
        for (first, second, second_proposes, amount, signed_power) in blocks {
            for (validator, power) in [("v1", first), ("v2", second)] {
                ledger.set_power(validator, power);
                fee_pool.set_power(validator, power);
            }
            let proposer = if second_proposes { "v2" } else { "v1" };
            ledger.signed_fees(amount, proposer, signed_power);
            let fees = &[DenomAmount { denom: DENOM, amount }];
            let block = BlockFees { fees, proposer: Some(proposer), signed_power };
            fee_pool.begin_block(&block).unwrap();
        }
        for validator in ["v1", "v2"] {
            let earned = fee_pool.earned(Recipient::Commission { validator }, DENOM);
            prop_assert_eq!(ledger.pool(DENOM, validator), earned);
        }
        prop_assert_eq!(ledger.pending(DENOM), ratio(0, 1));
    }
}
