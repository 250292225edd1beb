//! Reward gauges that hold every kind of record, made through their messages.

use anyhow::{Result, ensure};
use cosmwasm_std::Coin;
use serde_json::{Value, json};
use testkit::reward_gauges::{DAY, GaugesSuite};

use crate::Layout;
use crate::fixture::Fixture;

pub const LAYOUT: Layout = Layout {
    contract: "reward-gauges",
    kinds: &[
        "accounts",
        "asset",
        "asset_name",
        "busy",
        "config",
        "contract_info",
        "delta",
        "force_unlockers",
        "gauge",
        "gauge_creators",
        "history",
        "last_gauge",
        "last_lock",
        "lock",
        "lock_assets",
        "next_pool",
        "open",
        "over",
        "owner",
        "ownership",
        "pool",
        "receiver",
        "rewards",
        "treasury_turn",
        "undelivered",
        "undelivered_turn",
        "waiting",
    ],
    today: || {
        let suite = active()?;
        let fixture = Fixture::of(&suite, "active", &DENOMS, questions())?;
        Ok(vec![fixture.at_its_time(&suite)])
    },
};

const DENOMS: [&str; 4] = ["uatom", "factory/minter/gold", "ulp", "uother"];

fn native(denom: &str) -> Value {
    json!({"native": denom})
}

fn coin(amount: u128, denom: &str) -> Coin {
    Coin::new(amount, denom)
}

/// A contract with every kind of record, in the middle of settling an epoch.
fn active() -> Result<GaugesSuite> {
    let mut suite = GaugesSuite::builder()
        .token("token")
        .balance("fees", 10u128.pow(30), DENOMS[1])
        .balance("alice", 1_000, DENOMS[3])
        .with("treasury", json!("@treasury"))
        .with(
            "lock_assets",
            json!([native("ulp"), native("uother"), {"cw20": "@token"}]),
        )
        .with(
            "reward_assets",
            json!([native(DENOMS[0]), native(DENOMS[1])]),
        )
        .with("creation_fee", json!({"denom": "uatom", "amount": "5"}))
        .with("min_per_epoch", json!("2"))
        .with("min_lock", json!("3"))
        .with("force_unlockers", json!(["@guard"]))
        .build()?;
    locks(&mut suite)?;
    gauges(&mut suite)?;
    suite.pass_until(3 * DAY + 1);
    suite.settle();
    exits(&mut suite)?;
    suite.pass_until(5 * DAY + 1);
    payouts(&mut suite)?;
    suite.execute(
        "owner",
        json!({"update_config": {"reward_assets": [native("uatom")]}}),
    )?;
    suite.execute("alice", json!({"set_claimer": {"claimer": "@bot"}}))?;
    suite.execute(
        "owner",
        json!({"update_ownership": {"transfer_ownership": {
            "new_owner": "@council", "expiry": {"at_height": 99_999_999},
        }}}),
    )?;
    // The settlement stops after the first of two gauges of an epoch.
    suite.pass_until(6 * DAY + 100);
    let denom = native("ulp");
    suite.execute(
        "anyone",
        json!({"settle": {"lock_asset": denom, "duration": DAY, "limit": 1}}),
    )?;
    let pool = suite.query(json!({"pool": {"lock_asset": denom, "duration": DAY}}))?;
    ensure!(pool["is_running"] == true, "{pool}");
    Ok(suite)
}

/// Locks 1 to 5, of several durations and assets: lock 3 has a receiver, lock 5 is of a token.
fn locks(suite: &mut GaugesSuite) -> Result<()> {
    suite.lock("alice", 700, 14 * DAY);
    suite.lock("bob", 300, 7 * DAY);
    suite.execute_with(
        "carol",
        json!({"lock": {"duration": 8 * DAY, "receiver": "@friend"}}),
        vec![coin(11, "ulp")],
    )?;
    suite.execute_with(
        "alice",
        json!({"lock": {"duration": DAY}}),
        vec![coin(100, "uother")],
    )?;
    suite.to_token(
        "bob",
        "token",
        json!({"mint": {"to": "@bob", "amount": "999"}}),
    )?;
    suite.send_token("bob", "token", 999, json!({"lock": {"duration": DAY}}))?;
    Ok(())
}

