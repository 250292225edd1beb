//! Queries about delegations and delegators.

use chain_types::address::AddressBytes;
use pool_kit::{Amounts, accounts, paging};

use crate::ContractError;
use crate::accounting::Accounting;
use crate::answers::{
    ClaimerResponse, DelegationResponse, DelegationReward, DelegationTotalRewardsResponse,
    DelegationsResponse, DelegatorValidatorsResponse, DelegatorWithdrawAddressResponse,
};
use crate::books::Books;
use crate::delegations::{Delegation, DelegationKey, DelegatorPage, Page, PageArgs, delegators_of};

fn page_of_delegator<A: Accounting>(
    books: &Books<A>,
    delegator: &str,
    page: PageArgs,
) -> Result<DelegatorPage, ContractError> {
    let delegator = books.ctx.chain.account(delegator)?;
    DelegatorPage::read::<A::Claim>(books.ctx, books.storage, delegator, page)
}

pub(super) fn delegation<A: Accounting>(
    books: &Books<A>,
    key: DelegationKey,
) -> Result<DelegationResponse, ContractError> {
    let record = Delegation::<A::Claim>::may_load(books.storage, key)?;
    Ok(DelegationResponse {
        delegator: books.ctx.chain.show(&key.delegator),
        validator: books.ctx.show_validator(&key.validator),
        units: record.map_or(0, |record| record.units).into(),
    })
}

fn delegations<A: Accounting>(
    books: &Books<A>,
    keys: impl Iterator<Item = DelegationKey>,
) -> Result<DelegationsResponse, ContractError> {
    let delegations = keys.map(|key| delegation(books, key));
    Ok(DelegationsResponse {
        delegations: delegations.collect::<Result<_, _>>()?,
    })
}

pub(super) fn of_delegator<A: Accounting>(
    books: &Books<A>,
    delegator: &str,
    page: PageArgs,
) -> Result<DelegationsResponse, ContractError> {
    let page = page_of_delegator(books, delegator, page)?;
    delegations(books, page.keys())
}

pub(super) fn of_validator<A: Accounting>(
    books: &Books<A>,
    validator: &AddressBytes,
    page: PageArgs,
) -> Result<DelegationsResponse, ContractError> {
    let start_after = match page.start_after {
        Some(delegator) => Some(books.ctx.chain.account(&delegator)?),
        None => None,
    };
    let page = Page {
        start_after: start_after.as_ref(),
        limit: paging::limit(page.limit)?,
    };
    let delegators = delegators_of(books.storage, validator, page)?;
    let keys = delegators.into_iter().map(|delegator| DelegationKey {
        delegator,
        validator: *validator,
    });
    delegations(books, keys)
}

pub(super) fn validators<A: Accounting>(
    books: &Books<A>,
    delegator: &str,
    page: PageArgs,
) -> Result<DelegatorValidatorsResponse, ContractError> {
    let page = page_of_delegator(books, delegator, page)?;
    let validators = page.validators().iter();
    Ok(DelegatorValidatorsResponse {
        validators: validators
            .map(|validator| books.ctx.show_validator(validator))
            .collect(),
    })
}

pub(super) fn total_rewards<A: Accounting>(
    books: &mut Books<A>,
    delegator: &str,
    page: PageArgs,
) -> Result<DelegationTotalRewardsResponse, ContractError> {
    let page = page_of_delegator(books, delegator, page)?;
    let ctx = books.ctx;
    let denoms = &ctx.config.denoms;
    let mut total = Amounts::default();
    let mut whole = Amounts::default();
    let rewards = page.keys().map(|key| {
        let owed = A::delegation_rewards(books, key)?;
        total.add_all(&owed)?;
        for (denom, amount) in owed.iter() {
            whole.add(denom, amount.checked_sub(amount.fraction())?)?;
        }
        Ok(DelegationReward {
            validator: ctx.show_validator(&key.validator),
            rewards: denoms.dec_coins(&owed),
            claimable: denoms.coins(&owed),
        })
    });
    let rewards: Vec<_> = rewards.collect::<Result<_, ContractError>>()?;
    Ok(DelegationTotalRewardsResponse {
        rewards,
        total: denoms.dec_coins(&total),
        claimable: denoms.coins(&whole),
        next: page.next(ctx),
    })
}

pub(super) fn withdraw_address<A: Accounting>(
    books: &Books<A>,
    delegator: &str,
) -> Result<DelegatorWithdrawAddressResponse, ContractError> {
    let account = books.ctx.chain.account(delegator)?;
    let settings = accounts::settings(books.storage, &account)?;
    let own_address = || books.ctx.chain.show(&account);
    Ok(DelegatorWithdrawAddressResponse {
        withdraw_address: settings.withdraw_address.unwrap_or_else(own_address),
    })
}

pub(super) fn claimer<A: Accounting>(
    books: &Books<A>,
    delegator: &str,
) -> Result<ClaimerResponse, ContractError> {
    let account = books.ctx.chain.account(delegator)?;
    Ok(ClaimerResponse {
        claimer: accounts::settings(books.storage, &account)?.claimer,
    })
}
