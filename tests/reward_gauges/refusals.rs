//! Refusals that are in no other file: each error names the value and the rule that it broke, and
//! nothing is written.

use serde_json::{Value, json};

use crate::support::{DAY, GaugesSuite, coin, paid, refused, refused_with, suite, ulp};

/// Alice's lock 1 is not unlocking; the principal of her lock 2 is withdrawn, its rewards are not.
/// Gauge 1 is not closable, gauge 2 is over.
fn scene() -> GaugesSuite {
    let mut suite = GaugesSuite::builder()
        .with("min_lock", json!("5"))
        .with(
            "reward_assets",
            json!([{"native": "uatom"}, {"native": "ubb"}, {"native": "ucc"}, {"native": "udd"},
                {"native": "uee"}, {"native": "uff"}, {"native": "ugg"}, {"native": "uhh"}]),
        )
        .build()
        .unwrap();
    suite.lock("alice", 10, DAY);
    suite.lock("alice", 10, DAY);
    for epochs in [9, 1] {
        let gauge =
            json!({"create_gauge": {"lock_asset": ulp(), "duration": DAY, "epochs": epochs}});
        suite
            .execute_with("fees", gauge, vec![coin(90, "uatom")])
            .unwrap();
    }
    suite.pass_until(DAY + 1);
    suite
        .execute("alice", json!({"begin_unlock": {"id": 2}}))
        .unwrap();
    suite.pass_until(3 * DAY);
    suite.settle();
    suite
        .execute("alice", json!({"withdraw": {"ids": [2]}}))
        .unwrap();
    suite
}

#[test]
fn an_unknown_id_or_a_wrong_amount_is_named() {
    let mut suite = scene();
    for (msg, part) in [
        (json!({"begin_unlock": {"id": 9}}), "there is no lock 9"),
        (json!({"claim": {"lock_ids": [9]}}), "there is no lock 9"),
        (json!({"withdraw": {"ids": [9]}}), "there is no lock 9"),
        (json!({"refresh": {"id": 9}}), "there is no lock 9"),
        (json!({"close_gauge": {"id": 9}}), "there is no gauge 9"),
        (
            json!({"begin_unlock": {"id": 1, "amount": "11"}}),
            "lock 1 holds 10 base units, 11 cannot be taken from it",
        ),
        (
            json!({"begin_unlock": {"id": 1, "amount": "0"}}),
            "an amount of 0 moves nothing",
        ),
        (
            json!({"begin_unlock": {"id": 1, "amount": "6"}}),
            "4 base units: a lock, and what is left of a split one, holds at least 5",
        ),
        (
            json!({"extend_lock": {"id": 1, "duration": 10 * 365 * DAY + 1}}),
            "duration is 315360001, it must be from 1 to 315360000",
        ),
    ] {
        refused(&mut suite, "alice", msg, &[part]);
    }
}

#[test]
fn a_lock_or_gauge_that_is_over_is_named() {
    let mut suite = scene();
    let out = "the principal of lock 2 is out; only its rewards are left";
    for msg in [
        json!({"begin_unlock": {"id": 2}}),
        json!({"cancel_unlock": {"id": 2}}),
        json!({"extend_lock": {"id": 2, "duration": 2 * DAY}}),
        json!({"withdraw": {"ids": [2]}}),
        json!({"refresh": {"id": 2}}),
    ] {
        refused(&mut suite, "alice", msg, &[out]);
    }
    let add = json!({"add_to_lock": {"id": 2}});
    refused_with(&mut suite, "alice", add, vec![coin(1, "ulp")], &[out]);
    let guard = json!({"update_config": {"force_unlockers": ["@guard"]}});
    suite.execute("owner", guard).unwrap();
    refused(
        &mut suite,
        "guard",
        json!({"force_unlock": {"id": 2}}),
        &[out],
    );
    refused(
        &mut suite,
        "alice",
        json!({"withdraw": {"ids": [1]}}),
        &["lock 1 is not unlocking"],
    );
    // Its rewards can still be claimed.
    assert!(paid(&mut suite, "alice", 2) > 0);
    refused(
        &mut suite,
        "fees",
        json!({"close_gauge": {"id": 1}}),
        &["gauge 1 was not made closable"],
    );
    refused(
        &mut suite,
        "owner",
        json!({"evict_gauge": {"id": 2}}),
        &["gauge 2 is over"],
    );
}

