//! Money out: payouts that stay somebody's until they have arrived.
//!
//! A token whose transfer calls contracts could, between our sending and its arrival, call back
//! into a message that takes "balance minus what is owed" for income. So a payout of such a token
//! stays a liability *in flight* until its reply. A token that nobody can hook needs no such care
//! and costs no reply, provided that it is sent before the others: the bank moves it before any
//! foreign code runs. [`messages`] keeps that order.
//!
//! A payout that fails blocks nobody: it becomes *undelivered*, owed to the account whose claim it
//! was, and is paid by that account's next withdrawal to wherever that goes.

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, BankMsg, Binary, Coin, Reply, ReplyOn, StdError, StdResult, Storage, SubMsg, Uint256,
    WasmMsg,
};

use crate::address::AddressBytes;
use crate::asset::{Asset, insert_by_denom};
use crate::json::{self, LeanMap, ReadJson};

/// Reply id of payouts that stay in flight until their reply.
pub const IN_FLIGHT_REPLY: u64 = 1;
/// Reply id of payouts whose reply comes only when they failed.
pub const FAILED_REPLY: u64 = 2;

/// Gas for a transfer that may run foreign code, in the chain's units. A cw20 transfer takes about
/// 80 000; a token that burns all it gets blocks only itself.
pub const TRANSFER_GAS_LIMIT: u64 = 500_000;

/// Amounts owed to accounts whose payouts failed, by account.
const UNDELIVERED: LeanMap<Vec<AssetAmount>> = LeanMap::new("undelivered");

/// An amount of an asset, in base units.
#[cw_serde]
#[derive(ReadJson)]
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
        /// What the chain said.
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

    fn message(&self, to: &Addr) -> StdResult<SubMsg> {
        let payload = self.payload()?;
        let message = match &self.asset {
            Asset::Native(denom) => {
                let send = BankMsg::Send {
                    to_address: to.to_string(),
                    amount: vec![Coin {
                        denom: denom.clone(),
                        amount: self.amount,
                    }],
                };
                if !self.is_in_flight() {
                    return Ok(SubMsg::reply_on_error(send, FAILED_REPLY).with_payload(payload));
                }
                SubMsg::reply_always(send, IN_FLIGHT_REPLY)
            }
            Asset::Cw20(contract) => SubMsg::reply_always(
                WasmMsg::Execute {
                    contract_addr: contract.clone(),
                    msg: json::to_binary(&Cw20Message::Transfer {
                        recipient: to,
                        amount: self.amount,
                    })?,
                    funds: vec![],
                },
                IN_FLIGHT_REPLY,
            ),
        };
        Ok(message
            .with_payload(payload)
            .with_gas_limit(TRANSFER_GAS_LIMIT))
    }
}

/// The message that sends a payout which nobody keeps when it fails: a failure reverts the
/// transaction. While it is in flight it stays a liability like any other.
///
/// # Errors
/// None in practice.
pub fn message_or_revert(payout: &Payout, to: &Addr) -> StdResult<SubMsg> {
    let mut message = payout.message(to)?;
    message.reply_on = if payout.is_in_flight() {
        ReplyOn::Success
    } else {
        ReplyOn::Never
    };
    Ok(message)
}

#[derive(serde::Serialize)]
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
/// None in practice.
#[inline(never)]
pub fn messages(payouts: Vec<Payout>, to: &Addr) -> StdResult<Vec<SubMsg>> {
    let mut messages = Vec::new();
    for in_flight in [false, true] {
        for payout in &payouts {
            if payout.is_in_flight() == in_flight {
                messages.push(payout.message(to)?);
            }
        }
    }
    Ok(messages)
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
    let payout = Payout::of_payload(&reply.payload)?;
    Ok(match reply.result.into_result() {
        Ok(_) => Outcome::Delivered(payout),
        Err(reason) => Outcome::Failed { payout, reason },
    })
}

/// What is undelivered to an account.
///
/// # Errors
/// Unreadable records.
pub fn undelivered(storage: &dyn Storage, account: &AddressBytes) -> StdResult<Vec<AssetAmount>> {
    Ok(UNDELIVERED
        .may_load(storage, account.as_slice())?
        .unwrap_or_default())
}

