//! Voting powers: as a list of votes, as changes, in steps; and who earns by them.

use anyhow::Result;
use cw_multi_test::AppResponse;
use num_bigint::BigUint;
use serde_json::{Value, json};
use testkit::fee_pool::FeePoolSuite;

use super::blocks::{pool, signed};
use crate::support::{
    books_hold_and_all_is_split, by_accounting, claimable, community_pool, event, events,
    everything, has, is_share, plain_split, refused_with, send_fees,
};

#[test]
fn the_powers_of_the_votes_earn_the_fees_that_come_with_them() {
    let mut suite = pool();
    let votes = json!({"votes": [
        {"validator": "@@v2", "power": "300", "signed": true},
        {"validator": "@@v4", "power": "100", "signed": false},
    ]});
    let response = suite.block(1000, Some("v4"), votes).unwrap();
    let recorded = event(&response, "validator_recorded");
    assert_eq!(recorded["validator"], suite.operator("v4"));
    let summary = event(&response, "begin_block");
    assert_eq!(summary["total_power"], "400");
    assert_eq!(summary["signed_power"], "300");
    // 40 for the proposer, 940 for the votes.
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 0);
    assert_eq!(claimable(&suite, "alice", "v2", "uatom"), 705);
    let v4 = suite
        .query(json!({"validator_current_rewards": {"validator": "@@v4"}}))
        .unwrap();
    // It has no delegators: what it earns is the community's once somebody looks. The lazy accounting
    // gives away at once what came to it alone.
    let earned = json!([{"denom": "uatom", "amount": "275"}]);
    assert_eq!(v4["rewards"], by_accounting(earned, json!([])));
    assert_eq!(community_pool(&suite, "uatom"), by_accounting(20, 20 + 40));
    suite.set_shares("carol", "v4", "1").unwrap();
    assert_eq!(community_pool(&suite, "uatom"), 20 + 275);
    let set = suite.query(json!({"validator_set": {}})).unwrap();
    assert_eq!(set["total_power"], "400");
    assert_eq!(set["validators"].as_array().unwrap().len(), 2);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn powers_as_changes_in_steps_and_as_a_list_of_votes_come_to_the_same() {
    let list = |power: &dyn Fn(u64) -> u64| -> Vec<Value> {
        (1..=30)
            .map(|number| {
                let validator = format!("@@v{number}");
                json!({"validator": validator, "power": power(number).to_string()})
            })
            .collect()
    };
    let (first, second) = (list(&|number| number), list(&|number| number % 7));
    let shown = |suite: &FeePoolSuite| {
        let set = suite.query(json!({"validator_set": {}})).unwrap();
        (
            set,
            claimable(suite, "alice", "v1", "uatom"),
            claimable(suite, "alice", "v2", "uatom"),
        )
    };

    let mut by_votes = pool();
    for powers in [&first, &second] {
        let votes: Vec<Value> = powers
            .iter()
            .filter(|vote| vote["power"] != "0")
            .map(|vote| {
                let mut vote = vote.clone();
                vote["signed"] = json!(true);
                vote
            })
            .collect();
        by_votes
            .block(1000, Some("v1"), json!({"votes": votes}))
            .unwrap();
    }

    let mut by_changes = pool();
    for powers in [&first, &second] {
        by_changes.next_block();
        send_fees(&mut by_changes, &[(1000, "uatom")]);
        // Most of them go first, some by a reporter and some by the chain.
        let (reported, others) = powers.split_at(10);
        let (hooked, left) = others.split_at(12);
        let event =
            |changes: &[Value]| json!({"staking_event": {"powers_changed": {"changes": changes}}});
        by_changes.execute("reporter", event(reported)).unwrap();
        by_changes.sudo(event(hooked)).unwrap();
        let commit = json!({"signed_power": u64::MAX.to_string(), "changed": left});
        let block = json!({"begin_block": {"proposer": "@@v1", "last_commit": commit}});
        by_changes.execute("reporter", block).unwrap();
    }

    assert_eq!(shown(&by_changes), shown(&by_votes));
    books_hold_and_all_is_split(&by_votes);
    books_hold_and_all_is_split(&by_changes);
}

#[test]
fn the_changed_powers_of_a_block_earn_its_fees() {
    let mut suite = pool();
    let commit = json!({"signed_power": "300", "changed": [
        {"validator": "@@v2", "power": "300"},
        {"validator": "@@v1", "power": "0"},
        {"validator": "@@v4", "power": "100"},
        // As it was: nothing changes.
        {"validator": "@@ghost", "power": "0"},
    ]});
    let response = suite.block(1000, Some("v2"), commit).unwrap();
    let recorded = event(&response, "validator_recorded");
    assert_eq!(recorded["validator"], suite.operator("v4"));
    assert_eq!(recorded["commission"], "0");
    assert_eq!(events(&response, "power_changed").len(), 3);
    let summary = event(&response, "begin_block");
    assert_eq!(
        (&*summary["total_power"], &*summary["signed_power"]),
        ("400", "300")
    );
    // 40 for the proposer, 940 for the votes.
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 0);
    assert_eq!(claimable(&suite, "alice", "v2", "uatom"), 40 + 705);
    let validators = suite.query(json!({"validators": {}})).unwrap();
    assert_eq!(validators["validators"].as_array().unwrap().len(), 3);
    books_hold_and_all_is_split(&suite);
}

