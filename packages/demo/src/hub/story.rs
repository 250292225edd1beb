//! What happens on the chain: fees, votes, stake, misbehaviour, claims. It follows from the seed.

use std::collections::BTreeMap;

use anyhow::Result;
use testkit::chain::AddressFormat;
use testkit::fee_pool::{Commit, Operation};
use testkit::hub_state::HubState;

use super::people::{Habit, People};
use super::staking::Staking;
use crate::rng::Rng;

/// One base unit of the display denom, for amounts that people would choose.
const COIN: u64 = 1_000_000;
/// 1 % in 10^-18.
const PERCENT: u64 = 10_000_000_000_000_000;
/// What a validator loses that is down for too long: 0.01 %.
const DOWNTIME_SLASH: u64 = PERCENT / 100;
/// What a validator loses that signs two blocks of one height: 5 %.
const DOUBLE_SIGN_SLASH: u64 = 5 * PERCENT;
/// Blocks between two full lists of votes; the others have the power that signed.
const VOTES_EVERY: u32 = 20;

/// Something that happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// What random histories know as well.
    Operation(Operation),
    /// An operator edits its commission, in 10^-18.
    EditCommission {
        /// Which.
        validator: String,
        /// To what.
        commission_atomics: u64,
    },
}

/// The story, block by block.
pub struct Story {
    /// Stake now.
    pub staking: Staking,
    /// Who claims when.
    pub people: People,
    /// How often each kind of thing happened.
    pub tally: BTreeMap<&'static str, u64>,
    /// Blocks that each validator proposed.
    pub proposed: Vec<u32>,
    /// Validators that are in jail since a block of the story.
    pub jailed: BTreeMap<usize, u32>,
    rng: Rng,
    addresses: AddressFormat,
    /// Validators that have not edited their commission today.
    editors: Vec<usize>,
    /// When jailed validators may leave.
    sentences: BTreeMap<usize, u32>,
    height: u32,
    actions: Vec<Action>,
}

impl Story {
    /// The story of a seed that starts with a state.
    ///
    /// # Errors
    /// For addresses of another chain, which no state that was read has.
    pub fn new(state: &HubState, seed: u64) -> Result<Self> {
        let addresses = AddressFormat::new(&state.prefix).map_err(anyhow::Error::msg)?;
        let staking = Staking::new(state, &addresses)?;
        let mut rng = Rng::new(seed);
        let mut sentences = BTreeMap::new();
        for (validator, record) in staking.validators.iter().enumerate() {
            if record.jailed {
                sentences.insert(validator, rng.between(50, 600) as u32);
            }
        }
        Ok(Self {
            people: People::new(staking.delegators.len(), &mut rng),
            editors: (0..staking.validators.len()).collect(),
            proposed: vec![0; staking.validators.len()],
            tally: BTreeMap::new(),
            jailed: BTreeMap::new(),
            height: 0,
            actions: Vec::new(),
            sentences,
            staking,
            rng,
            addresses,
        })
    }

    /// The next block and what happens in it.
    pub fn block(&mut self) -> Vec<Action> {
        self.height += 1;
        self.change_stake();
        self.misbehave();
        self.leave_jail();
        self.edit_commission();
        self.change_powers();
        self.produce_block();
        self.give();
        self.claim();
        self.take_deeds()
    }

    /// After the last block: those claim that never did before.
    pub fn finale(&mut self) -> Vec<Action> {
        for delegator in self.people.all(Habit::AtTheEnd) {
            self.claim_all(delegator);
            self.count("claims only at the end");
        }
        self.take_deeds()
    }

    fn take_deeds(&mut self) -> Vec<Action> {
        std::mem::take(&mut self.actions)
    }

    fn count(&mut self, what: &'static str) {
        *self.tally.entry(what).or_default() += 1;
    }

    fn does(&mut self, operation: Operation) {
        self.actions.push(Action::Operation(operation));
    }

    /// From one coin to some ten thousand, small amounts as often as large ones.
    fn amount(&mut self) -> u128 {
        let digits = self.rng.between(1_000, 9_999);
        let scale = 10_u64.pow(self.rng.below(4) as u32);
        u128::from(digits * scale * (COIN / 1_000))
    }

    fn change_stake(&mut self) {
        if !self.rng.per_mille(150) {
            return;
        }
        match self.rng.below(10) {
            0..3 => self.delegate(),
            3..6 => self.undelegate(),
            _ => self.redelegate(),
        }
    }

    fn delegate(&mut self) {
        let Some(&validator) = self.rng.pick(&self.staking.open()) else {
            return;
        };
        let count = self.staking.delegators.len();
        let delegator = if count == 0 || self.rng.per_mille(250) {
            let address = self.addresses.account(&format!("newcomer {count}"));
            self.people.newcomer();
            self.staking.newcomer(address.into_string())
        } else {
            self.rng.below(count as u64) as usize
        };
        let tokens = self.amount();
        let shares = self.staking.delegate(delegator, validator, tokens);
        self.count("delegations");
        self.set_shares(delegator, validator, shares);
    }

