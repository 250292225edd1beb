//! One round: what the newest block changed, and the transactions that tell the pool.

use std::fmt;

use anyhow::{Result, ensure};
use chain_types::staking_event::ChangedPower;
use fee_pool_core::answers::LastBlockResponse;
use fee_pool_core::msg::{ExecuteMsg, QueryMsg, Source};
use serde_json::Value;
use validator_rewards::last_commit::{BeginBlock, LastCommit};

use super::batch::Batch;
use super::memory::{Memory, Touched};
use super::status::Status;
use crate::chain::{self, Block, Event, Sender, Validator, View, Voter};
use crate::message::{self, Message};
use crate::staking::{Pool, Snapshot, differences};

/// Blocks that a pool may be behind, beyond those after which it is reported to.
const LAG: u64 = 20;

/// Who reports.
pub struct Reporter<'a> {
    /// The chain.
    pub view: View,
    /// Sends to it.
    pub sender: Sender<'a>,
    /// The pool's address.
    pub pool: &'a str,
    /// The most messages of a transaction.
    pub messages: usize,
    /// What was seen at the last report.
    pub memory: Memory,
    /// The notes of the last report, which are printed once.
    pub notes: Vec<String>,
}

/// What a round did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing: before its activation a pool takes no blocks.
    Inactive,
    /// Nothing, or but a part: another reporter has reported.
    Outrun,
    /// Reported this height.
    Reported {
        /// The height.
        height: u64,
        /// Messages before `begin_block`.
        changes: usize,
    },
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Inactive => write!(f, "waits until the pool is active"),
            Outcome::Outrun => write!(f, "another reporter was faster"),
            Outcome::Reported { height, changes } => {
                write!(f, "reported {height}, {changes} changes")
            }
        }
    }
}

/// A report.
pub struct Plan {
    /// Its messages; the last is `begin_block`.
    pub messages: Vec<ExecuteMsg>,
    /// What the pool's owner should know.
    notes: Vec<String>,
    validators: Vec<Validator>,
    touched: Touched,
}

impl Reporter<'_> {
    /// Reports the newest block if the pool is so many blocks behind; none when it is not.
    ///
    /// # Errors
    /// When the node does not answer, or something is refused. What was sent before, the pool has.
    pub async fn round(&mut self, behind: u64, status: &Status) -> Result<Option<Outcome>> {
        let height = self.view.height().await?;
        let pool = Pool::open(&self.view.at(height), self.pool).await?;
        let reported = pool.last_block.reported_height;
        status.heights(height, reported);
        let split_at = pool.last_block.height;
        let lag = height.saturating_sub(reported);
        if lag <= behind.saturating_add(LAG) || !pool.config.active {
            status.caught_up();
        }
        // The pool takes one report at each height of the chain, and a node simulates at the newest one.
        if lag < behind || split_at >= height {
            return Ok(None);
        }
        if !pool.config.active {
            return Ok(Some(Outcome::Inactive));
        }
        let plan = self.plan(height, pool).await?;
        for note in plan.notes.iter().filter(|it| !self.notes.contains(it)) {
            eprintln!("{note}");
        }
        self.notes.clone_from(&plan.notes);
        for messages in plan.messages.chunks(self.messages) {
            if !self.send(messages, split_at).await? {
                status.came_second();
                return Ok(Some(Outcome::Outrun));
            }
            status.changed(changes(messages));
        }
        self.memory
            .reported(height, &plan.validators, &plan.touched);
        status.reported(height);
        let changes = changes(&plan.messages);
        Ok(Some(Outcome::Reported { height, changes }))
    }

    /// Sends some messages of a report to a pool whose last block was that at `split_at`, and says whether the
    /// pool took them: another report may have come first.
    async fn send(&self, messages: &[ExecuteMsg], split_at: u64) -> Result<bool> {
        let messages: Result<Vec<_>> = messages.iter().map(|it| self.message(it)).collect();
        let there = async || {
            let query = QueryMsg::LastBlock {};
            let last: LastBlockResponse = self.view.smart(self.pool, &query).await?;
            Ok((last.height > split_at).then_some(()))
        };
        match self.sender.send_unless(&messages?, there).await {
            Ok(chain::Outcome::Sent(sent)) => Ok(!is_second(&sent.events, self.pool)),
            Ok(chain::Outcome::There(())) => Ok(false),
            // One with changes is refused when it comes second.
            Err(error) => match there().await {
                Ok(Some(())) => Ok(false),
                _ => Err(error),
            },
        }
    }

    /// What a report of this height tells the pool, which was opened at this height.
    ///
    /// # Errors
    /// When the node does not answer, or does not have the blocks.
    pub async fn plan(&self, height: u64, mut pool: Pool) -> Result<Plan> {
        ensure!(height > 1, "the first block brings no signatures");
        let voted = height.saturating_sub(1);
        let now = self.view.at(height);
        let validators = now.validators().await?;
        let voters = now.voters(voted).await?;
        let source = pool.config.source;
        let touched = match source {
            // Delegations come with hooks.
            Source::Hooks { .. } => Touched::Of([].into()),
            Source::Reporter => {
                let reported = pool.last_block.reported_height;
                self.memory
                    .touched(&now, reported, height, &validators)
                    .await
            }
        };
        let is_read = |validator: &str| touched.contains(validator);
        let chain = Snapshot::of_some(&now, &validators, &voters, source, is_read).await?;
        pool.read_records(&now, self.pool, is_read).await?;
        let mut batch = Batch::new(differences(&chain, &pool)?, &pool);
        let notes = std::mem::take(&mut batch.notes);
        let signed = signed_power(&voters, &now.block(height).await?)?;
        let block = BeginBlock {
            proposer: proposer(&voters, &validators, &now.block(voted).await?),
            last_commit: LastCommit {
                signed_power: Some(signed.into()),
                ..LastCommit::default()
            },
            height: Some(height),
        };
        let known = chain.validators.iter().next();
        let known = known.map(|(name, validator)| ChangedPower {
            validator: name.clone(),
            power: validator.power.into(),
        });
        Ok(Plan {
            messages: batch.messages(block, known),
            notes,
            validators,
            touched,
        })
    }

    /// A message as people read it.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn show(&self, msg: &ExecuteMsg) -> Result<Value> {
        Ok(self.message(msg)?.shown())
    }

    fn message(&self, msg: &ExecuteMsg) -> Result<Message> {
        let msg = serde_json::to_value(msg)?;
        let account = self.sender.account();
        Ok(message::execute(account, self.pool, &msg, &[]))
    }
}