#[test]
fn an_account_that_cannot_be_paid_is_named() {
    let mut suite = scene();
    let itself = "is this contract: it cannot be paid";
    let lock = json!({"lock": {"duration": DAY, "receiver": "@gauges"}});
    refused_with(&mut suite, "alice", lock, vec![coin(10, "ulp")], &[itself]);
    for (sender, msg) in [
        (
            "alice",
            json!({"set_receiver": {"id": 1, "receiver": "@gauges"}}),
        ),
        ("owner", json!({"update_config": {"treasury": "@gauges"}})),
    ] {
        refused(&mut suite, sender, msg, &[itself]);
    }
    for address in [
        "nobody",
        "cosmosvaloper1xyz",
        "juno1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqjvpyzu",
        "",
    ] {
        let msg = json!({"set_receiver": {"id": 1, "receiver": address}});
        refused(&mut suite, "alice", msg, &["address"]);
    }
    // A claim makes at most 16 transfers: with eight reward assets it pays two accounts.
    for friend in ["friend1", "friend2"] {
        let lock = json!({"lock": {"duration": DAY, "receiver": format!("@{friend}")}});
        suite
            .execute_with("alice", lock, vec![coin(10, "ulp")])
            .unwrap();
    }
    refused(
        &mut suite,
        "alice",
        json!({"claim": {"lock_ids": [1, 3, 4]}}),
        &["the named locks pay more than 2 account(s): name them in several messages"],
    );
    let two = json!({"claim": {"lock_ids": [3, 4]}});
    suite.execute("alice", two).unwrap();
}

#[test]
fn queries_name_what_they_cannot_answer() {
    let suite = scene();
    let of = |name: &str, denom: &str, duration: u64| json!({name: {"lock_asset": {"native": denom}, "duration": duration}});
    let mut questions: Vec<(Value, &str)> = vec![
        (json!({"gauge": {"id": 9}}), "there is no gauge 9"),
        (json!({"estimate": {"lock_ids": [9]}}), "there is no lock 9"),
        (
            json!({"audit": {"start_after": "nonsense/1"}}),
            "`nonsense/1` is not a cursor",
        ),
        (
            json!({"active_gauges": {"start_after": 9}}),
            "there is no gauge 9",
        ),
    ];
    for name in ["lock", "owed", "lock_cursors"] {
        questions.push((json!({name: {"id": 9}}), "there is no lock 9"));
    }
    for name in ["pool", "locked", "current_reward", "scheduled_exits"] {
        let unknown = "uother was never locked here, and no gauge pays for it";
        questions.push((of(name, "uother", DAY), unknown));
        questions.push((of(name, "ulp", 5), "duration 5 is none of the configured"));
    }
    for (question, part) in questions {
        let error = suite.query(question.clone()).unwrap_err().to_string();
        assert!(error.contains(part), "{question}: {error}");
    }
}

#[test]
fn messages_of_another_form_are_refused() {
    let mut suite = suite();
    suite.lock("alice", 10, DAY);
    for msg in [
        json!({"unlock": {"id": 1}}),
        json!({"claim": {"locks": [1]}}),
        json!({"claim": {"lock_ids": ["1"]}}),
        json!({"begin_unlock": {"id": -1}}),
        json!({"begin_unlock": {"id": 1, "amount": 5}}),
        json!({"begin_unlock": {"id": 1}, "claim": {}}),
        json!({"settle": {"limit": 1.5}}),
        json!({"create_gauge": {"lock_asset": "ulp", "duration": DAY}}),
        json!({"create_gauge": {"lock_asset": {"native": "ulp", "cw20": "x"}, "duration": DAY}}),
        json!([]),
        Value::Null,
    ] {
        refused(&mut suite, "alice", msg, &[]);
    }
}

#[test]
fn a_record_that_cannot_be_read_is_an_error_and_moves_nothing() {
    let mut suite = scene();
    suite.pass_until(5 * DAY);
    let contract = suite.contract.clone();
    // An entry of the list of busy pools whose key is too short.
    let mut storage = suite.chain.app_mut().contract_storage_mut(&contract);
    storage.set(b"\0\x04busy\0", &[1]);
    storage.remove(b"next_pool");
    drop(storage);
    refused(
        &mut suite,
        "anyone",
        json!({"settle": {}}),
        &["record busy pool cannot be read"],
    );
    // A claim settles the pools of its lock without that list.
    assert!(paid(&mut suite, "alice", 1) > 0);
}
