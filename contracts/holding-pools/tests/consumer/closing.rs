//! Due blocks, the cursor, and the weights.

use ccv::weights::WeightsChunk;
use cosmwasm_std::Uint256;
use serde_json::{Value, json};

use crate::harness::{ATOM, CCV, Consumer, OSMO, PERIOD, coins};

/// An active contract with two validators and fees of `atoms` in their pools.
pub fn funded(atoms: u128) -> Consumer {
    let mut consumer = Consumer::active(json!({}));
    consumer.powers(&[(1, 1), (2, 3)]);
    consumer.fund(ATOM, atoms);
    consumer.block();
    consumer
}

fn last_transmission(consumer: &Consumer) -> u64 {
    let answer: Value = consumer.query(json!({"last_distribution_transmission": {}}));
    answer["height"].as_u64().unwrap()
}

pub fn weights(chunk: &WeightsChunk) -> Vec<(String, Uint256)> {
    let entries = chunk.entries().iter();
    entries
        .map(|entry| (entry.validator().to_string(), entry.weight().value()))
        .collect()
}

#[test]
fn before_a_block_is_due_nothing_closes() {
    let mut consumer = funded(100);
    let before = last_transmission(&consumer);
    let next: Value = consumer.query(json!({"next_distribution": {}}));
    assert_eq!(next["height"].as_u64().unwrap(), before + PERIOD);
    while consumer.env.block.height + 1 < before + PERIOD {
        consumer.block();
        assert_eq!(last_transmission(&consumer), before);
        assert_eq!(consumer.state(ATOM), "none");
    }
    consumer.block();
    assert_eq!(last_transmission(&consumer), before + PERIOD);
    assert_eq!(consumer.state(ATOM), "weighing");
}

#[test]
fn without_an_open_channel_pools_are_kept_and_the_next_try_is_a_period_later() {
    let mut consumer = funded(100);
    consumer.close(CCV);
    consumer.due_block();
    let due = consumer.env.block.height;
    assert_eq!(last_transmission(&consumer), due);
    assert_eq!(consumer.state(ATOM), "none");
    assert_eq!(consumer.pool(2, ATOM), coins(75));
    consumer.open("channel-8").unwrap();
    consumer.due_block();
    assert_eq!(consumer.env.block.height, due + PERIOD);
    assert_eq!(consumer.state(ATOM), "weighing");
}

#[test]
fn before_a_probe_has_passed_nothing_closes() {
    let mut consumer = Consumer::new(json!({}));
    consumer.open(CCV).unwrap();
    consumer.powers(&[(1, 1)]);
    consumer.fund(ATOM, 100);
    consumer.due_block();
    assert_eq!(
        consumer.attribute("distribution_transmission", "active"),
        "false"
    );
    assert_eq!(consumer.state(ATOM), "none");
}

#[test]
fn two_denoms_close_into_two_units_and_less_than_a_coin_stays_open() {
    let mut consumer = funded(100);
    consumer.fund(OSMO, 7);
    consumer.due_block();
    consumer.tick_all();
    let sent: Vec<_> = consumer
        .packets
        .iter()
        .map(|packet| packet.weights())
        .collect();
    let names: Vec<_> = sent
        .iter()
        .map(|chunk| chunk.header().denom.to_string())
        .collect();
    assert_eq!(names, [ATOM, OSMO]);
    assert_eq!(consumer.unit(OSMO).unwrap().amount.u128(), 7);
    assert_eq!(consumer.state("factory/maker/gold"), "none");
}

#[test]
fn weights_are_the_pools_and_name_the_providers_validators() {
    let mut consumer = funded(100);
    consumer.due_block();
    consumer.tick_all();
    let chunk = consumer.packets[0].weights();
    assert_eq!(chunk.header().epoch, 1);
    assert_eq!(chunk.header().amount, 100);
    let mut expected = vec![
        (Consumer::provider_validator(1), coins(25)),
        (Consumer::provider_validator(2), coins(75)),
    ];
    expected.sort();
    assert_eq!(weights(&chunk), expected);
    // The pools begin anew.
    assert_eq!(consumer.pool(1, ATOM), Uint256::zero());
}

#[test]
fn what_comes_in_after_the_close_belongs_to_the_next_epoch() {
    let mut consumer = funded(100);
    consumer.due_block();
    consumer.fund(ATOM, 40);
    consumer.block();
    assert_eq!(consumer.pool(1, ATOM), coins(10));
    consumer.tick_all();
    assert_eq!(consumer.unit(ATOM).unwrap().amount.u128(), 100);
    assert_eq!(consumer.pool(1, ATOM), coins(10));
}

