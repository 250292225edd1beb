//! When and how often anybody claims or asks changes nobody's total.
//!
//! The same history happens to two pools. In one nobody claims or asks anything until its end; in
//! the other people claim all the time, in pages of any size, and ask about everything. Failing
//! seeds are kept in `tests/fee_pool/proptest-regressions/independence.txt`.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use num_bigint::BigInt;
use oracles::ledger::Recipient;
use proptest::prelude::*;
use serde_json::{Value, json};
use testkit::fee_pool::{AccountingKind, Harness, Operation};

use crate::lists::lists;
use crate::play::{Action, Making, Play};
use crate::property::{Trial, regressions};
use crate::strategies::{self, Setup, Step};

const POINTS_PER_COIN: u128 = 10u128.pow(36);

/// A step, and what people claim right after it in the busy pool.
#[derive(Clone, Debug)]
struct Moment {
    step: Step,
    claims: Vec<Step>,
}

fn moment() -> impl Strategy<Value = Moment> {
    let claims = prop::collection::vec(strategies::claim(), 0..3);
    (strategies::step(), claims).prop_map(|(step, claims)| Moment { step, claims })
}

/// The two pools.
struct Pair {
    quiet: Play,
    busy: Play,
    /// How often a delegation without units may have been closed by a claim.
    closed: BTreeMap<(String, String), u32>,
}

impl Pair {
    fn begin(setup: &Setup, accounting: AccountingKind) -> Result<Self> {
        let making = Making {
            accounting,
            recording: None,
        };
        Ok(Pair {
            quiet: Play::begin(setup, &making)?,
            busy: Play::begin(setup, &making)?,
            closed: BTreeMap::new(),
        })
    }

    fn step(&mut self, step: &Step) -> Result<()> {
        for action in self.busy.actions(step) {
            match &action {
                Action::Operation(
                    operation @ (Operation::Withdraw { .. }
                    | Operation::WithdrawAll { .. }
                    | Operation::WithdrawCommission { .. }
                    | Operation::WithdrawValidator { .. }),
                ) => {
                    self.count_closed(operation);
                    self.busy.apply(&action)?;
                }
                // What there is to spend depends on remainders, and what is spent on that.
                Action::Operation(Operation::SpendCommunityPool { .. }) => {}
                Action::Operation(_) | Action::UpdateParams(_) => {
                    self.busy.apply(&action)?;
                    self.quiet.apply(&action)?;
                }
            }
        }
        Ok(())
    }

    /// A claim deletes a delegation that has no units and is owed less than one coin.
    fn count_closed(&mut self, claim: &Operation) {
        let closed: Vec<(String, String)> = match claim {
            Operation::Withdraw {
                delegator,
                validator,
            } => vec![(delegator.clone(), validator.clone())],
            Operation::WithdrawAll { delegator, .. } => self
                .busy
                .harness
                .powers()
                .map(|(validator, _)| (delegator.clone(), validator.to_string()))
                .collect(),
            Operation::WithdrawValidator { validator } => {
                vec![(validator.clone(), validator.clone())]
            }
            _ => vec![],
        };
        for delegation in closed {
            let ledger = &self.busy.harness.ledger;
            if ledger.units(&delegation.0, &delegation.1) == 0 {
                *self.closed.entry(delegation).or_default() += 1;
            }
        }
    }

    /// Everybody was paid or is owed the same in both pools, but for roundings and what was left
    /// of closed delegations.
    fn agree(&self) -> Result<()> {
        for recipient in self.quiet.harness.ledger.recipients() {
            let closed = match recipient {
                // It has what the others fall short and what they leave.
                Recipient::CommunityPool => continue,
                Recipient::Commission { .. } => 0,
                Recipient::Delegation {
                    delegator,
                    validator,
                } => {
                    let delegation = (delegator.to_string(), validator.to_string());
                    self.closed.get(&delegation).copied().unwrap_or_default()
                }
            };
            let left = BigInt::from(POINTS_PER_COIN) * closed;
            let bound =
                bound(&self.quiet.harness, recipient) + bound(&self.busy.harness, recipient);
            let (quiet, busy) = (
                totals(&self.quiet.harness, recipient)?,
                totals(&self.busy.harness, recipient)?,
            );
            for (quiet, busy) in quiet.into_iter().zip(busy) {
                let less = quiet - busy;
                ensure!(
                    -&bound < less && less < &bound + &left,
                    "{recipient} has {less} points less when it claims more often, \
                     allowed is less than {bound} and {closed} coins"
                );
            }
        }
        Ok(())
    }
}

