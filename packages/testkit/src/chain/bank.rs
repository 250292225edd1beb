//! A bank that can refuse and call back.

use cosmwasm_std::{
    Addr, Api, BankMsg, BankQuery, Binary, BlockInfo, Coin, CosmosMsg, CustomMsg, CustomQuery,
    Event, Querier, StdError, StdResult, Storage, WasmMsg,
};
use cw_multi_test::{AppResponse, Bank, BankKeeper, BankSudo, CosmosRouter, Module};
use cw_storage_plus::Map;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{ChainError, ChainResult};

/// Addresses that refuse incoming transfers.
const BLOCKED: Map<&str, bool> = Map::new("test_bank_blocked");
/// What to call in a transfer of a denom.
const HOOKS: Map<&str, TransferHook> = Map::new("test_bank_hooks");
/// How many calls of a denom's hook are running at the moment.
const RUNNING: Map<&str, u32> = Map::new("test_bank_running_hooks");

/// What denoms begin with that may have a transfer hook: those of a token factory.
pub const HOOKED_DENOMS: &str = "factory/";

/// The bank module of an embedded chain.
///
/// Balances, sending, burning and queries are those of `cw_multi_test::BankKeeper`, with the
/// stricter ways of a real bank: the recipient must be an address of this chain, and a sender
/// without the money gets an error that says `insufficient funds`. Two faults can be switched on:
///
/// - [`block`](Self::block): an address refuses what is sent to it, as module accounts do on real
///   chains.
/// - [`set_hook`](Self::set_hook): a transfer of a denom `factory/..` calls a contract, before or
///   after the debit, as token factories do on real chains. This is how re-entrancy is tested.
///
/// Both apply to every transfer: a user's, a contract's payout, funds sent along with a message.
/// Both are kept in chain storage, so a failed transaction takes back what it changed, and a
/// transfer whose hook fails fails as a whole.
#[derive(Default)]
pub struct TestBank {
    keeper: BankKeeper,
}

/// When in a transfer the hook of a denom is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HookMoment {
    /// Nothing has moved: the sender still has the coins.
    BeforeDebit,
    /// The sender has paid, the recipient has not yet received.
    AfterDebit,
    /// Both balances have changed.
    AfterCredit,
}

/// A call that transfers of a denom make, in the same transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferHook {
    /// When in the transfer.
    pub moment: HookMoment,
    /// The contract that is called.
    pub contract: Addr,
    /// Who calls it.
    pub sender: Addr,
    /// The `execute` message, as bytes.
    pub msg: Binary,
    /// How deep hooks of this denom nest: 1 means that transfers made while the hook runs do not
    /// call it again. 0 switches it off.
    pub max_depth: u32,
}

impl TestBank {
    /// Sets what an account has, without any hook.
    pub(super) fn init_balance(
        &self,
        storage: &mut dyn Storage,
        account: &Addr,
        coins: Vec<Coin>,
    ) -> StdResult<()> {
        self.keeper.init_balance(storage, account, coins)
    }

    /// Makes transfers to `account` fail from now on.
    ///
    /// # Errors
    /// When storage fails.
    pub fn block(&self, storage: &mut dyn Storage, account: &Addr) -> ChainResult<()> {
        Ok(BLOCKED.save(storage, account.as_str(), &true)?)
    }

    /// Lets transfers to `account` succeed again.
    pub fn unblock(&self, storage: &mut dyn Storage, account: &Addr) {
        BLOCKED.remove(storage, account.as_str());
    }

    /// Makes transfers of `denom` call a contract; replaces the hook that was there.
    ///
    /// # Errors
    /// When the denom does not begin with `factory/`: no chain calls a contract for any other.
    pub fn set_hook(
        &self,
        storage: &mut dyn Storage,
        denom: &str,
        hook: &TransferHook,
    ) -> ChainResult<()> {
        if !denom.starts_with(HOOKED_DENOMS) {
            return Err(ChainError::new(format!(
                "only denoms {HOOKED_DENOMS}.. have transfer hooks, {denom:?} is none"
            )));
        }
        Ok(HOOKS.save(storage, denom, hook)?)
    }

    /// Removes the hook of `denom`, if there is one.
    pub fn remove_hook(&self, storage: &mut dyn Storage, denom: &str) {
        HOOKS.remove(storage, denom);
    }
}

impl Bank for TestBank {}

/// What a module gets along with a message.
struct Context<'a, ExecC, QueryC> {
    api: &'a dyn Api,
    router: &'a dyn CosmosRouter<ExecC = ExecC, QueryC = QueryC>,
    block: &'a BlockInfo,
}

/// One transfer with checked addresses and without zero coins.
struct Transfer {
    from: Addr,
    to: Addr,
    coins: Vec<Coin>,
}

