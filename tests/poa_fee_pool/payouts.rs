//! A payout that fails blocks no other, stays owed to its operator and is never allocated again.

use cosmwasm_std::Binary;
use serde_json::json;
use testkit::chain::{HookMoment, TransferHook};
use testkit::expect::{coins, event, events, has, refused, undelivered};
use testkit::poa_pool::PoaSuite;

use crate::support::{GOLD, checkpoint, hand_over, three_denoms};

const DENOMS: [&str; 3] = ["uatom", "ubtc", GOLD];

/// 400 of each denom are allocated: 100 to `v1`, 300 to `v2`.
fn pool() -> PoaSuite {
    let mut suite = three_denoms()
        .validators(&[("v1", 1), ("v2", 3)])
        .build()
        .unwrap();
    for denom in DENOMS {
        suite.send("fees", "pool", 400, denom).unwrap();
    }
    suite
}

/// Makes every transfer of [`GOLD`] fail.
fn freeze_gold(suite: &mut PoaSuite) {
    let hook = TransferHook {
        moment: HookMoment::BeforeDebit,
        contract: suite.contract.clone(),
        sender: suite.account("frozen"),
        msg: Binary::from(b"{}"),
        max_depth: 100,
    };
    suite.chain.set_transfer_hook(GOLD, &hook).unwrap();
}

fn sound(suite: &PoaSuite) {
    for denom in DENOMS {
        suite.assert_sound(denom);
    }
}

#[test]
fn a_failed_payout_is_owed_and_not_allocated_again() {
    let mut suite = pool();
    let v1 = suite.account("v1");
    suite.chain.block_transfers_to(&v1).unwrap();
    let response = suite.withdraw("v1").unwrap();
    let failed = events(&response, "payout_failed");
    let amounts: Vec<&str> = failed.iter().map(|it| it["amount"].as_str()).collect();
    assert_eq!(amounts, ["100uatom", "100ubtc", &format!("100{GOLD}")]);
    let all = coins(&[(100, GOLD), (100, "uatom"), (100, "ubtc")]);
    assert_eq!(undelivered(&suite, "v1"), all);
    assert_eq!(
        checkpoint(&suite)["balance"],
        coins(&[(300, GOLD), (300, "uatom"), (300, "ubtc")])
    );
    sound(&suite);

    // Checkpoints find nothing to allocate.
    for _ in 0..3 {
        assert!(events(&suite.checkpoint().unwrap(), "checkpoint").is_empty());
    }
    suite.withdraw("v2").unwrap();
    assert_eq!(has(&suite, "v2", "uatom"), 300);
    assert_eq!(undelivered(&suite, "v1"), all);
    assert_eq!(checkpoint(&suite)["balance"], coins(&[]));
    sound(&suite);
}

#[test]
fn the_next_withdrawal_pays_it_to_its_own_receiver() {
    let mut suite = pool();
    let v1 = suite.account("v1");
    suite.chain.block_transfers_to(&v1).unwrap();
    suite.withdraw("v1").unwrap();
    suite.withdraw("v1").unwrap();
    let response = suite
        .execute(
            "v1",
            json!({"withdraw_fees": {"withdraw_address": "@cold"}}),
        )
        .unwrap();
    assert_eq!(
        event(&response, "undelivered_paid")["amount"],
        format!("100{GOLD},100uatom,100ubtc")
    );
    for denom in DENOMS {
        assert_eq!(has(&suite, "cold", denom), 100);
    }
    assert_eq!(undelivered(&suite, "v1"), coins(&[]));
    sound(&suite);
}

#[test]
fn it_is_paid_after_a_hand_over_and_after_its_denom_was_removed() {
    let mut suite = pool();
    let v1 = suite.account("v1");
    suite.chain.block_transfers_to(&v1).unwrap();
    suite.withdraw("v1").unwrap();
    suite.execute("owner", hand_over("v1", "heir")).unwrap();
    suite
        .execute("owner", json!({"update_denoms": {"remove": ["uatom"]}}))
        .unwrap();
    suite.withdraw("heir").unwrap();
    assert_eq!(has(&suite, "heir", "uatom"), 0);
    suite.chain.allow_transfers_to(&v1);
    suite.withdraw("v1").unwrap();
    assert_eq!(has(&suite, "v1", "uatom"), 100);
    sound(&suite);
}

#[test]
fn one_broken_denom_blocks_no_other() {
    let mut suite = pool();
    freeze_gold(&mut suite);
    suite.withdraw("v1").unwrap();
    assert_eq!(
        (has(&suite, "v1", "uatom"), has(&suite, "v1", GOLD)),
        (100, 0)
    );
    assert_eq!(undelivered(&suite, "v1"), coins(&[(100, GOLD)]));
    suite.set_powers(&[("v1", 3)]).unwrap();
    suite.chain.remove_transfer_hook(GOLD);
    sound(&suite);
    suite.withdraw("v1").unwrap();
    assert_eq!(has(&suite, "v1", GOLD), 100);
    sound(&suite);
}

#[test]
fn a_withdrawal_of_some_denoms_leaves_the_others_alone() {
    let mut suite = pool();
    freeze_gold(&mut suite);
    suite.withdraw("v1").unwrap();
    assert_eq!(undelivered(&suite, "v1"), coins(&[(100, GOLD)]));
    for denom in ["uatom", "ubtc"] {
        suite.send("fees", "pool", 400, denom).unwrap();
    }
    let only = |denoms: &[&str]| json!({"withdraw_fees": {"denoms": denoms}});
    let response = suite.execute("v1", only(&["uatom"])).unwrap();
    assert!(events(&response, "payout_failed").is_empty());
    assert_eq!(
        (has(&suite, "v1", "uatom"), has(&suite, "v1", "ubtc")),
        (200, 100)
    );
    sound(&suite);
    suite.chain.remove_transfer_hook(GOLD);
    suite.execute("v1", only(&[GOLD, "ubtc"])).unwrap();
    assert_eq!(
        (has(&suite, "v1", "ubtc"), has(&suite, "v1", GOLD)),
        (200, 100)
    );
    refused(&mut suite, "v1", only(&["uother"]), &["uother"]);
    sound(&suite);
}
