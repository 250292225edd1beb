//! Validators: creation by their operators, powers and metadata by the admin, hand-over to another
//! operator.

use chain_types::address::AddressBytes;
use cosmwasm_std::{Binary, DepsMut, Env, MessageInfo, Response, StdResult, Storage};
use pool_kit::events::action;
use pool_kit::ownership;

use crate::ContractError;
use crate::context::Context;
use crate::msg::{Metadata, ValidatorUpdate};
use crate::operator::{Operator, PowerStep};
use crate::pool::Pool;
use crate::powers::{self, PowerChange};
use crate::state::{PROFILES, PUB_KEYS, Profile};
use crate::{fees, group};

/// Characters of a moniker and of a description.
const MAX_TEXT: usize = 256;
/// Bytes of a consensus key: more than any scheme in use has.
const MAX_PUB_KEY: usize = 128;

pub fn create_validator(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    metadata: Metadata,
    pub_key: Option<Binary>,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let account = ctx.chain.sender(&info)?;
    let mut operator = Operator::may_load(deps.storage, &account)?.unwrap_or_default();
    if operator.in_office {
        return Err(ContractError::OperatorExists {
            operator: info.sender.into_string(),
        });
    }
    fees::assert_creation_fee(&ctx, deps.storage, &info.funds)?;
    operator.in_office = true;
    operator.save(deps.storage, &account)?;
    let candidate = PowerStep {
        operator: account,
        old: None,
        new: Some(0),
    };
    candidate.write(&ctx, deps.storage)?;
    let profile = Profile {
        metadata: Some(metadata),
        pub_key,
    };
    save_new_profile(&ctx, deps.storage, &account, &profile)?;
    let event = powers::created(&ctx, &account)
        .add_attribute("fee", ctx.config.denoms.coins_text(&info.funds));
    Ok(Response::new().add_event(event))
}

pub fn update_validators(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    validators: Vec<ValidatorUpdate>,
) -> Result<Response, ContractError> {
    ownership::assert_owner(deps.storage, &info.sender)?;
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let mut changes = Vec::with_capacity(validators.len());
    let mut edited = Vec::new();
    for update in validators {
        let operator = ctx.account(&update.operator)?;
        changes.push(PowerChange {
            operator,
            power: powers::checked(&update.operator, update.power)?,
            creates: false,
        });
        if let Some(metadata) = update.metadata {
            assert_metadata(&metadata)?;
            let mut profile = load_profile(deps.storage, &operator)?;
            profile.metadata = Some(metadata);
            // Whether it is an operator is checked with its power; an error reverts this.
            PROFILES.save(deps.storage, operator.as_slice(), &profile)?;
            let operator = ctx.chain.show(&operator);
            edited.push(action("edit_validator").add_attribute("operator", operator));
        }
    }
    Ok(powers::change(&ctx, deps, &changes)?.add_events(edited))
}

pub fn update_operator(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    operator: String,
    new_operator: String,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let is_admin = ownership::assert_owner(deps.storage, &info.sender).is_ok();
    if info.sender.as_str() != operator && !is_admin {
        return Err(ContractError::Unauthorized {
            sender: info.sender.into_string(),
            operator,
        });
    }
    let from = ctx.account(&operator)?;
    let to = ctx.account(&new_operator)?;
    let Some(mut old) = Operator::in_office(deps.storage, &from)? else {
        return Err(ContractError::UnknownOperator { operator });
    };
    // Anybody may become a candidate. If candidates could hand over, anybody could make any account
    // an operator, and so prevent every hand-over to it.
    if old.power == 0 && !is_admin {
        return Err(ContractError::CandidateHandOver { operator });
    }
    let mut new = Operator::may_load(deps.storage, &to)?.unwrap_or_default();
    if new.in_office {
        return Err(ContractError::OperatorExists {
            operator: new_operator,
        });
    }

    // What came in until now is the old operator's: it is allocated and settled first.
    let mut pool = Pool::load(deps.storage)?;
    let allocated = pool.checkpoint(&ctx)?;
    pool.save(deps.storage)?;
    old.settle(&pool)?;
    new.settle(&pool)?;
    let power = std::mem::take(&mut old.power);
    old.in_office = false;
    old.save(deps.storage, &from)?;
    new.power = power;
    new.in_office = true;
    new.save(deps.storage, &to)?;

    let mut diffs = Vec::new();
    for (operator, old, new) in [(from, Some(power), None), (to, None, Some(power))] {
        let step = PowerStep { operator, old, new };
        diffs.extend(step.write(&ctx, deps.storage)?);
    }
    move_profile(&ctx, deps.storage, &from, &to)?;
    let event = action("update_operator")
        .add_attribute("operator", ctx.chain.show(&from))
        .add_attribute("new_operator", ctx.chain.show(&to))
        .add_attribute("power", power.to_string());
    Ok(Response::new()
        .add_events(allocated)
        .add_event(event)
        .add_submessages(group::notifications(deps.storage, diffs)?))
}

/// Refuses metadata that is too short or too long.
fn assert_metadata(metadata: &Metadata) -> Result<(), ContractError> {
    let check = |field, text: &str, least| {
        let length = text.chars().count();
        if (least..=MAX_TEXT).contains(&length) {
            return Ok(());
        }
        Err(ContractError::MetadataLength {
            field,
            length,
            least,
            most: MAX_TEXT,
        })
    };
    check("moniker", &metadata.moniker, 1)?;
    check("description", &metadata.description, 0)
}

/// The profile of an operator, empty for a member that was added without.
pub fn load_profile(storage: &dyn Storage, operator: &AddressBytes) -> StdResult<Profile> {
    let profile = PROFILES.may_load(storage, operator.as_slice())?;
    Ok(profile.unwrap_or_default())
}

/// Writes the profile of a new operator. Refuses a consensus key of an impossible length or of
/// another operator, and metadata that is too short or too long.
pub fn save_new_profile(
    ctx: &Context,
    storage: &mut dyn Storage,
    operator: &AddressBytes,
    profile: &Profile,
) -> Result<(), ContractError> {
    if let Some(metadata) = &profile.metadata {
        assert_metadata(metadata)?;
    }
    if let Some(pub_key) = &profile.pub_key {
        let length = pub_key.len();
        if length == 0 || length > MAX_PUB_KEY {
            return Err(ContractError::PubKeyLength {
                length,
                limit: MAX_PUB_KEY,
            });
        }
        if let Some(other) = PUB_KEYS.may_load(storage, pub_key)? {
            return Err(ContractError::DuplicatePubKey {
                operator: other.into_string(),
            });
        }
        PUB_KEYS.save(storage, pub_key, &ctx.chain.show(operator))?;
    }
    Ok(PROFILES.save(storage, operator.as_slice(), profile)?)
}

fn move_profile(
    ctx: &Context,
    storage: &mut dyn Storage,
    from: &AddressBytes,
    to: &AddressBytes,
) -> StdResult<()> {
    let profile = load_profile(storage, from)?;
    PROFILES.remove(storage, from.as_slice());
    if let Some(pub_key) = &profile.pub_key {
        PUB_KEYS.save(storage, pub_key, &ctx.chain.show(to))?;
    }
    PROFILES.save(storage, to.as_slice(), &profile)
}
