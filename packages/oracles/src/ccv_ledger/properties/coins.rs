//! Every coin is somewhere, once.

/// Where the coins of one consumer's denom are, on both chains. Voucher and original are one denom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CoinSnapshot {
    /// The consumer's denom, for errors.
    pub denom: String,
    /// All that was ever given to either contract from outside. A refund is none.
    pub collected: u128,
    /// The consumer contract's balance.
    pub consumer_balance: u128,
    /// In packets that neither arrived nor came back.
    pub in_flight: u128,
    /// The provider contract's balance.
    pub provider_balance: u128,
    /// Arrived, and not shared out yet.
    pub waiting: u128,
    /// Owed to validators: payments that failed or wait.
    pub owed: u128,
    /// What joins the next unit.
    pub carry: u128,
    /// The community pool's, as far as the provider contract has it still.
    pub community: u128,
    /// Paid by either contract to anybody outside: validators, the community pool, the consumer's own
    /// fee pool, receivers named by an owner.
    pub paid: u128,
}

impl CoinSnapshot {
    /// Everything collected is on the consumer, in flight, owed by the provider, or paid; and the
    /// provider has all that it owes.
    ///
    /// # Errors
    /// The sum that is off, with its terms.
    pub fn check(&self) -> Result<(), String> {
        let Self {
            denom,
            collected,
            consumer_balance,
            in_flight,
            provider_balance,
            waiting,
            owed,
            carry,
            community,
            paid,
        } = self;
        let liabilities = waiting + owed + carry + community;
        let sum = consumer_balance + in_flight + liabilities + paid;
        if sum != *collected {
            return Err(format!(
                "{denom}: collected {collected}, but consumer balance {consumer_balance} + in flight \
                 {in_flight} + waiting {waiting} + owed {owed} + carry {carry} + community \
                 {community} + paid {paid} = {sum}"
            ));
        }
        if *provider_balance < liabilities {
            return Err(format!(
                "{denom}: the provider has {provider_balance} and owes {liabilities} (waiting \
                 {waiting}, owed {owed}, carry {carry}, community {community})"
            ));
        }
        Ok(())
    }

    /// Nothing is under way any more: neither on the wire nor in the provider's inbox.
    ///
    /// # Errors
    /// What is left.
    pub fn check_delivered(&self) -> Result<(), String> {
        let Self {
            denom,
            in_flight,
            waiting,
            ..
        } = self;
        if *in_flight != 0 || *waiting != 0 {
            return Err(format!(
                "{denom}: {in_flight} in flight and {waiting} waiting, though everything was delivered"
            ));
        }
        Ok(())
    }
}
