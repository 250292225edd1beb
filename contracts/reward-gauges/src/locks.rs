//! Records of locks: read, listed by account, split, saved and deleted.

use chain_types::address::AddressBytes;
use cosmwasm_std::{Event, Storage, Uint128};
use distribution_math::Coins;
use pool_kit::Amounts;
use pool_kit::events::action;

use crate::ContractError;
use crate::books::{Books, Reason};
use crate::context::Context;
use crate::ids::{id_key, id_of_key};
use crate::state::{
    LAST_LOCK, LOCKS, LOCKS_OF_OWNER, LOCKS_OF_RECEIVER, Lock, LocksByAccount, Position, next_id,
};

impl Lock {
    /// Who gets its rewards.
    pub fn reward_account(&self) -> AddressBytes {
        self.receiver.unwrap_or(self.owner)
    }

    /// Refuses a lock whose principal is withdrawn.
    pub fn assert_not_withdrawn(&self, id: u64) -> Result<(), ContractError> {
        if self.is_withdrawn {
            return Err(ContractError::Withdrawn { id });
        }
        Ok(())
    }

    /// Refuses a lock that is unlocking, or whose principal is withdrawn.
    pub fn assert_locked(&self, id: u64) -> Result<(), ContractError> {
        self.assert_not_withdrawn(id)?;
        match self.end_time {
            None => Ok(()),
            Some(end_time) => Err(ContractError::Unlocking { id, end_time }),
        }
    }

    /// Whether the principal is withdrawn and nothing more can be earned.
    fn is_over(&self) -> bool {
        self.is_withdrawn && self.positions.iter().all(Position::is_over)
    }
}

/// Reads a lock.
pub fn load(storage: &dyn Storage, id: u64) -> Result<Lock, ContractError> {
    let lock = LOCKS.may_load(storage, &id_key(id))?;
    lock.ok_or(ContractError::UnknownLock { id })
}

/// Writes a lock.
pub fn save(storage: &mut dyn Storage, id: u64, lock: &Lock) -> Result<(), ContractError> {
    Ok(LOCKS.save(storage, &id_key(id), lock)?)
}

/// Writes a new lock, lists it by its owner and receiver, and returns its id.
pub fn create(storage: &mut dyn Storage, lock: &Lock) -> Result<u64, ContractError> {
    let id = next_id(storage, &LAST_LOCK)?;
    LOCKS_OF_OWNER.save(storage, (lock.owner.as_slice(), &id_key(id)), &true)?;
    list_receiver(storage, id, lock)?;
    save(storage, id, lock)?;
    Ok(id)
}

fn list_receiver(storage: &mut dyn Storage, id: u64, lock: &Lock) -> Result<(), ContractError> {
    if let Some(receiver) = &lock.receiver {
        LOCKS_OF_RECEIVER.save(storage, (receiver.as_slice(), &id_key(id)), &true)?;
    }
    Ok(())
}

fn unlist_receiver(storage: &mut dyn Storage, id: u64, lock: &Lock) {
    if let Some(receiver) = &lock.receiver {
        LOCKS_OF_RECEIVER.remove(storage, (receiver.as_slice(), &id_key(id)));
    }
}

/// Sets who gets a lock's rewards, none for the owner, and saves the lock.
pub fn set_receiver(
    storage: &mut dyn Storage,
    id: u64,
    lock: &mut Lock,
    receiver: Option<AddressBytes>,
) -> Result<(), ContractError> {
    unlist_receiver(storage, id, lock);
    lock.receiver = receiver;
    list_receiver(storage, id, lock)?;
    save(storage, id, lock)
}

/// Saves a lock, or deletes it when its principal is withdrawn and nothing can be claimed of it any
/// more. What is left below one base unit goes to the treasury then.
pub fn save_or_delete(books: &mut Books, id: u64, lock: &Lock) -> Result<(), ContractError> {
    let is_claimed = books.ctx.config.rewards.coins(&lock.owed).is_empty();
    if !lock.is_over() || !is_claimed {
        return save(books.storage, id, lock);
    }
    LOCKS.remove(books.storage, &id_key(id));
    LOCKS_OF_OWNER.remove(books.storage, (lock.owner.as_slice(), &id_key(id)));
    unlist_receiver(books.storage, id, lock);
    books.to_treasury(&lock.owed, Reason::ClosedLock { id })
}

/// One page of an account's locks.
pub struct LockPage {
    /// Their ids.
    pub ids: Vec<u64>,
    /// The last of them, when there are more.
    pub next: Option<u64>,
}

impl LockPage {
    /// The locks of an account in one of the lists, by id, behind `start_after`.
    pub fn of(
        list: &LocksByAccount,
        storage: &dyn Storage,
        account: &AddressBytes,
        start_after: Option<u64>,
        limit: usize,
    ) -> Self {
        let start = start_after.map(id_key);
        let start = start.as_ref().map(|key| key.as_slice());
        let mut keys = list.keys(storage, &[account.as_slice()], start);
        let page = keys.by_ref().take(limit);
        let ids: Vec<u64> = page.filter_map(|key| id_of_key(&key)).collect();
        let last = ids.last().copied();
        LockPage {
            next: last.filter(|_| keys.next().is_some()),
            ids,
        }
    }
}

/// The event that says where the next page starts; none behind the last one.
pub fn next_page(next: Option<u64>) -> Option<Event> {
    next.map(|next| action("next_page").add_attribute("next", next.to_string()))
}

/// Refuses an amount that is too small for a lock.
pub fn assert_min_lock(ctx: &Context, amount: Coins) -> Result<(), ContractError> {
    let min = ctx.config.min_lock.u128().max(1);
    let amount = amount.amount();
    if amount < min {
        return Err(ContractError::BelowMinimumLock { amount, min });
    }
    Ok(())
}

/// What a message acts upon: all of a lock, or a part that became a lock of its own.
pub struct Part {
    /// Its id.
    pub id: u64,
    /// The lock; the caller saves it.
    pub lock: Lock,
    /// The event of the split, if there was one.
    pub event: Option<Event>,
}

/// Takes an amount off a lock as a lock of its own, with the same owner, receiver, times and
/// positions. What is owed stays with the old lock; no stake changes. All of a lock is the lock
/// itself.
///
/// # Errors
/// For an amount of 0 or above that of the lock, and when either part is too small for a lock.
pub fn split(
    ctx: &Context,
    storage: &mut dyn Storage,
    id: u64,
    mut lock: Lock,
    amount: Option<Uint128>,
) -> Result<Part, ContractError> {
    let amount = amount.map_or(lock.amount, |amount| Coins::new(amount.u128()));
    if amount.is_zero() {
        return Err(ContractError::ZeroAmount);
    }
    if amount > lock.amount {
        return Err(ContractError::AboveLock {
            id,
            held: lock.amount.amount(),
            requested: amount.amount(),
        });
    }
    if amount == lock.amount {
        return Ok(Part {
            id,
            lock,
            event: None,
        });
    }
    lock.amount.decrease(amount)?;
    assert_min_lock(ctx, amount)?;
    assert_min_lock(ctx, lock.amount)?;
    let part = Lock {
        amount,
        owed: Amounts::default(),
        ..lock.clone()
    };
    save(storage, id, &lock)?;
    let part_id = create(storage, &part)?;
    let event = action("split_lock")
        .add_attribute("lock_id", id.to_string())
        .add_attribute("new_lock_id", part_id.to_string())
        .add_attribute("amount", amount.amount().to_string());
    Ok(Part {
        id: part_id,
        lock: part,
        event: Some(event),
    })
}
