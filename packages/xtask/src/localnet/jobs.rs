//! What goes on all the time on the two chains beside the operator.

use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::json;
use tokio::time::sleep;

use super::side::Side;

/// Tokens of a unit of power.
const TOKENS: u64 = 1_000_000;

/// Users pay fees: to the provider's fee pool, and to the consumer's fee collector.
///
/// # Errors
/// When a chain refuses.
pub async fn pay_fees(provider: Side, consumer: Side) -> Result<()> {
    let pay = async |side: &Side, collector: &str| {
        let fees = format!("1000000{}", side.chain.denom);
        let send = ["bank", "send", "fees", side.contract(collector)?, &fees];
        side.chain.send("fees", &send).await
    };
    loop {
        pay(&provider, "pool").await?;
        pay(&consumer, "pools").await?;
        sleep(Duration::from_secs(1)).await;
    }
}

/// Tells the holding pools, about once in a block of the consumer, which powers the provider's validators have. On
/// a consumer chain that has its validators from the provider the chain does this; here the account `powers`
/// does, and has all of them sign.
///
/// # Errors
/// When a chain refuses.
pub async fn tell_powers(provider: Side, consumer: Side) -> Result<()> {
    loop {
        let answer = provider.chain.query(&["staking", "validators"]).await?;
        let mut votes = Vec::new();
        let validators = answer["validators"].as_array();
        for validator in validators.context("an answer without validators")? {
            if validator["status"] != "BOND_STATUS_BONDED" {
                continue;
            }
            let tokens = validator["tokens"].as_str().context("no tokens")?;
            let power = tokens.parse::<u64>()? / TOKENS;
            let name = &validator["operator_address"];
            votes.push(json!({"validator": name, "power": power.to_string(), "signed": true}));
        }
        let block = json!({"begin_block": {"last_commit": {"votes": votes}}});
        consumer.execute("powers", "pools", block, 0).await?;
    }
}
