//! A whole move: what another pool owes is imported, covered by coins, and paid after activation.

use cosmwasm_std::{Coin, CosmosMsg, coin, to_json_binary};
use cw_multi_test::AppResponse;
use serde_json::{Value, json};
use testkit::chain::{HookMoment, TransferHook};
use testkit::fee_pool::{FeePoolBuilder, FeePoolSuite};

use crate::support::scripted_contract::{self, Run};
use crate::support::{
    GOLD, block, books_hold, books_hold_and_all_is_split, coins, community_pool, event, events,
    everything, has, plain_split, refused, refused_with, send_fees, totals_hold,
};

const DENOMS: [&str; 3] = ["uatom", "ubtc", GOLD];

fn builder() -> FeePoolBuilder {
    let inactive = plain_split().with("active", json!(false));
    DENOMS.iter().fold(inactive, |builder, denom| {
        builder.balance("owner", 10u128.pow(30), denom)
    })
}

/// A pool that is being imported: half of the power each is `v1`'s, who takes 0.1, and `v2`'s. Alice and
/// Bob delegate to the first, 1:3, and Carol to the second.
fn moving() -> FeePoolSuite {
    let mut suite = builder().build().unwrap();
    let validator = |name: &str, rate: &str| {
        json!({"validator": format!("@@{name}"), "power": "100", "commission": {
            "rate": rate, "max_rate": "0.5", "max_change_rate": "0.1",
        }})
    };
    import(
        &mut suite,
        json!({
            "validators": [validator("v1", "0.1"), validator("v2", "0")],
            "delegations": [
                delegation("alice", "v1", "100"),
                delegation("bob", "v1", "300"),
                delegation("carol", "v2", "100"),
            ],
        }),
    );
    suite
}

fn delegation(delegator: &str, validator: &str, shares: &str) -> Value {
    json!({
        "delegator": format!("@{delegator}"), "validator": format!("@@{validator}"), "shares": shares,
    })
}

/// In the order of the denoms' names.
fn dec_coins(amounts: &[(&str, &str)]) -> Value {
    let mut amounts = amounts.to_vec();
    amounts.sort_by_key(|(_, denom)| *denom);
    amounts
        .iter()
        .map(|(amount, denom)| json!({"denom": denom, "amount": amount}))
        .collect()
}

fn rewards(delegator: &str, validator: &str, amounts: &[(&str, &str)]) -> Value {
    json!({"delegator_rewards": [{
        "delegator": format!("@{delegator}"), "validator": format!("@@{validator}"),
        "rewards": dec_coins(amounts),
    }]})
}

fn commission(validator: &str, amounts: &[(&str, &str)]) -> Value {
    json!({"commissions": [{
        "validator": format!("@@{validator}"), "commission": dec_coins(amounts),
    }]})
}

fn withdraw_address(delegator: &str, to: &str) -> Value {
    json!({"withdraw_addresses": [{
        "delegator": format!("@{delegator}"), "withdraw_address": format!("@{to}"),
    }]})
}

fn pool_of(amounts: &[(&str, &str)]) -> Value {
    json!({"community_pool": dec_coins(amounts)})
}

/// Imports a page. The totals are those of the records and of the events after it.
#[track_caller]
fn import_with(suite: &mut FeePoolSuite, page: Value, funds: Vec<Coin>) -> AppResponse {
    let response = suite
        .execute_with("owner", json!({"import": page}), funds)
        .unwrap();
    totals_hold(suite);
    response
}

#[track_caller]
fn import(suite: &mut FeePoolSuite, page: Value) -> AppResponse {
    import_with(suite, page, vec![])
}

#[track_caller]
fn activate_with(suite: &mut FeePoolSuite, funds: Vec<Coin>) -> AppResponse {
    let response = suite
        .execute_with("owner", json!({"activate": {}}), funds)
        .unwrap();
    books_hold(suite);
    response
}

#[track_caller]
fn not_covered(suite: &mut FeePoolSuite, funds: Vec<Coin>, missing: &str) {
    let missing = format!("{missing} are missing");
    refused_with(suite, "owner", json!({"activate": {}}), funds, &[&missing]);
}

