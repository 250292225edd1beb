//! Waiting for what blocks and packets bring, and showing it.

use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use serde_json::{Value, json};
use tokio::time::sleep;

use super::side::Side;

/// How long anything may take that needs blocks and packets.
const PATIENCE: Duration = Duration::from_secs(300);

/// Between two looks.
const PAUSE: Duration = Duration::from_secs(1);

/// Shows what happens, with the time since the start.
pub struct Clock(Instant);

impl Clock {
    /// Starts it.
    pub fn start() -> Self {
        Clock(Instant::now())
    }

    /// Shows a step.
    pub fn say(&self, text: &str) {
        println!("{:>4} s  {text}", self.0.elapsed().as_secs());
    }
}

/// Waits until the probe of the holding pools has passed.
///
/// # Errors
/// When it fails.
pub async fn probe(consumer: &Side) -> Result<()> {
    let start = Instant::now();
    loop {
        let channel = consumer.ask("pools", json!({"channel": {}})).await?;
        if channel["active"] == true {
            return Ok(());
        }
        ensure!(
            start.elapsed() < PATIENCE,
            "the probe has not passed: {channel}"
        );
        sleep(PAUSE).await;
    }
}

/// Shows how units go from the consumer to the provider, for some time and until a reward has coins of a denom.
///
/// # Errors
/// When they do not come.
pub async fn units(
    clock: &Clock,
    consumer: &Side,
    time: Duration,
    arrived: impl AsyncFn() -> Result<bool>,
) -> Result<()> {
    let start = Instant::now();
    let mut seen = String::new();
    while start.elapsed() < time || !arrived().await? {
        if start.elapsed() > time + PATIENCE {
            bail!(
                "no coins of the consumer have come to a delegator of the provider; last: {seen}"
            );
        }
        let units = consumer.ask("pools", json!({"units": {}})).await?;
        let now = shown(&units["units"][0]);
        if now != seen {
            clock.say(&now);
            seen = now;
        }
        sleep(PAUSE).await;
    }
    Ok(())
}

/// Where a unit is.
fn shown(unit: &Value) -> String {
    let text = |field: &str| unit[field].as_str().unwrap_or_default().to_string();
    match text("state").as_str() {
        "" => "the holding pools fill".to_string(),
        "weighing" => format!(
            "epoch {} has closed with {}ucons: weights go",
            unit["epoch"],
            text("amount")
        ),
        "ready" => format!("epoch {}: the provider has the weights", unit["epoch"]),
        _ => format!("epoch {}: the coins are on their way", unit["epoch"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_of_a_unit_has_a_line() {
        let unit = |state: &str| json!({"epoch": 2, "amount": "700", "state": state});
        let lines = ["weighing", "ready", "sent"].map(|state| shown(&unit(state)));
        assert_eq!(lines[0], "epoch 2 has closed with 700ucons: weights go");
        assert_eq!(lines[1], "epoch 2: the provider has the weights");
        assert_eq!(lines[2], "epoch 2: the coins are on their way");
        assert_eq!(shown(&Value::Null), "the holding pools fill");
    }
}
