//! Where delegations may have changed since the last report.
//!
//! A validator's delegations are read, on the chain and of the pool, when the sum of their shares has
//! changed or an event of a transaction names the validator: two changes within a block may leave the sum
//! as it was. What nobody names is a change outside of transactions (a slash, which takes shares away;
//! a proposal that stakes), and its sum is the same only if such changes cancel out exactly.
//! So now and then all delegations are read, as at the start, after a failure, after another
//! reporter's report, and after a long pause.

use std::collections::{BTreeMap, BTreeSet};

use crate::chain::{Validator, View};

/// Blocks whose events are read: beyond that reading all delegations is not dearer.
const BLOCKS: u64 = 20;

/// Reports after which all delegations are read again.
const REPORTS: u32 = 500;

/// What the reporter saw when it reported last. Empty, everything is read.
#[derive(Default)]
pub struct Memory(Option<Seen>);

struct Seen {
    height: u64,
    /// Sums of shares by validator.
    shares: BTreeMap<String, String>,
    /// Reports since all delegations were read.
    reports: u32,
}

/// Whose delegations may have changed.
#[derive(Debug, PartialEq)]
pub enum Touched {
    /// Anybody's.
    All,
    /// Those of these validators.
    Of(BTreeSet<String>),
}

impl Touched {
    /// Whether those of this validator may have.
    pub fn contains(&self, validator: &str) -> bool {
        match self {
            Touched::All => true,
            Touched::Of(names) => names.contains(validator),
        }
    }
}

impl Memory {
    /// Whose delegations may have changed until `height`, at which the chain has these validators.
    /// `reported` is the height that the pool says was reported last.
    pub async fn touched(
        &self,
        view: &View,
        reported: u64,
        height: u64,
        validators: &[Validator],
    ) -> Touched {
        let Some(seen) = self.usable(reported, height) else {
            return Touched::All;
        };
        let mut named = BTreeSet::new();
        for block in seen.height.saturating_add(1)..=height {
            match view.event_values(block).await {
                Ok(values) => named.extend(values),
                Err(error) => {
                    // Such as of a block with bytes that are no transaction: the node does not show it.
                    eprintln!("all delegations are read, because of block {block}: {error:#}");
                    return Touched::All;
                }
            }
        }
        Touched::Of(differing(&seen.shares, &sums(validators), &named))
    }

    /// What was seen at the height that the pool knows, if it is not too long ago.
    fn usable(&self, reported: u64, height: u64) -> Option<&Seen> {
        let seen = self.0.as_ref()?;
        let is_recent = height.saturating_sub(seen.height) <= BLOCKS;
        (seen.height == reported && is_recent && seen.reports < REPORTS).then_some(seen)
    }

    /// A height was reported, at which the chain had these validators.
    pub fn reported(&mut self, height: u64, validators: &[Validator], touched: &Touched) {
        let before = self.0.as_ref().map_or(0, |seen| seen.reports);
        self.0 = Some(Seen {
            height,
            shares: sums(validators),
            reports: match touched {
                Touched::All => 0,
                Touched::Of(_) => before.saturating_add(1),
            },
        });
    }
}

fn sums(validators: &[Validator]) -> BTreeMap<String, String> {
    let validators = validators.iter();
    validators
        .map(|it| (it.operator.clone(), it.shares.clone()))
        .collect()
}

/// The validators whose sum differs or who are named.
fn differing(
    before: &BTreeMap<String, String>,
    now: &BTreeMap<String, String>,
    named: &BTreeSet<String>,
) -> BTreeSet<String> {
    let all = before.keys().chain(now.keys());
    all.filter(|name| before.get(*name) != now.get(*name) || named.contains(*name))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use chain_types::staking_event::CommissionTerms;
    use cosmwasm_std::Decimal256;

    use super::*;
    use crate::chain;

    fn sums_of(sums: &[(&str, &str)]) -> BTreeMap<String, String> {
        let sums = sums.iter();
        sums.map(|(name, shares)| ((*name).to_string(), (*shares).to_string()))
            .collect()
    }

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_string()).collect()
    }

    fn validator(operator: &str) -> Validator {
        Validator {
            operator: operator.to_string(),
            key: Vec::new(),
            commission: CommissionTerms {
                rate: Decimal256::zero(),
                max_rate: Decimal256::zero(),
                max_change_rate: Decimal256::zero(),
            },
            shares: "1".to_string(),
        }
    }

    #[test]
    fn a_validator_is_touched_by_a_new_sum_a_name_its_coming_and_its_going() {
        let before = sums_of(&[
            ("changed", "1"),
            ("gone", "1"),
            ("named", "1"),
            ("same", "1"),
        ]);
        let now = sums_of(&[
            ("changed", "2"),
            ("named", "1"),
            ("new", "1"),
            ("same", "1"),
        ]);
        let named = names(&["named", "an amount"]);
        assert_eq!(
            differing(&before, &now, &named),
            names(&["changed", "gone", "named", "new"])
        );
    }

    #[test]
    fn a_memory_is_used_only_for_what_the_pool_knows_of_it() {
        let mut memory = Memory::default();
        assert!(memory.usable(0, 7).is_none());
        memory.reported(7, &[validator("v")], &Touched::All);
        assert!(memory.usable(7, 8).is_some());
        assert!(memory.usable(7, 27).is_some());
        // A long pause; a report of somebody else; a report that the pool does not have.
        assert!(memory.usable(7, 28).is_none());
        assert!(memory.usable(8, 9).is_none());
        assert!(memory.usable(6, 9).is_none());
    }

    #[tokio::test]
    async fn a_block_that_the_node_cannot_show_may_have_touched_everybody() {
        let mut memory = Memory::default();
        memory.reported(7, &[], &Touched::All);
        let view = chain::tests::nobody();
        assert_eq!(memory.touched(&view, 7, 8, &[]).await, Touched::All);
        assert_eq!(
            memory.touched(&view, 7, 7, &[]).await,
            Touched::Of(names(&[]))
        );
    }

    #[test]
    fn now_and_then_everything_is_read() {
        let mut memory = Memory::default();
        memory.reported(7, &[], &Touched::All);
        for _ in 0..REPORTS {
            assert!(memory.usable(7, 8).is_some());
            memory.reported(7, &[], &Touched::Of(names(&[])));
        }
        assert!(memory.usable(7, 8).is_none());
        memory.reported(7, &[], &Touched::All);
        assert!(memory.usable(7, 8).is_some());
    }

    #[test]
    fn all_contains_everybody_and_some_contains_those_named() {
        assert!(Touched::All.contains("v"));
        let some = Touched::Of(names(&["v"]));
        assert!(some.contains("v") && !some.contains("w"));
    }
}
