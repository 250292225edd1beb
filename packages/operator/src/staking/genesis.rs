//! The staking of a chain as its exported genesis file has it.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use chain_types::staking_event::CommissionTerms;
use distribution_math::DecCoins;
use serde::Deserialize;

use super::Snapshot;
use super::owed::Owed;
use super::snapshot::Validator;

#[derive(Deserialize)]
struct Genesis {
    chain_id: String,
    app_state: AppState,
}

#[derive(Deserialize)]
struct AppState {
    staking: Staking,
    #[serde(default)]
    distribution: Distribution,
}

#[derive(Deserialize)]
struct Staking {
    #[serde(default)]
    last_validator_powers: Vec<Power>,
    validators: Vec<StakingValidator>,
    delegations: Vec<Delegation>,
}

#[derive(Deserialize)]
struct Power {
    address: String,
    power: String,
}

#[derive(Deserialize)]
struct StakingValidator {
    operator_address: String,
    commission: Commission,
}

#[derive(Deserialize)]
struct Commission {
    commission_rates: CommissionTerms,
}

#[derive(Deserialize)]
struct Delegation {
    delegator_address: String,
    validator_address: String,
    shares: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Distribution {
    delegator_withdraw_infos: Vec<WithdrawInfo>,
    validator_accumulated_commissions: Vec<Commissions>,
    fee_pool: FeePool,
}

#[derive(Deserialize)]
struct WithdrawInfo {
    delegator_address: String,
    withdraw_address: String,
}

#[derive(Deserialize)]
struct Commissions {
    validator_address: String,
    accumulated: Accumulated,
}

#[derive(Deserialize)]
struct Accumulated {
    commission: DecCoins,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct FeePool {
    community_pool: DecCoins,
}

impl Snapshot {
    /// Reads the file that the command `export` of a chain's program writes. Unclaimed rewards of
    /// delegators are not in it: it has only what they are computed from.
    ///
    /// # Errors
    /// When it cannot be read, is no such file, or is that of another chain or of one without validators.
    pub fn of_genesis(path: &Path, chain_id: &str) -> Result<Self> {
        let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
        let genesis: Genesis = serde_json::from_reader(BufReader::new(file))
            .with_context(|| format!("{} is no genesis file", path.display()))?;
        ensure!(
            genesis.chain_id == chain_id,
            "{} is of chain {}, operator.toml says chain {chain_id}",
            path.display(),
            genesis.chain_id
        );
        // Before a chain's first block they are transactions still.
        ensure!(
            !genesis.app_state.staking.validators.is_empty(),
            "{} has no validators: it was not exported from a chain that runs",
            path.display()
        );
        Snapshot::of(genesis.app_state).with_context(|| path.display().to_string())
    }

    fn of(state: AppState) -> Result<Self> {
        let mut snapshot = Snapshot::default();
        for validator in state.staking.validators {
            let commission = validator.commission.commission_rates;
            let validator_here = Validator {
                power: 0,
                commission,
            };
            snapshot
                .validators
                .insert(validator.operator_address, validator_here);
        }
        for Power { address, power } in state.staking.last_validator_powers {
            let validator = snapshot.validators.get_mut(&address);
            let validator =
                validator.with_context(|| format!("{address} has power and is no validator"))?;
            validator.power = power
                .parse()
                .with_context(|| format!("the power `{power}` of {address}"))?;
        }
        for delegation in state.staking.delegations {
            let key = (delegation.validator_address, delegation.delegator_address);
            snapshot.delegations.insert(key, delegation.shares);
        }
        let distribution = state.distribution;
        for info in distribution.delegator_withdraw_infos {
            let to = info.withdraw_address;
            if to != info.delegator_address {
                snapshot
                    .withdraw_addresses
                    .insert(info.delegator_address, to);
            }
        }
        let commissions = distribution.validator_accumulated_commissions.into_iter();
        snapshot.owed = Some(Owed {
            commissions: commissions
                .map(|it| (it.validator_address, it.accumulated.commission))
                .collect(),
            community_pool: distribution.fee_pool.community_pool,
            rewards: None,
        });
        Ok(snapshot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cut down from what `wasmd export` writes.
    const EXPORTED: &str = r#"{"app_name": "wasmd", "chain_id": "local-1", "app_state": {
        "bank": {"balances": []},
        "distribution": {
            "delegator_withdraw_infos": [{"delegator_address": "a", "withdraw_address": "b"}],
            "fee_pool": {"community_pool": [{"denom": "stake", "amount": "1.500000000000000000"}]},
            "outstanding_rewards": [],
            "validator_accumulated_commissions": [{"validator_address": "v",
                "accumulated": {"commission": [{"denom": "stake", "amount": "0.100000000000000000"}]}}]},
        "staking": {
            "delegations": [{"delegator_address": "a", "validator_address": "v", "shares": "7.000000000000000000"}],
            "last_validator_powers": [{"address": "v", "power": "7"}],
            "validators": [
                {"operator_address": "v", "status": "BOND_STATUS_BONDED", "tokens": "7000000", "commission": {
                    "commission_rates": {"rate": "0.1", "max_rate": "0.200000000000000000", "max_change_rate": "0.01"},
                    "update_time": "2026-01-01T00:00:00Z"}},
                {"operator_address": "w", "status": "BOND_STATUS_UNBONDED", "tokens": "0", "commission": {
                    "commission_rates": {"rate": "0", "max_rate": "1", "max_change_rate": "0.01"},
                    "update_time": "2026-01-01T00:00:00Z"}}]}}}"#;

    fn read(text: &str) -> Result<Snapshot> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("genesis.json");
        std::fs::write(&path, text).unwrap();
        Snapshot::of_genesis(&path, "local-1")
    }

    #[test]
    fn an_export_has_what_a_node_has() {
        let snapshot = read(EXPORTED).unwrap();
        let powers: Vec<_> = snapshot.validators.values().map(|it| it.power).collect();
        assert_eq!(powers, [7, 0]);
        let key = ("v".to_string(), "a".to_string());
        assert_eq!(
            snapshot.delegations.get(&key).unwrap(),
            "7.000000000000000000"
        );
        assert_eq!(snapshot.withdraw_addresses.get("a").unwrap(), "b");
        let owed = snapshot.owed.unwrap();
        assert_eq!(owed.commissions.get("v").unwrap().to_string(), "0.1stake");
        assert_eq!(owed.community_pool.to_string(), "1.5stake");
    }

    #[test]
    fn another_file_is_refused() {
        let refused = |text: &str, why: &str| {
            let error = format!("{:#}", read(text).err().unwrap());
            assert!(error.contains(why), "{error}");
        };
        refused("{}", "genesis.json is no genesis file: missing field");
        let other = EXPORTED.replace("local-1", "local-2");
        refused(
            &other,
            "is of chain local-2, operator.toml says chain local-1",
        );
        let mut empty: serde_json::Value = serde_json::from_str(EXPORTED).unwrap();
        empty["app_state"]["staking"]["validators"] = serde_json::json!([]);
        refused(&empty.to_string(), "genesis.json has no validators");
    }
}
