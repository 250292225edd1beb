//! What every handler needs: configuration, addresses, and the way into the books.

use accounting::books::{PowerUnits, Surroundings};
use accounting::pool::Undistributed;
use accounting::{Accounting, Amounts, Books, ChainRate, ChainStaking, DenomId};
use cosmwasm_std::{Decimal256, Env, QuerierWrapper, Storage};
use distribution_math::{Rate, TokenScale};
use interfaces::address::{AddressBytes, AddressCodec, ValidatorForm, ValidatorName};
use interfaces::{bank_query, ownership, staking_query};

use crate::msg::{RewardsResponse, Source};
use crate::state::{CONFIG, Config, TERMS};
use crate::{ContractError, Fault};

/// Configuration and surroundings of one message or query.
pub struct Context<'a> {
    /// Configuration.
    pub config: Config,
    /// Addresses of this chain.
    pub addresses: AddressCodec,
    /// Block and contract.
    pub env: &'a Env,
    /// The chain.
    pub querier: QuerierWrapper<'a>,
    staking: StakingModule<'a>,
}

/// Asks the chain's staking module for rates, held below what the pool knows as their limit.
struct StakingModule<'a> {
    querier: QuerierWrapper<'a>,
    addresses: AddressCodec,
}

impl ChainStaking for StakingModule<'_> {
    fn commission_rate(&self, storage: &dyn Storage, validator: &[u8]) -> Option<ChainRate> {
        let bytes = AddressBytes::new(validator).ok()?;
        let operator = self
            .addresses
            .show_validator(&bytes, ValidatorForm::Operator);
        let told = staking_query::validator(&self.querier, &operator)?.rate;
        let limit = TERMS
            .may_load(storage, validator)
            .ok()?
            .map_or(Decimal256::one(), |terms| terms.max_rate);
        Some(ChainRate {
            rate: Rate::new(told.min(limit)).ok()?,
            clamped: told > limit,
        })
    }
}

impl<'a> Context<'a> {
    /// Reads the configuration.
    ///
    /// # Errors
    /// Before instantiation, or when the record cannot be read.
    pub fn load(
        storage: &dyn Storage,
        querier: QuerierWrapper<'a>,
        env: &'a Env,
    ) -> Result<Self, ContractError> {
        let addresses = AddressCodec::of_contract(&env.contract.address)?;
        Ok(Context {
            config: CONFIG.load(storage)?,
            addresses,
            env,
            querier,
            staking: StakingModule { querier, addresses },
        })
    }

    /// The accounting.
    pub fn engine(&self) -> &'static dyn Accounting {
        self.config.accounting.engine()
    }

    /// Opens the books for the rest of the message.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub fn open<'b>(
        &'b self,
        storage: &'b mut dyn Storage,
    ) -> Result<Box<Books<'b>>, ContractError> {
        let power_units = match self.config.source {
            Source::Sync => Some(PowerUnits {
                scale: self.scale(),
                power_reduction: self.config.power_reduction.u64(),
            }),
            Source::Reporter | Source::Hooks { .. } => None,
        };
        let surroundings = Surroundings {
            staking: &self.staking,
            power_units,
        };
        Ok(Books::open(storage, surroundings)?)
    }

    /// How shares and tokens become units here.
    pub fn scale(&self) -> TokenScale {
        TokenScale::new(self.config.share_places)
    }

    /// Refuses before activation.
    ///
    /// # Errors
    /// [`Fault::NotActive`].
    pub fn assert_active(&self) -> Result<(), ContractError> {
        if self.config.active {
            Ok(())
        } else {
            Err(Fault::NotActive.into())
        }
    }

    /// Has validators named like this one, if it is the first that the pool hears of.
    ///
    /// # Errors
    /// None in practice.
    pub fn learn_form(
        &mut self,
        storage: &mut dyn Storage,
        form: ValidatorForm,
    ) -> Result<(), ContractError> {
        if self.config.validator_form.is_none() {
            self.config.validator_form = Some(form);
            CONFIG.save(storage, &self.config)?;
        }
        Ok(())
    }

    /// A validator's name, whichever form it has.
    ///
    /// # Errors
    /// When it is no address of this chain.
    pub fn validator(&self, name: &str) -> Result<ValidatorName, ContractError> {
        Ok(self.addresses.validator(name)?)
    }

    /// How a validator is named in answers and events.
    pub fn show_validator(&self, validator: &[u8]) -> String {
        let form = self
            .config
            .validator_form
            .unwrap_or(ValidatorForm::Operator);
        AddressBytes::new(validator)
            .map(|bytes| self.addresses.show_validator(&bytes, form))
            .unwrap_or_default()
    }

    /// How an account is named.
    pub fn show_account(&self, account: &[u8]) -> String {
        AddressBytes::new(account)
            .map(|bytes| self.addresses.show_account(&bytes).into_string())
            .unwrap_or_default()
    }

    /// The answer to a reward query.
    pub fn rewards(&self, amounts: &Amounts) -> RewardsResponse {
        RewardsResponse {
            rewards: self.config.denoms.dec_coins(amounts),
            claimable: self.config.denoms.coins(amounts),
        }
    }

    /// What of a denom's balance is nobody's yet.
    ///
    /// # Errors
    /// When the bank does not answer.
    pub fn undistributed(
        &self,
        books: &Books,
        denom: DenomId,
        name: &str,
    ) -> Result<Undistributed, ContractError> {
        let contract = self.env.contract.address.as_str();
        let balance = bank_query::balance(&self.querier, contract, name)?;
        Ok(books.pool.ledger(denom).undistributed(balance)?)
    }
}

/// Refuses everybody but the owner.
///
/// # Errors
/// [`Fault::Ownership`].
pub fn assert_owner(
    storage: &dyn Storage,
    sender: &cosmwasm_std::Addr,
) -> Result<(), ContractError> {
    Ok(ownership::assert_owner(storage, sender)?)
}
