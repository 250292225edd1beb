//! The contract and the brute-force ledger in lockstep.
//!
//! The ledger works by the times of operations alone and knows of no crank: whenever the two are
//! compared, the contract is settled first, however late that is.

use std::collections::BTreeSet;

use anyhow::{Context as _, Error, Result, bail, ensure};
use cosmwasm_std::Coin;
use cw_multi_test::AppResponse;
use num_bigint::BigInt;
use serde_json::{Value, json};

use super::{GaugesBuilder, GaugesSuite, Operation};
use crate::events::of_contract;
use crate::gauge_ledger::{
    At, DenomAmount, Exit, Extension, GaugeId, GaugeLedger, GaugeOperation, LockHolding, LockId,
    NewGauge, NewLock, NewReceiver, Part, PoolKey, RewardPayment, Schedule, TopUp, TopUpLock,
};

/// Assets that are locked; the second is a reward asset as well.
pub const LOCKED: [&str; 2] = ["ulp", "uatom"];
/// Reward assets.
pub const REWARDS: [&str; 2] = ["uatom", "ubtc"];
/// Accounts.
pub const ACCOUNTS: [&str; 4] = ["alice", "bob", "carol", "dave"];
/// Whose money fees are.
pub const TREASURY: &str = "chest";
/// Who forces locks open.
const GUARD: &str = "guard";
/// Who makes gauges.
pub const MAKER: &str = "fees";
/// What accounts have of each of [`LOCKED`], and the maker of each of [`REWARDS`], in the beginning.
pub const PLENTY: u128 = 10u128.pow(36);

/// What the contract refuses by rules of its own, of which the ledger knows nothing: a message
/// without any coins, and the seventeenth gauge of a pool.
const OWN_RULES: [&str; 2] = ["No funds", "has 16 gauges"];

/// The contract and the ledger after the same history.
pub struct Twin {
    /// The contract.
    pub suite: GaugesSuite,
    /// The ledger.
    pub ledger: GaugeLedger,
    durations: Vec<u64>,
    locks: u64,
    gauges: u64,
    vague: BTreeSet<(String, &'static str)>,
}

/// An asset of the bank, as messages name it.
pub(super) fn asset(denom: &str) -> Value {
    json!({"native": denom})
}

impl Twin {
    /// A contract with epochs of a length and some durations, and an empty ledger.
    ///
    /// # Errors
    /// When the contract refuses its message.
    pub fn new(length: u64, durations: &[u64]) -> Result<Self> {
        Self::of(GaugesSuite::builder(), length, durations)
    }

    /// [`Twin::new`], which keeps every step of the contract, to be written out as a scenario file
    /// of that name.
    ///
    /// # Errors
    /// When the contract refuses its message.
    pub fn recorded(name: &str, length: u64, durations: &[u64]) -> Result<Self> {
        let builder = GaugesSuite::builder().recording(name);
        Self::of(builder, length, durations)
    }

    fn of(builder: GaugesBuilder, length: u64, durations: &[u64]) -> Result<Self> {
        let mut builder = builder
            .with("epoch_length", json!(length))
            .with("durations", json!(durations))
            .with("reward_assets", REWARDS.map(asset).to_vec().into())
            .with("treasury", json!(format!("@{TREASURY}")))
            .with("force_unlockers", json!([format!("@{GUARD}")]));
        for denom in REWARDS {
            builder = builder.balance(MAKER, PLENTY, denom);
        }
        for account in ACCOUNTS {
            for denom in LOCKED {
                builder = builder.balance(account, PLENTY, denom);
            }
        }
        let suite = builder.build()?;
        let schedule = Schedule {
            genesis: suite.genesis,
            length,
        };
        Ok(Twin {
            ledger: GaugeLedger::new(schedule, durations)?,
            suite,
            durations: durations.to_vec(),
            locks: 0,
            gauges: 0,
            vague: BTreeSet::new(),
        })
    }

    /// How many locks were made, parts that were split off included; their ids count from 1.
    pub fn locks(&self) -> u64 {
        self.locks
    }

    /// How many gauges were made; their ids count from 1.
    pub fn gauges(&self) -> u64 {
        self.gauges
    }

