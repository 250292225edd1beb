//! Where validators live: which of them exist, and the messages that pay them and the community pool.

use chain_types::address::{AddressBytes, ValidatorForm};
use chain_types::cw4::{AdminResponse, MemberResponse};
use chain_types::staking_query;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{BankMsg, Coin, CosmosMsg, StdResult, WasmMsg, to_json_binary};
use distribution_math::Coins;
use pool_kit::Chain;

use crate::ContractError;
use crate::context::Context;
use crate::ledger::coin;
use crate::msg::{Allocation, CommunityPool, FeePoolMsg, Target};
use crate::protobuf;

/// A validator's coins.
#[derive(Clone, Copy, Debug)]
pub struct Share {
    /// Whose.
    pub validator: AddressBytes,
    /// How many, of a denom that is known from elsewhere.
    pub amount: Coins,
}

/// A message that pays some validators; either all of them or none.
pub struct Transfer {
    /// The message.
    pub message: CosmosMsg,
    /// Whom it pays.
    pub shares: Vec<Share>,
}

#[cw_serde]
enum FeePoolQuery {
    ValidatorsKnown { validators: Vec<String> },
}

#[cw_serde]
struct ValidatorsKnown {
    known: Vec<bool>,
}

#[cw_serde]
enum GroupQuery {
    Member { addr: String },
    Admin {},
}

impl Target {
    /// How its validators are written.
    pub fn form(&self) -> ValidatorForm {
        match self {
            Target::Native | Target::FeePool { .. } => ValidatorForm::Operator,
            Target::Group { .. } => ValidatorForm::Account,
        }
    }

    /// Refuses a contract that cannot be an address of this chain.
    pub fn check(&self, chain: &Chain) -> Result<(), ContractError> {
        match self {
            Target::Native => Ok(()),
            Target::FeePool { contract } | Target::Group { contract } => {
                chain.recipient(contract)?;
                Ok(())
            }
        }
    }

    /// Whether each validator exists: in x/staking whatever its status, in a fee pool unless it was
    /// removed, as member of a group. Costs one query, of a fee pool, or one for each validator.
    ///
    /// # Errors
    /// Without an answer: silence is not absence.
    pub fn exist(
        &self,
        chain: &Chain,
        validators: &[AddressBytes],
    ) -> Result<Vec<bool>, ContractError> {
        let names = validators
            .iter()
            .map(|validator| self.show(chain, validator));
        match self {
            Target::Native => names
                .map(|name| Ok(staking_query::validator_exists(&chain.querier, &name)?))
                .collect(),
            Target::Group { contract } => names
                .map(|addr| {
                    let query = GroupQuery::Member { addr };
                    let member: MemberResponse =
                        chain.querier.query_wasm_smart(contract, &query)?;
                    Ok(member.weight.is_some())
                })
                .collect(),
            Target::FeePool { .. } if validators.is_empty() => Ok(Vec::new()),
            Target::FeePool { contract } => {
                let query = FeePoolQuery::ValidatorsKnown {
                    validators: names.collect(),
                };
                let answer: ValidatorsKnown = chain.querier.query_wasm_smart(contract, &query)?;
                if answer.known.len() != validators.len() {
                    return Err(ContractError::WrongAnswer {
                        asked: validators.len(),
                        answered: answer.known.len(),
                    });
                }
                Ok(answer.known)
            }
        }
    }

    /// How a validator is written here.
    pub fn show(&self, chain: &Chain, validator: &AddressBytes) -> String {
        chain.addresses.show_validator(validator, self.form())
    }

    /// The messages that pay validators: one for all into a fee pool, else one for each.
    pub fn transfers(
        &self,
        chain: &Chain,
        denom: &str,
        shares: Vec<Share>,
    ) -> Result<Vec<Transfer>, ContractError> {
        match self {
            Target::FeePool { .. } if shares.is_empty() => Ok(Vec::new()),
            Target::FeePool { contract } => {
                let message = self.deposit(chain, contract, denom, &shares)?;
                Ok(vec![Transfer { message, shares }])
            }
            Target::Native | Target::Group { .. } => {
                let this = chain.env.contract.address.as_str();
                let transfer = |share: Share| {
                    let to = self.show(chain, &share.validator);
                    let coin = coin(share.amount, denom);
                    let message = match self {
                        Target::Group { .. } => send(to, coin),
                        _ => protobuf::deposit_validator_rewards_pool(this, &to, &coin).into(),
                    };
                    let shares = vec![share];
                    Transfer { message, shares }
                };
                Ok(shares.into_iter().map(transfer).collect())
            }
        }
    }

    fn deposit(
        &self,
        chain: &Chain,
        contract: &str,
        denom: &str,
        shares: &[Share],
    ) -> Result<CosmosMsg, ContractError> {
        let allocations = shares.iter().map(|share| Allocation {
            validator: self.show(chain, &share.validator),
            amount: vec![coin(share.amount, denom)],
        });
        let message = FeePoolMsg::DepositValidatorRewards {
            allocations: allocations.collect(),
        };
        let sum = shares
            .iter()
            .try_fold(Coins::ZERO, |sum, share| sum.checked_add(share.amount))?;
        Ok(call(contract, &message, coin(sum, denom))?)
    }
}

/// The message that pays the community pool.
///
/// # Errors
/// When a group has no admin to pay, or does not answer.
pub fn community_transfer(ctx: &Context, coin: Coin) -> Result<CosmosMsg, ContractError> {
    let this = ctx.chain.env.contract.address.as_str();
    Ok(match (&ctx.config.community_pool, &ctx.config.target) {
        (Some(CommunityPool::Address(address)), _) => send(address.clone(), coin),
        (Some(CommunityPool::ProtocolPool), _) => protobuf::fund_protocol_pool(this, &coin).into(),
        (None, Target::Native) => protobuf::fund_community_pool(this, &coin).into(),
        (None, Target::FeePool { contract }) => {
            call(contract, &FeePoolMsg::FundCommunityPool {}, coin)?
        }
        (None, Target::Group { contract }) => {
            let query = GroupQuery::Admin {};
            let answer: AdminResponse = ctx.chain.querier.query_wasm_smart(contract, &query)?;
            let admin = answer.admin.ok_or_else(|| ContractError::NoAdmin {
                group: contract.clone(),
            })?;
            send(admin, coin)
        }
    })
}

fn send(to_address: String, coin: Coin) -> CosmosMsg {
    let amount = vec![coin];
    BankMsg::Send { to_address, amount }.into()
}

fn call(contract: &str, message: &FeePoolMsg, coin: Coin) -> StdResult<CosmosMsg> {
    Ok(WasmMsg::Execute {
        contract_addr: contract.to_string(),
        msg: to_json_binary(message)?,
        funds: vec![coin],
    }
    .into())
}
