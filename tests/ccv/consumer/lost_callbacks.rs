//! Source callbacks that are lost. Nothing but a chain's fault loses one; no coin is lost with it.

use cosmwasm_std::{IbcBasicResponse, StdError};
use cw_multi_test::ContractWrapper;
use holding_pools::contract;
use serde_json::json;
use testkit::ccv::{CONSUMER, CcvSuite, PROVIDER};
use testkit::codes::codes;
use testkit::ibc::{IbcContract, IbcEntryPoints};
use testkit::scenario::{ChannelOrder, CodeRegistry};
use testkit::wire::Relay;

use super::{active, deliver, due_block, paid, pools, relay, unit};

const EIGHT_DAYS: u64 = 8 * 24 * 60 * 60;
/// Holding pools whose source callbacks fail, as they would without enough gas.
const DEAF: &str = "deaf-holding-pools";

fn codes_with_deaf_pools() -> CodeRegistry {
    codes().with(DEAF, || {
        let contract =
            ContractWrapper::new(contract::execute, contract::instantiate, contract::query);
        let entry_points = IbcEntryPoints {
            channel_open: |_, _, _| Err(StdError::msg("unused")),
            channel_connect: |_, _, _| Err(StdError::msg("unused")),
            channel_close: |_, _, _| Err(StdError::msg("unused")),
            packet_receive: |_, _, _| Err(StdError::msg("unused")),
            packet_ack: |_, _, _| Err(StdError::msg("unused")),
            packet_timeout: |_, _, _| Err(StdError::msg("unused")),
            source_callback: Some(|_, _, _| -> Result<IbcBasicResponse, StdError> {
                Err(StdError::msg("out of gas"))
            }),
            destination_callback: None,
        };
        let contract = contract.with_migrate(contract::migrate);
        Box::new(IbcContract::new(contract, entry_points))
    })
}

fn migrate(suite: &mut CcvSuite, code: &str) {
    let pools = pools(suite);
    let code = codes_with_deaf_pools().make(code).unwrap();
    let chain = suite.stage().wire_mut().chain_mut(CONSUMER).unwrap();
    let (id, owner) = (chain.store_code(code), chain.account("owner"));
    chain.migrate(&owner, &pools, id, &json!({})).unwrap();
}

/// Relays while source callbacks are lost.
fn relay_without_callbacks(suite: &mut CcvSuite) {
    migrate(suite, DEAF);
    let with_timeouts = Relay {
        timeouts: true,
        ..Relay::default()
    };
    suite.relay(&with_timeouts).unwrap();
    migrate(suite, "holding-pools");
    assert_eq!(unit(suite)["state"], "sent");
}

/// A unit of 100 coins whose transfer is under way.
fn sent(order: ChannelOrder) -> CcvSuite {
    let builder = CcvSuite::builder()
        .order(order)
        .pools("order", json!(order))
        .members(&["v1", "v2"]);
    let mut suite = active(builder, &[("v1", 3), ("v2", 1)]);
    // The coin of the probe that came back is the hundredth.
    suite.block("v1", 99).unwrap();
    due_block(&mut suite, "v1");
    suite.tick().unwrap();
    relay(&mut suite);
    suite.tick().unwrap();
    assert_eq!(unit(&mut suite)["state"], "sent");
    suite
}

/// The whole coins in the holding pools of the first validator.
fn held(suite: &mut CcvSuite) -> String {
    let question = json!({"holding_pool": {"validator": "@@v1"}});
    let answer = suite.ask(CONSUMER, question).unwrap();
    let coins = &answer["claimable"][0]["amount"];
    coins.as_str().unwrap_or("0").to_string()
}

fn reconcile(suite: &mut CcvSuite) {
    suite.advance(CONSUMER, EIGHT_DAYS).unwrap();
    let question = json!({"reconcile": {"denom": "uatom"}});
    suite.consumer("anyone", question).unwrap();
    relay(suite);
    assert!(unit(suite).is_null());
}

#[test]
fn a_refund_whose_callback_was_lost_is_split_as_fees_and_its_unit_written_off() {
    for order in [ChannelOrder::Ordered, ChannelOrder::Unordered] {
        let mut suite = sent(order);
        suite.advance(PROVIDER, EIGHT_DAYS).unwrap();
        relay_without_callbacks(&mut suite);
        // Nobody knows whose the coins are, so they are the next block's fees.
        suite.block("v1", 0).unwrap();
        assert_eq!(held(&mut suite), "75");
        reconcile(&mut suite);
        assert_eq!(held(&mut suite), "75");
        // They reach the validators with the next epoch, once.
        due_block(&mut suite, "v1");
        assert_eq!(unit(&mut suite)["epoch"], 2);
        deliver(&mut suite);
        assert!(unit(&mut suite).is_null());
        suite.process(2).unwrap();
        assert_eq!(paid(&mut suite, "v1"), "75");
        assert_eq!(paid(&mut suite, "v2"), "25");
    }
}

#[test]
fn coins_that_arrived_and_whose_callback_was_lost_are_delivered() {
    for order in [ChannelOrder::Ordered, ChannelOrder::Unordered] {
        let mut suite = sent(order);
        relay_without_callbacks(&mut suite);
        suite.process(1).unwrap();
        reconcile(&mut suite);
        suite.block("v1", 0).unwrap();
        assert_eq!(held(&mut suite), "0");
        assert_eq!(paid(&mut suite, "v1"), "75");
        assert_eq!(paid(&mut suite, "v2"), "25");
    }
}
