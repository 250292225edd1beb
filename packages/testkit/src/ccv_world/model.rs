//! The ledgers, driven by the contracts' events.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, bail, ensure};
use ccv::weights::WeightsChunk;
use cosmwasm_std::{Binary, IbcPacket};
use num_bigint::BigInt;
use oracles::ccv_ledger::properties::{EventKind, UnitEvent};
use oracles::ccv_ledger::{
    ConsumerBlock, ConsumerLedger, ConsumerParams, DenomAmount, Fraction, Policy, ProviderLedger,
    UnitId, UnitStage, Weight,
};

use super::action::Side;
use super::passes::{Page, Passes, Validators};
use super::registration::Registration;
use super::setup::{CONSUMER_PERCENT, World};
use super::suite::{CONSUMER_ID, DENOMS};
use crate::scenario::ContractEvent;

/// An epoch of a denom.
pub(super) type Unit = (String, u32);

/// What must be, as far as it has come. A clone is a moment to come back to.
#[derive(Clone, Debug)]
pub struct CcvModel {
    /// The consumer's ledger.
    pub consumer: ConsumerLedger,
    /// The provider's ledger.
    pub provider: ProviderLedger,
    /// Denoms that holding-pools takes in no more.
    unlisted: BTreeSet<String>,
    /// What came to holding-pools since the last block, by denom.
    pub(super) undistributed: BTreeMap<String, u128>,
    /// All that was ever given to the contracts, by denom.
    pub(super) collected: BTreeMap<String, u128>,
    /// The units that are under way on the consumer, by denom.
    pub(super) under_way: BTreeMap<String, u32>,
    /// The coins of units, whatever became of them.
    amounts: BTreeMap<Unit, u128>,
    /// The chunks of weights that were sent, as they were on the wire.
    chunks: BTreeMap<Unit, BTreeMap<u32, WeightsChunk>>,
    /// The chunks whose acknowledgement the consumer's chain has got.
    acked: BTreeMap<Unit, BTreeSet<Acked>>,
    /// The consumer's end of the channel whose acknowledgements count.
    pub(super) channel: Option<String>,
    /// What the provider calls what comes now, by denom.
    names: BTreeMap<String, String>,
    /// Units that arrived and are not done, by denom and epoch, with what the provider calls their
    /// denom.
    pub(super) arrived: BTreeMap<String, BTreeMap<u32, String>>,
    /// Units that are being processed, by denom.
    pub(super) passes: BTreeMap<String, Passes>,
    /// What the provider knows of the consumer.
    pub(super) registration: Registration,
    /// By denom, the last transfer that is over, and its acknowledgement unless it timed out.
    pub(super) answered: BTreeMap<String, (IbcPacket, Option<Binary>)>,
    /// The provider's validators.
    pub(super) validators: Validators,
    /// What is owed because its payment failed, by validator and the provider's denom.
    pub(super) failed: BTreeMap<(String, String), u128>,
    /// What happened to units on the provider.
    pub(super) events: Vec<UnitEvent>,
    /// How often an event came, by its action.
    heard: BTreeMap<String, usize>,
}

/// A chunk, and the consumer's end of the channel that it was acknowledged on.
type Acked = (u32, String);

/// What the events of one call say was paid.
#[derive(Debug, Default)]
pub(super) struct Payments {
    /// By the provider's word.
    pub rewarded: BTreeMap<String, u128>,
    /// By the fee pool's word.
    pub deposited: BTreeMap<String, u128>,
}

/// The value of an event's attribute.
pub(super) fn attribute<'e>(event: &'e ContractEvent, key: &str) -> Result<&'e str> {
    let value = event.attributes.get(key).and_then(|it| it.as_str());
    value.with_context(|| format!("{key} in {event:?}"))
}

/// The amount of a coin like `12stake`.
fn amount(coin: &str) -> Result<u128> {
    let digits = coin.find(|it: char| !it.is_ascii_digit());
    let (amount, _) = coin.split_at(digits.unwrap_or(coin.len()));
    amount.parse().with_context(|| coin.to_string())
}

/// The unit that an event is of.
pub(super) fn unit_of(event: &ContractEvent) -> Result<Unit> {
    let epoch = attribute(event, "epoch")?.parse()?;
    Ok((attribute(event, "denom")?.to_string(), epoch))
}

