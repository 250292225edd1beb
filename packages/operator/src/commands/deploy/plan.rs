//! `deploy.toml`: what should be on the chain.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use cosmwasm_std::Coin;
use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

use crate::chain::View;
use crate::contracts::Kind;
use crate::files;
use crate::message::{self, Cron};

/// The longest name: it is the salt of the contract's address.
const NAME_BYTES: usize = 64;

/// What the file says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The folder of the `.wasm` files and of `checksums.txt`; `artifacts` by default.
    #[serde(default = "default_artifacts")]
    pub artifacts: PathBuf,
    /// How governance is asked.
    #[serde(default)]
    pub governance: Governance,
    /// In the order in which they are made.
    pub contracts: Vec<Contract>,
}

/// How governance is asked.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Governance {
    /// What proposals are submitted with; none when it is paid later, by others.
    #[serde(default, deserialize_with = "coins")]
    pub deposit: Vec<Coin>,
    /// The account in whose name proposals act; by default that of the module `gov`.
    authority: Option<String>,
}

/// A contract that should be there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// Its name in the address book, of which its address is made.
    pub name: String,
    /// Which contract of the suite.
    pub kind: Kind,
    /// What explorers show; its name by default.
    label: Option<String>,
    /// Who may migrate it: by default who makes it, empty: nobody.
    admin: Option<String>,
    /// The message that it is made with.
    pub msg: Value,
    /// Coins that it gets then.
    #[serde(default, deserialize_with = "coins")]
    pub funds: Vec<Coin>,
    /// Messages that it gets in the same transaction.
    #[serde(default)]
    pub execute: Vec<Execute>,
    /// Whose staking hooks it gets, in the same transaction.
    pub hooks: Option<Hooks>,
    /// Whether Juno's x/clock calls it.
    #[serde(default)]
    pub clock: bool,
    /// What Neutron's x/cron sends it.
    pub cron: Option<Cron>,
    /// Whether its code is to be pinned, by a proposal.
    #[serde(default)]
    pub pin: bool,
}

/// A message to a contract.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Execute {
    /// The message.
    pub msg: Value,
    /// Coins that are sent along.
    #[serde(default, deserialize_with = "coins")]
    pub funds: Vec<Coin>,
}

/// A chain's staking hooks.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Hooks {
    /// Juno's x/cw-hooks.
    Juno,
    /// Neutron's x/harpoon.
    Neutron,
}

fn default_artifacts() -> PathBuf {
    PathBuf::from("artifacts")
}

fn coins<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Coin>, D::Error> {
    let coins = Vec::<String>::deserialize(deserializer)?
        .iter()
        .map(|coin| {
            coin.parse::<Coin>()
                .map_err(|error| de::Error::custom(format!("`{coin}`: {error}")))
        })
        .collect::<Result<Vec<Coin>, _>>()?;
    Ok(message::in_order(coins))
}

impl Governance {
    /// The account in whose name proposals act.
    ///
    /// # Errors
    /// When none is named, and the chain has no governance.
    pub async fn authority(&self, view: &View) -> Result<String> {
        match &self.authority {
            Some(authority) => Ok(authority.clone()),
            None => view.module_account("gov").await,
        }
    }
}

impl Contract {
    /// What explorers show.
    pub fn label(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.name)
    }

    /// Who may migrate it, as the plan says it.
    pub fn admin(&self) -> &str {
        self.admin.as_deref().unwrap_or("@sender")
    }
}

impl Plan {
    /// Reads the file; paths in it start at its folder.
    ///
    /// # Errors
    /// When it cannot be read, something in it is missing or unknown, or a name is used twice.
    pub fn read(path: &Path) -> Result<Self> {
        let mut plan: Plan = files::read_toml(path)?;
        plan.artifacts = path.parent().unwrap_or(Path::new("")).join(&plan.artifacts);
        plan.check().with_context(|| path.display().to_string())?;
        Ok(plan)
    }

    fn check(&self) -> Result<()> {
        let mut names = BTreeSet::new();
        for contract in &self.contracts {
            let name = &contract.name;
            let letters = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            ensure!(
                !name.is_empty() && name.len() <= NAME_BYTES && name.chars().all(letters),
                "`{name}` is no name: 1 to {NAME_BYTES} letters, digits, `-` and `_` are"
            );
            ensure!(
                name != "sender",
                "`sender` is who deploys: another name is needed"
            );
            ensure!(names.insert(name), "two contracts are called {name}");
        }
        if names.is_empty() {
            bail!("there is no contract in it");
        }
        Ok(())
    }

    /// Makes sure that an account may make all contracts.
    ///
    /// # Errors
    /// When only governance may make one as the plan says.
    pub fn check_ungoverned(&self) -> Result<()> {
        let governed = |contract: &&Contract| {
            contract.cron.is_some() || contract.hooks == Some(Hooks::Neutron)
        };
        match self.contracts.iter().find(governed) {
            Some(contract) => bail!(
                "{}: Neutron's hooks and cron are governance's; use --proposals",
                contract.name
            ),
            None => Ok(()),
        }
    }

    /// The contracts' kinds, each once.
    pub fn kinds(&self) -> BTreeSet<Kind> {
        self.contracts
            .iter()
            .map(|contract| contract.kind)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn read(text: &str) -> Result<Plan> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deploy.toml");
        fs::write(&path, text).unwrap();
        Plan::read(&path)
    }

    const POOL: &str = r#"
        [[contracts]]
        name = "pool"
        kind = "fee-pool"
        funds = ["5b", "7a"]
        msg = { reward_denoms = ["stake"], active = true }
    "#;

    #[test]
    fn what_is_left_out_has_its_default() {
        let plan = read(POOL).unwrap();
        let pool = plan.contracts.first().unwrap();
        assert_eq!(
            (pool.label(), pool.admin(), pool.pin),
            ("pool", "@sender", false)
        );
        assert_eq!(
            pool.msg,
            serde_json::json!({"reward_denoms": ["stake"], "active": true})
        );
        let funds: Vec<String> = pool.funds.iter().map(Coin::to_string).collect();
        assert_eq!(funds, ["7a", "5b"], "in the order of the denoms");
    }

    #[test]
    fn a_name_stands_for_one_contract() {
        let error = format!("{:#}", read(&POOL.repeat(2)).err().unwrap());
        assert!(error.contains("two contracts are called pool"), "{error}");
        let error = format!(
            "{:#}",
            read(&POOL.replace("\"pool\"", "\"sender\"")).err().unwrap()
        );
        assert!(error.contains("another name is needed"), "{error}");
    }

    #[test]
    fn an_unknown_contract_is_named_with_those_that_exist() {
        let error = format!(
            "{:#}",
            read(&POOL.replace("fee-pool", "fee-poll")).err().unwrap()
        );
        assert!(
            error.contains("unknown variant `fee-poll`") && error.contains("`reward-gauges`"),
            "{error}"
        );
    }
}
