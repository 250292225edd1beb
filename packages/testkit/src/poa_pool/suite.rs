//! A chain with one PoA fee pool.

use std::ops::{Deref, DerefMut};

use anyhow::{Context as _, Result};
use cosmwasm_std::Coin;
use cw_multi_test::AppResponse;
use serde_json::{Value, json};

use super::{PoaClasses, PoaEventLedger, PoaInvariants};
use crate::suite::{Suite, SuiteBuilder};

/// Name of the pool's code.
const CODE: &str = "poa-fee-pool";
/// Name of the pool's account.
pub(super) const POOL: &str = "pool";
/// Name of the pool's admin.
pub(super) const ADMIN: &str = "owner";

/// Builds a [`PoaSuite`]: balances and the pool's instantiate message.
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

    /// Validators at the start, without metadata and fees.
    #[must_use]
    pub fn validators(self, powers: &[(&str, u64)]) -> Self {
        self.with("validators", powers_json(powers.iter().copied()))
    }

    /// Sends coins along with the instantiate message.
    #[must_use]
    pub fn funds(self, amount: u128, denom: &str) -> Self {
        PoaBuilder(self.0.funds(amount, denom))
    }

    /// Records every step, to be written as a scenario file of that name.
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
        events.add(&suite.contract, &suite.instantiated.events)?;
        Ok(PoaSuite { events, suite })
    }
}

/// A chain with one PoA fee pool. The events of every message that is sent through it are added to
/// the ledger of events. Errors of the pool come back as text.
pub struct PoaSuite {
    /// Claims by the pool's events.
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
    /// A pool that receives `uatom`, with the admin `owner`, on a chain whose account `fees` has
    /// 10^30 base units of it.
    pub fn builder() -> PoaBuilder {
        PoaBuilder(SuiteBuilder::new(CODE, POOL, json!({"denoms": ["uatom"]}))).balance(
            "fees",
            10u128.pow(30),
            "uatom",
        )
    }

    /// Sends a message to the pool, with funds.
    #[track_caller]
    pub fn execute_with(
        &mut self,
        sender: &str,
        msg: Value,
        funds: Vec<Coin>,
    ) -> Result<AppResponse> {
        let response = self.suite.execute_with(sender, msg, funds)?;
        self.events
            .add(&self.suite.contract, &response.events)
            .context("the pool's events")?;
        Ok(response)
    }

    /// Sends a message to the pool.
    #[track_caller]
    pub fn execute(&mut self, sender: &str, msg: Value) -> Result<AppResponse> {
        self.execute_with(sender, msg, vec![])
    }

    /// Transfers fees in `uatom` to the pool.
    #[track_caller]
    pub fn fees(&mut self, amount: u128) -> Result<()> {
        self.send("fees", POOL, amount, "uatom")
    }

    /// Sets powers, all in one batch.
    #[track_caller]
    pub fn set_powers(&mut self, powers: &[(&str, u64)]) -> Result<AppResponse> {
        let validators = powers_json(powers.iter().copied());
        let update = json!({"update_validators": {"validators": validators}});
        self.execute(ADMIN, update)
    }

    /// Sets powers by the group's message, which makes accounts operators that are none yet.
    #[track_caller]
    pub fn add_members(&mut self, powers: &[(&str, u64)]) -> Result<AppResponse> {
        let add = members_json(powers.iter().copied());
        self.execute(ADMIN, json!({"update_members": {"remove": [], "add": add}}))
    }

    /// Makes an account a candidate.
    #[track_caller]
    pub fn create_validator(&mut self, name: &str) -> Result<AppResponse> {
        self.execute(
            name,
            json!({"create_validator": {"metadata": {"moniker": name}}}),
        )
    }

    /// Hands a validator over: by its operator, which offers it, and the new operator, which accepts.
    #[track_caller]
    pub fn hand_over(&mut self, operator: &str, new_operator: &str) -> Result<AppResponse> {
        self.offer(operator, operator, new_operator)?;
        self.accept(operator, new_operator)
    }

    /// Names a new operator of the validator that `operator` operates or has operated.
    #[track_caller]
    pub fn offer(
        &mut self,
        sender: &str,
        operator: &str,
        new_operator: &str,
    ) -> Result<AppResponse> {
        let (operator, new_operator) = (format!("@{operator}"), format!("@{new_operator}"));
        let update = json!({"operator": operator, "new_operator": new_operator});
        self.execute(sender, json!({"update_operator": update}))
    }

    /// Accepts the validator that `operator` operates or has operated.
    #[track_caller]
    pub fn accept(&mut self, operator: &str, new_operator: &str) -> Result<AppResponse> {
        let id = self.validator(operator)?["id"].clone();
        self.execute(new_operator, json!({"accept_operator": {"id": id}}))
    }

    /// The validator that an account operates or has operated.
    pub fn validator(&self, operator: &str) -> Result<Value> {
        self.query(json!({"validator": {"operator": format!("@{operator}")}}))
    }

    /// Takes a checkpoint, sent by an account without any role.
    #[track_caller]
    pub fn checkpoint(&mut self) -> Result<AppResponse> {
        self.execute("anyone", json!({"checkpoint": {}}))
    }

    /// Withdraws an operator's fees to itself.
    #[track_caller]
    pub fn withdraw(&mut self, operator: &str) -> Result<AppResponse> {
        self.execute(operator, json!({"withdraw_fees": {}}))
    }

    /// What an operator could withdraw of `uatom` now, with 18 decimals.
    pub fn withdrawable(&self, operator: &str) -> Result<String> {
        let answer =
            self.query(json!({"withdrawable_fees": {"operator": format!("@{operator}")}}))?;
        Ok(amount_of(&answer["rewards"], "uatom"))
    }

    /// The answer to `invariants` for a denom.
    ///
    /// # Errors
    /// Those of [`PoaInvariants::read`].
    pub fn invariants(&self, denom: &str) -> Result<PoaInvariants> {
        PoaInvariants::read(&self.query(json!({"invariants": {}}))?, denom)
    }

    /// The sums over all pages of the audit.
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

    /// Asserts what always holds for a denom: invariants, audit and events have the same sums, and
    /// the balance covers them.
    #[track_caller]
    pub fn assert_sound(&self, denom: &str) {
        let classes = self.assert_records_sound(denom).classes;
        assert_eq!(self.events.classes(denom), classes, "events and invariants");
    }

    /// [`PoaSuite::assert_sound`] without the events, for tests in which the transfer of a message's
    /// own funds calls a contract: the embedded chain loses the events of that call.
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

/// Validators with their powers, as in `instantiate` and `update_validators`.
pub(super) fn powers_json<'a>(powers: impl Iterator<Item = (&'a str, u64)>) -> Value {
    powers
        .map(|(name, power)| json!({"operator": format!("@{name}"), "power": power.to_string()}))
        .collect()
}

/// Members with their weights, as in `update_members`.
pub(super) fn members_json<'a>(powers: impl Iterator<Item = (&'a str, u64)>) -> Value {
    powers
        .map(|(name, power)| json!({"addr": format!("@{name}"), "weight": power}))
        .collect()
}

/// The amount of a denom in a list of coins, with or without decimals; `0` when it is not there.
pub(super) fn amount_of(coins: &Value, denom: &str) -> String {
    coins
        .as_array()
        .and_then(|coins| coins.iter().find(|coin| coin["denom"] == denom))
        .and_then(|coin| coin["amount"].as_str())
        .unwrap_or("0")
        .to_string()
}
