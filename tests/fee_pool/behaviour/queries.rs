//! What everybody can ask, and that it is what a message then does.

use cosmwasm_std::coin;
use serde_json::{Value, json};
use testkit::fee_pool::FeePoolSuite;

use crate::support::{
    GOLD, block, books_hold_and_all_is_split, by_accounting, coins, everything, has, plain_split,
};

/// Three validators with Alice, one with Bob too, one removed; `v1` takes a tenth.
fn pool() -> FeePoolSuite {
    let mut suite = plain_split().build().unwrap();
    for (validator, rate, power) in [("v1", "0.1", 60), ("v2", "0", 30), ("v3", "1", 10)] {
        suite.create_validator(validator, rate).unwrap();
        suite.set_power(validator, power).unwrap();
        suite.set_shares("alice", validator, "2").unwrap();
    }
    suite.set_shares("bob", "v1", "1").unwrap();
    suite.set_shares("v1", "v1", "1").unwrap();
    block(&mut suite, &[(1001, "uatom"), (10, GOLD)], Some("v1"));
    suite
        .execute_with(
            "fees",
            json!({"fund_community_pool": {}}),
            vec![coin(7, "uatom")],
        )
        .unwrap();
    suite
}

#[track_caller]
fn ask(suite: &FeePoolSuite, query: Value) -> Value {
    let before = everything(suite);
    let answer = suite.query(query.clone()).unwrap();
    assert!(everything(suite) == before, "{query} wrote something");
    answer
}

fn of_v1(query: &str) -> Value {
    json!({query: {"validator": "@@v1"}})
}

#[test]
fn the_set_up_is_shown() {
    let suite = pool();
    assert_eq!(
        ask(&suite, json!({"config": {}})),
        json!({
            "source": "reporter", "group": null, "active": true,
            "share_places": 18,
        })
    );
    assert_eq!(
        ask(&suite, json!({"params": {}})),
        json!({
            "community_tax": "0", "base_proposer_reward": "0", "bonus_proposer_reward": "0",
            "equal_share": "0", "withdraw_addr_enabled": true,
        })
    );
    let reporter = suite.account("reporter");
    assert_eq!(
        ask(&suite, json!({"reporters": {}})),
        json!({"block": [reporter], "staking": [reporter]})
    );
    assert_eq!(
        ask(&suite, json!({"reward_denoms": {}})),
        json!({"reward_denoms": [
            {"denom": "uatom", "active": true},
            {"denom": "ubtc", "active": true},
            {"denom": GOLD, "active": true},
        ]})
    );
    assert_eq!(
        ask(&suite, json!({"ownership": {}})),
        json!({
            "owner": suite.account("owner"), "pending_owner": null, "pending_expiry": null,
        })
    );
    let group = suite.account("group");
    let suite = plain_split()
        .with("source", json!({"hooks": {"dialect": "neutron"}}))
        .with("group", json!("@group"))
        .with("active", json!(false))
        .with("share_places", json!(0))
        .build()
        .unwrap();
    assert_eq!(
        ask(&suite, json!({"config": {}})),
        json!({
            "source": {"hooks": {"dialect": "neutron"}}, "group": group,
            "active": false, "share_places": 0,
        })
    );
}

#[test]
fn the_last_block_and_the_community_pool_are_shown() {
    let mut suite = pool();
    let height = suite.chain.block().height;
    assert_eq!(
        ask(&suite, json!({"last_block": {}})),
        json!({
            "height": height, "reported_height": 0, "total_power": "100", "active_validators": 3,
        })
    );
    assert_eq!(
        ask(&suite, json!({"community_pool": {}})),
        json!({"pool": [{"denom": "uatom", "amount": "7"}], "spendable": coins(&[(7, "uatom")])})
    );
    suite.next_block();
    suite
        .execute(
            "reporter",
            json!({"begin_block": {"last_commit": {"signed_power": "1"}, "height": 5}}),
        )
        .unwrap();
    let last = ask(&suite, json!({"last_block": {}}));
    assert_eq!(last["height"], height + 1);
    assert_eq!(last["reported_height"], 5);
    let fresh = plain_split().build().unwrap();
    assert_eq!(
        ask(&fresh, json!({"last_block": {}})),
        json!({
            "height": 0, "reported_height": 0, "total_power": "0", "active_validators": 0,
        })
    );
}

