//! The two passes: who is qualified, what each is paid, what is left.

use std::collections::BTreeMap;

use ccv::memo::Expect;
use ccv::qualification::DisqualifiedPolicy;
use ccv::weights::Entry;
use ccv_provider::ContractError;
use ccv_provider::msg::ExecuteMsg;
use chain_types::address::{AddressBytes, ValidatorForm};
use distribution_math::Points;
use proptest::prelude::*;
use serde_json::{Value, from_value, json};

use crate::world::{ALPHA, DENOM, Delivery, LOCAL, Peer, World, codec, coins, name, validator};

/// A unit of which these validators exist.
struct Case {
    tokens: u128,
    weights: &'static [u128],
    exist: &'static str,
    rewards: &'static [u128],
    dust: u128,
}

const CASES: [Case; 7] = [
    Case {
        tokens: 100,
        weights: &[100, 100, 100, 100, 100, 100],
        exist: "111100",
        rewards: &[25, 25, 25, 25, 0, 0],
        dust: 0,
    },
    Case {
        tokens: 1000,
        weights: &[50, 30, 20],
        exist: "110",
        rewards: &[625, 375, 0],
        dust: 0,
    },
    Case {
        tokens: 1000,
        weights: &[50, 30, 20],
        exist: "011",
        rewards: &[0, 600, 400],
        dust: 0,
    },
    Case {
        tokens: 1001,
        weights: &[1, 1, 1],
        exist: "111",
        rewards: &[333, 333, 333],
        dust: 2,
    },
    Case {
        tokens: 1001,
        weights: &[1, 1, 1],
        exist: "110",
        rewards: &[500, 500, 0],
        dust: 1,
    },
    Case {
        tokens: 12345,
        weights: &[7, 11, 13, 17, 19],
        exist: "10101",
        rewards: &[2215, 0, 4115, 0, 6014],
        dust: 1,
    },
    Case {
        tokens: 1_000_000,
        weights: &[100, 1, 1, 1],
        exist: "1111",
        rewards: &[970_873, 9_708, 9_708, 9_708],
        dust: 3,
    },
];

fn only(world: &mut World, exist: &str) {
    for (number, exists) in (1..).zip(exist.chars()) {
        if exists == '0' {
            world.remove_validator(number);
        }
    }
}

#[test]
fn validators_that_exist_share_what_arrived() {
    for case in CASES {
        for limit in 1..=14 {
            let mut world = World::new();
            only(&mut world, case.exist);
            world.all_weights(&ALPHA, 1, coins(case.weights));
            world.tokens(&ALPHA, 1, case.tokens).unwrap();
            let messages = world.process_all(&ALPHA, 1, limit);
            // Each validator is looked at in both passes.
            let steps = 2 * case.weights.len() as u32;
            assert_eq!(messages, steps.div_ceil(limit));
            for (number, reward) in (1..).zip(case.rewards) {
                assert_eq!(
                    world.paid_to(number),
                    *reward,
                    "{} of {}",
                    number,
                    case.exist
                );
            }
            let carry = world.carry(&ALPHA);
            let dust = carry[0]["amount"].as_str().unwrap_or("0");
            assert_eq!(dust, case.dust.to_string());
        }
    }
}

#[test]
fn without_a_qualified_validator_everything_goes_to_the_community_pool() {
    for policy in [DisqualifiedPolicy::Redistribute, DisqualifiedPolicy::Carry] {
        let mut world = World::new();
        let update = json!({"update_consumer": {"id": "alpha", "disqualified": policy}});
        world.owner(from_value(update).unwrap()).unwrap();
        only(&mut world, "000");
        world.all_weights(&ALPHA, 1, coins(&[3, 3, 3]));
        world.tokens(&ALPHA, 1, 7).unwrap();
        assert_eq!(world.process_all(&ALPHA, 1, 2), 2);
        assert_eq!(world.paid_in("community", LOCAL), 7);
        assert_eq!(world.carry(&ALPHA), json!([]));
    }
}

