//! Queries about validators.

use std::collections::BTreeSet;

use chain_types::address::AddressBytes;
use cosmwasm_std::Uint64;
use pool_kit::paging;
use validator_rewards::validator_set;

use super::rewards;
use crate::ContractError;
use crate::accounting::Accounting;
use crate::answers::{
    Commission, RewardsResponse, ValidatorDistributionInfoResponse, ValidatorResponse,
    ValidatorsKnownResponse, ValidatorsResponse,
};
use crate::books::Books;
use crate::commission;
use crate::delegations::{DelegationKey, Page, PageArgs};
use crate::state::LIMITS;

pub(super) fn validator<A: Accounting>(
    books: &Books<A>,
    validator: &AddressBytes,
) -> Result<ValidatorResponse, ContractError> {
    described(books, validator, &commission::announced(books.storage)?)
}

fn described<A: Accounting>(
    books: &Books<A>,
    validator: &AddressBytes,
    announced: &BTreeSet<AddressBytes>,
) -> Result<ValidatorResponse, ContractError> {
    let ctx = books.ctx;
    let Some(info) = A::validator(books, validator)? else {
        return Err(ctx.unknown_validator(validator));
    };
    let limits = LIMITS.may_load(books.storage, validator.as_slice())?;
    let current = A::current_rewards(books, validator)?;
    Ok(ValidatorResponse {
        validator: ctx.show_validator(validator),
        power: Uint64::new(validator_set::power(books.storage, validator)?),
        commission: Commission {
            rate: info.commission_rate.to_decimal(),
            max_rate: limits.as_ref().map(|limits| limits.max_rate),
            max_change_rate: limits.as_ref().map(|limits| limits.max_change_rate),
            last_edit: limits.and_then(|limits| limits.last_edit),
            stale: announced.contains(validator),
        },
        units: info.units.into(),
        exchange_rate: info.exchange_rate.to_string(),
        current_rewards: ctx.config.denoms.dec_coins(&current),
        removed: info.removed,
    })
}

pub(super) fn validators<A: Accounting>(
    books: &Books<A>,
    page: PageArgs,
) -> Result<ValidatorsResponse, ContractError> {
    let start_after = match page.start_after {
        Some(validator) => Some(books.ctx.validator(&validator)?),
        None => None,
    };
    let page = Page {
        start_after: start_after.as_ref(),
        limit: paging::limit(page.limit)?,
    };
    let found = A::validators(books, page)?;
    let announced = commission::announced(books.storage)?;
    let validators = found
        .iter()
        .map(|found| described(books, found, &announced));
    Ok(ValidatorsResponse {
        validators: validators.collect::<Result<_, _>>()?,
    })
}

/// Which validators take rewards. Before activation nobody can say: whoever is not imported yet would
/// look like a stranger. What is no address of this chain is an error, as everywhere.
pub(super) fn known<A: Accounting>(
    books: &Books<A>,
    validators: &[String],
) -> Result<ValidatorsKnownResponse, ContractError> {
    books.ctx.assert_active()?;
    let known = |name: &String| A::takes_rewards(books, &books.ctx.validator(name)?);
    let asked = validators.iter().take(paging::MAX_LIMIT as usize);
    Ok(ValidatorsKnownResponse {
        known: asked.map(known).collect::<Result<_, _>>()?,
    })
}

/// What has not been split yet. Of a validator without delegations only the commission is there to be
/// claimed: the delegators' part goes to the community pool.
pub(super) fn current_rewards<A: Accounting>(
    books: &Books<A>,
    validator: &AddressBytes,
) -> Result<RewardsResponse, ContractError> {
    let current = A::current_rewards(books, validator)?;
    let answer = rewards(books.ctx, &current);
    match A::validator(books, validator)? {
        Some(info) if info.units == 0 => {
            let commission = current.map(|amount| amount.mul_rate_floor(info.commission_rate));
            Ok(RewardsResponse {
                claimable: rewards(books.ctx, &commission).claimable,
                ..answer
            })
        }
        _ => Ok(answer),
    }
}

pub(super) fn distribution_info<A: Accounting>(
    books: &mut Books<A>,
    operator: &AddressBytes,
) -> Result<ValidatorDistributionInfoResponse, ContractError> {
    let commission = A::commission(books, operator)?;
    let self_delegation = DelegationKey {
        delegator: *operator,
        validator: *operator,
    };
    let self_bond_rewards = A::delegation_rewards(books, self_delegation)?;
    let ctx = books.ctx;
    Ok(ValidatorDistributionInfoResponse {
        operator_address: ctx.chain.show(operator),
        self_bond_rewards: ctx.config.denoms.dec_coins(&self_bond_rewards),
        commission: ctx.config.denoms.dec_coins(&commission),
    })
}