/// A unit as the provider's ledger names it.
pub(super) fn unit_id(voucher: &str, epoch: u32) -> UnitId<'_> {
    UnitId {
        consumer: CONSUMER_ID,
        denom: voucher,
        epoch: u64::from(epoch),
    }
}

impl CcvModel {
    /// Empty ledgers.
    pub(super) fn new(world: &World) -> Result<Self> {
        let percent = |it: u64| Fraction::from_atomics(it * 10_u64.pow(16)).context("a fraction");
        let consumer = ConsumerLedger::new(ConsumerParams {
            consumer_fraction: percent(CONSUMER_PERCENT)?,
            base_proposer_reward: percent(1)?,
            bonus_proposer_reward: percent(4)?,
        })?;
        let mut provider = ProviderLedger::default();
        if world.carries {
            provider.set_policy(CONSUMER_ID, Policy::Carry);
        }
        Ok(CcvModel {
            consumer,
            provider,
            unlisted: BTreeSet::new(),
            undistributed: BTreeMap::new(),
            collected: BTreeMap::new(),
            under_way: BTreeMap::new(),
            amounts: BTreeMap::new(),
            chunks: BTreeMap::new(),
            acked: BTreeMap::new(),
            channel: None,
            names: BTreeMap::new(),
            arrived: BTreeMap::new(),
            passes: BTreeMap::new(),
            registration: Registration::default(),
            answered: BTreeMap::new(),
            validators: Validators::default(),
            failed: BTreeMap::new(),
            events: Vec::new(),
            heard: BTreeMap::new(),
        })
    }

    /// How often each event of the contracts came, by its action.
    pub fn heard(&self) -> &BTreeMap<String, usize> {
        &self.heard
    }

    /// Coins came to holding-pools.
    pub(super) fn came_in(&mut self, denom: &str, coins: u128) {
        self.came_back(denom, coins);
        self.collect(denom, coins);
    }

    /// Coins of holding-pools that belong to nobody came back to it: a probe's.
    pub(super) fn came_back(&mut self, denom: &str, coins: u128) {
        *self.undistributed.entry(denom.to_string()).or_default() += coins;
    }

    /// Coins were given to the contracts, wherever they are.
    pub(super) fn collect(&mut self, denom: &str, coins: u128) {
        *self.collected.entry(denom.to_string()).or_default() += coins;
    }

    /// The probe of the set-up: one coin is on the provider, the other one came back.
    pub(super) fn probed(&mut self) -> Result<()> {
        self.came_in(DENOMS[0], 1);
        self.collect(DENOMS[0], 1);
        self.probe_arrived()
    }

    fn probe_arrived(&mut self) -> Result<()> {
        let voucher = self.names.get(DENOMS[0]).context("no name")?;
        Ok(self.provider.arrive_probe(CONSUMER_ID, voucher, 1)?)
    }

    /// The provider calls what comes from now on so, by denom.
    pub(super) fn renamed(&mut self, names: BTreeMap<String, String>) {
        self.names = names;
    }

    /// Powers are these from now on.
    pub(super) fn set_powers(&mut self, changes: &[(String, u64)]) {
        for (validator, power) in changes {
            // Told with no power, a validator that has none stays as unknown as it was.
            if *power > 0 || self.consumer.power(validator) > 0 {
                self.consumer.set_power(validator, *power);
            }
        }
    }

    /// A block splits what has come in.
    pub(super) fn block(&mut self, proposer: &str, signed_power: u64) -> Result<()> {
        // Every denom, so that what is pending is divided also without fees.
        let fees = DENOMS.map(|denom| {
            let amount = match self.unlisted.contains(denom) {
                true => 0,
                false => self.undistributed.remove(denom).unwrap_or_default(),
            };
            DenomAmount { denom, amount }
        });
        let block = ConsumerBlock {
            fees: &fees,
            proposer: Some(proposer),
            signed_power,
        };
        Ok(self.consumer.block(&block)?)
    }

