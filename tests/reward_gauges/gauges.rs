//! Gauges: schedules, top-ups, closing, eviction, lists.

use serde_json::{Value, json};

use crate::support::{
    DAY, GaugesSuite, check_ledger, coin, event, gauge, paid, refused, refused_with, suite, ulp,
};

fn new_gauge(duration: u64) -> Value {
    json!({"create_gauge": {"lock_asset": ulp(), "duration": duration}})
}

fn with(mut msg: Value, field: &str, value: Value) -> Value {
    msg["create_gauge"][field] = value;
    msg
}

/// With one base unit a stranger would have its epochs run out, and its creator would have paid for nothing.
#[test]
fn a_sleeping_gauge_with_epochs_is_woken_by_its_creator_alone() {
    let mut suite = GaugesSuite::builder()
        .balance("stranger", 1_000, "uatom")
        .with("creation_fee", json!({"denom": "uatom", "amount": "1000"}))
        .build()
        .unwrap();
    suite.lock("alice", 10, DAY);
    let fee = vec![coin(1_000, "uatom")];
    let finite = with(new_gauge(DAY), "epochs", json!(1));
    suite.execute_with("fees", finite, fee.clone()).unwrap();
    suite.execute_with("fees", new_gauge(DAY), fee).unwrap();
    let top_up = |id: u64| json!({"add_to_gauge": {"id": id}});
    let reason = ["the creator of the gauge, who alone wakes one with a number of epochs"];
    refused_with(
        &mut suite,
        "stranger",
        top_up(1),
        vec![coin(1, "uatom")],
        &reason,
    );
    // A perpetual one has no epochs that could run out.
    suite
        .execute_with("stranger", top_up(2), vec![coin(1, "uatom")])
        .unwrap();
    suite
        .execute_with("fees", top_up(1), vec![coin(500, "uatom")])
        .unwrap();
    // While it is awake, anybody adds to it.
    suite
        .execute_with("stranger", top_up(1), vec![coin(9, "uatom")])
        .unwrap();
    assert_eq!(gauge(&suite, 1)["status"], "active");
    suite.pass_until(DAY);
    assert_eq!(paid(&mut suite, "alice", 1), 510);
    check_ledger(&suite);
}

#[test]
fn a_finite_gauge_gives_the_same_points_in_each_epoch_and_everything_left_in_its_last() {
    let mut suite = suite();
    let id = suite.gauge(DAY, 10, Some(3));
    let lock = suite.lock("alice", 5, DAY);
    let mut given = Vec::new();
    for day in 1..=4 {
        suite.pass_until(day * DAY);
        given.push(paid(&mut suite, "alice", lock));
    }
    // Three and a third each; the third third is a point more.
    assert_eq!(given, [3, 3, 4, 0]);
    assert_eq!(gauge(&suite, id)["status"], "finished");
    check_ledger(&suite);
}

#[test]
fn the_fraction_of_a_gauge_that_ends_early_is_the_treasurys() {
    let mut suite = suite();
    let id = suite.gauge(DAY, 3, Some(6));
    let lock = suite.lock("alice", 5, DAY);
    suite.pass_until(DAY);
    let before = suite.balance("fees", "uatom");
    let close = json!({"close_gauge": {"id": id}});
    let response = suite.execute("fees", close).unwrap();
    // Two and a half coins are left.
    assert_eq!(event(&response, "close_gauge")["amount"], "2uatom");
    let rest = event(&response, "to_treasury");
    assert_eq!(
        (&*rest["reason"], &*rest["amount"]),
        ("closed_gauge", "0.5uatom")
    );
    assert_eq!(suite.balance("fees", "uatom") - before, 2);
    let answer = gauge(&suite, id);
    assert_eq!(answer["coins"], json!([{"denom": "uatom", "amount": "1"}]));
    assert_eq!(
        answer["distributed"],
        json!([{"denom": "uatom", "amount": "0.5"}])
    );
    let owed = suite.query(json!({"owed": {"id": lock}})).unwrap();
    assert_eq!(owed["rewards"][0]["amount"], "0.5");
    check_ledger(&suite);
}

