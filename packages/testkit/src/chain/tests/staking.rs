use cosmwasm_std::{Decimal, Uint256, coin};
use serde_json::{Value, json};

use super::Suite;
use crate::chain::{ChainResult, EmbeddedChain, ValidatorTerms};

fn terms(commission: u64, max_commission: u64, max_change_rate: u64) -> ValidatorTerms {
    ValidatorTerms {
        commission: Decimal::percent(commission),
        max_commission: Decimal::percent(max_commission),
        max_change_rate: Decimal::percent(max_change_rate),
    }
}

impl Suite {
    /// What a contract gets that asks the chain raw.
    fn ask(&self, request: Value) -> ChainResult<Value> {
        self.chain
            .query(&self.counter, &json!({"chain": {"request": request}}))
    }

    fn ask_validator(&self, operator: &str) -> ChainResult<Value> {
        self.ask(json!({"staking": {"validator": {"address": operator}}}))
    }

    fn ask_delegation(&self, delegator: &str, operator: &str) -> ChainResult<Value> {
        self.ask(
            json!({"staking": {"delegation": {"delegator": delegator, "validator": operator}}}),
        )
    }
}

#[test]
fn a_validator_is_what_the_table_says() {
    let mut suite = Suite::new();
    let v1 = suite.chain.operator("v1");
    assert_eq!(
        suite.ask_validator(&v1).unwrap(),
        json!({"validator": null})
    );

    suite.chain.set_validator(&v1, &terms(10, 20, 1)).unwrap();
    let expected = json!({"validator": {
        "address": v1, "commission": "0.1", "max_commission": "0.2", "max_change_rate": "0.01"
    }});
    assert_eq!(suite.ask_validator(&v1).unwrap(), expected);

    suite.chain.set_validator(&v1, &terms(11, 20, 1)).unwrap();
    assert_eq!(
        suite.ask_validator(&v1).unwrap()["validator"]["commission"],
        json!("0.11")
    );
    assert_eq!(suite.chain.validator(&v1).unwrap(), Some(terms(11, 20, 1)));

    suite.chain.remove_validator(&v1).unwrap();
    assert_eq!(
        suite.ask_validator(&v1).unwrap(),
        json!({"validator": null})
    );
}

#[test]
fn a_delegation_is_what_the_table_says() {
    let mut suite = Suite::new();
    let (alice, v1) = (suite.alice.clone(), suite.chain.operator("v1"));
    suite
        .chain
        .set_validator(&v1, &ValidatorTerms::default())
        .unwrap();
    assert_eq!(
        suite.ask_delegation(alice.as_str(), &v1).unwrap(),
        json!({"delegation": null})
    );

    let tokens = Uint256::from(u128::MAX) + Uint256::one();
    suite.chain.set_delegation(&alice, &v1, tokens).unwrap();
    let amount = json!({"denom": "stake", "amount": tokens.to_string()});
    let expected = json!({"delegation": {
        "delegator": alice, "validator": v1, "amount": amount, "can_redelegate": amount,
        "accumulated_rewards": []
    }});
    assert_eq!(suite.ask_delegation(alice.as_str(), &v1).unwrap(), expected);

    suite
        .chain
        .set_delegation(&alice, &v1, Uint256::zero())
        .unwrap();
    assert_eq!(
        suite.ask_delegation(alice.as_str(), &v1).unwrap(),
        json!({"delegation": null})
    );
}

#[test]
fn a_delegation_needs_its_validator_and_goes_with_it() {
    let mut suite = Suite::new();
    let (alice, bob) = (suite.alice.clone(), suite.bob.clone());
    let (v1, v2) = (suite.chain.operator("v1"), suite.chain.operator("v2"));
    suite
        .chain
        .set_delegation(&alice, &v1, Uint256::one())
        .unwrap_err();
    for validator in [&v1, &v2] {
        suite
            .chain
            .set_validator(validator, &ValidatorTerms::default())
            .unwrap();
        for delegator in [&alice, &bob] {
            suite
                .chain
                .set_delegation(delegator, validator, Uint256::new(5))
                .unwrap();
        }
    }

    suite.chain.remove_validator(&v1).unwrap();
    suite
        .chain
        .set_validator(&v1, &ValidatorTerms::default())
        .unwrap();

    for delegator in [&alice, &bob] {
        assert_eq!(
            suite.ask_delegation(delegator.as_str(), &v1).unwrap(),
            json!({"delegation": null})
        );
        assert_ne!(
            suite.ask_delegation(delegator.as_str(), &v2).unwrap(),
            json!({"delegation": null})
        );
    }
}

