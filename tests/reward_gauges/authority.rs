//! Every message is sent by every role: those who may send it and those who may not. Every event is
//! in the README, and well-formed.

use std::collections::BTreeSet;

use cosmwasm_std::Binary;
use cw_multi_test::AppResponse;
use serde_json::{Value, json};
use testkit::authority::Rule;
use testkit::documents;
use testkit::expect::assert_events_well_formed;

use crate::support::{DAY, GaugesSuite, check_ledger, coin, refused_with, ulp};

/// Accounts, named after their roles: the contract's owner; `boss`, to whom the ownership is
/// offered; the force unlocker; the creator of a gauge; the locks' owner and their receiver
/// `friend`; the claimers of these two, `bot` and `robot`.
const ROLES: [&str; 9] = [
    "owner", "boss", "guard", "maker", "locker", "friend", "bot", "robot", "stranger",
];

/// Locks 1 to 3 of `locker`, with the receiver `friend`: lock 1 is not unlocking, lock 2 is, lock 3
/// has ended. A closable gauge of `maker`, with an epoch that is not settled, and gauge 2, which is
/// not closable. A gauge costs 5 `uatom`.
fn scene() -> GaugesSuite {
    let mut builder = GaugesSuite::builder()
        .with("creation_fee", json!({"denom": "uatom", "amount": "5"}))
        .with("gauge_creators", json!([]))
        .with("treasury", json!("@chest"))
        .with("force_unlockers", json!(["@guard"]));
    for role in ROLES {
        builder = builder
            .balance(role, 1_000, "ulp")
            .balance(role, 5_000, "uatom");
    }
    let mut suite = builder.build().unwrap();
    for duration in [7 * DAY, 7 * DAY, DAY] {
        let lock = json!({"lock": {"duration": duration, "receiver": "@friend"}});
        suite
            .execute_with("locker", lock, vec![coin(100, "ulp")])
            .unwrap();
    }
    let gauge = json!({"create_gauge": {
        "lock_asset": ulp(), "duration": DAY, "epochs": 10, "closable": true,
    }});
    suite
        .execute_with("maker", gauge, vec![coin(1_005, "uatom")])
        .unwrap();
    let open = json!({"create_gauge": {"lock_asset": ulp(), "duration": 14 * DAY, "epochs": 10}});
    suite
        .execute_with("maker", open, vec![coin(1_005, "uatom")])
        .unwrap();
    suite.pass_until(1);
    for lock in [2, 3] {
        let unlock = json!({"begin_unlock": {"id": lock}});
        suite.execute("locker", unlock).unwrap();
    }
    for (sender, claimer) in [("locker", "@bot"), ("friend", "@robot")] {
        let claimer = json!({"set_claimer": {"claimer": claimer}});
        suite.execute(sender, claimer).unwrap();
    }
    let offer = json!({"update_ownership": {"transfer_ownership": {"new_owner": "@boss"}}});
    suite.execute("owner", offer).unwrap();
    suite.pass_until(DAY + 10);
    suite
}

/// A message that only the owner of the locks may send.
fn locker(msg: Value) -> Rule {
    Rule::new(msg, &["locker"], "is not the owner of the lock")
}

fn everybody(msg: Value) -> Rule {
    Rule::new(msg, &ROLES, "")
}

/// A new contract after the message was sent by a role, and the response.
#[track_caller]
fn sent(rule: &Rule, role: &str) -> (GaugesSuite, AppResponse) {
    let mut suite = scene();
    let response = suite.execute_with(role, rule.msg.clone(), rule.funds.clone());
    let response = response.unwrap_or_else(|error| panic!("{role}: {}: {error}", rule.msg));
    (suite, response)
}