#[test]
fn only_its_creator_adds_to_a_closable_gauge() {
    let mut suite = suite();
    let account = suite.account("bob");
    suite.chain.mint(&account, &[coin(100, "uatom")]).unwrap();
    suite.gauge(DAY, 100, Some(10));
    refused_with(
        &mut suite,
        "bob",
        json!({"add_to_gauge": {"id": 1}}),
        vec![coin(100, "uatom")],
        &["is not the creator of the gauge, who alone adds to a closable one"],
    );
    suite
        .execute_with("fees", new_gauge(DAY), vec![coin(10, "uatom")])
        .unwrap();
    suite
        .execute_with(
            "bob",
            json!({"add_to_gauge": {"id": 2}}),
            vec![coin(100, "uatom")],
        )
        .unwrap();
    check_ledger(&suite);
}

#[test]
fn a_perpetual_gauge_gives_all_it_has_each_epoch() {
    let mut suite = suite();
    let id = suite.gauge(DAY, 10, None);
    let lock = suite.lock("alice", 5, DAY);
    suite.pass_until(DAY);
    assert_eq!(paid(&mut suite, "alice", lock), 10);
    suite.pass_until(3 * DAY);
    assert_eq!(paid(&mut suite, "alice", lock), 0);
    suite
        .execute_with("bob", json!({"add_to_gauge": {"id": id}}), vec![])
        .unwrap_err();
    suite
        .execute_with(
            "fees",
            json!({"add_to_gauge": {"id": id}}),
            vec![coin(4, "uatom")],
        )
        .unwrap();
    suite.pass_until(5 * DAY);
    assert_eq!(gauge(&suite, id)["status"], "active");
    assert_eq!(paid(&mut suite, "alice", lock), 4);
    assert_eq!(gauge(&suite, id)["status"], "dormant");
    check_ledger(&suite);
}

#[test]
fn fewer_coins_than_epochs_are_given_in_fractions() {
    let mut suite = suite();
    let id = suite.gauge(DAY, 3, Some(10));
    let lock = suite.lock("alice", 5, DAY);
    suite.pass_until(7 * DAY);
    suite.settle();
    let owed = suite.query(json!({"owed": {"id": lock}})).unwrap();
    assert_eq!(
        owed["rewards"],
        json!([{"denom": "uatom", "amount": "2.1"}])
    );
    suite.pass_until(10 * DAY);
    assert_eq!(paid(&mut suite, "alice", lock), 3);
    assert_eq!(gauge(&suite, id)["status"], "finished");
    check_ledger(&suite);
}

#[test]
fn the_first_paid_epoch_is_the_first_that_ends_at_the_start_or_later() {
    let mut suite = suite();
    let genesis = suite.genesis;
    for (start, first) in [(3 * DAY, 3), (3 * DAY + 1, 4), (3 * DAY - 1, 3), (0, 1)] {
        let msg = with(new_gauge(DAY), "start", json!(genesis + start));
        suite
            .execute_with("fees", msg, vec![coin(10, "uatom")])
            .unwrap();
        let id = suite.query(json!({"gauges": {}})).unwrap()["gauges"]
            .as_array()
            .unwrap()
            .len();
        assert_eq!(gauge(&suite, id as u64)["first_epoch"], first);
    }
    // A start in the past counts as now.
    suite.pass_until(5 * DAY);
    let msg = with(new_gauge(7 * DAY), "start", json!(genesis));
    suite
        .execute_with("fees", msg, vec![coin(10, "uatom")])
        .unwrap();
    assert_eq!(gauge(&suite, 5)["first_epoch"], 6);
}

#[test]
fn an_upcoming_gauge_pays_from_its_first_epoch_on() {
    let mut suite = suite();
    let start = suite.genesis + 3 * DAY;
    let msg = with(
        with(new_gauge(DAY), "start", json!(start)),
        "epochs",
        json!(2),
    );
    suite
        .execute_with("fees", msg, vec![coin(10, "uatom")])
        .unwrap();
    let lock = suite.lock("alice", 5, DAY);
    let listed = |suite: &GaugesSuite, list: &str| -> Vec<u64> {
        let answer = suite.query(json!({list: {}})).unwrap();
        answer["gauges"]
            .as_array()
            .unwrap()
            .iter()
            .map(|gauge| gauge["id"].as_u64().unwrap())
            .collect()
    };
    suite.pass_until(2 * DAY - 1);
    assert_eq!(gauge(&suite, 1)["status"], "upcoming");
    assert_eq!(listed(&suite, "upcoming_gauges"), [1]);
    assert!(listed(&suite, "active_gauges").is_empty());
    suite.pass_until(2 * DAY);
    assert_eq!(paid(&mut suite, "alice", lock), 0);
    assert_eq!(listed(&suite, "active_gauges"), [1]);
    assert!(listed(&suite, "upcoming_gauges").is_empty());
    suite.pass_until(4 * DAY);
    assert_eq!(paid(&mut suite, "alice", lock), 10);
    assert_eq!(listed(&suite, "finished_gauges"), [1]);
    assert!(listed(&suite, "active_gauges").is_empty());
    check_ledger(&suite);
}

