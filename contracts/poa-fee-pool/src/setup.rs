//! The state at the start, and denoms.

use accounting::pool::Class;
use accounting::{Amounts, Denoms};
use cosmwasm_std::{DepsMut, Env, Event, MessageInfo, Response, Storage, Uint256};
use distribution_math::{MathFault, Points};
use interfaces::address::AddressBytes;
use interfaces::events::action;
use interfaces::ownership;

use crate::context::Context;
use crate::msg::{GenesisValidator, InstantiateMsg};
use crate::operator::{Claim, Operator};
use crate::pool::Pool;
use crate::powers::{self, PowerStep};
use crate::ranking::Place;
use crate::state::{CONFIG, Config, Profile, TOTAL};
use crate::{ContractError, Fault, checkpoint, deposits, validators};

pub(crate) fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    let admin = msg
        .admin
        .map(|admin| deps.api.addr_validate(&admin))
        .transpose()?
        .unwrap_or(info.sender);
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
    let ctx = Context::new(config, deps.querier, &env)?;
    deposits::assert_collectable(&ctx, deps.storage, &info.funds)?;

    let mut import = Import::default();
    for validator in &msg.validators {
        import.validator(&ctx, deps.storage, validator)?;
    }
    powers::assert_distinct(&ctx, &import.operators)?;
    import.pool.total_power = powers::checked_total(import.total_power)?;
    import.cover_fees(&ctx)?;
    TOTAL.save(deps.storage, &import.pool.total_power, env.block.height)?;
    import.pool.save(deps.storage)?;
    let event = action("instantiate")
        .add_attribute("admin", admin)
        .add_attribute("total_power", import.pool.total_power.to_string());
    Ok(Response::new().add_event(event).add_events(import.events))
}

/// The state of an earlier pool, as it is taken in.
#[derive(Default)]
struct Import {
    pool: Pool,
    operators: Vec<AddressBytes>,
    total_power: u128,
    fees: Amounts,
    events: Vec<Event>,
}

impl Import {
    fn validator(
        &mut self,
        ctx: &Context,
        storage: &mut dyn Storage,
        validator: &GenesisValidator,
    ) -> Result<(), ContractError> {
        let account = ctx.account(&validator.operator)?;
        let power = powers::checked(&validator.operator, validator.power)?;
        let mut operator = Operator {
            in_office: true,
            power,
            ..Operator::default()
        };
        for coin in validator.fees.iter().flat_map(|fees| fees.as_slice()) {
            let denom = ctx.config.denoms.receivable(&coin.denom)?;
            let owed = Points::try_from_decimal(coin.amount)?;
            operator.claims.set(
                denom,
                Claim {
                    owed,
                    index: Points::ZERO,
                },
            );
            self.fees.add(denom, owed)?;
        }
        operator.save(storage, &account)?;
        Place {
            power,
            operator: account,
        }
        .take(storage)?;
        let profile = Profile {
            metadata: validator.metadata.clone(),
            pub_key: validator.pub_key.clone(),
        };
        validators::save_profile(ctx, storage, &account, &profile)?;
        if power > 0 {
            let step = PowerStep {
                operator: account,
                old: 0,
                new: power,
            };
            step.write_member(ctx, storage)?;
        }
        // Each is below 2^63 and no message carries 2^64 of them.
        self.total_power = self.total_power.saturating_add(power.into());
        self.operators.push(account);
        let event = action("import_validator")
            .add_attribute("operator", ctx.show(&account))
            .add_attribute("power", power.to_string());
        self.events
            .push(ctx.config.denoms.tell(event, &operator.owed()));
        Ok(())
    }

    /// Notes the imported fees as received and allocated. The coin that covers a fraction is
    /// received as a whole: what is left of it is income of the first checkpoint.
    fn cover_fees(&mut self, ctx: &Context) -> Result<(), ContractError> {
        for (denom, record) in ctx.config.denoms.iter() {
            let owed = self.fees.get(denom);
            if owed.is_zero() {
                continue;
            }
            let balance = ctx.balance(&record.name)?;
            // The coins that cover it, all of them needed.
            let part_of_a_coin = Uint256::from(u128::from(!owed.fraction().is_zero()));
            let coins = owed.whole_coins().saturating_add(part_of_a_coin);
            if coins > balance {
                return Err(Fault::FeesAboveBalance {
                    denom: record.name.clone(),
                    fees: owed.to_decimal(),
                    balance,
                }
                .into());
            }
            self.pool
                .update(denom, |record| {
                    record.ledger.receive(coins)?;
                    record.ledger.allocate(Class::Outstanding, owed)
                })
                .map_err(|error| match error.math() {
                    Some(MathFault::CoinsBound { .. }) => {
                        deposits::receipt_bound(record.name.clone(), coins)
                    }
                    _ => error,
                })?;
        }
        Ok(())
    }
}

pub(crate) fn update_denoms(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    add: Vec<String>,
    remove: Vec<String>,
) -> Result<Response, ContractError> {
    ownership::assert_owner(deps.storage, &info.sender)?;
    let mut ctx = Context::load(deps.storage, deps.querier, &env)?;
    // What came in of a denom that is removed is shared by the powers until now: no later change of
    // powers can reach it.
    let mut pool = Pool::load(deps.storage)?;
    let allocated = checkpoint::take(&ctx, &mut pool)?;
    pool.save(deps.storage)?;
    let changes = ctx.config.denoms.update(add, remove)?;
    CONFIG.save(deps.storage, &ctx.config)?;
    let event = action("update_denoms").add_attributes(changes);
    Ok(Response::new().add_events(allocated).add_event(event))
}
