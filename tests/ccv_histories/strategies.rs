//! Random lives of a consumer and its provider.

use std::ops::RangeInclusive;

use proptest::collection::vec;
use proptest::prelude::*;
use testkit::ccv_world::{BlockOf, CcvAction, Lister, NewPower, Side, World};
use testkit::scenario::ChannelOrder;

/// A world and what happens in it.
#[derive(Clone, Debug)]
pub struct History {
    pub world: World,
    pub actions: Vec<CcvAction>,
}

/// Lives with one to four validators and so many actions.
pub fn histories(
    order: ChannelOrder,
    actions: RangeInclusive<usize>,
) -> impl Strategy<Value = History> {
    lives(order, 1..=4, actions)
}

/// Lives with more validators than fit one chunk of weights.
pub fn crowds(order: ChannelOrder) -> impl Strategy<Value = History> {
    lives(order, 65..=70, 0..=40)
}

fn lives(
    order: ChannelOrder,
    validators: RangeInclusive<usize>,
    actions: RangeInclusive<usize>,
) -> impl Strategy<Value = History> {
    let powers = vec(1..=20_u64, validators);
    let world = (1..=2_usize, 1..=3_u64, any::<bool>());
    (powers, world, vec(episode(), actions)).prop_map(move |(powers, world, actions)| {
        let (denoms, period, carries) = world;
        let world = World {
            order,
            validators: powers.len(),
            denoms,
            period,
            carries,
        };
        // Without powers most lives would begin with fees that wait.
        let powers = powers.into_iter().enumerate();
        let powers = powers.map(|(validator, power)| NewPower { validator, power });
        let first = CcvAction::Powers(powers.collect());
        History {
            world,
            actions: std::iter::once(first)
                .chain(actions.into_iter().flatten())
                .collect(),
        }
    })
}

fn new_powers(most: usize) -> impl Strategy<Value = Vec<NewPower>> {
    let power = prop_oneof![1 => Just(0_u64), 3 => 1..=20_u64];
    let new = (0..4_usize, power).prop_map(|(validator, power)| NewPower { validator, power });
    vec(new, 1..=most)
}

fn fees() -> impl Strategy<Value = u128> {
    prop_oneof![2 => Just(0_u128), 2 => 1..=9_u128, 4 => 10..=1_000_u128, 1 => Just(999_999_937_u128)]
}

fn block() -> impl Strategy<Value = CcvAction> {
    let changes = prop_oneof![3 => Just(Vec::new()), 1 => new_powers(2)];
    (vec(fees(), 2), 0..4_usize, 0..=100_u64, changes).prop_map(
        |(fees, proposer, signed_percent, changes)| {
            CcvAction::Block(BlockOf {
                fees,
                proposer,
                signed_percent,
                changes,
            })
        },
    )
}

fn lister() -> impl Strategy<Value = Lister> {
    prop_oneof![
        Just(Lister::Consumer),
        Just(Lister::Provider),
        Just(Lister::FeePool)
    ]
}

fn side() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Side::Consumer), Just(Side::Provider)]
}

/// One action, or now and then several that chance hardly ever puts in this order.
fn episode() -> impl Strategy<Value = Vec<CcvAction>> {
    prop_oneof![
        120 => action().prop_map(|action| vec![action]),
        2 => (fees(), 0..2_usize, any::<bool>())
            .prop_map(|(fees, denom, in_time)| lost_callback(fees, denom, in_time)),
        2 => (fees(), any::<bool>()).prop_map(|(fees, is_late)| registered_anew(fees, is_late)),
        1 => (side(), any::<bool>()).prop_map(|(side, at_once)| new_connection(side, at_once)),
    ]
}

/// A light client expires and the owners connect the chains anew, over which the probe passes, or
/// waits for what else comes.
fn new_connection(side: Side, passes: bool) -> Vec<CcvAction> {
    let mut actions = vec![CcvAction::Expire(side), CcvAction::Reconnect];
    if passes {
        let relay = CcvAction::RelayAll { reverse: false };
        actions.extend([relay.clone(), CcvAction::Tick(30), relay]);
    }
    actions
}

