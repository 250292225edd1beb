//! What a block does with what has come in.

use cosmwasm_std::{Coin, Uint256};
use serde_json::json;

use crate::harness::{ATOM, Consumer, FACTORY, OSMO, coins};

fn with_fee_pool(fraction: &str) -> Consumer {
    let fee_pool = Consumer::new(json!({})).info("fee pool", &[]).sender;
    let mut consumer = Consumer::new(json!({
        "fee_pool": fee_pool,
        "consumer_redistribution_fraction": fraction,
    }));
    consumer.powers(&[(1, 1)]);
    consumer
}

#[test]
fn the_consumer_gets_its_fraction_and_the_provider_the_truncated_rest() {
    for (fees, consumer_part, provider_part) in [
        (1, 0, 1),
        (2, 1, 1),
        (99, 74, 25),
        (100, 75, 25),
        (101, 75, 26),
        (1_000_003, 750_002, 250_001),
    ] {
        let mut consumer = with_fee_pool("0.75");
        consumer.fund(ATOM, fees);
        consumer.block();
        assert_eq!(
            consumer.fee_pool.get(ATOM).copied().unwrap_or(0),
            consumer_part
        );
        assert_eq!(consumer.pool(1, ATOM), coins(provider_part));
    }
}

#[test]
fn the_fraction_is_three_quarters_with_a_fee_pool_and_nothing_without() {
    let params: serde_json::Value = with_fee_pool("0.75").query(json!({"params": {}}));
    assert_eq!(params["consumer_redistribution_fraction"], "0.75");
    let params: serde_json::Value = Consumer::new(json!({})).query(json!({"params": {}}));
    assert_eq!(params["consumer_redistribution_fraction"], "0");
    assert_eq!(params["transfer_timeout_seconds"], 3600);
    assert_eq!(params["weights_timeout_seconds"], 2_419_200);
}

#[test]
fn a_payment_that_fails_stays_the_consumers_and_is_paid_with_the_next_block() {
    for denom in [ATOM, FACTORY] {
        let mut consumer = with_fee_pool("0.5");
        consumer.refuses_payments = true;
        consumer.fund(denom, 100);
        consumer.block();
        assert!(consumer.has_event("payout_failed"));
        assert_eq!(consumer.class(denom, "consumer_pending"), coins(50));
        assert_eq!(consumer.class(denom, "in_flight"), Uint256::zero());
        consumer.refuses_payments = false;
        consumer.fund(denom, 10);
        consumer.block();
        assert_eq!(consumer.fee_pool[denom], 55);
        assert_eq!(consumer.class(denom, "consumer_pending"), Uint256::zero());
        assert_eq!(consumer.pool(1, denom), coins(55));
    }
}

#[test]
fn every_payment_to_the_fee_pool_has_an_event() {
    let mut consumer = with_fee_pool("0.5");
    consumer.refuses_payments = true;
    consumer.fund(ATOM, 100);
    consumer.block();
    assert_eq!(consumer.attribute("consumer_paid", "amount"), "50uatom");
    assert_eq!(consumer.attribute("payout_failed", "amount"), "50uatom");
    consumer.refuses_payments = false;
    // No fees have come since.
    consumer.block();
    assert_eq!(consumer.attribute("consumer_paid", "amount"), "50uatom");
    assert_eq!(consumer.fee_pool[ATOM], 50);
    consumer.block();
    assert!(!consumer.has_event("consumer_paid"));
}

#[test]
fn votes_share_by_power_and_the_proposer_gets_its_reward() {
    let mut consumer = Consumer::new(json!({
        "base_proposer_reward": "0.01",
        "bonus_proposer_reward": "0.04",
    }));
    consumer.powers(&[(1, 10), (2, 30)]);
    consumer.fund(ATOM, 1000);
    consumer.block_by(Some(2));
    // 50 for the proposer, 950 by power.
    assert_eq!(consumer.pool(1, ATOM) + consumer.pool(1, ATOM), coins(475));
    assert_eq!(consumer.pool(2, ATOM) + consumer.pool(2, ATOM), coins(1525));
    assert_eq!(consumer.attribute("proposer_reward", "amount"), "50uatom");
}

