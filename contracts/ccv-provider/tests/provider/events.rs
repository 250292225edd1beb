//! What events show of the configuration. Those that move money are added up after every step, in
//! `event_ledger`.

use ccv_provider::contract;
use ccv_provider::msg::{ExecuteMsg, Target};
use cosmwasm_std::Event;
use cosmwasm_std::testing::message_info;
use serde_json::{Value, from_value, json};

use crate::consumers::msg;
use crate::world::{ALPHA, DENOM, World, account};

fn attributes(event: &Event) -> Vec<(&str, &str)> {
    let attributes = event.attributes.iter();
    attributes
        .map(|attribute| (attribute.key.as_str(), attribute.value.as_str()))
        .collect()
}

#[test]
fn the_events_of_a_consumer_show_all_that_it_is_registered_with() {
    let mut world = World::of(Target::Native);
    let mut registration = World::registration(&ALPHA);
    registration.admin = None;
    let register = ExecuteMsg::RegisterConsumer(registration);
    let response = world.owner(register).unwrap();
    assert_eq!(
        attributes(&response.events[0]),
        [
            ("action", "register_consumer"),
            ("consumer", "alpha"),
            ("connection_id", ALPHA.connection),
            ("port_id", ALPHA.port),
            ("contract", ALPHA.contract),
            ("transfer_channel", ALPHA.transfer_channel),
            ("transfer_connection_id", ALPHA.connection),
            ("denoms", DENOM),
            ("order", "none"),
            ("disqualified", "redistribute"),
            ("admin", "none"),
        ]
    );
    let update = json!({"update_consumer": {"id": "alpha", "order": "unordered",
        "disqualified": "carry", "admin": account(9), "transfer_connection_id": "connection-8"}});
    let response = world.owner(msg(update)).unwrap();
    let shown = attributes(&response.events[0]);
    for (key, value) in [
        ("order", "unordered"),
        ("disqualified", "carry"),
        ("admin", account(9).as_str()),
        ("transfer_connection_id", "connection-8"),
    ] {
        assert!(shown.contains(&(key, value)), "{shown:?}");
    }
}

#[test]
fn the_first_event_shows_target_and_community_pool() {
    let mut world = World::of(Target::Native);
    let mut instantiate = |message: Value| {
        let info = message_info(&world.owner, &[]);
        let env = world.env.clone();
        let message = from_value(message).unwrap();
        let response = contract::instantiate(world.deps.as_mut(), env, info, message).unwrap();
        let shown = attributes(&response.events[0]);
        let find = |key| shown.iter().find(|it| it.0 == key).unwrap().1.to_string();
        (find("target"), find("community_pool"))
    };
    assert_eq!(
        instantiate(json!({"target": "native"})),
        ("\"native\"".to_string(), "null".to_string())
    );
    let (group, pool) = (account(3), account(4));
    assert_eq!(
        instantiate(
            json!({"target": {"group": {"contract": group}}, "community_pool": {"address": pool}})
        ),
        (
            format!("{{\"group\":{{\"contract\":\"{group}\"}}}}"),
            format!("{{\"address\":\"{pool}\"}}")
        )
    );
}