/// What is undelivered to an account of the bank's denoms, sorted by denom.
///
/// # Errors
/// Unreadable records.
pub fn undelivered_coins(storage: &dyn Storage, account: &AddressBytes) -> StdResult<Vec<Coin>> {
    let mut coins = Vec::new();
    for owed in undelivered(storage, account)? {
        if let Asset::Native(denom) = owed.asset {
            insert_by_denom(&mut coins, Coin::new(owed.amount, denom));
        }
    }
    Ok(coins)
}

/// Notes a failed payout as owed to its account.
///
/// # Errors
/// Unreadable records.
pub fn keep_undelivered(storage: &mut dyn Storage, payout: &Payout) -> StdResult<()> {
    let mut owed = undelivered(storage, &payout.account)?;
    match owed.iter_mut().find(|owed| owed.asset == payout.asset) {
        Some(owed) => owed.amount = owed.amount.checked_add(payout.amount)?,
        None => owed.push(AssetAmount {
            asset: payout.asset.clone(),
            amount: payout.amount,
        }),
    }
    UNDELIVERED.save(storage, payout.account.as_slice(), &owed)
}

/// Takes out what is undelivered to an account, of the assets that `wanted` names.
///
/// # Errors
/// Unreadable records.
pub fn take_undelivered(
    storage: &mut dyn Storage,
    account: &AddressBytes,
    wanted: impl Fn(&Asset) -> bool,
) -> StdResult<Vec<AssetAmount>> {
    let (taken, left): (Vec<_>, Vec<_>) = undelivered(storage, account)?
        .into_iter()
        .partition(|owed| wanted(&owed.asset));
    if left.is_empty() {
        if !taken.is_empty() {
            UNDELIVERED.remove(storage, account.as_slice());
        }
    } else if !taken.is_empty() {
        UNDELIVERED.save(storage, account.as_slice(), &left)?;
    }
    Ok(taken)
}

/// An account with what is undelivered to it.
pub struct UndeliveredTo {
    /// The account.
    pub account: AddressBytes,
    /// What it is owed.
    pub owed: Vec<AssetAmount>,
}

/// Accounts with undelivered payouts in the order of their bytes, behind `start_after`.
///
/// # Errors
/// Unreadable records.
pub fn undelivered_accounts(
    storage: &dyn Storage,
    start_after: Option<&AddressBytes>,
    limit: usize,
) -> StdResult<Vec<UndeliveredTo>> {
    let mut accounts = Vec::new();
    let records = UNDELIVERED.range(storage, start_after.map(AddressBytes::as_slice));
    for record in records.take(limit) {
        let (account, owed) = record?;
        accounts.push(UndeliveredTo {
            account: AddressBytes::new(&account)?,
            owed,
        });
    }
    Ok(accounts)
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use cosmwasm_std::testing::MockStorage;
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
        let sent = messages(payouts.clone(), &to).unwrap();
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
            vec![payout(Asset::Cw20("cosmos1token".into()), 2)],
            &Addr::unchecked("cosmos1to"),
        )
        .unwrap();
        let cosmwasm_std::CosmosMsg::Wasm(WasmMsg::Execute { msg, .. }) = &sent[0].msg else {
            panic!("not a contract call: {:?}", sent[0].msg);
        };
        assert_eq!(
            msg.as_slice(),
            br#"{"transfer":{"recipient":"cosmos1to","amount":"2"}}"#
        );
    }

    #[test]
    fn a_reply_tells_whose_payout_arrived_or_failed() {
        let sent = messages(
            vec![payout(native("uatom"), 3)],
            &Addr::unchecked("cosmos1to"),
        )
        .unwrap();
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

    #[test]
    fn undelivered_amounts_add_up_and_are_taken_once() {
        let mut storage = MockStorage::new();
        let atom = payout(native("uatom"), 3);
        keep_undelivered(&mut storage, &atom).unwrap();
        keep_undelivered(&mut storage, &atom).unwrap();
        keep_undelivered(&mut storage, &payout(native("uosmo"), 5)).unwrap();
        let taken =
            take_undelivered(&mut storage, &atom.account, |asset| *asset == atom.asset).unwrap();
        assert_eq!(
            taken,
            [AssetAmount {
                asset: native("uatom"),
                amount: 6u128.into()
            }]
        );
        let rest = take_undelivered(&mut storage, &atom.account, |_| true).unwrap();
        assert_eq!(rest.len(), 1);
        assert!(undelivered_accounts(&storage, None, 10).unwrap().is_empty());
    }
}