#[test]
fn who_changes_before_the_cursor_comes_is_settled_in_two_parts() {
    let mut consumer = funded(100);
    consumer.due_block();
    consumer.powers(&[(1, 0), (2, 1), (3, 1)]);
    consumer.fund(ATOM, 10);
    consumer.block_by(Some(2));
    assert_eq!(consumer.pool(1, ATOM), Uint256::zero());
    assert_eq!(consumer.pool(3, ATOM), coins(5));
    consumer.tick_all();
    let mut expected = vec![
        (Consumer::provider_validator(1), coins(25)),
        (Consumer::provider_validator(2), coins(75)),
    ];
    expected.sort();
    assert_eq!(weights(&consumer.packets[0].weights()), expected);
    assert_eq!(consumer.pool(2, ATOM), coins(5));
}

#[test]
fn a_leaver_keeps_what_it_earned() {
    let mut consumer = funded(100);
    consumer.powers(&[(1, 0)]);
    consumer.fund(ATOM, 30);
    consumer.due_block();
    consumer.tick_all();
    let sent = weights(&consumer.packets[0].weights());
    assert!(sent.contains(&(Consumer::provider_validator(1), coins(25))));
    assert!(sent.contains(&(Consumer::provider_validator(2), coins(105))));
}

#[test]
fn zero_weights_are_left_out() {
    let mut consumer = funded(100);
    consumer.powers(&[(3, 1)]);
    consumer.due_block();
    consumer.tick_all();
    assert_eq!(consumer.packets[0].weights().entries().len(), 2);
}

#[test]
fn without_validators_nothing_closes() {
    let mut consumer = Consumer::active(json!({}));
    consumer.fund(ATOM, 100);
    consumer.due_block();
    consumer.tick_all();
    assert_eq!(consumer.state(ATOM), "none");
    assert_eq!(consumer.class(ATOM, "provider_pending"), coins(100));
}

#[test]
fn the_truncated_remainder_is_the_providers_again_and_not_split_with_the_consumer() {
    let fee_pool = Consumer::new(json!({})).info("fee pool", &[]).sender;
    let mut consumer = Consumer::active(json!({
        "fee_pool": fee_pool,
        "consumer_redistribution_fraction": "0",
        "base_proposer_reward": "0.333333333333333333",
    }));
    consumer.powers(&[(1, 1)]);
    consumer.fund(ATOM, 10);
    // A third of each split is pending, because nobody proposed, until less than a coin is left.
    consumer.due_block();
    consumer.tick_all();
    let total: Uint256 = consumer.unit(ATOM).unwrap().total;
    assert!(total > coins(9) && total < coins(10));
    assert_eq!(consumer.packets[0].weights().header().amount, 9);
    assert_eq!(consumer.class(ATOM, "unit"), coins(9));
    assert_eq!(consumer.class(ATOM, "provider_pending"), coins(1));
    consumer.block_by(Some(1));
    assert_eq!(consumer.pool(1, ATOM), coins(1));
}

#[test]
fn two_validators_that_name_the_same_one_are_added() {
    let mut consumer = funded(100);
    let (validator, other) = (consumer.validator(2), Consumer::provider_validator(1));
    let message = json!({"set_provider_validator": {
        "validator": validator, "provider_validator": other}});
    let refused = consumer.refused("anyone", message);
    assert!(
        refused.contains("the operator of the validator"),
        "{refused}"
    );
    set_name(&mut consumer, 2, &other);
    consumer.due_block();
    consumer.tick_all();
    let chunk = consumer.packets[0].weights();
    assert_eq!(weights(&chunk), [(other, coins(100))]);
    assert_eq!(chunk.header().validators, 1);
}

/// Sets a name with the operator's signature.
pub fn set_name(consumer: &mut Consumer, validator: u8, name: &str) {
    let name = json!({"set_provider_validator": {
        "validator": consumer.validator(validator), "provider_validator": name}});
    let message = cosmwasm_std::from_json(serde_json::to_vec(&name).unwrap()).unwrap();
    let codec =
        chain_types::address::AddressCodec::of_contract(&consumer.env.contract.address).unwrap();
    let bytes = chain_types::address::AddressBytes::new(&[validator; 20]).unwrap();
    let info = cosmwasm_std::testing::message_info(&codec.show_account(&bytes), &[]);
    let env = consumer.env.clone();
    holding_pools::contract::execute(consumer.deps.as_mut(), env, info, message).unwrap();
}

