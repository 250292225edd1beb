//! A chain with one PoA fee pool.

use std::ops::{Deref, DerefMut};

use anyhow::{Context as _, Result};
use cosmwasm_std::Coin;
use cw_multi_test::AppResponse;
use serde_json::{Value, json};

use super::{NamedPower, PoaClasses, PoaEventLedger, PoaInvariants};
use crate::suite::{Suite, SuiteBuilder};

/// Name of the pool's code.
const CODE: &str = "poa-fee-pool";
/// Name of the pool as an account.
const POOL: &str = "pool";
/// Name of who administers the pool.
const ADMIN: &str = "owner";

/// Collects how a pool begins.
pub struct PoaBuilder(SuiteBuilder);

impl PoaBuilder {
    /// Gives an account coins.
    #[must_use]
    pub fn balance(self, name: &str, amount: u128, denom: &str) -> Self {
        PoaBuilder(self.0.balance(name, amount, denom))
    }

    /// Sets a field of the instantiate message.
    #[must_use]
    pub fn with(self, field: &str, value: Value) -> Self {
        PoaBuilder(self.0.with(field, value))
    }

    /// Validators at the start, without metadata.
    #[must_use]
    pub fn validators(self, powers: &[(&str, u64)]) -> Self {
        let validators: Vec<Value> = powers
            .iter()
            .map(
                |(name, power)| json!({"operator": format!("@{name}"), "power": power.to_string()}),
            )
            .collect();
        self.with("validators", json!(validators))
    }

    /// Sends coins along with the instantiate message.
    #[must_use]
    pub fn funds(self, amount: u128, denom: &str) -> Self {
        PoaBuilder(self.0.funds(amount, denom))
    }

    /// Keeps every step, to be written out as a scenario file of that name.
    #[must_use]
    pub fn recording(self, name: &str) -> Self {
        PoaBuilder(self.0.recording(name))
    }

    /// The chain with the pool on it.
    ///
    /// # Errors
    /// When the pool refuses its message.
    pub fn build(self) -> Result<PoaSuite> {
        let suite = self.0.build()?;
        let mut events = PoaEventLedger::default();
        events.take(&suite.contract, &suite.instantiated.events)?;
        Ok(PoaSuite { events, suite })
    }
}

/// A chain with one PoA fee pool. Every transaction of the verbs below feeds the ledger of events.
pub struct PoaSuite {
    /// Claims as the pool's events tell them.
    pub events: PoaEventLedger,
    suite: Suite,
}

impl Deref for PoaSuite {
    type Target = Suite;

    fn deref(&self) -> &Suite {
        &self.suite
    }
}

impl DerefMut for PoaSuite {
    fn deref_mut(&mut self) -> &mut Suite {
        &mut self.suite
    }
}

impl PoaSuite {
    /// A pool that takes `uatom`, administered by `owner`, on a chain whose account `fees` has
    /// plenty.
    pub fn builder() -> PoaBuilder {
        PoaBuilder(SuiteBuilder::new(CODE, POOL, json!({"denoms": ["uatom"]}))).balance(
            "fees",
            10u128.pow(30),
            "uatom",
        )
    }

    /// Sends a message to the pool, with funds.
    ///
    /// # Errors
    /// The pool's, as text.
    #[track_caller]
    pub fn execute_with(
        &mut self,
        sender: &str,
        msg: Value,
        funds: Vec<Coin>,
    ) -> Result<AppResponse> {
        let response = self.suite.execute_with(sender, msg, funds)?;
        self.events
            .take(&self.suite.contract, &response.events)
            .context("the pool's events")?;
        Ok(response)
    }

    /// Sends a message to the pool.
    ///
    /// # Errors
    /// The pool's, as text.
    #[track_caller]
    pub fn execute(&mut self, sender: &str, msg: Value) -> Result<AppResponse> {
        self.execute_with(sender, msg, vec![])
    }

    /// Lets fees come in by a plain transfer of `uatom`.
    ///
    /// # Errors
    /// The bank's.
    #[track_caller]
    pub fn fees(&mut self, amount: u128) -> Result<()> {
        self.send("fees", POOL, amount, "uatom")
    }

    /// Sets powers, all in one batch.
    ///
    /// # Errors
    /// The pool's, as text.
    #[track_caller]
    pub fn set_powers(&mut self, powers: &[(&str, u64)]) -> Result<AppResponse> {
        let validators: Vec<Value> = powers
            .iter()
            .map(
                |(name, power)| json!({"operator": format!("@{name}"), "power": power.to_string()}),
            )
            .collect();
        self.execute(
            ADMIN,
            json!({"update_validators": {"validators": validators}}),
        )
    }