    /// holding-pools takes a denom in, or no more: then it takes in at once what has come so far.
    pub(super) fn take_in(&mut self, denom: &str, is_listed: bool) -> Result<()> {
        if is_listed {
            self.unlisted.remove(denom);
            return Ok(());
        }
        self.unlisted.insert(denom.to_string());
        let came_in = self.undistributed.remove(denom).unwrap_or_default();
        Ok(self.consumer.take_in(denom, came_in)?)
    }

    /// What the provider carries of a denom has ended, and it said so.
    pub(super) fn carry_ended(&mut self, denom: &str) -> Result<()> {
        let voucher = self.names.get(denom).context("no name")?;
        let carry = self.provider.unlist(CONSUMER_ID, voucher);
        // What a unit leaves that is being processed goes with it in the end.
        let passes = self.passes.get(denom);
        let is_processing = passes.is_some_and(|it| it.voucher == *voucher);
        ensure!(
            carry == 0 || is_processing,
            "a carry of {carry} {denom} ended without an event"
        );
        Ok(())
    }

    /// Hears of what happened on a chain.
    pub(super) fn observe(
        &mut self,
        side: Side,
        event: &ContractEvent,
        payments: &mut Payments,
    ) -> Result<()> {
        let name = attribute(event, "action")?.to_string();
        *self.heard.entry(name.clone()).or_default() += 1;
        match side {
            Side::Consumer => self.on_consumer(&name, event),
            Side::Provider => self.on_provider(&name, event, payments),
        }
        .with_context(|| format!("{name}: {event:?}"))
    }

    fn on_consumer(&mut self, name: &str, event: &ContractEvent) -> Result<()> {
        match name {
            "epoch_closed" => {
                let (denom, epoch) = unit_of(event)?;
                self.consumer.freeze(&denom)?;
                self.under_way.insert(denom, epoch);
            }
            "weights_counted" => {
                let (denom, epoch) = unit_of(event)?;
                let coins = attribute(event, "amount")?.parse()?;
                self.consumer.close(&denom, coins)?;
                self.amounts.insert((denom, epoch), coins);
            }
            "tokens_sent" => {
                let unit = unit_of(event)?;
                self.all_weights_are_acknowledged(&unit)?;
                self.consumer.send(&unit.0)?;
            }
            "send_failed" if attribute(event, "what")? == "tokens" => {
                let (denom, _) = unit_of(event)?;
                // The event comes without an attempt as well: when the transfer channel is not open.
                if self.consumer.stage(&denom) == Some(UnitStage::InFlight) {
                    self.consumer.refund(&denom)?;
                }
            }
            "tokens_returned" => self.consumer.refund(&unit_of(event)?.0)?,
            "tokens_delivered" => {
                let (denom, _) = unit_of(event)?;
                self.consumer.deliver(&denom)?;
                self.under_way.remove(&denom);
            }
            "tokens_written_off" => {
                let unit = unit_of(event)?;
                match self.consumer.stage(&unit.0) {
                    // Registered anew, the provider knows of nothing that has arrived before.
                    Some(UnitStage::Arrived) if !self.registration.has_arrived(&unit) => {
                        self.consumer.deliver(&unit.0)?;
                    }
                    _ => self.consumer.write_off(&unit.0)?,
                }
                self.under_way.remove(&unit.0);
            }
            "written_off_returned" => {
                let coins = attribute(event, "amount")?.parse()?;
                self.consumer.late_refund(&unit_of(event)?.0, coins)?;
            }
            "release" => {
                let (denom, _) = unit_of(event)?;
                self.consumer.release(&denom)?;
                self.under_way.remove(&denom);
            }
            "holdings_removed" => self.consumer.forget(attribute(event, "validator")?)?,
            "denom_failed" => bail!("a denom could not be worked on"),
            "hook_ignored" => bail!("the chain's call was not understood"),
            _ => {}
        }
        Ok(())
    }

