//! Validators: creation by their operators, profiles, hand-over to another operator.

use chain_types::address::AddressBytes;
use cosmwasm_std::{Binary, DepsMut, Env, Event, MessageInfo, Response, StdResult, Storage};
use pool_kit::events::action;
use pool_kit::ownership;

use crate::context::Context;
use crate::group::{self, WeightChange};
use crate::msg::Metadata;
use crate::operator::Operator;
use crate::pool::Pool;
use crate::registry::{self, Entry, GivenName, Name, Validator, ValidatorId};
use crate::state::{PROFILES, PUB_KEYS, Profile};
use crate::{ContractError, fees};

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
    let entry = registry::create(&ctx, deps.storage, account, Operator::default())?;
    fees::assert_creation_fee(&ctx, deps.storage, &info.funds)?;
    let profile = Profile {
        metadata: Some(metadata),
        pub_key,
    };
    save_new_profile(deps.storage, entry.id, &profile)?;
    let event =
        created(&ctx, &entry).add_attribute("fee", ctx.config.denoms.coins_text(&info.funds));
    Ok(Response::new().add_event(event))
}

/// The event of a new validator.
pub fn created(ctx: &Context, entry: &Entry) -> Event {
    about("create_validator", ctx, entry)
}

/// Sets the metadata of a validator and returns the event of it. Refuses metadata that is too short
/// or too long.
pub fn edit(
    ctx: &Context,
    storage: &mut dyn Storage,
    entry: &Entry,
    metadata: Metadata,
) -> Result<Event, ContractError> {
    assert_metadata(&metadata)?;
    let mut profile = load_profile(storage, entry.id)?;
    profile.metadata = Some(metadata);
    PROFILES.save(storage, entry.id, &profile)?;
    Ok(about("edit_validator", ctx, entry))
}

/// Hands a validator over: at once by the admin, by the operator as an offer.
pub fn update_operator(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    validator: GivenName,
    new_operator: String,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let mut entry = validator.read(&ctx)?.load(&ctx, deps.storage)?;
    let operator = ctx.chain.show(&entry.validator.operator);
    let is_admin = ownership::assert_owner(deps.storage, &info.sender).is_ok();
    if !is_admin && info.sender != operator {
        return Err(ContractError::Unauthorized {
            sender: info.sender.into_string(),
            operator: operator.into_string(),
            id: entry.id,
        });
    }
    let to = ctx.account(&new_operator)?;
    registry::assert_may_operate(&ctx, deps.storage, &to, entry.id)?;
    let is_operator_already = to == entry.validator.operator;
    if is_admin && !is_operator_already {
        return hand_over(&ctx, deps, entry, to);
    }
    entry.validator.pending_operator = (!is_operator_already).then_some(to);
    entry.validator.save(deps.storage, entry.id)?;
    let event =
        about("offer_validator", &ctx, &entry).add_attribute("new_operator", ctx.chain.show(&to));
    Ok(Response::new().add_event(event))
}

/// Takes over a validator that is offered to the sender.
pub fn accept_operator(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    id: ValidatorId,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let entry = Name::Id(id).load(&ctx, deps.storage)?;
    let to = ctx.chain.sender(&info)?;
    if entry.validator.pending_operator != Some(to) {
        return Err(ContractError::NotOffered {
            sender: info.sender.into_string(),
            id,
        });
    }
    // It may have become the operator of another one since.
    registry::assert_may_operate(&ctx, deps.storage, &to, id)?;
    hand_over(&ctx, deps, entry, to)
}

/// Makes `to`, which is not the operator, the operator, and ends what is offered.
fn hand_over(
    ctx: &Context,
    deps: DepsMut,
    entry: Entry,
    to: AddressBytes,
) -> Result<Response, ContractError> {
    let storage = deps.storage;
    let from = entry.validator.operator;
    let event =
        about("update_operator", ctx, &entry).add_attribute("new_operator", ctx.chain.show(&to));
    // What came in until now is the old operator's: it is allocated and settled first.
    let mut pool = Pool::load(storage)?;
    let allocated = pool.checkpoint(ctx)?;
    pool.save(storage)?;
    let mut old = entry.operator;
    old.settle(&pool)?;
    let power = std::mem::take(&mut old.power);
    old.save(storage, &from)?;
    // An account that operated this validator before still has its claim.
    let mut new = Operator::may_load(storage, &to)?.unwrap_or(Operator {
        validator: entry.id,
        ..Operator::default()
    });
    new.settle(&pool)?;
    new.power = power;
    new.save(storage, &to)?;
    let validator = Validator {
        operator: to,
        pending_operator: None,
    };
    validator.save(storage, entry.id)?;

    let mut diffs = Vec::new();
    // Hooks hear nothing of a candidate: neither of the two is a member.
    if power > 0 {
        for (member, old, new) in [(from, power, 0), (to, 0, power)] {
            diffs.push(WeightChange { member, old, new }.write(ctx, storage)?);
        }
    }
    Ok(Response::new()
        .add_events(allocated)
        .add_event(event.add_attribute("power", power.to_string()))
        .add_submessages(group::notifications(storage, diffs)?))
}

/// An event about a validator.
fn about(name: &'static str, ctx: &Context, entry: &Entry) -> Event {
    action(name)
        .add_attribute("id", entry.id.to_string())
        .add_attribute("operator", ctx.chain.show(&entry.validator.operator))
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

/// The profile of a validator, empty for a member that was added without.
pub fn load_profile(storage: &dyn Storage, id: ValidatorId) -> StdResult<Profile> {
    Ok(PROFILES.may_load(storage, id)?.unwrap_or_default())
}

/// Writes the profile of a new validator. Refuses a consensus key of an impossible length or of
/// another validator, and metadata that is too short or too long.
pub fn save_new_profile(
    storage: &mut dyn Storage,
    id: ValidatorId,
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
        if let Some(id) = PUB_KEYS.may_load(storage, pub_key)? {
            return Err(ContractError::DuplicatePubKey {
                pub_key: pub_key.clone(),
                id,
            });
        }
        PUB_KEYS.save(storage, pub_key, &id)?;
    }
    Ok(PROFILES.save(storage, id, profile)?)
}
