//! What the adjustments of validators and of all add up to.

use fee_pool_core::Lazy;
use num_traits::{Signed, Zero};
use proptest::prelude::*;

use crate::history::{Op, Run, SMALL, VALIDATORS, eighteen_decimals, ops, usual};
use crate::numbers::{Exact, points, ratio, whole};
use crate::oracle::OracleValidator;

/// A validator's share of everything the global pool ever received.
fn share_of_pool(run: &Run<Lazy>, record: &OracleValidator) -> Exact {
    let (by_power, equally) = (points(run.votes.by_power), points(run.votes.equally));
    if record.power == 0 {
        return Exact::zero();
    }
    by_power * ratio(record.power, run.oracle.total_power())
        + equally * ratio(1, run.oracle.active())
}

fn owed(record: &OracleValidator) -> Exact {
    let delegations = record.delegations.values();
    let of_delegations: Exact = delegations.map(|it| &it.account.owed).sum();
    of_delegations + &record.commission.owed
}

/// With `T` the power and `A` the adjustment of a validator, and everything brought up to date:
/// `(T / S) * E - A` is what is owed to its operator and delegators, and all adjustments are what
/// was received less what is left.
fn holds(ops: &[Op]) {
    let mut run = Run::<Lazy>::new();
    for op in ops {
        run.apply(op);
        for name in VALIDATORS {
            run.pool.settle(name);
        }
        let mut of_pool = Exact::zero();
        let mut outstanding = Exact::zero();
        let mut slack = Exact::zero();
        for (name, record) in &run.oracle.validators {
            let found = points(run.pool.outstanding_of(name));
            // What the operator's adjustments may lose, those of the validator may.
            let may = &record.commission.slack + whole(2);
            let off = (owed(record) - &found).abs();
            assert!(off < may, "{name} is {off} off, may be {may}");

            let delegations = record.delegations.keys();
            let claims: Exact = delegations
                .map(|delegator| points(run.pool.rewards(delegator, name)))
                .sum();
            let claims = claims + points(run.pool.commission(name));
            // A claim that roundings took below nothing counts as nothing.
            assert!(
                claims < &found + &may,
                "{name}: claims of {claims}, {found} owed"
            );

            of_pool += share_of_pool(&run, record);
            outstanding += found;
            slack += may;
        }
        let left = points(run.pool.outstanding());
        let off = (&outstanding - &left).abs();
        assert!(off < slack, "{off}");
        if run.oracle.total_power() > 0 {
            let ever = points(run.votes.by_power) + points(run.votes.equally);
            assert_eq!(of_pool, ever);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn validators_are_owed_what_their_recipients_are_to_the_point(ops in ops(SMALL, 60)) {
        holds(&ops);
    }

    #[test]
    fn validators_are_owed_what_their_recipients_are(ops in ops(usual(), 60)) {
        holds(&ops);
    }

    #[test]
    fn validators_are_owed_what_their_recipients_are_in_tokens_with_eighteen_decimals(
        ops in ops(eighteen_decimals(), 60),
    ) {
        holds(&ops);
    }
}