    /// Durations of pools, in seconds.
    pub fn durations(&self) -> &[u64] {
        &self.durations
    }

    /// Whether the ledger alone says what an account, or the treasury, was paid of a reward asset:
    /// each time it was all that was due, one number of whole base units was within the bound.
    pub fn is_certain(&self, account: &str, denom: &str) -> bool {
        let mut vague = self.vague.iter();
        !vague.any(|(other, of)| other == account && *of == denom)
    }

    /// What the treasury has of a reward asset, in base units.
    pub fn treasury_has(&self, denom: &str) -> u128 {
        self.suite.balance(TREASURY, denom)
    }

    pub(super) fn now(&self) -> u64 {
        self.suite.chain.block().time.seconds()
    }

    fn in_ledger(&mut self, operation: GaugeOperation) -> Result<()> {
        let at = At {
            time: self.now(),
            operation,
        };
        Ok(self.ledger.apply(&at)?)
    }

    /// Does in the ledger what the contract took. What the contract refused the ledger refuses as
    /// well, unless it is by a rule of the contract's own.
    fn on_both(
        &mut self,
        sent: Result<AppResponse, Error>,
        operation: GaugeOperation,
    ) -> Result<Option<AppResponse>> {
        let error = match sent {
            Ok(response) => {
                self.in_ledger(operation)?;
                return Ok(Some(response));
            }
            Err(error) => error.to_string(),
        };
        if OWN_RULES.iter().any(|rule| error.contains(rule)) {
            return Ok(None);
        }
        match self.in_ledger(operation) {
            Ok(()) => bail!("the ledger took what the contract refused: {error}"),
            Err(_) => Ok(None),
        }
    }

    /// Sends a message; when it says that a pool is to be settled first, settles and sends it again.
    fn send(&mut self, sender: &str, msg: Value, funds: Vec<Coin>) -> Result<AppResponse> {
        match self.suite.execute_with(sender, msg.clone(), funds.clone()) {
            Err(error) if error.to_string().contains("settle first") => {
                self.settle_all()?;
                self.suite.execute_with(sender, msg, funds)
            }
            other => other,
        }
    }