/// Blocks with fees, and what follows until their coins are under way.
fn coins_under_way(fees: u128) -> Vec<CcvAction> {
    let block = CcvAction::Block(BlockOf {
        fees: vec![fees; 2],
        signed_percent: 100,
        ..BlockOf::default()
    });
    let tick = CcvAction::Tick(30);
    let relay = CcvAction::RelayAll { reverse: false };
    vec![
        block.clone(),
        block.clone(),
        block,
        tick.clone(),
        relay,
        tick,
    ]
}

/// A transfer that nobody relays is written off; its coins may come back later. Or they can arrive still
/// by the provider's clock, and it says so.
fn lost_callback(fees: u128, denom: usize, in_time: bool) -> Vec<CcvAction> {
    let wait = |side| CcvAction::Wait {
        side,
        seconds: 8 * 86_400,
    };
    let mut actions = coins_under_way(fees);
    if !in_time {
        actions.push(wait(Side::Provider));
    }
    actions.extend([
        wait(Side::Consumer),
        CcvAction::Reconcile(denom),
        CcvAction::RelayAll { reverse: in_time },
    ]);
    actions
}

/// The consumer is removed and registered anew while coins are under way. They come before the next
/// handshake and are refused, or after it and find no weights.
fn registered_anew(fees: u128, is_late: bool) -> Vec<CcvAction> {
    let relay = CcvAction::RelayAll { reverse: false };
    let open = CcvAction::Open { abandon: true };
    let process = |denom| CcvAction::Process { denom, limit: 30 };
    let mut actions = coins_under_way(fees);
    actions.extend([process(0), process(1), CcvAction::Remove]);
    actions.extend(match is_late {
        true => [open, relay],
        false => [relay, open],
    });
    actions
}

fn action() -> impl Strategy<Value = CcvAction> {
    let number = 0..4_usize;
    let denom = || 0..2_usize;
    let seconds =
        prop_oneof![4 => Just(30_u64), 2 => Just(700), 1 => Just(1_300), 1 => Just(8 * 86_400)];
    prop_oneof![
        24 => block(),
        4 => new_powers(3).prop_map(CcvAction::Powers),
        20 => prop_oneof![1..=3_u32, Just(30)].prop_map(CcvAction::Tick),
        2 => Just(CcvAction::Clock),
        24 => (any::<u8>(), prop::bool::weighted(0.2)).prop_map(|(nth, duplicate)| {
            CcvAction::Relay { nth: nth.into(), duplicate }
        }),
        8 => prop::bool::weighted(0.3).prop_map(|reverse| CcvAction::RelayAll { reverse }),
        2 => any::<u8>().prop_map(|nth| CcvAction::Drop(nth.into())),
        4 => (side(), seconds).prop_map(|(side, seconds)| CcvAction::Wait { side, seconds }),
        1 => side().prop_map(CcvAction::Close),
        4 => prop::bool::weighted(0.2).prop_map(|abandon| CcvAction::Open { abandon }),
        1 => prop_oneof![
            side().prop_map(CcvAction::Expire),
            Just(CcvAction::Reconnect),
            Just(CcvAction::Probe),
        ],
        4 => (number.clone(), any::<bool>()).prop_map(|(validator, exists)| {
            CcvAction::SetExists { validator, exists }
        }),
        10 => (denom(), prop_oneof![1..=3_u32, Just(30)]).prop_map(|(denom, limit)| {
            CcvAction::Process { denom, limit }
        }),
        2 => denom().prop_map(CcvAction::Reconcile),
        1 => denom().prop_map(CcvAction::Release),
        3 => (denom(), proptest::option::of(1..=4_u32)).prop_map(|(denom, epoch)| {
            CcvAction::Forge { denom, epoch }
        }),
        5 => (lister(), denom(), any::<bool>()).prop_map(|(by, denom, listed)| {
            CcvAction::List { by, denom, listed }
        }),
        2 => (denom(), proptest::option::of(number.clone())).prop_map(|(denom, validator)| {
            CcvAction::Retry { denom, validator }
        }),
        2 => (number.clone(), number.clone()).prop_map(|(validator, meant)| {
            CcvAction::Name { validator, meant }
        }),
        3 => (number.clone(), proptest::option::weighted(0.7, number)).prop_map(
            |(validator, meant)| CcvAction::Override { validator, meant },
        ),
        2 => prop::bool::weighted(0.3).prop_map(CcvAction::Pause),
        1 => Just(CcvAction::Remove),
        2 => denom().prop_map(CcvAction::ResolveOrphan),
    ]
}
