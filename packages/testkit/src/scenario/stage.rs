//! Plays steps one by one, on chains that are begun for them.

use std::collections::BTreeMap;

use cosmwasm_std::to_json_binary;
use serde_json::Value;

use super::perform_between::perform_between;
use super::resolve::{Names, NewContract, Resolved, coins};
use super::{
    ChainSpec, CodeRegistry, Failure, Place, ScenarioError, Step, StepResult, Transaction,
    Validator, mismatch, time,
};
use crate::chain::{
    self, ChainError, ChainResult, EmbeddedChain, HookMoment, TransferHook, ValidatorTerms,
};
use crate::wire::Wire;

/// The name of the account that calls the hooks of denoms.
const BANK: &str = "bank";

/// How far apart the numbers of the contracts of two chains begin, so that no two have one address.
const CONTRACTS_OF_A_CHAIN: u64 = 1_000_000;

/// Chains, and what the names of steps on them stand for.
///
/// An [`Executor`](super::Executor) plays a file on one. A harness that makes up its steps as it
/// goes plays them on one itself, and can keep them as a file.
pub struct Stage {
    wire: Wire,
    codes: CodeRegistry,
    code_ids: CodeIds,
    names: Names,
}

/// What came of a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Played {
    /// What the chain answered.
    pub result: StepResult,
    /// How it differs from what the step expects.
    pub failure: Option<Failure>,
}

impl Stage {
    /// Begins chains.
    ///
    /// # Errors
    /// When a prefix, a denom or a sum of balances is impossible.
    pub fn new(
        specs: &BTreeMap<String, ChainSpec>,
        codes: &CodeRegistry,
    ) -> Result<Self, ScenarioError> {
        let mut chains = Vec::new();
        let mut names = Names::default();
        for (number, (name, spec)) in (0..).zip(specs) {
            let place = Place::root().key("chains").key(name);
            let chain = begin(number, name, spec).map_err(|message| place.error(message))?;
            names.add_chain(name, chain.addresses().clone());
            chains.push((name, chain));
        }
        Ok(Self {
            wire: Wire::new(chains),
            codes: codes.clone(),
            code_ids: CodeIds::new(),
            names,
        })
    }

    /// The chains, as they are now.
    #[must_use]
    pub fn wire(&self) -> &Wire {
        &self.wire
    }

    /// The chains, to act on beside the steps.
    pub fn wire_mut(&mut self) -> &mut Wire {
        &mut self.wire
    }

    /// Plays a step on a chain, which is empty for a step between chains.
    ///
    /// # Errors
    /// When a name stands for nothing.
    pub fn play(&mut self, chain: &str, step: &Step) -> Result<Played, String> {
        let action = self.names.action(chain, &step.action)?;
        let done = self.perform(chain, action)?;
        let result = done.unwrap_or_else(|error| StepResult::Error {
            error: error.to_string(),
        });
        let failure = self.judge(chain, step, &result)?;
        Ok(Played { result, failure })
    }

    /// Does what a step says; the outer error is about the file, the inner one the chain's.
    fn perform(
        &mut self,
        chain: &str,
        action: Resolved,
    ) -> Result<ChainResult<StepResult>, String> {
        let action = match action {
            Resolved::Between(between) => return Ok(perform_between(&mut self.wire, between)),
            on_one_chain => on_one_chain,
        };
        let mut running = Running {
            chain: self
                .wire
                .chain_mut(chain)
                .map_err(|error| error.to_string())?,
            codes: &self.codes,
            code_ids: self.code_ids.entry(chain.to_owned()).or_default(),
        };
        let name = match &action {
            Resolved::Instantiate(new) => Some(new.name.clone()),
            _ => None,
        };
        let done = running.perform(action);
        if let (Some(name), Ok(StepResult::Transaction(it))) = (name, &done)
            && let Some(address) = &it.address
        {
            self.names
                .add_contract(chain, &name, cosmwasm_std::Addr::unchecked(address));
        }
        Ok(done)
    }

    /// Holds a result against what the step expects, and saves what it saves.
    fn judge(
        &mut self,
        chain: &str,
        step: &Step,
        result: &StepResult,
    ) -> Result<Option<Failure>, String> {
        match (result, &step.error) {
            (StepResult::Error { error }, Some(expected)) if error.contains(expected) => {
                return Ok(None);
            }
            (StepResult::Error { error }, Some(expected)) => {
                let (expected, came) = (expected.clone(), error.clone());
                return Ok(Some(Failure::OtherError { expected, came }));
            }
            (StepResult::Error { error }, None) => {
                return Ok(Some(Failure::Failed {
                    error: error.clone(),
                }));
            }
            (_, Some(expected)) => {
                return Ok(Some(Failure::NotFailed {
                    expected: expected.clone(),
                }));
            }
            (_, None) => {}
        }
        let value = result.value();
        // Before saving: what is expected may be the value that this step replaces.
        let expected = step
            .expect
            .as_ref()
            .map(|it| self.names.value(chain, it))
            .transpose()?;
        let difference = expected.and_then(|expected| mismatch(&expected, &value));
        Ok(self
            .save(step, &value)
            .or(difference.map(Failure::Mismatch)))
    }