fn rules() -> Vec<Rule> {
    let ownership = |update: Value| json!({ "update_ownership": update });
    let hook = json!({"lock": {"duration": DAY}}).to_string();
    let hook = Binary::from(hook.into_bytes()).to_base64();
    vec![
        everybody(json!({"lock": {"duration": DAY}})).paying(10, "ulp"),
        locker(json!({"add_to_lock": {"id": 1}})).paying(10, "ulp"),
        locker(json!({"begin_unlock": {"id": 1, "amount": "40"}})),
        everybody(json!({"begin_unlock_all": {"limit": 2}})),
        locker(json!({"cancel_unlock": {"id": 2}})),
        locker(json!({"extend_lock": {"id": 1, "duration": 14 * DAY}})),
        Rule::new(
            json!({"force_unlock": {"id": 1, "amount": "40"}}),
            &["guard"],
            "is not a force unlocker",
        ),
        Rule::new(
            json!({"withdraw": {"ids": [3]}}),
            &["locker", "bot"],
            "Unauthorized",
        ),
        everybody(json!({"claim": {}})),
        locker(json!({"set_receiver": {"id": 1, "receiver": "@stranger"}})),
        everybody(json!({"set_claimer": {"claimer": "@stranger"}})),
        Rule::new(
            json!({"claim": {"lock_ids": [1]}}),
            &["locker", "friend", "bot", "robot"],
            "Unauthorized",
        ),
        everybody(json!({"claim": {"limit": 2}})),
        everybody(json!({"refresh": {"id": 1}})),
        everybody(json!({"create_gauge": {"lock_asset": ulp(), "duration": DAY}}))
            .paying(10, "uatom"),
        Rule::new(
            json!({"add_to_gauge": {"id": 1}}),
            &["maker"],
            "is not the creator of the gauge",
        )
        .paying(10, "uatom"),
        everybody(json!({"add_to_gauge": {"id": 2}})).paying(10, "uatom"),
        Rule::new(
            json!({"close_gauge": {"id": 1}}),
            &["maker"],
            "is not the creator of the gauge",
        ),
        Rule::owner(json!({"evict_gauge": {"id": 1}})),
        everybody(json!({"settle": {}})),
        everybody(json!({"withdraw_treasury": {}})),
        Rule::owner(json!({"update_config": {"min_lock": "2"}})),
        Rule::owner(ownership(
            json!({"transfer_ownership": {"new_owner": "@stranger"}}),
        )),
        Rule::owner(ownership(json!("renounce_ownership"))),
        Rule::new(
            ownership(json!("accept_ownership")),
            &["boss"],
            "it is offered to",
        ),
        Rule::new(
            json!({"receive": {"sender": "@locker", "amount": "10", "msg": hook}}),
            &[],
            "cannot be locked here",
        ),
    ]
}

#[test]
fn only_those_who_may_can() {
    for rule in rules() {
        for role in rule.allowed {
            let (suite, _) = sent(&rule, role);
            check_ledger(&suite);
        }
        for role in rule.refused(&ROLES) {
            let mut suite = scene();
            let sender = suite.account(role);
            let parts = [rule.refusal, sender.as_str()];
            refused_with(
                &mut suite,
                role,
                rule.msg.clone(),
                rule.funds.clone(),
                &parts,
            );
        }
    }
}

#[test]
fn every_message_has_its_rule() {
    let ruled: BTreeSet<String> = rules().iter().map(|rule| rule.name().to_string()).collect();
    assert_eq!(documents::messages("reward-gauges", "execute"), ruled);
}

#[test]
fn no_message_pays_its_sender_what_belongs_to_another_account() {
    // Principal goes to the owner, rewards to the receiver and what a gauge returns to its creator,
    // whoever sends the message.
    for rule in rules() {
        for role in rule.allowed {
            let (suite, _) = sent(&rule, role);
            let paid = |denom: &str| rule.funds.iter().filter(|it| it.denom == denom).count() * 10;
            let gets_nothing = |role: &str| !["locker", "friend", "maker"].contains(&role);
            if gets_nothing(role) {
                let has = ["ulp", "uatom"].map(|denom| suite.balance(role, denom));
                let left = [1_000 - paid("ulp") as u128, 5_000 - paid("uatom") as u128];
                assert_eq!(has, left, "{role}: {}", rule.msg);
            }
        }
    }
}

