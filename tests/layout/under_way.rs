//! Holding pools that wait for answers: to a probe, and to weights.

use anyhow::{Result, ensure};
use serde_json::json;
use testkit::ccv::{CONSUMER, CcvSuite};
use testkit::wire::{Only, Relay};

use crate::holding_pools::{SENT, block, connected, crowd_has_power, expect_stages, relay_channel};

/// How far the coin of a probe has come that must arrive.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Leg {
    Sent,
    Acked,
    Confirmed,
}

/// The first probe. The coin that must come back is under way.
pub fn probed(leg: Leg) -> Result<CcvSuite> {
    let mut suite = connected()?;
    suite.execute((CONSUMER, "pools"), "fees", json!({"probe": {}}), 2)?;
    if leg != Leg::Sent {
        let only = Only {
            channel: Some("channel-0".to_string()),
            sequence: Some(1),
            ..Only::default()
        };
        suite.relay(&Relay {
            only,
            ..Relay::default()
        })?;
    }
    if leg == Leg::Confirmed {
        suite.tick()?;
        relay_channel(&mut suite)?;
    }
    let channel = suite.ask(CONSUMER, json!({"channel": {}}))?;
    let probe = &channel["probe"];
    ensure!(
        probe["arrived"] == (leg == Leg::Confirmed) && probe["came_back"] == false,
        "{channel}"
    );
    Ok(suite)
}

/// A unit of two chunks: the provider has the first, the second is under way.
pub fn sending() -> Result<CcvSuite> {
    let mut suite = connected()?;
    suite.activate()?;
    crowd_has_power(&mut suite, 65, 1)?;
    block(&mut suite, "crowd0", &[(1_000_000, SENT)])?;
    let one = || json!({"tick": {"limit": 1}});
    while suite.ask(CONSUMER, json!({"units": {}}))?["units"][0]["settling"] == true {
        suite.consumer("anyone", one())?;
    }
    suite.consumer("anyone", one())?;
    suite.relay(&Relay::default())?;
    suite.consumer("anyone", one())?;
    let answer = suite.ask(CONSUMER, json!({"unit": {"denom": SENT}}))?;
    let unit = &answer["unit"];
    ensure!(unit["chunks"] == 2 && unit["chunks_acked"] == 1, "{unit}");
    expect_stages(&mut suite, &[(SENT, "weighing", false)])?;
    Ok(suite)
}
