//! Moments of a consumer and its provider, which inputs may come at.

use anyhow::{Context as _, Result};
use cosmwasm_std::{Addr, IbcEndpoint, IbcPacket, IbcTimeout, Timestamp};

use crate::ccv_world::{BlockOf, CcvAction, CcvHarness, CcvSuite, Direct, NewPower, Side, World};
use crate::ibc::transfer::PORT;
use crate::scenario::ChannelOrder;
use crate::wire::WireSnapshot;

/// Longer than any timeout.
const NINE_DAYS: u64 = 9 * 86_400;

/// What happens from the set-up on; each step leads to one more moment. An epoch goes all the way and
/// the next one is lost and written off, while another chain's gift lies at the provider.
fn story() -> Vec<CcvAction> {
    let block = |fees: u128, changes: &[(usize, u64)]| {
        CcvAction::Block(BlockOf {
            fees: vec![fees],
            proposer: 0,
            signed_percent: 100,
            changes: changes
                .iter()
                .map(|(validator, power)| NewPower {
                    validator: *validator,
                    power: *power,
                })
                .collect(),
        })
    };
    let relay = CcvAction::RelayAll { reverse: false };
    let first = CcvAction::Relay {
        nth: 0,
        duplicate: false,
    };
    let gift = CcvAction::Forge {
        denom: 0,
        epoch: None,
    };
    let wait = |side| CcvAction::Wait {
        side,
        seconds: NINE_DAYS,
    };
    let process = |limit| CcvAction::Process { denom: 0, limit };
    vec![
        gift,
        relay.clone(),
        block(0, &[(0, 1), (1, 2), (2, 4)]),
        block(1_000_000, &[]),
        CcvAction::Tick(2),
        CcvAction::Tick(30),
        first.clone(),
        relay.clone(),
        CcvAction::Tick(30),
        first,
        process(1),
        process(4),
        relay.clone(),
        process(30),
        block(777_777, &[(1, 0)]),
        block(1, &[]),
        CcvAction::Tick(30),
        relay.clone(),
        CcvAction::Tick(30),
        CcvAction::Drop(0),
        wait(Side::Consumer),
        wait(Side::Provider),
        CcvAction::Reconcile(0),
        relay,
    ]
}

/// A consumer and a provider at one of the moments.
pub struct Stage {
    suite: CcvSuite,
    moments: Vec<WireSnapshot>,
    ccv_ends: [IbcEndpoint; 2],
}

impl Stage {
    /// # Errors
    /// When a step of the story fails.
    pub fn new() -> Result<Self> {
        let world = World {
            order: ChannelOrder::Ordered,
            validators: 3,
            denoms: 1,
            period: 1,
            carries: false,
        };
        let mut harness = CcvHarness::new(world, None)?;
        let mut moments = vec![harness.suite.wire().snapshot()];
        for action in story() {
            harness
                .apply(&action)
                .with_context(|| format!("{action:?}"))?;
            moments.push(harness.suite.wire().snapshot());
        }
        let suite = harness.suite;
        let end = |side| -> Result<IbcEndpoint> {
            Ok(suite.ccv_end(side)?.context("no channel")?.endpoint)
        };
        Ok(Self {
            ccv_ends: [end(Side::Consumer)?, end(Side::Provider)?],
            suite,
            moments,
        })
    }

    /// Goes to a moment, counted round.
    pub fn go_to(&mut self, moment: usize) {
        let moment = &self.moments[moment % self.moments.len()];
        self.suite.wire_mut().restore(moment);
    }

    /// The contract of a side, to be called.
    pub fn contract(&self, side: Side) -> Direct<'_> {
        Direct::new(self.suite.chain(side), self.suite.contract_on(side))
    }

    /// The address of a side's contract.
    pub fn address(&self, side: Side) -> &Addr {
        self.suite.contract_on(side)
    }

    /// What the provider calls the consumer's denom.
    pub fn voucher(&self) -> &str {
        self.suite.voucher(self.suite.denom(0))
    }

    /// A packet over the CCV channel, as the consumer sends it.
    pub fn ccv_packet(&self, data: &[u8]) -> IbcPacket {
        let [consumer, provider] = self.ccv_ends.clone();
        packet(data, consumer, provider)
    }

    /// A packet over the transfer channel, as the consumer's chain sends it.
    pub fn transfer_packet(&self, data: &[u8]) -> IbcPacket {
        let end = || IbcEndpoint {
            port_id: PORT.to_string(),
            channel_id: "channel-0".to_string(),
        };
        packet(data, end(), end())
    }
}

fn packet(data: &[u8], from: IbcEndpoint, to: IbcEndpoint) -> IbcPacket {
    let timeout = IbcTimeout::with_timestamp(Timestamp::from_seconds(NINE_DAYS));
    IbcPacket::new(data, from, to, 1, timeout)
}