#[test]
fn a_validator_is_shown_with_what_it_earns() {
    let mut suite = pool();
    let operator = suite.operator("v1");
    let expected = |current: Value, removed: bool| {
        // New terms come when it is created again.
        let limit = if removed { Value::Null } else { json!("1") };
        json!({
            "validator": operator,
            "power": if removed { "0" } else { "60" },
            "commission": {
                "rate": "0.1", "max_rate": limit, "max_change_rate": limit,
                "last_edit": null, "stale": false,
            },
            "units": "4000000000000000000",
            "exchange_rate": "1",
            "current_rewards": current,
            "removed": removed,
        })
    };
    let outstanding =
        json!([{"denom": GOLD, "amount": "6"}, {"denom": "uatom", "amount": "600.6"}]);
    let outstanding =
        json!({"rewards": outstanding, "claimable": coins(&[(6, GOLD), (600, "uatom")])});
    // Only F1 splits a validator's rewards some time after they came.
    let current = by_accounting(outstanding.clone(), json!({"rewards": [], "claimable": []}));
    assert_eq!(
        ask(&suite, of_v1("validator")),
        expected(current["rewards"].clone(), false)
    );
    assert_eq!(ask(&suite, of_v1("validator_current_rewards")), current);
    assert_eq!(
        ask(&suite, of_v1("validator_outstanding_rewards")),
        outstanding
    );
    assert_eq!(
        ask(&suite, of_v1("validator_commission")),
        json!({
            "rewards": [
                {"denom": GOLD, "amount": "0.6"}, {"denom": "uatom", "amount": "60.06"},
            ],
            "claimable": coins(&[(60, "uatom")]),
        })
    );
    assert_eq!(
        ask(&suite, of_v1("validator_distribution_info")),
        json!({
            "operator_address": suite.account("v1"),
            "self_bond_rewards": [
                {"denom": GOLD, "amount": "1.35"}, {"denom": "uatom", "amount": "135.135"},
            ],
            "commission": [
                {"denom": GOLD, "amount": "0.6"}, {"denom": "uatom", "amount": "60.06"},
            ],
        })
    );
    suite
        .staking_event(json!({"validator_removed": {"validator": "@@v1"}}))
        .unwrap();
    // Settled, and owed all the same.
    assert_eq!(ask(&suite, of_v1("validator")), expected(json!([]), true));
    assert_eq!(
        ask(&suite, of_v1("validator_outstanding_rewards")),
        outstanding
    );
}

#[test]
fn the_active_set_is_shown_in_the_order_of_addresses() {
    let mut suite = pool();
    suite.set_power("v2", 0).unwrap();
    let set = ask(&suite, json!({"validator_set": {}}));
    assert_eq!(set["total_power"], "70");
    let mut expected: Vec<(Vec<u8>, Value)> = [("v1", "60"), ("v3", "10")]
        .into_iter()
        .map(|(name, power)| {
            let account = suite.account(name);
            let bytes = suite.chain.addresses().account_bytes(account.as_str());
            (
                bytes.unwrap(),
                json!({"validator": suite.operator(name), "power": power}),
            )
        })
        .collect();
    expected.sort_by(|one, other| one.0.cmp(&other.0));
    let expected: Vec<Value> = expected.into_iter().map(|(_, line)| line).collect();
    assert_eq!(set["validators"], json!(expected));
}