fn owed(suite: &FeePoolSuite, delegator: &str, validator: &str) -> Value {
    suite.rewards(delegator, validator).unwrap()["rewards"].clone()
}

fn owed_commission(suite: &FeePoolSuite, validator: &str) -> Value {
    let query = json!({"validator_commission": {"validator": format!("@@{validator}")}});
    suite.query(query).unwrap()["rewards"].clone()
}

/// A page of each kind of line that says what is owed.
fn each_kind() -> [Value; 3] {
    [
        rewards("alice", "v1", &[("5.5", "uatom")]),
        commission("v1", &[("5.5", "uatom")]),
        pool_of(&[("5.5", "uatom")]),
    ]
}

#[test]
fn claims_right_after_activation_pay_what_was_owed() {
    let mut suite = moving();
    import(
        &mut suite,
        rewards("alice", "v1", &[("3.25", "ubtc"), ("10.5", "uatom")]),
    );
    import(&mut suite, rewards("bob", "v1", &[("7", GOLD)]));
    // It has left long ago.
    import(&mut suite, rewards("dave", "v2", &[("5.75", "uatom")]));
    import(&mut suite, withdraw_address("alice", "cold"));
    import(
        &mut suite,
        commission("v1", &[("1.999999999999999999", "uatom")]),
    );
    import(&mut suite, commission("v2", &[("4", GOLD)]));
    let page = pool_of(&[("20.25", "uatom"), ("1", "ubtc")]);
    import_with(&mut suite, page, vec![coin(30, "uatom"), coin(5, "ubtc")]);
    for (sender, msg) in [
        (
            "alice",
            json!({"withdraw_delegator_reward": {"validator": "@@v1"}}),
        ),
        ("dave", json!({"withdraw_delegation": {}})),
        (
            "v1",
            json!({"withdraw_validator_commission": {"validator": "@@v1"}}),
        ),
        ("v2", json!({"withdraw_validator": {"validator": "@@v2"}})),
        (
            "owner",
            json!({"community_pool_spend": {
                "recipient": "@owner", "amount": coins(&[(1, "uatom")]),
            }}),
        ),
    ] {
        refused(&mut suite, sender, msg, &["not active"]);
    }
    activate_with(&mut suite, vec![coin(9, "uatom"), coin(11, GOLD)]);

    let outstanding = |validator: &str| {
        let query = json!({"validator_outstanding_rewards": {
            "validator": format!("@@{validator}"),
        }});
        suite.query(query).unwrap()["rewards"].clone()
    };
    let of_v1 = [
        ("12.499999999999999999", "uatom"),
        ("3.25", "ubtc"),
        ("7", GOLD),
    ];
    assert_eq!(outstanding("v1"), dec_coins(&of_v1));
    assert_eq!(
        outstanding("v2"),
        dec_coins(&[("5.75", "uatom"), ("4", GOLD)])
    );

    suite.withdraw("alice", "v1").unwrap();
    assert_eq!(
        (has(&suite, "cold", "uatom"), has(&suite, "cold", "ubtc")),
        (10, 3)
    );
    assert_eq!(has(&suite, "alice", "uatom"), 0);
    suite.withdraw("bob", "v1").unwrap();
    assert_eq!(has(&suite, "bob", GOLD), 7);
    suite
        .execute("dave", json!({"withdraw_delegation": {}}))
        .unwrap();
    assert_eq!(has(&suite, "dave", "uatom"), 5);
    suite.withdraw_commission("v1").unwrap();
    assert_eq!(has(&suite, "v1", "uatom"), 1);
    suite.withdraw_commission("v2").unwrap();
    assert_eq!(has(&suite, "v2", GOLD), 4);
    // 39 came for 38.5 and a fraction: the rest is in the pool, with what was left of Dave's.
    assert_eq!(community_pool(&suite, "uatom"), 21);
    books_hold_and_all_is_split(&suite);

    // Fractions stay with their owners, and all go on earning.
    block(&mut suite, &[(200, "uatom")], None);
    assert_eq!(
        owed(&suite, "alice", "v1"),
        dec_coins(&[("23", "uatom"), ("0.25", "ubtc")])
    );
    assert_eq!(owed(&suite, "bob", "v1"), dec_coins(&[("67.5", "uatom")]));
    assert_eq!(owed(&suite, "carol", "v2"), dec_coins(&[("100", "uatom")]));
    assert_eq!(
        owed_commission(&suite, "v1"),
        dec_coins(&[("10.999999999999999999", "uatom")])
    );
    books_hold_and_all_is_split(&suite);
}

