//! Gauges: coins that come in, and coins that return to the creator.

use num_bigint::BigInt;
use num_integer::Integer;

use super::{
    DenomAmount, GaugeId, GaugeLedger, GaugeLedgerError, NewGauge, PoolKey, TopUp,
    records::{Gauge, Pot},
};
use crate::exact::{Denominator, NUMERATOR_PLACES, POINT_PLACES, pow10};

impl Gauge {
    fn add(&mut self, denom: usize, amount: u128) {
        let points = amount * pow10(POINT_PLACES);
        match self.pots.iter_mut().find(|it| it.denom == denom) {
            Some(pot) => {
                // Below 2^128, since it is not above what was ever received.
                pot.coins += amount;
                pot.left += points;
            }
            None => self.pots.push(Pot {
                denom,
                coins: amount,
                distributed: BigInt::ZERO,
                left: points,
                returned: 0,
            }),
        }
    }
}

impl GaugeLedger {
    pub(super) fn create_gauge(&mut self, new: &NewGauge<'_>) -> Result<(), GaugeLedgerError> {
        if self.gauges.contains_key(&new.gauge) {
            return Err(GaugeLedgerError::GaugeExists(new.gauge));
        }
        if new.epochs == Some(0) {
            return Err(GaugeLedgerError::NoEpochs(new.gauge));
        }
        self.received.add(new.coins)?;
        let pool = PoolKey {
            denom: new.denom.to_owned(),
            duration: new.duration,
        };
        self.pools.entry(pool.clone()).or_default();
        let start = new.start.unwrap_or(self.now);
        let mut gauge = Gauge {
            creator: new.creator.to_owned(),
            pool,
            first: self.schedule.first_paid(self.now, start),
            remaining: new.epochs,
            closable: new.closable,
            ended: false,
            pots: Vec::new(),
        };
        for coin in new.coins {
            gauge.add(self.received.denom(coin.denom), coin.amount);
        }
        self.gauges.insert(new.gauge, gauge);
        Ok(())
    }

    pub(super) fn add_to_gauge(&mut self, top_up: &TopUp<'_>) -> Result<(), GaugeLedgerError> {
        let gauge = self.running_gauge(top_up.gauge)?;
        // Who else could add to one would decide when its epochs run out.
        let is_asleep_with_epochs = gauge.is_dormant() && gauge.remaining.is_some();
        if is_asleep_with_epochs && gauge.creator != top_up.sender {
            return Err(GaugeLedgerError::WokenByAStranger(top_up.gauge));
        }
        if gauge.closable && gauge.creator != top_up.sender {
            return Err(GaugeLedgerError::NotTheCreator(top_up.gauge));
        }
        self.received.add(top_up.coins)?;
        let ids: Vec<usize> = top_up
            .coins
            .iter()
            .map(|it| self.received.denom(it.denom))
            .collect();
        let gauge = self.running_gauge(top_up.gauge)?;
        for (id, coin) in ids.into_iter().zip(top_up.coins) {
            gauge.add(id, coin.amount);
        }
        Ok(())
    }

    pub(super) fn close_gauge(&mut self, id: GaugeId) -> Result<(), GaugeLedgerError> {
        if !self.running_gauge(id)?.closable {
            return Err(GaugeLedgerError::NotClosable(id));
        }
        self.evict_gauge(id)
    }

    /// Returns the whole base units that a gauge has not given; the fraction goes to the treasury.
    pub(super) fn evict_gauge(&mut self, id: GaugeId) -> Result<(), GaugeLedgerError> {
        let gauge = self.running_gauge(id)?;
        gauge.ended = true;
        let mut ends = Vec::new();
        for pot in &mut gauge.pots {
            let left = std::mem::take(&mut pot.left);
            let (coins, fraction) = left.div_rem(&pow10(POINT_PLACES));
            pot.returned = u128::try_from(coins).unwrap_or_default();
            ends.push((pot.denom, pot.returned, fraction));
        }
        for (denom, returned, fraction) in ends {
            self.received.refund(denom, returned);
            let parts = fraction * pow10(NUMERATOR_PLACES - POINT_PLACES);
            let treasury = self.treasury_mut(denom);
            treasury.accrued.add(parts, Denominator::ONE);
        }
        Ok(())
    }

    pub(super) fn treasury_fee(&mut self, fee: &DenomAmount<'_>) -> Result<(), GaugeLedgerError> {
        self.received.add(&[*fee])?;
        let denom = self.received.denom(fee.denom);
        self.treasury_mut(denom).accrued.add_coins(fee.amount);
        Ok(())
    }

    fn running_gauge(&mut self, id: GaugeId) -> Result<&mut Gauge, GaugeLedgerError> {
        let gauge = self
            .gauges
            .get_mut(&id)
            .ok_or(GaugeLedgerError::UnknownGauge(id))?;
        if gauge.is_over() {
            return Err(GaugeLedgerError::GaugeOver(id));
        }
        Ok(gauge)
    }
}
