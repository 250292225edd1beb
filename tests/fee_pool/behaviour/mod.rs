//! What a pool does whatever its accounting is, one file per behaviour.

mod authority;
mod bad_input;
mod blocks;
mod commission;
mod corrections;
mod cw4_group;
mod events;
mod hooks_commission;
mod hooks_source;
mod import_and_activation;
mod moved_claims;
mod ownership_and_params;
mod payouts;
mod powers;
mod queries;
mod reentrancy;
mod reference_case;
mod removal;
mod storage_writes;
mod units;
mod withdrawals;
