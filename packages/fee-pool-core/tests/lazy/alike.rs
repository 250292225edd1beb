//! Whatever happens, both accountings come to the same.

use fee_pool_core::{Accounting, F1, Lazy};
use num_traits::Signed;
use proptest::prelude::*;

use crate::history::{Op, Run, SMALL, Scale, VALIDATORS, eighteen_decimals, ops, usual};
use crate::numbers::{Exact, points, whole};

/// What a recipient has, and what it has exactly.
struct Claim {
    found: Exact,
    exact: Exact,
}

fn claims<A: Accounting>(run: &Run<A>) -> Vec<Claim> {
    let mut claims = Vec::new();
    for (name, record) in &run.oracle.validators {
        claims.push(Claim {
            found: points(run.pool.commission(name)),
            exact: record.commission.owed.clone(),
        });
        for (delegator, delegation) in &record.delegations {
            claims.push(Claim {
                found: points(run.pool.rewards(delegator, name)),
                exact: delegation.account.owed.clone(),
            });
        }
    }
    claims
}

/// The claims of a pool with an accounting: none above the exact share, and none below it by more
/// than roundings may take. Without withdrawals, of which one may be of a coin less.
fn shared_exactly<A: Accounting>(ops: &[Op], scale: Scale) -> Vec<Exact> {
    let mut run = Run::<A>::new();
    for op in ops {
        if !matches!(op, Op::Withdraw { .. } | Op::WithdrawCommission { .. }) {
            run.apply(op);
        }
    }
    // For each operation: twice the power and a little of its validator, and twice all units.
    let units = scale.units * VALIDATORS.len() as u128;
    let each = 2 * (u128::from(scale.power) + units) + 10;
    let bound = whole(each * (ops.len() as u128 + 1));
    let mut exact_shares = Vec::new();
    for Claim { found, exact } in claims(&run) {
        let short = &exact - found;
        assert!(!short.is_negative() && short < bound, "{short}");
        exact_shares.push(exact);
    }
    exact_shares
}

fn the_same(ops: &[Op], scale: Scale) {
    let by_indexes = shared_exactly::<F1>(ops, scale);
    let by_adjustments = shared_exactly::<Lazy>(ops, scale);
    assert_eq!(by_indexes, by_adjustments);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn both_accountings_share_single_points_alike(ops in ops(SMALL, 80)) {
        the_same(&ops, SMALL);
    }

    #[test]
    fn both_accountings_share_usual_stakes_alike(ops in ops(usual(), 80)) {
        the_same(&ops, usual());
    }

    #[test]
    fn both_accountings_share_tokens_with_eighteen_decimals_alike(
        ops in ops(eighteen_decimals(), 80),
    ) {
        the_same(&ops, eighteen_decimals());
    }
}