#[test]
fn the_part_of_an_unknown_proposer_joins_the_providers_part_of_the_next_block() {
    let mut consumer = Consumer::new(json!({"base_proposer_reward": "0.5"}));
    consumer.powers(&[(1, 1)]);
    consumer.fund(ATOM, 1000);
    consumer.block_by(Some(9));
    assert_eq!(consumer.pool(1, ATOM), coins(500));
    assert_eq!(consumer.class(ATOM, "provider_pending"), coins(500));
    consumer.block_by(Some(1));
    assert_eq!(consumer.pool(1, ATOM), coins(1000));
    assert_eq!(consumer.class(ATOM, "provider_pending"), Uint256::zero());
}

#[test]
fn without_power_the_providers_part_waits_and_is_not_split_a_second_time() {
    let fee_pool = Consumer::new(json!({})).info("fee pool", &[]).sender;
    let mut consumer = Consumer::new(json!({
        "fee_pool": fee_pool,
        "consumer_redistribution_fraction": "0.75",
    }));
    consumer.fund(ATOM, 100);
    consumer.block();
    assert_eq!(consumer.class(ATOM, "provider_pending"), coins(25));
    consumer.powers(&[(1, 5)]);
    consumer.block();
    assert_eq!(consumer.pool(1, ATOM), coins(25));
    assert_eq!(consumer.fee_pool[ATOM], 75);
}

#[test]
fn an_unlisted_denom_is_ignored_and_refused_as_a_deposit() {
    let mut consumer = Consumer::new(json!({}));
    consumer.powers(&[(1, 1)]);
    consumer.fund("ujunk", 50);
    consumer.block();
    assert!(!consumer.has_event("begin_block"));
    let funds = [Coin::new(5u128, "ujunk")];
    let refused = consumer.try_execute("anyone", json!({"deposit": {}}), &funds);
    assert!(refused.unwrap_err().to_string().contains("ujunk"));
}

#[test]
fn a_deposit_is_the_fees_of_the_next_block() {
    let mut consumer = Consumer::new(json!({}));
    consumer.powers(&[(1, 1)]);
    let funds = [Coin::new(5u128, ATOM), Coin::new(7u128, OSMO)];
    consumer
        .try_execute("anyone", json!({"deposit": {}}), &funds)
        .unwrap();
    assert_eq!(consumer.pool(1, ATOM), Uint256::zero());
    consumer.block();
    assert_eq!(consumer.pool(1, ATOM), coins(5));
    assert_eq!(consumer.pool(1, OSMO), coins(7));
}

#[test]
fn a_removed_denom_takes_in_nothing_and_what_is_held_goes_on() {
    let mut consumer = Consumer::active(json!({}));
    consumer.powers(&[(1, 1)]);
    consumer.fund(ATOM, 10);
    consumer.block();
    consumer.execute("owner", json!({"update_reward_denoms": {"remove": [ATOM]}}));
    consumer.fund(ATOM, 10);
    consumer.due_block();
    assert_eq!(consumer.unit(ATOM).unwrap().amount.u128(), 10);
}

#[test]
fn a_block_counts_once_and_only_from_a_reporter() {
    let mut consumer = Consumer::new(json!({}));
    consumer.powers(&[(1, 1)]);
    let block = json!({"begin_block": {"last_commit": {"signed_power": "1"}, "height": 5}});
    let refused = consumer.refused("anyone", block.clone());
    assert!(refused.contains("a block reporter"), "{refused}");
    consumer.next_block();
    consumer.fund(ATOM, 10);
    consumer.execute("reporter", block.clone());
    assert!(consumer.has_event("begin_block"));
    consumer.fund(ATOM, 10);
    consumer.execute("reporter", block.clone());
    assert!(consumer.has_event("already_done"));
    consumer.next_block();
    consumer.execute("reporter", block);
    assert!(consumer.has_event("old_height"));
    assert_eq!(consumer.pool(1, ATOM), coins(10));
}

#[test]
fn reporters_may_tell_powers_before_a_block_and_nobody_else() {
    let mut consumer = Consumer::new(json!({}));
    let changes = json!([{"validator": consumer.validator(1), "power": "5"}]);
    let message = json!({"powers_changed": {"changes": changes}});
    assert!(
        consumer
            .refused("anyone", message.clone())
            .contains("a block reporter")
    );
    consumer.execute("reporter", message);
    consumer.fund(ATOM, 3);
    consumer.block();
    assert_eq!(consumer.pool(1, ATOM), coins(3));
}

