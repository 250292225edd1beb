//! Who may do what to a consumer, and what becomes of its coins.

use ccv::packet::{CcvPacket, StatusRequest};
use ccv::weights::chunks;
use ccv_provider::ContractError;
use ccv_provider::contract;
use ccv_provider::msg::{ExecuteMsg, MigrateMsg};
use cosmwasm_std::testing::message_info;
use cosmwasm_std::{Addr, Coin};
use serde_json::{Value, from_value, json};

use crate::world::{
    ALPHA, BETA, DENOM, Delivery, LOCAL, Peer, World, account, coins, later, name, validator,
};

pub fn msg(value: Value) -> ExecuteMsg {
    from_value(value).unwrap()
}

/// Every message of the owner, with what it needs to pass.
pub fn owners_messages() -> Vec<Value> {
    let mut registration = serde_json::to_value(World::registration(&BETA)).unwrap();
    registration["admin"] = Value::Null;
    vec![
        json!({"register_consumer": registration}),
        json!({"update_consumer": {"id": "alpha"}}),
        json!({"pause_consumer": {"id": "alpha", "paused": true}}),
        json!({"remove_consumer": {"id": "alpha"}}),
        json!({"abandon_channel": {"channel_id": ALPHA.channel}}),
        json!({"allow_channel_close": {"channel_id": ALPHA.channel}}),
        json!({"override_validator": {"consumer": "alpha", "validator": validator(1)}}),
        json!({"resolve_orphan": {"consumer": "alpha", "epoch": 1, "denom": DENOM, "to": account(5)}}),
        json!({"sweep": {"denom": LOCAL, "recipient": account(5)}}),
        json!({"update_ownership": {"transfer_ownership": {"new_owner": account(5), "expiry": null}}}),
    ]
}

#[test]
fn only_the_owner_sends_the_owners_messages() {
    for message in owners_messages() {
        let mut world = World::new();
        world.deps.querier.balances.insert(LOCAL.to_string(), 5);
        world.tokens(&ALPHA, 1, 10).unwrap();
        for sender in [account(201), account(202)] {
            let error = world
                .execute(&Addr::unchecked(sender), msg(message.clone()))
                .unwrap_err();
            assert!(
                error.to_string().starts_with("Unauthorized"),
                "{message}: {error}"
            );
        }
        world.owner(msg(message)).unwrap();
    }
}

#[test]
fn no_message_takes_funds() {
    let mut world = World::new();
    let mut messages = owners_messages();
    messages.push(json!({"process": {"consumer": "alpha", "epoch": 1, "denom": DENOM}}));
    messages.push(json!({"retry_payment": {"denom": LOCAL}}));
    messages.push(json!({"update_consumer_denoms": {"id": "alpha", "add": ["x"]}}));
    for message in messages {
        let info = message_info(&world.owner, &[Coin::new(1u128, "uatom")]);
        let env = world.env.clone();
        let error = contract::execute(world.deps.as_mut(), env, info, msg(message)).unwrap_err();
        assert!(matches!(error, ContractError::Payment(_)));
    }
}

