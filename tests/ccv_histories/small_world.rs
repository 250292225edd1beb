//! Every interleaving of a small world.
//!
//! Two validators with powers 1 and 2, one denom, every block due. From the set-up on every move is
//! tried in every state that is reached, breadth first. The properties of `testkit::ccv_world` are checked in every new
//! state, and after every tenth of the moves that lead to a known one by another way; pools and audits, which cost
//! several queries, in every tenth new state. (All of it holds everywhere: that run takes three times as long.) A state
//! is all that both chains store, their clocks, what was lost, and how often each bounded move was made. (The
//! ledgers are those of the first way to a state.)
//!
//! Moves: a block, of which the first two have fees, so that two epochs close; a tick of one unit of
//! work; every message that waits, brought twice; a loss of every packet or acknowledgement that waits;
//! nine days pass; a power changes; a validator of the provider vanishes; one entry is processed;
//! `reconcile`; `release`; a new channel in the place of one that is closed. Blocks, losses, days, changes,
//! vanishing, releases and new channels are bounded by [`Bounds`], so that it ends.
//!
//! Each run searches a world with three blocks and one new channel for each row of [`SMALL`]; a move costs
//! less than a millisecond of one core:
//!
//! | with | order | states | moves |
//! |---|---|---|---|
//! | a release | ordered | 1 042 | 4 329 |
//! | a release | unordered | 1 216 | 5 148 |
//! | a loss and nine days | ordered | 8 942 | 38 771 |
//! | a loss and nine days | unordered | 10 539 | 46 380 |
//! | a change of powers and a validator that vanishes | either | 3 459 | 15 405 |
//!
//! `CCV_SMALL_WORLD=large` has all of it on one way ([`LARGE`]): 381 861 states and 1 957 986 moves ordered, 560 973
//! and 2 966 038 unordered, half an hour on one core with `CARGO_PROFILE_DEV_OPT_LEVEL=2`, and 1.6 GB of memory.

use std::collections::{BTreeSet, VecDeque};

use anyhow::{Context as _, Result};
use testkit::ccv_world::{BlockOf, CcvAction, CcvHarness, CcvMoment, NewPower, Side, World};
use testkit::scenario::ChannelOrder;
use testkit::wire::MessageKind;

/// Of so many new states, pools and audits are checked in one; of so many ways that are tried, one to a
/// state that is not new is checked.
const COMPARE_EVERY: usize = 10;

/// How often what is bounded may happen on a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Bounds {
    blocks: u8,
    losses: u8,
    days: u8,
    changes: u8,
    vanishes: u8,
    releases: u8,
    channels: u8,
}

/// Nothing but three blocks.
const QUIET: Bounds = Bounds {
    blocks: 3,
    losses: 0,
    days: 0,
    changes: 0,
    vanishes: 0,
    releases: 0,
    channels: 1,
};

/// What is searched for a change of the code.
const SMALL: [Bounds; 3] = [
    Bounds {
        releases: 1,
        ..QUIET
    },
    Bounds {
        losses: 1,
        days: 1,
        ..QUIET
    },
    Bounds {
        changes: 1,
        vanishes: 1,
        ..QUIET
    },
];

/// All of it at once.
const LARGE: [Bounds; 1] = [Bounds {
    losses: 1,
    days: 1,
    changes: 1,
    vanishes: 1,
    releases: 1,
    ..QUIET
}];

/// Takes one of what is left of a bounded move; none when nothing is.
fn spend(left: &Bounds, which: impl Fn(&mut Bounds) -> &mut u8) -> Option<Bounds> {
    let mut left = *left;
    let place = which(&mut left);
    *place = place.checked_sub(1)?;
    Some(left)
}

/// A state to go on from.
struct Reached {
    moment: CcvMoment,
    left: Bounds,
    /// Its number.
    number: usize,
}

/// One of the moves from a state.
#[derive(Clone, Debug)]
enum Move {
    Action(CcvAction),
    /// Nine days pass on both chains.
    Days,
}

const NINE_DAYS: u64 = 9 * 86_400;

fn apply(harness: &mut CcvHarness, step: &Move) -> Result<()> {
    match step {
        Move::Action(action) => harness.apply(action),
        Move::Days => [Side::Consumer, Side::Provider]
            .into_iter()
            .try_for_each(|side| {
                let seconds = NINE_DAYS;
                harness.apply(&CcvAction::Wait { side, seconds })
            }),
    }
}

