//! Random lives of a transfer channel: whatever a relayer does, no coin is lost or made.

use cosmwasm_std::{Coin, IbcMsg, Order, Uint256, coin};
use proptest::prelude::*;

use super::transfers::VOUCHER;
use super::{ALL, End, Two};
use crate::ibc::state::SENT;
use crate::ibc::transfer::{TransferData, escrow};
use crate::wire::{MessageKind, Only, Relay};

#[derive(Clone, Debug)]
enum Act {
    /// Alice of a chain sends to alice of the other.
    Send { hub: bool, amount: u8, seconds: u16 },
    /// A relayer does something.
    Relay(Relay),
    /// Time passes on a chain.
    Pass { hub: bool, seconds: u16 },
    /// The bank of a chain refuses alice, or takes her again.
    Block { hub: bool, blocked: bool },
}

fn act() -> impl Strategy<Value = Act> {
    let kind = prop_oneof![
        Just(MessageKind::Receive),
        Just(MessageKind::Acknowledge),
        Just(MessageKind::Timeout),
    ];
    let relay = (
        proptest::option::of(kind),
        proptest::option::of(1_u64..4),
        any::<[bool; 4]>(),
    )
        .prop_map(
            |(message, limit, [reverse, drop, duplicate, timeouts])| Relay {
                only: Only {
                    message,
                    ..Only::default()
                },
                limit,
                reverse,
                // Rarely, so that most things come to an end.
                drop: drop && reverse && duplicate,
                duplicate,
                timeouts,
            },
        );
    prop_oneof![
        3 => (any::<bool>(), 1_u8.., 1_u16..900)
            .prop_map(|(hub, amount, seconds)| Act::Send { hub, amount, seconds }),
        3 => relay.prop_map(Act::Relay),
        1 => (any::<bool>(), 1_u16..900).prop_map(|(hub, seconds)| Act::Pass { hub, seconds }),
        1 => any::<[bool; 2]>().prop_map(|[hub, blocked]| Act::Block { hub, blocked }),
    ]
}

fn name(hub: bool) -> &'static str {
    if hub { "hub" } else { "zone" }
}

/// Does it. What a chain refuses changes nothing.
fn play(two: &mut Two, act: &Act) {
    match act {
        Act::Send {
            hub,
            amount,
            seconds,
        } => {
            let chain = two.wire.chain_mut(name(*hub)).unwrap();
            let alice = chain.account("alice");
            let denom = if *hub { "uatom" } else { VOUCHER };
            let message = IbcMsg::Transfer {
                channel_id: "channel-0".to_string(),
                to_address: alice.to_string(),
                amount: coin((*amount).into(), denom),
                timeout: chain.block().time.plus_seconds((*seconds).into()).into(),
                memo: None,
            };
            let before = chain.snapshot();
            if chain.transact(&alice, message).is_err() {
                assert_eq!(chain.snapshot(), before);
            }
        }
        Act::Relay(how) => drop(two.wire.relay(how)),
        Act::Pass { hub, seconds } => two.pass(name(*hub), (*seconds).into()),
        Act::Block { hub, blocked } => {
            let chain = two.wire.chain_mut(name(*hub)).unwrap();
            let alice = chain.account("alice");
            if *blocked {
                chain.block_transfers_to(&alice).unwrap();
            } else {
                chain.allow_transfers_to(&alice);
            }
        }
    }
}

/// What the packets of a chain carry that have not arrived.
fn under_way(two: &Two, chain: &str) -> Uint256 {
    let storage = two.wire.chain(chain).unwrap().storage();
    let sent = SENT.range(storage, None, None, Order::Ascending);
    sent.map(|record| record.unwrap().1.packet)
        .filter(|packet| {
            let ack = two.wire.written_ack(chain, packet).unwrap();
            ack.is_none_or(|ack| ack.starts_with(br#"{"error""#))
        })
        .map(|packet| TransferData::read(&packet.data).unwrap().amount)
        .sum()
}

/// The escrow has what is a voucher, comes home or has not arrived yet.
fn check(two: &Two) {
    let hub = two.wire.chain("hub").unwrap();
    let escrow = escrow(
        hub.app().api(),
        &End::transfer("hub").channel("channel-0").endpoint,
    );
    let kept = hub.balance(&escrow.unwrap(), "uatom").unwrap();
    let vouchers = two.wire.chain("zone").unwrap().supply(VOUCHER).unwrap();
    assert_eq!(
        kept,
        vouchers + under_way(two, "hub") + under_way(two, "zone")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_coin_is_lost_or_made(acts in proptest::collection::vec(act(), 1..40)) {
        let mut two = Two::new();
        two.wire.open_transfer("hub", "zone").unwrap();
        for act in &acts {
            play(&mut two, act);
            check(&two);
        }
        // When nobody is refused any more, only what was lost on its way is still under way.
        for hub in [true, false] {
            play(&mut two, &Act::Block { hub, blocked: false });
        }
        let all = Relay { timeouts: true, ..ALL() };
        two.wire.relay(&all).unwrap();
        for chain in ["hub", "zone"] {
            two.pass(chain, 900);
        }
        two.wire.relay(&all).unwrap();
        check(&two);
        prop_assert_eq!(two.wire.waiting().unwrap(), []);
        let supply = two.wire.chain("hub").unwrap().supply("uatom").unwrap();
        prop_assert_eq!(Coin::new(supply, "uatom"), coin(1000, "uatom"));
    }
}
