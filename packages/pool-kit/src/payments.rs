//! A claim and what is undelivered to its account, paid together out of a ledger, and what the
//! chain's reply makes of it.
//!
//! A payout that a foreign contract may observe stays a liability *in flight* until its reply; any
//! other leaves the ledger when it is sent (see [`payout`]).

use chain_types::address::AddressBytes;
use chain_types::asset::Asset;
use cosmwasm_std::{Coin, Event, Reply, StdError, Storage, Uint256};
use distribution_math::{MathError, Points};

use crate::events::action;
use crate::ledger::{Class, DenomLedger};
use crate::payout::{self, Outcome, Payout};
use crate::undelivered::{self, Undelivered};
use crate::{Amounts, Chain, DenomId, Denoms, KitError};

/// What an account is paid of one denom.
#[derive(Clone, Debug)]
pub struct Payment {
    /// The denom.
    pub denom: DenomId,
    /// Points of the claim that leave it: whole coins.
    pub claimed: Points,
    /// Base units that an earlier payout did not deliver.
    pub kept: Uint256,
    /// Both, as they are sent.
    pub payout: Payout,
}

/// What to pay an account: the whole coins of `claimed` and, of the denoms `wanted`, what is
/// undelivered to it, which is taken out of the records. Denoms of which there is nothing are left
/// out. Every denom is sent, so nothing has to wait for its turn: there are at most
/// [`Denoms::LIMIT`].
///
/// # Errors
/// Unreadable records.
pub fn collect(
    storage: &mut dyn Storage,
    denoms: &Denoms,
    wanted: &[DenomId],
    account: AddressBytes,
    claimed: &Amounts,
) -> Result<Vec<Payment>, KitError> {
    let names: Vec<(DenomId, &str)> = denoms
        .iter()
        .filter(|(denom, _)| wanted.contains(denom))
        .map(|(denom, record)| (denom, record.name.as_str()))
        .collect();
    let kept = undelivered::take(storage, &account, |asset| {
        names
            .iter()
            .any(|(_, name)| matches!(asset, Asset::Native(denom) if denom == name))
    })?;
    combine(&names, &kept, account, claimed)
}

/// What to pay an account to whom nothing is undelivered: as [`collect`], without reading records.
///
/// # Errors
/// When an amount passes 256 bits, which the bound on receipts excludes.
pub fn of_claim(
    denoms: &Denoms,
    account: AddressBytes,
    claimed: &Amounts,
) -> Result<Vec<Payment>, KitError> {
    let names: Vec<(DenomId, &str)> = denoms
        .iter()
        .map(|(denom, record)| (denom, record.name.as_str()))
        .collect();
    combine(&names, &[], account, claimed)
}

fn combine(
    names: &[(DenomId, &str)],
    undelivered: &[Undelivered],
    account: AddressBytes,
    claimed: &Amounts,
) -> Result<Vec<Payment>, KitError> {
    let mut payments = Vec::new();
    for (denom, name) in names {
        let asset = Asset::Native((*name).to_string());
        let kept = undelivered
            .iter()
            .find(|kept| kept.asset == asset)
            .map(|kept| kept.amount)
            .unwrap_or_default();
        let claimed = claimed.get(*denom);
        let amount = claimed
            .whole_coins()
            .checked_add(kept)
            .map_err(StdError::from)?;
        if amount.is_zero() {
            continue;
        }
        payments.push(Payment {
            denom: *denom,
            claimed,
            kept,
            payout: Payout {
                account,
                asset,
                amount,
            },
        });
    }
    Ok(payments)
}

/// The event of payments that bring what was undelivered, `None` when none does.
pub fn undelivered_paid(denoms: &Denoms, chain: &Chain, payments: &[Payment]) -> Option<Event> {
    let account = payments.first()?.payout.account;
    let brought: Vec<Coin> = payments
        .iter()
        .filter(|payment| !payment.kept.is_zero())
        .map(|payment| Coin::new(payment.kept, payment.payout.asset.to_string()))
        .collect();
    (!brought.is_empty()).then(|| {
        action("undelivered_paid")
            .add_attribute("account", chain.show(&account))
            .add_attribute("amount", denoms.coins_text(&brought))
    })
}

/// The answer of the chain to a payout of one of a pool's denoms.
#[derive(Clone, Debug)]
pub struct Replied {
    /// The denom.
    pub denom: DenomId,
    /// What became of the payout.
    pub outcome: Outcome,
}

impl Replied {
    /// Reads a reply.
    ///
    /// # Errors
    /// When it is none of a payout, or of none of the denoms.
    pub fn read(denoms: &Denoms, reply: Reply) -> Result<Self, KitError> {
        let outcome = payout::outcome(reply)?;
        let (Outcome::Delivered(payout) | Outcome::Failed { payout, .. }) = &outcome;
        let Asset::Native(name) = &payout.asset else {
            return Err(KitError::UnlistedDenom {
                denom: payout.asset.to_string(),
            });
        };
        Ok(Replied {
            denom: denoms.claimable(name)?,
            outcome,
        })
    }

    /// Keeps a payout that failed for its account. Returns the event `payout_failed`, `None` for
    /// one that arrived.
    ///
    /// # Errors
    /// Unreadable records.
    pub fn keep_failed(
        &self,
        storage: &mut dyn Storage,
        chain: &Chain,
    ) -> Result<Option<Event>, KitError> {
        let Outcome::Failed { payout, reason } = &self.outcome else {
            return Ok(None);
        };
        undelivered::keep(storage, payout)?;
        let coin = Coin::new(payout.amount, payout.asset.to_string());
        Ok(Some(
            action("payout_failed")
                .add_attribute("account", chain.show(&payout.account))
                .add_attribute("amount", coin.to_string())
                .add_attribute("reason", format!("chain: {reason}")),
        ))
    }
}

impl DenomLedger {
    /// Takes a payment out of the class that it is claimed from and out of what is undelivered: out
    /// of everything at once where nobody can hook the transfer, otherwise into what is in flight.
    ///
    /// # Errors
    /// [`MathError::Underflow`] when a class has less.
    pub fn pay(&mut self, from: Class, payment: &Payment) -> Result<(), MathError> {
        self.leave(from, &payment.payout, payment.claimed)?;
        let kept = Points::try_from_coins(payment.kept)?;
        self.leave(Class::Undelivered, &payment.payout, kept)
    }

    /// Takes points of a payout out of a class, as [`DenomLedger::pay`] does.
    ///
    /// # Errors
    /// [`MathError::Underflow`] when the class has less.
    pub fn leave(&mut self, from: Class, payout: &Payout, points: Points) -> Result<(), MathError> {
        if payout.is_in_flight() {
            self.transfer(from, Class::InFlight, points)
        } else {
            self.release(from, points)
        }
    }

    /// Books what became of a payout.
    ///
    /// # Errors
    /// [`MathError::Underflow`] when it was not in flight
    /// although it should have been.
    pub fn settle(&mut self, outcome: &Outcome) -> Result<(), MathError> {
        match outcome {
            Outcome::Delivered(payout) => {
                self.release(Class::InFlight, Points::try_from_coins(payout.amount)?)
            }
            Outcome::Failed { payout, .. } => {
                let points = Points::try_from_coins(payout.amount)?;
                if payout.is_in_flight() {
                    self.transfer(Class::InFlight, Class::Undelivered, points)
                } else {
                    // It left the ledger when it was sent, and never left the balance.
                    self.allocate(Class::Undelivered, points)
                }
            }
        }
    }
}
