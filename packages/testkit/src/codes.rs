//! The codes that scenario files may name.

use cosmwasm_std::Empty;
use cw_multi_test::{Contract, ContractWrapper};
use fee_pool_core::{Accounting, F1, Lazy};

use crate::scenario::CodeRegistry;

/// Every contract of the suite, by the name of its crate.
///
/// A contract joins with one line: `.with("name", || Box::new(ContractWrapper::new(..)))`, wrapped
/// with all of its entry points.
#[must_use]
pub fn codes() -> CodeRegistry {
    CodeRegistry::new()
        .with("fee-pool", fee_pool::<F1>)
        .with("lazy-fee-pool", fee_pool::<Lazy>)
        .with("poa-fee-pool", || {
            Box::new(
                ContractWrapper::new(
                    poa_fee_pool::contract::execute,
                    poa_fee_pool::contract::instantiate,
                    poa_fee_pool::contract::query,
                )
                .with_reply(poa_fee_pool::contract::reply)
                .with_migrate(poa_fee_pool::contract::migrate),
            )
        })
        .with("reward-gauges", || {
            Box::new(
                ContractWrapper::new(
                    reward_gauges::contract::execute,
                    reward_gauges::contract::instantiate,
                    reward_gauges::contract::query,
                )
                .with_sudo(reward_gauges::contract::sudo)
                .with_reply(reward_gauges::contract::reply)
                .with_migrate(reward_gauges::contract::migrate),
            )
        })
}

/// The fee pool with an accounting: one contract each.
fn fee_pool<A: Accounting>() -> Box<dyn Contract<Empty>> {
    Box::new(
        ContractWrapper::new(
            fee_pool_core::contract::execute::<A>,
            fee_pool_core::contract::instantiate::<A>,
            fee_pool_core::contract::query::<A>,
        )
        .with_sudo(fee_pool_core::contract::sudo::<A>)
        .with_reply(fee_pool_core::contract::reply::<A>)
        .with_migrate(fee_pool_core::contract::migrate::<A>),
    )
}
