//! Instantiate, with the validators and fees of an earlier pool.

use cosmwasm_std::{DepsMut, Env, Event, MessageInfo, Response, Storage, Uint256};
use distribution_math::{MathError, Points};
use pool_kit::events::action;
use pool_kit::ledger::Class;
use pool_kit::{Amounts, Chain, Denoms, KitError, ownership};

use crate::ContractError;
use crate::context::Context;
use crate::group::WeightChange;
use crate::msg::{GenesisValidator, InstantiateMsg};
use crate::operator::{Claim, Operator};
use crate::pool::{Pool, PoolDenom};
use crate::registry::{self, Entry, Name};
use crate::state::{CONFIG, Config, Profile, TOTAL};
use crate::{fees, powers, validators};

pub fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    let chain = Chain::new(deps.querier, &env)?;
    let admin = match msg.admin {
        Some(admin) => chain.show(&chain.account(&admin)?),
        None => info.sender,
    };
    let denoms = Denoms::new(msg.denoms)?;
    if let Some(fee) = &msg.creation_fee {
        denoms.receivable_coins(std::slice::from_ref(fee))?;
    }
    let config = Config {
        denoms,
        creation_fee: msg.creation_fee,
    };
    CONFIG.save(deps.storage, &config)?;
    ownership::initialize(deps.storage, admin.clone())?;
    let ctx = Context { config, chain };
    fees::assert_receivable(&ctx, deps.storage, &info.funds)?;

    let mut import = Import::default();
    for validator in msg.validators {
        import.validator(&ctx, deps.storage, validator)?;
    }
    import.pool.total_power = powers::checked_total(import.total_power)?;
    import.allocate_fees(&ctx)?;
    TOTAL.save(deps.storage, &import.pool.total_power, env.block.height)?;
    import.pool.save(deps.storage)?;
    let event = action("instantiate")
        .add_attribute("admin", admin)
        .add_attribute("total_power", import.pool.total_power.to_string());
    Ok(Response::new().add_event(event).add_events(import.events))
}

/// The state of an earlier pool, while it is imported.
#[derive(Default)]
struct Import {
    pool: Pool,
    total_power: u128,
    fees: Amounts,
    events: Vec<Event>,
}

impl Import {
    fn validator(
        &mut self,
        ctx: &Context,
        storage: &mut dyn Storage,
        validator: GenesisValidator,
    ) -> Result<(), ContractError> {
        let account = ctx.account(&validator.operator)?;
        let name = || Name::Account(account).show(ctx);
        let power = powers::checked(validator.power, name)?;
        let mut operator = Operator {
            power,
            ..Operator::default()
        };
        for coin in validator.fees.iter().flat_map(|fees| fees.as_slice()) {
            let denom = ctx.config.denoms.receivable(&coin.denom)?;
            let owed =
                Points::try_from_decimal(coin.amount).map_err(|_| KitError::ReceiptBound {
                    denom: coin.denom.clone(),
                    amount: coin.amount.to_uint_ceil(),
                })?;
            let claim = Claim {
                owed,
                ..Claim::default()
            };
            operator.claims.set(denom, claim);
            self.fees.add(denom, owed)?;
        }
        let Entry { id, operator, .. } = registry::create(ctx, storage, account, operator)?;
        let profile = Profile {
            metadata: validator.metadata,
            pub_key: validator.pub_key,
        };
        validators::save_new_profile(storage, id, &profile)?;
        let weight = WeightChange {
            member: account,
            old: 0,
            new: power,
        };
        weight.write(ctx, storage)?;
        // Each is below 2^63 and no message carries 2^64 of them.
        self.total_power = self.total_power.saturating_add(power.into());
        let event = action("import_validator")
            .add_attribute("id", id.to_string())
            .add_attribute("operator", ctx.chain.show(&account))
            .add_attribute("power", power.to_string());
        let event = ctx.config.denoms.add_amounts(event, &operator.owed());
        self.events.push(event);
        Ok(())
    }

    /// Counts the imported fees as received and allocated; the balance must cover them. A coin of
    /// which only a part is owed is received as a whole: the first checkpoint allocates the rest.
    fn allocate_fees(&mut self, ctx: &Context) -> Result<(), ContractError> {
        for (denom, name) in ctx.config.denoms.active() {
            let owed = self.fees.get(denom);
            if owed.is_zero() {
                continue;
            }
            let balance = ctx.chain.balance(name)?;
            let part_of_a_coin = u128::from(!owed.fraction().is_zero());
            let coins = owed
                .whole_coins()
                .saturating_add(Uint256::from(part_of_a_coin));
            if coins > balance {
                return Err(ContractError::FeesAboveBalance {
                    denom: name.to_string(),
                    fees: owed.to_decimal(),
                    balance,
                });
            }
            let allocate = |record: &mut PoolDenom| {
                record.ledger.receive(coins)?;
                record.ledger.allocate(Class::Outstanding, owed)
            };
            self.pool.denoms.update(denom, allocate).map_err(|error| {
                let denom = name.to_string();
                match error {
                    MathError::CoinsBound { .. } => KitError::ReceiptBound {
                        denom,
                        amount: coins,
                    },
                    other => other.into(),
                }
            })?;
        }
        Ok(())
    }
}