/// How many of these messages are staking events.
fn changes(messages: &[ExecuteMsg]) -> usize {
    let changes = messages.iter();
    changes
        .filter(|it| matches!(it, ExecuteMsg::StakingEvent(_)))
        .count()
}

/// Whether a pool says in these events that it has split the block already.
fn is_second(events: &[Event], pool: &str) -> bool {
    let mut actions = events.iter().filter_map(|event| event.action_of(pool));
    actions.any(|action| ["already_done", "old_height"].contains(&action))
}

/// The power that signed: signatures come in the order of the voters.
fn signed_power(voters: &[Voter], block: &Block) -> Result<u64> {
    ensure!(
        voters.len() == block.signed.len(),
        "there are {} voters and {} signatures",
        voters.len(),
        block.signed.len()
    );
    let votes = voters.iter().zip(&block.signed);
    let signed = votes.filter(|(_, signed)| **signed);
    // The chain keeps the sum of all powers below 2^63.
    Ok(signed.fold(0, |sum, (voter, _)| sum.saturating_add(voter.power)))
}

/// The operator of a block's proposer; none when it is a validator no more.
fn proposer(voters: &[Voter], validators: &[Validator], block: &Block) -> Option<String> {
    let voter = voters.iter().find(|it| it.address == block.proposer)?;
    let validator = validators.iter().find(|it| it.key == voter.key)?;
    Some(validator.operator.clone())
}

#[cfg(test)]
mod tests {
    use chain_types::staking_event::CommissionTerms;
    use cosmwasm_std::Decimal256;

    use super::*;

    fn voter(number: u8, power: u64) -> Voter {
        Voter {
            key: vec![number],
            address: format!("valcons1{number}"),
            power,
        }
    }

    fn block(signed: &[bool]) -> Block {
        Block {
            proposer: "valcons12".to_string(),
            signed: signed.to_vec(),
            transactions: 0,
        }
    }

    #[test]
    fn the_powers_of_those_who_signed_are_added() {
        let voters = [voter(1, 7), voter(2, 5), voter(3, 3)];
        let signed = signed_power(&voters, &block(&[true, false, true])).unwrap();
        assert_eq!(signed, 10);
        let error = signed_power(&voters, &block(&[true])).unwrap_err();
        assert_eq!(error.to_string(), "there are 3 voters and 1 signatures");
    }

    #[test]
    fn a_proposer_is_named_by_its_operator_while_it_is_a_validator() {
        let zero = Decimal256::zero();
        let validator = |number: u8| Validator {
            operator: format!("valoper1{number}"),
            key: vec![number],
            commission: CommissionTerms {
                rate: zero,
                max_rate: zero,
                max_change_rate: zero,
            },
            shares: "1".to_string(),
        };
        let voters = [voter(1, 7), voter(2, 5)];
        let both = [validator(1), validator(2)];
        let named = proposer(&voters, &both, &block(&[]));
        assert_eq!(named.as_deref(), Some("valoper12"));
        assert_eq!(proposer(&voters, &[validator(1)], &block(&[])), None);
        assert_eq!(proposer(&[voter(1, 7)], &both, &block(&[])), None);
    }

    #[test]
    fn a_report_that_came_second_is_known_by_what_the_pool_says() {
        let event = |contract: &str, action: &str| {
            let attributes = [("_contract_address", contract), ("action", action)];
            Event::new(attributes.map(|(key, value)| (key.to_string(), value.to_string())))
        };
        for action in ["already_done", "old_height"] {
            assert!(is_second(&[event("pool", action)], "pool"));
            assert!(!is_second(&[event("another", action)], "pool"));
        }
        assert!(!is_second(&[event("pool", "begin_block")], "pool"));
        // A block without fees.
        assert!(!is_second(&[], "pool"));
    }

    #[test]
    fn an_outcome_is_a_sentence() {
        let outcome = Outcome::Reported {
            height: 9,
            changes: 2,
        };
        assert_eq!(outcome.to_string(), "reported 9, 2 changes");
    }
}
