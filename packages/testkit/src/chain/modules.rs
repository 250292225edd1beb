//! What contracts send to modules of the chain by its protobuf.

use anybuf::Bufany;
use cosmwasm_std::{
    Addr, AnyMsg, Api, BankMsg, BlockInfo, Coin, CustomMsg, CustomQuery, QueryRequest,
    StakingQuery, StdError, StdResult, Storage, Uint256, ValidatorResponse, from_json,
};
use cw_multi_test::{AppResponse, CosmosRouter, Stargate};
use serde::de::DeserializeOwned;

use super::AddressFormat;

/// Modules that take coins, as wasmd's app has them: x/distribution with validators' rewards, and
/// x/protocolpool with the community pool, which x/distribution then refuses to fund.
///
/// The coins go to the accounts called `distribution` and `protocolpool`; who they are for is not
/// kept.
pub struct TestModules {
    addresses: AddressFormat,
}

/// A message that pays a module.
struct Payment {
    depositor: String,
    to: &'static str,
    validator: Option<String>,
    amount: Vec<Coin>,
}

impl TestModules {
    /// The modules of a chain that writes addresses in this format.
    #[must_use]
    pub fn new(addresses: AddressFormat) -> Self {
        Self { addresses }
    }
}

impl Stargate for TestModules {
    fn execute_any<ExecC, QueryC>(
        &self,
        api: &dyn Api,
        storage: &mut dyn Storage,
        router: &dyn CosmosRouter<ExecC = ExecC, QueryC = QueryC>,
        block: &BlockInfo,
        sender: Addr,
        msg: AnyMsg,
    ) -> StdResult<AppResponse>
    where
        ExecC: CustomMsg + DeserializeOwned + 'static,
        QueryC: CustomQuery + DeserializeOwned + 'static,
    {
        let payment = Payment::read(&msg)?;
        if payment.depositor != sender.as_str() {
            return Err(StdError::msg(format!(
                "{sender} signs for {}: unauthorized",
                payment.depositor
            )));
        }
        if let Some(address) = payment.validator {
            let query = StakingQuery::Validator {
                address: address.clone(),
            };
            let answer = router.query(api, storage, block, QueryRequest::Staking(query))?;
            let answer: ValidatorResponse = from_json(answer)?;
            if answer.validator.is_none() {
                return Err(StdError::msg(format!(
                    "{address}: validator does not exist"
                )));
            }
        }
        let message = BankMsg::Send {
            to_address: self.addresses.account(payment.to).into_string(),
            amount: payment.amount,
        };
        router.execute(api, storage, block, sender, message.into())
    }
}

impl Payment {
    fn read(msg: &AnyMsg) -> StdResult<Self> {
        let fields = Bufany::deserialize(&msg.value).map_err(StdError::msg)?;
        let text = |field| fields.string(field).unwrap_or_default();
        Ok(match msg.type_url.as_str() {
            "/cosmos.distribution.v1beta1.MsgDepositValidatorRewardsPool" => Payment {
                depositor: text(1),
                to: "distribution",
                validator: Some(text(2)),
                amount: coins(&fields, 3)?,
            },
            "/cosmos.protocolpool.v1.MsgFundCommunityPool" => Payment {
                depositor: text(1),
                to: "protocolpool",
                validator: None,
                amount: coins(&fields, 2)?,
            },
            "/cosmos.distribution.v1beta1.MsgFundCommunityPool" => {
                return Err(StdError::msg("external community pool is enabled"));
            }
            other => return Err(StdError::msg(format!("no module takes {other}"))),
        })
    }
}

fn coins(fields: &Bufany, field: u32) -> StdResult<Vec<Coin>> {
    let coins = fields.repeated_message(field).map_err(StdError::msg)?;
    let coin = |coin: &Bufany| {
        let amount: Uint256 = coin.string(2).unwrap_or_default().parse()?;
        Ok(Coin::new(amount, coin.string(1).unwrap_or_default()))
    };
    coins.iter().map(coin).collect()
}