    fn on_provider(
        &mut self,
        name: &str,
        event: &ContractEvent,
        payments: &mut Payments,
    ) -> Result<()> {
        self.registration.observe(name, event)?;
        match name {
            "arrival" => {
                let (denom, epoch) = unit_of(event)?;
                let coin = attribute(event, "amount")?;
                let coins = amount(coin)?;
                let sent = self.amounts.get(&(denom.clone(), epoch)).copied();
                ensure!(
                    sent == Some(coins),
                    "{coins} {denom} arrive, {sent:?} were sent"
                );
                let voucher = coin.trim_start_matches(|it: char| it.is_ascii_digit());
                self.provider.arrive(&unit_id(voucher, epoch), coins)?;
                self.consumer.arrive(&denom)?;
                self.note(&denom, epoch, EventKind::Arrived);
                let units = self.arrived.entry(denom).or_default();
                units.insert(epoch, voucher.to_string());
            }
            "probe" => self.probe_arrived()?,
            "remove_consumer" if !self.registration.is_removing => {
                self.validators.overrides.clear()
            }
            "end_carry" => {
                let coin = attribute(event, "amount")?;
                let voucher = coin.trim_start_matches(|it: char| it.is_ascii_digit());
                let (ended, carry) = (amount(coin)?, self.provider.unlist(CONSUMER_ID, voucher));
                ensure!(ended == carry, "a carry of {ended} ends, not of {carry}");
            }
            "reward_validator" => {
                let validator = attribute(event, "validator")?.to_string();
                let coins = amount(attribute(event, "amount")?)?;
                *payments.rewarded.entry(validator).or_default() += coins;
            }
            "deposit_validator_rewards" => {
                let validator = attribute(event, "validator")?.to_string();
                let coins = amount(attribute(event, "amount")?)?;
                *payments.deposited.entry(validator).or_default() += coins;
            }
            _ => {}
        }
        Ok(())
    }

    fn note(&mut self, denom: &str, epoch: u32, kind: EventKind) {
        self.events.push(UnitEvent {
            consumer: CONSUMER_ID.to_string(),
            denom: denom.to_string(),
            epoch: u64::from(epoch),
            kind,
        });
    }

    /// A chunk of weights is on the wire. The weights of a unit never change, however often they are
    /// sent; as soon as they are complete they are held against the exact ones.
    pub(super) fn chunk_sent(&mut self, chunk: &WeightsChunk) -> Result<()> {
        let header = chunk.header();
        let unit = (header.denom.as_str().to_string(), header.epoch);
        let chunks = self.chunks.entry(unit.clone()).or_default();
        if let Some(before) = chunks.get(&chunk.chunk()) {
            ensure!(before == chunk, "{unit:?}: other weights than before");
            return Ok(());
        }
        chunks.insert(chunk.chunk(), chunk.clone());
        if chunks.len() < header.chunks as usize {
            return Ok(());
        }
        let coins = self.amounts.get(&unit);
        ensure!(
            coins == Some(&header.amount),
            "{unit:?}: {} claimed",
            header.amount
        );
        let weights = self.weights(&unit);
        let sum: BigInt = weights.iter().map(|it| &it.points).sum();
        let total = points(&header.total)?;
        ensure!(sum == total, "{unit:?}: weights {sum} of {total}");
        Ok(self.consumer.check_weights(&unit.0, &weights)?)
    }

    /// The chain of the consumer got the provider's word that it has a chunk.
    pub(super) fn chunk_acked(&mut self, chunk: &WeightsChunk, channel: &str) {
        let header = chunk.header();
        let unit = (header.denom.as_str().to_string(), header.epoch);
        let acked = (chunk.chunk(), channel.to_string());
        self.acked.entry(unit).or_default().insert(acked);
    }

    /// Acknowledgements on another channel than that of now count no more: there may be another
    /// provider at its end.
    fn all_weights_are_acknowledged(&self, unit: &Unit) -> Result<()> {
        let sent = self.chunks_sent(unit);
        let acked = self.acked.get(unit).into_iter().flatten();
        let acked = acked.filter(|(_, channel)| Some(channel) == self.channel.as_ref());
        let acked = acked.count();
        ensure!(
            sent > 0 && acked == sent,
            "{unit:?}: coins go with {acked} of {sent} chunks acknowledged"
        );
        Ok(())
    }

    /// The number of a unit's chunks that were ever sent.
    pub(super) fn chunks_sent(&self, unit: &Unit) -> usize {
        self.chunks.get(unit).map_or(0, BTreeMap::len)
    }