#[test]
fn a_line_says_what_is_owed_and_adds_nothing_to_what_it_said() {
    for page in each_kind() {
        let mut suite = moving();
        for _ in 0..3 {
            import(&mut suite, page.clone());
        }
        not_covered(&mut suite, vec![], "6uatom");
        activate_with(&mut suite, vec![coin(6, "uatom")]);
    }
    type Page = fn(&[(&str, &str)]) -> Value;
    let kinds: [Page; 3] = [
        |amounts| rewards("alice", "v1", amounts),
        |amounts| commission("v1", amounts),
        pool_of,
    ];
    for page in kinds {
        let mut suite = moving();
        import(&mut suite, page(&[("5", "uatom"), ("1.5", "ubtc")]));
        // Both a denom less and one more.
        import(&mut suite, page(&[("2.5", "uatom"), ("8", GOLD)]));
        not_covered(&mut suite, vec![coin(8, GOLD)], "3uatom");
        import(&mut suite, page(&[]));
        assert_eq!(owed(&suite, "alice", "v1"), json!([]));
        assert_eq!(owed_commission(&suite, "v1"), json!([]));
        activate_with(&mut suite, vec![]);
        for denom in DENOMS {
            assert_eq!(community_pool(&suite, denom), 0);
        }
        books_hold_and_all_is_split(&suite);
    }
}

/// Whichever denom comes first, and whether or not anything of it has come in.
#[test]
fn a_denom_is_owed_whether_or_not_the_pool_has_seen_it() {
    for denom in DENOMS {
        let mut suite = moving();
        import(&mut suite, rewards("alice", "v1", &[("1.5", denom)]));
        assert_eq!(owed(&suite, "alice", "v1"), dec_coins(&[("1.5", denom)]));
        activate_with(&mut suite, vec![coin(2, denom)]);
        suite.withdraw("alice", "v1").unwrap();
        assert_eq!(has(&suite, "alice", denom), 1);
        books_hold_and_all_is_split(&suite);

        let mut suite = moving();
        import(&mut suite, commission("v1", &[("1.5", denom)]));
        assert_eq!(owed_commission(&suite, "v1"), dec_coins(&[("1.5", denom)]));
        activate_with(&mut suite, vec![coin(2, denom)]);
        suite.withdraw_commission("v1").unwrap();
        assert_eq!(has(&suite, "v1", denom), 1);
        books_hold_and_all_is_split(&suite);
    }
}

#[test]
fn fees_that_wait_cover_nothing_and_are_split_among_those_who_earned_them() {
    for page in each_kind() {
        let mut suite = moving();
        send_fees(&mut suite, &[(1000, "uatom")]);
        suite
            .execute_with("fees", json!({"deposit": {}}), vec![coin(200, "uatom")])
            .unwrap();
        import(&mut suite, page);
        not_covered(&mut suite, vec![], "6uatom");
        not_covered(
            &mut suite,
            vec![coin(2, "uatom"), coin(100, "ubtc")],
            "4uatom",
        );
        // What was refused was sent back.
        import_with(&mut suite, json!({}), vec![coin(2, "uatom")]);
        not_covered(&mut suite, vec![], "4uatom");
        activate_with(&mut suite, vec![coin(4, "uatom")]);
        suite.next_block();
        let begin = json!({"begin_block": {"last_commit": {"signed_power": "200"}}});
        let response = suite.execute("reporter", begin).unwrap();
        assert_eq!(event(&response, "begin_block")["fees"], "1200uatom");
        assert_eq!(owed(&suite, "carol", "v2"), dec_coins(&[("600", "uatom")]));
        books_hold_and_all_is_split(&suite);
    }
}