#[test]
fn the_disqualified_part_is_carried_where_the_consumer_has_it_so() {
    let mut world = World::new();
    let update = json!({"update_consumer": {"id": "alpha", "disqualified": "carry"}});
    world.owner(from_value(update).unwrap()).unwrap();
    only(&mut world, "011");
    world.all_weights(&ALPHA, 1, coins(&[50, 30, 20]));
    world.tokens(&ALPHA, 1, 1_000).unwrap();
    world.process(&ALPHA, 1, 2).unwrap();
    // A change counts for units that begin later.
    let update = json!({"update_consumer": {"id": "alpha", "disqualified": "redistribute"}});
    world.owner(from_value(update).unwrap()).unwrap();
    world.process_all(&ALPHA, 1, 30);
    assert_eq!((world.paid_to(2), world.paid_to(3)), (300, 200));
    assert_eq!(
        world.carry(&ALPHA),
        json!([{"denom": LOCAL, "amount": "500"}])
    );
    world.all_weights(&ALPHA, 2, coins(&[50, 30, 20]));
    world.tokens(&ALPHA, 2, 500).unwrap();
    world.process_all(&ALPHA, 2, 30);
    assert_eq!((world.paid_to(2), world.paid_to(3)), (900, 600));
}

#[test]
fn a_validator_that_vanishes_between_the_passes_leaves_its_part_to_the_carry() {
    for limit in 1..=6 {
        let mut world = World::new();
        world.all_weights(&ALPHA, 1, coins(&[50, 30, 20]));
        world.tokens(&ALPHA, 1, 1_000).unwrap();
        for _ in 0..3 {
            world.process(&ALPHA, 1, 1).unwrap();
        }
        world.remove_validator(2);
        world.process_all(&ALPHA, 1, limit);
        assert_eq!(world.paid_to(1), 500);
        assert_eq!(world.paid_to(2), 0);
        assert_eq!(world.paid_to(3), 200);
        assert_eq!(
            world.carry(&ALPHA),
            json!([{"denom": LOCAL, "amount": "300"}])
        );
    }
}

#[test]
fn a_validator_that_appears_between_the_passes_is_not_qualified() {
    let mut world = World::new();
    world.remove_validator(2);
    world.all_weights(&ALPHA, 1, coins(&[50, 50]));
    world.tokens(&ALPHA, 1, 1_000).unwrap();
    world.process(&ALPHA, 1, 2).unwrap();
    world.add_validator(2);
    world.process_all(&ALPHA, 1, 30);
    assert_eq!((world.paid_to(1), world.paid_to(2)), (1_000, 0));
}

#[test]
fn names_that_are_no_addresses_are_no_validators() {
    let mut world = World::new();
    let mut entries = coins(&[60]);
    for other in [
        "a",
        "cosmosvaloper1x",
        "osmovaloper1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq",
    ] {
        entries.push(Entry::new(name(other), Points::from_coins(20)));
    }
    world.all_weights(&ALPHA, 1, entries);
    world.tokens(&ALPHA, 1, 600).unwrap();
    world.process_all(&ALPHA, 1, 2);
    assert_eq!(world.paid_to(1), 600);
}

#[test]
fn both_names_of_one_validator_are_paid_together() {
    let mut world = World::new();
    let mut entries = coins(&[1, 1]);
    entries.push(Entry::new(
        name(&crate::world::account(1)),
        Points::from_coins(2),
    ));
    world.all_weights(&ALPHA, 1, entries);
    world.tokens(&ALPHA, 1, 400).unwrap();
    world.process_all(&ALPHA, 1, 30);
    assert_eq!((world.paid_to(1), world.paid_to(2)), (300, 100));
    assert_eq!(world.sent.len(), 2);
}

