//! The ways that coins go from the consumer to the provider: one transfer channel after the other.

use std::collections::BTreeMap;

use anyhow::{Result, anyhow, bail};
use serde_json::json;

use super::CcvSuite;
use super::action::Side;
use super::suite::{CCV, CONSUMER_ID, FEE_POOL, HEIR, OWNER, POOLS};
use crate::chain::ChainError;
use crate::ibc::state::CONNECTIONS;
use crate::scenario::{Step, StepResult, Transaction};

/// A transfer channel, and what its coins are called on the provider.
pub(super) struct Route {
    /// The consumer's end.
    pub channel: String,
    /// The provider's end.
    counterparty: String,
    /// The connection below it, on the consumer and on the provider.
    connections: (String, String),
    /// The provider's names of the reward denoms, in their order.
    pub vouchers: Vec<String>,
}

impl Route {
    /// The name of a denom on the provider, as a scenario writes it.
    pub fn voucher_text(&self, denom: &str) -> String {
        format!("ibc:transfer/{}/{denom}", self.counterparty)
    }
}

impl CcvSuite {
    /// Connects the chains and opens a transfer channel.
    ///
    /// # Errors
    /// When a step fails.
    pub(super) fn connect(&mut self) -> Result<()> {
        let (consumer, provider) = (Side::Consumer.chain(), Side::Provider.chain());
        let connected = self.must(Step::connecting(consumer, provider))?;
        let StepResult::Connected { a, b } = connected else {
            bail!("no connection: {connected:?}");
        };
        let opened = self.must(Step::opening_transfers(consumer, provider))?;
        let StepResult::Opened {
            a: channel,
            b: counterparty,
            ..
        } = opened
        else {
            bail!("no channel: {opened:?}");
        };
        let local = |denom: &str| {
            let trace = format!("transfer/{counterparty}/{denom}");
            let trace = ccv::denom::DenomTrace::read(&trace);
            trace.map(|it| it.local_denom())
        };
        let vouchers = self.denoms().map(local).collect::<Result<_, _>>();
        self.routes.push(Route {
            channel,
            counterparty,
            connections: (a, b),
            vouchers: vouchers.map_err(|error| anyhow!("{error}"))?,
        });
        Ok(())
    }

    /// The owners point both contracts to the newest connection and transfer channel, and the
    /// provider's fee pool takes what comes over it.
    ///
    /// # Errors
    /// When a contract refuses.
    pub(super) fn point_to_newest_route(&mut self) -> Result<[Transaction; 2]> {
        let route = self.route();
        let there = json!({"update_provider": {
            "connection_id": route.connections.0,
            "transfer_channel": route.channel,
        }});
        let here = json!({"update_consumer": {
            "id": CONSUMER_ID,
            "connection_id": route.connections.1,
            "transfer_channel": route.counterparty,
        }});
        let consumer = self.must_execute(Side::Consumer, OWNER, there)?;
        let provider = self.must_execute(Side::Provider, OWNER, here)?;
        for denom in self.denoms() {
            self.list(denom, true)?;
        }
        Ok([consumer, provider])
    }

    /// The provider's owner registers the consumer with all denoms, over the newest route.
    ///
    /// # Errors
    /// When it is registered already.
    pub(super) fn register(&mut self) -> Result<Transaction> {
        let route = self.route();
        let denoms: Vec<&str> = self.denoms().collect();
        let msg = json!({"register_consumer": {
            "id": CONSUMER_ID,
            "connection_id": route.connections.1,
            "port_id": format!("port:consumer/{POOLS}"),
            "contract": format!("@consumer/{POOLS}"),
            "transfer_channel": route.counterparty,
            "denoms": denoms,
            "order": self.world.order_text(),
            "disqualified": if self.world.carries { "carry" } else { "redistribute" },
        }});
        self.must_execute(Side::Provider, OWNER, msg)
    }

    /// The newest transfer channel.
    pub(super) fn route(&self) -> &Route {
        &self.routes[self.routes.len() - 1]
    }

    /// Whether the light clients below the newest connection live.
    pub(super) fn is_connected(&self) -> Result<bool> {
        let (consumer, provider) = &self.route().connections;
        for (side, id) in [(Side::Consumer, consumer), (Side::Provider, provider)] {
            let connection = CONNECTIONS.load(self.chain(side).storage(), id);
            if connection.map_err(ChainError::from)?.client.expired {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What the provider has called a denom so far, the newest name last.
    pub fn vouchers(&self, denom: &str) -> Vec<&str> {
        let number = self.denoms().position(|it| it == denom);
        let number = number.unwrap_or_default();
        let routes = self.routes.iter();
        routes
            .map(|route| route.vouchers[number].as_str())
            .collect()
    }

    /// What the provider calls what comes now, by denom.
    pub(super) fn newest_vouchers(&self) -> BTreeMap<String, String> {
        let denoms = self.denoms().map(str::to_string);
        denoms.zip(self.route().vouchers.iter().cloned()).collect()
    }

    /// What the provider has called all denoms so far, as scenarios write it.
    pub(super) fn voucher_texts(&self) -> Vec<String> {
        let routes = self.routes.iter();
        let texts = routes.flat_map(|route| self.denoms().map(|denom| route.voucher_text(denom)));
        texts.collect()
    }

    /// The accounts whose balances of a denom scenarios look at.
    pub(super) fn holders(&self, denom: &str) -> Vec<(Side, &'static str, String, String)> {
        let here = [POOLS, super::suite::STAKERS];
        let mut holders: Vec<_> = here
            .map(|name| (Side::Consumer, name, denom.to_string(), denom.to_string()))
            .into();
        for (voucher, route) in self.vouchers(denom).into_iter().zip(&self.routes) {
            for name in [CCV, FEE_POOL, HEIR] {
                let text = route.voucher_text(denom);
                holders.push((Side::Provider, name, voucher.to_string(), text));
            }
        }
        holders
    }
}