    fn undelegate(&mut self) {
        let Some(&place) = self.rng.pick(&self.staking.live()) else {
            return;
        };
        let delegation = self.staking.delegations[place];
        let percent = if self.rng.per_mille(400) {
            100
        } else {
            self.rng.between(5, 95)
        };
        let sold = delegation.shares * u128::from(percent) / 100;
        self.count("undelegations");
        self.staking
            .undelegate(delegation.delegator, delegation.validator, sold);
        self.set_shares(
            delegation.delegator,
            delegation.validator,
            delegation.shares - sold,
        );
    }

    fn redelegate(&mut self) {
        let picked = self.rng.pick(&self.staking.live()).copied();
        let Some((place, &to)) = picked.zip(self.rng.pick(&self.staking.open())) else {
            return;
        };
        let from = self.staking.delegations[place];
        if from.validator == to {
            return;
        }
        let part = u128::from(self.rng.between(10, 100));
        let sold = from.shares * part / 100;
        let tokens = self
            .staking
            .undelegate(from.delegator, from.validator, sold);
        let shares = self.staking.delegate(from.delegator, to, tokens);
        // Shares of two validators differ in worth once one of them was slashed.
        self.count("redelegations");
        self.set_shares(from.delegator, from.validator, from.shares - sold);
        self.set_shares(from.delegator, to, shares);
    }

    fn set_shares(&mut self, delegator: usize, validator: usize, shares: u128) {
        if shares == 0 {
            self.people.left(delegator, self.height);
        }
        self.does(Operation::SetShares {
            delegator: self.staking.delegators[delegator].clone(),
            validator: self.staking.validators[validator].name.clone(),
            shares,
        });
    }

    fn misbehave(&mut self) {
        if !self.rng.per_mille(6) {
            return;
        }
        let Some(&validator) = self.rng.pick(&self.staking.open()) else {
            return;
        };
        let twice = self.rng.per_mille(100);
        let fraction = if twice {
            DOUBLE_SIGN_SLASH
        } else {
            DOWNTIME_SLASH
        };
        self.staking.slash(validator, fraction);
        let record = &mut self.staking.validators[validator];
        record.jailed = true;
        let name = record.name.clone();
        self.jailed.insert(validator, self.height);
        // Who signs two blocks of one height never comes back.
        if !twice {
            let sentence = self.rng.between(30, 300) as u32;
            self.sentences.insert(validator, self.height + sentence);
        }
        self.count("slashes and jailings");
        self.does(Operation::Slash {
            validator: name,
            fraction_atomics: fraction,
        });
    }

    fn leave_jail(&mut self) {
        let free: Vec<usize> = self
            .sentences
            .iter()
            .filter(|(_, until)| **until <= self.height)
            .map(|(validator, _)| *validator)
            .collect();
        for validator in free {
            self.sentences.remove(&validator);
            self.staking.validators[validator].jailed = false;
            self.jailed.remove(&validator);
            self.count("unjailings");
        }
    }

    fn edit_commission(&mut self) {
        if self.editors.is_empty() || !self.rng.per_mille(10) {
            return;
        }
        // Once in a day, which is longer than most stories.
        let place = self.rng.below(self.editors.len() as u64) as usize;
        let validator = self.editors.swap_remove(place);
        let record = &mut self.staking.validators[validator];
        let most = record
            .max_rate
            .min(record.rate.saturating_add(record.max_change_rate));
        let step = PERCENT / 10;
        let rate = self.rng.between(0, most / step) * step;
        record.rate = rate;
        let validator = record.name.clone();
        self.count("commission edits");
        self.actions.push(Action::EditCommission {
            validator,
            commission_atomics: rate,
        });
    }

    fn change_powers(&mut self) {
        for change in self.staking.power_changes() {
            self.count("changes of power");
            self.does(Operation::SetPower {
                validator: self.staking.validators[change.validator].name.clone(),
                power: change.power,
            });
        }
    }

    /// New coins of about three a block, and what transactions paid.
    fn fees(&mut self) -> u128 {
        if self.rng.per_mille(10) {
            return 0;
        }
        let minted = self.rng.between(2_700_000, 3_100_000);
        let transactions = self.rng.below(40);
        let paid: u64 = (0..transactions)
            .map(|_| self.rng.between(500, 25_000))
            .sum();
        let rush = if self.rng.per_mille(5) {
            self.rng.between(10, 60) * COIN
        } else {
            0
        };
        u128::from(minted + paid + rush)
    }

    fn produce_block(&mut self) {
        let powers = self.staking.validators.iter().map(|it| it.power);
        let proposer = self.rng.weighted(powers);
        if let Some(validator) = proposer {
            self.proposed[validator] += 1;
        }
        // Now and then a part of the network is gone for a block.
        let chance = if self.rng.per_mille(20) { 200 } else { 12 };
        let mut absent = Vec::new();
        for record in &self.staking.validators {
            if record.power > 0 && self.rng.per_mille(chance) {
                absent.push(record.name.clone());
            }
        }
        let commit = if self.height.is_multiple_of(VOTES_EVERY) {
            Commit::Votes { absent }
        } else {
            Commit::SignedPower { absent }
        };
        let fees = vec![self.fees()];
        self.count("blocks");
        self.does(Operation::Block {
            fees,
            proposer: proposer.map(|place| self.staking.validators[place].name.clone()),
            commit,
        });
    }

