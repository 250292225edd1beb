//! A consumer that gets another peer or another transfer channel: what of the former one stays, and what does not.

use ccv::memo::Expect;
use ccv::weights::chunks;
use ccv_provider::msg::ExecuteMsg;
use serde_json::{from_value, json};

use crate::consumers::{msg, with_carry};
use crate::world::{ALPHA, DENOM, Delivery, LOCAL, Peer, World, account, coins, name};

/// Alpha behind another port.
const MOVED: Peer = Peer {
    port: "wasm.alpha2pools",
    channel: "channel-108",
    ..ALPHA
};

#[test]
fn the_carry_does_not_follow_a_consumer_to_another_peer() {
    let changes = [
        ("connection_id", "connection-8"),
        ("port_id", "wasm.alpha2pools"),
        ("transfer_channel", "channel-8"),
    ];
    for (field, value) in changes {
        let mut world = with_carry();
        let update =
            json!({"update_consumer": {"id": "alpha", "admin": account(9), "order": "ordered"}});
        world.owner(msg(update)).unwrap();
        assert_eq!(world.paid_in("community", LOCAL), 0);
        let update = json!({"update_consumer": {"id": "alpha", field: value}});
        world.owner(msg(update)).unwrap();
        assert_eq!(world.paid_in("community", LOCAL), 2, "{field}");
        assert_eq!(world.carry(&ALPHA), json!([]));
    }
}

/// It counts its epochs from 1, which would be out of date for ever under the former one's id.
#[test]
fn a_contract_that_was_deployed_anew_is_another_consumer() {
    let mut world = with_carry();
    let anew = Peer {
        id: "alpha2",
        contract: "alpha2pools",
        ..MOVED
    };
    let update = json!({"update_consumer": {"id": "alpha", "contract": anew.contract}});
    assert!(from_value::<ExecuteMsg>(update).is_err());
    world.register(&anew);
    world.connect(&anew);
    world.all_weights(&anew, 1, coins(&[1]));
    world.tokens(&anew, 1, 10).unwrap();
    assert_eq!(world.process_all(&anew, 1, 30), 1);
}

#[test]
fn weights_of_a_former_peer_do_not_bind_the_next_one() {
    for epoch in [7, u32::MAX] {
        let mut world = World::new();
        let stranger = chunks(epoch, name(DENOM), coins(&[0, 0, 5])).unwrap();
        world.weights(&ALPHA, &stranger[0]).unwrap();
        let update = json!({"update_consumer": {"id": "alpha", "port_id": MOVED.port}});
        world.owner(msg(update)).unwrap();
        world.connect(&MOVED);
        world.all_weights(&MOVED, 7, coins(&[1]));
        world.tokens(&MOVED, 7, 10).unwrap();
        world.process_all(&MOVED, 7, 30);
        assert_eq!((world.paid_to(1), world.paid_to(3)), (10, 0));
    }
}

#[test]
fn weights_wait_for_coins_over_another_transfer_channel() {
    let mut world = World::new();
    world.all_weights(&ALPHA, 1, coins(&[1]));
    let moved = Peer {
        transfer_channel: "channel-1",
        far_channel: "channel-90",
        ..ALPHA
    };
    let update = json!({"update_consumer": {"id": "alpha", "transfer_channel": "channel-1"}});
    world.owner(msg(update)).unwrap();
    world.open_transfer(&moved);
    world.tokens(&moved, 1, 10).unwrap();
    assert_eq!(world.process_all(&moved, 1, 30), 1);
}

#[test]
fn a_unit_of_a_former_peer_and_the_carry_of_the_next_one_do_not_mix() {
    let mut world = with_carry();
    world.all_weights(&ALPHA, 2, coins(&[1, 1, 1]));
    world.tokens(&ALPHA, 2, 1_001).unwrap();
    let update = json!({"update_consumer": {"id": "alpha", "port_id": MOVED.port}});
    world.owner(msg(update)).unwrap();
    assert_eq!(world.paid_in("community", LOCAL), 2);
    world.connect(&MOVED);
    // The same voucher arrives, before the unit of the former peer is processed.
    world
        .arrive(Delivery::probe(&MOVED, 1, Expect::Arrival))
        .unwrap();
    world.tokens(&MOVED, 3, 1_000).unwrap();
    world.process_all(&MOVED, 2, 30);
    assert_eq!(world.paid_to(1), 333 + 333);
    assert_eq!(world.paid_in("community", LOCAL), 4);
    assert_eq!(
        world.carry(&MOVED),
        json!([{"denom": LOCAL, "amount": "1"}])
    );
    // The next unit takes the carry in, and leaves its own.
    world.all_weights(&MOVED, 3, coins(&[1, 1]));
    world.process_all(&MOVED, 3, 30);
    assert_eq!(world.paid_to(1), 333 + 333 + 500);
    assert_eq!(
        world.carry(&MOVED),
        json!([{"denom": LOCAL, "amount": "1"}])
    );
}
