//! Which validator an entry of a consumer means, where the owner says that it is another than the one
//! it names.

use std::collections::BTreeMap;

use chain_types::address::AddressBytes;
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Storage};
use pool_kit::KitError;
use pool_kit::compact::CompactMap;
use pool_kit::events::action;

use crate::ContractError;
use crate::context::{Context, assert_owner};
use crate::state;
use crate::unit::StoredEntry;

/// The most overrides of a consumer: every `process` reads them.
pub const MAX_OVERRIDES: usize = 64;

/// The validator that is meant, by consumer and the validator that is named.
const OVERRIDES: CompactMap<(&str, &[u8]), AddressBytes> = CompactMap::new("overrides");

/// The overrides of a consumer.
pub struct Overrides(BTreeMap<AddressBytes, AddressBytes>);

impl Overrides {
    /// Reads them, at most [`MAX_OVERRIDES`].
    pub fn load(storage: &dyn Storage, consumer: &str) -> Result<Self, ContractError> {
        let records = OVERRIDES.range(storage, &[consumer.as_bytes()], None);
        let overrides = records.map(|record| {
            let (named, meant) = record?;
            Ok((AddressBytes::new(&named).map_err(KitError::from)?, meant))
        });
        Ok(Overrides(overrides.collect::<Result<_, ContractError>>()?))
    }

    /// The validator that an entry means; none for what is no address of this chain.
    pub fn validator(&self, entry: &StoredEntry) -> Option<AddressBytes> {
        let named = entry.validator?;
        Some(self.0.get(&named).copied().unwrap_or(named))
    }

    /// Deletes them.
    pub fn remove(self, storage: &mut dyn Storage, consumer: &str) {
        for named in self.0.keys() {
            OVERRIDES.remove(storage, (consumer, named.as_slice()));
        }
    }
}

/// What `override_validator` says.
pub struct Override {
    pub consumer: String,
    pub validator: String,
    pub pay_to: Option<String>,
}

/// The message `override_validator`. It counts from the next page of every unit on.
pub fn set(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    change: Override,
) -> Result<Response, ContractError> {
    assert_owner(deps.storage, &info.sender)?;
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let id = change.consumer.as_str();
    state::consumer(deps.storage, id)?;
    let named = ctx.validator(&change.validator)?;
    let key = (id, named.as_slice());
    let pay_to = match &change.pay_to {
        None => {
            OVERRIDES.remove(deps.storage, key);
            "none".to_string()
        }
        Some(pay_to) => {
            let meant = ctx.validator(pay_to)?;
            let overrides = Overrides::load(deps.storage, id)?.0;
            if !overrides.contains_key(&named) && overrides.len() >= MAX_OVERRIDES {
                return Err(ContractError::TooManyOverrides {
                    consumer: change.consumer,
                    limit: MAX_OVERRIDES,
                });
            }
            OVERRIDES.save(deps.storage, key, &meant)?;
            ctx.config.target.show(&ctx.chain, &meant)
        }
    };
    let event = action("override_validator")
        .add_attribute("consumer", id)
        .add_attribute("validator", ctx.config.target.show(&ctx.chain, &named))
        .add_attribute("pay_to", pay_to);
    Ok(Response::new().add_event(event))
}
