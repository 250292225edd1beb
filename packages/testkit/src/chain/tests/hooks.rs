use cosmwasm_std::{Binary, coin, coins, to_json_binary};
use serde_json::{Value, json};

use super::counter::Look;
use super::{Suite, TOKEN};
use crate::chain::{HookMoment, TransferHook};

/// What a hook at this moment does: the counter writes down what it has.
fn look(suite: &Suite, moment: HookMoment) -> TransferHook {
    calling(suite, moment, &json!({"look": {"denom": TOKEN}}))
}

fn calling(suite: &Suite, moment: HookMoment, msg: &Value) -> TransferHook {
    TransferHook {
        moment,
        contract: suite.counter.clone(),
        sender: suite.chain.account("hook"),
        msg: to_json_binary(msg).unwrap(),
        max_depth: 1,
    }
}

/// The counter pays 40 of its 100 tokens to bob while a hook looks at its balance.
fn seen_while_the_counter_pays(moment: HookMoment) -> Suite {
    let mut suite = Suite::new();
    suite.fund(&coins(100, TOKEN));
    let hook = look(&suite, moment);
    suite.chain.set_transfer_hook(TOKEN, &hook).unwrap();
    let pay = json!({"pay": {"to": suite.bob, "amount": coins(40, TOKEN)}});
    let (alice, counter) = (suite.alice.clone(), suite.counter.clone());
    suite.chain.execute(&alice, &counter, &pay, &[]).unwrap();
    assert_eq!(suite.balance(&suite.counter, TOKEN), 60);
    assert_eq!(suite.balance(&suite.bob, TOKEN), 40);
    suite
}

#[test]
fn a_hook_before_the_debit_sees_the_coins_still_there() {
    let suite = seen_while_the_counter_pays(HookMoment::BeforeDebit);
    let by = suite.chain.account("hook").into_string();
    assert_eq!(
        suite.state().looks,
        [Look {
            by,
            amount: 100u128.into()
        }]
    );
}

#[test]
fn a_hook_after_the_debit_sees_them_gone() {
    let suite = seen_while_the_counter_pays(HookMoment::AfterDebit);
    let by = suite.chain.account("hook").into_string();
    assert_eq!(
        suite.state().looks,
        [Look {
            by,
            amount: 60u128.into()
        }]
    );
}

/// What the counter has of the token when it is paid 7 by alice, at a moment of the transfer.
fn seen_while_the_counter_is_paid(moment: HookMoment) -> u128 {
    let mut suite = Suite::new();
    let hook = look(&suite, moment);
    suite.chain.set_transfer_hook(TOKEN, &hook).unwrap();
    suite.fund(&coins(7, TOKEN));
    let looks = suite.state().looks;
    assert_eq!(looks.len(), 1);
    looks[0].amount.to_string().parse().unwrap()
}

#[test]
fn the_recipient_has_the_coins_only_after_the_credit() {
    assert_eq!(seen_while_the_counter_is_paid(HookMoment::BeforeDebit), 0);
    assert_eq!(seen_while_the_counter_is_paid(HookMoment::AfterDebit), 0);
    assert_eq!(seen_while_the_counter_is_paid(HookMoment::AfterCredit), 7);
}

#[test]
fn a_hook_that_fails_fails_the_transfer_and_leaves_nothing() {
    for moment in [
        HookMoment::BeforeDebit,
        HookMoment::AfterDebit,
        HookMoment::AfterCredit,
    ] {
        let mut suite = Suite::new();
        let (alice, bob) = (suite.alice.clone(), suite.bob.clone());
        let hook = calling(&suite, moment, &json!({"fail": {"text": "not through me"}}));
        suite.chain.set_transfer_hook(TOKEN, &hook).unwrap();

        let error = suite
            .chain
            .send(&alice, &bob, &coins(5, TOKEN))
            .unwrap_err();

        assert_eq!(error.to_string(), "not through me");
        assert_eq!(suite.balance(&alice, TOKEN), 1000);
        assert_eq!(suite.balance(&bob, TOKEN), 0);
        assert_eq!(suite.state().count, 0);
    }
}

#[test]
fn what_a_hook_did_is_rolled_back_with_the_transfer() {
    let mut suite = Suite::new();
    let (alice, bob) = (suite.alice.clone(), suite.bob.clone());
    let hook = calling(&suite, HookMoment::BeforeDebit, &json!({"increment": {}}));
    suite.chain.set_transfer_hook(TOKEN, &hook).unwrap();

    suite
        .chain
        .send(&alice, &bob, &coins(1001, TOKEN))
        .unwrap_err();
    assert_eq!(suite.state().count, 0);

    suite.chain.send(&alice, &bob, &coins(1000, TOKEN)).unwrap();
    assert_eq!(suite.state().count, 1);
}

