//! ICS-20 and its callbacks.

use cosmwasm_std::{Addr, Coin, IbcMsg, Uint256, coin};
use serde_json::json;

use super::echo::Execute;
use super::{ALL, Two, chain};
use crate::wire::Relay;

/// What `uatom` of the hub is on the zone, over channel-0.
pub(super) const VOUCHER: &str =
    "ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2";

fn two() -> Two {
    let mut two = Two::new();
    two.wire.open_transfer("hub", "zone").unwrap();
    two
}

fn memo(source: Option<&Addr>, destination: Option<&Addr>) -> String {
    let mut memo = serde_json::Map::new();
    for (key, address) in [("src_callback", source), ("dest_callback", destination)] {
        if let Some(address) = address {
            memo.insert(key.to_string(), json!({"address": address}));
        }
    }
    serde_json::Value::Object(memo).to_string()
}

/// The hub's contract sends its own coins to the zone's, with callbacks to both.
fn contract_sends(two: &mut Two, amount: u128) {
    let (hub, zone) = (two.hub.clone(), two.zone.clone());
    let message = Execute::Transfer {
        channel: "channel-0".to_string(),
        to: zone.to_string(),
        coin: coin(amount, "uatom"),
        timeout: two.in_seconds(600),
        memo: memo(Some(&hub), Some(&zone)),
    };
    two.tell("hub", &message);
}

#[test]
fn coins_become_vouchers_and_come_home() {
    let mut two = two();
    let (alice, bob) = (two.account("alice"), two.account("bob"));
    two.transfer("channel-0", 30, &bob, "").unwrap();
    assert_eq!(two.balance("hub", &alice, "uatom"), Uint256::from(870u128));
    two.relay();
    assert_eq!(two.balance("zone", &bob, VOUCHER), Uint256::from(30u128));

    let back = IbcMsg::Transfer {
        channel_id: "channel-0".to_string(),
        to_address: bob.to_string(),
        amount: coin(12, VOUCHER),
        timeout: two
            .wire
            .chain("hub")
            .unwrap()
            .block()
            .time
            .plus_seconds(60)
            .into(),
        memo: None,
    };
    two.wire
        .chain_mut("zone")
        .unwrap()
        .transact(&bob, back)
        .unwrap();
    two.relay();
    assert_eq!(two.balance("hub", &bob, "uatom"), Uint256::from(12u128));
    assert_eq!(
        two.wire.chain("zone").unwrap().supply(VOUCHER).unwrap(),
        Uint256::from(18u128)
    );
}

#[test]
fn a_denom_with_slashes_keeps_its_name() {
    let mut two = two();
    let bob = two.account("bob");
    let hub = two.wire.chain_mut("hub").unwrap();
    let (alice, timeout) = (
        hub.account("alice"),
        hub.block().time.plus_seconds(60).into(),
    );
    let transfer = IbcMsg::Transfer {
        channel_id: "channel-0".to_string(),
        to_address: bob.to_string(),
        amount: coin(5, "gamm/pool/1"),
        timeout,
        memo: None,
    };
    hub.transact(&alice, transfer).unwrap();
    two.relay();
    let path = ccv::denom::DenomTrace::read("transfer/channel-0/gamm/pool/1").unwrap();
    assert_eq!(
        two.balance("zone", &bob, &path.local_denom()),
        Uint256::from(5u128)
    );
}

