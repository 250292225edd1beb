//! The reporter's proof: payouts of a pool are those of the brute-force ledger, while reporters are killed
//! on a chain whose people, validators and nodes do as they like.
//!
//! [`network`] is the chain, [`traffic`] what people do on it at random, [`replay`] feeds the ledger with
//! what the blocks have for the pool, [`claims`] and [`stakes`] compare, [`distance`] shows what
//! splitting every block by itself would have given.
//!
//! `LIVE_BLOCKS` makes it longer, `LIVE_COMMIT_MS` makes blocks slower, `LIVE_SEED` repeats what people do,
//! though not in which block it is.

mod claims;
mod distance;
mod network;
mod replay;
mod stakes;
mod traffic;
mod wallet;

use std::env;
use std::fs;
use std::ops::Range;
use std::thread::sleep;
use std::time::Duration;

use cosmwasm_std::HexBinary;
use fastrand::Rng;

use self::network::Peer;
use self::replay::Replay;
use self::stakes::Stakes;
use self::traffic::Traffic;
use self::wallet::Wallet;
use crate::node::{Node, pool};
use crate::report::{Reporter, reported, wait_for};

/// Blocks of random traffic.
const BLOCKS: u64 = 220;

/// How long the mempool is full.
const FLOOD: Duration = Duration::from_secs(4);

/// Something that is there and away by turns.
struct Turns<T> {
    it: Option<T>,
    next: u64,
    there: Range<u64>,
    away: Range<u64>,
    kills: u32,
}

impl<T> Turns<T> {
    fn new(there: Range<u64>, away: Range<u64>) -> Self {
        Turns {
            it: None,
            next: 0,
            there,
            away,
            kills: 0,
        }
    }

    /// Starts or kills it if its time has come.
    fn at(&mut self, height: u64, rng: &mut Rng, start: impl FnOnce() -> T) {
        if height < self.next {
            return;
        }
        let turn = if self.it.take().is_some() {
            self.kills += 1;
            self.away.clone()
        } else {
            self.it = Some(start());
            self.there.clone()
        };
        self.next = height + rng.u64(turn);
    }
}

/// A number of the environment.
fn number(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    Some(text.parse().unwrap())
}

/// An `operator.toml` with another key, for the reporter that stands by. Returns its account.
fn second_reporter(node: &Node) -> String {
    let key = HexBinary::from([77; 32]).to_hex();
    node.write("second.key", &key);
    let config = node.config().replace("owner.key", "second.key");
    node.write("second.toml", &config);
    let address = Wallet::new(&key, &node.prefix()).address;
    node.send(
        "alice",
        &["bank", "send", "alice", &address, "1000000000stake"],
    );
    address
}

/// Deploys a pool, and runs the chain for so many blocks while reporters and nodes come and go. When it
/// returns, everything has been reported and nobody reports any more.
fn live(node: &mut Node, peer: &Peer, blocks: u64, rng: &mut Rng) {
    let rpc = node.rpc();
    let mut peers = Turns::new(40..80, 15..30);
    peers.at(0, rng, || peer.start());
    let second = second_reporter(node);
    node.deploy(&pool("pool", "fee-pool", &[&second]));
    node.succeeds(&["import", "pool", "--activate"]);
    let mut traffic = Traffic::start(node);
    let standby = Reporter::start(node, &["--behind", "6", "--config", "second.toml"]);
    let mut reporters = Turns::new(4..25, 0..15);
    let mut tasks = ["join", "flood", "restart", "leave", "flood"]
        .iter()
        .zip(1..);
    let mut task = tasks.next();
    let mut full = 0;
    let first = node.height();
    let mut height = first;
    while height < first + blocks {
        reporters.at(height, rng, || Reporter::start(node, &[]));
        peers.at(height, rng, || peer.start());
        traffic.step(rng);
        if let Some((name, _)) = task.filter(|(_, place)| height > first + blocks * place / 7) {
            match *name {
                "join" => traffic.join(node),
                "leave" => traffic.leave(),
                "restart" => node.restart(),
                _ => full += traffic.flooder.flood(rpc, FLOOD),
            }
            task = tasks.next();
        }
        // About three transactions in a block.
        let pause = network::commit_ms() * rng.u64(8..80) / 100;
        sleep(Duration::from_millis(pause));
        height = rpc.height().unwrap_or(height);
    }
    println!(
        "{} blocks; reporter killed {} times, second validator {} times; transactions that a full \
         mempool refused: {full}",
        height - first,
        reporters.kills,
        peers.kills,
    );

    // What is on its way arrives, and is reported.
    let reporter = reporters.it.take();
    let reporter = reporter.unwrap_or_else(|| Reporter::start(node, &[]));
    wait_for(node, node.height() + 4);
    drop((reporter, standby));
    for _ in 0..3 {
        node.next_block();
    }
}

/// Prints what happened, and makes sure that it was enough.
fn summarise(node: &Node, replay: &Replay) {
    let happened = replay.happened.iter();
    let happened: Vec<_> = happened
        .map(|(what, count)| format!("{what} {count}"))
        .collect();
    println!(
        "{} reports; on the chain and to the pool: {}",
        replay.reports.len(),
        happened.join(", ")
    );
    println!("reports that failed:");
    println!("{}", replay.failures.join("\n"));
    println!("said by reporters:");
    let log = fs::read_to_string(node.path("reporter.log")).unwrap();
    for line in log.lines().filter(|line| !line.contains(": reported ")) {
        println!("{line}");
    }
    for kind in [
        "MsgBeginRedelegate",
        "MsgUndelegate",
        "MsgUnjail",
        "slash",
        "commission_changed",
        "delegation_changed",
        "validator_created",
        "validator_removed",
    ] {
        assert!(replay.happened.contains_key(kind), "no {kind}");
    }
}

#[test]
#[ignore = "needs wasmd"]
fn payouts_are_those_of_the_brute_force_ledger_while_reporters_are_killed() {
    let seed = number("LIVE_SEED").unwrap_or_else(|| fastrand::u64(..));
    println!("LIVE_SEED={seed}");
    let (mut node, peer) = network::start();
    let blocks = number("LIVE_BLOCKS").unwrap_or(BLOCKS);
    live(&mut node, &peer, blocks, &mut Rng::with_seed(seed));

    node.succeeds(&["check"]);
    let rpc = node.rpc();
    let last = node.height();
    let pool = node.contract("pool");
    let replay = Replay::read(rpc, &pool, last);
    summarise(&node, &replay);
    let told = reported(&node);
    assert_eq!(replay.reports.last(), Some(&told));
    assert_eq!(
        Stakes::of_pool(rpc, &pool, last),
        Stakes::of_chain(rpc, told, told - 1)
    );
    claims::conserved(rpc, &pool, &replay, last);
    let (claims, largest) = claims::compare(rpc, &pool, &replay, last);
    println!("{claims} claims are exact, {largest} of 10^36 parts of a coin below at most");
    let blocks = distance::split_every_block(rpc, &replay.income);
    distance::print(&replay.ledger, &blocks);
}
