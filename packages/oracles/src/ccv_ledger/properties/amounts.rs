//! The provider's amounts against the ledger's.

use crate::ccv_ledger::ProviderLedger;

/// What the provider contract says of one consumer and denom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PotSnapshot {
    /// The consumer.
    pub consumer: String,
    /// The denom on the provider.
    pub denom: String,
    /// Arrived, and not shared out yet.
    pub waiting: u128,
    /// What joins the next unit.
    pub carry: u128,
    /// All that ever went to the community pool, paid or not.
    pub community: u128,
}

/// What a validator has got of one denom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RewardSnapshot {
    /// The validator.
    pub validator: String,
    /// The denom on the provider.
    pub denom: String,
    /// Owed by the contract.
    pub owed: u128,
    /// Paid, by the balance or account that it is paid to.
    pub paid: u128,
}

/// The amounts of a consumer's denom equal the oracle's.
///
/// # Errors
/// The amount that differs.
pub fn check_pot(ledger: &ProviderLedger, pot: &PotSnapshot) -> Result<(), String> {
    let PotSnapshot {
        consumer, denom, ..
    } = pot;
    let exact = ledger.totals(consumer, denom);
    let whose = format!("{denom} from {consumer}");
    check_equal(&whose, "waiting", pot.waiting, exact.waiting)?;
    check_equal(&whose, "carry", pot.carry, exact.carry)?;
    check_equal(&whose, "community", pot.community, exact.community)
}

/// The amounts of a validator equal the oracle's.
///
/// # Errors
/// The amount that differs.
pub fn check_reward(ledger: &ProviderLedger, reward: &RewardSnapshot) -> Result<(), String> {
    let RewardSnapshot {
        validator,
        denom,
        owed,
        paid,
    } = reward;
    let whose = format!("{denom} of {validator}");
    check_equal(&whose, "owed", *owed, ledger.owed(validator, denom))?;
    check_equal(&whose, "paid", *paid, ledger.paid(validator, denom))
}

fn check_equal(whose: &str, what: &str, found: u128, expected: u128) -> Result<(), String> {
    if found == expected {
        return Ok(());
    }
    Err(format!("{whose}: {what} {found}, must be {expected}"))
}
