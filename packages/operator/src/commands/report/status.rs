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

/// Seconds without a round that succeeded, after which the reporter is not healthy.
const PATIENCE: i64 = 120;

/// Numbers that the reporter shows. A clone shows the same ones.
#[derive(Clone)]
pub struct Status {
    registry: Registry,
    chain_height: IntGauge,
    reported_height: IntGauge,
    last_success: IntGauge,
    reports: IntCounter,
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
            chain_height: gauge("chain_height", "Height of the newest block of the node")?,
            reported_height: gauge("reported_height", "Height that the pool was told of last")?,
            last_success: gauge(
                "last_success_timestamp_seconds",
                "When a round succeeded last, or the program began, in Unix time",
            )?,
            reports: counter("reports_total", "Blocks that were reported")?,
            changes: counter("changes_total", "Staking events that were sent")?,
            failures: counter("failures_total", "Rounds that failed")?,
            registry,
        };
        // The first round reads everything, and has as long for it as every other one.
        status.succeeded();
        Ok(status)
    }

    /// The heights at the start of a round.
    pub fn heights(&self, chain: u64, reported: u64) {
        self.chain_height.set(whole(chain));
        self.reported_height.set(whole(reported));
    }

    /// A height was reported, with so many staking events.
    pub fn reported(&self, height: u64, changes: usize) {
        self.reported_height.set(whole(height));
        self.reports.inc();
        self.changes
            .inc_by(u64::try_from(changes).unwrap_or(u64::MAX));
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

    /// Seconds since a round succeeded.
    fn idle(&self, now: i64) -> i64 {
        now.saturating_sub(self.last_success.get())
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
    match status.idle(now()) {
        idle if idle <= PATIENCE => "ok\n".into_response(),
        _ => {
            let text = format!("no round succeeded for {PATIENCE} seconds\n");
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
        status.reported(12, 3);
        status.failed();
        let text = status.text().unwrap();
        for line in [
            "cwdistribution_reporter_chain_height 12",
            "cwdistribution_reporter_reported_height 12",
            "cwdistribution_reporter_reports_total 1",
            "cwdistribution_reporter_changes_total 3",
            "cwdistribution_reporter_failures_total 1",
        ] {
            assert!(text.lines().any(|it| it == line), "{line}: {text}");
        }
    }

    #[tokio::test]
    async fn a_reporter_is_healthy_while_rounds_succeed() {
        let status = Status::new().unwrap();
        let answer = health(State(status.clone())).await;
        assert_eq!(answer.status(), StatusCode::OK, "it has just started");
        assert_eq!(status.idle(status.last_success.get() + 7), 7);
        status.last_success.set(now() - PATIENCE - 1);
        let answer = health(State(status.clone())).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        status.succeeded();
        let answer = health(State(status.clone())).await;
        assert_eq!(answer.status(), StatusCode::OK);
    }
}
