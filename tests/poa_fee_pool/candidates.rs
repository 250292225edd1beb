//! Anyone may become a candidate; only the admin gives power.

use cosmwasm_std::coin;
use serde_json::{Value, json};
use testkit::expect::{event, has, refused, refused_with};
use testkit::poa_pool::PoaSuite;

use crate::support::{checkpoint, pool, withdrawable};

fn create(moniker: &str) -> Value {
    json!({"create_validator": {"metadata": {"moniker": moniker}}})
}

#[test]
fn a_candidate_has_no_power_until_the_admin_gives_it() {
    let mut suite = pool(&[("v1", 1)]);
    let response = suite.create_validator("v2").unwrap();
    assert_eq!(
        event(&response, "create_validator")["operator"],
        suite.account("v2").as_str()
    );
    suite.fees(10).unwrap();
    assert_eq!(withdrawable(&suite, &["v1", "v2"]), ["10", "0"]);
    assert_eq!(
        suite.query(json!({"member": {"addr": "@v2"}})).unwrap(),
        json!({"weight": null})
    );
    suite.set_powers(&[("v2", 1)]).unwrap();
    suite.fees(10).unwrap();
    assert_eq!(withdrawable(&suite, &["v1", "v2"]), ["15", "5"]);
}

#[test]
fn operators_and_keys_that_exist_are_refused() {
    let mut suite = pool(&[("v1", 1)]);
    let v1 = suite.account("v1").to_string();
    let parts = [&v1, "operator of validator 1"];
    refused(&mut suite, "v1", create("again"), &parts);
    let with_key = json!({"create_validator": {"metadata": {"moniker": "x"}, "pub_key": "AQID"}});
    suite.execute("v2", with_key.clone()).unwrap();
    let parts = ["operator of validator 2"];
    refused(&mut suite, "v2", create("again"), &parts);
    refused(&mut suite, "v3", with_key, &["pub_key AQID", "validator 2"]);
}

#[test]
fn metadata_is_capped_in_characters() {
    let mut suite = pool(&[("v1", 1)]);
    let create = |moniker: String, description: String| json!({"create_validator": {"metadata": {"moniker": moniker, "description": description}}});
    let text = |length: usize| "\u{1d11e}".repeat(length);
    for (moniker, description, parts) in [
        (0, 0, ["moniker has 0 characters", "1 to 256"]),
        (257, 0, ["moniker has 257 characters", "1 to 256"]),
        (1, 257, ["description has 257 characters", "0 to 256"]),
    ] {
        refused(
            &mut suite,
            "v2",
            create(text(moniker), text(description)),
            &parts,
        );
    }
    suite.execute("v2", create(text(256), text(256))).unwrap();
    suite.execute("v3", create(text(1), String::new())).unwrap();
}

#[test]
fn a_key_has_1_to_128_bytes() {
    let mut suite = pool(&[("v1", 1)]);
    let create = |length: usize| {
        let key = cosmwasm_std::Binary::from(vec![7; length]);
        json!({"create_validator": {"metadata": {"moniker": "x"}, "pub_key": key}})
    };
    for length in [0, 129] {
        refused(
            &mut suite,
            "v2",
            create(length),
            &[&format!("pub_key has {length} bytes")],
        );
    }
    suite.execute("v2", create(128)).unwrap();
    suite.execute("v3", create(1)).unwrap();
}

#[test]
fn the_creation_fee_joins_the_fees() {
    let mut suite = PoaSuite::builder()
        .with("creation_fee", json!({"denom": "uatom", "amount": "50"}))
        .validators(&[("v1", 1)])
        .balance("v2", 100, "uatom")
        .build()
        .unwrap();
    for funds in [vec![], vec![coin(49, "uatom")], vec![coin(51, "uatom")]] {
        refused_with(&mut suite, "v2", create("two"), funds, &["50uatom"]);
    }
    suite
        .execute_with("v2", create("two"), vec![coin(50, "uatom")])
        .unwrap();
    assert_eq!(has(&suite, "v2", "uatom"), 50);
    assert_eq!(
        checkpoint(&suite)["unallocated"],
        json!([{"denom": "uatom", "amount": "50"}])
    );
    assert_eq!(withdrawable(&suite, &["v1", "v2"]), ["50", "0"]);
    suite.assert_sound("uatom");
}

#[test]
fn without_a_creation_fee_funds_are_refused() {
    let mut suite = pool(&[("v1", 1)]);
    let funds = vec![coin(1, "uatom")];
    let parts = ["costs nothing", "1uatom"];
    refused_with(&mut suite, "fees", create("x"), funds, &parts);
}

#[test]
fn a_creation_fee_of_a_removed_denom_is_refused() {
    let mut suite = PoaSuite::builder()
        .with("creation_fee", json!({"denom": "uatom", "amount": "50"}))
        .balance("v2", 100, "uatom")
        .build()
        .unwrap();
    suite
        .execute("owner", json!({"update_denoms": {"remove": ["uatom"]}}))
        .unwrap();
    let funds = vec![coin(50, "uatom")];
    refused_with(&mut suite, "v2", create("x"), funds, &["`uatom`"]);
}

/// Validators, members and claims are the same with many candidates as without any.
#[test]
fn candidate_spam_changes_nothing_for_the_others() {
    let run = |spam: usize| {
        let mut suite = pool(&[("v1", 2), ("v2", 1)]);
        suite.fees(10).unwrap();
        for number in 0..spam {
            suite.create_validator(&format!("spam{number}")).unwrap();
        }
        suite.checkpoint().unwrap();
        suite.set_powers(&[("v1", 1)]).unwrap();
        suite.fees(10).unwrap();
        suite.withdraw("v1").unwrap();
        let claims = withdrawable(&suite, &["v1", "v2"]);
        let validators = suite.query(json!({"validators": {"limit": 2}})).unwrap();
        let members = suite.query(json!({"list_members": {}})).unwrap();
        (claims, validators, members)
    };
    assert_eq!(run(0), run(120));
}
