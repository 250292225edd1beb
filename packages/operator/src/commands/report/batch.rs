//! The messages of a report.

use chain_types::staking_event::{ChangedPower, StakingEvent};
use fee_pool_core::msg::{ExecuteMsg, Source};
use validator_rewards::last_commit::BeginBlock;

use crate::staking::{Difference, Pool};

/// The most changed powers that one message has: contracts refuse more.
const POWERS: usize = 100;

/// What a report tells.
#[derive(Default)]
pub struct Batch {
    /// The changes in staking, but powers.
    pub events: Vec<StakingEvent>,
    /// The powers that changed.
    pub powers: Vec<ChangedPower>,
    /// What the reporter cannot tell, for the pool's owner.
    pub notes: Vec<String>,
}

impl Batch {
    /// What mends these differences. A pool with hooks is told of powers only.
    pub fn new(differences: Vec<Difference>, pool: &Pool) -> Self {
        let mut batch = Batch::default();
        for event in differences.into_iter().flat_map(|it| it.events) {
            match (event, pool.config.source) {
                (StakingEvent::PowerChanged { validator, power }, _) => {
                    batch.powers.push(ChangedPower { validator, power });
                }
                (_, Source::Hooks { .. }) => {}
                (event, Source::Reporter) => batch.add(event, pool),
            }
        }
        batch
    }

    /// The pool would refuse a rate above the limit that it knows, and with it the whole report.
    fn add(&mut self, event: StakingEvent, pool: &Pool) {
        if let StakingEvent::CommissionChanged { validator, rate } = &event
            && let Some(known) = pool.validators.get(validator)
            && let Some(max_rate) = known.commission.max_rate
            && *rate > max_rate
        {
            self.notes.push(format!(
                "{validator} takes {rate} on the chain, above the {max_rate} that the pool allows: \
                 its owner sends update_commission_terms"
            ));
            return;
        }
        self.events.push(event);
    }

    /// The messages in their order: changes in staking, powers beyond those that a block can bring, the block.
    ///
    /// `known` is a power as the chain has it. It goes with a block that has no other: contracts refuse
    /// powers of a block that is not a new one, so when another reporter was faster, older changes in
    /// staking are refused with it.
    pub fn messages(self, mut block: BeginBlock, known: Option<ChangedPower>) -> Vec<ExecuteMsg> {
        let mut events = self.events;
        let mut powers = self.powers;
        if powers.is_empty() && !events.is_empty() {
            powers.extend(known);
        }
        while powers.len() > POWERS {
            let rest = powers.split_off(POWERS);
            events.push(StakingEvent::PowersChanged { changes: powers });
            powers = rest;
        }
        block.last_commit.changed = powers;
        let mut messages: Vec<_> = events.into_iter().map(ExecuteMsg::StakingEvent).collect();
        messages.push(ExecuteMsg::BeginBlock(block));
        messages
    }
}

#[cfg(test)]
mod tests {
    use chain_types::hooks::Dialect;
    use cosmwasm_std::{Decimal256, Uint64};
    use distribution_math::DecCoins;
    use fee_pool_core::answers::{
        Commission, ConfigResponse, LastBlockResponse, ValidatorResponse,
    };
    use serde_json::{Value, json};
    use validator_rewards::last_commit::LastCommit;

    use super::*;

    /// A pool that knows the validator `v`, whose commission is at most 0.2.
    fn pool(source: Source) -> Pool {
        let known = ValidatorResponse {
            validator: "v".to_string(),
            power: Uint64::new(7),
            commission: Commission {
                rate: Decimal256::percent(10),
                max_rate: Some(Decimal256::percent(20)),
                max_change_rate: None,
                last_edit: None,
                stale: false,
            },
            units: 15u128.into(),
            exchange_rate: "1".to_string(),
            current_rewards: DecCoins::default(),
            removed: false,
        };
        Pool {
            config: ConfigResponse {
                source,
                group: None,
                active: true,
                share_places: 18,
            },
            last_block: LastBlockResponse {
                height: 9,
                reported_height: 8,
                total_power: Uint64::new(7),
                active_validators: 1,
            },
            validators: [("v".to_string(), known)].into(),
            delegations: [].into(),
            withdraw_addresses: [].into(),
        }
    }

