//! What the contracts say now, as expectations of a scenario.

use anyhow::Result;
use serde_json::{Value, json};

use super::CcvHarness;
use super::action::Side;
use super::suite::CONSUMER_ID;

impl CcvHarness {
    /// Keeps balances, units, invariants and audits of both sides as expectations, when steps are
    /// kept.
    ///
    /// # Errors
    /// When a contract does not answer.
    pub fn expect_answers(&mut self) -> Result<()> {
        let denoms: Vec<&str> = self.suite.denoms().collect();
        for denom in denoms {
            for (side, name, denom, text) in self.suite.holders(denom) {
                self.suite.expect_balance(side, name, (&denom, &text));
            }
        }
        for question in [json!({"invariants": {}}), json!({"audit": {"limit": 100}})] {
            for side in [Side::Consumer, Side::Provider] {
                self.expect(side, question.clone())?;
            }
        }
        self.expect(Side::Consumer, json!({"units": {}}))?;
        for question in ["pending_units", "carry"] {
            let msg = json!({question: {"consumer": CONSUMER_ID}});
            self.expect(Side::Provider, msg)?;
        }
        self.expect(Side::Provider, json!({"owed_payments": {}}))
    }

    /// Keeps what the contract of a side answers now.
    fn expect(&mut self, side: Side, msg: Value) -> Result<()> {
        let mut answer = self.suite.ask(side, &msg)?;
        // Another chain words a refusal otherwise.
        let units = answer.get_mut("units").and_then(Value::as_array_mut);
        let units = units.into_iter().flatten();
        for unit in units.filter_map(Value::as_object_mut) {
            unit.remove("last_refusal");
        }
        self.suite.expect(side, msg, answer);
        Ok(())
    }
}
