//! Lists in pages: joined they are the whole list, with any limit.

use serde_json::{Value, json};

use crate::support::{DAY, GaugesSuite, coin, event, suite};

/// The entries of all pages of a list. `next` is the cursor of the page after this one, none after
/// the last page.
fn joined(
    suite: &GaugesSuite,
    query: &Value,
    limit: u32,
    next: impl Fn(&Value, &[Value]) -> Option<Value>,
) -> Vec<Value> {
    let (name, body) = query.as_object().unwrap().iter().next().unwrap();
    let list = match &**name {
        "locks_by_receiver" => "locks",
        "finished_gauges" => "gauges",
        "invariants" => "denoms",
        name => name,
    };
    let mut entries = Vec::new();
    let mut start_after = Value::Null;
    loop {
        let mut page = body.clone();
        page["start_after"] = start_after;
        page["limit"] = json!(limit);
        let answer = suite.query(json!({name: page})).unwrap();
        let found = answer[list].as_array().unwrap();
        assert!(found.len() <= limit as usize, "{query} by {limit}");
        entries.extend(found.iter().cloned());
        match next(&answer, found) {
            Some(cursor) => start_after = cursor,
            None => return entries,
        }
    }
}

/// The cursor made of a page's last entry.
fn after_last(of: impl Fn(&Value) -> Value) -> impl Fn(&Value, &[Value]) -> Option<Value> {
    move |_, entries| entries.last().map(&of)
}

/// The cursor in the answer's field `next`.
fn next_in(answer: &Value, _: &[Value]) -> Option<Value> {
    Some(answer["next"].clone()).filter(|next| !next.is_null())
}

fn refuses_no_entries(suite: &GaugesSuite, query: &Value) {
    let mut query = query.clone();
    let body = query.as_object_mut().unwrap().values_mut().next().unwrap();
    body["limit"] = json!(0);
    let error = suite.query(query).unwrap_err().to_string();
    assert!(error.contains("limit 0"), "{error}");
}

/// 103 locks of alice, of which every second one names a receiver, and 11 locks of bob between
/// them.
fn crowded() -> GaugesSuite {
    let mut suite = suite();
    for number in 0..103u64 {
        let mut lock = json!({"duration": DAY});
        if number % 2 == 0 {
            lock["receiver"] = json!("@friend");
        }
        suite
            .execute_with("alice", json!({"lock": lock}), vec![coin(1, "ulp")])
            .unwrap();
        if number % 10 == 0 {
            suite.lock("bob", 1, DAY);
        }
    }
    suite
}

fn ids(entries: &[Value]) -> Vec<u64> {
    entries
        .iter()
        .map(|it| it["id"].as_u64().unwrap())
        .collect()
}

#[test]
fn locks_of_an_owner_and_of_a_receiver() {
    let suite = crowded();
    let bobs: Vec<u64> = (0..11).map(|number| 11 * number + 2).collect();
    let all: Vec<u64> = (1..=114).filter(|id| !bobs.contains(id)).collect();
    let friends: Vec<u64> = all.iter().copied().step_by(2).collect();
    assert_eq!((all.len(), friends.len()), (103, 52));
    for (query, expected) in [
        (json!({"locks": {"owner": "@alice"}}), &all),
        (json!({"locks": {"owner": "@bob"}}), &bobs),
        (
            json!({"locks_by_receiver": {"receiver": "@friend"}}),
            &friends,
        ),
    ] {
        for limit in [1, 7, 30, 100, u32::MAX] {
            let entries = joined(&suite, &query, limit, after_last(|lock| lock["id"].clone()));
            assert_eq!(ids(&entries), *expected, "{query} by {limit}");
        }
        refuses_no_entries(&suite, &query);
    }
    let entries = |more: Value| {
        let mut query = json!({"locks": {"owner": "@alice"}});
        query["locks"]["limit"] = more;
        ids(suite.query(query).unwrap()["locks"].as_array().unwrap())
    };
    assert_eq!(entries(Value::Null), all[..30]);
    assert_eq!(entries(json!(101)), all[..100]);
    // After an id that is not in the list.
    let query = json!({"locks": {"owner": "@alice", "start_after": bobs[0], "limit": 1}});
    assert_eq!(suite.query(query).unwrap()["locks"][0]["id"], 3);
}

#[test]
fn rewards_of_an_owner() {
    let mut suite = crowded();
    suite.gauge(DAY, 114 * 103, Some(1));
    suite.pass_until(DAY);
    let sum = |limit: u32| {
        let mut sum = 0;
        let mut start_after = Value::Null;
        loop {
            let query = json!({"rewards": {
                "owner": "@alice", "limit": limit, "start_after": start_after,
            }});
            let answer = suite.query(query).unwrap();
            let coins = answer["claimable"][0]["amount"].as_str().unwrap();
            sum += coins.parse::<u128>().unwrap();
            start_after = answer["next"].clone();
            if start_after.is_null() {
                return sum;
            }
        }
    };
    for limit in [1, 7, 100] {
        assert_eq!(sum(limit), 103 * 103);
    }
}