#[test]
fn lists_by_asset_and_in_pages_join_to_the_whole_list() {
    let mut suite = suite();
    let account = suite.account("alice");
    suite.chain.mint(&account, &[coin(100, "uother")]).unwrap();
    let genesis = suite.genesis;
    for (number, start) in [5, 2, 9, 2, 0, 30].into_iter().enumerate() {
        let (denom, days) = if number % 2 == 0 {
            ("ulp", 1)
        } else {
            ("uother", 7)
        };
        let msg = json!({"create_gauge": {
            "lock_asset": {"native": denom}, "duration": days * DAY,
            "start": genesis + start * DAY,
        }});
        suite
            .execute_with("fees", msg, vec![coin(10, "uatom")])
            .unwrap();
    }
    suite.pass_until(3 * DAY);
    let ids = |query: Value| -> Vec<u64> {
        suite.query(query).unwrap()["gauges"]
            .as_array()
            .unwrap()
            .iter()
            .map(|gauge| gauge["id"].as_u64().unwrap())
            .collect()
    };
    assert_eq!(ids(json!({"active_gauges": {}})), [5, 2, 4]);
    assert_eq!(ids(json!({"upcoming_gauges": {}})), [1, 3, 6]);
    let denom = json!({"native": "uother"});
    assert_eq!(ids(json!({"active_gauges": {"lock_asset": denom}})), [2, 4]);
    assert_eq!(ids(json!({"upcoming_gauges": {"lock_asset": denom}})), [6]);
    assert_eq!(
        ids(json!({"active_gauges": {"lock_asset": denom, "start_after": 2}})),
        [4]
    );
    for list in ["active_gauges", "upcoming_gauges", "gauges"] {
        let whole = ids(json!({list: {}}));
        let mut pages = Vec::new();
        while let Some(page) = Some(ids(
            json!({list: {"start_after": pages.last(), "limit": 1}}),
        ))
        .filter(|it| !it.is_empty())
        {
            pages.extend(page);
        }
        assert_eq!(pages, whole, "{list}");
    }
}

#[test]
fn a_top_up_is_spread_over_the_epochs_that_are_left() {
    let mut suite = suite();
    let id = suite.gauge(DAY, 100, Some(10));
    let lock = suite.lock("alice", 5, DAY);
    suite.pass_until(8 * DAY);
    suite
        .execute_with(
            "fees",
            json!({"add_to_gauge": {"id": id}}),
            vec![coin(100, "uatom")],
        )
        .unwrap();
    assert_eq!(paid(&mut suite, "alice", lock), 80);
    suite.pass_until(9 * DAY);
    assert_eq!(paid(&mut suite, "alice", lock), 60);
    suite.pass_until(10 * DAY);
    assert_eq!(paid(&mut suite, "alice", lock), 60);
    refused_with(
        &mut suite,
        "fees",
        json!({"add_to_gauge": {"id": id}}),
        vec![coin(100, "uatom")],
        &["gauge 1 is over"],
    );
    check_ledger(&suite);
}

#[test]
fn a_closable_gauge_is_closed_by_its_creator_and_pays_finished_epochs_first() {
    let mut suite = suite();
    let id = suite.gauge(DAY, 100, Some(10));
    let lock = suite.lock("alice", 5, DAY);
    suite.pass_until(4 * DAY + 5);
    refused(
        &mut suite,
        "owner",
        json!({"close_gauge": {"id": id}}),
        &["creator"],
    );
    let before = suite.balance("fees", "uatom");
    suite
        .execute("fees", json!({"close_gauge": {"id": id}}))
        .unwrap();
    assert_eq!(suite.balance("fees", "uatom") - before, 60);
    suite.pass_until(8 * DAY);
    assert_eq!(paid(&mut suite, "alice", lock), 40);
    assert_eq!(gauge(&suite, id)["status"], "closed");
    refused(
        &mut suite,
        "fees",
        json!({"close_gauge": {"id": id}}),
        &["is over"],
    );
    check_ledger(&suite);
}

