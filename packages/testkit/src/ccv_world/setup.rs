//! The steps from two empty chains to an active consumer.

use anyhow::{Result, ensure};
use cosmwasm_std::Coin;
use serde_json::json;

use super::CcvSuite;
use super::action::Side;
use super::suite::{CCV, DENOMS, FEE_POOL, OWNER, PAYER, POOLS, STAKERS};
use crate::scenario::{Action, ChannelOrder, ChannelPort, Execute, Instantiate, Step};
use crate::wire::Relay;

/// How a world begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct World {
    /// The order of the CCV channel.
    pub order: ChannelOrder,
    /// How many validators there are.
    pub validators: usize,
    /// How many denoms, at most two.
    pub denoms: usize,
    /// Blocks from one due block to the next.
    pub period: u64,
    /// Whether the part of validators that vanished is carried to the next unit.
    pub carries: bool,
}

/// How long transfers and packets may take, in seconds.
pub(super) const TRANSFER_SECONDS: u64 = 600;
pub(super) const WEIGHTS_SECONDS: u64 = 1200;
/// The consumer's own part in percent.
pub(super) const CONSUMER_PERCENT: u64 = 25;
/// Coins of a probe.
pub(super) const PROBE: u128 = 2;

impl World {
    pub(super) fn order_text(&self) -> &'static str {
        match self.order {
            ChannelOrder::Ordered => "ordered",
            ChannelOrder::Unordered => "unordered",
        }
    }
}

/// Plays the steps. After them the consumer is active, and the probe's refused coin is in the balance
/// of holding-pools.
pub(super) fn set_up(suite: &mut CcvSuite) -> Result<()> {
    suite.connect()?;
    provider(suite)?;
    consumer(suite)?;
    suite.open_channel()?;
    let probe = Execute {
        contract: POOLS.into(),
        sender: PAYER.into(),
        msg: json!({"probe": {}}),
        funds: vec![Coin::new(PROBE, DENOMS[0])],
    };
    suite.must(Step::new(Action::Execute(probe)).on(Side::Consumer.chain()))?;
    suite.relay(Relay::default())?;
    suite.tick(30)?;
    suite.relay(Relay::default())?;
    let channel = suite.ask(Side::Consumer, &json!({"channel": {}}))?;
    ensure!(channel["active"] == true, "the probe failed: {channel}");
    Ok(())
}

fn provider(suite: &mut CcvSuite) -> Result<()> {
    let route = suite.route();
    let vouchers: Vec<String> = suite.denoms().map(|it| route.voucher_text(it)).collect();
    let fee_pool = json!({
        "active": true,
        "reward_denoms": vouchers,
        "reporters": {"staking": ["@owner"]},
    });
    make(suite, Side::Provider, (FEE_POOL, "fee-pool"), fee_pool)?;
    for validator in 0..suite.world.validators {
        suite.set_exists(validator, true)?;
    }
    let msg = json!({"target": {"fee_pool": {"contract": format!("@{FEE_POOL}")}}});
    make(suite, Side::Provider, (CCV, "ccv-provider"), msg)
}

fn consumer(suite: &mut CcvSuite) -> Result<()> {
    let world = suite.world;
    let denoms: Vec<&str> = suite.denoms().collect();
    let msg = json!({
        "reward_denoms": denoms,
        "blocks_per_distribution_transmission": world.period,
        "consumer_redistribution_fraction": format!("0.{CONSUMER_PERCENT}"),
        "fee_pool": format!("@{STAKERS}"),
        "provider": {
            "connection_id": "connection-0",
            "port_id": format!("port:provider/{CCV}"),
            "transfer_channel": "channel-0",
            "receiver": format!("@provider/{CCV}"),
            "prefix": "cosmos",
        },
        "order": world.order_text(),
        "transfer_timeout_seconds": TRANSFER_SECONDS,
        "weights_timeout_seconds": WEIGHTS_SECONDS,
    });
    make(suite, Side::Consumer, (POOLS, "holding-pools"), msg)?;
    suite.register()?;
    Ok(())
}

fn make(
    suite: &mut CcvSuite,
    side: Side,
    (name, code): (&str, &str),
    msg: serde_json::Value,
) -> Result<()> {
    suite.must(
        Step::new(Action::Instantiate(Instantiate {
            name: name.into(),
            code: code.into(),
            sender: OWNER.into(),
            msg,
            funds: vec![],
            admin: None,
        }))
        .on(side.chain()),
    )?;
    Ok(())
}

/// The step that opens a CCV channel.
pub(super) fn open_channel(world: &World) -> Step {
    let end = |side: Side, contract| ChannelPort::of_contract(side.chain(), contract);
    let (pools, provider) = (end(Side::Consumer, POOLS), end(Side::Provider, CCV));
    Step::opening(pools, provider, world.order)
}
