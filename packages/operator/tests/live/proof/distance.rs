//! How far the payouts are from those of a ledger that splits every block by itself, as x/distribution
//! does: the fees of a block among those who signed and proposed it, by the stakes after it.

use std::collections::{BTreeMap, BTreeSet};

use oracles::ledger::{BlockFees, DenomAmount, FeeLedger, FeeParams, Recipient};
use serde_json::Value;

use super::replay::DENOM;
use super::stakes::{self, Stakes};
use crate::rpc::Rpc;

/// The ledger of blocks with this income.
pub fn split_every_block(rpc: Rpc, income: &BTreeMap<u64, u128>) -> FeeLedger {
    let mut ledger = FeeLedger::new(FeeParams::default()).unwrap();
    let mut known = Stakes::default();
    for (&height, &amount) in income {
        known.follow(Stakes::of_chain(rpc, height, height), &mut ledger);
        let voters = stakes::voters(rpc, height);
        let block = |height: u64| -> Value {
            let answer = rpc.result(&format!("/block?height={height}"));
            answer.unwrap()["block"].take()
        };
        let proposer = &block(height)["header"]["proposer_address"];
        let proposer = voters.iter().find(|it| *proposer == it.address.as_str());
        let proposer = stakes::operator(rpc, proposer.unwrap(), height);
        let next = block(height + 1);
        let signatures = next["last_commit"]["signatures"].as_array().unwrap();
        assert_eq!(signatures.len(), voters.len());
        let votes = voters.iter().zip(signatures);
        // 2 stands for a signature of this block.
        let signed = votes.filter(|(_, signature)| signature["block_id_flag"] == 2);
        let fees = DenomAmount {
            denom: DENOM,
            amount,
        };
        let split = ledger.begin_block(&BlockFees {
            fees: &[fees],
            proposer: proposer.as_deref(),
            signed_power: signed.map(|(voter, _)| voter.power).sum(),
        });
        split.unwrap();
    }
    ledger
}

/// What a recipient has earned, in whole coins.
fn earned(ledger: &FeeLedger, recipient: Recipient) -> u128 {
    ledger.floor_coins(recipient, DENOM) + ledger.paid(recipient, DENOM)
}

/// Prints what everybody has earned of reports and would have earned of every block.
pub fn print(reports: &FeeLedger, blocks: &FeeLedger) {
    let total = blocks.total_received(DENOM);
    assert_eq!(reports.total_received(DENOM), total);
    let all: BTreeSet<_> = reports.recipients().chain(blocks.recipients()).collect();
    let mut moved = 0;
    let mut distances = Vec::new();
    println!("earned of reports, of every block, difference:");
    for recipient in all {
        let (ours, theirs) = (earned(reports, recipient), earned(blocks, recipient));
        let distance = ours.abs_diff(theirs);
        let per_mille = distance as f64 * 1000.0 / theirs.max(1) as f64;
        let sign = if ours < theirs { "-" } else { "+" };
        println!("{ours:>12} {theirs:>12} {sign}{per_mille:.2} per mille  {recipient}");
        moved += distance;
        distances.push(per_mille);
    }
    distances.sort_by(f64::total_cmp);
    let quantile = |percent: usize| distances[(distances.len() - 1) * percent / 100];
    println!(
        "of {total}{DENOM}, {:.3} per mille went to others; distance of a recipient: median {:.2}, \
         nine of ten below {:.2}, largest {:.2} per mille",
        (moved / 2) as f64 * 1000.0 / total as f64,
        quantile(50),
        quantile(90),
        quantile(100)
    );
}
