//! The messages that anybody may send to a contract to keep it going, and whether they do anything.

use anyhow::Result;
use ccv_provider::answers::{
    ConsumersResponse, OwedPaymentsResponse, PendingUnitsResponse, UnitResponse, WaitingFor,
};
use ccv_provider::msg as provider;
use ccv_provider::state::Status;
use distribution_math::points::POINTS_PER_COIN;
use pool_kit::audit::{AssetLedger, InvariantsResponse};
use pool_kit::ledger::Class;
use serde::Serialize;
use serde_json::Value;

use crate::book::Contract;
use crate::chain::{Event, View};
use crate::contracts::Kind;

/// A message.
pub struct Job {
    /// The message.
    pub msg: Value,
    /// Whether it is sent at most once in a round, because it can leave everything as it was.
    pub once: bool,
}

impl Job {
    fn new(msg: &impl Serialize, once: bool) -> Result<Self> {
        let msg = serde_json::to_value(msg)?;
        Ok(Job { msg, once })
    }

    /// Whether a message that emitted these events did anything.
    ///
    /// The contracts end such a message with an event of its name, which says whether there was or is
    /// something to do; every other event is something that was done, but for a payment that failed again. One
    /// that fails for the first time is owed from then on.
    pub fn is_useful(&self, contract: &str, events: &[Event]) -> bool {
        let name = self.msg.as_object().and_then(|msg| msg.keys().next());
        let mut useful = false;
        for event in events {
            let Some(action) = event.action_of(contract) else {
                continue;
            };
            if action == "payment_failed" && self.once {
                return false;
            }
            useful |= if name.is_some_and(|name| name == action) && !self.once {
                event.attribute("done") == Some("false")
                    || event.attribute("work").is_some_and(|work| work != "0")
                    || event
                        .attribute("done")
                        .or(event.attribute("work"))
                        .is_none()
            } else {
                true
            };
        }
        useful
    }
}

/// The messages that may have something to do in a contract now.
///
/// # Errors
/// When the node or the contract does not answer.
pub async fn of(view: &View, contract: &Contract) -> Result<Vec<Job>> {
    match contract.kind {
        Kind::RewardGauges => {
            let settle = reward_gauges::msg::SettleMsg {
                lock_asset: None,
                duration: None,
                limit: None,
            };
            Ok(vec![Job::new(
                &reward_gauges::msg::ExecuteMsg::Settle(settle),
                false,
            )?])
        }
        Kind::HoldingPools => {
            let tick = holding_pools::msg::ExecuteMsg::Tick { limit: None };
            Ok(vec![Job::new(&tick, false)?])
        }
        Kind::CcvProvider => {
            let mut jobs = units(view, &contract.address).await?;
            jobs.extend(owed(view, &contract.address).await?);
            jobs.extend(owed_to_community(view, &contract.address).await?);
            Ok(jobs)
        }
        Kind::FeePool | Kind::LazyFeePool | Kind::PoaFeePool => Ok(Vec::new()),
    }
}

/// The units of all consumers that wait for nothing but somebody's `process`.
async fn units(view: &View, address: &str) -> Result<Vec<Job>> {
    let consumers = view.list(
        address,
        |start_after, limit| provider::QueryMsg::Consumers { start_after, limit },
        |page: ConsumersResponse| page.consumers,
        |last| last.id.clone(),
    );
    let mut jobs = Vec::new();
    for consumer in consumers.await? {
        if consumer.status != Status::Paused {
            jobs.extend(units_of(view, address, &consumer.id).await?);
        }
    }
    Ok(jobs)
}

async fn units_of(view: &View, address: &str, consumer: &str) -> Result<Vec<Job>> {
    let units = view.list(
        address,
        |start_after, limit| provider::QueryMsg::PendingUnits {
            consumer: consumer.to_string(),
            start_after,
            limit,
        },
        |page: PendingUnitsResponse| page.units,
        |last| provider::UnitCursor {
            denom: last.denom.clone(),
            epoch: last.epoch,
        },
    );
    let mut units = units.await?;
    units.retain(|unit| unit.waiting_for == [WaitingFor::Process {}]);
    let process = |unit: UnitResponse| {
        let process = provider::ExecuteMsg::Process {
            consumer: unit.consumer,
            epoch: unit.epoch,
            denom: unit.denom,
            limit: None,
        };
        Job::new(&process, false)
    };
    units.into_iter().map(process).collect()
}

/// Payments of validators that failed, to be tried again.
async fn owed(view: &View, address: &str) -> Result<Vec<Job>> {
    let payments = view.list(
        address,
        |start_after, limit| provider::QueryMsg::OwedPayments { start_after, limit },
        |page: OwedPaymentsResponse| page.payments,
        |last| provider::OwedCursor {
            validator: last.validator.clone(),
            denom: last.amount.denom.clone(),
        },
    );
    let payments = payments.await?.into_iter();
    payments
        .map(|it| retry(Some(it.validator), it.amount.denom))
        .collect()
}

