//! What the scheme pays as it was specified, and what it pays here: one test for each correction,
//! with both numbers. Specified formulas stand next to their test, as scenarios that differ in just
//! that.

use cosmwasm_std::{Int512, Uint256, from_json};
use distribution_math::{FinePoints, MathError, Points, Rate, Ratio};
use fee_pool_core::accounting::LazyQuery;
use fee_pool_core::answers::AdjustmentResponse;
use fee_pool_core::lazy::scenario::{
    CommissionFromGlobalPool, DelegationFromGlobalPool, DistributionScenario, Distributor,
    Distributors, PoolShare, PoolShareChange, Position,
};
use fee_pool_core::{Accounting, Lazy};

use crate::numbers::{Exact, coins, fine, percent, points};
use crate::pool::LazyPool;

/// A validator with this power among this power, delegations of as many units and a commission.
fn share(power: u128, total: u128, rate: Rate) -> PoolShare {
    PoolShare {
        weight: power,
        units: power,
        rate,
        total,
    }
}

fn pool(share: PoolShare, received: u128) -> Position {
    Position {
        distributors: Distributors::ProposerPool([Distributor {
            share,
            received: Points::from_coins(received),
        }]),
        tokens: Points::from_coins(u128::MAX),
        adjustment: FinePoints::ZERO,
    }
}

fn change(before: PoolShare, after: PoolShare, received: u128) -> [PoolShareChange; 1] {
    [PoolShareChange {
        before,
        after,
        received: Points::from_coins(received),
    }]
}

/// `simple_pool - adjustment` in base units, below zero as well.
fn entitlement(scenario: &impl DistributionScenario) -> Exact {
    let left = scenario
        .simple_pool()
        .unwrap()
        .minus(scenario.recipient_adjustment())
        .unwrap();
    fine(left) / coins(1)
}

fn base_units(amount: i64) -> Exact {
    Exact::from(num_bigint::BigInt::from(amount))
}

/// A specified scenario is the one of the library, with one formula as it was.
macro_rules! positioned {
    () => {
        fn position(&self) -> &Position {
            self.0.position()
        }

        fn position_mut(&mut self) -> &mut Position {
            self.0.position_mut()
        }
    };
}

macro_rules! shared {
    () => {
        fn shares_at(&self, share: &PoolShare) -> Result<Ratio, MathError> {
            self.0.shares_at(share)
        }
    };
}

/// The adjustment changes only upwards.
struct OnlyUpwards(DelegationFromGlobalPool);

impl DistributionScenario for OnlyUpwards {
    positioned!();

    shared!();

    fn update_adjustment_for_power_change(
        &mut self,
        changes: &[PoolShareChange],
    ) -> Result<(), MathError> {
        let before = self.recipient_adjustment();
        self.0.update_adjustment_for_power_change(changes)?;
        if self.recipient_adjustment() < before {
            self.position_mut().adjustment = before;
        }
        Ok(())
    }
}

#[test]
fn an_adjustment_applies_whatever_its_sign() {
    // 1000 are received while the delegation has half of all power, then others join.
    let (before, after) = (share(100, 200, Rate::ZERO), share(100, 400, Rate::ZERO));
    let joined = change(before, after, 1_000);
    let mut ours = DelegationFromGlobalPool::new(pool(after, 1_000), 100);
    let mut specified = OnlyUpwards(ours.clone());
    ours.update_adjustment_for_power_change(&joined).unwrap();
    specified
        .update_adjustment_for_power_change(&joined)
        .unwrap();
    assert_eq!(entitlement(&ours), base_units(500));
    assert_eq!(entitlement(&specified), base_units(250));
}

/// The projected pool takes everything ever received as if it had come before the change, and
/// what came after it once more.
struct LatestTwice(DelegationFromGlobalPool);

impl DistributionScenario for LatestTwice {
    positioned!();

    shared!();

    fn update_adjustment_for_power_change(
        &mut self,
        changes: &[PoolShareChange],
    ) -> Result<(), MathError> {
        let change = self.simple_pool()?.minus(self.projected_pool(changes)?)?;
        self.modify_adjustments(change)
    }

    fn projected_pool(&self, changes: &[PoolShareChange]) -> Result<FinePoints, MathError> {
        let mut pool = FinePoints::ZERO;
        for (distributor, change) in self.position().distributors.iter().zip(changes) {
            let before = self
                .recipient_prev_shares(change)?
                .over(self.distributor_prev_shares(change))?
                .floor_of(self.distributor_cumulative_tokens(distributor))?;
            let latest = self
                .recipient_shares(distributor)?
                .over(self.distributor_shares(distributor))?
                .floor_of(self.distributor_prev_received_tokens(distributor, change)?)?;
            pool = pool.plus(before)?.plus(latest)?;
        }
        Ok(pool)
    }
}

