//! Coins that arrive by ICS-20: the ones that are taken and the ones that are sent back.

use ccv::memo::{Expect, Purpose};
use ccv_provider::ContractError;
use ccv_provider::msg::ExecuteMsg;
use ccv_provider::msg::Target;
use cosmwasm_std::{Coin, StdAck};
use serde_json::{Value, from_value, json};

use crate::world::{ALPHA, BETA, DENOM, Delivery, LOCAL, World, account, coins, endpoint, name};

/// The chain takes the coins back, and nothing has changed.
#[track_caller]
fn refused(world: &mut World, delivery: Delivery) -> ContractError {
    let before = world.snapshot();
    let error = world.arrive(delivery).unwrap_err();
    assert_eq!(world.snapshot(), before);
    error
}

fn good() -> Delivery {
    Delivery::new(&ALPHA, 1, 1_000)
}

#[test]
fn coins_of_a_consumer_arrive() {
    let mut world = World::new();
    world.arrive(good()).unwrap();
    let unit = world.ask(json!({"unit": {"consumer": "alpha", "epoch": 1, "denom": DENOM}}));
    assert_eq!(unit["tokens"], json!({"denom": LOCAL, "amount": "1000"}));
    assert_eq!(
        unit["waiting_for"],
        json!([{"weights": {"missing_chunks": []}}])
    );
    let ledger = world.ask(json!({"invariants": {}}));
    assert_eq!(ledger["denoms"][0]["balance"], "1000");
    assert_eq!(ledger["denoms"][0]["difference"], "0");
}

#[test]
fn a_chain_that_does_not_describe_the_transfer_is_served_too() {
    let mut world = World::new();
    let delivery = Delivery {
        has_transfer: false,
        ..good()
    };
    world.arrive(delivery).unwrap();
}

#[test]
fn another_port_channel_connection_sender_or_receiver_is_refused() {
    let mut world = World::new();
    world.register(&BETA);
    let mut delivery = good();
    delivery.src = endpoint("wasm.fake", ALPHA.far_channel);
    assert!(matches!(
        refused(&mut world, delivery),
        ContractError::OtherPort { .. }
    ));
    let mut delivery = good();
    delivery.dest = endpoint("wasm.provider", ALPHA.transfer_channel);
    assert!(matches!(
        refused(&mut world, delivery),
        ContractError::OtherPort { .. }
    ));
    // A channel that nobody is registered with, and one of another consumer.
    for id in ["channel-7", BETA.transfer_channel] {
        let mut delivery = good();
        delivery.dest = endpoint("transfer", id);
        assert!(matches!(
            refused(&mut world, delivery),
            ContractError::UnknownSender { .. }
        ));
    }
    let mut delivery = good();
    delivery.data.sender = "alpha1mallory".to_string();
    assert!(matches!(
        refused(&mut world, delivery),
        ContractError::UnknownSender { .. }
    ));
    let mut delivery = good();
    delivery.data.receiver = account(77);
    assert!(matches!(
        refused(&mut world, delivery),
        ContractError::OtherReceiver { .. }
    ));
    let mut delivery = good();
    delivery.dest_callback = account(77);
    assert!(matches!(
        refused(&mut world, delivery),
        ContractError::OtherCallbacks
    ));
    let mut delivery = good();
    delivery.src_callback = "alpha1mallory".to_string();
    assert!(matches!(
        refused(&mut world, delivery),
        ContractError::OtherCallbacks
    ));
    world.arrive(good()).unwrap();
}

#[test]
fn a_transfer_channel_on_another_connection_is_refused_unless_it_is_registered() {
    let mut world = World::new();
    for channel in &mut world.deps.querier.channels {
        if channel.endpoint.port_id == "transfer" {
            channel.connection_id = "connection-5".to_string();
        }
    }
    assert!(matches!(
        refused(&mut world, good()),
        ContractError::OtherConnection { .. }
    ));
    let update =
        json!({"update_consumer": {"id": "alpha", "transfer_connection_id": "connection-5"}});
    world.owner(from_value(update).unwrap()).unwrap();
    world.arrive(good()).unwrap();
    // A channel that the chain does not show as open is on no connection.
    world.close(ALPHA.transfer_channel);
    let next = Delivery::new(&ALPHA, 2, 5);
    assert!(matches!(
        refused(&mut world, next),
        ContractError::OtherConnection { .. }
    ));
}

#[test]
fn a_failed_transfer_is_no_arrival() {
    let mut world = World::new();
    let delivery = Delivery {
        ack: StdAck::error("no"),
        ..good()
    };
    assert!(matches!(
        refused(&mut world, delivery),
        ContractError::TransferFailed
    ));
}