/// All points that a recipient was paid and is owed, by denom.
fn totals(harness: &Harness, recipient: Recipient) -> Result<Vec<BigInt>> {
    let owed = harness.points(recipient)?;
    Ok(harness
        .denoms()
        .iter()
        .zip(owed)
        .map(|(denom, owed)| {
            BigInt::from(harness.ledger.paid(recipient, denom)) * POINTS_PER_COIN + owed
        })
        .collect())
}

/// The points that roundings may take from a recipient; one more than none.
fn bound(harness: &Harness, recipient: Recipient) -> BigInt {
    let terms = harness.ledger.bound_terms(recipient);
    terms.map_or(1.into(), |terms| terms.own_points() + 1)
}

/// Asks the pool about everything: it stores the same as before, and its answers agree.
fn ask(harness: &Harness, limit: u32) -> Result<()> {
    let before = harness.suite.dump();
    let ask = |query: Value| {
        let text = query.to_string();
        harness.suite.query(query).context(text)
    };
    for name in [
        "config",
        "params",
        "reporters",
        "reward_denoms",
        "last_block",
        "community_pool",
        "validator_set",
        "ownership",
        "invariants",
    ] {
        ask(json!({ name: {} }))?;
    }
    ask(json!({"validators": {"limit": limit}}))?;
    ask(json!({"audit": {"limit": limit}}))?;
    for recipient in harness.ledger.recipients() {
        match recipient {
            Recipient::CommunityPool => {}
            Recipient::Commission { validator } => {
                let of = |name: &str| ask(json!({ name: {"validator": format!("@@{validator}")} }));
                of("validator")?;
                of("validator_outstanding_rewards")?;
                of("validator_current_rewards")?;
                of("validator_delegations")?;
                let commission = of("validator_commission")?;
                let own = ask(delegation_rewards(validator, validator))?;
                let both = of("validator_distribution_info")?;
                ensure!(both["commission"] == commission["rewards"], "{both}");
                ensure!(both["self_bond_rewards"] == own["rewards"], "{both}");
            }
            Recipient::Delegation {
                delegator,
                validator,
            } => {
                ask(delegation_rewards(delegator, validator))?;
                for name in [
                    "delegation_total_rewards",
                    "delegator_delegations",
                    "delegator_validators",
                ] {
                    let account = format!("@{delegator}");
                    ask(json!({ name: {"delegator": account, "limit": limit} }))?;
                }
            }
        }
    }
    ensure!(harness.suite.dump() == before, "a query changed the pool");
    Ok(())
}

fn delegation_rewards(delegator: &str, validator: &str) -> Value {
    json!({"delegation_rewards": {
        "delegator": format!("@{delegator}"), "validator": format!("@@{validator}"),
    }})
}

/// What happens to both pools, and the order of the last claims.
#[derive(Clone, Debug)]
struct Shared {
    moments: Vec<Moment>,
    setup: Setup,
    order: u64,
}

fn claiming_changes_nothing(shared: &Shared, accounting: AccountingKind) -> Result<()> {
    let Shared {
        moments,
        setup,
        order,
    } = shared;
    let mut pair = Pair::begin(setup, accounting)?;
    for (number, moment) in moments.iter().enumerate() {
        let at = || format!("moment {number}, {moment:?}");
        pair.step(&moment.step).with_context(at)?;
        for claim in &moment.claims {
            pair.step(claim).with_context(at)?;
        }
        if number % 10 == 0 {
            ask(&pair.busy.harness, 1 + number as u32 % 7).with_context(at)?;
        }
    }
    for play in [&mut pair.quiet, &mut pair.busy] {
        play.correct_and_go_on()?;
    }
    pair.agree()?;
    for play in [&mut pair.quiet, &mut pair.busy] {
        for claim in play.last_claims(*order) {
            play.harness.apply(&claim)?;
        }
        play.spend_community_pool()?;
        play.only_fractions_are_left()?;
    }
    Ok(())
}

fn claims_change_nothing(accounting: AccountingKind) {
    let scale = prop_oneof![strategies::small(), strategies::large()];
    let histories = (
        lists(moment(), 100..=120),
        strategies::setup(scale, 5),
        any::<u64>(),
    )
        .prop_map(|(moments, setup, order)| Shared {
            moments,
            setup,
            order,
        });
    Trial {
        cases: 20,
        regressions: regressions!("fee_pool", "independence"),
    }
    .holds(&histories, |shared| {
        claiming_changes_nothing(shared, accounting)
    });
}

#[test]
fn claims_and_questions_change_nobodys_total() {
    claims_change_nothing(AccountingKind::F1);
}

#[test]
fn claims_and_questions_change_nobodys_total_by_adjustments() {
    claims_change_nothing(AccountingKind::Lazy);
}
