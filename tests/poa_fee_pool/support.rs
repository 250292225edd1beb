//! Builders, messages and queries that several test files use.

use serde_json::{Value, json};
use testkit::poa_pool::{PoaBuilder, PoaSuite};

/// A denom whose transfers may call a contract.
pub const GOLD: &str = "factory/maker/gold";

/// A pool with these validators.
#[track_caller]
pub fn pool(powers: &[(&str, u64)]) -> PoaSuite {
    PoaSuite::builder().validators(powers).build().unwrap()
}

/// A pool that receives `uatom`, `ubtc` and [`GOLD`]; the account `fees` has 10^30 of each.
pub fn three_denoms() -> PoaBuilder {
    PoaSuite::builder()
        .with("denoms", json!([GOLD, "uatom", "ubtc"]))
        .balance("fees", 10u128.pow(30), "ubtc")
        .balance("fees", 10u128.pow(30), GOLD)
}

/// What each of these operators could withdraw of `uatom`.
#[track_caller]
pub fn withdrawable(suite: &PoaSuite, operators: &[&str]) -> Vec<String> {
    operators
        .iter()
        .map(|operator| suite.withdrawable(operator).unwrap())
        .collect()
}

/// The answer to `checkpoint`.
#[track_caller]
pub fn checkpoint(suite: &PoaSuite) -> Value {
    suite.query(json!({"checkpoint": {}})).unwrap()
}

/// A message that sets powers.
pub fn powers(powers: &[(&str, &str)]) -> Value {
    let validators: Vec<Value> = powers
        .iter()
        .map(|(name, power)| json!({"operator": format!("@{name}"), "power": power}))
        .collect();
    json!({"update_validators": {"validators": validators}})
}

/// A message that names a new operator.
pub fn hand_over(operator: &str, new_operator: &str) -> Value {
    let (operator, new_operator) = (format!("@{operator}"), format!("@{new_operator}"));
    json!({"update_operator": {"operator": operator, "new_operator": new_operator}})
}