/// 31 powers do not divide 10^36: what is left waits for the next block, and goes to the community
/// pool before a power changes.
#[test]
fn what_the_powers_cannot_divide_joins_the_next_votes_or_is_the_communitys() {
    let mut suite = plain_split().build().unwrap();
    for (validator, power) in [("v1", 7), ("v2", 11), ("v3", 13)] {
        suite.create_validator(validator, "0").unwrap();
        suite.set_power(validator, power).unwrap();
        suite.set_shares("alice", validator, "1").unwrap();
    }
    for fees in [100, 3000] {
        let response = suite.block(fees, None, signed(31)).unwrap();
        assert!(events(&response, "to_community_pool").is_empty());
        let summary = event(&response, "begin_block");
        let points = format!("{fees}{}uatom", "0".repeat(36));
        assert_eq!(summary["votes_points"], points);
        assert!(!summary["community_pool_points"].contains(|c: char| ('1'..='9').contains(&c)));
        books_hold_and_all_is_split(&suite);
    }
    // 3 100 are whole again: nobody is a coin short, with either accounting by less than a point.
    is_share(claimable(&suite, "alice", "v1", "uatom"), 700);
    is_share(claimable(&suite, "alice", "v2", "uatom"), 1100);
    is_share(claimable(&suite, "alice", "v3", "uatom"), 1300);

    suite.block(100, None, signed(31)).unwrap();
    let response = suite.set_power("v1", 8).unwrap();
    let carries = events(&response, "to_community_pool");
    let carry = (BigUint::from(10u8).pow(38) % 31u8).to_string() + "uatom";
    let of_all = carries
        .iter()
        .filter(|event| !event.contains_key("validator"));
    let of_all: Vec<(&str, &str)> = of_all
        .map(|event| (&*event["reason"], &*event["points"]))
        .collect();
    assert_eq!(of_all, by_accounting(vec![("carry", &*carry)], vec![]));
    // The same power again changes nothing.
    let response = suite.set_power("v1", 8).unwrap();
    assert!(events(&response, "to_community_pool").is_empty());
    books_hold_and_all_is_split(&suite);
}

#[test]
fn votes_in_any_order_below_the_bound_are_taken() {
    let max = (1u64 << 63) - 1;
    let mut suite = pool();
    // Powers that trade places: together they never leave the bound, one by one they would.
    for (one, two) in [(max - 1, 1), (1, max - 1), (max / 2, max / 2), (max, 0)] {
        for (first, second) in [("v1", "v2"), ("v2", "v1")] {
            let votes = json!({"votes": [
                {"validator": format!("@@{first}"), "power": one.to_string(), "signed": true},
                {"validator": format!("@@{second}"), "power": two.to_string(), "signed": true},
            ]});
            suite.block(1000, Some("v1"), votes).unwrap();
            let set = suite.query(json!({"validator_set": {}})).unwrap();
            assert_eq!(set["total_power"], (one + two).to_string());
            books_hold_and_all_is_split(&suite);
        }
    }
    // Even with such powers everybody gets its part, less the tax.
    suite.withdraw("alice", "v1").unwrap();
    suite.withdraw("alice", "v2").unwrap();
    let paid = has(&suite, "alice", "uatom");
    assert!((7838..=7840).contains(&paid), "{paid}");
}

#[test]
fn a_vote_without_power_makes_no_record() {
    let mut suite = pool();
    let votes = json!({"votes": [
        {"validator": "@@v1", "power": "100", "signed": true},
        {"validator": "@@ghost", "power": "0", "signed": true},
    ]});
    suite.block(1000, None, votes).unwrap();
    let validators = suite.query(json!({"validators": {}})).unwrap();
    assert_eq!(validators["validators"].as_array().unwrap().len(), 2);
}

