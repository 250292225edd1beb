//! What is taken and what is refused.

use super::*;
use crate::ledger::{LedgerError, ReceivedBound};

#[test]
fn rates_are_read_exactly() {
    let atomics = |text: &str| rate(text).atomics();
    assert_eq!(atomics("0"), 0);
    assert_eq!(atomics("1"), 1_000_000_000_000_000_000);
    assert_eq!(atomics("1.000"), 1_000_000_000_000_000_000);
    assert_eq!(atomics("0.02"), 20_000_000_000_000_000);
    assert_eq!(atomics("0.000000000000000001"), 1);
    assert_eq!(atomics("00.5"), 500_000_000_000_000_000);
    for text in ["0", "1", "0.02", "0.000000000000000001"] {
        assert_eq!(rate(text).to_string(), text);
    }
    assert_eq!(rate("0.3").complement(), rate("0.7"));
}

#[test]
fn what_is_no_rate_is_refused() {
    for text in [
        "",
        ".",
        ".5",
        "1.",
        "-0.1",
        "+0.1",
        "1.000000000000000001",
        "2",
        "0.0000000000000000001",
        "1e-3",
        "0.1.2",
        " 0.1",
        "99999999999999999999999",
    ] {
        assert_eq!(
            text.parse::<Fraction>(),
            Err(LedgerError::BadFraction {
                text: text.to_owned()
            })
        );
    }
}

#[test]
fn tax_and_proposer_rewards_are_at_most_everything() {
    let params = |bonus| FeeParams {
        community_tax: rate("0.5"),
        base_proposer_reward: rate("0.25"),
        bonus_proposer_reward: rate(bonus),
        equal_share: Fraction::ONE,
    };
    let too_much = params("0.250000000000000001");
    assert_eq!(
        FeeLedger::new(too_much).unwrap_err(),
        LedgerError::BadParams
    );
    let mut ledger = FeeLedger::new(params("0.25")).unwrap();
    assert_eq!(ledger.set_params(too_much), Err(LedgerError::BadParams));
}

#[test]
fn total_power_stays_below_its_bound() {
    let mut ledger = with_powers(FeeParams::default(), &[1 << 62, (1 << 62) - 1]);
    block(&mut ledger, 1000, Some("v1"), u64::MAX);
    ledger.set_power("v2", 1 << 62);
    let fees = BlockFees {
        fees: &[],
        proposer: None,
        signed_power: 0,
    };
    assert_eq!(
        ledger.begin_block(&fees),
        Err(LedgerError::PowerBound {
            total_power: 1 << 63
        })
    );
}

#[test]
fn units_stay_within_their_bound() {
    let most = 10_u128.pow(34);
    let mut ledger = FeeLedger::new(FeeParams::default()).unwrap();
    ledger.set_units("a", "v", most - 1).unwrap();
    ledger.set_units("b", "v", 1).unwrap();
    let refused = Err(LedgerError::UnitsBound {
        validator: "v".to_owned(),
    });
    assert_eq!(ledger.set_units("b", "v", 2), refused);
    assert_eq!(ledger.set_units("b", "v", u128::MAX), refused);
    ledger.reward_validator("v", DENOM, 1000).unwrap();
    assert_eq!(earned(&ledger, "b", "v"), ratio(1000, 10_i128.pow(34)));
}

#[test]
fn receipts_stay_within_their_bound_all_or_none() {
    let mut ledger = with_powers(FeeParams::default(), &[100]);
    ledger.fund_community_pool(DENOM, u128::MAX - 1).unwrap();
    let fees = [
        DenomAmount {
            denom: "other",
            amount: 5,
        },
        DenomAmount {
            denom: DENOM,
            amount: 2,
        },
    ];
    let fees = BlockFees {
        fees: &fees,
        proposer: None,
        signed_power: 0,
    };
    assert_eq!(
        ledger.begin_block(&fees),
        Err(LedgerError::ReceivedBound(ReceivedBound {
            denom: DENOM.to_owned()
        }))
    );
    assert_eq!(ledger.total_received("other"), 0);
    assert_eq!(ledger.total_received(DENOM), u128::MAX - 1);
    ledger.check_conservation().unwrap();
}

#[test]
fn an_unknown_validator_cannot_be_rewarded_or_removed() {
    let mut ledger = FeeLedger::new(FeeParams::default()).unwrap();
    let unknown = Err(LedgerError::UnknownValidator {
        validator: "v".to_owned(),
    });
    assert_eq!(ledger.reward_validator("v", DENOM, 1), unknown);
    assert_eq!(ledger.remove_validator("v"), unknown);
    assert_eq!(ledger.total_received(DENOM), 0);
}
