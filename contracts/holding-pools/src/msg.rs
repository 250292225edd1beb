//! Messages. Numbers that can pass 2^53 are strings.

use std::fmt;

use chain_types::staking_event::ChangedPower;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Decimal256, IbcOrder};
use pool_kit::ownership::Action;
use validator_rewards::last_commit::{BeginBlock, SudoBeginBlock, SudoPowersChanged};

/// Sets up the pools.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct InstantiateMsg {
    /// Who administers the contract. Default: the sender.
    pub owner: Option<String>,
    /// Denoms that are taken for fees, at most 8 ever.
    pub reward_denoms: Vec<String>,
    /// Who gets the consumer's own part of the fees: its fee pool, or another account. Default:
    /// nobody, and then the fraction is 0.
    pub fee_pool: Option<String>,
    /// The provider.
    pub provider: Provider,
    /// The order of the CCV channel. Default: `ordered`.
    pub order: Option<Order>,
    /// Who may report blocks. Default: nobody but the chain itself.
    pub reporters: Option<ReportersUpdate>,
    /// See [`Params::blocks_per_distribution_transmission`].
    pub blocks_per_distribution_transmission: Option<u64>,
    /// See [`Params::consumer_redistribution_fraction`].
    pub consumer_redistribution_fraction: Option<Decimal256>,
    /// See [`Params::base_proposer_reward`].
    pub base_proposer_reward: Option<Decimal256>,
    /// See [`Params::bonus_proposer_reward`].
    pub bonus_proposer_reward: Option<Decimal256>,
    /// See [`Params::transfer_timeout_seconds`].
    pub transfer_timeout_seconds: Option<u64>,
    /// See [`Params::weights_timeout_seconds`].
    pub weights_timeout_seconds: Option<u64>,
}

/// The provider, and the way to it. All of it is known beforehand: a handshake with anybody else is
/// refused.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct Provider {
    /// The connection of the CCV channel, as this chain names it.
    pub connection_id: String,
    /// The port of the provider contract: `wasm.` and its address.
    pub port_id: String,
    /// The ICS-20 channel over which coins go, as this chain names it.
    pub transfer_channel: String,
    /// The provider contract, which receives the coins.
    pub receiver: String,
    /// The prefix of accounts on the provider: that of the receiver. Validators have the same with
    /// `valoper` behind it.
    pub prefix: String,
}

/// Fields of [`Provider`] to change; those left out stay.
#[cw_serde]
#[derive(Default)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct ProviderUpdate {
    /// See [`Provider::connection_id`].
    pub connection_id: Option<String>,
    /// See [`Provider::port_id`].
    pub port_id: Option<String>,
    /// See [`Provider::transfer_channel`].
    pub transfer_channel: Option<String>,
    /// See [`Provider::receiver`].
    pub receiver: Option<String>,
    /// See [`Provider::prefix`].
    pub prefix: Option<String>,
    /// The order of the next CCV channel.
    pub order: Option<Order>,
}

/// The order of a channel.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Order {
    /// Packets arrive in the order in which they were sent, and a timeout closes the channel.
    Ordered,
    /// Packets arrive in any order.
    Unordered,
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Order::Ordered => "ordered",
            Order::Unordered => "unordered",
        })
    }
}

impl Order {
    /// As the chain names it.
    pub fn ibc(self) -> IbcOrder {
        match self {
            Order::Ordered => IbcOrder::Ordered,
            Order::Unordered => IbcOrder::Unordered,
        }
    }
}

/// Params.
#[cw_serde]
pub struct Params {
    /// Blocks from one due block to the next, at least 1. Default: 1000.
    pub blocks_per_distribution_transmission: u64,
    /// Of what comes in, the part of the consumer's own stakers, in [0, 1]. Default: 0.75 with a fee
    /// pool, else 0.
    pub consumer_redistribution_fraction: Decimal256,
    /// Of the provider's part, for the proposer, in [0, 1]. Default: 0.01.
    pub base_proposer_reward: Decimal256,
    /// Of the provider's part, for the proposer, in proportion to the power that signed, in [0, 1];
    /// with the base at most 1. Default: 0.04.
    pub bonus_proposer_reward: Decimal256,
    /// How long a transfer may take, in seconds: a minute to a year. Default: 3600.
    pub transfer_timeout_seconds: u64,
    /// How long a packet of the CCV channel may take, in seconds: a minute to a year. Default:
    /// 2419200, four weeks.
    pub weights_timeout_seconds: u64,
}

