//! Operations on locks, applied to both.

use anyhow::{Context as _, Result};
use cosmwasm_std::Coin;
use oracles::gauge_ledger::{
    Exit, Extension, GaugeOperation, LockId, NewLock, NewReceiver, Part, TopUpLock,
};
use serde_json::{Value, json};

use super::{ACCOUNTS, GUARD, Harness, LOCKED};

impl Harness {
    /// The lock that a number of an operation stands for.
    pub(super) fn lock_id(&self, number: usize) -> Option<u64> {
        (self.locks > 0).then(|| number as u64 % self.locks + 1)
    }

    /// The answer to `lock`, none when the record is deleted.
    fn lock(&self, id: u64) -> Option<Value> {
        self.suite.query(json!({"lock": {"id": id}})).ok()
    }

    /// The owner's name, none when the lock's record is deleted.
    pub(super) fn owner(&self, id: u64) -> Option<String> {
        self.lock(id)?;
        self.ledger.owner(LockId(id)).map(str::to_string)
    }

    pub(super) fn new_lock(
        &mut self,
        owner: usize,
        locked: usize,
        amount: u128,
        duration: u64,
    ) -> Result<bool> {
        let owner = ACCOUNTS[owner % ACCOUNTS.len()];
        let denom = LOCKED[locked % LOCKED.len()];
        let msg = json!({"lock": {"duration": duration}});
        let funds = vec![Coin::new(amount, denom)];
        let sent = self.suite.execute_with(owner, msg, funds);
        let new = NewLock {
            lock: LockId(self.locks + 1),
            owner,
            receiver: None,
            denom,
            amount,
            duration,
        };
        let is_done = self.follow(sent, GaugeOperation::Lock(new))?;
        self.locks += u64::from(is_done);
        Ok(is_done)
    }

    pub(super) fn add_to_lock(&mut self, number: usize, amount: u128) -> Result<bool> {
        let Some(id) = self.lock_id(number) else {
            return Ok(false);
        };
        let Some(lock) = self.lock(id) else {
            return Ok(false);
        };
        let owner = self.owner(id).context("no owner")?;
        let denom = lock["lock_asset"]["native"].as_str().context("no denom")?;
        let msg = json!({"add_to_lock": {"id": id}});
        let sent = self.send(&owner, msg, vec![Coin::new(amount, denom)]);
        let top_up = TopUpLock {
            lock: LockId(id),
            amount,
        };
        self.follow(sent, GaugeOperation::AddToLock(top_up))
    }

    /// Sends a message of a lock's owner that carries no coins, and follows it in the ledger. `of`
    /// makes both from the lock's id.
    fn by_owner<'a>(
        &mut self,
        number: usize,
        of: impl FnOnce(u64) -> (Value, GaugeOperation<'a>),
    ) -> Result<bool> {
        let Some(id) = self.lock_id(number) else {
            return Ok(false);
        };
        let Some(owner) = self.owner(id) else {
            return Ok(false);
        };
        let (msg, operation) = of(id);
        let sent = self.send(&owner, msg, vec![]);
        self.follow(sent, operation)
    }

    pub(super) fn cancel_unlock(&mut self, number: usize) -> Result<bool> {
        self.by_owner(number, |id| {
            let msg = json!({"cancel_unlock": {"id": id}});
            (msg, GaugeOperation::CancelUnlock(LockId(id)))
        })
    }

    pub(super) fn extend(&mut self, number: usize, duration: u64) -> Result<bool> {
        self.by_owner(number, |id| {
            let msg = json!({"extend_lock": {"id": id, "duration": duration}});
            let lock = LockId(id);
            let operation = GaugeOperation::ExtendLock(Extension { lock, duration });
            (msg, operation)
        })
    }

    pub(super) fn refresh(&mut self, number: usize) -> Result<bool> {
        self.by_owner(number, |id| {
            let msg = json!({"refresh": {"id": id}});
            (msg, GaugeOperation::Refresh(LockId(id)))
        })
    }

    pub(super) fn set_receiver(&mut self, number: usize, receiver: Option<usize>) -> Result<bool> {
        let receiver = receiver.map(|it| ACCOUNTS[it % ACCOUNTS.len()]);
        let named = receiver.map(|it| format!("@{it}"));
        self.by_owner(number, |id| {
            let msg = json!({"set_receiver": {"id": id, "receiver": named}});
            let lock = LockId(id);
            let operation = GaugeOperation::SetReceiver(NewReceiver { lock, receiver });
            (msg, operation)
        })
    }

    /// Begins to unlock, or forces open, a lock or a part of it.
    pub(super) fn exit(
        &mut self,
        number: usize,
        part: Option<u128>,
        is_forced: bool,
    ) -> Result<bool> {
        let Some(id) = self.lock_id(number) else {
            return Ok(false);
        };
        let Some(lock) = self.lock(id) else {
            return Ok(false);
        };
        let amount: u128 = lock["amount"].as_str().unwrap_or_default().parse()?;
        let part = part.map(|part| part % amount).filter(|part| *part > 0);
        let (sender, name) = match is_forced {
            true => (GUARD.to_string(), "force_unlock"),
            false => (self.owner(id).context("no owner")?, "begin_unlock"),
        };
        let msg = json!({name: {"id": id, "amount": part.map(|part| part.to_string())}});
        let sent = self.send(&sender, msg, vec![]);
        let part = part.map(|amount| Part {
            amount,
            child: LockId(self.locks + 1),
        });
        let exit = Exit {
            lock: LockId(id),
            part,
        };
        let operation = match is_forced {
            true => GaugeOperation::ForceUnlock(exit),
            false => GaugeOperation::BeginUnlock(exit),
        };
        if !self.follow(sent, operation)? {
            return Ok(false);
        }
        self.locks += u64::from(part.is_some());
        if is_forced {
            // The contract returns the principal in the same message.
            let exited = part.map_or(LockId(id), |part| part.child);
            self.apply_to_ledger(GaugeOperation::Withdraw(exited))?;
            self.finish_if_deleted(exited.0)?;
        }
        Ok(true)
    }

    pub(super) fn withdraw(&mut self, number: usize) -> Result<bool> {
        let is_done = self.by_owner(number, |id| {
            let msg = json!({"withdraw": {"ids": [id]}});
            (msg, GaugeOperation::Withdraw(LockId(id)))
        })?;
        if is_done && let Some(id) = self.lock_id(number) {
            self.finish_if_deleted(id)?;
        }
        Ok(is_done)
    }

    /// When the contract deletes a lock's record, the lock's fraction goes to the treasury.
    pub(super) fn finish_if_deleted(&mut self, id: u64) -> Result<()> {
        if self.lock(id).is_none() {
            self.apply_to_ledger(GaugeOperation::Finish(LockId(id)))?;
        }
        Ok(())
    }
}