#[test]
fn finished_gauges() {
    let mut suite = suite();
    suite.lock("alice", 1, DAY);
    for epochs in [1, 1, 9, 1, 1, 1] {
        suite.gauge(DAY, 10, Some(epochs));
    }
    suite.gauge(7 * DAY, 10, None);
    suite
        .execute("fees", json!({"close_gauge": {"id": 7}}))
        .unwrap();
    suite.pass_until(DAY);
    suite.settle();
    let query = json!({"finished_gauges": {}});
    for limit in [1, 2, 5, 100] {
        let entries = joined(
            &suite,
            &query,
            limit,
            after_last(|gauge| gauge["id"].clone()),
        );
        assert_eq!(ids(&entries), [1, 2, 4, 5, 6, 7], "by {limit}");
    }
    let statuses = suite.query(query.clone()).unwrap();
    assert_eq!(statuses["gauges"][0]["status"], "finished");
    assert_eq!(statuses["gauges"][5]["status"], "closed");
    refuses_no_entries(&suite, &query);
}

#[test]
fn pools_and_assets() {
    let mut suite = suite();
    let fees = suite.account("fees");
    for number in 0..35 {
        let denom = format!("denom{number}");
        suite.chain.mint(&fees, &[coin(1, &denom)]).unwrap();
        suite
            .execute_with(
                "fees",
                json!({"lock": {"duration": 7 * DAY}}),
                vec![coin(1, &denom)],
            )
            .unwrap();
        for duration in [DAY, 7 * DAY] {
            let gauge = json!({"create_gauge": {
                "lock_asset": {"native": denom}, "duration": duration,
            }});
            suite
                .execute_with("fees", gauge, vec![coin(1, "uatom")])
                .unwrap();
        }
    }
    let pools = json!({"pools": {}});
    let name =
        |pool: &Value| json!({"lock_asset": pool["lock_asset"], "duration": pool["duration"]});
    let all = joined(&suite, &pools, 100, after_last(name));
    assert_eq!(all.len(), 70);
    for (position, pool) in all.iter().enumerate() {
        assert_eq!(
            pool["lock_asset"]["native"],
            format!("denom{}", position / 2)
        );
        let days = if position % 2 == 0 { 1 } else { 7 };
        assert_eq!(pool["duration"], days * DAY);
    }
    for limit in [1, 7, 30] {
        assert_eq!(
            joined(&suite, &pools, limit, after_last(name)),
            all,
            "by {limit}"
        );
    }
    refuses_no_entries(&suite, &pools);

    let invariants = json!({"invariants": {}});
    let all = joined(&suite, &invariants, 100, next_in);
    // The reward asset first, then the others in the order in which they were locked.
    assert_eq!(all.len(), 36);
    assert_eq!(all[0]["asset"]["native"], "uatom");
    assert_eq!(all[0]["balance"], "70");
    for (number, asset) in all[1..].iter().enumerate() {
        assert_eq!(asset["asset"]["native"], format!("denom{number}"));
        assert_eq!(
            (&asset["balance"], &asset["difference"]),
            (&json!("1"), &json!("0"))
        );
    }
    for limit in [1, 7, 35, 36] {
        assert_eq!(
            joined(&suite, &invariants, limit, next_in),
            all,
            "by {limit}"
        );
    }
    refuses_no_entries(&suite, &invariants);
    let unknown = json!({"invariants": {"start_after": {"native": "stranger"}}});
    let error = suite.query(unknown).unwrap_err().to_string();
    assert!(error.contains("`stranger` is not a cursor"), "{error}");
}

#[test]
fn the_claimer_of_an_account() {
    let mut suite = suite();
    let claimer = |suite: &GaugesSuite, account: &str| {
        let query = json!({"claimer": {"account": format!("@{account}")}});
        suite.query(query).unwrap()["claimer"].clone()
    };
    assert_eq!(claimer(&suite, "alice"), Value::Null);
    for bot in ["bot", "other"] {
        let msg = json!({"set_claimer": {"claimer": format!("@{bot}")}});
        let response = suite.execute("alice", msg).unwrap();
        let address = suite.account(bot).into_string();
        assert_eq!(event(&response, "set_claimer")["claimer"], address);
        assert_eq!(claimer(&suite, "alice"), address);
        assert_eq!(claimer(&suite, "bob"), Value::Null);
    }
    suite.execute("alice", json!({"set_claimer": {}})).unwrap();
    assert_eq!(claimer(&suite, "alice"), Value::Null);
    assert!(
        suite
            .query(json!({"claimer": {"account": "nobody"}}))
            .is_err()
    );
}