#[test]
fn a_hook_rolled_back_in_a_sub_message_runs_again_the_next_time() {
    let mut suite = Suite::new();
    let (alice, bob, counter) = (
        suite.alice.clone(),
        suite.bob.clone(),
        suite.counter.clone(),
    );
    suite.fund(&coins(10, TOKEN));
    let hook = calling(
        &suite,
        HookMoment::AfterDebit,
        &json!({"fail": {"text": "not now"}}),
    );
    suite.chain.set_transfer_hook(TOKEN, &hook).unwrap();
    let pay = json!({"try_pay": {"to": bob, "amount": coins(4, TOKEN)}});

    suite.chain.execute(&alice, &counter, &pay, &[]).unwrap();
    suite.chain.execute(&alice, &counter, &pay, &[]).unwrap();

    let replies = suite.state().replies;
    assert_eq!(replies.len(), 2);
    assert!(
        replies.iter().all(|reply| reply.contains("not now")),
        "{replies:?}"
    );
    assert_eq!(suite.balance(&counter, TOKEN), 10);
}

#[test]
fn a_hook_nests_as_deep_as_it_says() {
    // Each call of the hook pays one token on, which is again a transfer of the hooked denom.
    for (max_depth, paid) in [(0, 0), (1, 1), (3, 3)] {
        let mut suite = Suite::new();
        let (alice, bob) = (suite.alice.clone(), suite.bob.clone());
        suite.fund(&coins(100, TOKEN));
        let pay = json!({"pay": {"to": suite.chain.account("carol"), "amount": coins(1, TOKEN)}});
        let hook = TransferHook {
            max_depth,
            ..calling(&suite, HookMoment::AfterDebit, &pay)
        };
        suite.chain.set_transfer_hook(TOKEN, &hook).unwrap();

        suite.chain.send(&alice, &bob, &coins(5, TOKEN)).unwrap();

        assert_eq!(suite.balance(&suite.chain.account("carol"), TOKEN), paid);
        assert_eq!(suite.balance(&bob, TOKEN), 5);
    }
}

#[test]
fn a_hook_is_called_for_its_denom_only_and_once_per_transfer() {
    let mut suite = Suite::new();
    let (alice, bob, counter) = (
        suite.alice.clone(),
        suite.bob.clone(),
        suite.counter.clone(),
    );
    let hook = calling(&suite, HookMoment::AfterCredit, &json!({"increment": {}}));
    suite.chain.set_transfer_hook(TOKEN, &hook).unwrap();

    suite.chain.send(&alice, &bob, &coins(1, "uatom")).unwrap();
    assert_eq!(suite.state().count, 0);

    suite
        .chain
        .send(&alice, &bob, &[coin(1, TOKEN), coin(1, "uatom")])
        .unwrap();
    assert_eq!(suite.state().count, 1);

    // Funds that come with a message are a transfer too.
    suite
        .chain
        .execute(
            &alice,
            &counter,
            &json!({"increment": {"by": 10}}),
            &coins(1, TOKEN),
        )
        .unwrap();
    assert_eq!(suite.state().count, 12);

    suite.chain.remove_transfer_hook(TOKEN);
    suite.chain.send(&alice, &bob, &coins(1, TOKEN)).unwrap();
    assert_eq!(suite.state().count, 12);
}

#[test]
fn events_of_a_hook_are_in_the_transfer() {
    let mut suite = Suite::new();
    let (alice, bob) = (suite.alice.clone(), suite.bob.clone());
    let hook = calling(&suite, HookMoment::BeforeDebit, &json!({"increment": {}}));
    suite.chain.set_transfer_hook(TOKEN, &hook).unwrap();

    let response = suite.chain.send(&alice, &bob, &coins(1, TOKEN)).unwrap();

    let types: Vec<_> = response
        .events
        .iter()
        .map(|event| event.ty.as_str())
        .collect();
    assert_eq!(types, ["execute", "wasm", "wasm-counted", "transfer"]);
}

#[test]
fn a_denom_that_no_factory_made_has_no_hook() {
    let mut suite = Suite::new();
    let hook = look(&suite, HookMoment::BeforeDebit);

    for denom in ["uatom", "ibc/ABC", "afactory/x"] {
        suite.chain.set_transfer_hook(denom, &hook).unwrap_err();
    }
}

#[test]
fn a_hook_message_is_delivered_as_it_is() {
    let mut suite = Suite::new();
    let (alice, bob) = (suite.alice.clone(), suite.bob.clone());
    let hook = TransferHook {
        msg: Binary::from(b"not json,\nbut two lines"),
        ..look(&suite, HookMoment::BeforeDebit)
    };
    suite.chain.set_transfer_hook(TOKEN, &hook).unwrap();

    let error = suite
        .chain
        .send(&alice, &bob, &coins(1, TOKEN))
        .unwrap_err();

    assert!(
        error.trail().contains("not json,\nbut two lines"),
        "{}",
        error.trail()
    );
    assert_eq!(error.to_string(), "expected value at line 1 column 1");
}
