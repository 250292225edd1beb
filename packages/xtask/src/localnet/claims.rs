//! The claims at the end, with balances before and after.

use anyhow::{Result, ensure};
use comfy_table::{Table, presets};
use serde_json::json;

use super::keys::Keys;
use super::side::Side;

/// Has those who earned something claim it, and shows what each of them got.
///
/// # Errors
/// When a claim fails or pays nothing.
pub async fn make(keys: &Keys, provider: &Side, consumer: &Side, voucher: &str) -> Result<()> {
    let rows = [
        ("alice", provider, "uprov", "delegation to north"),
        ("alice", provider, voucher, "the same, from the consumer"),
        ("north", provider, "uprov", "commission"),
        ("north", provider, voucher, "the same, from the consumer"),
        ("bob", provider, "uprov", "lock, from the gauge"),
        ("alice", consumer, "ucons", "delegation to home"),
    ];
    let mut before = Vec::new();
    for (who, side, denom, _) in rows {
        before.push(side.chain.balance(keys.address(who)?, denom).await?);
    }
    let north = keys.operator_address("north").await?;
    let home = keys.operator_address("home").await?;
    let reward = |of: &str| json!({"withdraw_delegator_reward": {"validator": of}});
    let commission = json!({"withdraw_validator_commission": {"validator": north}});
    let lock = json!({"claim": {}});
    provider.execute("alice", "pool", reward(&north), 0).await?;
    provider.execute("north", "pool", commission, 0).await?;
    provider.execute("bob", "gauges", lock, 0).await?;
    consumer.execute("alice", "pool", reward(&home), 0).await?;

    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_header(["who", "chain", "for", "denom", "before", "after", "claimed"]);
    for ((who, side, denom, what), before) in rows.into_iter().zip(before) {
        let after = side.chain.balance(keys.address(who)?, denom).await?;
        ensure!(after > before, "{who} has claimed no {denom}");
        let denom = denom.get(..12).unwrap_or(denom);
        let words = [who, &side.chain.id, what, denom].map(str::to_string);
        let numbers = [before, after, after - before].map(|it| it.to_string());
        table.add_row(words.into_iter().chain(numbers));
    }
    println!("{table}");
    Ok(())
}
