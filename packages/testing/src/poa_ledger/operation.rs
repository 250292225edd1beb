//! What can happen to a pool.

use super::{DenomAmount, PoaLedger, PoaLedgerError};

/// Everything that can happen to a pool once it is there.
///
/// Where the ledger refuses an operation nothing changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoaOperation<'a> {
    /// Fees, or anything else that joins them: they wait for the next checkpoint.
    Receive(DenomAmount<'a>),
    /// Allocates what waits by the powers as they are. Without power it goes on waiting.
    Checkpoint,
    /// New powers for validators that exist, together: one checkpoint before all of them. Those
    /// that join with such a batch are added without power before it.
    SetPowers(&'a [PowerChange<'a>]),
    /// A checkpoint, then one more validator.
    AddValidator(NewValidator<'a>),
    /// A checkpoint, then another operator for a validator.
    ChangeOperator(OperatorChange<'a>),
    /// A checkpoint, then whether a denom is taken for fees. What comes in while it is not waits, and
    /// is allocated by the powers of the first checkpoint after it is again.
    CollectDenom(DenomChange<'a>),
    /// A checkpoint, then the ledger's own payout to an account in every denom: the whole part of
    /// what it is exactly owed, and what could not be delivered to it before.
    Withdraw(Withdrawal<'a>),
    /// A checkpoint, then what the system under test paid in one denom.
    Paid(Payment<'a>),
}

/// A validator's new power. Of several for one validator the last holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PowerChange<'a> {
    /// The validator's operator.
    pub operator: &'a str,
    /// Its power from now on; with 0 it earns nothing more.
    pub power: u128,
}

/// A validator that joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewValidator<'a> {
    /// Its operator, who has no other validator.
    pub operator: &'a str,
    /// Its power.
    pub power: u128,
}

/// A validator's change of hands. What was earned so far stays with the old operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperatorChange<'a> {
    /// Who operates the validator.
    pub operator: &'a str,
    /// Who does from now on, and has no other validator.
    pub new_operator: &'a str,
}

/// Whether a denom is taken for fees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DenomChange<'a> {
    /// The denom.
    pub denom: &'a str,
    /// Whether it is from now on; every denom is until this says otherwise.
    pub collected: bool,
}

/// A withdrawal of all that an account is owed in whole base units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withdrawal<'a> {
    /// An operator, or somebody who was one.
    pub account: &'a str,
    /// Denoms whose payout fails. What was to be paid stays owed to the account, is not allocated
    /// again, and is paid by its next withdrawal.
    pub failing: &'a [&'a str],
}

/// What a system paid for a withdrawal in one denom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment<'a> {
    /// Whose withdrawal it was.
    pub account: &'a str,
    /// What was sent, with what could not be delivered before.
    pub coin: DenomAmount<'a>,
    /// Whether it could not be delivered; then it stays owed to the account.
    pub failed: bool,
}

impl PoaLedger {
    /// Does an operation.
    ///
    /// # Errors
    /// * [`PoaLedgerError::ReceivedBound`] for fees.
    /// * [`PoaLedgerError::UnknownOperator`] for a power or a change of hands for no validator.
    /// * [`PoaLedgerError::OperatorExists`] for a second validator for an operator.
    /// * [`PoaLedgerError::PowerBound`] for powers.
    /// * [`PoaLedgerError::Claim`] for a payment that is not admissible.
    ///
    /// Nothing changes then, but that a payment's checkpoint stays.
    pub fn apply(&mut self, operation: &PoaOperation<'_>) -> Result<(), PoaLedgerError> {
        match operation {
            PoaOperation::Receive(coin) => self.receive(coin),
            PoaOperation::Checkpoint => {
                self.checkpoint();
                Ok(())
            }
            PoaOperation::SetPowers(changes) => self.set_powers(changes),
            PoaOperation::AddValidator(validator) => self.add_validator(validator),
            PoaOperation::ChangeOperator(change) => self.change_operator(change),
            PoaOperation::CollectDenom(change) => {
                self.collect_denom(change);
                Ok(())
            }
            PoaOperation::Withdraw(withdrawal) => {
                self.withdraw(withdrawal);
                Ok(())
            }
            PoaOperation::Paid(payment) => self.record_payment(payment),
        }
    }
}