#[test]
fn what_came_beyond_what_is_owed_is_the_community_pools() {
    let mut suite = moving();
    import_with(
        &mut suite,
        rewards("alice", "v1", &[("1.5", "uatom")]),
        vec![coin(3, "uatom"), coin(1, GOLD)],
    );
    let response = activate_with(&mut suite, vec![coin(4, "uatom")]);
    let surplus = event(&response, "import_surplus");
    assert_eq!(surplus["amount"], format!("1{GOLD},5.5uatom"));
    assert_eq!(community_pool(&suite, "uatom"), 5);
    assert_eq!(community_pool(&suite, GOLD), 1);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn decimals_of_the_old_pool_are_owed_to_the_last_place() {
    let mut suite = moving();
    let least = [("0.000000000000000001", "uatom")];
    import(&mut suite, rewards("alice", "v1", &least));
    import(&mut suite, rewards("bob", "v1", &least));
    import(&mut suite, commission("v1", &least));
    import(&mut suite, pool_of(&least));
    let invariants = totals_hold(&suite);
    let lines = invariants["denoms"][0]["liabilities"].clone();
    let points = |class: &str| {
        let mut lines = lines.as_array().unwrap().iter();
        lines.find(|line| line["class"] == class).unwrap()["points"].clone()
    };
    let least_points = 10u128.pow(18);
    assert_eq!(points("outstanding"), (3 * least_points).to_string());
    assert_eq!(points("community_pool"), least_points.to_string());
    not_covered(&mut suite, vec![], "1uatom");
    activate_with(&mut suite, vec![coin(1, "uatom")]);
    assert_eq!(owed(&suite, "alice", "v1"), dec_coins(&least));
    books_hold_and_all_is_split(&suite);
}

/// A token that calls contracts when it arrives cannot have the coins counted twice.
#[test]
fn a_token_that_calls_contracts_covers_like_any_other() {
    for moment in [
        HookMoment::BeforeDebit,
        HookMoment::AfterDebit,
        HookMoment::AfterCredit,
    ] {
        let mut suite = moving();
        let mallory = scripted_contract::new(&mut suite);
        suite.send("fees", mallory.as_str(), 1000, "uatom").unwrap();
        suite
            .execute("owner", json!({"update_reporters": {"block": [mallory]}}))
            .unwrap();
        import(&mut suite, rewards("bob", "v1", &[("7", GOLD)]));
        let begin = json!({"begin_block": {"last_commit": {"signed_power": "200"}}});
        let calls: Vec<CosmosMsg> = [
            (begin, vec![]),
            (json!({"deposit": {}}), vec![coin(5, "uatom")]),
            (json!({"fund_community_pool": {}}), vec![coin(5, "uatom")]),
            (
                json!({"withdraw_delegation": {"delegator": "@bob"}}),
                vec![],
            ),
            (json!({"activate": {}}), vec![]),
        ]
        .into_iter()
        .map(|(msg, funds)| scripted_contract::call(&suite, msg, funds))
        .collect();
        let hook = TransferHook {
            moment,
            contract: mallory,
            sender: suite.account("anyone"),
            msg: to_json_binary(&Run {
                messages: calls,
                strict: false,
            })
            .unwrap(),
            max_depth: 1,
        };
        suite.chain.set_transfer_hook(GOLD, &hook).unwrap();
        import_with(&mut suite, json!({}), vec![coin(4, GOLD)]);
        not_covered(&mut suite, vec![coin(2, GOLD)], &format!("1{GOLD}"));
        let response = suite
            .execute_with("owner", json!({"activate": {}}), vec![coin(3, GOLD)])
            .unwrap();
        assert!(events(&response, "begin_block").is_empty(), "{moment:?}");
        suite.chain.remove_transfer_hook(GOLD);
        // Of each successful arrival, a deposit of 5.
        assert_eq!(books_hold(&suite)["uatom"], format!("10{}", "0".repeat(36)));
        assert_eq!(books_hold(&suite)[GOLD], "0");
        suite.withdraw("bob", "v1").unwrap();
        assert_eq!(has(&suite, "bob", GOLD), 7);
        books_hold(&suite);
    }
}

#[test]
fn denoms_that_the_pool_does_not_take_are_refused_and_named() {
    let mut suite = builder().balance("owner", 100, "uosmo").build().unwrap();
    suite.create_validator("v1", "0").unwrap();
    suite
        .execute(
            "owner",
            json!({"update_reward_denoms": {"remove": ["ubtc"]}}),
        )
        .unwrap();
    for denom in ["uosmo", "ubtc"] {
        for page in [
            rewards("alice", "v1", &[("1", denom)]),
            commission("v1", &[("1", denom)]),
            pool_of(&[("1", denom)]),
        ] {
            refused(&mut suite, "owner", json!({"import": page}), &[denom]);
        }
        for msg in [json!({"import": {}}), json!({"activate": {}})] {
            refused_with(&mut suite, "owner", msg, vec![coin(1, denom)], &[denom]);
        }
    }
}

#[test]
fn a_denom_that_is_removed_after_its_lines_stays_owed() {
    let mut suite = moving();
    import_with(
        &mut suite,
        rewards("alice", "v1", &[("2.5", "uatom"), ("1", "ubtc")]),
        vec![coin(1, "uatom"), coin(1, "ubtc")],
    );
    suite
        .execute(
            "owner",
            json!({"update_reward_denoms": {"remove": ["uatom", "ubtc"]}}),
        )
        .unwrap();
    not_covered(&mut suite, vec![], "2uatom");
    // Nobody can send it now: it is listed again, or the line says less.
    suite
        .execute("owner", json!({"update_reward_denoms": {"add": ["uatom"]}}))
        .unwrap();
    activate_with(&mut suite, vec![coin(2, "uatom")]);
    suite.withdraw("alice", "v1").unwrap();
    assert_eq!(
        (has(&suite, "alice", "uatom"), has(&suite, "alice", "ubtc")),
        (2, 1)
    );
    books_hold_and_all_is_split(&suite);
}

#[test]
fn lines_of_a_validator_that_is_not_known_are_refused_with_their_page() {
    let mut suite = moving();
    let operator = suite.operator("v9");
    for (field, line) in [
        ("delegations", delegation("alice", "v9", "1")),
        (
            "delegator_rewards",
            rewards("alice", "v9", &[("1", "uatom")])["delegator_rewards"][0].clone(),
        ),
        (
            "commissions",
            commission("v9", &[("1", "uatom")])["commissions"][0].clone(),
        ),
    ] {
        let mut page = withdraw_address("alice", "cold");
        page["community_pool"] = dec_coins(&[("1", "uatom")]);
        page[field] = json!([line]);
        refused(
            &mut suite,
            "owner",
            json!({"import": page}),
            &[&operator, "unknown"],
        );
    }
}

#[test]
fn numbers_beyond_all_bounds_are_refused() {
    let most = "115792089237316195423570985008687907853269984665640564039457.584007913129639935";
    type Page = fn(&str) -> Value;
    let kinds: [Page; 3] = [
        |amount| rewards("alice", "v1", &[(amount, "uatom")]),
        |amount| commission("v1", &[(amount, "uatom")]),
        |amount| pool_of(&[(amount, "uatom")]),
    ];
    for page in kinds {
        let mut suite = moving();
        for amount in [most, "-1", "1.0000000000000000001", "x"] {
            refused(&mut suite, "owner", json!({"import": page(amount)}), &[]);
        }
        let doubled = json!([
            {"denom": "uatom", "amount": "1"}, {"denom": "uatom", "amount": "1"},
        ]);
        let text = page("0.777").to_string();
        let one = dec_coins(&[("0.777", "uatom")]).to_string();
        let twice: Value = serde_json::from_str(&text.replace(&one, &doubled.to_string())).unwrap();
        refused(&mut suite, "owner", json!({"import": twice}), &["uatom"]);
        let over = "340282366920938463463374607431768211456";
        refused(
            &mut suite,
            "owner",
            json!({"import": page(over)}),
            &[over, "2^128"],
        );
        let bound = "340282366920938463463374607431768211455";
        import(&mut suite, page(bound));
        let missing = "340282366920938463463374607431768211450uatom";
        not_covered(&mut suite, vec![coin(5, "uatom")], missing);
        import(&mut suite, page("5"));
        activate_with(&mut suite, vec![coin(5, "uatom")]);
    }
}

/// More than may ever be received is never covered; more than can be counted is refused.
#[test]
fn lines_that_each_fit_and_do_not_together_are_never_activated() {
    let mut suite = moving();
    let bound = "340282366920938463463374607431768211455";
    let line = |number: u32| rewards(&format!("d{number}"), "v1", &[(bound, "uatom")]);
    let accepted = (0..400)
        .take_while(|number| {
            let page = json!({"import": line(*number)});
            suite.execute("owner", page).is_ok()
        })
        .count();
    // 2^256 points are 2^128 base units more than 340 times.
    assert_eq!(accepted, 340);
    totals_hold(&suite);
    refused(
        &mut suite,
        "owner",
        json!({"activate": {}}),
        &["are missing"],
    );
    for number in 0..400 {
        let line = rewards(&format!("d{number}"), "v1", &[]);
        suite.execute("owner", json!({"import": line})).unwrap();
    }
    activate_with(&mut suite, vec![]);
}

#[test]
fn a_withdraw_address_that_its_owner_has_set_stays() {
    let asked = |suite: &FeePoolSuite, delegator: &str| {
        let query = json!({"delegator_withdraw_address": {"delegator": format!("@{delegator}")}});
        suite.query(query).unwrap()["withdraw_address"].clone()
    };
    let set = |to: &str| json!({"set_withdraw_address": {"withdraw_address": format!("@{to}")}});
    let mut suite = moving();
    // Before its line, and between two of them.
    suite.execute("alice", set("safe")).unwrap();
    import(&mut suite, withdraw_address("bob", "cold"));
    assert_eq!(asked(&suite, "bob"), suite.account("cold").as_str());
    suite.execute("bob", set("bob")).unwrap();
    for delegator in ["alice", "bob"] {
        let response = import(&mut suite, withdraw_address(delegator, "cold"));
        let skipped = event(&response, "import_skipped");
        assert_eq!(skipped["what"], "withdraw_address");
        assert_eq!(skipped["delegator"], suite.account(delegator).as_str());
    }
    assert_eq!(asked(&suite, "alice"), suite.account("safe").as_str());
    assert_eq!(asked(&suite, "bob"), suite.account("bob").as_str());
    // A later line replaces an earlier one; the own address switches it off.
    for to in ["cold", "safe", "carol"] {
        let response = import(&mut suite, withdraw_address("carol", to));
        assert!(events(&response, "import_skipped").is_empty());
        assert_eq!(asked(&suite, "carol"), suite.account(to).as_str());
    }
    let to_itself = json!({"import": withdraw_address("carol", "pool")});
    refused(&mut suite, "owner", to_itself, &[]);
    // A claimer is none of the import's.
    suite
        .execute("dave", json!({"set_claimer": {"claimer": "@bob"}}))
        .unwrap();
    import(&mut suite, withdraw_address("dave", "cold"));
    assert_eq!(asked(&suite, "dave"), suite.account("cold").as_str());
}

#[test]
fn the_import_is_the_owners_and_ends_with_the_activation() {
    let mut suite = moving();
    let mut pages = each_kind().to_vec();
    pages.push(withdraw_address("alice", "cold"));
    for page in &pages {
        for sender in ["reporter", "alice", "v1", "stranger"] {
            refused(
                &mut suite,
                sender,
                json!({"import": page}),
                &["is not the owner"],
            );
        }
    }
    refused(
        &mut suite,
        "stranger",
        json!({"activate": {}}),
        &["is not the owner"],
    );
    activate_with(&mut suite, vec![]);
    for page in &pages {
        refused(
            &mut suite,
            "owner",
            json!({"import": page}),
            &["active already"],
        );
    }
    let funds = vec![coin(1, "uatom")];
    for msg in [json!({"activate": {}}), json!({"import": {}})] {
        refused_with(&mut suite, "owner", msg, funds.clone(), &["active already"]);
    }
}

#[test]
fn claims_outlive_delegation_and_validator() {
    let mut suite = moving();
    import(&mut suite, rewards("alice", "v1", &[("10", "uatom")]));
    suite.set_shares("alice", "v1", "0").unwrap();
    totals_hold(&suite);
    suite
        .staking_event(json!({"validator_removed": {"validator": "@@v1"}}))
        .unwrap();
    totals_hold(&suite);
    // Also lines that come, or come again, behind that.
    import(&mut suite, rewards("alice", "v1", &[("12.5", "uatom")]));
    import(&mut suite, rewards("bob", "v1", &[("3", "uatom")]));
    import(&mut suite, commission("v1", &[("2", "uatom")]));
    let response = import(
        &mut suite,
        json!({"delegations": [delegation("alice", "v1", "100")]}),
    );
    assert_eq!(event(&response, "import_skipped")["what"], "units");
    activate_with(&mut suite, vec![coin(18, "uatom")]);
    block(&mut suite, &[(100, "uatom")], Some("v1"));
    for (delegator, paid) in [("alice", 12), ("bob", 3)] {
        suite.withdraw(delegator, "v1").unwrap();
        assert_eq!(has(&suite, delegator, "uatom"), paid);
    }
    suite.withdraw_commission("v1").unwrap();
    assert_eq!(has(&suite, "v1", "uatom"), 2);
    books_hold_and_all_is_split(&suite);
}

/// All orders of so many things.
fn orders(count: usize) -> Vec<Vec<usize>> {
    let Some(last) = count.checked_sub(1) else {
        return vec![vec![]];
    };
    let mut found = Vec::new();
    for shorter in orders(last) {
        for place in 0..count {
            let mut order = shorter.clone();
            order.insert(place, last);
            found.push(order);
        }
    }
    found
}

#[test]
fn lines_and_events_come_to_the_same_in_every_order() {
    let deeds: [fn(&mut FeePoolSuite); 5] = [
        |suite| {
            import(suite, rewards("alice", "v1", &[("10.5", "uatom")]));
        },
        |suite| {
            import(suite, commission("v1", &[("2.25", "ubtc")]));
        },
        |suite| {
            let page = json!({"delegations": [delegation("alice", "v1", "70")]});
            import(suite, page);
        },
        |suite| {
            suite.set_shares("alice", "v1", "50").unwrap();
        },
        |suite| {
            suite.set_shares("bob", "v1", "0").unwrap();
            suite.set_power("v1", 300).unwrap();
        },
    ];
    for order in orders(deeds.len()) {
        let mut suite = moving();
        for place in &order {
            deeds[*place](&mut suite);
            totals_hold(&suite);
        }
        activate_with(&mut suite, vec![coin(11, "uatom"), coin(3, "ubtc")]);
        block(&mut suite, &[(400, "uatom")], None);
        let expected = dec_coins(&[("280.5", "uatom")]);
        assert_eq!(owed(&suite, "alice", "v1"), expected, "{order:?}");
        let expected = dec_coins(&[("30", "uatom"), ("2.25", "ubtc")]);
        assert_eq!(owed_commission(&suite, "v1"), expected, "{order:?}");
        books_hold_and_all_is_split(&suite);
    }
}

#[test]
fn a_refused_page_takes_no_coins() {
    let mut suite = moving();
    let before = everything(&suite);
    let page = json!({"import": rewards("alice", "v9", &[("1", "uatom")])});
    refused_with(
        &mut suite,
        "owner",
        page,
        vec![coin(5, "uatom")],
        &["unknown"],
    );
    assert!(everything(&suite) == before);
    import(&mut suite, rewards("alice", "v1", &[("1", "uatom")]));
    not_covered(&mut suite, vec![], "1uatom");
}
