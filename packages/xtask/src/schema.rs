//! `cargo schema`: the JSON schemas of the contracts, one file per contract in `schema/`.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args as ClapArgs;

use crate::process::repository;

/// Arguments of `cargo schema`.
#[derive(ClapArgs)]
pub struct Args {}

/// The schema of one contract.
struct Schema {
    contract: &'static str,
    json: String,
}

impl Schema {
    fn path(&self) -> PathBuf {
        repository()
            .join("schema")
            .join(format!("{}.json", self.contract))
    }
}

/// The schemas of all contracts, as the code has them now.
#[allow(
    clippy::unwrap_used,
    reason = "inside the macro, on literals of the type"
)]
fn schemas() -> Result<Vec<Schema>> {
    let fee_pool = cosmwasm_schema::generate_api! {
        name: "fee-pool",
        version: "0.1.0",
        instantiate: fee_pool_core::msg::InstantiateMsg,
        execute: fee_pool_core::msg::ExecuteMsg,
        query: fee_pool_core::msg::QueryMsg,
        migrate: fee_pool_core::msg::MigrateMsg,
    };
    let lazy_fee_pool = cosmwasm_schema::generate_api! {
        name: "lazy-fee-pool",
        version: "0.1.0",
        instantiate: fee_pool_core::msg::InstantiateMsg,
        execute: fee_pool_core::msg::ExecuteMsg,
        query: fee_pool_core::msg::QueryMsg,
        migrate: fee_pool_core::msg::MigrateMsg,
    };
    let poa_fee_pool = cosmwasm_schema::generate_api! {
        name: "poa-fee-pool",
        version: "0.1.0",
        instantiate: poa_fee_pool::msg::InstantiateMsg,
        execute: poa_fee_pool::msg::ExecuteMsg,
        query: poa_fee_pool::msg::QueryMsg,
        migrate: poa_fee_pool::msg::MigrateMsg,
    };
    let reward_gauges = cosmwasm_schema::generate_api! {
        name: "reward-gauges",
        version: "0.1.0",
        instantiate: reward_gauges::msg::InstantiateMsg,
        execute: reward_gauges::msg::ExecuteMsg,
        query: reward_gauges::msg::QueryMsg,
        migrate: reward_gauges::msg::MigrateMsg,
    };
    [
        ("fee-pool", fee_pool),
        ("lazy-fee-pool", lazy_fee_pool),
        ("poa-fee-pool", poa_fee_pool),
        ("reward-gauges", reward_gauges),
    ]
    .into_iter()
    .map(|(contract, api)| {
        Ok(Schema {
            contract,
            json: api.render().to_string()? + "\n",
        })
    })
    .collect()
}

/// Writes all schemas.
///
/// # Errors
/// When a file cannot be written.
pub fn main(_: &Args) -> Result<ExitCode> {
    for schema in schemas()? {
        let path = schema.path();
        fs::write(&path, &schema.json).with_context(|| path.display().to_string())?;
        println!("schema/{}.json", schema.contract);
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_schemas_are_those_of_the_code() {
        for schema in schemas().unwrap() {
            let committed = fs::read_to_string(schema.path()).unwrap_or_default();
            assert!(
                committed == schema.json,
                "schema/{}.json is stale: run `cargo schema` and commit the result",
                schema.contract
            );
        }
    }

    #[test]
    fn every_contract_has_a_schema() {
        let with_schema: Vec<&str> = schemas().unwrap().iter().map(|s| s.contract).collect();
        for entry in fs::read_dir(repository().join("contracts")).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(
                with_schema.contains(&name.as_str()),
                "contracts/{name} has no schema"
            );
        }
    }
}