#[test]
fn units_are_processed_in_the_order_of_their_epochs() {
    let mut world = World::new();
    for epoch in [3, 8] {
        world.tokens(&ALPHA, epoch, 10).unwrap();
        world.all_weights(&ALPHA, epoch, coins(&[1]));
    }
    let error = world.process(&ALPHA, 8, 30).unwrap_err();
    assert!(matches!(
        error,
        ContractError::EarlierUnit {
            epoch: 8,
            earlier: 3
        }
    ));
    let unit = world.ask(json!({"unit": {"consumer": "alpha", "epoch": 8, "denom": DENOM}}));
    assert_eq!(unit["waiting_for"], json!([{"earlier_unit": {"epoch": 3}}]));
    world.process_all(&ALPHA, 3, 30);
    world.process_all(&ALPHA, 8, 30);
    assert_eq!(world.paid_to(1), 20);
    let error = world.process(&ALPHA, 8, 30).unwrap_err();
    assert!(matches!(error, ContractError::UnknownUnit { .. }));
}

#[test]
fn a_unit_without_weights_or_coins_is_not_processed() {
    let mut world = World::new();
    world.all_weights(&ALPHA, 1, coins(&[1]));
    let error = world.process(&ALPHA, 1, 30).unwrap_err();
    assert!(error.to_string().starts_with("the coins of"), "{error}");
    world.tokens(&ALPHA, 2, 10).unwrap();
    let error = world.process(&ALPHA, 2, 30).unwrap_err();
    assert!(error.to_string().starts_with("the weights of"), "{error}");
    assert!(world.process(&ALPHA, 2, 0).is_err());
}

#[test]
fn dust_joins_the_next_unit_at_its_first_pass() {
    let mut world = World::new();
    for epoch in [1, 2] {
        world.tokens(&ALPHA, epoch, 1_001).unwrap();
        world.all_weights(&ALPHA, epoch, coins(&[1, 1, 1]));
    }
    world.process_all(&ALPHA, 1, 1);
    assert_eq!(
        world.carry(&ALPHA),
        json!([{"denom": LOCAL, "amount": "2"}])
    );
    world.process(&ALPHA, 2, 1).unwrap();
    assert_eq!(world.carry(&ALPHA), json!([]));
    let unit = world.ask(json!({"unit": {"consumer": "alpha", "epoch": 2, "denom": DENOM}}));
    assert_eq!(unit["tokens"]["amount"], "1003");
    world.process_all(&ALPHA, 2, 30);
    assert_eq!(world.paid_to(1), 333 + 334);
    assert_eq!(
        world.carry(&ALPHA),
        json!([{"denom": LOCAL, "amount": "1"}])
    );
}

#[test]
fn a_unit_shows_its_passes() {
    let mut world = World::new();
    only(&mut world, "011");
    world.all_weights(&ALPHA, 1, coins(&[50, 30, 20]));
    world.tokens(&ALPHA, 1, 1_000).unwrap();
    let unit = |world: &World| {
        world.ask(json!({"unit": {"consumer": "alpha", "epoch": 1, "denom": DENOM}}))
    };
    world.process(&ALPHA, 1, 2).unwrap();
    let shown = unit(&world);
    assert_eq!(shown["state"], "qualifying");
    assert_eq!(shown["cursor"], json!({"chunk": 0, "entry": 2}));
    let answer = world.process(&ALPHA, 1, 1).unwrap();
    assert_eq!(answer["next"], "paying/0/0");
    let shown = unit(&world);
    assert_eq!(shown["state"], "paying");
    assert_eq!(shown["disqualified_pool"], "500");
    let points = |coins| Points::from_coins(coins).to_string();
    assert_eq!(shown["total_weight"], points(100));
    assert_eq!(shown["qualified_total_weight"], points(50));
    world.process(&ALPHA, 1, 2).unwrap();
    let paid: u128 = world.paid.values().sum();
    assert_eq!(unit(&world)["paid"], paid.to_string());
    assert_eq!(
        world.process(&ALPHA, 1, 1).unwrap(),
        json!({"next": Value::Null})
    );
    assert!(paid > 0);
}

