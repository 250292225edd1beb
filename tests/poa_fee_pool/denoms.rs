//! Only listed denoms are fees.

use cosmwasm_std::coin;
use serde_json::json;
use testkit::expect::{event, has, refused, refused_with};
use testkit::poa_pool::PoaSuite;

use crate::support::{checkpoint, three_denoms, withdrawable};

fn pool() -> PoaSuite {
    PoaSuite::builder()
        .validators(&[("v1", 1), ("v2", 1)])
        .balance("fees", 1000, "ubtc")
        .build()
        .unwrap()
}

#[test]
fn an_unlisted_denom_is_ignored_when_transferred_and_refused_when_sent_along() {
    let mut suite = pool();
    suite.send("fees", "pool", 70, "ubtc").unwrap();
    suite.fees(10).unwrap();
    suite.checkpoint().unwrap();
    suite.withdraw("v1").unwrap();
    assert_eq!(has(&suite, "v1", "ubtc"), 0);
    assert_eq!(has(&suite, "pool", "ubtc"), 70);
    let deposit = json!({"deposit": {}});
    let funds = vec![coin(1, "uatom"), coin(1, "ubtc")];
    refused_with(&mut suite, "fees", deposit.clone(), funds, &["`ubtc`"]);
    refused(&mut suite, "fees", deposit, &["funds"]);
}

#[test]
fn a_balance_becomes_fees_when_its_denom_is_listed() {
    let mut suite = pool();
    suite.send("fees", "pool", 70, "ubtc").unwrap();
    let response = suite
        .execute("owner", json!({"update_denoms": {"add": ["ubtc"]}}))
        .unwrap();
    assert_eq!(event(&response, "update_denoms")["added"], "ubtc");
    suite.withdraw("v1").unwrap();
    assert_eq!(has(&suite, "v1", "ubtc"), 35);
    suite.assert_sound("ubtc");
}

#[test]
fn claims_of_a_removed_denom_go_on_and_its_fees_wait() {
    let mut suite = pool();
    suite.fees(10).unwrap();
    suite.checkpoint().unwrap();
    suite
        .execute(
            "owner",
            json!({"update_denoms": {"add": ["ubtc"], "remove": ["uatom"]}}),
        )
        .unwrap();
    suite.fees(8).unwrap();
    suite.set_powers(&[("v1", 3)]).unwrap();
    assert_eq!(withdrawable(&suite, &["v1", "v2"]), ["5", "5"]);
    assert_eq!(
        checkpoint(&suite)["unallocated"],
        json!([{"denom": "uatom", "amount": "8"}])
    );
    suite.withdraw("v1").unwrap();
    assert_eq!(has(&suite, "v1", "uatom"), 5);
    suite
        .execute("owner", json!({"update_denoms": {"add": ["uatom"]}}))
        .unwrap();
    assert_eq!(withdrawable(&suite, &["v1", "v2"]), ["6", "7"]);
    suite.assert_sound("uatom");
}

#[test]
fn the_registry_keeps_its_rules() {
    let mut suite = three_denoms().build().unwrap();
    let update =
        |add: &[&str], remove: &[&str]| json!({"update_denoms": {"add": add, "remove": remove}});
    refused(
        &mut suite,
        "owner",
        update(&["uatom"], &[]),
        &["listed already"],
    );
    refused(&mut suite, "owner", update(&[], &["ufoo"]), &["`ufoo`"]);
    refused(&mut suite, "owner", update(&["!"], &[]), &["not a denom"]);
    let six = ["aaa", "bbb", "ccc", "ddd", "eee", "fff"];
    refused(
        &mut suite,
        "owner",
        update(&six, &[]),
        &["9 reward denoms", "limit of 8"],
    );
    refused(&mut suite, "v1", update(&["aaa"], &[]), &["Unauthorized"]);
    suite
        .execute("owner", update(&six[..5], &["uatom"]))
        .unwrap();
    refused(&mut suite, "owner", update(&["fff"], &[]), &["limit of 8"]);
    suite.execute("owner", update(&["uatom"], &[])).unwrap();
}

#[test]
fn messages_that_need_no_funds_refuse_them() {
    let mut suite = pool();
    for (sender, msg) in [
        ("v1", json!({"withdraw_fees": {}})),
        ("fees", json!({"checkpoint": {}})),
        ("owner", json!({"update_denoms": {}})),
        ("owner", json!({"update_ownership": "renounce_ownership"})),
    ] {
        suite.send("fees", sender, 5, "uatom").unwrap();
        refused_with(
            &mut suite,
            sender,
            msg,
            vec![coin(1, "uatom")],
            &["accept funds"],
        );
    }
}

#[test]
fn removing_a_denom_allocates_its_fees_first() {
    let mut suite = pool();
    suite.fees(10).unwrap();
    let update =
        |add: &[&str], remove: &[&str]| json!({"update_denoms": {"add": add, "remove": remove}});
    let response = suite.execute("owner", update(&[], &["uatom"])).unwrap();
    assert_eq!(event(&response, "checkpoint")["amount"], "10uatom");
    suite.set_powers(&[("v1", 0)]).unwrap();
    suite.execute("owner", update(&["uatom"], &[])).unwrap();
    assert_eq!(withdrawable(&suite, &["v1", "v2"]), ["5", "5"]);
    suite.assert_sound("uatom");
}