#[test]
fn a_removed_validator_that_votes_earns_by_its_power_and_stays_removed() {
    for by_votes in [true, false] {
        let mut suite = pool();
        suite.block(1000, Some("v1"), signed(200)).unwrap();
        suite
            .staking_event(json!({"validator_removed": {"validator": "@@v1"}}))
            .unwrap();
        let commit = if by_votes {
            json!({"votes": [{"validator": "@@v1", "power": "5", "signed": true}]})
        } else {
            json!({"signed_power": "5", "changed": [
                {"validator": "@@v1", "power": "5"}, {"validator": "@@v2", "power": "0"},
            ]})
        };
        let response = suite.block(1000, Some("v1"), commit).unwrap();
        // It proposes nothing, and nobody can give it anything.
        assert!(events(&response, "proposer_reward").is_empty());
        assert_eq!(event(&response, "proposer_unknown")["amount"], "50uatom");
        is_share(claimable(&suite, "alice", "v1", "uatom"), 50 + 465 + 930);
        let gift = json!({"deposit_validator_rewards": {"allocations": [
            {"validator": "@@v1", "amount": [{"denom": "uatom", "amount": "5"}]},
        ]}});
        let funds = vec![cosmwasm_std::coin(5, "uatom")];
        refused_with(&mut suite, "fees", gift, funds, &["was removed"]);
        let asked = json!({"validator": {"validator": "@@v1"}});
        let answer = suite.query(asked.clone()).unwrap();
        assert_eq!(
            (&answer["power"], &answer["removed"]),
            (&json!("5"), &json!(true))
        );
        // Until it is created again.
        suite.create_validator("v1", "0").unwrap();
        assert_eq!(suite.query(asked).unwrap()["removed"], false);
        let response = suite.block(1000, Some("v1"), signed(5)).unwrap();
        assert_eq!(event(&response, "proposer_reward")["amount"], "50uatom");
        books_hold_and_all_is_split(&suite);
    }
}

fn lines(names: &[String], power: u64) -> Value {
    names
        .iter()
        .map(|name| json!({"validator": format!("@@{name}"), "power": power.to_string()}))
        .collect()
}

/// Whoever tells the powers, in steps of a hundred.
#[test]
fn more_than_a_thousand_active_validators_are_refused_whoever_tells_them() {
    type Tell = fn(&mut FeePoolSuite, &[String], u64) -> Result<AppResponse>;
    let tell_event: Tell = |suite, names, power| {
        suite.staking_event(json!({"powers_changed": {"changes": lines(names, power)}}))
    };
    let tell_group: Tell = |suite, names, power| {
        let diffs: Value = names
            .iter()
            .map(|name| json!({"key": format!("@{name}"), "old": null, "new": power}))
            .collect();
        suite.execute("group", json!({"member_changed_hook": {"diffs": diffs}}))
    };
    let tell_block: Tell = |suite, names, power| {
        let changed = lines(names, power);
        suite.block(0, None, json!({"signed_power": "0", "changed": changed}))
    };
    let names: Vec<String> = (0..1001).map(|number| format!("n{number}")).collect();
    let over = ["1001 active validators", "limit of 1000"];
    let is_refused = |result: Result<AppResponse>| {
        let error = result.unwrap_err().to_string();
        assert!(over.iter().all(|part| error.contains(part)), "{error}");
    };
    let mut suite = plain_split()
        .with("group", json!("@group"))
        .build()
        .unwrap();
    for page in names[..1000].chunks(100) {
        tell_event(&mut suite, page, 1).unwrap();
    }
    for tell in [tell_event, tell_group, tell_block] {
        is_refused(tell(&mut suite, &names[1000..], 1));
        // One that leaves makes room, in the same call as well.
        tell(&mut suite, &names[..1], 0).unwrap();
        tell(&mut suite, &names[1000..], 1).unwrap();
        is_refused(tell(&mut suite, &names[..1], 1));
        tell(&mut suite, &names[1000..], 0).unwrap();
        tell(&mut suite, &names[..1], 1).unwrap();
    }
    let power = json!({"validator": "@@n1000", "power": "1"});
    let of_chain = [
        json!({"staking_event": {"power_changed": power}}),
        json!({"begin_block": {"last_commit": {"signed_power": "0", "changed": [power]}}}),
    ];
    for payload in of_chain {
        suite.next_block();
        let before = everything(&suite);
        let response = suite.sudo(payload).unwrap();
        let reason = &event(&response, "hook_ignored")["reason"];
        assert!(over.iter().all(|part| reason.contains(part)), "{reason}");
        assert!(everything(&suite) == before);
    }

    let mut suite = plain_split().with("active", json!(false)).build().unwrap();
    let imported = |names: &[String]| -> Value {
        let commission = json!({"rate": "0", "max_rate": "1", "max_change_rate": "1"});
        let mut lines = lines(names, 1);
        for line in lines.as_array_mut().unwrap() {
            line["commission"] = commission.clone();
        }
        json!({"import": {"validators": lines}})
    };
    for page in names[..1000].chunks(250) {
        suite.execute("owner", imported(page)).unwrap();
    }
    is_refused(suite.execute("owner", imported(&names[1000..])));
}
