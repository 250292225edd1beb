//! Locks: principal, and changes of the epochs in which they count.

use std::collections::BTreeSet;

use num_bigint::BigInt;

use super::{
    DenomAmount, Exit, Extension, GaugeLedger, GaugeLedgerError, LockId, LockTerms, LockVersion,
    NewLock, NewReceiver, Part, TopUpLock,
    records::{Lock, Reward},
};

impl GaugeLedger {
    pub(super) fn lock(&mut self, new: &NewLock<'_>) -> Result<(), GaugeLedgerError> {
        self.refuse_lock(new.lock)?;
        if new.amount == 0 {
            return Err(GaugeLedgerError::BadAmount {
                lock: new.lock,
                amount: 0,
            });
        }
        self.principal.add(&[DenomAmount {
            denom: new.denom,
            amount: new.amount,
        }])?;
        let version = LockVersion {
            since: self.now,
            amount: new.amount,
            duration: new.duration,
            end: None,
            joined: self.durations_up_to(new.duration),
        };
        self.locks.insert(
            new.lock,
            Lock {
                owner: new.owner.to_owned(),
                receiver: new.receiver.map(str::to_owned),
                denom: new.denom.to_owned(),
                versions: vec![version],
                rewards: Vec::new(),
                counted: Default::default(),
                terms: LockTerms::default(),
            },
        );
        Ok(())
    }

    pub(super) fn add_to_lock(&mut self, top_up: &TopUpLock) -> Result<(), GaugeLedgerError> {
        let lock = self.locked(top_up.lock)?;
        if top_up.amount == 0 {
            return Err(GaugeLedgerError::BadAmount {
                lock: top_up.lock,
                amount: 0,
            });
        }
        let denom = lock.denom.clone();
        self.principal.add(&[DenomAmount {
            denom: &denom,
            amount: top_up.amount,
        }])?;
        self.accrue(top_up.lock)?;
        self.change(top_up.lock, |it| it.amount += top_up.amount)
    }

    pub(super) fn begin_unlock(&mut self, exit: &Exit) -> Result<(), GaugeLedgerError> {
        self.locked(exit.lock)?;
        let now = self.now;
        let exiting = self.split_off(exit)?;
        self.change(exiting, |it| it.end = Some(now.saturating_add(it.duration)))
    }

    pub(super) fn cancel_unlock(&mut self, id: LockId) -> Result<(), GaugeLedgerError> {
        if self.with_principal(id)?.now().end.is_none() {
            return Err(GaugeLedgerError::NotUnlocking(id));
        }
        self.accrue(id)?;
        self.change(id, |it| it.end = None)
    }

    pub(super) fn extend_lock(&mut self, extension: &Extension) -> Result<(), GaugeLedgerError> {
        let Extension { lock, duration } = *extension;
        if duration <= self.locked(lock)?.now().duration {
            return Err(GaugeLedgerError::NoExtension { lock, duration });
        }
        let joined = self.durations_up_to(duration);
        self.accrue(lock)?;
        self.change(lock, |it| {
            it.duration = duration;
            it.joined.extend(joined);
        })
    }

    /// Ends a lock now, so that it counts for no pool in epochs that end later.
    pub(super) fn force_unlock(&mut self, exit: &Exit) -> Result<(), GaugeLedgerError> {
        let end = self.with_principal(exit.lock)?.now().end;
        let now = self.now;
        let exiting = self.split_off(exit)?;
        // A lock that ended before keeps its end.
        self.change(exiting, |it| {
            it.end = Some(end.map_or(now, |end| end.min(now)))
        })
    }

    pub(super) fn refresh(&mut self, id: LockId) -> Result<(), GaugeLedgerError> {
        let duration = self.locked(id)?.now().duration;
        let joined = self.durations_up_to(duration);
        self.change(id, |it| it.joined.extend(joined))
    }

    pub(super) fn set_receiver(&mut self, new: &NewReceiver<'_>) -> Result<(), GaugeLedgerError> {
        self.known_lock_mut(new.lock)?.receiver = new.receiver.map(str::to_owned);
        Ok(())
    }

    pub(super) fn withdraw(&mut self, id: LockId) -> Result<(), GaugeLedgerError> {
        let now = self.now;
        match self.with_principal(id)?.now().end {
            None => Err(GaugeLedgerError::NotUnlocking(id)),
            Some(end) if end > now => Err(GaugeLedgerError::NotOver { lock: id, end }),
            Some(_) => self.change(id, |it| it.amount = 0),
        }
    }

    /// Accrues what a lock has earned: a part that is split off later takes nothing of it.
    pub(super) fn accrue(&mut self, id: LockId) -> Result<(), GaugeLedgerError> {
        let rewards = &mut self.known_lock_mut(id)?.rewards;
        rewards.iter_mut().for_each(Reward::accrue);
        Ok(())
    }

    /// Splits off the part that exits, if there is one. Returns the lock that exits.
    fn split_off(&mut self, exit: &Exit) -> Result<LockId, GaugeLedgerError> {
        let Some(Part { amount, child }) = exit.part else {
            return Ok(exit.lock);
        };
        self.refuse_lock(child)?;
        let parent = self.known_lock_mut(exit.lock)?;
        let whole = parent.now().amount;
        if amount == 0 || amount >= whole {
            return Err(GaugeLedgerError::BadAmount {
                lock: exit.lock,
                amount,
            });
        }

        let mut part = parent.clone();
        parent.split_counted(&mut part, amount);
        for (of_parent, of_part) in parent.rewards.iter_mut().zip(&mut part.rewards) {
            let taken = of_parent.since.part(amount, whole);
            of_parent.since.subtract(&taken);
            *of_part = Reward {
                since: taken,
                ..Reward::default()
            };
        }
        let version = LockVersion {
            since: self.now,
            amount,
            ..part.now().clone()
        };
        part.terms.split = BigInt::from(amount) * version.joined.len();
        part.versions = vec![version];
        self.locks.insert(child, part);
        self.change(exit.lock, |it| it.amount -= amount)?;
        Ok(child)
    }

    /// Begins a new version of a lock, which counts as a settlement of it.
    fn change(
        &mut self,
        id: LockId,
        change: impl FnOnce(&mut LockVersion),
    ) -> Result<(), GaugeLedgerError> {
        let now = self.now;
        let lock = self.known_lock_mut(id)?;
        let mut version = lock.now().clone();
        version.since = now;
        change(&mut version);
        lock.versions.push(version);
        lock.terms.settlements += 1;
        Ok(())
    }

    fn durations_up_to(&self, duration: u64) -> BTreeSet<u64> {
        self.durations.range(..=duration).copied().collect()
    }

    fn refuse_lock(&self, id: LockId) -> Result<(), GaugeLedgerError> {
        match self.locks.contains_key(&id) {
            true => Err(GaugeLedgerError::LockExists(id)),
            false => Ok(()),
        }
    }

    /// A lock whose principal is not withdrawn.
    fn with_principal(&self, id: LockId) -> Result<&Lock, GaugeLedgerError> {
        let lock = self.known_lock(id)?;
        if lock.now().amount == 0 {
            return Err(GaugeLedgerError::Withdrawn(id));
        }
        Ok(lock)
    }

    /// A lock that is not unlocking.
    fn locked(&self, id: LockId) -> Result<&Lock, GaugeLedgerError> {
        let lock = self.with_principal(id)?;
        if lock.now().end.is_some() {
            return Err(GaugeLedgerError::Unlocking(id));
        }
        Ok(lock)
    }
}
