//! Pseudo-random histories against the formulas in plain rationals, one factor at a time.

use std::collections::BTreeMap;

use num_traits::{One, Zero};

use super::*;

/// A small generator with a fixed sequence for each seed (xorshift64*).
struct Rng(u64);

impl Rng {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) % sides
    }

    fn rate(&mut self) -> Fraction {
        let atomics = match self.below(4) {
            0 => 0,
            1 => self.below(101) * (Fraction::ONE.atomics() / 100),
            _ => self.below(Fraction::ONE.atomics() + 1),
        };
        Fraction::from_atomics(atomics).unwrap()
    }
}

fn exactly(rate: Fraction) -> BigRational {
    ratio(rate.atomics().into(), Fraction::ONE.atomics().into())
}

#[derive(Default)]
struct PlainValidator {
    power: u64,
    commission: Fraction,
    removed: bool,
    units: BTreeMap<String, u128>,
}

/// The same ledger in plain rationals, for one denom and without payouts.
struct Plain {
    params: FeeParams,
    validators: BTreeMap<String, PlainValidator>,
    earned: BTreeMap<String, BigRational>,
}

impl Plain {
    fn give(&mut self, recipient: Recipient<'_>, amount: BigRational) {
        *self.earned.entry(recipient.to_string()).or_default() += amount;
    }

    fn earned(&self, recipient: Recipient<'_>) -> BigRational {
        self.earned
            .get(&recipient.to_string())
            .cloned()
            .unwrap_or_default()
    }

    fn begin_block(&mut self, fees: &BigRational, proposer: &str, signed: u64) {
        let total: u64 = self.validators.values().map(|it| it.power).sum();
        if total == 0 {
            return self.give(Recipient::CommunityPool, fees.clone());
        }
        let active = self.validators.values().filter(|it| it.power > 0).count();
        let signed_part = ratio(signed.min(total).into(), total.into());
        let proposer_rate = exactly(self.params.base_proposer_reward)
            + exactly(self.params.bonus_proposer_reward) * signed_part;
        let tax = exactly(self.params.community_tax);
        let votes = fees * (BigRational::one() - &tax - &proposer_rate);
        let equal = &votes * exactly(self.params.equal_share);

        self.give(Recipient::CommunityPool, fees * tax);
        let proposer_part = fees * proposer_rate;
        if self.validators.get(proposer).is_none_or(|it| it.removed) {
            self.give(Recipient::CommunityPool, proposer_part);
        } else {
            self.reward(proposer, &proposer_part);
        }
        let powers: Vec<_> = self
            .validators
            .iter()
            .map(|(name, it)| (name.clone(), it.power))
            .filter(|(_, power)| *power > 0)
            .collect();
        for (name, power) in powers {
            let by_power = (&votes - &equal) * ratio(power.into(), total.into());
            self.reward(&name, &(by_power + &equal / coins(active as u128)));
        }
    }

    fn reward(&mut self, name: &str, amount: &BigRational) {
        let validator = &self.validators[name];
        let commission_part = amount * exactly(validator.commission);
        let delegators_part = amount - &commission_part;
        let units: u128 = validator.units.values().sum();
        let delegators = validator.units.clone();
        self.give(commission(name), commission_part);
        if units == 0 {
            return self.give(Recipient::CommunityPool, delegators_part);
        }
        for (delegator, own) in delegators {
            let part = &delegators_part * coins(own) / coins(units);
            self.give(delegation(&delegator, name), part);
        }
    }
}

