//! The ledger itself.

use super::{
    FeeParams, LedgerError,
    import::Import,
    records::{Accounts, Validator},
};
use crate::exact::{Names, Received};

/// What everybody has exactly earned of a fee pool's receipts, and what it was paid.
///
/// Names are free text. A name that was never heard of stands for somebody with nothing.
#[derive(Clone, Debug)]
pub struct FeeLedger {
    pub(super) params: FeeParams,
    pub(super) delegators: Names,
    /// Names of validators, numbered like `validators`.
    pub(super) validator_names: Names,
    pub(super) validators: Vec<Validator>,
    pub(super) community: Accounts,
    pub(super) received: Received,
    /// What an earlier pool owed and what is there for it; none when the ledger is active.
    pub(super) import: Option<Import>,
}

impl FeeLedger {
    /// An empty ledger that is active; see [`Self::inactive`] for one that begins with an import.
    ///
    /// # Errors
    /// [`LedgerError::BadParams`].
    pub fn new(params: FeeParams) -> Result<Self, LedgerError> {
        Ok(Self {
            params: params.checked()?,
            delegators: Names::default(),
            validator_names: Names::default(),
            validators: Vec::new(),
            community: Accounts::default(),
            received: Received::default(),
            import: None,
        })
    }

    /// The parameters of the next block.
    ///
    /// # Errors
    /// [`LedgerError::BadParams`]. The old ones stay then.
    pub fn set_params(&mut self, params: FeeParams) -> Result<(), LedgerError> {
        self.params = params.checked()?;
        Ok(())
    }

    /// The number of a validator, with a record from now on.
    pub(super) fn validator_or_new(&mut self, validator: &str) -> usize {
        let id = self.validator_names.intern(validator);
        if self.validators.len() <= id {
            self.validators.resize_with(id + 1, Validator::default);
        }
        id
    }

    /// The number of a validator with a record.
    pub(super) fn known_validator(&self, validator: &str) -> Result<usize, LedgerError> {
        self.validator_names
            .get(validator)
            .ok_or_else(|| LedgerError::UnknownValidator {
                validator: validator.to_owned(),
            })
    }
}
