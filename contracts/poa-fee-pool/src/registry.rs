//! Validators by id, and which accounts name them.
//!
//! A validator has a number from its creation on. An account that operates or has operated a
//! validator names it for good, and can never operate another one. So a name needs one look-up
//! however often a validator was handed over, and no hand-over changes what a message of the admin
//! that is on its way will do.

use borsh::{BorshDeserialize, BorshSerialize};
use chain_types::address::AddressBytes;
use chain_types::text::head;
use cosmwasm_std::{StdError, StdResult, Storage};
use pool_kit::compact::{CompactItem, CompactMap};

use crate::ContractError;
use crate::context::Context;
use crate::operator::Operator;
use crate::ranking::Place;

/// The number of a validator: 1 for the first, one more for each that is created. It never changes,
/// and no other validator ever has it.
pub type ValidatorId = u64;

const VALIDATORS: CompactMap<ValidatorId, Validator> = CompactMap::new("validators");
const LAST_VALIDATOR: CompactItem<ValidatorId> = CompactItem::new("last_validator");

/// Who operates a validator. There is a record for each, and none is ever removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Validator {
    /// Its operator now.
    pub operator: AddressBytes,
    /// To whom its operator offered it: who takes over by accepting. Every hand-over ends the offer.
    pub pending_operator: Option<AddressBytes>,
}

/// A validator with its operator's record.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: ValidatorId,
    pub validator: Validator,
    pub operator: Operator,
}

/// How a message names a validator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    Id(ValidatorId),
    /// An account that operates the validator or has operated it.
    Account(AddressBytes),
}

/// The two fields of a message that name a validator.
pub struct GivenName {
    pub operator: Option<String>,
    pub id: Option<ValidatorId>,
}

impl GivenName {
    /// Exactly one of them must be given.
    pub fn read(self, ctx: &Context) -> Result<Name, ContractError> {
        match (self.operator, self.id) {
            (Some(operator), None) => Ok(Name::Account(ctx.account(&operator)?)),
            (None, Some(id)) => Ok(Name::Id(id)),
            (Some(operator), Some(id)) => Err(ContractError::NamedByBoth {
                operator: head(&operator, 128).to_string(),
                id,
            }),
            (None, None) => Err(ContractError::Unnamed),
        }
    }
}

impl Name {
    /// The validator of that name, none when there is none. O(1), however often it was handed over.
    pub fn find(&self, storage: &dyn Storage) -> StdResult<Option<Entry>> {
        let id = match self {
            Name::Id(id) => *id,
            Name::Account(account) => match Operator::may_load(storage, account)? {
                Some(named) => named.validator,
                None => return Ok(None),
            },
        };
        match VALIDATORS.may_load(storage, id)? {
            Some(validator) => Ok(Some(Entry {
                id,
                validator,
                operator: load_operator(storage, &validator.operator)?,
            })),
            None => Ok(None),
        }
    }

    /// The validator of that name.
    pub fn load(&self, ctx: &Context, storage: &dyn Storage) -> Result<Entry, ContractError> {
        self.find(storage)?.ok_or_else(|| self.unknown(ctx))
    }

    /// Why a message is refused that names no validator.
    pub fn unknown(&self, ctx: &Context) -> ContractError {
        match self {
            Name::Id(id) => ContractError::UnknownValidator { id: *id },
            Name::Account(account) => ContractError::UnknownOperator {
                operator: ctx.chain.show(account).into_string(),
            },
        }
    }

    /// As an error shows it.
    pub fn show(&self, ctx: &Context) -> String {
        match self {
            Name::Id(id) => format!("validator {id}"),
            Name::Account(account) => format!("operator {}", ctx.chain.show(account)),
        }
    }
}

/// A new validator with its place in the ranking, and its operator's record, which gets the new id.
/// Refuses an account that operates or has operated another one.
pub fn create(
    ctx: &Context,
    storage: &mut dyn Storage,
    account: AddressBytes,
    operator: Operator,
) -> Result<Entry, ContractError> {
    // Storage would be full long before 2^64 validators.
    let last = LAST_VALIDATOR.may_load(storage)?.unwrap_or_default();
    let id = last.saturating_add(1);
    assert_may_operate(ctx, storage, &account, id)?;
    let validator = Validator {
        operator: account,
        pending_operator: None,
    };
    let operator = Operator {
        validator: id,
        ..operator
    };
    LAST_VALIDATOR.save(storage, &id)?;
    VALIDATORS.save(storage, id, &validator)?;
    operator.save(storage, &account)?;
    let power = operator.power;
    Place { power, id }.add(storage)?;
    Ok(Entry {
        id,
        validator,
        operator,
    })
}

/// Refuses an account that names another validator than this one.
pub fn assert_may_operate(
    ctx: &Context,
    storage: &dyn Storage,
    account: &AddressBytes,
    id: ValidatorId,
) -> Result<(), ContractError> {
    match Operator::may_load(storage, account)? {
        Some(operator) if operator.validator != id => Err(ContractError::OperatorExists {
            operator: ctx.chain.show(account).into_string(),
            id: operator.validator,
        }),
        _ => Ok(()),
    }
}

/// Whether an account, whose record this is, has handed its validator over.
pub fn is_former(
    storage: &dyn Storage,
    account: &AddressBytes,
    operator: &Operator,
) -> StdResult<bool> {
    Ok(load(storage, operator.validator)?.operator != *account)
}

/// A validator that an operator's record or the ranking names.
pub fn load(storage: &dyn Storage, id: ValidatorId) -> StdResult<Validator> {
    let validator = VALIDATORS.may_load(storage, id)?;
    validator.ok_or_else(|| StdError::msg(format!("validator {id} has no record")))
}

impl Validator {
    pub fn save(&self, storage: &mut dyn Storage, id: ValidatorId) -> StdResult<()> {
        VALIDATORS.save(storage, id, self)
    }
}

fn load_operator(storage: &dyn Storage, account: &AddressBytes) -> StdResult<Operator> {
    let operator = Operator::may_load(storage, account)?;
    operator.ok_or_else(|| StdError::msg("a validator's operator has no record"))
}
