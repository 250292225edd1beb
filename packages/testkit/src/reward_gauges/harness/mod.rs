//! The contract and the brute-force ledger, driven by the same operations and compared.
//!
//! The ledger pays every epoch at its end, without a message. The contract pays it when somebody
//! settles. So the harness settles the contract before it compares the two.
//!
//! | module | job |
//! |---|---|
//! | [`locks`] | operations on locks |
//! | [`gauges`] | operations on gauges |
//! | [`payments`] | claims and payments to the treasury |
//! | [`checks`] | comparisons of the contract with the ledger |

mod checks;
mod gauges;
mod locks;
mod payments;

use std::collections::BTreeSet;

use anyhow::{Error, Result, bail};
use cosmwasm_std::Coin;
use cw_multi_test::AppResponse;
use oracles::gauge_ledger::{At, GaugeLedger, GaugeOperation, Schedule};
use serde_json::{Value, json};

use self::gauges::GaugeToMake;
use super::{GaugesBuilder, GaugesSuite, Operation};

/// Assets that are locked; the second is a reward asset as well.
pub const LOCKED: [&str; 2] = ["ulp", "uatom"];
/// Reward assets.
pub const REWARDS: [&str; 2] = ["uatom", "ubtc"];
/// More reward assets, whose transfers may call a contract: one more than a message sends.
pub const HOOKABLE: [&str; 5] = [
    "factory/maker/a",
    "factory/maker/b",
    "factory/maker/c",
    "factory/maker/d",
    "factory/maker/e",
];
/// Owners and receivers of locks.
pub const ACCOUNTS: [&str; 4] = ["alice", "bob", "carol", "dave"];
/// The treasury's account.
pub const TREASURY: &str = "chest";
/// The force unlocker.
const GUARD: &str = "guard";
/// The creator of all gauges.
pub const MAKER: &str = "fees";
/// Who adds to gauges of the maker.
const STRANGER: &str = "stranger";
/// The balance of each of [`ACCOUNTS`] in each of [`LOCKED`], and of the maker and the stranger in
/// each reward asset, in the beginning.
pub const PLENTY: u128 = 10u128.pow(36);

/// Parts of the errors of rules that only the contract has: a message that needs coins comes with
/// some, and a pool has at most 16 gauges. Everything else the ledger refuses as well.
const OWN_RULES: [&str; 2] = ["No funds", "has 16 gauges"];

/// The contract and the ledger after the same history.
pub struct Harness {
    /// The contract on its chain.
    pub suite: GaugesSuite,
    /// The exact ledger.
    pub ledger: GaugeLedger,
    rewards: Vec<&'static str>,
    durations: Vec<u64>,
    locks: u64,
    gauges: u64,
    /// Accounts and reward assets of which a payment depended on the contract's roundings.
    uncertain: BTreeSet<(String, &'static str)>,
}

/// A native denom as messages name it.
fn native(denom: &str) -> Value {
    json!({"native": denom})
}

impl Harness {
    /// A contract with this epoch length and these durations, and an empty ledger.
    ///
    /// # Errors
    /// When the contract refuses its instantiate message.
    pub fn new(length: u64, durations: &[u64]) -> Result<Self> {
        Self::build(GaugesSuite::builder(), length, durations, REWARDS.to_vec())
    }

    /// [`Harness::new`] with the reward assets of [`HOOKABLE`] as well.
    ///
    /// # Errors
    /// When the contract refuses its instantiate message.
    pub fn hookable(length: u64, durations: &[u64]) -> Result<Self> {
        let rewards = [&REWARDS[..], &HOOKABLE].concat();
        Self::build(GaugesSuite::builder(), length, durations, rewards)
    }

    /// [`Harness::new`] with a suite that records its steps as a scenario file of that name.
    ///
    /// # Errors
    /// When the contract refuses its instantiate message.
    pub fn recorded(name: &str, length: u64, durations: &[u64]) -> Result<Self> {
        let builder = GaugesSuite::builder().recording(name);
        Self::build(builder, length, durations, REWARDS.to_vec())
    }