#[test]
fn two_consumers_cannot_be_taken_for_each_other() {
    let mut world = World::new();
    let mut register = |change: fn(&mut Value)| {
        let mut registration = serde_json::to_value(World::registration(&BETA)).unwrap();
        change(&mut registration);
        world.owner(msg(json!({"register_consumer": registration})))
    };
    assert!(matches!(
        register(|it| it["id"] = json!("alpha")).unwrap_err(),
        ContractError::ConsumerExists { .. }
    ));
    let same_peer = register(|it| {
        it["connection_id"] = json!(ALPHA.connection);
        it["port_id"] = json!(ALPHA.port);
    });
    assert!(matches!(
        same_peer.unwrap_err(),
        ContractError::PeerTaken { .. }
    ));
    let same_sender = register(|it| {
        it["transfer_channel"] = json!(ALPHA.transfer_channel);
        it["contract"] = json!(ALPHA.contract);
    });
    assert!(matches!(
        same_sender.unwrap_err(),
        ContractError::PeerTaken { .. }
    ));
    for bad in ["", "ä", "a b"] {
        let mut registration = serde_json::to_value(World::registration(&BETA)).unwrap();
        registration["id"] = json!(bad);
        assert!(
            world
                .owner(msg(json!({"register_consumer": registration})))
                .is_err()
        );
    }
    let mut registration = serde_json::to_value(World::registration(&BETA)).unwrap();
    registration["id"] = json!("x".repeat(65));
    assert!(
        world
            .owner(msg(json!({"register_consumer": registration})))
            .is_err()
    );
    world
        .owner(msg(
            json!({"register_consumer": World::registration(&BETA)}),
        ))
        .unwrap();
    let update = json!({"update_consumer": {"id": "beta", "connection_id": ALPHA.connection, "port_id": ALPHA.port}});
    assert!(matches!(
        world.owner(msg(update)).unwrap_err(),
        ContractError::PeerTaken { .. }
    ));
    assert!(
        world
            .anyone(msg(
                json!({"pause_consumer": {"id": "gamma", "paused": true}})
            ))
            .is_err()
    );
}

#[test]
fn a_consumers_admin_lists_its_denoms_at_most_four() {
    let mut world = World::new();
    let admin = Addr::unchecked(account(201));
    let update = |add: &[&str], remove: &[&str]| {
        msg(json!({"update_consumer_denoms": {"id": "alpha", "add": add, "remove": remove}}))
    };
    world
        .execute(&admin, update(&["b", "c", "d"], &[]))
        .unwrap();
    assert!(matches!(
        world.execute(&admin, update(&["e"], &[])).unwrap_err(),
        ContractError::TooManyDenoms {
            denoms: 5,
            limit: 4
        }
    ));
    world.execute(&admin, update(&["e"], &["b"])).unwrap();
    assert!(world.execute(&admin, update(&["e"], &[])).is_err());
    assert!(world.execute(&admin, update(&[], &["b"])).is_err());
    assert!(world.execute(&admin, update(&[], &[])).is_err());
    assert!(world.execute(&admin, update(&["a b"], &[])).is_err());
    assert!(world.anyone(update(&[], &["e"])).is_err());
    let consumer = world.ask(json!({"consumer": {"id": "alpha"}}));
    let names: Vec<&str> = consumer["denoms"]
        .as_array()
        .unwrap()
        .iter()
        .map(|denom| denom["denom"].as_str().unwrap())
        .collect();
    assert_eq!(names, [DENOM, "c", "d", "e"]);
}

/// Leaves two coins in the carry of `uatom`.
pub fn with_carry() -> World {
    let mut world = World::new();
    world.all_weights(&ALPHA, 1, coins(&[1, 1, 1]));
    world.tokens(&ALPHA, 1, 1_001).unwrap();
    world.process_all(&ALPHA, 1, 30);
    assert_eq!(
        world.carry(&ALPHA),
        json!([{"denom": LOCAL, "amount": "2"}])
    );
    world
}

#[test]
fn the_carry_of_a_denom_that_is_not_listed_any_more_goes_to_the_community_pool() {
    let mut world = with_carry();
    world.tokens(&ALPHA, 2, 1_001).unwrap();
    let remove = json!({"update_consumer_denoms": {"id": "alpha", "remove": [DENOM]}});
    world.owner(msg(remove)).unwrap();
    assert_eq!(world.paid_in("community", LOCAL), 2);
    assert!(world.tokens(&ALPHA, 3, 5).is_err());
    // What arrived before is divided, and its dust goes the same way.
    world.all_weights(&ALPHA, 2, coins(&[1, 1, 1]));
    world.process_all(&ALPHA, 2, 30);
    assert_eq!(world.paid_to(1), 333 + 333);
    assert_eq!(world.paid_in("community", LOCAL), 4);
    assert_eq!(world.carry(&ALPHA), json!([]));
}