#[test]
fn a_delegation_is_shown_whether_it_is_there_or_not() {
    let suite = pool();
    let delegation = |delegator: &str| {
        ask(
            &suite,
            json!({"delegation": {"delegator": delegator, "validator": "@@v1"}}),
        )
    };
    assert_eq!(
        delegation("@alice"),
        json!({
            "delegator": suite.account("alice"), "validator": suite.operator("v1"),
            "units": "2000000000000000000",
        })
    );
    assert_eq!(delegation("@nobody")["units"], "0");
    let none = json!({"rewards": [], "claimable": []});
    assert_eq!(suite.rewards("nobody", "v1").unwrap(), none);
    for (query, empty) in [
        ("delegator_delegations", json!({"delegations": []})),
        ("delegator_validators", json!({"validators": []})),
        (
            "delegation_total_rewards",
            json!({"rewards": [], "total": [], "claimable": [], "next": null}),
        ),
        ("claimer", json!({"claimer": null})),
        (
            "delegator_withdraw_address",
            json!({"withdraw_address": suite.account("nobody")}),
        ),
    ] {
        let query = json!({query: {"delegator": "@nobody"}});
        assert_eq!(ask(&suite, query.clone()), empty, "{query}");
    }
    assert_eq!(
        ask(&suite, json!({"undelivered": {"account": "@nobody"}})),
        json!({"amount": []})
    );
}

/// Every page of a list, put together. Lists that say `next` are followed, others go on behind
/// their last entry.
fn whole_list(suite: &FeePoolSuite, name: &str, owner: &Value, list: &str, limit: u32) -> Value {
    let mut entries = Vec::new();
    let mut start_after = Value::Null;
    loop {
        let mut query = owner.clone();
        query["start_after"] = start_after;
        query["limit"] = json!(limit);
        let answer = ask(suite, json!({ name: query }));
        let page = answer[list].as_array().unwrap().clone();
        assert!(page.len() <= limit as usize);
        let Some(last) = page.last() else {
            return json!(entries);
        };
        start_after = match (&answer["next"], last) {
            (Value::Null, _) if answer.get("next").is_some() => {
                entries.extend(page);
                return json!(entries);
            }
            (Value::Null, Value::String(text)) => json!(text),
            (Value::Null, last) if name == "validator_delegations" => last["delegator"].clone(),
            (Value::Null, last) => last["validator"].clone(),
            (next, _) => next.clone(),
        };
        entries.extend(page);
    }
}

#[test]
fn pages_of_every_list_add_up_to_the_whole() {
    let mut suite = pool();
    for number in 0..7 {
        suite.set_shares(&format!("d{number}"), "v1", "1").unwrap();
    }
    let alice = json!({"delegator": "@alice"});
    for (name, owner, list, entries) in [
        ("validators", json!({}), "validators", 3),
        ("delegator_delegations", alice.clone(), "delegations", 3),
        ("delegator_validators", alice.clone(), "validators", 3),
        ("delegation_total_rewards", alice, "rewards", 3),
        (
            "validator_delegations",
            json!({"validator": "@@v1"}),
            "delegations",
            10,
        ),
    ] {
        let whole = ask(&suite, json!({ name: owner }))[list].clone();
        assert_eq!(whole.as_array().unwrap().len(), entries, "{name}");
        for limit in 1..=12 {
            assert_eq!(
                whole_list(&suite, name, &owner, list, limit),
                whole,
                "{name} in pages of {limit}"
            );
        }
    }
}

