//! A pool with one denom, driven through its accounting; keeps a full copy of the log.

use std::collections::BTreeMap;

use chain_types::address::AddressBytes;
use cosmwasm_std::testing::{MockQuerier, MockStorage, mock_env};
use cosmwasm_std::{Addr, Env, Event, QuerierWrapper, Storage};
use distribution_math::{FeeSplit, Points, Rate};
use fee_pool_core::accounting::Accounting;
use fee_pool_core::books::Books;
use fee_pool_core::context::Context;
use fee_pool_core::delegations::{DelegationKey, Page, delegators_of};
use fee_pool_core::lazy::Lazy;
use fee_pool_core::lazy::log::{self, LoggedChange, PowerChange};
use fee_pool_core::msg::{Params, Source};
use fee_pool_core::state::{CONFIG, Config};
use fee_pool_core::{ContractError, powers, staking};
use pool_kit::ledger::Class;
use pool_kit::staged::Staged;
use pool_kit::{Amounts, DenomId, Denoms};

use crate::numbers::denom;

/// Some contract's address.
const CONTRACT: &str = "juno1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5z5tpwxqergd3c8g7rusqr6tjsm";

/// The validator or delegator of a name.
pub fn address(name: &str) -> AddressBytes {
    let mut bytes = [0; 20];
    bytes[..name.len()].copy_from_slice(name.as_bytes());
    AddressBytes::new(&bytes).unwrap()
}

pub fn key(delegator: &str, validator: &str) -> DelegationKey {
    DelegationKey {
        delegator: address(delegator),
        validator: address(validator),
    }
}

/// A chain with a contract on it, and nothing else.
pub struct Surroundings {
    env: Env,
    querier: MockQuerier,
}

impl Surroundings {
    pub fn new() -> Self {
        let mut env = mock_env();
        env.contract.address = Addr::unchecked(CONTRACT);
        Surroundings {
            env,
            querier: MockQuerier::new(&[]),
        }
    }

    /// Writes the configuration of a pool with these denoms.
    pub fn configure(storage: &mut dyn Storage, denoms: Denoms) {
        let config = Config {
            source: Source::Reporter,
            group: None,
            active: true,
            share_places: 0,
            denoms,
            params: Params::default(),
            validator_form: None,
        };
        CONFIG.save(storage, &config).unwrap();
    }

    /// Does something with open books and closes them.
    pub fn act<A: Accounting, T>(
        &self,
        storage: &mut dyn Storage,
        act: impl FnOnce(&mut Books<A>) -> Result<T, ContractError>,
    ) -> T {
        let ctx = Context::load(storage, QuerierWrapper::new(&self.querier), &self.env).unwrap();
        let mut books = Books::open(&ctx, storage).unwrap();
        let done = act(&mut books).unwrap();
        books.close().unwrap();
        done
    }
}

pub struct TestPool<A: Accounting> {
    pub storage: MockStorage,
    surroundings: Surroundings,
    accounting: std::marker::PhantomData<A>,
}

/// Those with the lazy accounting.
pub type LazyPool = TestPool<Lazy>;

impl<A: Accounting> TestPool<A> {
    pub fn new() -> Self {
        let mut storage = MockStorage::new();
        let denoms = Denoms::new(vec!["uatom".to_string()]).unwrap();
        Surroundings::configure(&mut storage, denoms);
        TestPool {
            storage,
            surroundings: Surroundings::new(),
            accounting: std::marker::PhantomData,
        }
    }

    /// Does something with open books and closes them.
    pub fn act<T>(&mut self, act: impl FnOnce(&mut Books<A>) -> Result<T, ContractError>) -> T {
        self.surroundings.act(&mut self.storage, act)
    }

    /// The same on another storage.
    pub fn act_on<T>(
        &self,
        storage: &mut dyn Storage,
        act: impl FnOnce(&mut Books<A>) -> Result<T, ContractError>,
    ) -> T {
        self.surroundings.act(storage, act)
    }

    /// Looks at something; what is written is dropped afterwards.
    pub fn look<T>(&self, look: impl FnOnce(&mut Books<A>) -> Result<T, ContractError>) -> T {
        let mut staged = Staged::new(&self.storage);
        self.surroundings.act(&mut staged, look)
    }