/// The moves from a state, and what is left of the bounds after each.
fn moves(harness: &CcvHarness, bounds: &Bounds, left: &Bounds) -> Result<Vec<(Move, Bounds)>> {
    let free = [
        CcvAction::Tick(1),
        CcvAction::Process { denom: 0, limit: 1 },
        CcvAction::Reconcile(0),
    ];
    let mut moves: Vec<(Move, Bounds)> = free.map(|it| (Move::Action(it), *left)).into();
    let waiting = harness.waiting()?;
    for nth in 0..waiting.len() {
        let duplicate = true;
        let relay = CcvAction::Relay { nth, duplicate };
        moves.push((Move::Action(relay), *left));
    }
    let can_be_lost = waiting.iter().filter(|it| it.kind != MessageKind::Timeout);
    let lost = (0..can_be_lost.count()).map(CcvAction::Drop);
    let mut bounded = |step: CcvAction, left: Option<Bounds>| {
        moves.extend(left.map(|left| (Move::Action(step), left)));
    };
    for lost in lost {
        bounded(lost, spend(left, |it| &mut it.losses));
    }
    let block = CcvAction::Block(BlockOf {
        fees: vec![if left.blocks + 2 > bounds.blocks {
            10
        } else {
            0
        }],
        proposer: 0,
        signed_percent: 100,
        changes: vec![],
    });
    bounded(block, spend(left, |it| &mut it.blocks));
    let change = NewPower {
        validator: 1,
        power: 5,
    };
    bounded(
        CcvAction::Powers(vec![change]),
        spend(left, |it| &mut it.changes),
    );
    let vanish = CcvAction::SetExists {
        validator: 0,
        exists: false,
    };
    bounded(vanish, spend(left, |it| &mut it.vanishes));
    bounded(CcvAction::Release(0), spend(left, |it| &mut it.releases));
    if !harness.is_open()? {
        let open = CcvAction::Open { abandon: true };
        bounded(open, spend(left, |it| &mut it.channels));
    }
    moves.extend(spend(left, |it| &mut it.days).map(|left| (Move::Days, left)));
    Ok(moves)
}

/// Tries every move in every state and returns the number of states and of moves.
fn search(order: ChannelOrder, bounds: Bounds) -> Result<(usize, usize)> {
    let world = World {
        order,
        validators: 2,
        denoms: 1,
        period: 1,
        carries: false,
    };
    let mut harness = CcvHarness::new(world, None)?;
    let powers = [(0, 1), (1, 2)].map(|(validator, power)| NewPower { validator, power });
    harness.apply(&CcvAction::Powers(powers.to_vec()))?;

    let first = harness.moment();
    let mut seen = BTreeSet::from([(first.key(), bounds)]);
    // How each state was reached first: from which, and by which move.
    let mut ways: Vec<(usize, Option<Move>)> = vec![(0, None)];
    let mut next = VecDeque::from([Reached {
        moment: first,
        left: bounds,
        number: 0,
    }]);
    let mut tried: usize = 0;
    while let Some(Reached {
        moment,
        left,
        number,
    }) = next.pop_front()
    {
        harness.restore(&moment);
        for (step, left) in moves(&harness, &bounds, &left)? {
            harness.restore(&moment);
            tried += 1;
            let done = apply(&mut harness, &step).and_then(|()| {
                let reached = harness.moment();
                let is_new = seen.insert((reached.key(), left));
                // Another way to a state has ledgers of its own.
                if is_new || tried.is_multiple_of(COMPARE_EVERY) {
                    harness.check()?;
                }
                if is_new {
                    if ways.len().is_multiple_of(COMPARE_EVERY) {
                        harness.check_pools()?;
                        harness.check_audits()?;
                    }
                    ways.push((number, Some(step.clone())));
                    next.push_back(Reached {
                        moment: reached,
                        left,
                        number: ways.len() - 1,
                    });
                }
                Ok(())
            });
            done.with_context(|| format!("after {:#?}, {step:?}", way(&ways, number)))?;
        }
    }
    Ok((ways.len(), tried))
}

/// The moves to a state.
fn way(ways: &[(usize, Option<Move>)], mut number: usize) -> Vec<Move> {
    let mut moves = Vec::new();
    while let (from, Some(step)) = &ways[number] {
        moves.push(step.clone());
        number = *from;
    }
    moves.reverse();
    moves
}

fn holds_everywhere(order: ChannelOrder) {
    let is_large = std::env::var("CCV_SMALL_WORLD").is_ok_and(|size| size == "large");
    let all: &[Bounds] = if is_large { &LARGE } else { &SMALL };
    for bounds in all {
        let (states, moves) = search(order, *bounds).unwrap();
        println!("{order:?}, {bounds:?}: {states} states, {moves} moves");
        assert!(states > 500, "{states} states");
    }
}

#[test]
fn nothing_breaks_in_any_state_of_a_small_world_over_an_ordered_channel() {
    holds_everywhere(ChannelOrder::Ordered);
}

#[test]
fn nothing_breaks_in_any_state_of_a_small_world_over_an_unordered_channel() {
    holds_everywhere(ChannelOrder::Unordered);
}