#[test]
fn the_latest_receipt_counts_once() {
    // 1000 before others join, 1000 after: 500 and 250.
    let (before, after) = (share(100, 200, Rate::ZERO), share(100, 400, Rate::ZERO));
    let joined = change(before, after, 1_000);
    let mut ours = DelegationFromGlobalPool::new(pool(after, 2_000), 100);
    let mut specified = LatestTwice(ours.clone());
    let projected = ours.projected_pool(&joined).unwrap();
    assert_eq!(fine(projected), coins(750));
    assert_eq!(
        fine(specified.projected_pool(&joined).unwrap()),
        coins(1_250)
    );
    // The correction is the difference of both pools, and needs only what came before.
    let difference = ours.simple_pool().unwrap().minus(projected).unwrap();
    ours.update_adjustment_for_power_change(&joined).unwrap();
    assert_eq!(ours.recipient_adjustment(), difference);
    specified
        .update_adjustment_for_power_change(&joined)
        .unwrap();
    assert_eq!(entitlement(&ours), base_units(750));
    assert_eq!(entitlement(&specified), base_units(1_250));
}

/// Shares times tokens per share times the tokens of the validator.
struct TokensTimesTokens(DelegationFromGlobalPool);

impl DistributionScenario for TokensTimesTokens {
    positioned!();

    fn shares_at(&self, share: &PoolShare) -> Result<Ratio, MathError> {
        // One token per share here.
        let tokens = Uint256::from(self.0.units);
        let of_validator = Uint256::from(share.weight);
        let left = Uint256::from(share.rate.complement().atomics());
        Ok(Ratio::new(
            tokens * of_validator * left,
            Uint256::from(Rate::ATOMICS_PER_ONE),
        ))
    }
}

#[test]
fn tokens_of_the_validator_multiply_once() {
    // All delegations of a validator with half of all power and a commission of a tenth.
    let share = share(100, 200, percent(10));
    let ours = DelegationFromGlobalPool::new(pool(share, 1_000), 100);
    let specified = TokensTimesTokens(ours.clone());
    assert_eq!(entitlement(&ours), base_units(450));
    assert_eq!(entitlement(&specified), base_units(45_000));
}

/// Before the change the delegation had its tokens, gross.
struct GrossBefore(DelegationFromGlobalPool);

impl DistributionScenario for GrossBefore {
    positioned!();

    shared!();

    fn prev_shares_at(&self, share: &PoolShare) -> Result<Ratio, MathError> {
        let gross = PoolShare {
            rate: Rate::ZERO,
            ..*share
        };
        self.0.shares_at(&gross)
    }
}

#[test]
fn shares_before_are_net_of_commission_as_shares_now_are() {
    let before = share(100, 200, percent(10));
    let after = share(100, 400, percent(10));
    let joined = change(before, after, 1_000);
    let mut ours = DelegationFromGlobalPool::new(pool(after, 1_000), 100);
    let mut specified = GrossBefore(ours.clone());
    ours.update_adjustment_for_power_change(&joined).unwrap();
    specified
        .update_adjustment_for_power_change(&joined)
        .unwrap();
    assert_eq!(entitlement(&ours), base_units(450));
    // The commission of 50 as well, which the operator gets a second time.
    assert_eq!(entitlement(&specified), base_units(500));
}

/// Before the change the operator had its tokens of then at the rate of now.
struct RateOfNow(CommissionFromGlobalPool);

impl DistributionScenario for RateOfNow {
    positioned!();

    shared!();

    fn prev_shares_at(&self, share: &PoolShare) -> Result<Ratio, MathError> {
        let rate = self.position().distributors[0].share.rate;
        self.0.shares_at(&PoolShare { rate, ..*share })
    }
}

#[test]
fn commission_before_is_at_the_rate_before() {
    let before = share(100, 200, percent(10));
    let after = share(100, 200, percent(20));
    let raised = change(before, after, 1_000);
    let mut ours = CommissionFromGlobalPool {
        position: pool(after, 1_000),
    };
    let mut specified = RateOfNow(ours.clone());
    ours.update_adjustment_for_power_change(&raised).unwrap();
    specified
        .update_adjustment_for_power_change(&raised)
        .unwrap();
    assert_eq!(entitlement(&ours), base_units(50));
    assert_eq!(entitlement(&specified), base_units(100));
}

