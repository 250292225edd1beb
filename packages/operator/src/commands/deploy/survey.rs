//! What of a plan is on the chain already. The chain is asked, not a record of earlier runs: the
//! address of a contract is made of its code, its maker and its name, and so known before it exists.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use cosmrs::AccountId;
use cosmwasm_std::{CanonicalAddr, instantiate2_address};
use serde_json::Value;

use super::plan::{Contract, Plan};
use super::wasm_file::WasmFile;
use crate::book::{Book, Code};
use crate::chain::View;
use crate::contracts::Kind;

/// A plan and what of it is there.
pub struct Survey<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The files of its contracts.
    pub files: &'a BTreeMap<Kind, WasmFile>,
    /// Who makes the contracts.
    pub creator: &'a str,
    /// The codes that are there.
    pub codes: BTreeMap<Kind, u64>,
    /// Where every contract is, or will be.
    addresses: BTreeMap<&'a str, Place>,
}

/// Where a contract is or will be.
struct Place {
    address: String,
    /// The code that it runs; none while there is no contract.
    code: Option<u64>,
}

impl<'a> Survey<'a> {
    /// Asks the chain. Nothing is written.
    ///
    /// # Errors
    /// When the node does not answer, or the address book contradicts chain or plan.
    pub async fn take(
        view: &View,
        book: &Book,
        plan: &'a Plan,
        files: &'a BTreeMap<Kind, WasmFile>,
        creator: &'a str,
    ) -> Result<Self> {
        let mut survey = Survey {
            plan,
            files,
            creator,
            codes: BTreeMap::new(),
            addresses: BTreeMap::new(),
        };
        for (kind, file) in files {
            if let Some(code_id) = known_code(view, book.code(*kind), file, creator).await? {
                survey.codes.insert(*kind, code_id);
            }
        }
        for contract in &plan.contracts {
            let place = survey.place(view, book, contract).await?;
            survey.addresses.insert(&contract.name, place);
        }
        Ok(survey)
    }

    async fn place(&self, view: &View, book: &Book, contract: &Contract) -> Result<Place> {
        let Some(known) = book.find(&contract.name) else {
            let address = self.predicted(contract)?;
            let code = view.code_of(&address).await?;
            return Ok(Place { address, code });
        };
        let name = &contract.name;
        ensure!(
            known.kind == contract.kind,
            "the address book has {name} as a {}, deploy.toml as a {}",
            known.kind,
            contract.kind
        );
        let address = known.address.clone();
        let code = view.code_of(&address).await;
        let code = code.with_context(|| format!("the address book has {name} at {address}"))?;
        let Some(code_id) = code else {
            bail!("the address book has {name} at {address}, where the chain has no contract");
        };
        let file = self.file(contract.kind)?;
        let running = view.checksum(code_id).await?;
        if running != file.checksum {
            eprintln!(
                "{name}: runs code {code_id} with another checksum ({running}); it stays as it is"
            );
        }
        Ok(Place {
            address,
            code: Some(code_id),
        })
    }

    /// The address that the chain will give a contract.
    fn predicted(&self, contract: &Contract) -> Result<String> {
        let file = self.file(contract.kind)?;
        let maker: AccountId = self
            .creator
            .parse()
            .map_err(|error| anyhow!("{} is no account: {error}", self.creator))?;
        let canonical = CanonicalAddr::from(maker.to_bytes());
        let address = instantiate2_address(
            file.checksum.as_slice(),
            &canonical,
            contract.name.as_bytes(),
        )
        .map_err(|error| anyhow!("the address of {}: {error}", contract.name))?;
        let address = AccountId::new(maker.prefix(), address.as_slice())
            .map_err(|error| anyhow!("the address of {}: {error}", contract.name))?;
        Ok(address.to_string())
    }

    /// The file of a kind.
    ///
    /// # Errors
    /// When the plan has no contract of this kind.
    pub fn file(&self, kind: Kind) -> Result<&WasmFile> {
        self.files
            .get(&kind)
            .with_context(|| format!("the file of {kind}"))
    }

    /// Where a contract of the plan is, or will be.
    ///
    /// # Errors
    /// When the plan has no contract of this name.
    pub fn address(&self, name: &str) -> Result<&str> {
        let place = self.addresses.get(name);
        let place = place.with_context(|| {
            format!("`@{name}` stands for no contract: deploy.toml has none of this name")
        })?;
        Ok(&place.address)
    }

    /// The code that a contract runs, if it is there.
    fn code(&self, contract: &Contract) -> Option<u64> {
        self.addresses.get(contract.name.as_str())?.code
    }

    /// Whether a contract is there.
    pub fn exists(&self, contract: &Contract) -> bool {
        self.code(contract).is_some()
    }

