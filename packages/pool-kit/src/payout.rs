//! A transfer out, and what the chain replies.
//!
//! A token whose transfer calls contracts could, between our sending and its arrival, call back
//! into a message that takes "balance minus what is owed" for income. So a payout of such a token
//! stays a liability *in flight* until its reply. A token that nobody can hook needs no such care
//! and costs no reply, provided that it is sent before the others: the bank moves it before any
//! foreign code runs. [`messages`] keeps that order.
//!
//! A payout that fails blocks nobody: it becomes [undelivered](crate::undelivered), owed to the
//! account whose claim it was.

use borsh::{BorshDeserialize, BorshSerialize};
use chain_types::address::AddressBytes;
use chain_types::asset::Asset;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, BankMsg, Binary, Coin, CosmosMsg, Reply, ReplyOn, StdError, StdResult, SubMsg, Uint256,
    WasmMsg, to_json_binary,
};
use serde::Serialize;

/// Reply id of payouts that stay in flight until their reply.
pub const IN_FLIGHT_REPLY: u64 = 1;
/// Reply id of payouts whose reply comes only when they failed.
pub const FAILED_REPLY: u64 = 2;

/// Gas for a transfer that may run foreign code, in the chain's units. A cw20 transfer takes about
/// 80 000; a token that burns all it gets blocks only itself.
pub const TRANSFER_GAS_LIMIT: u64 = 500_000;

/// An amount of an asset, in base units.
#[cw_serde]
pub struct AssetAmount {
    /// The asset.
    pub asset: Asset,
    /// Base units.
    pub amount: Uint256,
}

/// A payout of one asset. It travels in the message that pays it and comes back in the reply;
/// nothing is stored for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payout {
    /// Whose claim is paid, wherever it is sent.
    pub account: AddressBytes,
    /// What is paid.
    pub asset: Asset,
    /// Base units.
    pub amount: Uint256,
}

/// The form in which a payout travels.
#[derive(BorshSerialize, BorshDeserialize)]
struct Payload {
    account: AddressBytes,
    is_cw20: bool,
    denom: String,
    amount: [u8; 32],
}

/// What became of a payout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It arrived; it was in flight until now.
    Delivered(Payout),
    /// It did not arrive, for the chain's reason. It was in flight until now if its asset is
    /// hookable.
    Failed {
        /// The payout.
        payout: Payout,
        /// The chain's reason.
        reason: String,
    },
}

impl Payout {
    /// Whether the payout stays a liability in flight until its reply.
    pub fn is_in_flight(&self) -> bool {
        self.asset.is_hookable()
    }

    fn payload(&self) -> StdResult<Binary> {
        let (is_cw20, denom) = match &self.asset {
            Asset::Native(denom) => (false, denom.clone()),
            Asset::Cw20(contract) => (true, contract.clone()),
        };
        let payload = Payload {
            account: self.account,
            is_cw20,
            denom,
            amount: self.amount.to_be_bytes(),
        };
        Ok(borsh::to_vec(&payload).map_err(StdError::msg)?.into())
    }

    fn of_payload(payload: &[u8]) -> StdResult<Self> {
        let payload: Payload = borsh::from_slice(payload).map_err(StdError::msg)?;
        Ok(Payout {
            account: payload.account,
            asset: if payload.is_cw20 {
                Asset::Cw20(payload.denom)
            } else {
                Asset::Native(payload.denom)
            },
            amount: Uint256::from_be_bytes(payload.amount),
        })
    }

    /// The transfer itself.
    fn transfer(&self, to: &Addr) -> StdResult<CosmosMsg> {
        Ok(match &self.asset {
            Asset::Native(denom) => BankMsg::Send {
                to_address: to.to_string(),
                amount: vec![Coin::new(self.amount, denom)],
            }
            .into(),
            Asset::Cw20(contract) => WasmMsg::Execute {
                contract_addr: contract.clone(),
                msg: to_json_binary(&Cw20Message::Transfer {
                    recipient: to,
                    amount: self.amount,
                })?,
                funds: vec![],
            }
            .into(),
        })
    }

    /// The message that sends it to an address. The caller sends those that nobody can hook before
    /// the others, as [`messages`] does.
    ///
    /// # Errors
    /// When the payout cannot be encoded.
    pub fn message(&self, to: &Addr) -> StdResult<SubMsg> {
        let transfer = self.transfer(to)?;
        let message = if self.is_in_flight() {
            SubMsg::reply_always(transfer, IN_FLIGHT_REPLY).with_gas_limit(TRANSFER_GAS_LIMIT)
        } else {
            SubMsg::reply_on_error(transfer, FAILED_REPLY)
        };
        Ok(message.with_payload(self.payload()?))
    }
}

/// The `transfer` of a cw20 token; the crate `cw20` has no release for cosmwasm-std 3.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Cw20Message<'a> {
    Transfer {
        recipient: &'a Addr,
        amount: Uint256,
    },
}

