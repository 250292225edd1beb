//! Holding pools that hold every kind of record, made through their messages, with the provider's real
//! contract at the other end.

use anyhow::{Result, ensure};
use cosmwasm_std::{Addr, Coin};
use serde_json::{Value, json};
use testkit::ccv::{CONSUMER, CcvSuite, PROVIDER};
use testkit::chain::{AddressFormat, EmbeddedChain};
use testkit::scenario::ChannelOrder;
use testkit::wire::{MessageKind, Only, Relay};

use crate::Layout;
use crate::fixture::Fixture;
use crate::under_way::{Leg, probed, sending};

pub const LAYOUT: Layout = Layout {
    contract: "holding-pools",
    kinds: &[
        "block_reporters",
        "config",
        "contract_info",
        "holdings",
        "last_refusal",
        "link",
        "ownership",
        "pool",
        "powers",
        "provider_names",
        "unit",
        "walk_start",
        "weights",
        "written_off",
    ],
    today: || {
        Ok(vec![
            fixture("active", active()?)?,
            fixture("probing", probing()?)?,
            fixture("probe-sent", probed(Leg::Sent)?)?,
            fixture("probe-acked", probed(Leg::Acked)?)?,
            fixture("probe-confirmed", probed(Leg::Confirmed)?)?,
            fixture("sending", sending()?)?,
        ])
    },
};

/// In the order in which ticks work on them.
const DENOMS: [&str; 4] = [SETTLING, CAME_BACK, REFUSED, SENT];
const SETTLING: &str = "uion";
const CAME_BACK: &str = "factory/minter/gold";
const REFUSED: &str = "ubtc";
pub(crate) const SENT: &str = "uatom";

/// As many validators may be active, and have a part in a unit.
const MAX_VALIDATORS: usize = ccv::weights::MAX_VALIDATORS as usize;

/// More than any transfer may take, in seconds.
const TWO_HOURS: u64 = 2 * 60 * 60;

fn fixture(name: &str, mut suite: CcvSuite) -> Result<Fixture> {
    let pools = pools(&mut suite)?;
    let chain = suite.stage().wire().chain(CONSUMER)?;
    let made = Fixture::of_contract((chain, &pools), name, &DENOMS, questions(chain))?;
    Ok(made
        .leaving_out("channel", &["open"])
        .leaving_out("fee_collector", &["address"])
        .leaving_out("next_distribution", &["blocks_left"]))
}

/// The two contracts with their channel open. The provider lists all denoms but one.
pub(crate) fn connected() -> Result<CcvSuite> {
    let mut suite = CcvSuite::builder()
        .members(&["v1", "v2", "v3"])
        .pools("reward_denoms", json!(DENOMS))
        .pools("fee_pool", json!("@stakers"))
        .pools("consumer_redistribution_fraction", json!("0.25"))
        .pools("base_proposer_reward", json!("0.013"))
        .pools("bonus_proposer_reward", json!("0.04"))
        .build()?;
    suite.provider(
        "owner",
        json!({"update_consumer_denoms": {"id": "consumer", "add": [SETTLING, CAME_BACK]}}),
    )?;
    let chain = suite.stage().wire_mut().chain_mut(CONSUMER)?;
    let fees = chain.account("fees");
    let coins = DENOMS.map(|denom| Coin::new(1_000_000_000_u128, denom));
    chain.mint(&fees, &coins)?;
    Ok(suite)
}

/// The consumer becomes active with validators, of whom one has named another validator of the provider.
fn begin(suite: &mut CcvSuite) -> Result<()> {
    suite.activate()?;
    suite.powers(&[("v1", 70), ("v2", 20), ("v3", 10)])?;
    let named =
        json!({"set_provider_validator": {"validator": "@@v2", "provider_validator": "@@w2"}});
    suite.consumer("v2", named)?;
    Ok(())
}