    /// The codes that are to be pinned: those that contracts run, or will run. One that is not stored yet
    /// has no number.
    pub fn codes_to_pin(&self) -> BTreeSet<(Kind, Option<u64>)> {
        let contracts = self.plan.contracts.iter().filter(|contract| contract.pin);
        let codes = contracts.map(|contract| {
            let stored = || self.codes.get(&contract.kind).copied();
            (contract.kind, self.code(contract).or_else(stored))
        });
        codes.collect()
    }

    /// The numbers of codes of which some may have been stored since they were listed.
    pub fn numbers(&self, codes: &BTreeSet<(Kind, Option<u64>)>) -> Vec<Option<u64>> {
        let stored = |kind| self.codes.get(kind).copied();
        let codes = codes.iter();
        codes
            .map(|(kind, code)| code.or_else(|| stored(kind)))
            .collect()
    }

    /// The kinds whose code is to be stored: a contract of this kind is to be made, and its code is not
    /// there.
    pub fn kinds_to_store(&self) -> BTreeSet<Kind> {
        let contracts = self.plan.contracts.iter();
        contracts
            .filter(|contract| !self.exists(contract))
            .map(|contract| contract.kind)
            .filter(|kind| !self.codes.contains_key(kind))
            .collect()
    }

    /// Puts addresses into a message: every string `@name` becomes the address of that contract of the
    /// plan, `@sender` that of who makes them.
    ///
    /// # Errors
    /// When there is no contract of a name.
    pub fn resolve(&self, value: &Value) -> Result<Value> {
        Ok(match value {
            Value::String(text) => Value::String(self.resolve_text(text)?),
            Value::Array(items) => Value::Array(
                items
                    .iter()
                    .map(|item| self.resolve(item))
                    .collect::<Result<_>>()?,
            ),
            Value::Object(fields) => Value::Object(
                fields
                    .iter()
                    .map(|(key, field)| Ok((key.clone(), self.resolve(field)?)))
                    .collect::<Result<_>>()?,
            ),
            other => other.clone(),
        })
    }

    /// The same for one string.
    ///
    /// # Errors
    /// As [`Survey::resolve`].
    pub fn resolve_text(&self, text: &str) -> Result<String> {
        let resolved = match text.strip_prefix('@') {
            Some("sender") => self.creator,
            Some(name) => self.address(name)?,
            None => text,
        };
        Ok(resolved.to_string())
    }
}

/// The code on the chain that is this file: that of the address book, or any other.
async fn known_code(
    view: &View,
    known: Option<&Code>,
    file: &WasmFile,
    creator: &str,
) -> Result<Option<u64>> {
    if let Some(known) = known
        && known.checksum == file.checksum.to_hex()
    {
        let stored = view.checksum(known.code_id).await;
        let stored = stored.context("the address book names a code")?;
        ensure!(
            stored == file.checksum,
            "the address book has code {} with the checksum {}, the chain with {stored}",
            known.code_id,
            known.checksum
        );
        return Ok(Some(known.code_id));
    }
    view.find_code(&file.checksum, creator).await
}

#[cfg(test)]
pub(super) mod tests {
    use std::fs;

    use super::*;

    /// The plan that a file of this text says.
    pub fn plan(text: &str) -> Plan {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deploy.toml");
        fs::write(&path, text).unwrap();
        Plan::read(&path).unwrap()
    }

    /// What a chain has of a plan: stored codes, and the codes that contracts run.
    pub fn survey<'a>(
        plan: &'a Plan,
        stored: &[(Kind, u64)],
        running: &[(&str, u64)],
    ) -> Survey<'a> {
        let place = |contract: &'a Contract| {
            let code = running.iter().find(|(name, _)| *name == contract.name);
            let place = Place {
                address: format!("wasm1{}", contract.name),
                code: code.map(|(_, code)| *code),
            };
            (contract.name.as_str(), place)
        };
        Survey {
            plan,
            files: const { &BTreeMap::new() },
            creator: "wasm1me",
            codes: stored.iter().copied().collect(),
            addresses: plan.contracts.iter().map(place).collect(),
        }
    }

    #[test]
    fn what_contracts_run_and_will_run_is_pinned_and_nothing_else() {
        let plan = plan(
            r#"
            contracts = [
                { name = "old", kind = "fee-pool", pin = true, msg = {} },
                { name = "gauges", kind = "reward-gauges", msg = {} },
                { name = "pools", kind = "holding-pools", pin = true, msg = {} },
            ]
            "#,
        );
        let pools = (Kind::HoldingPools, None);
        // A newer code of its kind is there, which no contract runs.
        let stored = [(Kind::FeePool, 9), (Kind::RewardGauges, 4)];
        let mut chain = survey(&plan, &stored, &[("old", 2)]);
        assert_eq!(
            chain.codes_to_pin(),
            [(Kind::FeePool, Some(2)), pools].into()
        );
        assert_eq!(chain.numbers(&[pools].into()), [None]);
        chain.codes.insert(Kind::HoldingPools, 11);
        assert_eq!(chain.numbers(&[pools].into()), [Some(11)]);
    }
}
