//! Scenario files: what happens on a chain, as JSON alone.
//!
//! A file names its chains and then lists steps. [`parse`] reads it, [`check`] finds every name
//! that is not there before anything runs, an [`Executor`] plays it on embedded chains
//! ([`crate::chain`]) and gives one [`StepOutcome`] per step, [`write()`] makes a file of
//! a [`ScenarioFile`] built in code. `cargo scenario` is a thin layer on top.
//!
//! ```
//! use testkit::scenario::{CodeRegistry, parse, run};
//!
//! # fn main() -> Result<(), testkit::scenario::ScenarioError> {
//! let text = r#"{
//!   "name": "a gift",
//!   "chains": {"hub": {"prefix": "cosmos", "balances": {"alice": ["10uatom"]}}},
//!   "steps": [
//!     {"send": {"from": "alice", "to": "bob", "amount": ["4uatom"]}},
//!     {"balance": {"of": "bob", "denom": "uatom"}, "expect": "4"},
//!     {"send": {"from": "alice", "to": "bob", "amount": ["7uatom"]}, "error": "insufficient"}
//!   ]
//! }"#;
//! let report = run(&parse(text)?, &CodeRegistry::new())?;
//! assert!(report.passed());
//! # Ok(())
//! # }
//! ```
//!
//! # The file
//!
//! | key | what it holds |
//! |---|---|
//! | `name` | any text |
//! | `accounts?` | the names that are accounts, see below |
//! | `chains` | by name: `prefix`, `time?`, `balances?` (account to coins like `"10uatom"`), `callbacks?` |
//! | `steps` | what happens, in order |
//!
//! The time of the first block is RFC 3339 in UTC, 2026-01-01T00:00:00Z by default. With
//! `"callbacks": false` a chain has no callbacks middleware: transfers call no contracts.
//!
//! A step is an object with one key that says what it does and, beside it, `chain?` (needed when
//! there are several), `expect?`, `error?` and `save?`.
//!
//! | step | body | result that `expect` and `save` see |
//! |---|---|---|
//! | `instantiate` | `name`, `code`, `sender`, `msg`, `funds?`, `admin?` | also `address` |
//! | `execute` | `contract`, `sender`, `msg`, `funds?` | `{data, events}` |
//! | `sudo` | `contract`, `msg` (any JSON) | `{data, events}` |
//! | `migrate` | `contract`, `code`, `sender`, `msg` | `{data, events}` |
//! | `send` | `from`, `to`, `amount` | `{data, events}` |
//! | `query` | `contract`, `msg` | the answer |
//! | `balance` | `of`, `denom` | the amount, a string |
//! | `advance` | `blocks?` (1), `seconds?` (5 for each block) | `{height, time}` |
//! | `validator` | `name`, `exists`, `commission?`, `max_commission?`, `max_change_rate?` | `{}` |
//! | `delegation` | `delegator`, `validator`, `amount` | `{}` |
//! | `block_account` | `name`, `blocked` | `{}` |
//! | `hook_denom` | `denom`, `contract`, `msg` | `{}` |
//! | `connect` | `a`, `b` | `{a, b}`, the connection's ids |
//! | `transfer_channel` | `a`, `b`, `connection?` | `{a, b, version, events}`, the channel's ids |
//! | `open_channel` | `a`, `b`, `order`, `version?`, `connection?` | `{a, b, version, events}` |
//! | `transfer` | `from`, `to`, `amount`, `memo?`, `timeout_seconds?` (600), `channel?` | `{sequence, channel, data, events}` |
//! | `relay` | `only?`, `limit?`, `reverse?`, `drop?`, `duplicate?`, `timeouts?` | `{relayed}` |
//! | `expire_client` | `chain` | `{}` |
//! | `close_channel` | `chain`, `contract` or `port`, `channel` | `{data, events}` |
//!
//! - `data` is JSON when the contract's bytes are JSON, else their base64, and `null` when there
//!   are none. `events` are those of contracts, in order: `{type, contract, attributes}` with the
//!   attributes as an object; a key that comes several times has the list of its values. Events of
//!   the chain's own modules differ between chains and are left out.
//! - All time of `advance` passes before its last block. Steps between two `advance` happen in the
//!   same block.
//! - `validator` sets what the chain's staking module says. What it leaves out stays, and is no
//!   commission and no limit for a new validator. `delegation` sets how many tokens staking says
//!   are delegated, `"0"` for no delegation. It, the three rates and `accounts` are this suite's
//!   extensions of the format.
//! - `block_account` makes the bank refuse what is sent to an account or contract, and with
//!   `"blocked": false` take it again.
//! - `hook_denom` makes the bank call a contract before it sends a denom `factory/..`, as token
//!   factories do: the account `bank` sends it `msg`. A call that fails fails the transfer. What
//!   is sent while the hook runs does not call it again.
//! - `code` is a contract of the suite, `cw20`, a plain token with cw20-base's JSON, or `ibc-peer`, the other end
//!   of a channel that sends what it is told to.
//!
//! # Between chains
//!
//! The last seven steps need several chains. All but `transfer` name their chains themselves, have
//! no `chain` beside them, and in their `expect` names are `@chain/name`. `tests/scenarios/README.md`
//! says exactly what each does, and what a relayer takes in which order; [`crate::wire`] is what
//! they are played on.
//!
//! # Names
//!
//! `sender`, `from`, `to`, `of`, `contract`, `name`, `delegator` and `validator` take plain names,
//! `admin` a name or `@name`. In messages and expectations a string that is as a whole one of
//! these is replaced ([`Reference`]):
//!
//! | text | becomes |
//! |---|---|
//! | `@name`, `@chain/name` | an account's or contract's address, on the step's or that chain |
//! | `@@name`, `@@chain/name` | the operator address with the same bytes |
//! | `port:name`, `port:chain/name` | `wasm.<address>` of a contract |
//! | `ibc:transfer/channel-0/uatom` | the denom `ibc/<HASH>`; also in amounts and `denom` |
//! | `$x` | what `save` kept as `x`, of any type |
//!
//! A `memo` that is an object becomes its JSON text, after replacement.
//!
//! Which names are known:
//!
//! - A **contract** is known from the step after the `instantiate` that made it. A step cannot use
//!   it earlier, nor use its name for an account of that chain: the same name would be two
//!   addresses.
//! - An **account** may have any other name, since an account needs nothing to exist; whoever wants
//!   to be safe from typing errors lists them: when the file has `accounts`, every name must be in
//!   it, in some `balances`, or a contract.
//! - A **saved value** is known from the step after the one that saved it.
//! - Names consist of letters, digits, `_`, `-` and `.`.
//!
//! # Expectations
//!
//! `expect` matches as a subset: listed keys must match, arrays have as many elements and match one
//! by one, anything else must be equal. `error` wants a failure whose text contains the string.
//! `save` keeps what a JSON pointer finds in the result. An expectation that is not met is reported
//! and the run goes on, also when a step fails with another text than `error`; a step that fails
//! without `error`, does not fail with one, or has nothing to save stops the run
//! ([`Report::passed`] is false in both cases).
//!
//! # Errors
//!
//! What is wrong with a file has its place, like `steps[3].execute.sender`, and with the text at
//! hand line and column ([`ScenarioError`]).