    fn build(
        builder: GaugesBuilder,
        length: u64,
        durations: &[u64],
        rewards: Vec<&'static str>,
    ) -> Result<Self> {
        let assets: Vec<Value> = rewards.iter().map(|denom| native(denom)).collect();
        let mut builder = builder
            .with("epoch_length", json!(length))
            .with("durations", json!(durations))
            .with("reward_assets", json!(assets))
            .with("treasury", json!(format!("@{TREASURY}")))
            .with("force_unlockers", json!([format!("@{GUARD}")]));
        for denom in &rewards {
            for account in [MAKER, STRANGER] {
                builder = builder.balance(account, PLENTY, denom);
            }
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
        Ok(Harness {
            ledger: GaugeLedger::new(schedule, durations)?,
            suite,
            rewards,
            durations: durations.to_vec(),
            locks: 0,
            gauges: 0,
            uncertain: BTreeSet::new(),
        })
    }

    /// How many locks were made, with the parts that were split off. Their ids count from 1.
    pub fn locks(&self) -> u64 {
        self.locks
    }

    /// How many gauges were made. Their ids count from 1.
    pub fn gauges(&self) -> u64 {
        self.gauges
    }

    /// The reward assets.
    pub fn rewards(&self) -> &[&'static str] {
        &self.rewards
    }

    /// What the stranger has added to gauges of a reward asset, in base units.
    pub fn added_by_stranger(&self, denom: &str) -> u128 {
        PLENTY - self.suite.balance(STRANGER, denom)
    }

    /// Durations of pools, in seconds.
    pub fn durations(&self) -> &[u64] {
        &self.durations
    }

    /// The time of the chain, in seconds.
    pub fn now(&self) -> u64 {
        self.suite.chain.block().time.seconds()
    }

    /// The treasury's balance of a reward asset, in base units.
    pub fn treasury_has(&self, denom: &str) -> u128 {
        self.suite.balance(TREASURY, denom)
    }

    /// Whether the ledger knows to the base unit what an account, or the treasury, was paid of a
    /// reward asset. It does as long as each payment of all that was due left room for only one
    /// whole amount.
    pub fn is_certain(&self, account: &str, denom: &str) -> bool {
        let mut uncertain = self.uncertain.iter();
        !uncertain.any(|(other, of)| other == account && *of == denom)
    }

    /// Applies an operation to the contract and to the ledger. False when there was nothing to do,
    /// or both refused it.
    ///
    /// # Errors
    /// When only one of the two refuses it, or they disagree about a payment.
    pub fn apply(&mut self, operation: &Operation) -> Result<bool> {
        self.apply_to_ledger(GaugeOperation::Wait)?;
        match operation {
            Operation::Wait(seconds) => {
                self.suite.pass(*seconds);
                Ok(true)
            }
            Operation::WaitForEnd(offset) => {
                self.wait_for_end(*offset);
                Ok(true)
            }
            Operation::Lock {
                owner,
                asset,
                amount,
                duration,
            } => self.new_lock(*owner, *asset, *amount, *duration),
            Operation::AddToLock { lock, amount } => self.add_to_lock(*lock, *amount),
            Operation::BeginUnlock { lock, part } => self.exit(*lock, *part, false),
            Operation::Force { lock, part } => self.exit(*lock, *part, true),
            Operation::CancelUnlock(lock) => self.cancel_unlock(*lock),
            Operation::Extend { lock, duration } => self.extend(*lock, *duration),
            Operation::Refresh(lock) => self.refresh(*lock),
            Operation::SetReceiver { lock, receiver } => self.set_receiver(*lock, *receiver),
            Operation::Withdraw(lock) => self.withdraw(*lock),
            Operation::Claim(lock) => self.claim(*lock),
            Operation::AddDuration(duration) => self.add_duration(*duration),
            Operation::CreateGauge {
                asset,
                duration,
                start,
                epochs,
                closable,
                coins,
            } => self.create_gauge(&GaugeToMake {
                locked: *asset,
                duration: *duration,
                start: *start,
                epochs: *epochs,
                closable: *closable,
                coins,
            }),
            Operation::AddToGauge {
                gauge,
                stranger,
                coins,
            } => self.add_to_gauge(*gauge, *stranger, coins),
            Operation::EndGauge { gauge, evict } => self.end_gauge(*gauge, *evict),
            Operation::Settle(limit) => {
                let msg = json!({"settle": {"limit": limit}});
                self.suite.execute("anyone", msg)?;
                Ok(true)
            }
            Operation::Tick => {
                self.suite.sudo(json!({"clock_end_block": {}}))?;
                Ok(true)
            }
            Operation::PayTreasury => self.pay_treasury(),
            Operation::ClaimAll(account) => self.claim_all(*account),
            Operation::Block { account, refused } => self.block(*account, *refused),
        }
    }

    fn block(&mut self, account: usize, refused: bool) -> Result<bool> {
        let named = account % (ACCOUNTS.len() + 2);
        let others = [TREASURY, MAKER];
        let name = ACCOUNTS.iter().chain(&others).nth(named);
        let account = self.suite.account(name.unwrap_or(&MAKER));
        if refused {
            self.suite.chain.block_transfers_to(&account)?;
        } else {
            self.suite.chain.allow_transfers_to(&account);
        }
        Ok(true)
    }

    fn wait_for_end(&mut self, offset: i64) {
        let schedule = self.ledger.schedule();
        let end = schedule.boundary(schedule.epoch(self.now()));
        let then = end.saturating_add_signed(offset.into());
        let seconds = then.saturating_sub(self.now().into());
        self.suite.pass(u64::try_from(seconds).unwrap_or_default());
    }

    fn apply_to_ledger(&mut self, operation: GaugeOperation) -> Result<()> {
        let at = At {
            time: self.now(),
            operation,
        };
        Ok(self.ledger.apply(&at)?)
    }

    /// Applies to the ledger what the contract did, and says whether it did it. What the contract
    /// refused the ledger has to refuse as well, unless the reason is one of [`OWN_RULES`].
    fn follow(
        &mut self,
        sent: Result<AppResponse, Error>,
        operation: GaugeOperation,
    ) -> Result<bool> {
        let error = match sent {
            Ok(_) => {
                self.apply_to_ledger(operation)?;
                return Ok(true);
            }
            Err(error) => error.to_string(),
        };
        if OWN_RULES.iter().any(|rule| error.contains(rule)) {
            return Ok(false);
        }
        match self.apply_to_ledger(operation) {
            Ok(()) => bail!("the ledger accepts what the contract refuses: {error}"),
            Err(_) => Ok(false),
        }
    }

    /// Sends a message. When its error says to settle first, settles and sends it again.
    fn send(&mut self, sender: &str, msg: Value, funds: Vec<Coin>) -> Result<AppResponse> {
        match self.suite.execute_with(sender, msg.clone(), funds.clone()) {
            Err(error) if error.to_string().contains("settle first") => {
                self.settle_all()?;
                self.suite.execute_with(sender, msg, funds)
            }
            other => other,
        }
    }

    /// Settles all pools, also those without gauges, which a `settle` without an asset leaves out.
    ///
    /// # Errors
    /// When the contract refuses.
    pub fn settle_all(&mut self) -> Result<()> {
        self.suite.settle();
        for denom in LOCKED {
            let msg = json!({"settle": {"lock_asset": native(denom), "limit": 100}});
            // It is an error as long as there was no lock of the asset and no gauge for it.
            while let Ok(response) = self.suite.execute("anyone", msg.clone()) {
                let data = response.data.unwrap_or_default();
                if data.as_slice() == br#"{"done":true}"# {
                    break;
                }
            }
        }
        Ok(())
    }
}