#[test]
fn a_delegators_withdrawal_is_not_the_operators() {
    let share = share(100, 100, percent(10));
    let mut delegation = DelegationFromGlobalPool::new(pool(share, 1_000), 100);
    let ours = CommissionFromGlobalPool {
        position: pool(share, 1_000),
    };
    let mut specified = ours.clone();
    let withdrawn = delegation.withdrawal_entitlement().unwrap();
    assert_eq!(points(withdrawn), coins(900));
    let withdrawn = FinePoints::of(withdrawn).unwrap();
    delegation.modify_adjustments(withdrawn).unwrap();
    // `validator.adjustment` is raised by delegations and corrects the commission.
    specified.modify_adjustments(withdrawn).unwrap();
    assert_eq!(entitlement(&ours), base_units(100));
    assert_eq!(entitlement(&specified), base_units(-800));

    let mut pool = one_validator(percent(10));
    pool.units("alice", "v1", 100);
    pool.receive(1_000);
    assert_eq!(points(pool.withdraw("alice", "v1")), coins(900));
    assert_eq!(points(pool.withdraw_commission("v1")), coins(100));
}

fn one_validator(rate: Rate) -> LazyPool {
    let mut pool = LazyPool::new();
    pool.create("v1", rate);
    pool.power("v1", 100);
    pool
}

#[test]
fn several_changes_of_a_block_are_several_entries() {
    // By height there is one entry for both changes of a block. Who acted between them has walked
    // to this height: the second change is lost to it, or the first one applies again.
    let (first, second, third) = (
        share(100, 200, Rate::ZERO),
        share(100, 400, Rate::ZERO),
        share(100, 800, Rate::ZERO),
    );
    let earlier = change(first, second, 1_000);
    let later = change(second, third, 1_000);
    let whole_block = change(first, third, 1_000);
    let acting = |changes: &[[PoolShareChange; 1]]| {
        let mut scenario = DelegationFromGlobalPool::new(pool(third, 1_000), 100);
        for change in changes {
            scenario.update_adjustment_for_power_change(change).unwrap();
        }
        entitlement(&scenario)
    };
    assert_eq!(acting(&[earlier, later]), base_units(500));
    assert_eq!(acting(&[earlier]), base_units(375));
    assert_eq!(acting(&[earlier, whole_block]), base_units(750));

    let mut pool = one_validator(Rate::ZERO);
    pool.create("v2", Rate::ZERO);
    pool.power("v2", 100);
    pool.units("alice", "v1", 100);
    pool.receive(1_000);
    pool.power("v2", 300);
    assert_eq!(points(pool.withdraw("alice", "v1")), coins(500));
    pool.power("v2", 700);
    assert_eq!(points(pool.rewards("alice", "v1")), coins(0));
    let sequences: Vec<u64> = pool.log().keys().copied().collect();
    assert_eq!(sequences, [1, 2, 3, 4, 5]);
}

#[test]
fn what_is_pending_applies_with_the_old_units() {
    // Half of a validator's delegations and a quarter of all power while 1000 come in; then all
    // power doubles; then the delegation doubles, and the power grows by as much.
    let at = |units: u128, power: u128, total: u128| PoolShare {
        weight: power,
        units,
        rate: Rate::ZERO,
        total,
    };
    let (first, second, third) = (at(200, 200, 400), at(200, 200, 800), at(300, 300, 900));
    let pending = change(first, second, 1_000);
    let own = change(second, third, 1_000);
    let mut ours = DelegationFromGlobalPool::new(pool(third, 1_000), 200);
    let mut specified = ours.clone();
    // With the old units first, then its own change with the new ones.
    ours.units = 100;
    ours.prev_units = 100;
    ours.update_adjustment_for_power_change(&pending).unwrap();
    ours.units = 200;
    ours.update_adjustment_for_power_change(&own).unwrap();
    // With the delegation that there is when it acts.
    specified
        .update_adjustment_for_power_change(&pending)
        .unwrap();
    specified.update_adjustment_for_power_change(&own).unwrap();
    let off = |found: Exact, expected: i64| {
        let off = (found - base_units(expected)) * coins(1);
        assert!(off <= base_units(0) && off > base_units(-1), "{off}");
    };
    off(entitlement(&ours), 250);
    off(entitlement(&specified), 500);

    let mut pool = LazyPool::new();
    for (validator, power) in [("v1", 200), ("v2", 200)] {
        pool.create(validator, Rate::ZERO);
        pool.power(validator, power);
    }
    pool.units("alice", "v1", 100);
    pool.units("bob", "v1", 100);
    pool.receive(1_000);
    pool.power("v2", 600);
    pool.units("alice", "v1", 200);
    pool.power("v1", 300);
    let short = coins(250) - points(pool.rewards("alice", "v1"));
    assert!(short >= base_units(0) && short < base_units(500), "{short}");
}

#[test]
fn a_joiner_gets_nothing_of_what_came_before() {
    let mut pool = one_validator(percent(50));
    pool.units("alice", "v1", 100);
    pool.receive(20);
    pool.units("bob", "v1", 100);
    pool.receive(20);
    assert_eq!(points(pool.rewards("alice", "v1")), coins(15));
    assert_eq!(points(pool.rewards("bob", "v1")), coins(5));
    assert_eq!(points(pool.commission("v1")), coins(20));
}