/// A unit in each stage: one is being settled with pools of validators kept apart, the weights of one
/// were refused, the coins of one came back, those of one are under way. Earlier coins were given up
/// with a provider of another prefix, for which there is a record still.
fn active() -> Result<CcvSuite> {
    let mut suite = connected()?;
    crowd_comes_and_goes(&mut suite)?;
    begin(&mut suite)?;
    deliver_a_full_unit(&mut suite)?;
    block(&mut suite, "v1", &[(1_000, SENT)])?;
    send_coins(&mut suite)?;
    give_up(&mut suite)?;

    block(&mut suite, "v2", &[(777, CAME_BACK), (123_456, SENT)])?;
    send_coins(&mut suite)?;
    block(&mut suite, "v1", &[(5_000_001, REFUSED)])?;
    suite.tick()?;
    relay_channel(&mut suite)?;

    let stakers = account(&mut suite, "stakers")?;
    let chain = suite.stage().wire_mut().chain_mut(CONSUMER)?;
    chain.block_transfers_to(&stakers)?;
    block(&mut suite, "v3", &[(90_001, SETTLING), (33, SENT)])?;
    bring_back_a_transfer(&mut suite)?;
    suite.consumer("anyone", json!({"tick": {"limit": 1}}))?;
    suite.powers(&[("v1", 65), ("v2", 25), ("v3", 0), ("v4", 11)])?;
    block(&mut suite, "v2", &[(50, CAME_BACK), (7, REFUSED)])?;

    suite.consumer(
        "owner",
        json!({"update_params": {"blocks_per_distribution_transmission": 20}}),
    )?;
    suite.consumer(
        "owner",
        json!({"update_reward_denoms": {"remove": [REFUSED]}}),
    )?;
    suite.consumer(
        "owner",
        json!({"allow_channel_close": {"channel_id": "channel-2"}}),
    )?;
    suite.consumer(
        "owner",
        json!({"update_ownership": {"transfer_ownership": {
            "new_owner": "@council", "expiry": {"at_height": 99_999_999},
        }}}),
    )?;
    // Fees of the next block, and coins that are nobody's.
    pay(&mut suite, &[(555, SENT), (9, REFUSED)])?;
    expect_stages(
        &mut suite,
        &[
            (SETTLING, "weighing", true),
            (CAME_BACK, "ready", false),
            (REFUSED, "weighing", false),
            (SENT, "sent", false),
        ],
    )?;
    Ok(suite)
}

/// A new way to the same provider: its probe is under way, and a unit whose coins came back waits for
/// its weights to go again.
fn probing() -> Result<CcvSuite> {
    let mut suite = connected()?;
    begin(&mut suite)?;
    block(&mut suite, "v1", &[(1_000, SENT)])?;
    send_coins(&mut suite)?;
    suite.consumer("owner", json!({"update_provider": {"order": "unordered"}}))?;
    bring_back_a_transfer(&mut suite)?;
    abandon_and_open(&mut suite, ChannelOrder::Unordered)?;
    block(&mut suite, "v1", &[(500, SENT)])?;
    suite.execute((CONSUMER, "pools"), "fees", json!({"probe": {}}), 2)?;
    suite.relay(&Relay::default())?;
    // The provider is asked, and has not answered.
    suite.tick()?;
    let channel = suite.ask(CONSUMER, json!({"channel": {}}))?;
    ensure!(
        channel["active"] == false && channel["probe"]["came_back"] == true,
        "{channel}"
    );
    expect_stages(&mut suite, &[(SENT, "weighing", false)])?;
    Ok(suite)
}

pub(crate) fn crowd_has_power(suite: &mut CcvSuite, count: usize, power: u64) -> Result<()> {
    let crowd: Vec<String> = (0..count).map(|it| format!("crowd{it}")).collect();
    for page in crowd.chunks(100) {
        let powers: Vec<_> = page.iter().map(|name| (name.as_str(), power)).collect();
        suite.powers(&powers)?;
    }
    Ok(())
}

/// As many validators as may be active earn something and leave, before any unit is closed.
fn crowd_comes_and_goes(suite: &mut CcvSuite) -> Result<()> {
    for power in [1, 0] {
        crowd_has_power(suite, MAX_VALIDATORS, power)?;
        block(suite, "v1", &[(1_000_000, SENT)])?;
    }
    Ok(())
}

/// A unit that is full, so that the next one begins with those who were left out, and that one.
fn deliver_a_full_unit(suite: &mut CcvSuite) -> Result<()> {
    for _ in 0..2 {
        block(suite, "v1", &[(1_000_000, SENT)])?;
        for _ in 0..20 {
            suite.tick()?;
            suite.relay(&Relay::default())?;
        }
        expect_stages(suite, &[])?;
    }
    Ok(())
}

/// A block in which fees of these denoms are split. Each one is due.
pub(crate) fn block(suite: &mut CcvSuite, proposer: &str, fees: &[(u128, &str)]) -> Result<()> {
    pay(suite, fees)?;
    suite.block(proposer, 0)?;
    Ok(())
}