    /// The number of a unit's chunks that were ever acknowledged.
    pub(super) fn chunks_acked(&self, unit: &Unit) -> usize {
        let acked = self.acked.get(unit).into_iter().flatten();
        acked.map(|(chunk, _)| chunk).collect::<BTreeSet<_>>().len()
    }

    /// A unit's weights as they were on the wire.
    fn weights(&self, unit: &Unit) -> Vec<Weight> {
        let chunks = self.chunks.get(unit).into_iter().flat_map(BTreeMap::values);
        let entries = chunks.flat_map(|chunk| chunk.entries());
        entries
            .map(|entry| Weight {
                validator: entry.validator().as_str().to_string(),
                points: points(&entry.weight()).unwrap_or_default(),
            })
            .collect()
    }

    /// A page of a unit was processed. What it must have paid.
    pub(super) fn processed(&mut self, denom: &str, limit: u32) -> Result<Page> {
        let next = self.next_arrived(denom).context("nothing has arrived")?;
        let (epoch, voucher) = (next.0, next.1.to_string());
        let weights = self.weights(&(denom.to_string(), epoch));
        let passes = self.passes.entry(denom.to_string());
        let passes = passes.or_insert_with(|| Passes::new(epoch, &voucher, weights));
        let page = passes.page(&mut self.provider, &self.validators, limit)?;
        let is_shared_out = UnitEvent {
            consumer: CONSUMER_ID.to_string(),
            denom: denom.to_string(),
            epoch: u64::from(epoch),
            kind: EventKind::Processed,
        };
        if (page.done || !page.paid.is_empty()) && !self.events.contains(&is_shared_out) {
            self.events.push(is_shared_out);
        }
        for validator in page.entries.clone() {
            self.note(denom, epoch, EventKind::Paid { validator });
        }
        if page.done {
            self.passes.remove(denom);
            self.forget_arrived(denom, epoch);
        }
        Ok(page)
    }

    fn forget_arrived(&mut self, denom: &str, epoch: u32) {
        let units = self.arrived.entry(denom.to_string());
        units.or_default().remove(&epoch);
    }

    /// The coins of the earliest unit of a denom were given away.
    pub(super) fn orphan_resolved(&mut self, denom: &str) -> Result<()> {
        let (epoch, voucher) = self.next_arrived(denom).context("nothing has arrived")?;
        let voucher = voucher.to_string();
        self.provider.resolve_orphan(&unit_id(&voucher, epoch))?;
        self.forget_arrived(denom, epoch);
        Ok(())
    }

    /// Whether the weights of the earliest unit of a denom that has arrived are missing.
    pub(super) fn is_orphan(&self, denom: &str) -> bool {
        let next = self.next_arrived(denom);
        next.is_some_and(|(epoch, _)| !self.registration.has_weights(&(denom.to_string(), epoch)))
    }

    /// The earliest unit of a denom that has arrived and is not done.
    pub(super) fn next_arrived(&self, denom: &str) -> Option<(u32, &str)> {
        let (epoch, voucher) = self.arrived.get(denom)?.first_key_value()?;
        Some((*epoch, voucher))
    }

    /// The latest unit of a denom that has arrived and is not done.
    pub(super) fn last_arrived(&self, denom: &str) -> Option<u32> {
        self.arrived.get(denom)?.keys().next_back().copied()
    }

    /// Payments were made, or failed as a whole and stay owed.
    pub(super) fn paid(
        &mut self,
        voucher: &str,
        paid: &BTreeMap<String, u128>,
        payments: &Payments,
    ) -> Result<()> {
        if payments.deposited.is_empty() {
            for (validator, coins) in paid {
                let key = (validator.clone(), voucher.to_string());
                *self.failed.entry(key).or_default() += coins;
            }
            return Ok(());
        }
        ensure!(
            payments.deposited == *paid,
            "the fee pool got {:?} and not {paid:?}",
            payments.deposited
        );
        for (validator, coins) in paid {
            self.provider.pay(validator, voucher, *coins)?;
        }
        Ok(())
    }
}

/// Points of a contract as the ledgers have them.
fn points(points: &distribution_math::Points) -> Result<BigInt> {
    Ok(points.value().to_string().parse()?)
}
