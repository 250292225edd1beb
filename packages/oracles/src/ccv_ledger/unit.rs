//! The unit of a denom that is under way from the consumer to the provider.

use std::{collections::BTreeMap, fmt};

use num_bigint::BigInt;
use num_rational::BigRational;

use super::{
    CcvLedgerError, base_units,
    consumer::{ConsumerLedger, Denom, Pool},
    floor_coins, floor_points,
    split::Weight,
    whole,
};

/// Where a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitStage {
    /// Its weights are fixed, its tokens are not counted yet.
    Closing,
    /// Its tokens are on the consumer: the weights are not acknowledged, or no transfer is sent.
    Home,
    /// A transfer is sent.
    InFlight,
    /// The provider has the tokens; the consumer has not heard of it.
    Arrived,
}

impl fmt::Display for UnitStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closing => "closing",
            Self::Home => "at home",
            Self::InFlight => "in flight",
            Self::Arrived => "arrived",
        })
    }
}

/// The tokens that a closing unit may have, in whole base units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClosingTokens {
    /// The exact sum of the weights, rounded down.
    pub exact: u128,
    /// The least that a system within the bound may come to.
    pub least: u128,
    /// The most.
    pub most: u128,
}

/// What was frozen of a denom, and where it is.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    /// The holding pools at the closing; when the tokens are counted, those whose validators name the
    /// same one are added.
    pub pools: BTreeMap<String, Pool>,
    /// The bound's part that was passed on until then.
    pub passed_on: BigInt,
    /// Whole base units; 0 while closing.
    pub tokens: u128,
    pub stage: UnitStage,
}

impl Unit {
    /// The sum of the weights in base units.
    pub fn total(&self) -> BigRational {
        self.pools.values().map(|it| &it.amount).sum()
    }

    fn closing_tokens(&self) -> ClosingTokens {
        let total = self.total();
        let off = base_units(&self.passed_on);
        ClosingTokens {
            exact: floor_coins(&total),
            least: floor_coins(&(&total - &off)),
            most: floor_coins(&(total + off)),
        }
    }
}

impl ConsumerLedger {
    /// The epoch of a denom closes: the pools of all validators become the weights of its unit, and
    /// new pools begin with nothing.
    ///
    /// # Errors
    /// [`CcvLedgerError::UnderWay`] when the last unit of the denom is neither delivered nor released
    /// nor written off.
    pub fn freeze(&mut self, denom: &str) -> Result<(), CcvLedgerError> {
        let largest_power = self.largest_power;
        let entry = self.denom_mut(denom);
        if let Some(unit) = &entry.unit {
            return Err(CcvLedgerError::UnderWay {
                denom: denom.to_owned(),
                stage: unit.stage,
            });
        }
        entry.passed_on += largest_power;
        entry.unit = Some(Unit {
            pools: std::mem::take(&mut entry.pools),
            passed_on: entry.passed_on.clone(),
            tokens: 0,
            stage: UnitStage::Closing,
        });
        Ok(())
    }

    /// The tokens that the closing unit of a denom may have.
    ///
    /// # Errors
    /// [`CcvLedgerError::NoUnit`].
    pub fn closing_tokens(&self, denom: &str) -> Result<ClosingTokens, CcvLedgerError> {
        Ok(self.unit(denom)?.closing_tokens())
    }

    /// The tokens of the closing unit are counted; the remainder becomes pending at this moment. A
    /// system's sum may be off the exact one by some points and so be just on the other side of a
    /// whole base unit: therefore the tokens are the system's, if they are admissible.
    ///
    /// # Errors
    /// [`CcvLedgerError::Tokens`], [`CcvLedgerError::NoUnit`], [`CcvLedgerError::WrongStage`].
    pub fn close(&mut self, denom: &str, tokens: u128) -> Result<(), CcvLedgerError> {
        let ClosingTokens { least, most, .. } = self.closing_tokens(denom)?;
        if tokens < least || most < tokens {
            return Err(CcvLedgerError::Tokens {
                denom: denom.to_owned(),
                tokens,
                least,
                most,
            });
        }
        let mut unit = self.take(denom, "close", UnitStage::Closing)?;
        unit.tokens = tokens;
        unit.stage = UnitStage::Home;
        for (validator, pool) in std::mem::take(&mut unit.pools) {
            let name = self.names.get(&validator).cloned().unwrap_or(validator);
            let named = unit.pools.entry(name).or_default();
            named.amount += pool.amount;
            named.held_back += pool.held_back;
        }
        let entry = self.denom_mut(denom);
        entry.pending += unit.total() - whole(tokens);
        entry.unit = Some(unit);
        Ok(())
    }

    /// A transfer of the unit's tokens is sent. A harness calls it only after all weights of the
    /// unit were acknowledged, which the ledger does not see.
    ///
    /// # Errors
    /// [`CcvLedgerError::NoUnit`], [`CcvLedgerError::WrongStage`].
    pub fn send(&mut self, denom: &str) -> Result<(), CcvLedgerError> {
        self.advance(denom, "send", UnitStage::Home, UnitStage::InFlight)
    }

    /// The transfer failed and its tokens are back, by the source callback.
    ///
    /// # Errors
    /// [`CcvLedgerError::NoUnit`], [`CcvLedgerError::WrongStage`]: tokens that arrived cannot come
    /// back.
    pub fn refund(&mut self, denom: &str) -> Result<(), CcvLedgerError> {
        self.advance(denom, "refund", UnitStage::InFlight, UnitStage::Home)
    }