    /// Settles all pools, those without gauges as well.
    ///
    /// # Errors
    /// When the contract refuses.
    pub fn settle_all(&mut self) -> Result<()> {
        self.suite.settle();
        for denom in LOCKED {
            let msg = json!({"settle": {"denom": asset(denom), "limit": 100}});
            loop {
                let Ok(response) = self.suite.execute("anyone", msg.clone()) else {
                    break; // nobody ever dealt in it
                };
                if response
                    .data
                    .is_some_and(|data| data.as_slice() == br#"{"done":true}"#)
                {
                    break;
                }
            }
        }
        Ok(())
    }

    fn lock_id(&self, number: usize) -> Option<u64> {
        (self.locks > 0).then(|| number as u64 % self.locks + 1)
    }

    fn gauge_id(&self, number: usize) -> Option<u64> {
        (self.gauges > 0).then(|| number as u64 % self.gauges + 1)
    }

    fn lock(&self, id: u64) -> Option<Value> {
        self.suite.query(json!({"lock": {"id": id}})).ok()
    }

    /// The name of whose lock it is, while there is a record of it.
    fn owner(&self, id: u64) -> Option<String> {
        self.lock(id)?;
        self.ledger.owner(LockId(id)).map(str::to_string)
    }

    /// Does an operation on both. Whether the contract took it; what it refuses does not happen in
    /// the ledger either.
    ///
    /// # Errors
    /// When the ledger refuses what the contract took, or disagrees with what it paid.
    pub fn apply(&mut self, operation: &Operation) -> Result<bool> {
        self.in_ledger(GaugeOperation::Wait)?;
        Ok(self.attempt(operation)?.is_some())
    }

    fn attempt(&mut self, operation: &Operation) -> Result<Option<()>> {
        let done = match operation {
            Operation::Wait(seconds) => {
                self.suite.pass(*seconds);
                Some(())
            }
            Operation::WaitForEnd(offset) => {
                self.wait_for_end(*offset);
                Some(())
            }
            Operation::Lock {
                owner,
                asset,
                amount,
                duration,
            } => self.new_lock(*owner, *asset, *amount, *duration)?,
            Operation::AddToLock { lock, amount } => self.add_to_lock(*lock, *amount)?,
            Operation::BeginUnlock { lock, part } => self.exit(*lock, *part, false)?,
            Operation::Force { lock, part } => self.exit(*lock, *part, true)?,
            Operation::CancelUnlock(lock) => self.on_lock(*lock, |id| {
                (
                    json!({"cancel_unlock": {"id": id}}),
                    GaugeOperation::CancelUnlock(LockId(id)),
                )
            })?,
            Operation::Extend { lock, duration } => self.on_lock(*lock, |id| {
                let extension = Extension {
                    lock: LockId(id),
                    duration: *duration,
                };
                (
                    json!({"extend_lock": {"id": id, "duration": duration}}),
                    GaugeOperation::ExtendLock(extension),
                )
            })?,
            Operation::Refresh(lock) => self.on_lock(*lock, |id| {
                (
                    json!({"refresh": {"id": id}}),
                    GaugeOperation::Refresh(LockId(id)),
                )
            })?,
            Operation::SetReceiver { lock, receiver } => {
                let receiver = receiver.map(|it| ACCOUNTS[it % ACCOUNTS.len()]);
                let named = receiver.map(|it| format!("@{it}"));
                self.on_lock(*lock, |id| {
                    let new = NewReceiver {
                        lock: LockId(id),
                        receiver,
                    };
                    (
                        json!({"set_receiver": {"id": id, "receiver": named}}),
                        GaugeOperation::SetReceiver(new),
                    )
                })?
            }
            Operation::Withdraw(lock) => self.withdraw(*lock)?,
            Operation::Claim(lock) => self.claim(*lock)?,
            Operation::AddDuration(duration) => self.add_duration(*duration)?,
            Operation::CreateGauge {
                asset,
                duration,
                start,
                epochs,
                coins,
            } => self.create_gauge(*asset, *duration, *start, *epochs, coins)?,
            Operation::AddToGauge { gauge, coins } => self.add_to_gauge(*gauge, coins)?,
            Operation::EndGauge { gauge, evict } => self.end_gauge(*gauge, *evict)?,
            Operation::Settle(limit) => {
                self.suite
                    .execute("anyone", json!({"settle": {"limit": limit}}))?;
                Some(())
            }
            Operation::Tick => {
                self.suite.sudo(json!({"clock_end_block": {}}))?;
                Some(())
            }
            Operation::PayTreasury => self.pay_treasury()?,
        };
        Ok(done)
    }

    fn wait_for_end(&mut self, offset: i64) {
        let schedule = self.ledger.schedule();
        let end = schedule.boundary(schedule.epoch(self.now()));
        let then = end.saturating_add_signed(offset.into());
        let seconds = then.saturating_sub(self.now().into());
        self.suite.pass(u64::try_from(seconds).unwrap_or_default());
    }

    fn new_lock(
        &mut self,
        owner: usize,
        locked: usize,
        amount: u128,
        duration: u64,
    ) -> Result<Option<()>> {
        let owner = ACCOUNTS[owner % ACCOUNTS.len()];
        let denom = LOCKED[locked % LOCKED.len()];
        let msg = json!({"lock": {"duration": duration}});
        let funds = vec![Coin::new(amount, denom)];
        let sent = self.suite.execute_with(owner, msg, funds);
        let new = NewLock {
            lock: LockId(self.locks + 1),
            owner,
            receiver: None,
            denom,
            amount,
            duration,
        };
        let done = self.on_both(sent, GaugeOperation::Lock(new))?;
        self.locks += u64::from(done.is_some());
        Ok(done.map(|_| ()))
    }

    fn add_to_lock(&mut self, number: usize, amount: u128) -> Result<Option<()>> {
        let Some(id) = self.lock_id(number) else {
            return Ok(None);
        };
        let Some(lock) = self.lock(id) else {
            return Ok(None);
        };
        let owner = self.owner(id).context("no owner")?;
        let denom = lock["denom"]["native"].as_str().context("no denom")?;
        let msg = json!({"add_to_lock": {"id": id}});
        let sent = self.send(&owner, msg, vec![Coin::new(amount, denom)]);
        let top_up = TopUpLock {
            lock: LockId(id),
            amount,
        };
        let done = self.on_both(sent, GaugeOperation::AddToLock(top_up))?;
        Ok(done.map(|_| ()))
    }

    /// A message of a lock's owner about the lock alone.
    fn on_lock<'a>(
        &mut self,
        number: usize,
        of: impl FnOnce(u64) -> (Value, GaugeOperation<'a>),
    ) -> Result<Option<()>> {
        let Some(id) = self.lock_id(number) else {
            return Ok(None);
        };
        let Some(owner) = self.owner(id) else {
            return Ok(None);
        };
        let (msg, operation) = of(id);
        let sent = self.send(&owner, msg, vec![]);
        Ok(self.on_both(sent, operation)?.map(|_| ()))
    }

    fn exit(&mut self, number: usize, part: Option<u128>, is_forced: bool) -> Result<Option<()>> {
        let Some(id) = self.lock_id(number) else {
            return Ok(None);
        };
        let Some(lock) = self.lock(id) else {
            return Ok(None);
        };
        let held: u128 = lock["amount"].as_str().unwrap_or_default().parse()?;
        let part = part.map(|part| part % held).filter(|part| *part > 0);
        let name = if is_forced {
            "force_unlock"
        } else {
            "begin_unlock"
        };
        let sender = match is_forced {
            true => GUARD.to_string(),
            false => self.owner(id).context("no owner")?,
        };
        let msg = json!({name: {"id": id, "amount": part.map(|part| part.to_string())}});
        let sent = self.send(&sender, msg, vec![]);
        let part = part.map(|amount| Part {
            amount,
            child: LockId(self.locks + 1),
        });
        let exit = Exit {
            lock: LockId(id),
            part,
        };
        let operation = match is_forced {
            true => GaugeOperation::ForceUnlock(exit),
            false => GaugeOperation::BeginUnlock(exit),
        };
        if self.on_both(sent, operation)?.is_none() {
            return Ok(None);
        }
        self.locks += u64::from(part.is_some());
        if is_forced {
            // The principal is out with the same message.
            let exited = part.map_or(LockId(id), |part| part.child);
            self.in_ledger(GaugeOperation::Withdraw(exited))?;
            self.finish_if_gone(exited.0)?;
        }
        Ok(Some(()))
    }

    /// A lock whose record is gone has given its fraction to the treasury.
    fn finish_if_gone(&mut self, id: u64) -> Result<()> {
        if self.lock(id).is_none() {
            self.in_ledger(GaugeOperation::Finish(LockId(id)))?;
        }
        Ok(())
    }

    fn withdraw(&mut self, number: usize) -> Result<Option<()>> {
        let done = self.on_lock(number, |id| {
            (
                json!({"withdraw": {"ids": [id]}}),
                GaugeOperation::Withdraw(LockId(id)),
            )
        })?;
        if done.is_some()
            && let Some(id) = self.lock_id(number)
        {
            self.finish_if_gone(id)?;
        }
        Ok(done)
    }

    fn claim(&mut self, number: usize) -> Result<Option<()>> {
        let Some(id) = self.lock_id(number) else {
            return Ok(None);
        };
        for limit in [1u32, 100] {
            let Some(owner) = self.owner(id) else {
                return Ok(None);
            };
            let complete = limit > 1;
            if complete {
                self.settle_all()?;
            }
            let msg = json!({"claim": {"lock_ids": [id], "limit": limit}});
            let response = self.suite.execute(&owner, msg)?;
            let events = of_contract(&self.suite.contract, &response.events)?;
            let told = events
                .iter()
                .find(|event| event.name == "claim")
                .context("no claim")?;
            let paid = told.amounts("amount")?;
            for denom in REWARDS {
                let amount = paid
                    .iter()
                    .find(|(name, _)| name == denom)
                    .map_or(Ok(0u128), |(_, amount)| amount.to_string().parse())?;
                let range = self.ledger.payout(LockId(id), denom);
                if complete && range.least != range.most {
                    let recipient = self.ledger.recipient(LockId(id)).context("unknown")?;
                    self.vague.insert((recipient.to_string(), denom));
                }
                self.in_ledger(GaugeOperation::Paid(RewardPayment {
                    lock: LockId(id),
                    coin: DenomAmount { denom, amount },
                    failed: false,
                    complete,
                }))?;
            }
            self.finish_if_gone(id)?;
        }
        Ok(Some(()))
    }

    fn add_duration(&mut self, duration: u64) -> Result<Option<()>> {
        let msg = json!({"update_config": {"durations": [duration]}});
        if self.suite.execute("owner", msg).is_err() {
            return Ok(None);
        }
        if !self.durations.contains(&duration) {
            self.durations.push(duration);
        }
        self.in_ledger(GaugeOperation::AddDuration(duration))?;
        Ok(Some(()))
    }

    fn create_gauge(
        &mut self,
        locked: usize,
        duration: usize,
        start: u64,
        epochs: Option<u32>,
        coins: &[u128],
    ) -> Result<Option<()>> {
        let denom = LOCKED[locked % LOCKED.len()];
        let duration = self.durations[duration % self.durations.len()];
        let start = self.now() + start;
        let msg = json!({"create_gauge": {
            "denom": asset(denom), "duration": duration, "start": start, "epochs": epochs,
            "closable": true,
        }});
        let sent = self.send(MAKER, msg, funds(coins));
        let new = NewGauge {
            gauge: GaugeId(self.gauges + 1),
            creator: MAKER,
            denom,
            duration,
            start: Some(start),
            epochs: epochs.map(u64::from),
            coins: &amounts(coins),
        };
        let done = self.on_both(sent, GaugeOperation::CreateGauge(new))?;
        self.gauges += u64::from(done.is_some());
        Ok(done.map(|_| ()))
    }

    fn add_to_gauge(&mut self, number: usize, coins: &[u128]) -> Result<Option<()>> {
        let Some(id) = self.gauge_id(number) else {
            return Ok(None);
        };
        let msg = json!({"add_to_gauge": {"id": id}});
        let sent = self.send(MAKER, msg, funds(coins));
        let top_up = TopUp {
            gauge: GaugeId(id),
            coins: &amounts(coins),
        };
        let done = self.on_both(sent, GaugeOperation::AddToGauge(top_up))?;
        Ok(done.map(|_| ()))
    }

    fn end_gauge(&mut self, number: usize, evict: bool) -> Result<Option<()>> {
        let Some(id) = self.gauge_id(number) else {
            return Ok(None);
        };
        let (sender, name) = match evict {
            true => ("owner", "evict_gauge"),
            false => (MAKER, "close_gauge"),
        };
        let sent = self.send(sender, json!({name: {"id": id}}), vec![]);
        let done = self.on_both(sent, GaugeOperation::EndGauge(GaugeId(id)))?;
        Ok(done.map(|_| ()))
    }

    fn pay_treasury(&mut self) -> Result<Option<()>> {
        let has = |twin: &Self| REWARDS.map(|denom| twin.suite.balance(TREASURY, denom));
        let before = has(self);
        self.suite
            .execute("anyone", json!({"withdraw_treasury": {}}))?;
        for ((denom, before), after) in REWARDS.into_iter().zip(before).zip(has(self)) {
            let range = self.ledger.treasury_payout(denom);
            if range.least != range.most {
                self.vague.insert((TREASURY.to_string(), denom));
            }
            self.in_ledger(GaugeOperation::TreasuryPaid(DenomAmount {
                denom,
                amount: after - before,
            }))?;
        }
        Ok(Some(()))
    }

    /// What the contract's records hold for a lock of a reward asset, in points, as far as it is
    /// settled.
    ///
    /// # Errors
    /// When the contract does not answer.
    pub fn points(&self, id: u64, denom: &str) -> Result<BigInt> {
        let query = json!({"audit": {"start_after": format!("lock/{}", id - 1), "limit": 1}});
        let answer = self.suite.query(query)?;
        if answer["next"] != format!("lock/{id}") {
            return Ok(BigInt::ZERO); // its record is gone
        }
        let line = answer["denoms"]
            .as_array()
            .context("denoms")?
            .iter()
            .filter(|it| it["asset"] == asset(denom))
            .flat_map(|it| it["liabilities"].as_array().cloned().unwrap_or_default())
            .find(|line| line["class"] == "rewards");
        Ok(line
            .and_then(|line| line["points"].as_str().map(str::to_string))
            .unwrap_or("0".to_string())
            .parse()?)
    }

    /// Settles the contract and holds everything that it knows against the ledger: each lock's
    /// rewards, each gauge, each pool's stake, the treasury.
    ///
    /// # Errors
    /// For the first difference beyond the bound.
    pub fn compare(&mut self) -> Result<()> {
        self.settle_all()?;
        self.in_ledger(GaugeOperation::Wait)?;
        self.ledger.check_conservation()?;
        let mut of_locks = REWARDS.map(|_| BigInt::ZERO);
        for id in 1..=self.locks {
            for (denom, sum) in REWARDS.iter().zip(&mut of_locks) {
                let points = self.points(id, denom)?;
                *sum += &points;
                self.ledger
                    .check_points(&LockHolding {
                        lock: LockId(id),
                        denom,
                        points: &points,
                    })
                    .with_context(|| format!("lock {id}"))?;
            }
        }
        for (denom, of_locks) in REWARDS.iter().zip(of_locks) {
            // What the indexes could not divide is the treasury's as soon as a stake changes.
            let carries = self.suite.events.points(denom, "rewards") - of_locks;
            let points = self.suite.events.points(denom, "treasury") + carries;
            self.ledger.check_treasury(denom, &points)?;
        }
        for id in 1..=self.gauges {
            self.compare_gauge(id)
                .with_context(|| format!("gauge {id}"))?;
        }
        self.compare_stakes()
    }

    fn compare_gauge(&self, id: u64) -> Result<()> {
        let gauge = self.suite.query(json!({"gauge": {"id": id}}))?;
        let exact = self.ledger.gauge(GaugeId(id)).context("unknown")?;
        let amount = |list: &Value, denom: &str| -> Result<u128> {
            let coin = list.as_array().context("coins")?.iter();
            let coin = coin.clone().find(|coin| coin["denom"] == denom);
            Ok(coin.map_or(Ok(0), |coin| coin["amount"].as_str().unwrap_or("").parse())?)
        };
        for coins in &exact.coins {
            let distributed = amount(&gauge["distributed"], &coins.denom)?;
            ensure!(
                distributed == coins.distributed,
                "distributed {distributed}{}, not {}",
                coins.denom,
                coins.distributed
            );
            let kept = amount(&gauge["coins"], &coins.denom)?;
            ensure!(kept == coins.coins - coins.returned, "has {kept}");
        }
        ensure!(gauge["first_epoch"] == exact.first_epoch, "first epoch");
        let is_over = exact.ended || exact.remaining == Some(0);
        let status = gauge["status"].as_str().unwrap_or_default();
        if is_over != matches!(status, "finished" | "closed") {
            bail!("it is {status}");
        }
        Ok(())
    }

    fn compare_stakes(&self) -> Result<()> {
        for denom in LOCKED {
            for duration in &self.durations {
                let query = json!({"locked": {"denom": asset(denom), "duration": duration}});
                let Ok(locked) = self.suite.query(query) else {
                    continue; // nobody ever dealt in it
                };
                let epoch = self.ledger.schedule().epoch(self.now());
                let pool = PoolKey {
                    denom: denom.to_string(),
                    duration: *duration,
                };
                let exact = self.ledger.stake(&pool, epoch);
                ensure!(
                    locked["amount"] == exact.to_string(),
                    "stake of {denom}/{duration} in epoch {epoch}: {locked}, not {exact}"
                );
            }
        }
        Ok(())
    }
}

fn funds(coins: &[u128]) -> Vec<Coin> {
    REWARDS
        .iter()
        .zip(coins)
        .filter(|(_, amount)| **amount > 0)
        .map(|(denom, amount)| Coin::new(*amount, *denom))
        .collect()
}

fn amounts(coins: &[u128]) -> Vec<DenomAmount<'static>> {
    REWARDS
        .iter()
        .zip(coins)
        .filter(|(_, amount)| **amount > 0)
        .map(|(denom, amount)| DenomAmount {
            denom,
            amount: *amount,
        })
        .collect()
}
