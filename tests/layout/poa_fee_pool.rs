//! A PoA fee pool with a record of every kind, made by its messages.

use anyhow::Result;
use cosmwasm_std::Coin;
use serde_json::{Value, json};
use testkit::poa_pool::PoaSuite;

use crate::Layout;
use crate::fixture::Fixture;

pub const LAYOUT: Layout = Layout {
    contract: "poa-fee-pool",
    kinds: &[
        "accounts",
        "config",
        "contract_info",
        "hooks",
        "last_validator",
        "members",
        "members__changelog",
        "operators",
        "ownership",
        "pool",
        "profiles",
        "pub_keys",
        "ranking",
        "total",
        "total__changelog",
        "undelivered",
        "undelivered_turn",
        "validators",
    ],
    today: || {
        let suite = active()?;
        Ok(vec![Fixture::of(&suite, "active", &DENOMS, questions())?])
    },
};

const DENOMS: [&str; 2] = ["uatom", "factory/minter/gold"];

/// A pool with validators, one of which is offered, a candidate, a former operator, a withdraw address,
/// a claimer, an undelivered payout and a removed denom.
fn active() -> Result<PoaSuite> {
    let mut suite = PoaSuite::builder()
        .balance("fees", 10u128.pow(30), DENOMS[1])
        .balance("owner", 1_000, DENOMS[0])
        .balance("candidate", 1_000, DENOMS[0])
        .with("denoms", json!(DENOMS))
        .with("creation_fee", json!({"denom": DENOMS[0], "amount": "5"}))
        .with(
            "validators",
            json!([
                {"operator": "@v1", "power": "700", "pub_key": "AQID",
                 "metadata": {"moniker": "first", "description": "one of three"}},
                {"operator": "@v2", "power": "300",
                 "fees": [{"denom": DENOMS[0], "amount": "10.5"}]},
                {"operator": "@v3", "power": "11"},
            ]),
        )
        .funds(11, DENOMS[0])
        .build()?;
    split(&mut suite)?;
    suite.execute_with(
        "candidate",
        json!({"create_validator": {"metadata": {"moniker": "candidate"}, "pub_key": "BAUG"}}),
        vec![Coin::new(5u128, DENOMS[0])],
    )?;
    suite.set_powers(&[("v1", 650), ("v3", 0)])?;
    split(&mut suite)?;
    suite.hand_over("v2", "w2")?;
    suite.offer("v1", "v1", "heir")?;
    suite.execute(
        "w2",
        json!({"set_withdraw_address": {"withdraw_address": "@cold"}}),
    )?;
    suite.execute("w2", json!({"set_claimer": {"claimer": "@bot"}}))?;
    let first = suite.account("v1");
    suite.chain.block_transfers_to(&first)?;
    suite.withdraw("v1")?;
    split(&mut suite)?;
    suite.withdraw("w2")?;
    suite.execute("owner", json!({"update_denoms": {"remove": [DENOMS[1]]}}))?;
    suite.execute("owner", json!({"add_hook": {"addr": "@listener"}}))?;
    suite.execute(
        "owner",
        json!({"update_ownership": {"transfer_ownership": {
            "new_owner": "@council", "expiry": {"at_height": 99_999_999},
        }}}),
    )?;
    // Undistributed until the next checkpoint.
    suite.fees(555)?;
    Ok(suite)
}

/// A block with fees of every denom, and a checkpoint.
fn split(suite: &mut PoaSuite) -> Result<()> {
    suite.next_block();
    for (amount, denom) in [1_000_003u128, 999].into_iter().zip(DENOMS) {
        suite.send("fees", "pool", amount, denom)?;
    }
    suite.checkpoint()?;
    Ok(())
}

/// Every query but the audit.
fn questions() -> Vec<Value> {
    let mut questions: Vec<Value> = [
        "config",
        "validators",
        "candidates",
        "total_power",
        "checkpoint",
        "list_members",
        "total_weight",
        "hooks",
        "admin",
        "ownership",
        "invariants",
    ]
    .map(|name| json!({name: {}}))
    .into();
    // After the change of powers and before the hand-over.
    let height = testkit::chain::GENESIS_HEIGHT + 2;
    questions.push(json!({"total_weight": {"at_height": height}}));
    for name in ["v1", "v2", "w2", "v3", "candidate"] {
        questions.push(json!({"validator": {"operator": format!("@{name}")}}));
    }
    questions.push(json!({"validator": {"id": 2}}));
    for name in ["v1", "v2", "w2", "v3", "candidate"] {
        let name = format!("@{name}");
        questions.push(json!({"withdrawable_fees": {"operator": name}}));
        questions.push(json!({"pending_operator_claim": {"address": name}}));
        questions.push(json!({"withdraw_address": {"operator": name}}));
        questions.push(json!({"claimer": {"operator": name}}));
        questions.push(json!({"undelivered": {"account": name}}));
        questions.push(json!({"member": {"addr": name}}));
        questions.push(json!({"member": {"addr": name, "at_height": height}}));
    }
    questions
}