#[test]
fn keys_that_go_reads_otherwise_are_refused_though_the_balance_would_cover_them() {
    let mut world = World::new();
    // Somebody's gift, which a forged amount could be taken from.
    world
        .deps
        .querier
        .balances
        .insert(LOCAL.to_string(), 5_000_000);
    let text = String::from_utf8(good().packet_data()).unwrap();
    let bent = [
        text.replace(
            r#""amount":"1000""#,
            r#""amount":"1000000","Amount":"1000""#,
        ),
        text.replace(
            r#""amount":"1000""#,
            r#""amount":"1000000","amount":"1000""#,
        ),
        text.replace(r#""amount":"1000""#, r#""AMOUNT":"1000""#),
        text.replace(r#""amount":"1000""#, r#""amount":"01000""#),
        text.replace(r#""amount":"1000""#, r#""amount":"1_000""#),
        text.replace(r#""amount":"1000""#, r#""amount":1000"#),
        text.replace(r#""amount":"1000""#, r#""amount":"1000","extra":"1""#),
        text.replace(r#""amount":"1000""#, r#""amount":"0""#),
        text.replace(
            r#""sender":"alpha1pools""#,
            r#""sender":"alpha1pools","Sender":"x""#,
        ),
        format!("[{text}]"),
    ];
    for raw in bent {
        assert_ne!(raw, text);
        let delivery = Delivery {
            raw: Some(raw.clone().into_bytes()),
            has_transfer: false,
            ..good()
        };
        let error = refused(&mut world, delivery);
        assert!(matches!(error, ContractError::Ccv(_)), "{raw}: {error}");
    }
}

#[test]
fn what_the_chain_says_of_the_transfer_must_agree() {
    let mut world = World::new();
    let mut delivery = good();
    delivery.credited.amount = 999u128.into();
    assert!(matches!(
        refused(&mut world, delivery),
        ContractError::OtherTransfer
    ));
    let mut delivery = good();
    delivery.credited.denom = "uother".to_string();
    assert!(matches!(
        refused(&mut world, delivery),
        ContractError::OtherTransfer
    ));
}

#[test]
fn coins_that_are_not_in_the_balance_are_refused() {
    let mut world = World::new();
    world.arrive(good()).unwrap();
    // 1000 are there and owed; the packet claims 500 more, of which 499 came.
    let mut delivery = Delivery::new(&ALPHA, 2, 500);
    delivery.has_transfer = false;
    delivery.credited.amount = 499u128.into();
    assert!(matches!(
        refused(&mut world, delivery),
        ContractError::NotCredited { .. }
    ));
}

#[test]
fn a_gift_is_not_distributed() {
    let mut world = World::new();
    world.deps.querier.balances.insert(LOCAL.to_string(), 777);
    world.arrive(good()).unwrap();
    world.all_weights(&ALPHA, 1, coins(&[1]));
    world.process_all(&ALPHA, 1, 30);
    assert_eq!(world.paid_to(1), 1_000);
    assert_eq!(world.deps.querier.balances[LOCAL], 777);
}

#[test]
fn a_memo_that_is_not_exactly_one_of_a_consumer_is_refused() {
    let mut world = World::new();
    let memo = |text: &str| Delivery {
        memo: Some(text.to_string()),
        ..good()
    };
    let text: Value = serde_json::from_slice(&good().packet_data()).unwrap();
    let text = text["memo"].as_str().unwrap().to_string();
    world.arrive(memo(&text)).unwrap();
    for bent in [
        String::new(),
        "{}".to_string(),
        text.replace("\"epoch\":1", "\"epoch\": 1"),
        text.replace("\"epoch\":1", "\"epoch\":1,\"epoch\":2"),
        text.replace("ccv_distribution", "other"),
        text.replace("{\"src_callback\"", "{\"gas\":1,\"src_callback\""),
    ] {
        assert_ne!(bent, text);
        assert!(
            matches!(refused(&mut world, memo(&bent)), ContractError::Ccv(_)),
            "{bent}"
        );
    }
    let mut delivery = Delivery::new(&ALPHA, 2, 1);
    delivery.purpose = Purpose::CcvDistribution {
        epoch: 2,
        denom: name("uosmo"),
        attempt: 1,
    };
    assert!(matches!(
        refused(&mut world, delivery),
        ContractError::OtherDenom { .. }
    ));
}

#[test]
fn an_unlisted_denom_is_refused_until_it_is_listed() {
    let mut world = World::new();
    let mut delivery = good();
    delivery.data.denom = "uosmo".to_string();
    delivery.purpose = Purpose::CcvDistribution {
        epoch: 1,
        denom: name("uosmo"),
        attempt: 2,
    };
    let hash = "transfer/channel-0/uosmo";
    let trace = ccv::denom::DenomTrace::read(hash).unwrap();
    delivery.credited.denom = trace.local_denom();
    let error = refused(&mut world, delivery.clone());
    assert!(matches!(error, ContractError::UnlistedDenom { .. }));
    let list = json!({"update_consumer_denoms": {"id": "alpha", "add": ["uosmo"]}});
    world.owner(from_value(list).unwrap()).unwrap();
    world.arrive(delivery).unwrap();
}

#[test]
fn without_a_ccv_channel_no_coins_are_taken() {
    let mut world = World::of(Target::Native);
    world.register(&ALPHA);
    assert!(matches!(
        refused(&mut world, good()),
        ContractError::NoChannel { .. }
    ));
    let probe = Delivery::probe(&ALPHA, 1, Expect::Arrival);
    assert!(matches!(
        refused(&mut world, probe),
        ContractError::NoChannel { .. }
    ));
    world.connect(&ALPHA);
    world.arrive(good()).unwrap();
    // A channel that closed by a timeout is one that was opened.
    world.close(ALPHA.channel);
    world.tokens(&ALPHA, 2, 10).unwrap();
}

/// This chain's own coin comes home, and the consumer names it by the hash of its path. Then the same
/// name comes as if it were a coin of the consumer's.
#[test]
fn a_denom_does_not_arrive_as_another_voucher_than_before() {
    let path = format!("transfer/{}/stake", ALPHA.far_channel);
    let voucher = ccv::denom::DenomTrace::read(&path).unwrap().local_denom();
    let local = |denom: &str, delivery: &Delivery| {
        let trace = ccv::denom::DenomTrace::read(denom).unwrap();
        trace.received(&delivery.src, &delivery.dest).local_denom()
    };
    let delivery = |denom: &str, epoch: u32| {
        let mut delivery = Delivery::new(&ALPHA, epoch, 10);
        delivery.data.denom = denom.to_string();
        delivery.purpose = Purpose::CcvDistribution {
            epoch,
            denom: name(&voucher),
            attempt: 1,
        };
        delivery.credited.denom = local(denom, &delivery);
        delivery
    };
    let mut world = World::new();
    let list = json!({"update_consumer_denoms": {"id": "alpha", "add": [voucher]}});
    world.owner(from_value(list).unwrap()).unwrap();
    let mut probe = delivery(&path, 0);
    probe.purpose = Purpose::CcvProbe {
        nonce: 1,
        expect: Expect::Arrival,
    };
    world.arrive(probe).unwrap();
    let carry = json!([{"denom": "stake", "amount": "10"}]);
    assert_eq!(world.carry(&ALPHA), carry);

    assert!(matches!(
        refused(&mut world, delivery(&voucher, 1)),
        ContractError::OtherVoucher { known, .. } if known == "stake"
    ));
    let mut probe = delivery(&voucher, 0);
    probe.purpose = Purpose::CcvProbe {
        nonce: 2,
        expect: Expect::Arrival,
    };
    assert!(matches!(
        refused(&mut world, probe),
        ContractError::OtherVoucher { .. }
    ));
    assert_eq!(world.carry(&ALPHA), carry);
    world.arrive(delivery(&path, 1)).unwrap();
}

#[test]
fn a_unit_arrives_once_and_epochs_only_grow() {
    let mut world = World::new();
    world.tokens(&ALPHA, 5, 10).unwrap();
    for epoch in [5, 4, 0] {
        let error = refused(&mut world, Delivery::new(&ALPHA, epoch, 10));
        assert!(matches!(error, ContractError::OutOfDate { last: 5, .. }));
    }
    world.tokens(&ALPHA, 6, 10).unwrap();
    world.all_weights(&ALPHA, 5, coins(&[1]));
    world.process_all(&ALPHA, 5, 30);
    assert!(world.tokens(&ALPHA, 5, 10).is_err());
}

#[test]
fn at_most_64_units_wait_and_processing_one_makes_room() {
    let mut world = World::new();
    for epoch in 1..=64 {
        world.tokens(&ALPHA, epoch, 10).unwrap();
    }
    let error = refused(&mut world, Delivery::new(&ALPHA, 65, 10));
    assert!(matches!(
        error,
        ContractError::TooManyWaiting { limit: 64, .. }
    ));
    world.all_weights(&ALPHA, 1, coins(&[1]));
    world.process_all(&ALPHA, 1, 30);
    world.tokens(&ALPHA, 65, 10).unwrap();
}

#[test]
fn one_consumer_cannot_send_as_another() {
    let mut world = World::new();
    world.register(&BETA);
    world.connect(&BETA);
    world.tokens(&ALPHA, 1, 10).unwrap();
    // Over its own channel, with the other's contract as sender.
    let mut delivery = Delivery::new(&BETA, 2, 10);
    delivery.data.sender = ALPHA.contract.to_string();
    delivery.src_callback = ALPHA.contract.to_string();
    assert!(matches!(
        refused(&mut world, delivery),
        ContractError::UnknownSender { .. }
    ));
    // Its own coins of the same epoch are a unit of its own, of another denom here.
    world.tokens(&BETA, 1, 20).unwrap();
    let units = world.ask(json!({"pending_units": {"consumer": "alpha"}}));
    assert_eq!(units["units"][0]["tokens"]["amount"], "10");
    assert_eq!(units["units"].as_array().unwrap().len(), 1);
}

#[test]
fn the_chains_own_coin_comes_home() {
    let mut world = World::new();
    let path = format!("transfer/{}/stake", ALPHA.far_channel);
    let voucher = ccv::denom::DenomTrace::read(&path).unwrap().local_denom();
    let list = json!({"update_consumer_denoms": {"id": "alpha", "add": [voucher]}});
    world.owner(from_value(list).unwrap()).unwrap();
    let mut delivery = good();
    delivery.data.denom = path;
    delivery.purpose = Purpose::CcvDistribution {
        epoch: 1,
        denom: name(&voucher),
        attempt: 1,
    };
    delivery.credited = Coin::new(1_000u128, "stake");
    world.arrive(delivery).unwrap();
    for chunk in ccv::weights::chunks(1, name(&voucher), coins(&[3, 1])).unwrap() {
        world.weights(&ALPHA, &chunk).unwrap();
    }
    let process = ExecuteMsg::Process {
        consumer: "alpha".to_string(),
        epoch: 1,
        denom: voucher,
        limit: None,
    };
    world.anyone(process).unwrap();
    assert_eq!(world.paid_in(&world.show(1), "stake"), 750);
    assert_eq!(world.paid_in(&world.show(2), "stake"), 250);
}

#[test]
fn a_probe_joins_the_carry_and_its_other_leg_is_refused() {
    let mut world = World::new();
    world
        .arrive(Delivery::probe(&ALPHA, 3, Expect::Arrival))
        .unwrap();
    assert_eq!(
        world.carry(&ALPHA),
        json!([{"denom": LOCAL, "amount": "1"}])
    );
    let error = refused(&mut world, Delivery::probe(&ALPHA, 3, Expect::Refusal));
    assert!(matches!(error, ContractError::ProbeRefused { nonce: 3 }));
    let error = refused(&mut world, Delivery::probe(&ALPHA, 3, Expect::Arrival));
    assert!(matches!(error, ContractError::OutOfDate { .. }));
    let consumer = world.ask(json!({"consumer": {"id": "alpha"}}));
    assert_eq!(consumer["last_probe"], 3);
    // It stands outside epochs, and is divided with the next unit.
    world.tokens(&ALPHA, 1, 9).unwrap();
    world.all_weights(&ALPHA, 1, coins(&[1, 1]));
    world.process_all(&ALPHA, 1, 30);
    assert_eq!((world.paid_to(1), world.paid_to(2)), (5, 5));
    assert_eq!(world.carry(&ALPHA), json!([]));
}

#[test]
fn a_paused_consumer_sends_no_coins() {
    let mut world = World::new();
    let pause = json!({"pause_consumer": {"id": "alpha", "paused": true}});
    world.owner(from_value(pause).unwrap()).unwrap();
    assert!(matches!(
        refused(&mut world, good()),
        ContractError::NotActive { .. }
    ));
}

#[test]
fn amounts_up_to_the_bound_arrive_and_no_more() {
    let mut world = World::new();
    let bound = u128::MAX;
    world.tokens(&ALPHA, 1, bound).unwrap();
    world.all_weights(&ALPHA, 1, coins(&[1]));
    world.process_all(&ALPHA, 1, 30);
    assert_eq!(world.paid_to(1), bound);
    assert!(world.tokens(&ALPHA, 2, 1).is_err());
    let mut delivery = Delivery::new(&ALPHA, 3, 1);
    delivery.data.amount = cosmwasm_std::Uint256::MAX;
    delivery.has_transfer = false;
    refused(&mut world, delivery);
}

#[test]
fn coins_whose_weights_were_dropped_go_home() {
    let mut world = World::new();
    world.all_weights(&ALPHA, 3, coins(&[1]));
    world.all_weights(&ALPHA, 5, coins(&[1]));
    // Again, and acknowledged; they are not kept.
    world.all_weights(&ALPHA, 3, coins(&[1]));
    let error = refused(&mut world, Delivery::new(&ALPHA, 3, 10));
    assert!(matches!(
        error,
        ContractError::WeightsReplaced { epoch: 3, later: 5 }
    ));
    world.tokens(&ALPHA, 5, 10).unwrap();
    world.process_all(&ALPHA, 5, 30);
    assert_eq!(world.paid_to(1), 10);
}