#[test]
fn a_gauge_that_is_not_closable_can_be_evicted_by_the_owner_only() {
    let mut suite = suite();
    suite
        .execute_with("fees", new_gauge(DAY), vec![coin(10, "uatom")])
        .unwrap();
    refused(
        &mut suite,
        "fees",
        json!({"close_gauge": {"id": 1}}),
        &["not made closable"],
    );
    refused(
        &mut suite,
        "fees",
        json!({"evict_gauge": {"id": 1}}),
        &["Unauthorized"],
    );
    let before = suite.balance("fees", "uatom");
    suite
        .execute("owner", json!({"evict_gauge": {"id": 1}}))
        .unwrap();
    assert_eq!(suite.balance("fees", "uatom") - before, 10);
    check_ledger(&suite);
}

#[test]
fn one_gauge_pays_several_reward_assets() {
    let mut suite = GaugesSuite::builder()
        .with(
            "reward_assets",
            json!([{"native": "uatom"}, {"native": "ubtc"}]),
        )
        .balance("fees", 1_000, "ubtc")
        .build()
        .unwrap();
    let msg = with(new_gauge(DAY), "epochs", json!(4));
    suite
        .execute_with("fees", msg, vec![coin(100, "uatom"), coin(40, "ubtc")])
        .unwrap();
    let lock = suite.lock("alice", 3, DAY);
    suite.pass_until(3 * DAY);
    suite.settle();
    let answer = suite.query(json!({"owed": {"id": lock}})).unwrap();
    assert_eq!(
        answer["rewards"],
        json!([
            {"denom": "uatom", "amount": "75"},
            {"denom": "ubtc", "amount": "30"},
        ])
    );
    suite
        .execute("alice", json!({"claim": {"denoms": [{"native": "ubtc"}]}}))
        .unwrap();
    assert_eq!(suite.balance("alice", "ubtc"), 30);
    assert_eq!(suite.balance("alice", "uatom"), 0);
    suite.execute("alice", json!({"claim": {}})).unwrap();
    assert_eq!(suite.balance("alice", "uatom"), 75);
    check_ledger(&suite);
}

#[test]
fn the_creation_fee_goes_to_the_treasury_and_anyone_can_pay_it_out() {
    let mut suite = GaugesSuite::builder()
        .with("creation_fee", json!({"denom": "uatom", "amount": "25"}))
        .with("treasury", json!("@chest"))
        .build()
        .unwrap();
    refused_with(
        &mut suite,
        "fees",
        new_gauge(DAY),
        vec![coin(24, "uatom")],
        &["a gauge costs 25uatom, besides the coins that it gives; 24uatom was sent"],
    );
    // Also without any coins.
    refused_with(
        &mut suite,
        "fees",
        new_gauge(DAY),
        vec![],
        &["a gauge costs 25uatom, besides the coins that it gives; nothing was sent"],
    );
    suite
        .execute_with("fees", new_gauge(DAY), vec![coin(125, "uatom")])
        .unwrap();
    assert_eq!(gauge(&suite, 1)["coins"][0]["amount"], "100");
    // The fee alone makes a gauge without coins.
    suite
        .execute_with("fees", new_gauge(DAY), vec![coin(25, "uatom")])
        .unwrap();
    check_ledger(&suite);
    suite
        .execute("anyone", json!({"withdraw_treasury": {}}))
        .unwrap();
    assert_eq!(suite.balance("chest", "uatom"), 50);
    suite
        .execute("anyone", json!({"withdraw_treasury": {}}))
        .unwrap();
    assert_eq!(suite.balance("chest", "uatom"), 50);
    // An amount of 0 turns the fee off.
    let off = json!({"update_config": {"creation_fee": {"denom": "uatom", "amount": "0"}}});
    suite.execute("owner", off).unwrap();
    suite
        .execute_with("fees", new_gauge(DAY), vec![coin(3, "uatom")])
        .unwrap();
    assert_eq!(gauge(&suite, 3)["coins"][0]["amount"], "3");
    check_ledger(&suite);
}

#[test]
fn to_distribute_is_what_gauges_have_not_distributed() {
    let mut suite = suite();
    suite.gauge(DAY, 100, Some(10));
    suite.gauge(7 * DAY, 50, Some(5));
    suite.lock("alice", 1, 7 * DAY);
    suite.pass_until(2 * DAY);
    suite.settle();
    let answer = suite.query(json!({"to_distribute": {}})).unwrap();
    assert_eq!(
        answer["coins"],
        json!([{"denom": "uatom", "amount": "110"}])
    );
}
