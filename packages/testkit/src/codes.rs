//! The codes that scenario files may name.

use cosmwasm_std::Empty;
use cw_multi_test::{Contract, ContractWrapper};
use fee_pool_core::{Accounting, F1, Lazy};

use crate::ibc::{IbcContract, IbcEntryPoints};
use crate::scenario::CodeRegistry;

/// Every contract of the suite, by the name of its crate, a plain cw20 token and a peer of CCV channels.
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
        .with("holding-pools", holding_pools)
        .with("ccv-provider", ccv_provider)
        .with("ibc-peer", ibc_peer)
        .with("cw20", || {
            Box::new(ContractWrapper::new(
                plain_cw20::execute,
                plain_cw20::instantiate,
                plain_cw20::query,
            ))
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

fn holding_pools() -> Box<dyn Contract<Empty>> {
    let contract = ContractWrapper::new(
        holding_pools::contract::execute,
        holding_pools::contract::instantiate,
        holding_pools::contract::query,
    )
    .with_sudo(holding_pools::contract::sudo)
    .with_reply(holding_pools::contract::reply)
    .with_migrate(holding_pools::contract::migrate);
    let entry_points = IbcEntryPoints {
        channel_open: holding_pools::contract::ibc_channel_open,
        channel_connect: holding_pools::contract::ibc_channel_connect,
        channel_close: holding_pools::contract::ibc_channel_close,
        packet_receive: holding_pools::contract::ibc_packet_receive,
        packet_ack: holding_pools::contract::ibc_packet_ack,
        packet_timeout: holding_pools::contract::ibc_packet_timeout,
        source_callback: Some(holding_pools::contract::ibc_source_callback),
        destination_callback: None,
    };
    Box::new(IbcContract::new(contract, entry_points))
}

fn ccv_provider() -> Box<dyn Contract<Empty>> {
    let contract = ContractWrapper::new(
        ccv_provider::contract::execute,
        ccv_provider::contract::instantiate,
        ccv_provider::contract::query,
    )
    .with_reply(ccv_provider::contract::reply)
    .with_migrate(ccv_provider::contract::migrate);
    let entry_points = IbcEntryPoints {
        channel_open: ccv_provider::contract::ibc_channel_open,
        channel_connect: ccv_provider::contract::ibc_channel_connect,
        channel_close: ccv_provider::contract::ibc_channel_close,
        packet_receive: ccv_provider::contract::ibc_packet_receive,
        packet_ack: ccv_provider::contract::ibc_packet_ack,
        packet_timeout: ccv_provider::contract::ibc_packet_timeout,
        source_callback: None,
        destination_callback: Some(ccv_provider::contract::ibc_destination_callback),
    };
    Box::new(IbcContract::new(contract, entry_points))
}

fn ibc_peer() -> Box<dyn Contract<Empty>> {
    let contract = ContractWrapper::new(ibc_peer::execute, ibc_peer::instantiate, ibc_peer::query);
    let entry_points = IbcEntryPoints {
        channel_open: ibc_peer::ibc_channel_open,
        channel_connect: ibc_peer::ibc_channel_connect,
        channel_close: ibc_peer::ibc_channel_close,
        packet_receive: ibc_peer::ibc_packet_receive,
        packet_ack: ibc_peer::ibc_packet_ack,
        packet_timeout: ibc_peer::ibc_packet_timeout,
        source_callback: Some(ibc_peer::ibc_source_callback),
        destination_callback: Some(ibc_peer::ibc_destination_callback),
    };
    Box::new(IbcContract::new(contract, entry_points))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::{Value, json};

    use super::*;
    use crate::scenario::{parse, run};

    #[track_caller]
    fn passes(steps: &Value) {
        let file = json!({"name": "test", "chains": {"hub": {"prefix": "cosmos"}}, "steps": steps});
        let report = run(&parse(&file.to_string()).unwrap(), &codes()).unwrap();
        let failures: Vec<_> = report.failures().collect();
        assert!(report.passed(), "{failures:#?}");
    }

    fn token(initial_balances: &Value, mint: &Value) -> Value {
        json!({"name": "token", "code": "cw20", "sender": "owner", "msg": {
            "name": "Gold", "symbol": "GLD", "decimals": 6,
            "initial_balances": initial_balances, "mint": mint,
        }})
    }

    #[test]
    fn the_token_moves_and_makes_what_the_json_of_cw20_says() {
        let execute =
            |sender: &str, msg: Value| json!({"contract": "token", "sender": sender, "msg": msg});
        let balance =
            |name: &str| json!({"contract": "token", "msg": {"balance": {"address": name}}});
        let alice = json!([{"address": "@alice", "amount": "100"}]);
        passes(&json!([
            {"instantiate": token(&alice, &json!({"minter": "@owner", "cap": "110"}))},
            {"query": {"contract": "token", "msg": {"token_info": {}}},
             "expect": {"name": "Gold", "symbol": "GLD", "decimals": 6, "total_supply": "100"}},
            {"query": {"contract": "token", "msg": {"minter": {}}}, "expect": {"minter": "@owner", "cap": "110"}},
            {"execute": execute("alice", json!({"transfer": {"recipient": "@bob", "amount": "30"}})),
             "expect": {"events": [{"attributes": {"action": "transfer", "from": "@alice", "to": "@bob", "amount": "30"}}]}},
            {"execute": execute("bob", json!({"transfer": {"recipient": "@bob", "amount": "30"}}))},
            {"execute": execute("bob", json!({"transfer": {"recipient": "@alice", "amount": "31"}})),
             "error": "has 30, not 31"},
            {"execute": execute("bob", json!({"transfer": {"recipient": "@alice", "amount": "0"}})), "error": "0 tokens"},
            {"execute": execute("bob", json!({"transfer": {"recipient": "nobody", "amount": "1"}})), "error": "nobody"},
            {"execute": execute("bob", json!({"burn": {"amount": "10"}}))},
            {"execute": execute("bob", json!({"mint": {"recipient": "@bob", "amount": "1"}})), "error": "Unauthorized"},
            {"execute": execute("owner", json!({"mint": {"recipient": "@bob", "amount": "20"}}))},
            {"execute": execute("owner", json!({"mint": {"recipient": "@bob", "amount": "1"}})), "error": "cap of 110"},
            {"query": balance("@alice"), "expect": {"balance": "70"}},
            {"query": balance("@bob"), "expect": {"balance": "40"}},
        ]));
    }

    #[test]
    fn the_token_begins_with_each_account_once_and_below_its_cap() {
        let line = |amount: &str| json!({"address": "@alice", "amount": amount});
        passes(&json!([
            {"instantiate": token(&json!([line("1"), line("2")]), &json!(null)), "error": "listed twice"},
            {"instantiate": token(&json!([line("9")]), &json!({"minter": "@owner", "cap": "8"})), "error": "cap of 8"},
            {"instantiate": token(&json!([line("9")]), &json!(null))},
            {"query": {"contract": "token", "msg": {"minter": {}}}, "expect": null},
        ]));
    }
}