#[test]
fn a_name_that_is_set_after_the_weights_are_counted_changes_nothing_in_the_unit() {
    let mut consumer = funded(100);
    consumer.due_block();
    // Two validators and the end of the list.
    consumer.tick(3);
    assert!(!consumer.unit(ATOM).unwrap().settling);
    set_name(&mut consumer, 1, &Consumer::provider_validator(9));
    let answer: Value =
        consumer.query(json!({"provider_validator": {"validator": consumer.validator(1)}}));
    assert_eq!(
        answer["provider_validator"],
        Consumer::provider_validator(9)
    );
    consumer.tick_all();
    let names: Vec<_> = weights(&consumer.packets[0].weights())
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert!(names.contains(&Consumer::provider_validator(1)));
}

#[test]
fn more_than_64_weights_go_in_chunks_which_are_the_same_for_every_size_of_ticks() {
    let sent = |limit: u32| {
        let mut consumer = Consumer::active(json!({}));
        let powers: Vec<_> = (1..=100)
            .map(|number| (number, u64::from(number)))
            .collect();
        consumer.powers(&powers);
        let powers: Vec<_> = (101..=130)
            .map(|number| (number, u64::from(number)))
            .collect();
        consumer.powers(&powers);
        consumer.fund(ATOM, 1_000_000);
        consumer.block();
        consumer.due_block();
        for _ in 0..400 {
            consumer.tick(limit);
            if consumer.packets.len() == 3 {
                return consumer.packets;
            }
        }
        panic!("chunks are not sent");
    };
    let all: Vec<_> = sent(100).iter().map(|packet| packet.data.clone()).collect();
    for limit in [1, 7, 64] {
        let some: Vec<_> = sent(limit)
            .iter()
            .map(|packet| packet.data.clone())
            .collect();
        assert_eq!(some, all);
    }
}

/// The worked example of the README.
#[test]
fn an_epoch_from_fees_to_delivery() {
    let fee_pool = Consumer::new(json!({})).info("fee pool", &[]).sender;
    let mut consumer = Consumer::active(json!({"fee_pool": fee_pool}));
    consumer.powers(&[(1, 1), (2, 3)]);
    consumer.fund(ATOM, 404);
    consumer.block();
    assert_eq!(consumer.fee_pool[ATOM], 303);
    assert_eq!(
        consumer.pool(1, ATOM) + consumer.pool(1, ATOM),
        coins(50) + coins(1) / two()
    );
    consumer.due_block();
    consumer.powers(&[(1, 0)]);
    consumer.fund(ATOM, 36);
    consumer.block();
    assert_eq!(consumer.pool(1, ATOM), Uint256::zero());
    assert_eq!(consumer.pool(2, ATOM), coins(9));
    consumer.tick_all();
    let sent = weights(&consumer.packets[0].weights());
    assert!(sent.contains(&(
        Consumer::provider_validator(1),
        coins(101) / (two() * two())
    )));
    consumer.acknowledge(0);
    consumer.tick_all();
    assert_eq!(consumer.transfers[0].amount.to_string(), "101uatom");
    consumer.transfer_succeeds(0);
    assert_eq!(consumer.balance(ATOM), 9);
}

fn two() -> Uint256 {
    Uint256::from(2u128)
}

#[test]
fn the_provider_pool_shows_what_would_close_now() {
    let consumer = funded(101);
    let answer: Value = consumer.query(json!({"provider_pool": {}}));
    assert_eq!(answer["tokens"], json!([{"denom": ATOM, "amount": "101"}]));
    let weights = answer["weights"].as_array().unwrap();
    assert_eq!(
        weights[0]["provider_validator"],
        Consumer::provider_validator(1)
    );
    let points = weights[1]["weights"][0]["points"].as_str().unwrap();
    assert_eq!(points.parse::<Uint256>().unwrap(), consumer.pool(2, ATOM));
}

#[test]
fn lists_are_the_same_for_every_size_of_pages() {
    let mut consumer = funded(101);
    consumer.powers(&[(5, 2), (4, 7)]);
    consumer.fund(ATOM, 17);
    consumer.block();
    let list = |name: &str, field: &str, limit: u32| {
        let mut entries = vec![];
        let mut start_after = Value::Null;
        loop {
            let page: Value =
                consumer.query(json!({name: {"start_after": start_after, "limit": limit}}));
            let page = page[field].as_array().unwrap().clone();
            let Some(last) = page.last() else {
                return entries;
            };
            start_after = last["validator"].clone();
            entries.extend(page);
        }
    };
    for (name, field) in [("holding_pools", "pools"), ("provider_pool", "weights")] {
        let all = list(name, field, 100);
        assert_eq!(all.len(), 4);
        for limit in 1..5 {
            assert_eq!(list(name, field, limit), all);
        }
    }
}