/// Plays the same random history on both.
fn play(seed: u64, steps: u32, unit_places: u32) -> (FeeLedger, Plain) {
    let mut rng = Rng(seed);
    let params = FeeParams::default();
    let mut ledger = FeeLedger::new(params).unwrap();
    let mut plain = Plain {
        params,
        validators: BTreeMap::new(),
        earned: BTreeMap::new(),
    };
    for _ in 0..steps {
        let name = format!("v{}", rng.below(5));
        let who = format!("d{}", rng.below(6));
        match rng.below(10) {
            0 => {
                let power = rng.below(4) * rng.below(1_000_000);
                ledger.set_power(&name, power);
                if power > 0 || plain.validators.contains_key(&name) {
                    plain.validators.entry(name).or_default().power = power;
                }
            }
            1 => {
                let rate = rng.rate();
                ledger.set_commission(&name, rate);
                plain.validators.entry(name).or_default().commission = rate;
            }
            2 | 3 => {
                let units = u128::from(rng.below(4) * rng.below(1_000)) * 10_u128.pow(unit_places);
                let validator = plain.validators.entry(name.clone()).or_default();
                let before = validator.units.get(&who).copied().unwrap_or_default();
                let refused = validator.removed && units > before;
                assert_eq!(ledger.set_units(&who, &name, units).is_err(), refused);
                if !refused {
                    validator.units.insert(who, units);
                }
            }
            4 => {
                if let Some(validator) = plain.validators.get_mut(&name) {
                    if validator.removed {
                        let rate = rng.rate();
                        ledger.create_validator(&name, rate);
                        validator.removed = false;
                        validator.commission = rate;
                    } else {
                        ledger.remove_validator(&name).unwrap();
                        validator.removed = true;
                        validator.power = 0;
                    }
                }
            }
            5 => {
                let part = |rate: Fraction| Fraction::from_atomics(rate.atomics() / 3).unwrap();
                let params = FeeParams {
                    community_tax: part(rng.rate()),
                    base_proposer_reward: part(rng.rate()),
                    bonus_proposer_reward: part(rng.rate()),
                    equal_share: rng.rate(),
                };
                ledger.set_params(params).unwrap();
                plain.params = params;
            }
            6 => {
                let amount = rng.below(1_000).into();
                let validator = plain.validators.get(&name);
                if validator.is_some_and(|it| !it.removed) {
                    ledger.reward_validator(&name, DENOM, amount).unwrap();
                    plain.reward(&name, &coins(amount));
                }
            }
            _ => {
                let fees = u128::from(rng.below(1 << 40));
                let signed = rng.below(5_000_000);
                block(&mut ledger, fees, Some(&name), signed);
                plain.begin_block(&coins(fees), &name, signed);
            }
        }
    }
    (ledger, plain)
}

#[test]
fn every_recipient_has_its_share_of_plain_rationals() {
    for seed in 1..=30 {
        let (ledger, plain) = play(seed, 120, 3);
        for recipient in ledger.recipients() {
            assert_eq!(
                ledger.earned(recipient, DENOM),
                plain.earned(recipient),
                "{recipient}, seed {seed}"
            );
        }
        let listed: Vec<_> = ledger.recipients().map(|it| it.to_string()).collect();
        let missing = plain
            .earned
            .iter()
            .find(|(name, amount)| !amount.is_zero() && !listed.contains(name));
        assert_eq!(missing, None, "seed {seed}");
    }
}

#[test]
fn all_shares_are_exactly_what_was_received() {
    for seed in 100..=120 {
        let (ledger, _) = play(seed, 150, 20);
        ledger.check_conservation().unwrap();
        let sum: BigRational = ledger.recipients().map(|it| ledger.earned(it, DENOM)).sum();
        assert_eq!(sum, coins(ledger.total_received(DENOM)), "seed {seed}");
    }
}

#[test]
fn payouts_and_forfeits_keep_everything_accounted_for() {
    for seed in 200..=210 {
        let (mut ledger, _) = play(seed, 150, 6);
        let mut rng = Rng(seed);
        let mut forfeits = 0;
        for round in 0..20 {
            let names: Vec<(String, String)> = ledger
                .recipients()
                .filter_map(|it| match it {
                    Recipient::Delegation {
                        delegator,
                        validator,
                    } => Some((delegator.to_owned(), validator.to_owned())),
                    _ => None,
                })
                .collect();
            for (who, name) in &names {
                let payable = ledger.floor_coins(delegation(who, name), DENOM);
                ledger.pay_delegation(who, name, DENOM, payable).unwrap();
                assert!(ledger.pay_delegation(who, name, DENOM, 1).is_err());
                if rng.below(3) == 0 {
                    ledger.set_units(who, name, 0).unwrap();
                    ledger.forfeit(who, name).unwrap();
                    forfeits += 1;
                } else {
                    // Refused where more would be delegated to a removed validator.
                    let units = u128::from(rng.below(1_000_000));
                    let _ = ledger.set_units(who, name, units);
                }
            }
            block(&mut ledger, 1_000 + round, Some("v1"), rng.below(5_000_000));
            ledger.check_conservation().unwrap();
        }
        assert!(forfeits > 0, "seed {seed}");

        let unpaid: BigRational = ledger.recipients().map(|it| ledger.unpaid(it, DENOM)).sum();
        let paid = coins(ledger.total_paid(DENOM));
        assert_eq!(unpaid + paid, coins(ledger.total_received(DENOM)));
    }
}