/// The messages that send `payouts` to an address, one per asset: first those that nobody can
/// hook, so that no foreign code runs while they are neither owed nor sent.
///
/// # Errors
/// When a payout cannot be encoded.
pub fn messages(payouts: &[Payout], to: &Addr) -> StdResult<Vec<SubMsg>> {
    in_order(payouts).map(|payout| payout.message(to)).collect()
}

/// As [`messages`], for payouts that nobody keeps when they fail: a failure reverts the transaction.
/// While one is in flight it stays a liability like any other.
///
/// # Errors
/// When a payout cannot be encoded.
pub fn messages_or_revert(payouts: &[Payout], to: &Addr) -> StdResult<Vec<SubMsg>> {
    let message = |payout: &Payout| {
        let mut message = payout.message(to)?;
        message.reply_on = if payout.is_in_flight() {
            ReplyOn::Success
        } else {
            ReplyOn::Never
        };
        Ok(message)
    };
    in_order(payouts).map(message).collect()
}

/// First what nobody can hook.
fn in_order(payouts: &[Payout]) -> impl Iterator<Item = &Payout> {
    let hookable = payouts.iter().filter(|payout| payout.is_in_flight());
    let plain = payouts.iter().filter(|payout| !payout.is_in_flight());
    plain.chain(hookable)
}

/// What a reply says of its payout.
///
/// # Errors
/// When the reply is not one of a payout.
pub fn outcome(reply: Reply) -> StdResult<Outcome> {
    if reply.id != IN_FLIGHT_REPLY && reply.id != FAILED_REPLY {
        return Err(StdError::msg(format!(
            "reply id {} belongs to no payout",
            reply.id
        )));
    }
    read(reply)
}

/// As [`outcome`], for a contract that has reply ids of its own for some payouts.
///
/// # Errors
/// When the reply is not one of a payout.
pub fn read(reply: Reply) -> StdResult<Outcome> {
    let payout = Payout::of_payload(&reply.payload)?;
    Ok(match reply.result.into_result() {
        Ok(_) => Outcome::Delivered(payout),
        Err(reason) => Outcome::Failed { payout, reason },
    })
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use cosmwasm_std::{SubMsgResponse, SubMsgResult};

    use super::*;

    fn payout(asset: Asset, amount: u128) -> Payout {
        Payout {
            account: AddressBytes::new(&[7; 20]).unwrap(),
            asset,
            amount: amount.into(),
        }
    }

    fn native(denom: &str) -> Asset {
        Asset::Native(denom.to_string())
    }

    fn reply(message: &SubMsg, result: SubMsgResult) -> Reply {
        Reply {
            id: message.id,
            payload: message.payload.clone(),
            gas_used: 0,
            result,
        }
    }

    #[test]
    fn what_nobody_can_hook_is_sent_first_and_replies_only_when_it_fails() {
        let to = Addr::unchecked("cosmos1to");
        let payouts = vec![
            payout(native("factory/cosmos1x/evil"), 1),
            payout(Asset::Cw20("cosmos1token".into()), 2),
            payout(native("uatom"), 3),
        ];
        let sent = messages(&payouts, &to).unwrap();
        let order: Vec<_> = sent
            .iter()
            .map(|message| Payout::of_payload(&message.payload).unwrap())
            .collect();
        assert_eq!(
            order,
            [payouts[2].clone(), payouts[0].clone(), payouts[1].clone()]
        );
        assert_eq!(sent[0].reply_on, ReplyOn::Error);
        assert_eq!(sent[0].gas_limit, None);
        for message in &sent[1..] {
            assert_eq!(message.reply_on, ReplyOn::Always);
            assert_eq!(message.gas_limit, Some(TRANSFER_GAS_LIMIT));
        }
    }

    #[test]
    fn a_cw20_transfer_has_the_published_json() {
        let sent = messages(
            &[payout(Asset::Cw20("cosmos1token".into()), 2)],
            &Addr::unchecked("cosmos1to"),
        )
        .unwrap();
        let CosmosMsg::Wasm(WasmMsg::Execute { msg, .. }) = &sent[0].msg else {
            panic!("not a contract call: {:?}", sent[0].msg);
        };
        assert_eq!(
            msg.as_slice(),
            br#"{"transfer":{"recipient":"cosmos1to","amount":"2"}}"#
        );
    }

    #[test]
    fn a_reply_tells_whose_payout_arrived_or_failed() {
        let sent = messages(&[payout(native("uatom"), 3)], &Addr::unchecked("cosmos1to")).unwrap();
        let failed = outcome(reply(&sent[0], SubMsgResult::Err("blocked".into()))).unwrap();
        assert_eq!(
            failed,
            Outcome::Failed {
                payout: payout(native("uatom"), 3),
                reason: "blocked".into()
            }
        );
        #[allow(deprecated)]
        let response = SubMsgResponse {
            events: vec![],
            data: None,
            msg_responses: vec![],
        };
        let delivered = outcome(reply(&sent[0], SubMsgResult::Ok(response))).unwrap();
        assert_eq!(delivered, Outcome::Delivered(payout(native("uatom"), 3)));
        let mut foreign = reply(&sent[0], SubMsgResult::Err("x".into()));
        foreign.id = 99;
        assert!(outcome(foreign).is_err());
    }
}