    fn difference(events: Vec<StakingEvent>) -> Difference {
        Difference {
            text: String::new(),
            line: None,
            events,
        }
    }

    fn rate(percent: u64) -> StakingEvent {
        StakingEvent::CommissionChanged {
            validator: "v".to_string(),
            rate: Decimal256::percent(percent),
        }
    }

    fn power(validator: &str, power: u128) -> StakingEvent {
        StakingEvent::PowerChanged {
            validator: validator.to_string(),
            power: power.into(),
        }
    }

    fn sent(source: Source, events: Vec<StakingEvent>) -> Value {
        let batch = Batch::new(vec![difference(events)], &pool(source));
        let block = BeginBlock {
            proposer: Some("v".to_string()),
            last_commit: LastCommit {
                signed_power: Some(5u128.into()),
                ..LastCommit::default()
            },
            height: Some(9),
        };
        let known = ChangedPower {
            validator: "v".to_string(),
            power: 7u128.into(),
        };
        json!(batch.messages(block, Some(known)))
    }

    #[test]
    fn a_block_without_changes_is_one_message() {
        let block = json!({"begin_block": {
            "proposer": "v", "last_commit": {"signed_power": "5", "changed": [], "votes": null}, "height": 9,
        }});
        assert_eq!(sent(Source::Reporter, vec![]), json!([block]));
    }

    #[test]
    fn changes_go_first_and_powers_with_the_block() {
        let gone = StakingEvent::ValidatorRemoved {
            validator: "w".to_string(),
        };
        let sent = sent(Source::Reporter, vec![power("v", 8), rate(15), gone]);
        assert_eq!(
            sent[0],
            json!({"staking_event": {"commission_changed": {"validator": "v", "rate": "0.15"}}})
        );
        assert_eq!(
            sent[1],
            json!({"staking_event": {"validator_removed": {"validator": "w"}}})
        );
        let changed = json!([{"validator": "v", "power": "8"}]);
        assert_eq!(sent[2]["begin_block"]["last_commit"]["changed"], changed);
        assert_eq!(sent.as_array().unwrap().len(), 3);
    }

    #[test]
    fn changes_go_with_a_power_so_that_they_fail_with_an_old_block() {
        let sent = sent(Source::Reporter, vec![rate(15)]);
        let changed = json!([{"validator": "v", "power": "7"}]);
        assert_eq!(sent[1]["begin_block"]["last_commit"]["changed"], changed);
    }

    #[test]
    fn more_powers_than_a_block_takes_go_ahead_of_it() {
        let names: Vec<_> = (0..250).map(|number| format!("v{number}")).collect();
        let events = names.iter().map(|name| power(name, 1)).collect();
        let sent = sent(Source::Reporter, events);
        let pages = [
            &sent[0]["staking_event"]["powers_changed"]["changes"],
            &sent[1]["staking_event"]["powers_changed"]["changes"],
            &sent[2]["begin_block"]["last_commit"]["changed"],
        ];
        let pages = pages.map(|page| page.as_array().unwrap());
        assert_eq!(pages.map(Vec::len), [100, 100, 50]);
        let told = pages.iter().flat_map(|page| page.iter());
        let told: Vec<_> = told.map(|it| it["validator"].as_str().unwrap()).collect();
        assert_eq!(told, names);
    }

    #[test]
    fn a_pool_with_hooks_is_told_of_powers_only() {
        let dialect = Dialect::Juno;
        let sent = sent(Source::Hooks { dialect }, vec![rate(15), power("v", 8)]);
        assert_eq!(sent.as_array().unwrap().len(), 1);
        assert_eq!(
            sent[0]["begin_block"]["last_commit"]["changed"][0]["power"],
            "8"
        );
    }

    #[test]
    fn a_rate_above_the_pools_limit_does_not_hold_a_report_back() {
        let differences = vec![difference(vec![rate(25)])];
        let batch = Batch::new(differences, &pool(Source::Reporter));
        assert!(batch.events.is_empty());
        assert_eq!(
            batch.notes,
            [
                "v takes 0.25 on the chain, above the 0.2 that the pool allows: its owner sends \
              update_commission_terms"
            ]
        );
    }
}