/// Gauges 1 to 7: 1 and 2 pay the same pool, 3 is perpetual and will be empty, 4 finishes, 5 is
/// closed later, 6 is upcoming, and 7 pays a pool without locks.
fn gauges(suite: &mut GaugesSuite) -> Result<()> {
    let both = vec![coin(5 + 10_000, DENOMS[0]), coin(3_333, DENOMS[1])];
    let one = vec![coin(5 + 1_001, DENOMS[0])];
    let gauge = |duration: u64, more: Value| {
        let mut gauge = json!({"lock_asset": native("ulp"), "duration": duration});
        for (key, value) in more.as_object().into_iter().flatten() {
            gauge[key] = value.clone();
        }
        json!({"create_gauge": gauge})
    };
    let upcoming = suite.genesis + 40 * DAY;
    for (msg, coins) in [
        (gauge(DAY, json!({"epochs": 100})), &both),
        (
            gauge(DAY, json!({"epochs": 1_000, "lock_asset": native("ulp")})),
            &both,
        ),
        (gauge(7 * DAY, json!({})), &one),
        (gauge(14 * DAY, json!({"epochs": 2})), &one),
        (
            gauge(14 * DAY, json!({"epochs": 9, "closable": true})),
            &both,
        ),
        (
            gauge(7 * DAY, json!({"epochs": 3, "start": upcoming})),
            &one,
        ),
        (
            gauge(
                14 * DAY,
                json!({"epochs": 3, "lock_asset": native("uother")}),
            ),
            &one,
        ),
    ] {
        suite.execute_with("fees", msg, coins.clone())?;
    }
    Ok(())
}

/// Unlocks locks 3 and 4 and a part of lock 1, forces a part of lock 2, closes gauge 5.
fn exits(suite: &mut GaugesSuite) -> Result<()> {
    suite.execute("alice", json!({"begin_unlock": {"id": 1, "amount": "200"}}))?;
    suite.execute("carol", json!({"begin_unlock": {"id": 3}}))?;
    suite.execute("alice", json!({"begin_unlock": {"id": 4}}))?;
    suite.execute("guard", json!({"force_unlock": {"id": 2, "amount": "50"}}))?;
    suite.execute("fees", json!({"close_gauge": {"id": 5}}))?;
    Ok(())
}

/// Claims, of which bob's cannot be delivered, a withdrawal, and gauge 8, which is dormant and whose
/// fee, of a denom with a hook, is paid to the treasury.
fn payouts(suite: &mut GaugesSuite) -> Result<()> {
    suite.claim("alice", 1)?;
    let bob = suite.account("bob");
    suite.chain.block_transfers_to(&bob)?;
    suite.claim("bob", 2)?;
    // Its rewards are not claimed.
    suite.execute("alice", json!({"withdraw": {"ids": [4]}}))?;
    let fee =
        |denom: &str| json!({"update_config": {"creation_fee": {"denom": denom, "amount": "5"}}});
    suite.execute("owner", fee(DENOMS[1]))?;
    let gauge = json!({"create_gauge": {
        "lock_asset": native("ulp"), "duration": 7 * DAY, "epochs": 3,
    }});
    suite.execute_with("fees", gauge, vec![coin(5, DENOMS[1])])?;
    suite.execute("owner", fee(DENOMS[0]))?;
    suite.execute("anyone", json!({"withdraw_treasury": {}}))?;
    Ok(())
}

/// Every query but the audit. The token is left out, since it does not exist on the chain into
/// which the fixture is loaded.
fn questions() -> Vec<Value> {
    let mut questions: Vec<Value> = [
        "config",
        "epoch",
        "durations",
        "pools",
        "gauges",
        "active_gauges",
        "upcoming_gauges",
        "finished_gauges",
        "to_distribute",
        "ownership",
    ]
    .map(|name| json!({name: {}}))
    .into();
    questions.push(json!({"invariants": {"limit": DENOMS.len()}}));
    for denom in ["ulp", "uother"] {
        for duration in [DAY, 7 * DAY, 14 * DAY] {
            for name in ["pool", "locked", "current_reward", "scheduled_exits"] {
                questions.push(json!({name: {"lock_asset": native(denom), "duration": duration}}));
            }
        }
    }
    for epoch in [1, 5] {
        questions.push(json!({"historical_reward": {
            "lock_asset": native("ulp"), "duration": DAY, "epoch": epoch,
        }}));
    }
    for id in 1..=7 {
        for name in ["gauge", "lock", "owed", "lock_cursors"] {
            questions.push(json!({name: {"id": id}}));
        }
    }
    questions.push(json!({"gauge": {"id": 8}}));
    questions.push(json!({"estimate": {"lock_ids": [1, 2, 3, 6, 7], "until_epoch": 30}}));
    for name in ["alice", "bob", "carol", "friend", "fees"] {
        let name = format!("@{name}");
        questions.push(json!({"locks": {"owner": name}}));
        questions.push(json!({"locks_by_receiver": {"receiver": name}}));
        questions.push(json!({"rewards": {"owner": name}}));
        questions.push(json!({"undelivered": {"account": name}}));
        questions.push(json!({"claimer": {"account": name}}));
    }
    questions
}
