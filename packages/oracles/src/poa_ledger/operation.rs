//! Operations of the ledger.

use super::{DenomAmount, PoaLedger, PoaLedgerError};

/// Everything that can happen to a pool after its instantiation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoaOperation<'a> {
    /// Fees, or anything that joins them, such as creation fees: undistributed until the next
    /// checkpoint.
    Receive(DenomAmount<'a>),
    /// Allocates what is undistributed by the powers as they are; nothing while there is no power.
    Checkpoint,
    /// One checkpoint, then new powers for validators that exist. Validators that join in such a batch
    /// are added without power before it.
    SetPowers(&'a [PowerChange<'a>]),
    /// A checkpoint, then one more validator.
    AddValidator(NewValidator<'a>),
    /// A checkpoint, then another operator for a validator. Nothing but the end of an offer when it is
    /// the operator already.
    ChangeOperator(OperatorChange<'a>),
    /// A validator is offered to an account, and to no other one any more; to none when it is offered
    /// to its own operator.
    OfferValidator(OperatorChange<'a>),
    /// The account that a validator is offered to becomes its operator, after a checkpoint.
    AcceptValidator(Acceptance<'a>),
    /// A checkpoint, then whether a denom is received as fees. What comes in while it is not stays
    /// undistributed until the first checkpoint after it is received again.
    CollectDenom(DenomChange<'a>),
    /// A checkpoint, then the ledger's own payout to an account in every denom: the whole part of
    /// what it is exactly owed, and its undelivered payouts.
    Withdraw(Withdrawal<'a>),
    /// A checkpoint, then what the system under test paid in one denom.
    Paid(Payment<'a>),
}

/// A validator's new power. Of several for one validator the last one counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PowerChange<'a> {
    /// An account that operates the validator or has operated it.
    pub operator: &'a str,
    /// Its power from now on; with 0 it earns nothing more.
    pub power: u128,
}

/// A validator that joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewValidator<'a> {
    /// Its operator, who has and had no other validator.
    pub operator: &'a str,
    /// Its power.
    pub power: u128,
}

/// A hand-over of a validator. What was earned so far stays with the old operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperatorChange<'a> {
    /// The operator until now, or an earlier one.
    pub operator: &'a str,
    /// The operator from now on, who has and had no other validator.
    pub new_operator: &'a str,
}

/// An offer that is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acceptance<'a> {
    /// The validator: 1 for the first that was imported or added.
    pub id: u64,
    /// Who accepts.
    pub new_operator: &'a str,
}

/// Whether a denom is received as fees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DenomChange<'a> {
    /// The denom.
    pub denom: &'a str,
    /// Whether it is from now on. At first every denom is.
    pub collected: bool,
}

/// A withdrawal of all that an account is owed in whole base units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withdrawal<'a> {
    /// An operator or former operator.
    pub account: &'a str,
    /// Denoms whose payout fails. The amount is undelivered: it stays owed to the account, is not
    /// allocated again, and is paid by the account's next withdrawal.
    pub failing: &'a [&'a str],
}

/// What a system paid for a withdrawal in one denom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment<'a> {
    /// Whose withdrawal it was.
    pub account: &'a str,
    /// What was sent, undelivered payouts of before included.
    pub coin: DenomAmount<'a>,
    /// Whether the payout failed; the amount is undelivered then.
    pub failed: bool,
}

impl PoaLedger {
    /// Applies an operation.
    ///
    /// # Errors
    /// * [`PoaLedgerError::ReceivedBound`] for fees.
    /// * [`PoaLedgerError::UnknownOperator`] for a power or a hand-over of an unknown validator.
    /// * [`PoaLedgerError::OperatorExists`] for an account that has or had another validator.
    /// * [`PoaLedgerError::NotOffered`] for an acceptance.
    /// * [`PoaLedgerError::PowerBound`] for powers.
    /// * [`PoaLedgerError::Claim`] for a payment that is not admissible.
    ///
    /// The ledger is as before then, except that the checkpoint before a payment stays.
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
            PoaOperation::OfferValidator(change) => self.offer_validator(change),
            PoaOperation::AcceptValidator(acceptance) => self.accept_validator(acceptance),
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
