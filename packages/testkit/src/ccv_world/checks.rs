//! What must hold after every action.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, anyhow, ensure};
use num_bigint::BigInt;
use oracles::ccv_ledger::check_two_chains;
use oracles::ccv_ledger::properties::{
    CoinSnapshot, PotSnapshot, RewardSnapshot, UnitSnapshot, check_once, check_pot, check_reward,
    check_units,
};
use serde_json::{Value, json};

use super::action::Side;
use super::liabilities::{Liabilities, check_audit};
use super::suite::{CCV, CONSUMER_ID, FEE_POOL, HEIR, POOLS, STAKERS};
use super::wired::UnheardTransfer;
use super::{CcvHarness, Direct};

impl CcvHarness {
    /// What must hold at any time.
    ///
    /// # Errors
    /// What does not.
    pub fn check(&self) -> Result<()> {
        let here = self.liabilities(Side::Consumer)?;
        let there = self.provider()?;
        let units = self.suite.ask(Side::Consumer, &json!({"units": {}}))?;
        let units = units["units"].as_array().context("units")?;
        let unheard = self.suite.unheard_transfers()?;
        for denom in self.suite.denoms() {
            let unit = units.iter().find(|it| it["denom"] == denom);
            let settling = unit.is_some_and(|it| it["settling"] == true);
            self.check_held(denom, &here, settling)?;
            let in_flight = unheard.iter().filter(|it| it.denom == denom && !it.arrived);
            let in_flight = in_flight.map(|it| it.amount).sum();
            self.check_coins(denom, in_flight, &here, &there)?;
            for voucher in self.suite.vouchers(denom) {
                self.check_provider(denom, voucher, &there)
                    .with_context(|| format!("the provider's {denom}"))?;
            }
        }
        self.check_units(units, &unheard)?;
        self.check_repeated_callbacks()?;
        check_once(&self.model.events).map_err(|error| anyhow!("{error}"))
    }

    /// Whether both contracts have an open channel.
    ///
    /// # Errors
    /// When a contract does not answer.
    pub fn is_open(&self) -> Result<bool> {
        self.suite.is_ccv_open()
    }

    /// All that holding-pools has of the provider's part is what the exact ledger has, to the point.
    fn check_held(&self, denom: &str, here: &Liabilities, settling: bool) -> Result<()> {
        let mut held = here.points(denom, "holding_pools") + here.points(denom, "provider_pending");
        if settling {
            held += here.points(denom, "unit");
        }
        Ok(self.model.consumer.check_held(denom, &held)?)
    }

    /// Every coin is somewhere, once.
    fn check_coins(
        &self,
        denom: &str,
        in_flight: u128,
        here: &Liabilities,
        there: &Provider,
    ) -> Result<()> {
        let of_stakers = self.suite.balance(Side::Consumer, STAKERS, denom);
        let mut snapshot = CoinSnapshot {
            denom: denom.to_string(),
            collected: self.model.collected.get(denom).copied().unwrap_or_default(),
            consumer_balance: self.suite.balance(Side::Consumer, POOLS, denom),
            in_flight,
            paid: of_stakers,
            ..CoinSnapshot::default()
        };
        let mut pots = Vec::new();
        for voucher in self.suite.vouchers(denom) {
            let pot = self.model.provider.totals(CONSUMER_ID, voucher);
            // In the contract the shares of a unit stay with it until they are paid.
            let carry = if self.is_under_way(denom, voucher) {
                0
            } else {
                pot.carry
            };
            let outstanding = there.liabilities.coins(voucher, "outstanding")?;
            snapshot.waiting += outstanding
                .checked_sub(carry)
                .context("the carry is above all that is outstanding")?;
            snapshot.carry += carry;
            snapshot.provider_balance += self.suite.balance(Side::Provider, CCV, voucher);
            snapshot.owed += there.liabilities.coins(voucher, "undelivered")?;
            snapshot.community += there.liabilities.coins(voucher, "community_pool")?;
            for name in [FEE_POOL, HEIR] {
                snapshot.paid += self.suite.balance(Side::Provider, name, voucher);
            }
            pots.push(pot);
        }
        snapshot.check().map_err(|error| anyhow!("{error}"))?;
        let exact = self.model.consumer.totals(denom);
        // The consumer's own part of a denom that was unlisted is paid with the next block.
        let unpaid = exact.consumer - of_stakers;
        for (class, coins) in [("in_flight", 0), ("consumer_pending", unpaid)] {
            let found = here.coins(denom, class)?;
            ensure!(
                found == coins,
                "{denom}: {class} is {found} and not {coins}"
            );
        }
        check_two_chains(&exact, &pots)?;
        Ok(())
    }

    /// Whether a unit of a denom that the provider calls so is being processed.
    fn is_under_way(&self, denom: &str, voucher: &str) -> bool {
        let passes = self.model.passes.get(denom);
        passes.is_some_and(|it| it.voucher == voucher)
    }

