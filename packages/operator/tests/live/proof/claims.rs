//! What the pool owes, held against the exact shares.

use cosmwasm_std::Uint256;
use fee_pool_core::answers::{CommunityPoolResponse, RewardsResponse};
use num_bigint::BigInt;
use oracles::ledger::Recipient;
use serde_json::{Value, json};

use super::replay::{DENOM, Replay};
use crate::rpc::Rpc;

/// Points of the last of 18 decimal places, to which the pool floors what it shows.
const SHOWN_POINTS: u64 = 1_000_000_000_000_000_000;

/// A claim as the pool shows it.
struct Claim {
    points: BigInt,
    coins: u128,
}

fn claim(answer: RewardsResponse) -> Claim {
    let atomics = answer.rewards.amount_of(DENOM).atomics();
    let atomics: BigInt = atomics.to_string().parse().unwrap();
    let coins = answer.claimable.first();
    let coins = coins.map_or(Uint256::zero(), |coin| coin.amount);
    Claim {
        points: atomics * SHOWN_POINTS,
        coins: coins.to_string().parse().unwrap(),
    }
}

/// Every claim after the block of a height is the exact share less roundings. Returns how many there
/// are, and the largest difference in points.
pub fn compare(rpc: Rpc, pool: &str, replay: &Replay, height: u64) -> (usize, BigInt) {
    let ledger = &replay.ledger;
    let mut count = 0;
    let mut largest = BigInt::ZERO;
    for recipient in ledger.recipients() {
        let query = match recipient {
            Recipient::CommunityPool => continue,
            Recipient::Commission { validator } => {
                json!({"validator_commission": {"validator": validator}})
            }
            Recipient::Delegation {
                delegator,
                validator,
            } => json!({"delegation_rewards": {"delegator": delegator, "validator": validator}}),
        };
        let claim = claim(rpc.smart(pool, &query, height));
        let difference = ledger.floor_points(recipient, DENOM) - claim.points;
        let bound = ledger.bound_terms(recipient).unwrap().points() + SHOWN_POINTS;
        assert!(
            difference >= BigInt::ZERO && difference <= bound,
            "{recipient} is {difference} points below its share, {bound} are allowed"
        );
        let payout = ledger.payout(recipient, DENOM);
        assert!(
            payout.least <= claim.coins && claim.coins <= payout.most,
            "{recipient} can claim {}, its share is {payout:?}",
            claim.coins
        );
        largest = largest.max(difference);
        count += 1;
    }
    // It has what the others fall short; a part of it comes with validators' next settlements.
    let query = json!({"community_pool": {}});
    let answer: CommunityPoolResponse = rpc.smart(pool, &query, height);
    let coins = answer.spendable.first().unwrap().amount;
    let payout = ledger.payout(Recipient::CommunityPool, DENOM);
    assert!(coins <= payout.most.into(), "{coins}, {payout:?}");
    (count, largest)
}

/// What the pool has is what it received and has not paid, and what it owes.
pub fn conserved(rpc: Rpc, pool: &str, replay: &Replay, height: u64) {
    let ledger = &replay.ledger;
    ledger.check_conservation().unwrap();
    assert_eq!(replay.waiting, 0, "is not split");
    let left = ledger.total_received(DENOM) - ledger.total_paid(DENOM);
    let invariants: Value = rpc.smart(pool, &json!({"invariants": {}}), height);
    let totals = &invariants["denoms"][0];
    assert_eq!(totals["balance"], left.to_string(), "{invariants}");
    assert_eq!(totals["difference"], "0", "{invariants}");
}