#[test]
fn a_paused_consumers_units_wait() {
    let mut world = World::new();
    world.all_weights(&ALPHA, 1, coins(&[1]));
    world.tokens(&ALPHA, 1, 10).unwrap();
    let pause = |paused| ExecuteMsg::PauseConsumer {
        id: "alpha".to_string(),
        paused,
    };
    world.owner(pause(true)).unwrap();
    assert!(matches!(
        world.process(&ALPHA, 1, 30).unwrap_err(),
        ContractError::NotActive { .. }
    ));
    world.owner(pause(false)).unwrap();
    world.process(&ALPHA, 1, 30).unwrap();
}

#[test]
fn silence_about_validators_is_not_their_absence() {
    let mut world = World::new();
    world.all_weights(&ALPHA, 1, coins(&[1]));
    world.tokens(&ALPHA, 1, 10).unwrap();
    world.deps.querier.is_silent = true;
    assert!(matches!(
        world.process(&ALPHA, 1, 30).unwrap_err(),
        ContractError::NoAnswer(_)
    ));
    world.deps.querier.is_silent = false;
    world.process(&ALPHA, 1, 30).unwrap();
    assert_eq!(world.paid_to(1), 10);
}

#[test]
fn the_owner_says_which_validator_an_entry_means() {
    let mut world = World::new();
    let set = |pay_to: Option<u8>| ExecuteMsg::OverrideValidator {
        consumer: "alpha".to_string(),
        validator: validator(2),
        pay_to: pay_to.map(validator),
    };
    assert!(world.anyone(set(Some(3))).is_err());
    world.owner(set(Some(3))).unwrap();
    // The named one does not exist; the one that is meant does.
    world.remove_validator(2);
    world.all_weights(&ALPHA, 1, coins(&[50, 30, 20]));
    world.tokens(&ALPHA, 1, 1_000).unwrap();
    world.process_all(&ALPHA, 1, 30);
    assert_eq!(
        (world.paid_to(1), world.paid_to(2), world.paid_to(3)),
        (500, 0, 500)
    );
    world.owner(set(None)).unwrap();
    world.all_weights(&ALPHA, 2, coins(&[50, 30, 20]));
    world.tokens(&ALPHA, 2, 700).unwrap();
    world.process_all(&ALPHA, 2, 30);
    assert_eq!((world.paid_to(1), world.paid_to(3)), (1_000, 700));
}

/// What the chain cannot say of one validator stops its unit, and the owner lets it go on.
#[test]
fn an_override_leads_past_a_validator_that_nothing_is_said_about() {
    for is_qualified in [false, true] {
        let mut world = World::new();
        world.all_weights(&ALPHA, 1, coins(&[50, 30, 20]));
        world.tokens(&ALPHA, 1, 1_000).unwrap();
        if is_qualified {
            world.process(&ALPHA, 1, 3).unwrap();
        }
        world.deps.querier.unanswered.insert(validator(2));
        for _ in 0..2 {
            assert!(matches!(
                world.process(&ALPHA, 1, 30).unwrap_err(),
                ContractError::NoAnswer(_)
            ));
        }
        let set = ExecuteMsg::OverrideValidator {
            consumer: "alpha".to_string(),
            validator: validator(2),
            pay_to: Some(validator(3)),
        };
        world.owner(set).unwrap();
        world.process_all(&ALPHA, 1, 30);
        assert_eq!((world.paid_to(1), world.paid_to(3)), (500, 500));
    }
}