mod action;
mod between;
mod check;
mod check_between;
mod coins;
mod error;
mod execute;
mod known;
mod matching;
mod model;
mod outcome;
mod parse;
mod perform_between;
mod place;
mod recorded;
mod reference;
mod registry;
mod relayed;
mod resolve;
mod resolve_between;
mod stage;
mod summary;
mod time;
mod write;

#[cfg(test)]
mod tests;

pub use crate::wire::MessageKind;
pub use action::{
    Action, Advance, Balance, BlockAccount, Delegation, Execute, HookDenom, Instantiate, Migrate,
    Query, Send, Sudo, Validator,
};
pub use between::{
    ChannelOrder, ChannelPort, CloseChannel, Connect, ExpireClient, OpenChannel, Transfer,
    TransferChannel,
};
pub use check::check;
pub use error::ScenarioError;
pub use execute::{Executor, run};
pub use matching::{Mismatch, mismatch};
pub use model::{ChainSpec, ScenarioFile, Step};
pub use outcome::{ContractEvent, Failure, Report, StepOutcome, StepResult, Transaction};
pub use parse::parse;
pub use place::{Place, Position, Segment};
pub use recorded::RecordedStage;
pub use reference::{Denom, Reference};
pub use registry::CodeRegistry;
pub use relayed::RelayedMessage;
pub use stage::{Played, Stage};
pub use write::write;