    /// The provider's amounts are those of its ledger.
    fn check_provider(&self, denom: &str, voucher: &str, there: &Provider) -> Result<()> {
        let ledger = &self.model.provider;
        ledger.check_conservation(voucher)?;
        if self.is_under_way(denom, voucher) {
            return Ok(());
        }
        let carry = there.carry(voucher)?;
        let validators = (0..self.suite.world.validators).map(|it| self.suite.operator(it));
        let paid: u128 = validators.map(|it| ledger.paid(&it, voucher)).sum();
        let at_fee_pool = self.suite.balance(Side::Provider, FEE_POOL, voucher);
        let to_community = at_fee_pool
            .checked_sub(paid)
            .context("the fee pool has less than was paid to validators")?;
        let pot = PotSnapshot {
            consumer: CONSUMER_ID.to_string(),
            denom: voucher.to_string(),
            waiting: there.liabilities.coins(voucher, "outstanding")? - carry,
            carry,
            community: there.liabilities.coins(voucher, "community_pool")? + to_community,
        };
        check_pot(ledger, &pot).map_err(|error| anyhow!("{error}"))?;
        for (validator, owed) in there.owed(voucher)? {
            let reward = RewardSnapshot {
                paid: ledger.paid(&validator, voucher),
                validator,
                denom: voucher.to_string(),
                owed,
            };
            check_reward(ledger, &reward).map_err(|error| anyhow!("{error}"))?;
        }
        let failed = self.model.failed.iter();
        let failed = failed.filter(|((_, denom), _)| denom == voucher);
        let failed: u128 = failed.map(|(_, coins)| coins).sum();
        let undelivered = there.liabilities.coins(voucher, "undelivered")?;
        ensure!(
            undelivered == failed,
            "{undelivered} undelivered, not {failed}"
        );
        Ok(())
    }

    /// What the contract of a side owes.
    fn liabilities(&self, side: Side) -> Result<Liabilities> {
        Liabilities::read(&self.suite.ask(side, &json!({"invariants": {}}))?)
    }

    /// What ccv-provider answers now.
    fn provider(&self) -> Result<Provider> {
        let ask = |msg| self.suite.ask(Side::Provider, &msg);
        Ok(Provider {
            liabilities: self.liabilities(Side::Provider)?,
            carried: ask(json!({"carry": {"consumer": CONSUMER_ID}}))?,
            payments: ask(json!({"owed_payments": {"limit": 100}}))?,
        })
    }

    /// The callback of a transfer that is over changes nothing when the chain repeats it, whatever is
    /// under way by then.
    fn check_repeated_callbacks(&self) -> Result<()> {
        let chain = self.suite.chain(Side::Consumer);
        for (denom, (packet, ack)) in &self.model.answered {
            let mut contract = Direct::new(chain, self.suite.contract_on(Side::Consumer));
            let before = contract.records();
            contract.call_back(packet, ack.as_deref())?;
            ensure!(
                contract.records() == before,
                "a repeated callback of {denom} counts"
            );
        }
        Ok(())
    }

    /// At most one unit of a denom is under way, and its weights go before its coins.
    fn check_units(&self, units: &[Value], unheard: &[UnheardTransfer]) -> Result<()> {
        let mut snapshots = Vec::new();
        for unit in units {
            let denom = unit["denom"].as_str().context("denom")?.to_string();
            let epoch = u32::try_from(unit["epoch"].as_u64().context("epoch")?)?;
            ensure!(
                self.model.under_way.get(&denom) == Some(&epoch),
                "epoch {epoch} of {denom} is under way without an event"
            );
            let of_unit = unheard
                .iter()
                .filter(|it| it.denom == denom && it.epoch == Some(epoch));
            let transfers = u32::try_from(of_unit.count())?;
            let key = (denom, epoch);
            snapshots.push(UnitSnapshot {
                chunks: u32::try_from(self.model.chunks_sent(&key))?,
                acknowledged: u32::try_from(self.model.chunks_acked(&key))?,
                denom: key.0,
                epoch: u64::from(epoch),
                transfers,
            });
        }
        ensure!(
            units.len() == self.model.under_way.len(),
            "{} units are under way and not {:?}",
            units.len(),
            self.model.under_way
        );
        check_units(&snapshots).map_err(|error| anyhow!("{error}"))
    }

    /// The open pool of every validator is the exact one, within the bound of its roundings.
    ///
    /// # Errors
    /// The pool that is not.
    pub fn check_pools(&self) -> Result<()> {
        let msg = json!({"holding_pools": {"limit": 100}});
        let answer = self.suite.ask(Side::Consumer, &msg)?;
        for pool in answer["pools"].as_array().context("pools")? {
            let validator = pool["validator"].as_str().context("validator")?;
            let points = pool["points"].as_array().context("points")?;
            for denom in self.suite.denoms() {
                let found = points.iter().find(|it| it["denom"] == denom);
                let points: BigInt = match found {
                    Some(it) => it["points"].as_str().context("points")?.parse()?,
                    None => BigInt::ZERO,
                };
                self.model.consumer.check_pool(denom, validator, &points)?;
            }
        }
        Ok(())
    }

    /// On both chains the records add up to the running totals.
    ///
    /// # Errors
    /// The class that does not.
    pub fn check_audits(&self) -> Result<()> {
        for side in [Side::Consumer, Side::Provider] {
            let audited = check_audit(&|msg| self.suite.ask(side, msg));
            audited.with_context(|| format!("{side:?}"))?;
        }
        Ok(())
    }
}

/// What ccv-provider answers at one moment.
struct Provider {
    liabilities: Liabilities,
    /// To `carry`.
    carried: Value,
    /// To `owed_payments`.
    payments: Value,
}

impl Provider {
    /// What it carries of a denom.
    fn carry(&self, voucher: &str) -> Result<u128> {
        let coins = self.carried["carry"].as_array().context("carry")?;
        match coins.iter().find(|it| it["denom"] == voucher) {
            Some(coin) => Ok(coin["amount"].as_str().context("amount")?.parse()?),
            None => Ok(0),
        }
    }

    /// What it owes of a denom, by validator.
    fn owed(&self, voucher: &str) -> Result<BTreeMap<String, u128>> {
        let payments = self.payments["payments"].as_array().context("payments")?;
        let payments = payments
            .iter()
            .filter(|it| it["amount"]["denom"] == voucher);
        payments
            .map(|it| {
                let validator = it["validator"].as_str().context("validator")?;
                let amount = it["amount"]["amount"].as_str().context("amount")?;
                Ok((validator.to_string(), amount.parse()?))
            })
            .collect()
    }
}
