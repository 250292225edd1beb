//! The pool's ledger as its queries show it.

use anyhow::{Context as _, Result, bail};
use num_bigint::BigInt;
use num_traits::Zero;
use serde_json::Value;

use crate::events::points_per_coin;

/// Points by class.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PoaClasses {
    /// Earned by operators and not withdrawn.
    pub operators: BigInt,
    /// The remainder of the last division, which joins the next one.
    pub carry: BigInt,
    /// Payouts that were sent and have no reply yet.
    pub in_flight: BigInt,
    /// Payouts that failed and were not paid since.
    pub undelivered: BigInt,
}

impl PoaClasses {
    /// Reads `liabilities` of an answer.
    ///
    /// # Errors
    /// For a class without a field here.
    pub fn read(liabilities: &Value) -> Result<Self> {
        let mut classes = PoaClasses::default();
        for liability in liabilities.as_array().context("no liabilities")? {
            let class = match liability["class"].as_str() {
                Some("operators") => &mut classes.operators,
                Some("carry") => &mut classes.carry,
                Some("in_flight") => &mut classes.in_flight,
                Some("undelivered") => &mut classes.undelivered,
                other => bail!("class {other:?}"),
            };
            *class += liability["points"]
                .as_str()
                .context("no points")?
                .parse::<BigInt>()?;
        }
        Ok(classes)
    }

    /// Adds the points of another page.
    pub fn add(&mut self, other: &PoaClasses) {
        self.operators += &other.operators;
        self.carry += &other.carry;
        self.in_flight += &other.in_flight;
        self.undelivered += &other.undelivered;
    }

    /// Everything that is owed.
    pub fn sum(&self) -> BigInt {
        &self.operators + &self.carry + &self.in_flight + &self.undelivered
    }
}

/// One denom of the answer to `invariants`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoaInvariants {
    /// Base units that the contract has.
    pub balance: BigInt,
    /// Points that it owes.
    pub classes: PoaClasses,
    /// Undistributed points: the balance less what is owed.
    pub difference: BigInt,
}

impl PoaInvariants {
    /// Reads one denom of the answer.
    ///
    /// # Errors
    /// When `difference` is not balance less liabilities, or more is owed than the balance.
    pub fn read(answer: &Value, denom: &str) -> Result<Self> {
        let ledger = answer["denoms"]
            .as_array()
            .context("no denoms")?
            .iter()
            .find(|ledger| ledger["asset"]["native"] == denom)
            .with_context(|| format!("no {denom} in {answer}"))?;
        let number = |key: &str| -> Result<BigInt> {
            Ok(ledger[key].as_str().context("no number")?.parse()?)
        };
        let found = PoaInvariants {
            balance: number("balance")?,
            classes: PoaClasses::read(&ledger["liabilities"])?,
            difference: number("difference")?,
        };
        let difference = &found.balance * points_per_coin() - found.classes.sum();
        if difference != found.difference || difference < BigInt::zero() {
            bail!("balance less liabilities is {difference}: {ledger}");
        }
        Ok(found)
    }
}