/// The same of the community pool.
async fn owed_to_community(view: &View, address: &str) -> Result<Vec<Job>> {
    let ledgers = view.list(
        address,
        |start_after, limit| provider::QueryMsg::Invariants { start_after, limit },
        |page: InvariantsResponse| page.denoms,
        |last| last.asset.to_string(),
    );
    let ledgers = ledgers.await?.into_iter();
    ledgers
        .filter(owes_community)
        .map(|ledger| retry(None, ledger.asset.to_string()))
        .collect()
}

/// Whether a payment to the community pool has failed: what is the pool's is sent at once, in whole coins.
fn owes_community(ledger: &AssetLedger) -> bool {
    let class = Class::CommunityPool.name();
    let mut liabilities = ledger.liabilities.iter();
    liabilities.any(|it| it.class == class && it.points >= POINTS_PER_COIN)
}

fn retry(validator: Option<String>, denom: String) -> Result<Job> {
    let retry = provider::ExecuteMsg::RetryPayment { validator, denom };
    Job::new(&retry, true)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn job(msg: Value, once: bool) -> Job {
        Job { msg, once }
    }

    fn event(contract: &str, attributes: &[(&str, &str)]) -> Event {
        let address = ("_contract_address", contract);
        let all = std::iter::once(&address).chain(attributes);
        Event::new(all.map(|(key, value)| (key.to_string(), value.to_string())))
    }

    #[test]
    fn a_tick_without_work_is_not_sent() {
        let tick = job(json!({"tick": {}}), false);
        let idle = event(
            "c",
            &[("action", "tick"), ("work", "0"), ("has_more", "false")],
        );
        assert!(!tick.is_useful("c", std::slice::from_ref(&idle)));
        let busy = event(
            "c",
            &[("action", "tick"), ("work", "3"), ("has_more", "false")],
        );
        assert!(tick.is_useful("c", &[busy]));
        let sent = event("c", &[("action", "probe_asked")]);
        assert!(tick.is_useful("c", &[sent, idle]));
        let others = event("token", &[("action", "transfer")]);
        let call = event("c", &[]);
        assert!(!tick.is_useful("c", &[others, call]));
    }

    #[test]
    fn settling_goes_on_until_it_is_done() {
        let settle = job(json!({"settle": {}}), false);
        let done = event(
            "c",
            &[("action", "settle"), ("epoch", "4"), ("done", "true")],
        );
        assert!(!settle.is_useful("c", std::slice::from_ref(&done)));
        let half = event(
            "c",
            &[("action", "settle"), ("epoch", "4"), ("done", "false")],
        );
        assert!(settle.is_useful("c", &[half]));
        let gauge = event("c", &[("action", "gauge_settled")]);
        assert!(settle.is_useful("c", &[gauge, done]));
    }

    #[test]
    fn a_payment_that_would_fail_again_is_not_sent() {
        let retry = job(json!({"retry_payment": {"denom": "stake"}}), true);
        let tried = event("c", &[("action", "retry_payment"), ("amount", "5stake")]);
        assert!(retry.is_useful("c", std::slice::from_ref(&tried)));
        let failed = event("c", &[("action", "payment_failed")]);
        assert!(!retry.is_useful("c", &[tried, failed]));
    }

    #[test]
    fn what_failed_to_reach_the_community_pool_is_tried_again() {
        let ledger = |community: &str| {
            serde_json::from_value(json!({
                "asset": {"native": "stake"},
                "balance": "5",
                "liabilities": [
                    {"class": "community_pool", "points": community},
                    {"class": "outstanding", "points": POINTS_PER_COIN},
                ],
                "difference": "0",
            }))
            .unwrap()
        };
        let coin = POINTS_PER_COIN.to_string();
        assert!(owes_community(&ledger(&coin)));
        // A part of a coin waits for the rest of it.
        assert!(!owes_community(&ledger(coin.trim_end_matches('0'))));
        assert_eq!(
            retry(None, "stake".to_string()).unwrap().msg,
            json!({"retry_payment": {"validator": null, "denom": "stake"}})
        );
    }

    #[test]
    fn processing_a_unit_is_useful() {
        let process = job(json!({"process": {"epoch": 1}}), false);
        let processed = event("c", &[("action", "process"), ("next", "")]);
        assert!(process.is_useful("c", std::slice::from_ref(&processed)));
        // The others are paid.
        let failed = event("c", &[("action", "payment_failed")]);
        assert!(process.is_useful("c", &[failed, processed]));
    }
}
