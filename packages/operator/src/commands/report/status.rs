//! How reporting goes, for whoever watches: `/metrics` for Prometheus, `/healthz` for a supervisor.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus::{IntCounter, IntGauge, Registry, TEXT_FORMAT, TextEncoder};
use tokio::net::TcpListener;

use crate::chain::STOPPED;

/// Seconds after which something that should happen all the time is missed.
const PATIENCE: u64 = STOPPED.as_secs();

/// Numbers that the reporter shows. A clone shows the same ones.
#[derive(Clone)]
pub struct Status {
    registry: Registry,
    chain_height: IntGauge,
    reported_height: IntGauge,
    last_success: IntGauge,
    last_block: IntGauge,
    last_caught_up: IntGauge,
    reports: IntCounter,
    second: IntCounter,
    changes: IntCounter,
    failures: IntCounter,
}

impl Status {
    /// Numbers that are all 0.
    ///
    /// # Errors
    /// When two have the same name.
    pub fn new() -> Result<Self> {
        let registry = Registry::new_custom(Some("cwdistribution_reporter".to_string()), None)?;
        let gauge = |name: &str, help: &str| -> Result<IntGauge> {
            let gauge = IntGauge::new(name, help)?;
            registry.register(Box::new(gauge.clone()))?;
            Ok(gauge)
        };
        let counter = |name: &str, help: &str| -> Result<IntCounter> {
            let counter = IntCounter::new(name, help)?;
            registry.register(Box::new(counter.clone()))?;
            Ok(counter)
        };
        let status = Status {
            chain_height: gauge("chain_height", "Height of the newest block that was seen")?,
            reported_height: gauge("reported_height", "Height that the pool was told of last")?,
            last_success: gauge(
                "last_success_timestamp_seconds",
                "When a round succeeded last, or the program began, in Unix time",
            )?,
            last_block: gauge(
                "last_block_timestamp_seconds",
                "When a new block was seen last, or the program began",
            )?,
            last_caught_up: gauge(
                "last_caught_up_timestamp_seconds",
                "When the pool was near the newest block last, or the program began",
            )?,
            reports: counter("reports_total", "Blocks that were reported")?,
            second: counter(
                "second_total",
                "Reports that another reporter came before, and that changed nothing",
            )?,
            changes: counter("changes_total", "Staking events that the pool took")?,
            failures: counter("failures_total", "Rounds that failed")?,
            registry,
        };
        // The first round reads everything, and has as long for it as every other one.
        status.progressed();
        Ok(status)
    }

    /// The heights at the start of a round.
    pub fn heights(&self, chain: u64, reported: u64) {
        if whole(chain) > self.chain_height.get() {
            self.chain_height.set(whole(chain));
            self.last_block.set(now());
        }
        self.reported_height.set(whole(reported));
    }

    /// The pool is as near the newest block as it should be.
    pub fn caught_up(&self) {
        self.last_caught_up.set(now());
    }

    /// The pool took a transaction with so many staking events: a long report is no standstill.
    pub fn changed(&self, changes: usize) {
        self.changes
            .inc_by(u64::try_from(changes).unwrap_or(u64::MAX));
        self.progressed();
    }

    /// A height was reported.
    pub fn reported(&self, height: u64) {
        self.reported_height.set(whole(height));
        self.reports.inc();
    }

    /// Another reporter came first.
    pub fn came_second(&self) {
        self.second.inc();
    }

    fn progressed(&self) {
        for last in [&self.last_success, &self.last_block, &self.last_caught_up] {
            last.set(now());
        }
    }

    /// A round did what it should.
    pub fn succeeded(&self) {
        self.last_success.set(now());
    }

    /// A round failed.
    pub fn failed(&self) {
        self.failures.inc();
    }

    /// Serves the numbers for ever.
    pub async fn serve(self, listener: TcpListener) {
        let router = Router::new()
            .route("/metrics", get(metrics))
            .route("/healthz", get(health))
            .with_state(self);
        // It gives up with the process only.
        if let Err(error) = axum::serve(listener, router).await {
            eprintln!("/metrics: {error}");
        }
    }

    fn text(&self) -> Result<String> {
        let mut text = String::new();
        TextEncoder::new()
            .encode_utf8(&self.registry.gather(), &mut text)
            .context("the metrics")?;
        Ok(text)
    }

    /// What has not happened for too long.
    fn missed(&self) -> Option<&'static str> {
        let since = now().saturating_sub(whole(PATIENCE));
        let all = [
            (&self.last_block, "the node had no new block"),
            (&self.last_success, "no round succeeded"),
            (&self.last_caught_up, "the pool was too far behind"),
        ];
        let missed = all.into_iter().find(|(last, _)| last.get() < since);
        missed.map(|(_, what)| what)
    }
}

fn whole(height: u64) -> i64 {
    i64::try_from(height).unwrap_or(i64::MAX)
}

/// Unix time in seconds.
fn now() -> i64 {
    let time = SystemTime::now().duration_since(UNIX_EPOCH);
    time.map_or(0, |time| whole(time.as_secs()))
}

async fn metrics(State(status): State<Status>) -> Response {
    match status.text() {
        Ok(text) => ([(CONTENT_TYPE, TEXT_FORMAT)], text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn health(State(status): State<Status>) -> Response {
    match status.missed() {
        None => "ok\n".into_response(),
        Some(what) => {
            let text = format!("{what} for {PATIENCE} seconds\n");
            (StatusCode::SERVICE_UNAVAILABLE, text).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_reported_is_counted() {
        let status = Status::new().unwrap();
        status.heights(12, 9);
        // A report of two transactions, of which the second came too late, and one that came in time.
        status.changed(2);
        status.came_second();
        status.changed(1);
        status.reported(12);
        status.failed();
        let text = status.text().unwrap();
        for line in [
            "cwdistribution_reporter_chain_height 12",
            "cwdistribution_reporter_reported_height 12",
            "cwdistribution_reporter_reports_total 1",
            "cwdistribution_reporter_second_total 1",
            "cwdistribution_reporter_changes_total 3",
            "cwdistribution_reporter_failures_total 1",
        ] {
            assert!(text.lines().any(|it| it == line), "{line}: {text}");
        }
    }

    #[tokio::test]
    async fn a_reporter_is_healthy_while_rounds_succeed_blocks_come_and_the_pool_follows() {
        let status = Status::new().unwrap();
        let healthy = async || health(State(status.clone())).await.status() == StatusCode::OK;
        assert!(healthy().await, "it has just started");
        status.heights(7, 6);
        let long_ago = now() - whole(PATIENCE) - 1;
        let mends: [(_, &dyn Fn()); 4] = [
            (&status.last_success, &|| status.succeeded()),
            (&status.last_block, &|| status.heights(8, 6)),
            (&status.last_caught_up, &|| status.caught_up()),
            (&status.last_caught_up, &|| status.changed(0)),
        ];
        for (last, mend) in mends {
            last.set(long_ago);
            // The block of the round before is no new one.
            status.heights(7, 6);
            assert!(!healthy().await);
            mend();
            assert!(healthy().await);
        }
    }
}