    fn give(&mut self) {
        if self.rng.per_mille(12) {
            let place = self.rng.below(self.staking.validators.len() as u64) as usize;
            self.count("deposits for validators");
            let rewards = vec![u128::from(self.rng.between(1, 40 * COIN))];
            self.does(Operation::RewardValidator {
                validator: self.staking.validators[place].name.clone(),
                rewards,
            });
        }
        if self.rng.per_mille(4) {
            self.count("gifts to the community");
            let amounts = vec![u128::from(self.rng.between(1, 10 * COIN))];
            self.does(Operation::FundCommunityPool { amounts });
        }
        if self.rng.per_mille(6) {
            self.count("community spends");
            let amount = u128::from(self.rng.between(COIN, 15 * COIN));
            self.does(Operation::SpendCommunityPool { amount });
        }
    }

    fn claim(&mut self) {
        if self.rng.per_mille(500) {
            self.claim_one();
        }
        if self.rng.per_mille(60)
            && let Some(&delegator) = self.rng.pick(&self.people.all(Habit::NowAndThen))
        {
            self.claim_all(delegator);
            self.count("claims of all delegations");
        }
        if self.rng.per_mille(120) {
            let validator = self.operator();
            self.count("claims of commission");
            self.does(Operation::WithdrawCommission { validator });
        }
        if self.rng.per_mille(30) {
            let validator = self.operator();
            self.count("claims of operators");
            self.does(Operation::WithdrawValidator { validator });
        }
    }

    fn claim_one(&mut self) {
        // Those that are gone may have something left.
        let places: Vec<usize> = (0..self.staking.delegations.len()).collect();
        let Some(&place) = self.rng.pick(&places) else {
            return;
        };
        let delegation = self.staking.delegations[place];
        if self.people.habit(delegation.delegator) != Habit::NowAndThen {
            return;
        }
        self.people.claimed(delegation.delegator);
        self.count("claims of one delegation");
        self.does(Operation::Withdraw {
            delegator: self.staking.delegators[delegation.delegator].clone(),
            validator: self.staking.validators[delegation.validator].name.clone(),
        });
    }

    fn claim_all(&mut self, delegator: usize) {
        self.people.claimed(delegator);
        let page = self.rng.between(5, 40) as u32;
        self.does(Operation::WithdrawAll {
            delegator: self.staking.delegators[delegator].clone(),
            page,
        });
    }

    fn operator(&mut self) -> String {
        let place = self.rng.below(self.staking.validators.len() as u64) as usize;
        self.staking.validators[place].name.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actions(seed: u64, blocks: u32) -> Vec<Action> {
        let mut story = Story::new(&HubState::built_in().unwrap(), seed).unwrap();
        let mut actions: Vec<Action> = (0..blocks).flat_map(|_| story.block()).collect();
        actions.extend(story.finale());
        actions
    }

    #[test]
    fn the_same_seed_tells_the_same_story_and_another_one_does_not() {
        assert_eq!(actions(5, 100), actions(5, 100));
        assert_ne!(actions(5, 100), actions(6, 100));
    }

    #[test]
    fn in_two_thousand_blocks_everything_happens() {
        let mut story = Story::new(&HubState::built_in().unwrap(), 1).unwrap();
        for _ in 0..2_000 {
            story.block();
        }
        story.finale();
        for kind in [
            "changes of power",
            "delegations",
            "undelegations",
            "redelegations",
            "slashes and jailings",
            "unjailings",
            "commission edits",
            "claims of one delegation",
            "claims only at the end",
            "claims of all delegations",
            "claims of commission",
            "claims of operators",
            "deposits for validators",
            "gifts to the community",
            "community spends",
        ] {
            assert!(story.tally.contains_key(kind), "{kind}");
        }
        assert_eq!(story.tally["blocks"], 2_000);
        assert_eq!(story.proposed.iter().sum::<u32>(), 2_000);
    }

    #[test]
    fn who_claims_at_the_end_does_not_claim_before() {
        let mut story = Story::new(&HubState::built_in().unwrap(), 2).unwrap();
        let late: Vec<String> = story
            .people
            .all(Habit::AtTheEnd)
            .into_iter()
            .map(|place| story.staking.delegators[place].clone())
            .collect();
        assert!(!late.is_empty());
        let claims = |actions: Vec<Action>| -> Vec<String> {
            actions
                .into_iter()
                .filter_map(|action| match action {
                    Action::Operation(
                        Operation::Withdraw { delegator, .. }
                        | Operation::WithdrawAll { delegator, .. },
                    ) => Some(delegator),
                    _ => None,
                })
                .collect()
        };
        for _ in 0..300 {
            assert!(claims(story.block()).iter().all(|it| !late.contains(it)));
        }
        let at_the_end = claims(story.finale());
        assert!(late.iter().all(|it| at_the_end.contains(it)));
    }
}