#[test]
fn lists_show_the_whole_table() {
    let mut suite = Suite::new();
    let (alice, v1, v2) = (
        suite.alice.clone(),
        suite.chain.operator("v1"),
        suite.chain.operator("v2"),
    );
    suite.chain.set_validator(&v1, &terms(1, 2, 3)).unwrap();
    suite.chain.set_validator(&v2, &terms(4, 5, 6)).unwrap();
    suite
        .chain
        .set_delegation(&alice, &v2, Uint256::new(8))
        .unwrap();

    let validators = suite
        .ask(json!({"staking": {"all_validators": {}}}))
        .unwrap();
    let mut shown: Vec<_> = validators["validators"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v["address"].clone())
        .collect();
    shown.sort_by_key(ToString::to_string);
    let mut expected = [json!(v1), json!(v2)];
    expected.sort_by_key(ToString::to_string);
    assert_eq!(shown, expected);

    let of_alice = suite
        .ask(json!({"staking": {"all_delegations": {"delegator": alice}}}))
        .unwrap();
    let amount = json!({"denom": "stake", "amount": "8"});
    assert_eq!(
        of_alice,
        json!({"delegations": [{"delegator": alice, "validator": v2, "amount": amount}]})
    );
    let of_bob = suite
        .ask(json!({"staking": {"all_delegations": {"delegator": suite.bob}}}))
        .unwrap();
    assert_eq!(of_bob, json!({"delegations": []}));
}

#[test]
fn the_bond_denom_is_that_of_the_chain() {
    let suite = Suite::new();
    assert_eq!(
        suite.ask(json!({"staking": {"bonded_denom": {}}})).unwrap(),
        json!({"denom": "stake"})
    );

    let mut chain = EmbeddedChain::builder("cosmos")
        .bond_denom("uatom")
        .build()
        .unwrap();
    let (alice, v1) = (chain.account("alice"), chain.operator("v1"));
    chain
        .set_validator(&v1, &ValidatorTerms::default())
        .unwrap();
    chain.set_delegation(&alice, &v1, Uint256::new(3)).unwrap();
    let request = json!({"staking": {"delegation": {"delegator": alice, "validator": v1}}});
    let answer: Value = chain.query_chain(&request).unwrap();
    assert_eq!(answer["delegation"]["amount"], json!(coin(3, "uatom")));
}

#[test]
fn what_is_no_operator_address_is_an_error() {
    let mut suite = Suite::new();
    let alice = suite.alice.clone();

    for bad in [alice.as_str(), "cosmosvaloper1", "junovaloper1qqqqqqqq", ""] {
        suite.ask_validator(bad).unwrap_err();
        suite.ask_delegation(alice.as_str(), bad).unwrap_err();
        suite
            .chain
            .set_validator(bad, &ValidatorTerms::default())
            .unwrap_err();
    }
    suite
        .ask_delegation("alice", &suite.chain.operator("v1"))
        .unwrap_err();
}

#[test]
fn staking_and_distribution_messages_are_refused() {
    let mut suite = Suite::new();
    let (alice, validator) = (suite.alice.clone(), suite.chain.operator("v1"));
    let delegate = cosmwasm_std::StakingMsg::Delegate {
        validator: validator.clone(),
        amount: coin(1, "uatom"),
    };
    let withdraw = cosmwasm_std::DistributionMsg::WithdrawDelegatorReward { validator };

    let error = suite.chain.transact(&alice, delegate).unwrap_err();
    assert!(
        error.to_string().contains("only answers queries"),
        "{error}"
    );
    let error = suite.chain.transact(&alice, withdraw).unwrap_err();
    assert!(
        error.to_string().contains("no distribution module"),
        "{error}"
    );
    assert_eq!(suite.balance(&alice, "uatom"), 1000);
}