#[test]
fn every_event_is_in_the_readme_and_well_formed() {
    let mut emitted = BTreeSet::new();
    let mut take = |suite: &GaugesSuite, response: &AppResponse| {
        emitted.extend(assert_events_well_formed(response, suite.contract.as_str()));
    };
    for rule in rules() {
        for role in rule.allowed {
            let (suite, response) = sent(&rule, role);
            take(&suite, &response);
        }
    }
    let mut suite = scene();
    take(&suite, &suite.instantiated.clone());
    let ignored = suite.sudo(json!({"begin_block": {}})).unwrap();
    take(&suite, &ignored);
    // A payout fails and is paid later.
    let friend = suite.account("friend");
    suite.chain.block_transfers_to(&friend).unwrap();
    let failed = suite.claim("locker", 1).unwrap();
    take(&suite, &failed);
    suite.chain.allow_transfers_to(&friend);
    let paid = suite.execute("friend", json!({"claim": {}})).unwrap();
    take(&suite, &paid);
    // So does one to the treasury.
    let chest = suite.account("chest");
    suite.chain.block_transfers_to(&chest).unwrap();
    let pay = json!({"withdraw_treasury": {}});
    let failed = suite.execute("anyone", pay).unwrap();
    take(&suite, &failed);
    suite.chain.allow_transfers_to(&chest);
    // A gauge that ends, a carry that goes to the treasury, a deleted lock with a fraction.
    let gauge = json!({"create_gauge": {"lock_asset": ulp(), "duration": DAY, "epochs": 1}});
    suite
        .execute_with("maker", gauge, vec![coin(15, "uatom")])
        .unwrap();
    suite.lock("alice", 7, DAY);
    for (day, sender, message) in [
        (2, "alice", json!({"begin_unlock": {"id": 4}})),
        (4, "alice", json!({"withdraw": {"ids": [4]}})),
        (4, "alice", json!({"settle": {}})),
        (4, "alice", json!({"claim": {"lock_ids": [4]}})),
    ] {
        if day == 2 || message.get("withdraw").is_some() {
            suite.pass_until(day * DAY + 10);
        }
        let response = suite.execute(sender, message).unwrap();
        take(&suite, &response);
    }
    let (owner, contract, code) = (
        suite.account("owner"),
        suite.contract.clone(),
        suite.code_id,
    );
    let migrated = suite.chain.migrate(&owner, &contract, code, &json!({}));
    take(&suite, &migrated.unwrap());
    check_ledger(&suite);
    assert_eq!(emitted, documents::events("reward-gauges"));
}

#[test]
fn where_creators_are_listed_they_alone_make_gauges() {
    let mut suite = GaugesSuite::builder()
        .with("gauge_creators", json!(["@fees", "@maker"]))
        .balance("maker", 100, "uatom")
        .balance("stranger", 100, "uatom")
        .build()
        .unwrap();
    let gauge = json!({"create_gauge": {"lock_asset": ulp(), "duration": DAY}});
    let coins = || vec![coin(10, "uatom")];
    let refusal = ["is not one of the gauge_creators"];
    suite.execute_with("maker", gauge.clone(), coins()).unwrap();
    refused_with(&mut suite, "stranger", gauge.clone(), coins(), &refusal);
    let listed = |names: Value| json!({"update_config": {"gauge_creators": names}});
    suite
        .execute("owner", listed(json!(["@stranger"])))
        .unwrap();
    suite
        .execute_with("stranger", gauge.clone(), coins())
        .unwrap();
    refused_with(&mut suite, "maker", gauge.clone(), coins(), &refusal);
    // Those that are there go on, and anybody adds to them.
    let more = json!({"add_to_gauge": {"id": 1}});
    suite.execute_with("fees", more, coins()).unwrap();
    suite.execute("owner", listed(json!([]))).unwrap();
    suite.execute_with("maker", gauge, coins()).unwrap();
    let twice = listed(json!(["@maker", "@maker"]));
    refused_with(&mut suite, "owner", twice, vec![], &["is listed twice"]);
    check_ledger(&suite);
}