#[test]
fn lists_have_thirty_entries_by_default_and_never_more_than_a_hundred() {
    let mut suite = plain_split().with("active", json!(false)).build().unwrap();
    let terms = json!({"rate": "0", "max_rate": "1", "max_change_rate": "1"});
    let (validators, mut delegations): (Vec<Value>, Vec<Value>) = (0..120)
        .map(|number| {
            let validator = format!("@@v{number}");
            (
                json!({"validator": validator, "power": "1", "commission": terms}),
                json!({"delegator": "@alice", "validator": validator, "shares": "1"}),
            )
        })
        .unzip();
    delegations.extend((0..119).map(
        |number| json!({"delegator": format!("@d{number}"), "validator": "@@v0", "shares": "1"}),
    ));
    suite
        .execute(
            "owner",
            json!({"import": {"validators": validators, "delegations": delegations}}),
        )
        .unwrap();
    for (name, owner, list) in [
        ("validators", json!({}), "validators"),
        (
            "delegator_delegations",
            json!({"delegator": "@alice"}),
            "delegations",
        ),
        (
            "delegator_validators",
            json!({"delegator": "@alice"}),
            "validators",
        ),
        (
            "delegation_total_rewards",
            json!({"delegator": "@alice"}),
            "rewards",
        ),
        (
            "validator_delegations",
            json!({"validator": "@@v0"}),
            "delegations",
        ),
    ] {
        for (limit, entries) in [
            (Value::Null, 30),
            (json!(1), 1),
            (json!(100), 100),
            (json!(101), 100),
            (json!(u32::MAX), 100),
        ] {
            let mut query = owner.clone();
            query["limit"] = limit.clone();
            let answer = suite.query(json!({ name: query })).unwrap();
            let page = answer[list].as_array().unwrap().len();
            assert_eq!(page, entries, "{name}, limit {limit}");
        }
    }
    // The active set is one list.
    let set = suite.query(json!({"validator_set": {}})).unwrap();
    assert_eq!(set["validators"].as_array().unwrap().len(), 120);
}

#[test]
fn totals_are_the_sums_of_their_lines() {
    let suite = pool();
    let total = ask(
        &suite,
        json!({"delegation_total_rewards": {"delegator": "@alice"}}),
    );
    let mut lines: Vec<Value> = total["rewards"].as_array().unwrap().clone();
    for line in &mut lines {
        let of_one = json!({"delegation_rewards": {
            "delegator": "@alice", "validator": line["validator"],
        }});
        let answer = ask(&suite, of_one);
        assert_eq!(line["rewards"], answer["rewards"]);
        assert_eq!(line["claimable"], answer["claimable"]);
    }
    // 270.27 of v1, 300.3 of v2, nothing of v3, whose operator takes all.
    assert_eq!(
        total["total"],
        json!([{"denom": GOLD, "amount": "5.7"}, {"denom": "uatom", "amount": "570.57"}])
    );
    assert_eq!(total["claimable"], coins(&[(5, GOLD), (570, "uatom")]));
}

#[test]
fn what_is_shown_as_claimable_is_what_is_paid() {
    let paid = |suite: &FeePoolSuite, account: &str| -> Value {
        let list: Vec<(u128, &str)> = [GOLD, "uatom", "ubtc"]
            .into_iter()
            .map(|denom| (has(suite, account, denom), denom))
            .filter(|(amount, _)| *amount > 0)
            .collect();
        coins(&list)
    };
    let mut suite = pool();
    for fees in [1, 17, 1009, 3] {
        block(
            &mut suite,
            &[(fees, "uatom"), (fees * 3, "ubtc")],
            Some("v2"),
        );
    }
    for (account, query, list, msg) in [
        (
            "alice",
            json!({"delegation_total_rewards": {"delegator": "@alice"}}),
            "claimable",
            json!({"withdraw_delegation": {}}),
        ),
        (
            "bob",
            json!({"delegation_rewards": {"delegator": "@bob", "validator": "@@v1"}}),
            "claimable",
            json!({"withdraw_delegator_reward": {"validator": "@@v1"}}),
        ),
        (
            "v3",
            json!({"validator_commission": {"validator": "@@v3"}}),
            "claimable",
            json!({"withdraw_validator_commission": {"validator": "@@v3"}}),
        ),
    ] {
        let shown = ask(&suite, query.clone())[list].clone();
        assert_ne!(shown, json!([]));
        suite.execute(account, msg).unwrap();
        assert_eq!(paid(&suite, account), shown, "{query}");
        assert_eq!(ask(&suite, query)[list], json!([]));
    }
    books_hold_and_all_is_split(&suite);
}

