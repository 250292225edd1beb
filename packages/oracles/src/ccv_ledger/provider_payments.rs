//! What is paid on the provider, and what goes elsewhere.

use super::{CcvLedgerError, ProviderLedger, UnitId};

impl ProviderLedger {
    /// A validator was paid. A payment that fails is none: its coins stay owed.
    ///
    /// # Errors
    /// [`CcvLedgerError::NotOwed`]. Nothing changes then.
    pub fn pay(&mut self, validator: &str, denom: &str, coins: u128) -> Result<(), CcvLedgerError> {
        self.owe_less(validator, denom, coins)?;
        self.reward_mut(validator, denom).paid += coins;
        Ok(())
    }

    /// An entry means another validator than it names: what is owed to the one is owed to the other.
    ///
    /// # Errors
    /// [`CcvLedgerError::NotOwed`]. Nothing changes then.
    pub fn redirect(
        &mut self,
        denom: &str,
        (named, meant): (&str, &str),
        coins: u128,
    ) -> Result<(), CcvLedgerError> {
        self.owe_less(named, denom, coins)?;
        self.reward_mut(meant, denom).owed += coins;
        Ok(())
    }

    /// A validator vanished between the passes over the last unit that was processed: its share goes to
    /// the carry, or with a carry that has ended to the community pool. Its coins, which are owed no
    /// more.
    ///
    /// # Errors
    /// [`CcvLedgerError::NoPart`] when it has no share of that unit, or it went to the carry
    /// already; [`CcvLedgerError::NotOwed`] when it was paid. Nothing changes then.
    pub fn vanish(
        &mut self,
        consumer: &str,
        denom: &str,
        validator: &str,
    ) -> Result<u128, CcvLedgerError> {
        let part = self.book(consumer, denom);
        let part = part.and_then(|it| it.last_unit.get(validator));
        let coins = *part.ok_or_else(|| CcvLedgerError::NoPart {
            consumer: consumer.to_owned(),
            denom: denom.to_owned(),
            validator: validator.to_owned(),
        })?;
        self.owe_less(validator, denom, coins)?;
        let book = self.book_mut(consumer, denom);
        book.last_unit.remove(validator);
        book.distributed -= coins;
        book.leave(book.begun.unwrap_or_default(), coins);
        Ok(coins)
    }

    fn owe_less(
        &mut self,
        validator: &str,
        denom: &str,
        coins: u128,
    ) -> Result<(), CcvLedgerError> {
        let reward = self.reward_mut(validator, denom);
        reward.owed = reward
            .owed
            .checked_sub(coins)
            .ok_or_else(|| CcvLedgerError::NotOwed {
                validator: validator.to_owned(),
                denom: denom.to_owned(),
                coins,
                owed: reward.owed,
            })?;
        Ok(())
    }

    /// A denom is not listed for a consumer any more, or the consumer has another peer: the carry goes to
    /// the community pool, and later what the units leave that have arrived. The carry.
    pub fn unlist(&mut self, consumer: &str, denom: &str) -> u128 {
        let book = self.book_mut(consumer, denom);
        book.ended = book.last_epoch;
        let carry = std::mem::take(&mut book.carry);
        book.community += carry;
        carry
    }

    /// The owner gave away the tokens of a unit whose weights never came. The tokens.
    ///
    /// # Errors
    /// [`CcvLedgerError::NotWaiting`].
    pub fn resolve_orphan(&mut self, unit: &UnitId<'_>) -> Result<u128, CcvLedgerError> {
        let book = self.book_mut(unit.consumer, unit.denom);
        let tokens = book.waiting.remove(&unit.epoch);
        let tokens = tokens.ok_or_else(|| CcvLedgerError::NotWaiting {
            unit: unit.to_string(),
        })?;
        book.resolved += tokens;
        Ok(tokens)
    }

    /// What a validator is owed of a denom.
    pub fn owed(&self, validator: &str, denom: &str) -> u128 {
        let key = (validator.to_owned(), denom.to_owned());
        self.rewards.get(&key).map_or(0, |it| it.owed)
    }

    /// What a validator was paid of a denom.
    pub fn paid(&self, validator: &str, denom: &str) -> u128 {
        let key = (validator.to_owned(), denom.to_owned());
        self.rewards.get(&key).map_or(0, |it| it.paid)
    }
}
