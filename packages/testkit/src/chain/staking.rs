//! What the chain's staking module says, as a table that the test sets.

use cosmwasm_std::{
    Addr, AllDelegationsResponse, AllValidatorsResponse, Api, Binary, BlockInfo,
    BondedDenomResponse, Coin, CustomMsg, CustomQuery, Decimal, Delegation, DelegationResponse,
    DistributionMsg, DistributionQuery, Empty, FullDelegation, Order, Querier, StakingMsg,
    StakingQuery, StdError, StdResult, Storage, Uint256, Validator, ValidatorMetadata,
    ValidatorResponse, to_json_binary,
};
use cw_multi_test::{AppResponse, CosmosRouter, Distribution, Module, Staking, StakingSudo};
use cw_storage_plus::Map;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{AddressFormat, ChainError, ChainResult};

/// Validators by operator address.
const VALIDATORS: Map<&str, ValidatorTerms> = Map::new("test_staking_validators");
/// Tokens by operator address and delegator.
const DELEGATIONS: Map<(&str, &str), Uint256> = Map::new("test_staking_delegations");

/// The commission of a validator as the staking module knows it. Each is a fraction in [0, 1].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidatorTerms {
    /// The rate in force.
    pub commission: Decimal,
    /// What the rate may never pass.
    pub max_commission: Decimal,
    /// How much the rate may rise in a day.
    pub max_change_rate: Decimal,
}

impl Default for ValidatorTerms {
    /// No commission, and no limit on it.
    fn default() -> Self {
        Self {
            commission: Decimal::zero(),
            max_commission: Decimal::one(),
            max_change_rate: Decimal::one(),
        }
    }
}

/// The staking module of an embedded chain: answers and nothing else.
///
/// It holds which validators exist with which commission, and how many tokens stand behind each
/// delegation; tests and scenario steps write it. Every staking query is answered from it in the
/// shape of a real chain: who is not there is `null`, what is no operator address an error. It
/// moves no tokens, pays no rewards and calls no hooks, and refuses staking messages. As in
/// x/staking a delegation needs its validator, and goes with it.
pub struct TestStaking {
    addresses: AddressFormat,
    bond_denom: String,
}

impl TestStaking {
    /// An empty table for a chain that writes addresses in this format.
    #[must_use]
    pub fn new(addresses: AddressFormat, bond_denom: String) -> Self {
        Self {
            addresses,
            bond_denom,
        }
    }

    /// Writes a validator, new or known.
    ///
    /// # Errors
    /// When `operator` is no operator address of this chain.
    pub fn set_validator(
        &self,
        storage: &mut dyn Storage,
        operator: &str,
        terms: &ValidatorTerms,
    ) -> ChainResult<()> {
        self.addresses.check_operator(operator)?;
        Ok(VALIDATORS.save(storage, operator, terms)?)
    }

    /// The commission of a validator, if it exists.
    ///
    /// # Errors
    /// When storage fails.
    pub fn validator(
        &self,
        storage: &dyn Storage,
        operator: &str,
    ) -> ChainResult<Option<ValidatorTerms>> {
        Ok(VALIDATORS.may_load(storage, operator)?)
    }

    /// Removes a validator and what is delegated to it; nothing happens when there is none.
    ///
    /// # Errors
    /// When storage fails.
    pub fn remove_validator(&self, storage: &mut dyn Storage, operator: &str) -> ChainResult<()> {
        VALIDATORS.remove(storage, operator);
        let delegators: Vec<String> = DELEGATIONS
            .prefix(operator)
            .keys(storage, None, None, Order::Ascending)
            .collect::<StdResult<_>>()?;
        for delegator in delegators {
            DELEGATIONS.remove(storage, (operator, &delegator));
        }
        Ok(())
    }

    /// Writes how many tokens `delegator` has with a validator; 0 removes the delegation.
    ///
    /// # Errors
    /// When the validator does not exist.
    pub fn set_delegation(
        &self,
        storage: &mut dyn Storage,
        delegator: &Addr,
        operator: &str,
        tokens: Uint256,
    ) -> ChainResult<()> {
        if tokens.is_zero() {
            DELEGATIONS.remove(storage, (operator, delegator.as_str()));
            return Ok(());
        }
        if !VALIDATORS.has(storage, operator) {
            return Err(ChainError::new(format!(
                "staking knows no validator {operator}"
            )));
        }
        Ok(DELEGATIONS.save(storage, (operator, delegator.as_str()), &tokens)?)
    }

    fn delegation(
        &self,
        storage: &dyn Storage,
        delegator: Addr,
        validator: String,
    ) -> StdResult<Binary> {
        self.addresses
            .check_operator(&validator)
            .map_err(StdError::msg)?;
        let tokens = DELEGATIONS.may_load(storage, (&validator, delegator.as_str()))?;
        let delegation = tokens.map(|tokens| {
            let amount = self.bonded(tokens);
            FullDelegation::create(delegator, validator, amount.clone(), amount, Vec::new())
        });
        to_json_binary(&DelegationResponse::new(delegation))
    }

