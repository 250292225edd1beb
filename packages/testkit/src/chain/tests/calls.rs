use cosmwasm_std::{Binary, Event, coin, coins};
use serde_json::{Value, json};

use super::Suite;
use super::counter::{Counter, State};
use crate::chain::NewContract;

#[test]
fn instantiate_gives_the_address_the_data_and_the_events_of_the_contract() {
    let mut suite = Suite::new();
    let code_id = suite.chain.store_code(Box::new(Counter));
    let alice = suite.alice.clone();
    let new = NewContract {
        code_id,
        sender: &alice,
        label: "second",
        admin: None,
        funds: &coins(5, "uatom"),
    };

    let made = suite.chain.instantiate(new, &json!({"count": 7})).unwrap();

    assert_ne!(made.address, suite.counter);
    assert_eq!(made.response.data, Some(Binary::from(br#"{"count":7}"#)));
    made.response
        .assert_event(&Event::new("wasm").add_attribute("action", "instantiate"));
    assert_eq!(suite.balance(&made.address, "uatom"), 5);
    let data = suite.chain.app().contract_data(&made.address).unwrap();
    assert_eq!(
        (data.label.as_str(), data.admin, data.creator),
        ("second", None, alice)
    );
}

#[test]
fn execute_changes_the_contract_and_gives_its_data() {
    let mut suite = Suite::new();
    let (alice, counter) = (suite.alice.clone(), suite.counter.clone());
    let msg = json!({"increment": {"by": 3}});

    let response = suite
        .chain
        .execute(&alice, &counter, &msg, &coins(9, "ubtc"))
        .unwrap();

    assert_eq!(response.data, Some(Binary::from(br#"{"count":3}"#)));
    response.assert_event(&Event::new("wasm").add_attribute("count", "3"));
    response.assert_event(&Event::new("wasm-counted").add_attribute("by", "3"));
    assert_eq!(suite.state().count, 3);
    assert_eq!(suite.state().funds, coins(9, "ubtc"));
    assert_eq!(suite.balance(&counter, "ubtc"), 9);
    assert_eq!(suite.balance(&alice, "ubtc"), 991);
}

#[test]
fn an_answer_without_data_has_none() {
    let mut suite = Suite::new();
    let (alice, counter) = (suite.alice.clone(), suite.counter.clone());

    let response = suite
        .chain
        .execute(&alice, &counter, &json!({"look": {"denom": "x"}}), &[])
        .unwrap();

    assert_eq!(response.data, None);
}

#[test]
fn an_error_is_the_text_of_the_contract_and_nothing_stays() {
    let mut suite = Suite::new();
    let (alice, counter) = (suite.alice.clone(), suite.counter.clone());
    let before = suite.state();
    let msg = json!({"fail": {"text": "no more than 5"}});

    let error = suite
        .chain
        .execute(&alice, &counter, &msg, &coins(9, "ubtc"))
        .unwrap_err();

    assert_eq!(error.to_string(), "no more than 5");
    assert!(error.trail().contains(alice.as_str()));
    assert!(!error.is_abort());
    assert_eq!(suite.state(), before);
    assert_eq!(suite.balance(&counter, "ubtc"), 0);
}

#[test]
fn an_error_of_a_message_below_is_unwrapped_too() {
    let mut suite = Suite::new();
    let (alice, counter) = (suite.alice.clone(), suite.counter.clone());
    let msg = json!({"pay": {"to": alice, "amount": [{"denom": "uatom", "amount": "1"}]}});

    let error = suite
        .chain
        .execute(&alice, &counter, &msg, &[])
        .unwrap_err();

    assert_eq!(
        error.to_string(),
        format!("insufficient funds: {counter} cannot pay 1uatom")
    );
}

#[test]
fn a_panic_is_an_error_and_nothing_stays() {
    let mut suite = Suite::new();
    let (alice, counter) = (suite.alice.clone(), suite.counter.clone());
    let before = suite.state();

    let error = suite
        .chain
        .execute(&alice, &counter, &json!({"panic": {"text": "boom"}}), &[])
        .unwrap_err();

    assert_eq!(error.to_string(), "Aborted: panicked: boom");
    assert!(error.is_abort());
    assert_eq!(suite.state(), before);
    let error = suite
        .chain
        .query::<Value>(&counter, &json!({"panic": {}}))
        .unwrap_err();
    assert!(error.is_abort());
}

#[test]
fn a_panic_in_a_sub_message_reaches_the_reply() {
    let mut suite = Suite::new();
    let (alice, counter) = (suite.alice.clone(), suite.counter.clone());
    let msg = json!({"try_self": {"msg": {"panic": {"text": "boom"}}}});

    suite.chain.execute(&alice, &counter, &msg, &[]).unwrap();

    let State { count, replies, .. } = suite.state();
    assert_eq!(count, 0);
    assert!(matches!(replies.as_slice(), [reply] if reply.contains("Aborted: panicked: boom")));
}

#[test]
fn sudo_delivers_any_json() {
    let mut suite = Suite::new();
    let counter = suite.counter.clone();

    for msg in [
        json!({"unheard_of": {"x": [1, null]}}),
        json!("text"),
        json!(null),
        json!([]),
        json!(-5),
    ] {
        suite.chain.sudo(&counter, &msg).unwrap();
        assert_eq!(suite.state().sudo, Binary::from(msg.to_string().as_bytes()));
    }
}

#[test]
fn sudo_delivers_any_bytes() {
    let mut suite = Suite::new();
    let counter = suite.counter.clone();

    for bytes in [
        &b"{\"half"[..],
        &[0xff, 0x00, 0xfe],
        b"",
        br#"{"a":1,"a":2}"#,
    ] {
        let response = suite.chain.sudo_bytes(&counter, bytes).unwrap();
        response.assert_event(&Event::new("wasm").add_attribute("action", "sudo"));
        assert_eq!(suite.state().sudo, Binary::from(bytes));
    }
}

#[test]
fn query_gives_the_raw_json() {
    let suite = Suite::new();
    let value = json!({"nested": [1, {"a": null}], "text": "x"});

    let answer: Value = suite
        .chain
        .query(&suite.counter, &json!({"echo": {"value": value}}))
        .unwrap();

    assert_eq!(answer, value);
    let error = suite
        .chain
        .query::<Value>(&suite.counter, &json!({"nothing": {}}))
        .unwrap_err();
    assert!(
        error.to_string().contains("unknown variant `nothing`"),
        "{error}"
    );
    assert!(!error.to_string().contains("kind:"), "{error}");
}

#[test]
fn only_the_admin_migrates() {
    let mut suite = Suite::new();
    let (alice, bob, counter) = (
        suite.alice.clone(),
        suite.bob.clone(),
        suite.counter.clone(),
    );
    let code_id = suite.chain.store_code(Box::new(Counter));

    suite
        .chain
        .migrate(&bob, &counter, code_id, &json!({"version": 2}))
        .unwrap_err();
    assert_eq!(suite.state().version, 0);

    suite
        .chain
        .migrate(&alice, &counter, code_id, &json!({"version": 2}))
        .unwrap();
    assert_eq!(suite.state().version, 2);
    assert_eq!(
        suite.chain.app().contract_data(&counter).unwrap().code_id,
        code_id
    );
    let error = suite
        .chain
        .migrate(&alice, &counter, code_id, &json!({}))
        .unwrap_err();
    assert_eq!(error.to_string(), "no version");
}

#[test]
fn a_call_to_no_contract_says_so() {
    let mut suite = Suite::new();
    let (alice, bob) = (suite.alice.clone(), suite.bob.clone());
    let msg = json!({});
    let errors = [
        suite.chain.execute(&alice, &bob, &msg, &[]).map(drop),
        suite.chain.sudo(&bob, &msg).map(drop),
        suite.chain.query::<Value>(&bob, &msg).map(drop),
        suite.chain.migrate(&alice, &bob, 1, &msg).map(drop),
    ];

    for error in errors {
        assert_eq!(
            error.unwrap_err().to_string(),
            format!("{bob}: no such contract")
        );
    }
}

#[test]
fn coins_move_between_accounts() {
    let mut suite = Suite::new();
    let (alice, bob) = (suite.alice.clone(), suite.bob.clone());

    let response = suite
        .chain
        .send(
            &alice,
            &bob,
            &[coin(10, "uatom"), coin(0, "ubtc"), coin(20, "ubtc")],
        )
        .unwrap();

    response.assert_event(
        &Event::new("transfer")
            .add_attribute("recipient", &bob)
            .add_attribute("amount", "10uatom,20ubtc"),
    );
    assert_eq!(suite.balance(&bob, "uatom"), 10);
    assert_eq!(suite.balance(&bob, "ubtc"), 20);
    assert_eq!(suite.balance(&alice, "uatom"), 990);
}

#[test]
fn a_transfer_that_cannot_be_paid_moves_nothing() {
    let mut suite = Suite::new();
    let (alice, bob) = (suite.alice.clone(), suite.bob.clone());

    let error = suite
        .chain
        .send(&alice, &bob, &[coin(10, "uatom"), coin(1001, "ubtc")])
        .unwrap_err();

    assert!(error.to_string().contains("insufficient funds"), "{error}");
    assert_eq!(suite.balance(&alice, "uatom"), 1000);
    assert_eq!(suite.balance(&bob, "uatom"), 0);
    let error = suite
        .chain
        .send(&alice, &bob, &[coin(0, "uatom")])
        .unwrap_err();
    assert!(error.to_string().contains("invalid coins"), "{error}");
    let nowhere = cosmwasm_std::Addr::unchecked("nowhere");
    suite
        .chain
        .send(&alice, &nowhere, &[coin(1, "uatom")])
        .unwrap_err();
}