    pub fn create(&mut self, validator: &str, rate: Rate) {
        self.act(|books| A::create_validator(books, &address(validator), rate));
    }

    pub fn remove(&mut self, validator: &str) {
        self.act(|books| staking::remove_validator(books, &address(validator)));
    }

    pub fn power(&mut self, validator: &str, power: u64) {
        self.act(|books| powers::set(books, &address(validator), power));
    }

    pub fn rate(&mut self, validator: &str, rate: Rate) {
        self.act(|books| A::set_commission_rate(books, &address(validator), rate));
    }

    pub fn units(&mut self, delegator: &str, validator: &str, units: u128) {
        self.act(|books| A::set_delegation(books, key(delegator, validator), units));
    }

    /// Gives away what belongs to the community pool already.
    pub fn settle(&mut self, validator: &str) {
        self.act(|books| A::commission(books, &address(validator)));
    }

    /// Votes of a block, in points.
    pub fn distribute(&mut self, by_power: Points, equally: Points) {
        let split = FeeSplit {
            by_power,
            equally,
            ..FeeSplit::default()
        };
        self.act(|books| A::distribute(books, denom(), &split));
    }

    /// Votes of a block, all of them by power, in base units.
    pub fn receive(&mut self, coins: u128) {
        self.distribute(Points::from_coins(coins), Points::ZERO);
    }

    /// A reward for one validator. Returns whether it was there to take it.
    pub fn reward(&mut self, validator: &str, amount: Points) -> bool {
        let mut rewards = Amounts::default();
        rewards.set(denom(), amount);
        self.act(|books| {
            A::reward_validator(books, &address(validator), &rewards, Event::new("reward"))
        })
    }

    /// Pays a delegation. Returns the points paid.
    pub fn withdraw(&mut self, delegator: &str, validator: &str) -> Points {
        self.act(|books| {
            let paid = A::withdraw_delegation(books, key(delegator, validator), &[denom()])?;
            pay(books, denom(), &paid)
        })
    }

    /// Pays an operator. Returns the points paid.
    pub fn withdraw_commission(&mut self, validator: &str) -> Points {
        self.act(|books| {
            let paid = A::withdraw_commission(books, &address(validator), &[denom()])?;
            pay(books, denom(), &paid)
        })
    }

    pub fn rewards(&self, delegator: &str, validator: &str) -> Points {
        let found = self.look(|books| A::delegation_rewards(books, key(delegator, validator)));
        found.get(denom())
    }

    pub fn commission(&self, validator: &str) -> Points {
        let found = self.look(|books| A::commission(books, &address(validator)));
        found.get(denom())
    }

    /// What is owed to a validator's operator and delegators.
    pub fn outstanding_of(&self, validator: &str) -> Points {
        let found = self.look(|books| A::outstanding_rewards(books, &address(validator)));
        found.get(denom())
    }

    /// What is owed to all operators and delegators, as the ledger has it.
    pub fn outstanding(&self) -> Points {
        self.look(|books| Ok(books.pool.ledger(denom()).class(Class::Outstanding)))
    }

    pub fn community(&self) -> Points {
        self.look(|books| Ok(books.pool.ledger(denom()).class(Class::CommunityPool)))
    }

    pub fn is_closed(&self, delegator: &str, validator: &str) -> bool {
        let all = Page {
            start_after: None,
            limit: usize::MAX,
        };
        let delegators = delegators_of(&self.storage, &address(validator), all).unwrap();
        !delegators.contains(&address(delegator))
    }
}

impl LazyPool {
    /// The whole log, by sequence.
    pub fn log(&self) -> BTreeMap<u64, PowerChange> {
        let entries = log::page(&self.storage, None, usize::MAX).unwrap();
        let entries = entries.into_iter();
        entries
            .map(|LoggedChange { sequence, entry }| (sequence, entry))
            .collect()
    }

    /// The newest entry of the log.
    pub fn last_change(&self) -> PowerChange {
        self.log().into_values().next_back().unwrap()
    }
}

/// Takes coins out of the ledger, as a contract does before it sends them.
pub fn pay<A: Accounting>(
    books: &mut Books<A>,
    denom: DenomId,
    paid: &Amounts,
) -> Result<Points, ContractError> {
    let coins = paid.get(denom);
    books.update_ledger(denom, |ledger| ledger.release(Class::Outstanding, coins))?;
    Ok(coins)
}