    fn all_delegations(&self, storage: &dyn Storage, delegator: &Addr) -> StdResult<Binary> {
        let mut delegations = Vec::new();
        for entry in DELEGATIONS.range(storage, None, None, Order::Ascending) {
            let ((validator, owner), tokens) = entry?;
            if owner == delegator.as_str() {
                let amount = self.bonded(tokens);
                delegations.push(Delegation::new(delegator.clone(), validator, amount));
            }
        }
        to_json_binary(&AllDelegationsResponse::new(delegations))
    }

    fn bonded(&self, tokens: Uint256) -> Coin {
        Coin {
            denom: self.bond_denom.clone(),
            amount: tokens,
        }
    }
}

impl Staking for TestStaking {}

impl Module for TestStaking {
    type ExecT = StakingMsg;
    type QueryT = StakingQuery;
    type SudoT = StakingSudo;

    fn execute<ExecC, QueryC>(
        &self,
        _api: &dyn Api,
        _storage: &mut dyn Storage,
        _router: &dyn CosmosRouter<ExecC = ExecC, QueryC = QueryC>,
        _block: &BlockInfo,
        _sender: Addr,
        msg: StakingMsg,
    ) -> StdResult<AppResponse>
    where
        ExecC: CustomMsg + DeserializeOwned + 'static,
        QueryC: CustomQuery + DeserializeOwned + 'static,
    {
        Err(StdError::msg(format!(
            "staking here only answers queries, it does not do {msg:?}"
        )))
    }

    fn query(
        &self,
        api: &dyn Api,
        storage: &dyn Storage,
        _querier: &dyn Querier,
        _block: &BlockInfo,
        request: StakingQuery,
    ) -> StdResult<Binary> {
        match request {
            StakingQuery::BondedDenom {} => {
                to_json_binary(&BondedDenomResponse::new(self.bond_denom.clone()))
            }
            StakingQuery::Validator { address } => {
                self.addresses
                    .check_operator(&address)
                    .map_err(StdError::msg)?;
                let terms = VALIDATORS.may_load(storage, &address)?;
                to_json_binary(&ValidatorResponse::new(
                    terms.map(|terms| shown(address, terms)),
                ))
            }
            StakingQuery::AllValidators {} => {
                let validators = VALIDATORS
                    .range(storage, None, None, Order::Ascending)
                    .map(|entry| entry.map(|(operator, terms)| shown(operator, terms).into()))
                    .collect::<StdResult<Vec<ValidatorMetadata>>>()?;
                to_json_binary(&AllValidatorsResponse::new(validators))
            }
            StakingQuery::Delegation {
                delegator,
                validator,
            } => self.delegation(storage, api.addr_validate(&delegator)?, validator),
            StakingQuery::AllDelegations { delegator } => {
                self.all_delegations(storage, &api.addr_validate(&delegator)?)
            }
            other => Err(StdError::msg(format!("staking does not answer {other:?}"))),
        }
    }

    fn sudo<ExecC, QueryC>(
        &self,
        _api: &dyn Api,
        _storage: &mut dyn Storage,
        _router: &dyn CosmosRouter<ExecC = ExecC, QueryC = QueryC>,
        _block: &BlockInfo,
        msg: StakingSudo,
    ) -> StdResult<AppResponse>
    where
        ExecC: CustomMsg + DeserializeOwned + 'static,
        QueryC: CustomQuery + DeserializeOwned + 'static,
    {
        Err(StdError::msg(format!(
            "staking here only answers queries, it does not do {msg:?}"
        )))
    }
}

fn shown(operator: String, terms: ValidatorTerms) -> Validator {
    Validator::create(
        operator,
        terms.commission,
        terms.max_commission,
        terms.max_change_rate,
    )
}

/// The distribution module of an embedded chain: there is none, the contracts under test are it.
pub struct NoDistribution;

impl Distribution for NoDistribution {}

impl Module for NoDistribution {
    type ExecT = DistributionMsg;
    type QueryT = DistributionQuery;
    type SudoT = Empty;

    fn execute<ExecC, QueryC>(
        &self,
        _api: &dyn Api,
        _storage: &mut dyn Storage,
        _router: &dyn CosmosRouter<ExecC = ExecC, QueryC = QueryC>,
        _block: &BlockInfo,
        _sender: Addr,
        msg: DistributionMsg,
    ) -> StdResult<AppResponse>
    where
        ExecC: CustomMsg + DeserializeOwned + 'static,
        QueryC: CustomQuery + DeserializeOwned + 'static,
    {
        Err(StdError::msg(format!(
            "this chain has no distribution module for {msg:?}"
        )))
    }

    fn query(
        &self,
        _api: &dyn Api,
        _storage: &dyn Storage,
        _querier: &dyn Querier,
        _block: &BlockInfo,
        request: DistributionQuery,
    ) -> StdResult<Binary> {
        Err(StdError::msg(format!(
            "this chain has no distribution module for {request:?}"
        )))
    }

    fn sudo<ExecC, QueryC>(
        &self,
        _api: &dyn Api,
        _storage: &mut dyn Storage,
        _router: &dyn CosmosRouter<ExecC = ExecC, QueryC = QueryC>,
        _block: &BlockInfo,
        _msg: Empty,
    ) -> StdResult<AppResponse>
    where
        ExecC: CustomMsg + DeserializeOwned + 'static,
        QueryC: CustomQuery + DeserializeOwned + 'static,
    {
        Err(StdError::msg("this chain has no distribution module"))
    }
}