#[test]
fn what_sudo_cannot_read_or_do_changes_nothing() {
    let mut consumer = Consumer::new(json!({}));
    for payload in [
        json!({"after_validator_bonded": {}}),
        json!({"begin_block": {"last_commit": {}}}),
        json!({"powers_changed": {"changes": [{"validator": "x", "power": "1"}]}}),
        json!([1]),
    ] {
        consumer.sudo(payload);
        assert!(consumer.has_event("hook_ignored"));
    }
    consumer.sudo(json!({"powers_changed": {"changes": [], "more": 1}}));
    assert!(!consumer.has_event("hook_ignored"));
}

#[test]
fn more_validators_than_a_unit_has_are_refused() {
    let mut consumer = Consumer::new(json!({}));
    let numbers: Vec<u32> = (1..=512).collect();
    for page in numbers.chunks(100) {
        consumer.many_powers(page, 1);
    }
    let changes = json!([{"validator": consumer.validator(200), "power": "1"}]);
    let refused = consumer.refused("reporter", json!({"powers_changed": {"changes": changes}}));
    assert!(
        refused.contains("513 active validators are above the limit of 512"),
        "{refused}"
    );
}

#[test]
fn what_has_come_of_a_denom_is_taken_in_when_it_is_removed() {
    let mut consumer = with_fee_pool("0.75");
    consumer.fund(ATOM, 100);
    consumer.execute("owner", json!({"update_reward_denoms": {"remove": [ATOM]}}));
    assert_eq!(consumer.attribute("fees_taken_in", "fees"), "100uatom");
    assert_eq!(consumer.attribute("fees_taken_in", "consumer"), "75uatom");
    consumer.check();
    // What comes later is nobody's.
    consumer.fund(ATOM, 7);
    consumer.block();
    assert_eq!(consumer.fee_pool[ATOM], 75);
    assert_eq!(consumer.pool(1, ATOM), coins(25));
    // A denom that is not received cannot be removed.
    consumer.refused("owner", json!({"update_reward_denoms": {"remove": [ATOM]}}));
    // Nothing has come of this one.
    consumer.execute("owner", json!({"update_reward_denoms": {"remove": [OSMO]}}));
    assert!(!consumer.has_event("fees_taken_in"));
}

#[test]
fn the_owner_sweeps_what_nobody_is_owed_of_denoms_that_are_not_received() {
    let mut consumer = Consumer::new(json!({}));
    consumer.powers(&[(1, 1)]);
    let recipient = consumer.info("somebody", &[]).sender;
    let sweep = |denom: &str| json!({"sweep": {"denom": denom, "recipient": recipient}});
    consumer.fund("ujunk", 50);
    consumer.fund(ATOM, 10);
    consumer.block();
    let refused = consumer.refused("anyone", sweep("ujunk"));
    assert!(refused.contains("not the owner"), "{refused}");
    consumer.fund(ATOM, 5);
    let refused = consumer.refused("owner", sweep(ATOM));
    assert!(refused.contains("uatom is received"), "{refused}");
    consumer.execute("owner", sweep("ujunk"));
    assert_eq!(consumer.attribute("sweep", "amount"), "50ujunk");
    assert_eq!(consumer.fee_pool["ujunk"], 50);
    consumer.refused("owner", sweep("ujunk"));

    consumer.execute("owner", json!({"update_reward_denoms": {"remove": [ATOM]}}));
    consumer.refused("owner", sweep(ATOM));
    consumer.fund(ATOM, 3);
    consumer.execute("owner", sweep(ATOM));
    consumer.check();
    assert_eq!(consumer.fee_pool[ATOM], 3);
    assert_eq!(consumer.balance(ATOM), 15);
    consumer.block();
    assert_eq!(consumer.pool(1, ATOM), coins(15));
    let to_itself =
        json!({"sweep": {"denom": "ujunk", "recipient": consumer.env.contract.address}});
    consumer.fund("ujunk", 1);
    consumer.refused("owner", to_itself);
}