    fn save(&mut self, step: &Step, result: &Value) -> Option<Failure> {
        for (name, pointer) in &step.save {
            let Some(value) = result.pointer(pointer) else {
                let (name, pointer) = (name.clone(), pointer.clone());
                return Some(Failure::NothingToSave { name, pointer });
            };
            self.names.save(name, value.clone());
        }
        None
    }
}

fn begin(number: u64, name: &str, spec: &ChainSpec) -> Result<EmbeddedChain, String> {
    // The form `name-N` is the one that IBC wants of a chain id.
    let mut builder = EmbeddedChain::builder(&spec.prefix)
        .chain_id(format!("{name}-1"))
        .time(spec.time)
        .first_instance(number.saturating_mul(CONTRACTS_OF_A_CHAIN));
    for (account, balance) in &spec.balances {
        builder = builder.balance(account, coins(balance)?);
    }
    if !spec.callbacks {
        builder = builder.without_callbacks();
    }
    builder.build().map_err(|error| error.to_string())
}

/// A chain of the scenario and the codes it has stored.
struct Running<'a> {
    chain: &'a mut EmbeddedChain,
    codes: &'a CodeRegistry,
    code_ids: &'a mut BTreeMap<String, u64>,
}

/// The ids of the codes that each chain has stored, by name.
type CodeIds = BTreeMap<String, BTreeMap<String, u64>>;

impl Running<'_> {
    fn perform(&mut self, action: Resolved) -> ChainResult<StepResult> {
        let response = match action {
            Resolved::Instantiate(new) => return self.instantiate(&new),
            Resolved::Execute {
                contract,
                sender,
                msg,
                funds,
            } => self.chain.execute(&sender, &contract, &msg, &funds)?,
            Resolved::Sudo { contract, msg } => self.chain.sudo(&contract, &msg)?,
            Resolved::Migrate {
                contract,
                code,
                sender,
                msg,
            } => {
                let code_id = self.code_id(&code)?;
                self.chain.migrate(&sender, &contract, code_id, &msg)?
            }
            Resolved::Send { from, to, amount } => self.chain.send(&from, &to, &amount)?,
            Resolved::Query { contract, msg } => {
                return Ok(StepResult::Answer {
                    answer: self.chain.query(&contract, &msg)?,
                });
            }
            Resolved::Balance { of, denom } => {
                let amount = self.chain.balance(&of, &denom)?.to_string();
                return Ok(StepResult::Amount { amount });
            }
            Resolved::Advance(it) => {
                let block = self.chain.advance(it.blocks, it.seconds)?;
                let (height, time) = (block.height, time::shown(block.time));
                return Ok(StepResult::Block { height, time });
            }
            Resolved::Validator { operator, says } => {
                self.validator(&operator, &says)?;
                return Ok(StepResult::Done {});
            }
            Resolved::Delegation {
                delegator,
                operator,
                tokens,
            } => {
                self.chain.set_delegation(&delegator, &operator, tokens)?;
                return Ok(StepResult::Done {});
            }
            Resolved::BlockAccount { account, blocked } => {
                if blocked {
                    self.chain.block_transfers_to(&account)?;
                } else {
                    self.chain.allow_transfers_to(&account);
                }
                return Ok(StepResult::Done {});
            }
            Resolved::HookDenom {
                denom,
                contract,
                msg,
            } => {
                let hook = TransferHook {
                    moment: HookMoment::BeforeDebit,
                    contract,
                    sender: self.chain.account(BANK),
                    msg: to_json_binary(&msg)?,
                    max_depth: 1,
                };
                self.chain.set_transfer_hook(&denom, &hook)?;
                return Ok(StepResult::Done {});
            }
            Resolved::Between(_) => return Err(ChainError::new("this happens between chains")),
        };
        Ok(StepResult::Transaction(response.into()))
    }

    fn instantiate(&mut self, new: &NewContract) -> ChainResult<StepResult> {
        let code_id = self.code_id(&new.code)?;
        let contract = chain::NewContract {
            code_id,
            sender: &new.sender,
            label: &new.name,
            admin: new.admin.as_ref(),
            funds: &new.funds,
        };
        let made = self.chain.instantiate(contract, &new.msg)?;
        let address = Some(made.address.into_string());
        Ok(StepResult::Transaction(Transaction {
            address,
            ..made.response.into()
        }))
    }

    /// The id of a code on this chain, which stores it now if it has not.
    fn code_id(&mut self, code: &str) -> ChainResult<u64> {
        if let Some(id) = self.code_ids.get(code) {
            return Ok(*id);
        }
        let made = self.codes.make(code);
        let made = made.ok_or_else(|| ChainError::new(format!("there is no code {code:?}")))?;
        let id = self.chain.store_code(made);
        self.code_ids.insert(code.to_owned(), id);
        Ok(id)
    }

    fn validator(&mut self, operator: &str, says: &Validator) -> ChainResult<()> {
        if !says.exists {
            return self.chain.remove_validator(operator);
        }
        let before = self.chain.validator(operator)?.unwrap_or_default();
        let terms = ValidatorTerms {
            commission: says.commission.unwrap_or(before.commission),
            max_commission: says.max_commission.unwrap_or(before.max_commission),
            max_change_rate: says.max_change_rate.unwrap_or(before.max_change_rate),
        };
        self.chain.set_validator(operator, &terms)
    }
}
