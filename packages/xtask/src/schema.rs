//! `cargo schema`: the JSON schemas of the contracts, each in a folder of its own, as
//! `@cosmwasm/ts-codegen` wants them: `schema/<contract>/<contract>.json`.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args as ClapArgs;
use cosmwasm_schema::Api;

use crate::process::repository;

/// Arguments of `cargo schema`.
#[derive(ClapArgs)]
pub struct Args {}

/// The schema of one contract.
struct Schema {
    contract: String,
    json: String,
}

impl Schema {
    fn path(&self) -> PathBuf {
        repository().join(self.name())
    }

    /// The path in the repository.
    fn name(&self) -> String {
        format!("schema/{0}/{0}.json", self.contract)
    }
}

/// The schemas of all contracts, as the code has them now.
#[allow(
    clippy::unwrap_used,
    reason = "inside the macro, on literals of the type"
)]
fn schemas() -> Result<Vec<Schema>> {
    // Both fee pools have the same messages.
    let fee_pool = || {
        cosmwasm_schema::generate_api! {
            name: "fee-pool",
            version: "0.1.0",
            instantiate: fee_pool_core::msg::InstantiateMsg,
            execute: fee_pool_core::msg::ExecuteMsg,
            query: fee_pool_core::msg::QueryMsg,
            migrate: fee_pool_core::msg::MigrateMsg,
            sudo: fee_pool_core::msg::SudoMsg,
        }
    };
    let lazy_fee_pool = Api {
        contract_name: "lazy-fee-pool".to_owned(),
        ..fee_pool()
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
        sudo: reward_gauges::msg::SudoMsg,
    };
    let holding_pools = cosmwasm_schema::generate_api! {
        name: "holding-pools",
        version: "0.1.0",
        instantiate: holding_pools::msg::InstantiateMsg,
        execute: holding_pools::msg::ExecuteMsg,
        query: holding_pools::query_msg::QueryMsg,
        migrate: holding_pools::msg::MigrateMsg,
        sudo: holding_pools::msg::SudoMsg,
    };
    let ccv_provider = cosmwasm_schema::generate_api! {
        name: "ccv-provider",
        version: "0.1.0",
        instantiate: ccv_provider::msg::InstantiateMsg,
        execute: ccv_provider::msg::ExecuteMsg,
        query: ccv_provider::msg::QueryMsg,
        migrate: ccv_provider::msg::MigrateMsg,
    };
    let contracts = [
        fee_pool(),
        lazy_fee_pool,
        poa_fee_pool,
        reward_gauges,
        holding_pools,
        ccv_provider,
    ];
    contracts
        .into_iter()
        .map(|api| {
            Ok(Schema {
                contract: api.contract_name.clone(),
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
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        }
        fs::write(&path, &schema.json).with_context(|| path.display().to_string())?;
        println!("{}", schema.name());
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::env;
    use std::io::Write as _;
    use std::path::Path;
    use std::process::{Child, Command, Stdio};

    use serde_json::{Value, json};
    use testkit::codes::codes;
    use testkit::scenario::{parse, run};

    use super::*;
    use crate::npm::{INSTALL_NODE, Program};
    use crate::process::output;

    #[test]
    fn the_committed_schemas_are_those_of_the_code() {
        for schema in schemas().unwrap() {
            let committed = fs::read_to_string(schema.path()).unwrap_or_default();
            assert!(
                committed == schema.json,
                "{} is stale: run `cargo schema` and commit the result",
                schema.name()
            );
        }
    }

    fn names_in(folder: &str) -> BTreeSet<String> {
        fs::read_dir(repository().join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn every_contract_has_a_folder_with_its_schema_alone() {
        // ts-codegen takes the only file of a folder, and fails where there are more.
        let contracts = names_in("contracts");
        assert_eq!(names_in("schema"), contracts);
        for contract in &contracts {
            let files = names_in(&format!("schema/{contract}"));
            assert_eq!(files, BTreeSet::from([format!("{contract}.json")]));
        }
        let with_schema = schemas().unwrap().into_iter().map(|it| it.contract);
        assert_eq!(with_schema.collect::<BTreeSet<_>>(), contracts);
    }

    /// The names of a contract's messages of a kind, by its schema.
    fn messages(schema: &Schema, kind: &str) -> BTreeSet<String> {
        let schema: Value = serde_json::from_str(&schema.json).unwrap();
        let variants = schema[kind]["oneOf"].as_array();
        let variants = variants.into_iter().flatten();
        variants
            .flat_map(|it| it["properties"].as_object().unwrap().keys().cloned())
            .collect()
    }

    #[test]
    fn messages_and_queries_share_a_name_only_where_the_readme_says() {
        // The client of such a contract needs an option of ts-codegen.
        let shared = schemas().unwrap().into_iter().flat_map(|schema| {
            let (execute, query) = (messages(&schema, "execute"), messages(&schema, "query"));
            let shared: Vec<_> = execute.intersection(&query).cloned().collect();
            shared
                .into_iter()
                .map(move |name| (schema.contract.clone(), name))
        });
        let readme = fs::read_to_string(repository().join("README.md")).unwrap();
        let section = readme.split("### A client in TypeScript").nth(1).unwrap();
        let section = section.split("## Build").next().unwrap();
        let said: BTreeSet<&str> = section.split('`').skip(1).step_by(2).collect();
        let shared: Vec<_> = shared.collect();
        assert_eq!(shared.len(), 2, "{shared:?}");
        for (contract, name) in &shared {
            assert!(
                said.contains(contract.as_str()) && said.contains(name.as_str()),
                "{contract}: {name}"
            );
        }
    }

    /// How a contract is made and each of its sudo messages.
    fn sudo_messages(contract: &str) -> (Value, Vec<Value>) {
        match contract {
            "reward-gauges" => (
                json!({"epoch_length": 86_400, "durations": [86_400], "reward_assets": [], "gauge_creators": ["@owner"]}),
                vec![json!({"clock_end_block": {}})],
            ),
            "fee-pool" | "lazy-fee-pool" => (
                json!({"active": true, "reward_denoms": []}),
                vec![
                    json!({"staking_event": {"power_changed": {"validator": "@@v1", "power": "1"}}}),
                    json!({"powers_changed": {"changes": [{"validator": "@@v2", "power": "1"}]}}),
                    json!({"begin_block": {"proposer": "@@v1", "last_commit": {"signed_power": "1"}}}),
                    json!({"clock_end_block": {}}),
                ],
            ),
            "holding-pools" => (
                json!({"reward_denoms": ["uatom"], "provider": {
                    "connection_id": "connection-0", "port_id": "wasm.cosmos1provider",
                    "transfer_channel": "channel-0", "receiver": "@provider", "prefix": "cosmos",
                }}),
                vec![
                    json!({"powers_changed": {"changes": [{"validator": "@@v1", "power": "1"}]}}),
                    json!({"begin_block": {"proposer": "@@v1", "last_commit": {"signed_power": "1"}}}),
                    json!({"clock_end_block": {}}),
                ],
            ),
            _ => (json!(null), vec![]),
        }
    }

    #[test]
    fn contracts_understand_every_sudo_message_of_their_schemas() {
        for schema in schemas().unwrap() {
            let (msg, sudo) = sudo_messages(&schema.contract);
            let names = sudo.iter().flat_map(|it| it.as_object().unwrap().keys());
            let names: BTreeSet<String> = names.cloned().collect();
            assert_eq!(names, messages(&schema, "sudo"), "{}", schema.contract);
            if sudo.is_empty() {
                continue;
            }
            let mut steps = vec![json!({"instantiate": {
                "name": "it", "code": schema.contract, "sender": "owner", "msg": msg,
            }})];
            steps.extend(
                sudo.iter()
                    .map(|msg| json!({"sudo": {"contract": "it", "msg": msg}})),
            );
            let file =
                json!({"name": "sudo", "chains": {"hub": {"prefix": "cosmos"}}, "steps": steps});
            let report = run(&parse(&file.to_string()).unwrap(), &codes()).unwrap();
            assert!(
                report.passed(),
                "{:?}",
                report.failures().collect::<Vec<_>>()
            );
            for outcome in report.outcomes {
                let result = outcome.result.value().to_string();
                assert!(!result.contains("hook_ignored"), "{result}");
            }
        }
    }

    const TS_CODEGEN: Program = Program {
        folder: "ts-codegen",
        name: "cosmwasm-ts-codegen",
    };

    #[test]
    fn the_readme_names_the_pinned_ts_codegen() {
        let package = &TS_CODEGEN.lock()["packages"]["node_modules/@cosmwasm/ts-codegen"];
        let version = package["version"].as_str().unwrap();
        let readme = fs::read_to_string(repository().join("README.md")).unwrap();
        assert!(readme.contains(&format!("@cosmwasm/ts-codegen@{version} ")));
    }

    /// Where ts-codegen is, or why this machine has none. An unattended run that quietly checked less
    /// would look like one that checked all, so it must be there where npm is and CI is set.
    fn ts_codegen() -> Result<PathBuf> {
        output(Command::new("npm").arg("--version"), INSTALL_NODE)?;
        let program = TS_CODEGEN.install();
        assert!(
            program.is_ok() || env::var_os("CI").is_none(),
            "{program:?}"
        );
        program
    }

    /// Starts ts-codegen on a contract's folder as it is.
    fn generate(program: &Path, contract: &str, out: &Path) -> Child {
        Command::new(program)
            .args([
                "generate",
                "--plugin",
                "client",
                "--no-bundle",
                "--name",
                contract,
            ])
            .arg("--schema")
            .arg(repository().join("schema").join(contract))
            .arg("--out")
            .arg(out)
            // It asks for what it misses.
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// `begin_block` as `beginBlock`.
    fn camel(name: &str) -> String {
        let mut words = name.split('_');
        let first = words.next().unwrap_or_default().to_owned();
        words.fold(first, |text, word| {
            let (initial, rest) = word.split_at(1);
            text + &initial.to_uppercase() + rest
        })
    }

    #[test]
    fn ts_codegen_makes_a_client_of_each_contract() {
        let program = match ts_codegen() {
            Ok(program) => program,
            Err(missing) => {
                let line = format!("left out: clients by ts-codegen ({missing:#})\n");
                // Not by a macro, whose text the harness keeps when a test passes.
                std::io::stderr().write_all(line.as_bytes()).unwrap();
                return;
            }
        };
        let out = env::temp_dir().join(format!("clients-{}", std::process::id()));
        let schemas = schemas().unwrap();
        let running: Vec<Child> = schemas
            .iter()
            .map(|it| generate(&program, &it.contract, &out.join(&it.contract)))
            .collect();
        for (schema, mut child) in schemas.iter().zip(running) {
            let contract = &schema.contract;
            assert!(child.wait().unwrap().success(), "{contract}");
            let class = camel(&format!("_{}", contract.replace('-', "_")));
            let file = out.join(contract).join(format!("{class}.client.ts"));
            let client = fs::read_to_string(&file).unwrap();
            assert!(
                client.contains(&format!("export class {class}Client ")),
                "{class}"
            );
            let (execute, query) = (messages(schema, "execute"), messages(schema, "query"));
            assert!(!execute.is_empty() && !query.is_empty());
            for name in execute.union(&query) {
                // A name that is a word of the language, as `import` is, gets a `_`.
                let method = format!("{} = async (", camel(name));
                let has = [format!("  {method}"), format!("  _{method}")];
                assert!(
                    has.iter().any(|it| client.contains(it)),
                    "{class} has no {method}"
                );
            }
        }
        fs::remove_dir_all(&out).unwrap();
    }
}
