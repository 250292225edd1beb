//! Changes of voting powers.

use chain_types::staking_event::ChangedPower;
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use pool_kit::{Amounts, KitError};
use validator_rewards::changes;
use validator_rewards::validator_set::{PowerChange, ValidatorPower};

use crate::ContractError;
use crate::books::Books;
use crate::context::Context;
use crate::holdings;
use crate::ledger::Class;
use crate::state::BLOCK_REPORTERS;

/// Passes for block reporters alone.
///
/// # Errors
/// [`KitError::Unauthorized`].
pub fn assert_reporter(deps: &DepsMut, info: &MessageInfo) -> Result<(), ContractError> {
    let reporters = BLOCK_REPORTERS.load(deps.storage)?;
    if reporters.contains(&info.sender) {
        return Ok(());
    }
    Err(KitError::Unauthorized {
        sender: info.sender.to_string(),
        role: "a block reporter",
    }
    .into())
}

/// The message `powers_changed` of a block reporter.
pub(crate) fn report(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    changed: Vec<ChangedPower>,
) -> Result<Response, ContractError> {
    assert_reporter(&deps, &info)?;
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let mut books = Books::open(&ctx, deps.storage)?;
    tell(&mut books, &changed)?;
    books.close()
}

/// Sets powers that differ from those so far.
///
/// # Errors
/// For more than 100 changes, a validator named twice, and powers beyond their bound.
pub fn tell(books: &mut Books, changed: &[ChangedPower]) -> Result<(), ContractError> {
    let changed = changes::of_changes(&books.ctx.chain.addresses, changed)?;
    apply(books, changed)
}

/// Sets powers. What a validator earned with its power so far is added up before.
///
/// # Errors
/// Unreadable records. Bounds on the totals are checked when the books are closed.
pub fn apply(books: &mut Books, changed: Vec<ValidatorPower>) -> Result<(), ContractError> {
    let mut carries_released = false;
    for ValidatorPower { validator, power } in changed {
        let Some(change) = PowerChange::new(books.storage, &validator, power)? else {
            continue;
        };
        if !carries_released {
            release_carries(books)?;
            carries_released = true;
        }
        holdings::before_power_change(books, &validator, change.before)?;
        books.pool.totals.change(books.storage, &change)?;
        let event = books.ctx.validator_event("power_changed", &validator);
        books.emit(event.add_attribute("power", power.to_string()));
    }
    Ok(())
}

/// What the indexes could not divide is split again in the next block: whoever joins now would
/// otherwise be paid from what others earned.
fn release_carries(books: &mut Books) -> Result<(), ContractError> {
    let mut carries = Amounts::default();
    for denom in books.pool.denoms.ids() {
        let mut record = books.pool.denoms.get(denom);
        let carry = record.shared.take_carry()?;
        let ledger = &mut record.ledger;
        ledger.transfer(Class::HoldingPools, Class::ProviderPending, carry)?;
        books.pool.denoms.set(denom, record);
        carries.add(denom, carry)?;
    }
    books.emit_amounts("carry_released", &carries);
    Ok(())
}