/// Units of two vouchers of one denom wait, and each has a carry.
#[test]
fn a_unit_takes_the_carry_of_its_own_voucher_alone() {
    let mut world = World::new();
    world.tokens(&ALPHA, 1, 10).unwrap();
    let update = json!({"update_consumer": {"id": "alpha", "transfer_channel": "channel-1"}});
    world.owner(from_value(update).unwrap()).unwrap();
    let moved = Peer {
        transfer_channel: "channel-1",
        far_channel: "channel-90",
        ..ALPHA
    };
    world.open_transfer(&moved);
    world
        .arrive(Delivery::probe(&moved, 1, Expect::Arrival))
        .unwrap();
    let carry = world.carry(&ALPHA);
    assert_eq!(carry[0]["amount"], "1");
    world.all_weights(&ALPHA, 1, coins(&[1]));
    world.process_all(&ALPHA, 1, 30);
    assert_eq!(world.paid_to(1), 10);
    assert_eq!(world.carry(&ALPHA), carry);
}

#[test]
fn the_greatest_unit_is_processed_in_pages_of_every_size() {
    let names: Vec<String> = (0..512u32)
        .map(|number| {
            let mut bytes = [7; 20];
            bytes[..4].copy_from_slice(&number.to_be_bytes());
            codec().show_validator(&AddressBytes::new(&bytes).unwrap(), ValidatorForm::Operator)
        })
        .collect();
    let entries: Vec<Entry> = (1..)
        .zip(&names)
        .map(|(coins, validator)| Entry::new(name(validator), Points::from_coins(coins)))
        .collect();
    let mut results: Vec<BTreeMap<(String, String), u128>> = Vec::new();
    for limit in [7, 30, 64, 100] {
        let mut world = World::new();
        for (place, validator) in names.iter().enumerate() {
            if place % 3 > 0 {
                world.deps.querier.validators.insert(validator.clone());
            }
        }
        world.all_weights(&ALPHA, 1, entries.clone());
        world.tokens(&ALPHA, 1, 1_000_003).unwrap();
        assert_eq!(world.process_all(&ALPHA, 1, limit), 1024u32.div_ceil(limit));
        results.push(world.paid.clone());
    }
    assert_eq!(results[0].len(), 341);
    assert!(results.iter().all(|paid| *paid == results[0]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Against the two steps of the specification, in exact fractions: one floor of their sum.
    #[test]
    fn every_page_size_pays_what_the_specification_says(
        weights in prop::collection::vec(1u128..1_000, 1..9),
        tokens in 1u128..1_000_000,
        exist in prop::collection::vec(any::<bool>(), 9),
        limit in 1u32..20,
        carries in any::<bool>(),
        probe in any::<bool>(),
    ) {
        let mut world = World::new();
        if carries {
            let update = json!({"update_consumer": {"id": "alpha", "disqualified": "carry"}});
            world.owner(from_value(update).unwrap()).unwrap();
        }
        if probe {
            world.arrive(Delivery::probe(&ALPHA, 1, ccv::memo::Expect::Arrival)).unwrap();
        }
        for (number, exists) in (1..=9).zip(&exist) {
            if !exists {
                world.remove_validator(number);
            }
        }
        world.all_weights(&ALPHA, 1, coins(&weights));
        world.tokens(&ALPHA, 1, tokens).unwrap();
        world.process_all(&ALPHA, 1, limit);

        let tokens = tokens + u128::from(probe);
        let total: u128 = weights.iter().sum();
        let qualified: u128 = weights.iter().zip(&exist).filter(|it| *it.1).map(|it| it.0).sum();
        let mut left = tokens;
        for (number, (weight, exists)) in (1..).zip(weights.iter().zip(&exist)) {
            let divisor = if carries { total } else { qualified };
            let expected = if *exists { tokens * weight / divisor } else { 0 };
            prop_assert_eq!(world.paid_to(number), expected);
            left -= expected;
        }
        let community = if qualified == 0 { left } else { 0 };
        prop_assert_eq!(world.paid_in("community", LOCAL), community);
        let carry = world.carry(&ALPHA);
        let carry = carry[0]["amount"].as_str().unwrap_or("0");
        prop_assert_eq!(carry, (left - community).to_string());
    }
}