/// Params to change; those left out stay.
#[cw_serde]
#[derive(Default)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct ParamsUpdate {
    /// Who gets the consumer's own part of the fees.
    pub fee_pool: Option<String>,
    /// See [`Params::blocks_per_distribution_transmission`].
    pub blocks_per_distribution_transmission: Option<u64>,
    /// See [`Params::consumer_redistribution_fraction`].
    pub consumer_redistribution_fraction: Option<Decimal256>,
    /// See [`Params::base_proposer_reward`].
    pub base_proposer_reward: Option<Decimal256>,
    /// See [`Params::bonus_proposer_reward`].
    pub bonus_proposer_reward: Option<Decimal256>,
    /// See [`Params::transfer_timeout_seconds`].
    pub transfer_timeout_seconds: Option<u64>,
    /// See [`Params::weights_timeout_seconds`].
    pub weights_timeout_seconds: Option<u64>,
}

/// Reporters to replace; a list left out stays.
#[cw_serde]
#[derive(Default)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct ReportersUpdate {
    /// Who may send `begin_block` and `powers_changed`.
    pub block: Option<Vec<String>>,
}

/// All messages.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub enum ExecuteMsg {
    /// Block reporter: splits what has come in since the last block. Once per height. At a due block
    /// the pools close.
    BeginBlock(BeginBlock),
    /// Block reporter: powers that changed, at most 100, before the `begin_block` whose fees they
    /// earned.
    PowersChanged {
        /// Each validator once.
        changes: Vec<ChangedPower>,
    },
    /// Anyone: the funds are fees of the next block.
    Deposit {},
    /// Anyone: goes on with closing, weights and transfers.
    Tick {
        /// Units of work: a weight deleted, a validator settled, an entry sent, a transfer. Default:
        /// 30, at most 100.
        limit: Option<u32>,
    },
    /// Anyone, and the chain's clock: one step of one closing unit.
    Settle {},
    /// Anyone, seven days after the timeout of a transfer without an outcome: asks the provider.
    Reconcile {
        /// The unit's denom.
        denom: String,
    },
    /// Anyone, with two units of a reward denom, while the contract is not active: tests the way to
    /// the provider and back. Passing it activates the contract. One at a time; the owner's takes the
    /// place of the one that is under way.
    Probe {},
    /// Owner: gives up a unit whose coins are here, which join the provider's part; or one whose coins
    /// went to a provider that was replaced, seven days after their timeout.
    Release {
        /// The unit's denom.
        denom: String,
    },
    /// The account with the operator's bytes: whom the provider pays for this validator.
    SetProviderValidator {
        /// The validator here.
        validator: String,
        /// The validator there.
        provider_validator: String,
    },
    /// Owner: another provider, or another way to it. Needs a new probe.
    UpdateProvider(ProviderUpdate),
    /// Owner: ignores the CCV channel from now on, when it cannot even be closed.
    AbandonChannel {
        /// The channel of now.
        channel_id: String,
    },
    /// Owner: lets a channel be closed, once.
    AllowChannelClose {
        /// The channel.
        channel_id: String,
    },
    /// Owner: changes params and the fee pool, from the next block on.
    UpdateParams(ParamsUpdate),
    /// Owner: replaces the reporters.
    UpdateReporters(ReportersUpdate),
    /// Owner: adds and removes denoms.
    UpdateRewardDenoms {
        /// To be received from now on.
        #[serde(default)]
        add: Vec<String>,
        /// No longer to be received. What has come in is taken in now, and what is held goes on.
        #[serde(default)]
        remove: Vec<String>,
    },
    /// Owner: moves undistributed coins of a denom that is not received.
    Sweep {
        /// As the bank names it.
        denom: String,
        /// Who gets them.
        recipient: String,
    },
    /// Owner or pending owner: the two-step ownership.
    UpdateOwnership(Action),
}

/// What a chain sends through `sudo`: one key. Unknown fields are passed over; what cannot be read
/// or done is the event `hook_ignored`, never an error.
#[cw_serde]
pub enum SudoMsg {
    /// A block, as the message of the same name.
    BeginBlock(SudoBeginBlock),
    /// Powers that changed, as the message of the same name.
    PowersChanged(SudoPowersChanged),
    /// Of a clock module: one step of a closing unit, as a message to itself.
    ClockEndBlock {},
}

/// Migration keeps the state.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct MigrateMsg {}