#[test]
fn after_a_change_of_transfer_channel_each_voucher_keeps_its_own_ledger() {
    let mut world = with_carry();
    world.tokens(&ALPHA, 2, 1_001).unwrap();
    let moved = Peer {
        transfer_channel: "channel-1",
        far_channel: "channel-90",
        ..ALPHA
    };
    let update = json!({"update_consumer": {"id": "alpha", "transfer_channel": "channel-1"}});
    world.owner(msg(update)).unwrap();
    world.open_transfer(&moved);
    assert_eq!(world.paid_in("community", LOCAL), 2);
    assert!(world.tokens(&ALPHA, 3, 5).is_err());
    world.tokens(&moved, 3, 1_001).unwrap();
    for epoch in [2, 3] {
        world.all_weights(&ALPHA, epoch, coins(&[1, 1, 1]));
        world.process_all(&ALPHA, epoch, 30);
    }
    // The old voucher has no next unit; the dust of the new one waits for it.
    assert_eq!(world.paid_in("community", LOCAL), 4);
    let local = "ibc/C4CFF46FD6DE35CA4CF4CE031E643C8FDC9BA4B99AE598E9B0ED98FE3A2319F9";
    assert_eq!(
        world.carry(&ALPHA),
        json!([{"denom": local, "amount": "2"}])
    );
    assert_eq!(world.paid_in(&validator(1), LOCAL), 666);
    assert_eq!(world.paid_in(&validator(1), local), 333);
}

#[test]
fn a_consumer_is_removed_when_nothing_waits() {
    let mut world = with_carry();
    world.tokens(&ALPHA, 2, 999).unwrap();
    let remove = || msg(json!({"remove_consumer": {"id": "alpha"}}));
    world.owner(remove()).unwrap();
    assert_eq!(
        world.ask(json!({"consumer": {"id": "alpha"}}))["status"],
        "removing"
    );
    // Nothing new is accepted; what waits is finished.
    assert!(world.tokens(&ALPHA, 3, 5).is_err());
    let ahead = &chunks(3, name(DENOM), coins(&[1])).unwrap()[0];
    assert!(world.weights(&ALPHA, ahead).is_err());
    assert!(
        world
            .owner(msg(
                json!({"pause_consumer": {"id": "alpha", "paused": true}})
            ))
            .is_err()
    );
    world.all_weights(&ALPHA, 2, coins(&[1, 1, 1]));
    world.process_all(&ALPHA, 2, 30);
    assert_eq!(world.paid_to(1), 333 + 333);
    world.owner(remove()).unwrap();
    assert_eq!(world.paid_in("community", LOCAL), 2);
    assert!(world.owner(remove()).is_err());
    assert_eq!(world.ask(json!({"consumers": {}}))["consumers"], json!([]));
    assert_eq!(world.deps.querier.balances[LOCAL], 0);
    // The same consumer begins anew, from any epoch, with a handshake.
    world
        .owner(msg(
            json!({"register_consumer": World::registration(&ALPHA)}),
        ))
        .unwrap();
    assert!(matches!(
        world.tokens(&ALPHA, 1, 5).unwrap_err(),
        ContractError::NoChannel { .. }
    ));
    world.connect(&ALPHA);
    world.tokens(&ALPHA, 1, 5).unwrap();
}

#[test]
fn a_consumer_that_is_being_removed_is_told_what_arrived() {
    let mut world = World::new();
    let list = msg(json!({"update_consumer_denoms": {"id": "alpha", "add": ["uosmo"]}}));
    world.owner(list).unwrap();
    world.all_weights(&ALPHA, 1, coins(&[1]));
    world.tokens(&ALPHA, 1, 10).unwrap();
    world.process_all(&ALPHA, 1, 30);
    world.arrive(Delivery::of(&ALPHA, "uosmo", 1, 10)).unwrap();
    let remove = || msg(json!({"remove_consumer": {"id": "alpha"}}));
    let ask = |world: &mut World| {
        let question = CcvPacket::Status(StatusRequest {
            epoch: 1,
            denom: name(DENOM),
            timeout: later(&world.env, 0),
        });
        world.packet(&ALPHA, &question).map(|ack| ack.status())
    };
    // One denom is drained, the other waits for its weights: the first is not forgotten before.
    world.owner(remove()).unwrap();
    assert_eq!(ask(&mut world).unwrap(), "arrived");
    for chunk in chunks(1, name("uosmo"), coins(&[1])).unwrap() {
        world.weights(&ALPHA, &chunk).unwrap();
    }
    let process = json!({"process": {"consumer": "alpha", "epoch": 1, "denom": "uosmo"}});
    world.anyone(msg(process)).unwrap();
    assert_eq!(ask(&mut world).unwrap(), "arrived");
    world.owner(remove()).unwrap();
    assert!(ask(&mut world).is_err());
}

