//! One of the two chains, with its contracts and the operator beside it.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use serde_json::Value;
use tokio::process::Command;

use super::chain::Chain;
use super::programs::Programs;
use super::services::{Services, command, output};

/// Who signs what the operator sends, each with a configuration of its own: two programs with one account would
/// take each other's sequence numbers.
const CONFIGURATIONS: [(&str, &str); 3] = [
    ("owner", "operator.toml"),
    ("reporter", "reporter.toml"),
    ("crank", "crank.toml"),
];

/// A chain with its contracts.
#[derive(Clone)]
pub struct Side {
    /// The chain.
    pub chain: Chain,
    operator: PathBuf,
    contracts: BTreeMap<String, String>,
}

impl Side {
    /// Writes what the operator needs to speak to a chain, and a file `env` for those who want to.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn new(chain: Chain, programs: &Programs) -> Result<Self> {
        let [_, grpc] = chain.ports()?;
        for (key, file) in CONFIGURATIONS {
            let secret = chain.keys.secret(key).await?;
            fs::write(chain.folder.join(format!("{key}.key")), secret)?;
            let text = format!(
                r#"[chain]
id = "{}"
grpc = "http://127.0.0.1:{grpc}"
prefix = "wasm"
gas_price = "0{}"
[key]
key_file = "{key}.key"
"#,
                chain.id, chain.denom
            );
            fs::write(chain.folder.join(file), text)?;
        }
        let mut env = String::new();
        for program in [&programs.wasmd, &programs.operator] {
            let folder = program.parent().context("a program without folder")?;
            env += &format!("export PATH=\"{}:$PATH\"\n", folder.display());
        }
        for (name, value) in chain.environment()? {
            env += &format!("export {name}=\"{value}\"\n");
        }
        fs::write(chain.folder.join("env"), env)?;
        Ok(Side {
            chain,
            operator: programs.operator.clone(),
            contracts: BTreeMap::new(),
        })
    }

    /// Has the operator deploy what a plan says, in which `names` are filled in.
    ///
    /// # Errors
    /// When the operator fails.
    pub async fn deploy(&mut self, plan: &str, names: &[(&str, &str)]) -> Result<()> {
        fs::write(self.chain.folder.join("deploy.toml"), filled(plan, names))?;
        let printed = self.operate(&["deploy"]).await?;
        let made = printed
            .lines()
            .filter_map(|line| line.split_once(": made as "));
        self.contracts
            .extend(made.map(|(name, address)| (name.to_string(), address.to_string())));
        Ok(())
    }

    /// Runs the operator to its end, and shows and returns what it prints.
    ///
    /// # Errors
    /// When it fails.
    pub async fn operate(&self, arguments: &[&str]) -> Result<String> {
        println!(
            "        {}$ operator {}",
            self.chain.id,
            arguments.join(" ")
        );
        let printed = output(self.operator("operator.toml").args(arguments)).await?;
        for line in printed.lines() {
            println!("        {line}");
        }
        Ok(printed)
    }

    /// Has the operator report to the fee pool, and crank.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start_operators(&self, services: &Services) -> Result<()> {
        for (file, arguments) in [
            ("reporter.toml", ["report", "pool"].as_slice()),
            ("crank.toml", &["crank", "--every", "2"]),
        ] {
            let mut operator = self.operator(file);
            operator.args(arguments);
            let log = format!("{}.log", arguments[0]);
            services.start(operator, &self.chain.folder.join(log))?;
        }
        Ok(())
    }

    /// The address of a contract.
    ///
    /// # Errors
    /// When it is not deployed.
    pub fn contract(&self, name: &str) -> Result<&str> {
        let address = self.contracts.get(name);
        Ok(address.with_context(|| format!("{name} is not deployed on {}", self.chain.id))?)
    }

    /// Sends a message to a contract, with coins of the chain's own denom.
    ///
    /// # Errors
    /// When it fails.
    pub async fn execute(&self, from: &str, contract: &str, msg: Value, coins: u64) -> Result<()> {
        let msg = msg.to_string();
        let coins = (coins > 0).then(|| format!("{coins}{}", self.chain.denom));
        let mut arguments = vec!["wasm", "execute", self.contract(contract)?, &msg];
        if let Some(coins) = &coins {
            arguments.extend(["--amount", coins]);
        }
        self.chain.send(from, &arguments).await
    }

    /// A contract's answer.
    ///
    /// # Errors
    /// When there is none.
    pub async fn ask(&self, contract: &str, query: Value) -> Result<Value> {
        let (contract, query) = (self.contract(contract)?, query.to_string());
        let query = ["wasm", "contract-state", "smart", contract, &query];
        Ok(self.chain.query(&query).await?["data"].take())
    }

    /// Delegates tokens to the validator that a key operates.
    ///
    /// # Errors
    /// When it fails.
    pub async fn delegate(&self, from: &str, validator: &str, tokens: u64) -> Result<()> {
        let validator = self.chain.keys.operator_address(validator).await?;
        let tokens = format!("{tokens}{}", self.chain.denom);
        let delegate = ["staking", "delegate", &validator, &tokens];
        self.chain.send(from, &delegate).await
    }

    fn operator(&self, config: &str) -> Command {
        let mut operator = command(&self.operator);
        operator
            .current_dir(&self.chain.folder)
            .args(["--config", config]);
        operator
    }
}

/// A plan with the names behind `$` filled in.
fn filled(plan: &str, names: &[(&str, &str)]) -> String {
    names.iter().fold(plan.to_string(), |plan, (name, value)| {
        plan.replace(&format!("${name}"), value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_a_plan_are_filled_in() {
        let plan = r#"port_id = "wasm.$ccv", receiver = "$ccv""#;
        let plan = filled(plan, &[("ccv", "wasm1x")]);
        assert_eq!(plan, r#"port_id = "wasm.wasm1x", receiver = "wasm1x""#);
    }
}