#[test]
fn the_ledger_is_shown_by_class_for_every_denom() {
    let mut suite = pool();
    suite.send("fees", "pool", 3, "ubtc").unwrap();
    let points = |coins: u32| format!("{coins}{}", "0".repeat(36));
    let classes = |community: String, outstanding: String| {
        json!([
            {"class": "community_pool", "points": community},
            {"class": "outstanding", "points": outstanding},
            {"class": "in_flight", "points": "0"},
            {"class": "undelivered", "points": "0"},
        ])
    };
    assert_eq!(
        ask(&suite, json!({"invariants": {}})),
        json!({"denoms": [
            {
                "asset": {"native": "uatom"}, "balance": "1008", "difference": "0",
                "liabilities": classes(points(7), points(1001)),
            },
            {
                "asset": {"native": "ubtc"}, "balance": "3", "difference": points(3),
                "liabilities": classes("0".into(), "0".into()),
            },
            {
                "asset": {"native": GOLD}, "balance": "10", "difference": "0",
                "liabilities": classes("0".into(), points(10)),
            },
        ]})
    );
}

#[test]
fn cursors_of_the_audit_are_its_own() {
    let mut suite = pool();
    let refuser = suite.account("bob");
    suite.chain.block_transfers_to(&refuser).unwrap();
    suite.withdraw("bob", "v1").unwrap();
    books_hold_and_all_is_split(&suite);
    // Every cursor that a page of one names can be gone on from.
    let mut cursors = vec![];
    let mut start_after = Value::Null;
    loop {
        let page = json!({"audit": {"start_after": start_after, "limit": 1}});
        let answer = ask(&suite, page);
        if answer["next"].is_null() {
            break;
        }
        start_after = answer["next"].clone();
        cursors.push(start_after.as_str().unwrap().to_string());
    }
    // Three validators, five delegations, one account.
    assert_eq!(cursors.len(), 9, "{cursors:?}");
    // That of the lazy accounting has the sums found so far behind it.
    let last = cursors[8].split('#').next();
    assert_eq!(last, Some(&*format!("undelivered/{refuser}")));

    let (alice, v1) = (suite.account("alice"), suite.operator("v1"));
    for cursor in [
        String::new(),
        "x".to_string(),
        "/".to_string(),
        format!("{v1}/"),
        format!("/{alice}"),
        format!("{v1}/{v1}"),
        format!("{v1}/{alice}/"),
        format!("undelivered/{v1}"),
        "undelivered/".to_string(),
        "undelivered/x".to_string(),
        format!("Undelivered/{alice}"),
        "osmo1x/osmo1y".to_string(),
    ] {
        let error = suite
            .query(json!({"audit": {"start_after": cursor}}))
            .unwrap_err()
            .to_string();
        assert_eq!(error, format!("`{cursor}` is not a cursor of this list"));
    }
    let error = suite
        .query(json!({"audit": {"start_after": "x".repeat(100_000)}}))
        .unwrap_err();
    assert!(error.to_string().len() < 400);
    // Cursors of what is not there (any more) go on behind where it would be.
    let found = by_accounting("", "#0,0,0");
    for cursor in [
        suite.operator("nobody"),
        format!("{v1}/{}", suite.account("nobody")),
        format!("undelivered/{alice}"),
    ] {
        ask(
            &suite,
            json!({"audit": {"start_after": cursor + found, "limit": 100}}),
        );
    }
}