    /// Makes accounts operators with these powers, as members of the group.
    ///
    /// # Errors
    /// The pool's, as text.
    #[track_caller]
    pub fn add_members(&mut self, powers: &[(&str, u64)]) -> Result<AppResponse> {
        let add: Vec<Value> = powers
            .iter()
            .map(|(name, power)| json!({"addr": format!("@{name}"), "weight": power}))
            .collect();
        self.execute(ADMIN, json!({"update_members": {"remove": [], "add": add}}))
    }

    /// Makes an account a candidate.
    ///
    /// # Errors
    /// The pool's, as text.
    #[track_caller]
    pub fn create_validator(&mut self, name: &str) -> Result<AppResponse> {
        self.execute(
            name,
            json!({"create_validator": {"metadata": {"moniker": name}}}),
        )
    }

    /// Takes a checkpoint.
    ///
    /// # Errors
    /// The pool's, as text.
    #[track_caller]
    pub fn checkpoint(&mut self) -> Result<AppResponse> {
        self.execute("anyone", json!({"checkpoint": {}}))
    }

    /// Withdraws an operator's fees to itself.
    ///
    /// # Errors
    /// The pool's, as text.
    #[track_caller]
    pub fn withdraw(&mut self, operator: &str) -> Result<AppResponse> {
        self.execute(operator, json!({"withdraw_fees": {}}))
    }

    /// What an operator could withdraw of `uatom`, with 18 decimals.
    ///
    /// # Errors
    /// The pool's, as text.
    pub fn withdrawable(&self, operator: &str) -> Result<String> {
        let answer =
            self.query(json!({"withdrawable_fees": {"operator": format!("@{operator}")}}))?;
        Ok(amount_of(&answer["rewards"], "uatom"))
    }

    /// The ledger of a denom.
    ///
    /// # Errors
    /// When it does not add up.
    pub fn invariants(&self, denom: &str) -> Result<PoaInvariants> {
        PoaInvariants::read(&self.query(json!({"invariants": {}}))?, denom)
    }

    /// The sums over all pages of the audit.
    ///
    /// # Errors
    /// The pool's, as text.
    pub fn audit(&self, denom: &str, limit: u32) -> Result<PoaClasses> {
        let mut sums = PoaClasses::default();
        let mut cursor = Value::Null;
        loop {
            let page = self.query(json!({"audit": {"start_after": cursor, "limit": limit}}))?;
            let denoms = page["denoms"].as_array().context("no denoms")?;
            for entry in denoms.iter().filter(|it| it["asset"]["native"] == denom) {
                sums.add(&PoaClasses::read(&entry["liabilities"])?);
            }
            if page["next"].is_null() {
                return Ok(sums);
            }
            cursor = page["next"].clone();
        }
    }

    /// Checks everything that always holds of a denom: the sums of invariants, audit and events are
    /// the same, and the balance covers them.
    ///
    /// # Panics
    /// When they differ.
    #[track_caller]
    pub fn assert_sound(&self, denom: &str) {
        let classes = self.assert_records_sound(denom).classes;
        assert_eq!(self.events.classes(denom), classes, "events and invariants");
    }

    /// [`PoaSuite::assert_sound`] without the events: embedded chains lose those of a call that the
    /// transfer of a message's own funds makes.
    ///
    /// # Panics
    /// When they differ.
    #[track_caller]
    pub fn assert_records_sound(&self, denom: &str) -> PoaInvariants {
        let found = self
            .invariants(denom)
            .unwrap_or_else(|error| panic!("{error:#}"));
        for limit in [1, 7, 100] {
            let audited = self
                .audit(denom, limit)
                .unwrap_or_else(|error| panic!("{error:#}"));
            assert_eq!(audited, found.classes, "audit and invariants");
        }
        found
    }
}

/// Powers as `update_validators` takes them.
pub(super) fn powers_json(powers: &[NamedPower]) -> Value {
    powers
        .iter()
        .map(|it| json!({"operator": format!("@{}", it.operator), "power": it.power.to_string()}))
        .collect()
}

/// The amount of a denom among coins or coins with decimals, `0` without.
pub(super) fn amount_of(coins: &Value, denom: &str) -> String {
    coins
        .as_array()
        .and_then(|coins| coins.iter().find(|coin| coin["denom"] == denom))
        .and_then(|coin| coin["amount"].as_str())
        .unwrap_or("0")
        .to_string()
}