fn pay(suite: &mut CcvSuite, fees: &[(u128, &str)]) -> Result<()> {
    let pools = pools(suite)?;
    let chain = suite.stage().wire_mut().chain_mut(CONSUMER)?;
    let from = chain.account("fees");
    for (amount, denom) in fees {
        chain.send(&from, &pools, &[Coin::new(*amount, *denom)])?;
    }
    Ok(())
}

/// The weights of all units reach the provider, and their coins set out.
fn send_coins(suite: &mut CcvSuite) -> Result<()> {
    suite.tick()?;
    relay_channel(suite)?;
    suite.tick()?;
    Ok(())
}

/// Relays packets of the CCV channel of now.
pub(crate) fn relay_channel(suite: &mut CcvSuite) -> Result<()> {
    let channel = suite.ask(CONSUMER, json!({"channel": {}}))?;
    let only = Only {
        from: Some(CONSUMER.to_string()),
        channel: channel["channel_id"].as_str().map(str::to_string),
        ..Only::default()
    };
    suite.relay(&Relay {
        only,
        ..Relay::default()
    })?;
    Ok(())
}

fn pass_two_hours(suite: &mut CcvSuite) -> Result<()> {
    for chain in [CONSUMER, PROVIDER] {
        suite.advance(chain, TWO_HOURS)?;
    }
    Ok(())
}

/// The first transfer that is under way times out.
fn bring_back_a_transfer(suite: &mut CcvSuite) -> Result<()> {
    pass_two_hours(suite)?;
    let only = Only {
        channel: Some("channel-0".to_string()),
        message: Some(MessageKind::Timeout),
        ..Only::default()
    };
    suite.relay(&Relay {
        only,
        limit: Some(1),
        timeouts: true,
        ..Relay::default()
    })?;
    Ok(())
}

/// Gives up what is under way, by a provider of another chain that turns out a mistake.
fn give_up(suite: &mut CcvSuite) -> Result<()> {
    let before = suite.ask(CONSUMER, json!({"channel": {}}))?["provider"].clone();
    let elsewhere = AddressFormat::new("osmo")?.account("elsewhere");
    suite.consumer(
        "owner",
        json!({"update_provider": {"prefix": "osmo", "receiver": elsewhere}}),
    )?;
    // The coins neither arrive nor come back, so their record stays.
    pass_two_hours(suite)?;
    suite.relay(&Relay {
        drop: true,
        timeouts: true,
        ..Relay::default()
    })?;
    suite.consumer("owner", json!({"update_provider": before}))?;
    abandon_and_open(suite, ChannelOrder::Ordered)?;
    suite.activate()
}

/// Another CCV channel, when the consumer knows none any more.
fn abandon_and_open(suite: &mut CcvSuite, order: ChannelOrder) -> Result<()> {
    suite.provider(
        "owner",
        json!({"abandon_channel": {"channel_id": "channel-1"}}),
    )?;
    suite.open(order)?;
    Ok(())
}

/// The denoms, states of their units, and whether these are being settled.
pub(crate) fn expect_stages(suite: &mut CcvSuite, expected: &[(&str, &str, bool)]) -> Result<()> {
    let answer = suite.ask(CONSUMER, json!({"units": {}}))?;
    let units = answer["units"].as_array().into_iter().flatten();
    let stages: Vec<Value> = units
        .map(|unit| json!([unit["denom"], unit["state"], unit["settling"]]))
        .collect();
    ensure!(json!(stages) == json!(expected), "{answer}");
    Ok(())
}

fn pools(suite: &mut CcvSuite) -> Result<Addr> {
    let answer = suite.ask(CONSUMER, json!({"fee_collector": {}}))?;
    Ok(Addr::unchecked(
        answer["address"].as_str().unwrap_or_default(),
    ))
}

fn account(suite: &mut CcvSuite, name: &str) -> Result<Addr> {
    Ok(suite.stage().wire().chain(CONSUMER)?.account(name))
}

/// Every query but the audit.
fn questions(chain: &EmbeddedChain) -> Vec<Value> {
    let mut questions: Vec<Value> = [
        "config",
        "params",
        "last_distribution_transmission",
        "next_distribution",
        "fee_collector",
        "holding_pools",
        "provider_pool",
        "units",
        "channel",
        "ownership",
        "invariants",
    ]
    .map(|name| json!({name: {}}))
    .into();
    for denom in DENOMS {
        questions.push(json!({"unit": {"denom": denom}}));
    }
    for name in ["v1", "v2", "v3", "v4", "v5"] {
        let validator = chain.operator(name);
        for query in ["holding_pool", "provider_validator"] {
            questions.push(json!({query: {"validator": validator}}));
        }
    }
    questions
}
