//! Validators: creation by their operators, powers and metadata by the admin, hand-over.

use cosmwasm_std::{Addr, Binary, DepsMut, Env, MessageInfo, Response, Storage};
use interfaces::address::AddressBytes;
use interfaces::events::action;
use interfaces::ownership;

use crate::context::Context;
use crate::msg::{Metadata, ValidatorUpdate};
use crate::operator::Operator;
use crate::pool::Pool;
use crate::powers::{self, PowerChange, PowerStep};
use crate::ranking::Place;
use crate::state::{PROFILES, PUB_KEYS, Profile};
use crate::{ContractError, Fault, checkpoint, deposits, hooks};

/// Characters of a moniker and of a description.
const MAX_TEXT: usize = 256;
/// Bytes of a consensus key: more than any scheme in use has.
const MAX_PUB_KEY: usize = 128;

/// Refuses metadata that breaks a cap.
///
/// # Errors
/// [`Fault::MetadataLength`].
pub fn check_metadata(metadata: &Metadata) -> Result<(), ContractError> {
    let check = |field, text: &str, least| {
        let length = text.chars().count();
        if (least..=MAX_TEXT).contains(&length) {
            return Ok(());
        }
        Err(Fault::MetadataLength {
            field,
            length,
            least,
            most: MAX_TEXT,
        }
        .into())
    };
    check("moniker", &metadata.moniker, 1)?;
    check("description", &metadata.description, 0)
}

/// Writes the profile of a new operator.
///
/// # Errors
/// For a consensus key of an impossible length or of another operator, and for metadata that breaks
/// a cap.
pub fn save_profile(
    ctx: &Context,
    storage: &mut dyn Storage,
    operator: &AddressBytes,
    profile: &Profile,
) -> Result<(), ContractError> {
    if let Some(metadata) = &profile.metadata {
        check_metadata(metadata)?;
    }
    if let Some(pub_key) = &profile.pub_key {
        let length = pub_key.len();
        if length == 0 || length > MAX_PUB_KEY {
            return Err(Fault::PubKeyLength {
                length,
                limit: MAX_PUB_KEY,
            }
            .into());
        }
        if let Some(other) = PUB_KEYS.may_load(storage, pub_key)? {
            return Err(Fault::DuplicatePubKey {
                operator: other.into_string(),
            }
            .into());
        }
        PUB_KEYS.save(storage, pub_key, &ctx.show(operator))?;
    }
    Ok(PROFILES.save(storage, operator.as_slice(), profile)?)
}

pub(crate) fn update_validators(
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
            check_metadata(&metadata)?;
            let mut profile = profile(deps.storage, &operator)?;
            profile.metadata = Some(metadata);
            // Whether it is an operator is checked with its power; an error reverts this.
            PROFILES.save(deps.storage, operator.as_slice(), &profile)?;
            edited.push(action("edit_validator").add_attribute("operator", ctx.show(&operator)));
        }
    }
    Ok(powers::change(&ctx, deps, &changes)?.add_events(edited))
}

/// What an operator told of itself.
///
/// # Errors
/// When the record cannot be read.
pub fn profile(storage: &dyn Storage, operator: &AddressBytes) -> Result<Profile, ContractError> {
    Ok(PROFILES
        .may_load(storage, operator.as_slice())?
        .unwrap_or_default())
}

pub(crate) fn create_validator(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    metadata: Metadata,
    pub_key: Option<Binary>,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let account = ctx.sender(&info)?;
    let mut operator = Operator::may_load(deps.storage, &account)?.unwrap_or_default();
    if operator.in_office {
        return Err(Fault::OperatorExists {
            operator: info.sender.into_string(),
        }
        .into());
    }
    deposits::take_creation_fee(&ctx, deps.storage, &info.funds)?;
    operator.in_office = true;
    operator.save(deps.storage, &account)?;
    candidate(&account).take(deps.storage)?;
    let profile = Profile {
        metadata: Some(metadata),
        pub_key,
    };
    save_profile(&ctx, deps.storage, &account, &profile)?;
    let event = powers::created(&ctx, &account)
        .add_attribute("fee", ctx.config.denoms.coins_text(&info.funds));
    Ok(Response::new().add_event(event))
}

fn candidate(operator: &AddressBytes) -> Place {
    Place {
        power: 0,
        operator: *operator,
    }
}

pub(crate) fn update_operator(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    operator: String,
    new_operator: String,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let is_admin = ownership::assert_owner(deps.storage, &info.sender).is_ok();
    if info.sender.as_str() != operator && !is_admin {
        return Err(Fault::Unauthorized {
            sender: info.sender.into_string(),
            operator,
        }
        .into());
    }
    let from = ctx.account(&operator)?;
    let to = ctx.account(&new_operator)?;
    let mut old = Operator::may_load(deps.storage, &from)?
        .filter(|record| record.in_office)
        .ok_or_else(|| Fault::UnknownOperator {
            operator: operator.clone(),
        })?;
    // Anybody may become a candidate. Could candidates hand over, anybody could make any account an
    // operator, and so stand in the way of every hand-over to it.
    if old.power == 0 && !is_admin {
        return Err(Fault::CandidateHandOver { operator }.into());
    }
    let mut new = Operator::may_load(deps.storage, &to)?.unwrap_or_default();
    if new.in_office {
        return Err(Fault::OperatorExists {
            operator: new_operator,
        }
        .into());
    }

    // What came in until now is the old operator's: it is allocated and settled first.
    let mut pool = Pool::load(deps.storage)?;
    let allocated = checkpoint::take(&ctx, &mut pool)?;
    old.settle(&pool)?;
    new.settle(&pool)?;
    let power = std::mem::take(&mut old.power);
    old.in_office = false;
    new.power = power;
    new.in_office = true;
    pool.save(deps.storage)?;
    old.save(deps.storage, &from)?;
    new.save(deps.storage, &to)?;

    let place = |operator| Place { power, operator };
    place(from).leave(deps.storage);
    place(to).take(deps.storage)?;
    move_profile(deps.storage, &from, &to, &ctx.show(&to))?;
    let mut diffs = Vec::new();
    if power > 0 {
        for step in [
            PowerStep {
                operator: from,
                old: power,
                new: 0,
            },
            PowerStep {
                operator: to,
                old: 0,
                new: power,
            },
        ] {
            diffs.push(step.write_member(&ctx, deps.storage)?);
        }
    }
    let event = action("update_operator")
        .add_attribute("operator", ctx.show(&from))
        .add_attribute("new_operator", ctx.show(&to))
        .add_attribute("power", power.to_string());
    Ok(Response::new()
        .add_events(allocated)
        .add_event(event)
        .add_submessages(hooks::messages(deps.storage, diffs)?))
}

fn move_profile(
    storage: &mut dyn Storage,
    from: &AddressBytes,
    to: &AddressBytes,
    owner: &Addr,
) -> Result<(), ContractError> {
    let profile = profile(storage, from)?;
    PROFILES.remove(storage, from.as_slice());
    if let Some(pub_key) = &profile.pub_key {
        PUB_KEYS.save(storage, pub_key, owner)?;
    }
    Ok(PROFILES.save(storage, to.as_slice(), &profile)?)
}