impl TestBank {
    fn transfer<ExecC, QueryC>(
        &self,
        context: &Context<ExecC, QueryC>,
        storage: &mut dyn Storage,
        transfer: Transfer,
    ) -> StdResult<AppResponse>
    where
        ExecC: CustomMsg + DeserializeOwned + 'static,
        QueryC: CustomQuery + DeserializeOwned + 'static,
    {
        let Transfer { from, to, coins } = transfer;
        if coins.is_empty() {
            return Err(StdError::msg("invalid coins: nothing to transfer"));
        }
        if BLOCKED.may_load(storage, to.as_str())?.unwrap_or_default() {
            return Err(StdError::msg(format!(
                "{to} is not allowed to receive funds: unauthorized"
            )));
        }

        let mut events = run_hooks(context, storage, &coins, HookMoment::BeforeDebit)?;
        self.debit(context, storage, &from, &coins)?;
        events.extend(run_hooks(context, storage, &coins, HookMoment::AfterDebit)?);
        let credit = BankSudo::Mint {
            to_address: to.to_string(),
            amount: coins.clone(),
        };
        self.keeper
            .sudo(context.api, storage, context.router, context.block, credit)?;
        events.push(
            Event::new("transfer")
                .add_attribute("recipient", &to)
                .add_attribute("sender", &from)
                .add_attribute("amount", listed(&coins)),
        );
        events.extend(run_hooks(
            context,
            storage,
            &coins,
            HookMoment::AfterCredit,
        )?);
        Ok(AppResponse { events, data: None })
    }

    fn debit<ExecC, QueryC>(
        &self,
        context: &Context<ExecC, QueryC>,
        storage: &mut dyn Storage,
        from: &Addr,
        coins: &[Coin],
    ) -> StdResult<()>
    where
        ExecC: CustomMsg + DeserializeOwned + 'static,
        QueryC: CustomQuery + DeserializeOwned + 'static,
    {
        let burn = BankMsg::Burn {
            amount: coins.to_vec(),
        };
        self.keeper
            .execute(
                context.api,
                storage,
                context.router,
                context.block,
                from.clone(),
                burn,
            )
            .map(drop)
            .map_err(|_| {
                StdError::msg(format!(
                    "insufficient funds: {from} cannot pay {}",
                    listed(coins)
                ))
            })
    }
}

/// Calls the hooks of the transferred denoms that want this moment, and returns their events.
fn run_hooks<ExecC, QueryC>(
    context: &Context<ExecC, QueryC>,
    storage: &mut dyn Storage,
    coins: &[Coin],
    moment: HookMoment,
) -> StdResult<Vec<Event>>
where
    ExecC: CustomMsg + 'static,
    QueryC: CustomQuery + 'static,
{
    let mut events = Vec::new();
    for Coin { denom, .. } in coins {
        let Some(hook) = HOOKS.may_load(storage, denom)? else {
            continue;
        };
        let running = RUNNING.may_load(storage, denom)?.unwrap_or_default();
        if hook.moment != moment || running >= hook.max_depth {
            continue;
        }
        RUNNING.save(storage, denom, &running.saturating_add(1))?;
        let call: CosmosMsg<ExecC> = WasmMsg::Execute {
            contract_addr: hook.contract.into_string(),
            msg: hook.msg,
            funds: Vec::new(),
        }
        .into();
        let answer =
            context
                .router
                .execute(context.api, storage, context.block, hook.sender, call)?;
        RUNNING.save(storage, denom, &running)?;
        events.extend(answer.events);
    }
    Ok(events)
}

/// Coins as real chains print them in events.
fn listed(coins: &[Coin]) -> String {
    coins
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(",")
}

fn without_zeros(coins: Vec<Coin>) -> Vec<Coin> {
    coins
        .into_iter()
        .filter(|coin| !coin.amount.is_zero())
        .collect()
}

impl Module for TestBank {
    type ExecT = BankMsg;
    type QueryT = BankQuery;
    type SudoT = BankSudo;

    fn execute<ExecC, QueryC>(
        &self,
        api: &dyn Api,
        storage: &mut dyn Storage,
        router: &dyn CosmosRouter<ExecC = ExecC, QueryC = QueryC>,
        block: &BlockInfo,
        sender: Addr,
        msg: BankMsg,
    ) -> StdResult<AppResponse>
    where
        ExecC: CustomMsg + DeserializeOwned + 'static,
        QueryC: CustomQuery + DeserializeOwned + 'static,
    {
        let context = Context { api, router, block };
        match msg {
            BankMsg::Send { to_address, amount } => {
                let to = api.addr_validate(&to_address)?;
                let coins = without_zeros(amount);
                self.transfer(
                    &context,
                    storage,
                    Transfer {
                        from: sender,
                        to,
                        coins,
                    },
                )
            }
            BankMsg::Burn { amount } => {
                self.debit(&context, storage, &sender, &without_zeros(amount))?;
                Ok(AppResponse::default())
            }
            other => Err(StdError::msg(format!("the bank does not know {other:?}"))),
        }
    }

    fn query(
        &self,
        api: &dyn Api,
        storage: &dyn Storage,
        querier: &dyn Querier,
        block: &BlockInfo,
        request: BankQuery,
    ) -> StdResult<Binary> {
        self.keeper.query(api, storage, querier, block, request)
    }

    fn sudo<ExecC, QueryC>(
        &self,
        api: &dyn Api,
        storage: &mut dyn Storage,
        router: &dyn CosmosRouter<ExecC = ExecC, QueryC = QueryC>,
        block: &BlockInfo,
        msg: BankSudo,
    ) -> StdResult<AppResponse>
    where
        ExecC: CustomMsg + DeserializeOwned + 'static,
        QueryC: CustomQuery + DeserializeOwned + 'static,
    {
        self.keeper.sudo(api, storage, router, block, msg)
    }
}