#[test]
fn at_most_thirty_denoms_are_kept_of_a_consumer() {
    let mut world = World::new();
    let update = |add: &str, remove: &str| {
        msg(json!({"update_consumer_denoms": {"id": "alpha", "add": [add], "remove": [remove]}}))
    };
    world.tokens(&ALPHA, 1, 5).unwrap();
    let mut last = DENOM.to_string();
    for number in 2..=30 {
        let denom = format!("coin{number}");
        world.owner(update(&denom, &last)).unwrap();
        world.arrive(Delivery::of(&ALPHA, &denom, 1, 5)).unwrap();
        last = denom;
    }
    assert!(matches!(
        world.owner(update("another", &last)).unwrap_err(),
        ContractError::TooManyKeptDenoms {
            denoms: 31,
            limit: 30,
            ..
        }
    ));
    // One that came before may be listed again, and all are removed with the consumer.
    world.owner(update(DENOM, &last)).unwrap();
    for number in 1..=30 {
        let denom = match number {
            1 => DENOM.to_string(),
            number => format!("coin{number}"),
        };
        let resolve = json!({"resolve_orphan": {"consumer": "alpha", "epoch": 1, "denom": denom, "to": account(5)}});
        let remove = msg(json!({"remove_consumer": {"id": "alpha"}}));
        let response = world.owner(remove).unwrap();
        assert_eq!(response.events[0].attributes[2].value, "false");
        world.owner(msg(resolve)).unwrap();
    }
    world
        .owner(msg(json!({"remove_consumer": {"id": "alpha"}})))
        .unwrap();
    assert_eq!(kept(&world), Vec::<String>::new());
}

#[test]
fn a_consumer_whose_weights_alone_came_is_removed_at_once() {
    let mut world = World::new();
    world.all_weights(&ALPHA, 1, coins(&[1, 1, 1]));
    world
        .owner(msg(json!({"remove_consumer": {"id": "alpha"}})))
        .unwrap();
    assert_eq!(kept(&world), Vec::<String>::new());
}

/// Keys of records of `alpha`.
fn kept(world: &World) -> Vec<String> {
    let records = world.snapshot().into_iter();
    records
        .map(|(key, _)| String::from_utf8_lossy(&key).into_owned())
        .filter(|key| key.contains("alpha"))
        .collect()
}

#[test]
fn the_owner_sends_coins_whose_weights_never_come() {
    let mut world = World::new();
    let resolve = |epoch| {
        msg(
            json!({"resolve_orphan": {"consumer": "alpha", "epoch": epoch, "denom": DENOM, "to": account(5)}}),
        )
    };
    world.tokens(&ALPHA, 1, 10).unwrap();
    world.tokens(&ALPHA, 2, 20).unwrap();
    world.all_weights(&ALPHA, 2, coins(&[1]));
    assert!(world.process(&ALPHA, 2, 30).is_err());
    world.owner(resolve(1)).unwrap();
    assert_eq!(world.paid_in(&account(5), LOCAL), 10);
    for epoch in [1, 2, 3] {
        let error = world.owner(resolve(epoch)).unwrap_err();
        assert!(matches!(error, ContractError::NoOrphan { .. }));
    }
    world.process_all(&ALPHA, 2, 30);
    assert_eq!(world.paid_to(1), 20);
    // Weights that come after all are ignored.
    world.all_weights(&ALPHA, 1, coins(&[1]));
    assert!(world.process(&ALPHA, 1, 30).is_err());
}