#[test]
fn a_transfer_that_is_too_late_or_refused_is_refunded() {
    let mut two = two();
    let (alice, bob) = (two.account("alice"), two.account("bob"));
    two.transfer("channel-0", 30, &bob, "").unwrap();
    two.pass("zone", 600);
    assert_eq!(two.relay(), [], "it waits for its timeout");
    two.relay_timeouts();
    assert_eq!(two.balance("hub", &alice, "uatom"), Uint256::from(900u128));

    two.wire
        .chain_mut("zone")
        .unwrap()
        .block_transfers_to(&bob)
        .unwrap();
    two.transfer("channel-0", 30, &bob, "").unwrap();
    let relayed = two.relay();
    let ack = String::from_utf8(relayed[1].ack.clone().unwrap().to_vec()).unwrap();
    assert!(ack.starts_with(r#"{"error":"ABCI code: "#), "{ack}");
    assert_eq!(two.balance("hub", &alice, "uatom"), Uint256::from(900u128));
    assert_eq!(
        two.wire.chain("zone").unwrap().supply(VOUCHER).unwrap(),
        Uint256::zero()
    );
}

#[test]
fn a_refused_voucher_is_made_again() {
    let mut two = two();
    let bob = two.account("bob");
    two.transfer("channel-0", 30, &bob, "").unwrap();
    two.relay();
    two.wire
        .chain_mut("hub")
        .unwrap()
        .block_transfers_to(&bob)
        .unwrap();
    let back = IbcMsg::Transfer {
        channel_id: "channel-0".to_string(),
        to_address: bob.to_string(),
        amount: coin(12, VOUCHER),
        timeout: two
            .wire
            .chain("hub")
            .unwrap()
            .block()
            .time
            .plus_seconds(60)
            .into(),
        memo: None,
    };
    two.wire
        .chain_mut("zone")
        .unwrap()
        .transact(&bob, back)
        .unwrap();
    assert_eq!(two.balance("zone", &bob, VOUCHER), Uint256::from(18u128));
    two.relay();
    assert_eq!(two.balance("zone", &bob, VOUCHER), Uint256::from(30u128));
}

#[test]
fn a_transfer_needs_its_coins_and_an_open_channel() {
    let mut two = two();
    let bob = two.account("bob");
    let cases = [
        ("channel-0", 901, "insufficient funds"),
        ("channel-0", 0, "must be strictly positive"),
        ("channel-7", 1, "counterparty not found"),
    ];
    for (channel, amount, text) in cases {
        let error = two.transfer(channel, amount, &bob, "").unwrap_err();
        assert!(error.contains(text), "{error}");
    }
    two.wire.expire("hub").unwrap();
    let error = two.transfer("channel-0", 1, &bob, "").unwrap_err();
    assert!(error.contains("client state is not active"), "{error}");
}

#[test]
fn both_callbacks_are_made_after_the_coins_have_moved() {
    let mut two = two();
    contract_sends(&mut two, 40);
    assert_eq!(two.last("hub"), "sent CAE=");
    two.relay();
    let arrived = format!("destination_callback 40{VOUCHER} from {}", two.hub);
    assert_eq!(two.last("zone"), arrived);
    assert_eq!(
        two.last("hub"),
        r#"source_callback {"result":"AQ=="} has 60"#
    );
}

#[test]
fn an_error_of_the_destination_takes_everything_back_and_refunds() {
    let mut two = two();
    two.refuse("zone", "destination_callback");
    contract_sends(&mut two, 40);
    let relayed = two.relay();
    let error = r#"{"error":"ABCI code: 5: error handling packet: see events for details"}"#;
    assert_eq!(
        relayed[0].ack.as_ref().unwrap().as_slice(),
        error.as_bytes()
    );
    assert_eq!(two.log("zone"), Vec::<String>::new());
    assert_eq!(two.balance("zone", &two.zone, VOUCHER), Uint256::zero());
    // The refund comes before the callback.
    assert_eq!(two.last("hub"), format!("source_callback {error} has 100"));
}

#[test]
fn an_error_of_the_source_is_passed_over() {
    let mut two = two();
    two.refuse("hub", "source_callback");
    contract_sends(&mut two, 40);
    two.pass("zone", 600);
    let relayed = two.relay_timeouts();
    let error = relayed[0].callback_error.as_ref().unwrap();
    assert!(error.contains("source_callback is refused"), "{error}");
    assert_eq!(
        two.last("hub"),
        "sent CAE=",
        "what it changed is taken back"
    );
    assert_eq!(
        two.balance("hub", &two.hub, "uatom"),
        Uint256::from(100u128)
    );
    assert_eq!(two.relay_timeouts(), []);
}

#[test]
fn a_timeout_is_told_after_the_refund() {
    let mut two = two();
    contract_sends(&mut two, 40);
    two.pass("zone", 600);
    two.relay_timeouts();
    assert_eq!(two.last("hub"), "source_callback timeout has 100");
}

#[test]
fn only_the_sender_may_ask_for_a_source_callback() {
    let mut two = two();
    let bob = two.account("bob");
    let other = memo(Some(&two.hub.clone()), None);
    let error = two.transfer("channel-0", 1, &bob, &other).unwrap_err();
    assert!(error.contains("does not match packet sender"), "{error}");
    for malformed in [
        r#"{"src_callback":{}}"#,
        r#"{"src_callback":{"address":5}}"#,
        r#"{"src_callback":{"address":"x","gas_limit":5}}"#,
        r#"{"src_callback":{"address":"x","calldata":"5"}}"#,
    ] {
        let error = two.transfer("channel-0", 1, &bob, malformed).unwrap_err();
        assert!(error.contains("invalid callback data"), "{error}");
    }
    for no_callback in ["text", "[]", r#"{"src_callback":"x"}"#] {
        two.transfer("channel-0", 1, &bob, no_callback).unwrap();
    }
}

#[test]
fn a_destination_callback_needs_a_contract_but_not_the_receiver() {
    let mut two = two();
    let (bob, zone) = (two.account("bob"), two.zone.clone());
    two.transfer("channel-0", 10, &bob, &memo(None, Some(&zone)))
        .unwrap();
    two.relay();
    assert_eq!(two.balance("zone", &bob, VOUCHER), Uint256::from(10u128));
    assert_eq!(
        two.last("zone"),
        format!(
            "destination_callback 10{VOUCHER} from {}",
            two.account("alice")
        )
    );
    // An account has no entry points.
    two.transfer("channel-0", 10, &bob, &memo(None, Some(&bob)))
        .unwrap();
    two.relay();
    assert_eq!(two.balance("zone", &bob, VOUCHER), Uint256::from(10u128));
}

#[test]
fn without_callbacks_on_a_chain_its_contracts_are_not_called() {
    for (hub_calls, zone_calls) in [(true, false), (false, true)] {
        let build = |name: &str, calls: bool| {
            let chain = chain(name);
            let chain = if calls {
                chain
            } else {
                chain.without_callbacks()
            };
            chain.build().unwrap()
        };
        let mut two = Two::of(build("hub", hub_calls), build("zone", zone_calls));
        two.wire.open_transfer("hub", "zone").unwrap();
        contract_sends(&mut two, 40);
        two.relay();
        let called =
            |two: &Two, chain: &str| two.log(chain).iter().any(|it| it.contains("callback"));
        assert_eq!(called(&two, "hub"), hub_calls);
        assert_eq!(called(&two, "zone"), zone_calls);
        assert_eq!(
            two.balance("zone", &two.zone, VOUCHER),
            Uint256::from(40u128)
        );
    }
}

#[test]
fn hooks_of_a_denom_see_transfers_to_the_escrow_and_their_failure_fails_the_refund() {
    let mut two = two();
    let token = "factory/cosmos1creator/token";
    let hub = two.wire.chain_mut("hub").unwrap();
    let alice = hub.account("alice");
    hub.mint(&alice, &[Coin::new(50u128, token)]).unwrap();
    let transfer = IbcMsg::Transfer {
        channel_id: "channel-0".to_string(),
        to_address: alice.to_string(),
        amount: coin(50, token),
        timeout: hub.block().time.plus_seconds(60).into(),
        memo: None,
    };
    hub.transact(&alice, transfer).unwrap();
    hub.block_transfers_to(&alice).unwrap();
    two.pass("zone", 60);
    let how = Relay {
        timeouts: true,
        ..ALL()
    };
    let error = two.wire.relay(&how).unwrap_err().to_string();
    assert!(error.contains("not allowed to receive funds"), "{error}");
    two.wire
        .chain_mut("hub")
        .unwrap()
        .allow_transfers_to(&alice);
    assert_eq!(two.relay_timeouts().len(), 1);
    assert_eq!(two.balance("hub", &alice, token), Uint256::from(50u128));
}