    /// The tokens arrived on the provider.
    ///
    /// # Errors
    /// [`CcvLedgerError::NoUnit`], [`CcvLedgerError::WrongStage`]: a unit arrives once.
    pub fn arrive(&mut self, denom: &str) -> Result<(), CcvLedgerError> {
        self.advance(denom, "arrive", UnitStage::InFlight, UnitStage::Arrived)?;
        let tokens = self.unit(denom)?.tokens;
        self.denom_mut(denom).arrived += tokens;
        Ok(())
    }

    /// The consumer knows that the tokens arrived: the unit ends.
    ///
    /// # Errors
    /// [`CcvLedgerError::NoUnit`], [`CcvLedgerError::WrongStage`] for one that did not arrive.
    pub fn deliver(&mut self, denom: &str) -> Result<(), CcvLedgerError> {
        self.take(denom, "deliver", UnitStage::Arrived)?;
        Ok(())
    }

    /// The owner gives the unit up: its tokens become pending, its weights mean nothing any more.
    ///
    /// # Errors
    /// [`CcvLedgerError::NoUnit`], [`CcvLedgerError::WrongStage`] for one whose tokens are not at
    /// home.
    pub fn release(&mut self, denom: &str) -> Result<(), CcvLedgerError> {
        let unit = self.take(denom, "release", UnitStage::Home)?;
        self.denom_mut(denom).pending += whole(unit.tokens);
        Ok(())
    }

    /// The unit can arrive no more and its callback never came: the unit ends. Its tokens were split
    /// as fees already (and are among those collected twice), or come back by [`Self::late_refund`].
    ///
    /// # Errors
    /// [`CcvLedgerError::NoUnit`], [`CcvLedgerError::WrongStage`]: what arrived is delivered.
    pub fn write_off(&mut self, denom: &str) -> Result<(), CcvLedgerError> {
        let unit = self.take(denom, "write off", UnitStage::InFlight)?;
        self.denom_mut(denom).written_off += unit.tokens;
        Ok(())
    }

    /// The source callback of a unit that was written off came after all: its tokens become pending.
    ///
    /// # Errors
    /// [`CcvLedgerError::NotWrittenOff`].
    pub fn late_refund(&mut self, denom: &str, tokens: u128) -> Result<(), CcvLedgerError> {
        let entry = self.denom_mut(denom);
        entry.written_off =
            entry
                .written_off
                .checked_sub(tokens)
                .ok_or_else(|| CcvLedgerError::NotWrittenOff {
                    denom: denom.to_owned(),
                    tokens,
                    written_off: entry.written_off,
                })?;
        entry.pending += whole(tokens);
        Ok(())
    }

    /// Where the unit of a denom is, `None` when none is under way.
    pub fn stage(&self, denom: &str) -> Option<UnitStage> {
        self.denoms.get(denom)?.unit.as_ref().map(|it| it.stage)
    }

    /// The weight of a validator in the unit under way, in base units.
    ///
    /// # Errors
    /// [`CcvLedgerError::NoUnit`].
    pub fn weight(&self, denom: &str, validator: &str) -> Result<BigRational, CcvLedgerError> {
        let pool = self.unit(denom)?.pools.get(validator);
        Ok(pool.map(|it| it.amount.clone()).unwrap_or_default())
    }

    /// The weights of the unit under way in whole points, rounded down, without those of 0; in the
    /// order of the names. For tests without a system: a system sends its own.
    ///
    /// # Errors
    /// [`CcvLedgerError::NoUnit`].
    pub fn weights_in_points(&self, denom: &str) -> Result<Vec<Weight>, CcvLedgerError> {
        let pools = self.unit(denom)?.pools.iter();
        let weights = pools.map(|(validator, pool)| Weight {
            validator: validator.clone(),
            points: floor_points(&pool.amount),
        });
        Ok(weights.filter(|it| it.points > BigInt::ZERO).collect())
    }

    pub(super) fn unit(&self, denom: &str) -> Result<&Unit, CcvLedgerError> {
        let entry = self.denoms.get(denom);
        entry
            .and_then(|it| it.unit.as_ref())
            .ok_or_else(|| no_unit(denom))
    }

    fn advance(
        &mut self,
        denom: &str,
        verb: &'static str,
        from: UnitStage,
        to: UnitStage,
    ) -> Result<(), CcvLedgerError> {
        let mut unit = self.take(denom, verb, from)?;
        unit.stage = to;
        self.denom_mut(denom).unit = Some(unit);
        Ok(())
    }

    /// Takes the unit of a denom out. Nothing changes when it is not at this stage.
    fn take(
        &mut self,
        denom: &str,
        verb: &'static str,
        expected: UnitStage,
    ) -> Result<Unit, CcvLedgerError> {
        let stage = self.unit(denom)?.stage;
        if stage != expected {
            return Err(CcvLedgerError::WrongStage {
                denom: denom.to_owned(),
                verb,
                stage,
                expected,
            });
        }
        let unit = self.denom_mut(denom).unit.take();
        unit.ok_or_else(|| no_unit(denom))
    }

    fn denom_mut(&mut self, denom: &str) -> &mut Denom {
        self.denoms.entry(denom.to_owned()).or_default()
    }
}

fn no_unit(denom: &str) -> CcvLedgerError {
    CcvLedgerError::NoUnit {
        denom: denom.to_owned(),
    }
}