#[test]
fn a_sweep_takes_what_is_undistributed_and_no_more() {
    let mut world = with_carry();
    world.tokens(&ALPHA, 2, 100).unwrap();
    world.refusing.insert(validator(1));
    let sweep = || msg(json!({"sweep": {"denom": LOCAL, "recipient": account(5)}}));
    assert!(world.owner(sweep()).is_err());
    *world.deps.querier.balances.get_mut(LOCAL).unwrap() += 7;
    world.deps.querier.balances.insert("other".to_string(), 3);
    world.owner(sweep()).unwrap();
    assert_eq!(world.paid_in(&account(5), LOCAL), 7);
    world
        .owner(msg(
            json!({"sweep": {"denom": "other", "recipient": account(5)}}),
        ))
        .unwrap();
    assert_eq!(world.paid_in(&account(5), "other"), 3);
    let this = world.env.contract.address.to_string();
    assert!(
        world
            .owner(msg(json!({"sweep": {"denom": LOCAL, "recipient": this}})))
            .is_err()
    );
}

#[test]
fn overrides_are_bounded() {
    let mut world = World::new();
    for number in 0..=64u8 {
        let set = json!({"override_validator": {"consumer": "alpha", "validator": validator(number), "pay_to": validator(1)}});
        let result = world.owner(msg(set));
        assert_eq!(result.is_ok(), number < 64);
    }
    for bad in ["x", "osmo1x"] {
        let set =
            json!({"override_validator": {"consumer": "alpha", "validator": bad, "pay_to": null}});
        assert!(world.owner(msg(set)).is_err());
    }
}

#[test]
fn the_ownership_changes_hands_in_two_steps() {
    let mut world = World::new();
    let offer = json!({"update_ownership": {"transfer_ownership": {"new_owner": account(5), "expiry": null}}});
    world.owner(msg(offer)).unwrap();
    let accept = msg(json!({"update_ownership": "accept_ownership"}));
    world.execute(&Addr::unchecked(account(5)), accept).unwrap();
    assert_eq!(world.ask(json!({"ownership": {}}))["owner"], account(5));
    assert!(
        world
            .owner(msg(
                json!({"pause_consumer": {"id": "alpha", "paused": true}})
            ))
            .is_err()
    );
}

#[test]
fn a_migration_keeps_the_state() {
    let mut world = with_carry();
    contract::migrate(world.deps.as_mut(), world.env.clone(), MigrateMsg {}).unwrap();
    world.check();
    assert_eq!(
        world.carry(&ALPHA),
        json!([{"denom": LOCAL, "amount": "2"}])
    );
    cw2::set_contract_version(&mut world.deps.storage, "other", "0.0.1").unwrap();
    let (deps, env) = (world.deps.as_mut(), world.env.clone());
    assert!(contract::migrate(deps, env, MigrateMsg {}).is_err());
}

#[test]
fn consumers_are_listed_in_pages() {
    let mut world = World::new();
    world.register(&BETA);
    let page = world.ask(json!({"consumers": {"limit": 1}}));
    assert_eq!(page["consumers"][0]["id"], "alpha");
    let page = world.ask(json!({"consumers": {"start_after": "alpha"}}));
    assert_eq!(page["consumers"][0]["id"], "beta");
    let config = world.ask(json!({"config": {}}));
    assert_eq!(config, json!({"target": "native", "community_pool": null}));
    assert!(
        world
            .try_query(&from_value(json!({"audit": {"start_after": "x"}})).unwrap())
            .is_err()
    );
    let page = world.arrive(Delivery::new(&ALPHA, 1, 10)).map(|()| {
        world.ask(json!({"pending_units": {"consumer": "alpha", "start_after": {"denom": DENOM, "epoch": 1}}}))
    });
    assert_eq!(page.unwrap()["units"], json!([]));
}

#[test]
fn a_misspelled_field_is_refused() {
    for message in owners_messages() {
        let (name, body) = message.as_object().unwrap().iter().next().unwrap();
        if name == "update_ownership" {
            continue;
        }
        let mut body = body.clone();
        body["extra"] = json!(1);
        assert!(
            from_value::<ExecuteMsg>(json!({ name: body })).is_err(),
            "{name}"
        );
    }
}
