//! The codes that scenario files may name.

use cw_multi_test::ContractWrapper;

use crate::scenario::CodeRegistry;

/// Every contract of the suite, by the name of its crate.
///
/// A contract joins with one line: `.with("name", || Box::new(ContractWrapper::new(..)))`, wrapped
/// with all of its entry points.
#[must_use]
pub fn codes() -> CodeRegistry {
    CodeRegistry::new()
        .with("fee-pool", || {
            Box::new(
                ContractWrapper::new(
                    fee_pool::contract::execute,
                    fee_pool::contract::instantiate,
                    fee_pool::contract::query,
                )
                .with_sudo(fee_pool::contract::sudo)
                .with_reply(fee_pool::contract::reply)
                .with_migrate(fee_pool::contract::migrate),
            )
        })
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