/// Settlement gives the delegators' part of a validator that has none to the community pool.
#[test]
fn nothing_is_shown_as_claimable_that_nobody_can_claim() {
    for (rate, commission) in [("0", 0u128), ("0.1", 100), ("1", 1000)] {
        let mut suite = plain_split().build().unwrap();
        suite.create_validator("v1", rate).unwrap();
        suite.set_power("v1", 1).unwrap();
        block(&mut suite, &[(1000, "uatom")], Some("v1"));
        let claimable = match commission {
            0 => json!([]),
            some => coins(&[(some, "uatom")]),
        };
        let outstanding = ask(&suite, of_v1("validator_outstanding_rewards"));
        assert_eq!(outstanding["claimable"], claimable, "at {rate}");
        assert_eq!(outstanding["rewards"], claimable, "at {rate}");
        let current = ask(&suite, of_v1("validator_current_rewards"));
        let not_split = by_accounting(coins(&[(1000, "uatom")]), json!([]));
        assert_eq!(current["rewards"], not_split);
        assert_eq!(current["claimable"], by_accounting(claimable, json!([])));
        suite.withdraw_commission("v1").unwrap();
        assert_eq!(has(&suite, "v1", "uatom"), commission);
        for query in ["validator_outstanding_rewards", "validator_current_rewards"] {
            let answer = ask(&suite, of_v1(query));
            assert_eq!(answer, json!({"rewards": [], "claimable": []}), "{query}");
        }
        books_hold_and_all_is_split(&suite);
    }
}

#[test]
fn validators_of_a_delegator_are_those_where_it_has_a_delegation_or_rewards() {
    let mut suite = plain_split().build().unwrap();
    for validator in ["v1", "v2", "v3"] {
        suite.create_validator(validator, "0").unwrap();
        suite.set_power(validator, 1).unwrap();
    }
    let listed = |suite: &FeePoolSuite| {
        let query = json!({"delegator_validators": {"delegator": "@alice"}});
        let answer = ask(suite, query);
        let mut listed: Vec<String> = serde_json::from_value(answer["validators"].clone()).unwrap();
        listed.sort();
        listed
    };
    let named = |suite: &FeePoolSuite, names: &[&str]| {
        let mut named: Vec<String> = names.iter().map(|name| suite.operator(name)).collect();
        named.sort();
        named
    };
    suite.set_shares("alice", "v1", "1").unwrap();
    suite.set_shares("alice", "v2", "1").unwrap();
    assert_eq!(listed(&suite), named(&suite, &["v1", "v2"]));
    block(&mut suite, &[(300, "uatom")], None);
    suite.set_shares("alice", "v1", "0").unwrap();
    suite.set_shares("alice", "v3", "1").unwrap();
    assert_eq!(listed(&suite), named(&suite, &["v1", "v2", "v3"]));
    suite
        .execute("alice", json!({"withdraw_delegation": {}}))
        .unwrap();
    assert_eq!(listed(&suite), named(&suite, &["v2", "v3"]));
    assert_eq!(has(&suite, "alice", "uatom"), 200);
}

#[test]
fn who_takes_rewards_is_known_in_the_order_asked_for() {
    let mut suite = pool();
    suite
        .staking_event(json!({"validator_removed": {"validator": "@@v2"}}))
        .unwrap();
    let known = |names: Value| ask(&suite, json!({"validators_known": {"validators": names}}));
    // By operator or account, more than once; `v2` is removed, `v9` was never there.
    assert_eq!(
        known(json!(["@@v3", "@@v2", "@v1", "@@v9", "@@v3"])),
        json!({"known": [true, false, true, false, true]})
    );
    assert_eq!(known(json!([])), json!({"known": []}));
    assert_eq!(
        known(json!(vec!["@@v1"; 101]))["known"],
        json!(vec![true; 100])
    );
    let foreign = json!({"validators_known": {"validators": ["osmovaloper1x"]}});
    assert!(suite.query(foreign).is_err());
}

/// Who is not imported yet would look like a stranger.
#[test]
fn nobody_is_said_to_be_unknown_before_activation() {
    let mut suite = plain_split().with("active", json!(false)).build().unwrap();
    suite.create_validator("v1", "0").unwrap();
    let known = json!({"validators_known": {"validators": ["@@v1", "@@v9"]}});
    let error = suite.query(known.clone()).unwrap_err();
    assert!(error.to_string().contains("not active yet"), "{error}");
    suite.execute("owner", json!({"activate": {}})).unwrap();
    assert_eq!(ask(&suite, known)["known"], json!([true, false]));
}