#[test]
fn heights_cancel_and_at_the_first_height_they_would_not() {
    // `shares * (height - 1) / (all shares * (height - 1))`, as the previous block's share.
    let share = |height: u128| {
        let before = Uint256::from(height - 1);
        let shares = Uint256::from(100u128) * before;
        let all = Uint256::from(200u128) * before;
        shares.checked_div(all).map(|_| Ratio::new(shares, all))
    };
    let half = Ratio::new(Uint256::from(100u128), Uint256::from(200u128));
    assert_eq!(share(2).unwrap(), half);
    assert_eq!(share(1_000_000).unwrap(), half);
    assert!(share(1).is_err());
}

#[test]
fn the_pool_is_reduced_by_what_is_paid() {
    let mut pool = one_validator(percent(10));
    pool.units("alice", "v1", 100);
    pool.receive(1_000);
    let paid = points(pool.withdraw("alice", "v1"));
    assert_eq!(paid, coins(900));
    assert_eq!(points(pool.outstanding()), coins(100));
    // As specified all 1000 would still be there, and what is owed and what was paid together more
    // than ever came in.
    let left_as_specified = coins(1_000);
    assert!(left_as_specified + &paid > coins(1_000));
    assert_eq!(points(pool.outstanding()) + paid, coins(1_000));
    assert_eq!(points(pool.outstanding_of("v1")), coins(100));
}

#[test]
fn without_shares_the_ratio_is_nothing_and_not_an_error() {
    let nobody = share(0, 0, Rate::ZERO);
    assert!(
        Uint256::zero().checked_div(Uint256::zero()).is_err(),
        "as specified"
    );
    let scenario = DelegationFromGlobalPool::new(pool(nobody, 1_000), 0);
    assert_eq!(entitlement(&scenario), base_units(0));
    let commission = CommissionFromGlobalPool {
        position: pool(nobody, 1_000),
    };
    assert_eq!(entitlement(&commission), base_units(0));
}

#[test]
fn an_entitlement_survives_full_undelegation_and_the_loss_of_all_power() {
    // All of a validator's delegations leave after 1000 came in: nothing is left of the simple
    // pool, and the adjustment is below zero by what was earned. As specified it never gets there.
    let before = share(100, 100, percent(10));
    let after = PoolShare { units: 0, ..before };
    let left = change(before, after, 1_000);
    let mut ours = DelegationFromGlobalPool::new(pool(after, 1_000), 0);
    ours.prev_units = 100;
    let mut specified = OnlyUpwards(ours.clone());
    ours.update_adjustment_for_power_change(&left).unwrap();
    specified.update_adjustment_for_power_change(&left).unwrap();
    assert_eq!(entitlement(&ours), base_units(900));
    assert_eq!(entitlement(&specified), base_units(0));

    let mut pool = one_validator(percent(10));
    pool.units("alice", "v1", 100);
    pool.receive(1_000);
    pool.reward("v1", Points::from_coins(100));
    pool.units("alice", "v1", 0);
    pool.power("v1", 0);
    assert_eq!(points(pool.rewards("alice", "v1")), coins(990));
    assert_eq!(points(pool.commission("v1")), coins(110));
    assert_eq!(points(pool.withdraw("alice", "v1")), coins(990));
    assert!(pool.is_closed("alice", "v1"));
}

#[test]
fn what_nobody_delegates_for_is_the_community_pools() {
    let mut pool = one_validator(percent(10));
    pool.receive(1_000);
    pool.reward("v1", Points::from_coins(100));
    pool.settle("v1");
    assert_eq!(points(pool.commission("v1")), coins(110));
    assert_eq!(points(pool.community()), coins(990));
    pool.units("alice", "v1", 1);
    pool.receive(1_000);
    pool.reward("v1", Points::from_coins(100));
    assert_eq!(points(pool.rewards("alice", "v1")), coins(990));
    assert_eq!(points(pool.commission("v1")), coins(220));
    assert_eq!(points(pool.community()), coins(990));
}

#[test]
fn the_proposers_reward_is_paid_first() {
    let mut pool = one_validator(Rate::ZERO);
    pool.units("alice", "v1", 100);
    pool.receive(10);
    pool.reward("v1", Points::from_coins(5));
    pool.withdraw("alice", "v1");
    let coin = Int512::from(Points::from_coins(1).value());
    let found = pool.look(|books| {
        let key = crate::pool::key("alice", "v1");
        Lazy::query_lazy(books, LazyQuery::DelegationAdjustment(key))
    });
    let AdjustmentResponse { denoms } = from_json(found).unwrap();
    let (global, proposer) = (denoms[0].global.adjustment, denoms[0].proposer.adjustment);
    assert_eq!(global, coin * Int512::from(10i64));
    assert_eq!(proposer, coin * Int512::from(5i64));
}
