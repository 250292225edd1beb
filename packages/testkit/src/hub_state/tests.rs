use cosmwasm_std::{Decimal256, Uint128};
use serde_json::{Value, json};

use super::{BUILT_IN, HubState, Status};
use crate::chain::AddressFormat;

const V1: &str = "cosmosvaloper1qwl879nx9t6kef4supyazayf7vjhennyh568ys";
const V2: &str = "cosmosvaloper1qs8tnw2t8l6amtzvdemnnsq9dzk0ag0z52uzay";
const ALICE: &str = "cosmos1qqp837a4kvtgplm6uqhdge0zzu6efqgujllfst";
const BOB: &str = "cosmos1qzny67usplncefpwpy29pa34vjasw76t2rlwhz";

/// A small state that is sound.
fn sound() -> Value {
    let validator = |operator: &str, shares: &str| {
        json!({
            "validator": operator, "moniker": "m", "status": "bonded", "jailed": false,
            "tokens": "2000000", "shares": shares, "power": "2",
            "commission": {"rate": "0.1", "max_rate": "0.2", "max_change_rate": "0.01"},
        })
    };
    json!({
        "source": "made up", "chain_id": "hub-1", "genesis_time": "2019-04-22T17:00:00Z",
        "params": {
            "base_proposer_reward": "0.01", "bonus_proposer_reward": "0.04",
            "community_tax": "0.02", "withdraw_addr_enabled": true,
        },
        "staking_params": {"bond_denom": "uatom", "max_validators": 100},
        "validators": [validator(V1, "2000000.5"), validator(V2, "7")],
        "delegations": [
            {"delegator": ALICE, "validator": V1, "shares": "2000000"},
            {"delegator": BOB, "validator": V1, "shares": "0.5"},
            {"delegator": BOB, "validator": V2, "shares": "7"},
        ],
    })
}

/// The error of the sound state with one value, at this JSON pointer, replaced.
#[track_caller]
fn error_with(pointer: &str, value: Value) -> String {
    let mut state = sound();
    *state.pointer_mut(pointer).unwrap() = value;
    let text = serde_json::to_string_pretty(&state).unwrap();
    HubState::parse(&text).unwrap_err().to_string()
}

#[track_caller]
fn assert_error(pointer: &str, value: Value, place: &str, message: &str) {
    let error = error_with(pointer, value);
    assert!(error.starts_with(&format!("{place} (line ")), "{error}");
    assert!(error.contains(message), "{error}");
}

#[test]
fn the_built_in_state_is_the_whole_hub() {
    let state = HubState::built_in().unwrap();
    assert!(state.source.contains("genesis.cosmoshub-2.json"));
    assert!(
        state
            .source
            .contains("e8eb008a397121d0cc9261ad110ebb07213f7359")
    );
    assert_eq!(state.validators.len(), 105);
    assert_eq!(state.delegations.len(), 1112);
    let power: Uint128 = state.validators.iter().map(|it| it.power).sum();
    assert_eq!(power.u128(), 121_093_091);
    let bonded = |it: &&super::HubValidator| it.status == Status::Bonded;
    assert_eq!(state.validators.iter().filter(bonded).count(), 99);
    assert_eq!(state.validators.iter().filter(|it| it.jailed).count(), 4);
    let sikka = state.validators.iter().find(|it| it.moniker == "Sikka");
    assert_eq!(
        sikka.unwrap().shares.to_string(),
        "4780574520322.597345510949018405"
    );
    assert_eq!(state.params.community_tax, Decimal256::percent(2));
}

#[test]
fn a_state_of_the_same_form_is_read() {
    let state = HubState::parse(&sound().to_string()).unwrap();
    assert_eq!(state.validators[0].validator, V1);
    assert_eq!(state.delegations[1].shares, Decimal256::percent(50));
}

#[test]
fn a_value_of_another_kind_is_named_with_its_line() {
    assert_error(
        "/validators/1/power",
        json!("many"),
        "validators[1].power",
        "many",
    );
    assert_error(
        "/validators/1/jailed",
        json!("no"),
        "validators[1].jailed",
        "expected a boolean",
    );
    assert_error(
        "/validators/0/status",
        json!("asleep"),
        "validators[0].status",
        "asleep",
    );
    assert_error(
        "/validators/0/commission/rate",
        json!("a tenth"),
        "validators[0].commission.rate",
        "parsing",
    );
    assert_error(
        "/delegations/2/shares",
        json!("seven"),
        "delegations[2].shares",
        "parsing",
    );
    assert_error(
        "/staking_params/max_validators",
        json!(-1),
        "staking_params.max_validators",
        "-1",
    );
}

#[test]
fn a_missing_and_an_unknown_key_are_named() {
    let mut state = sound();
    state["validators"][1]
        .as_object_mut()
        .unwrap()
        .remove("moniker");
    let error = HubState::parse(&state.to_string()).unwrap_err().to_string();
    assert!(error.starts_with("validators[1] (line 1"), "{error}");
    assert!(error.contains("missing field `moniker`"), "{error}");

    let mut state = sound();
    state["delegations"][0]["share"] = json!("1");
    let error = HubState::parse(&state.to_string()).unwrap_err().to_string();
    assert!(error.starts_with("delegations[0].share (line 1"), "{error}");
    assert!(error.contains("unknown field `share`"), "{error}");
}

#[test]
fn what_is_no_json_is_refused_with_its_line() {
    let error = HubState::parse("{\n  \"source\": 'x'\n}")
        .unwrap_err()
        .to_string();
    assert!(error.contains("line 2, column 13"), "{error}");
    let error = HubState::parse(&format!("{BUILT_IN} and more"))
        .unwrap_err()
        .to_string();
    assert!(error.contains("trailing characters"), "{error}");
}

#[test]
fn a_validator_is_there_once() {
    assert_error(
        "/validators/1/validator",
        json!(V1),
        "validators[1].validator",
        "validators[0] already",
    );
}

#[test]
fn a_delegation_is_there_once() {
    assert_error(
        "/delegations/1/delegator",
        json!(ALICE),
        "delegations[1].delegator",
        "delegations[0] already",
    );
}

#[test]
fn a_delegation_is_to_one_of_the_validators() {
    let stranger = "cosmosvaloper1qa8jpt4kuqq73vgen2w7julkelgursygqx4y69";
    assert_error(
        "/delegations/2/validator",
        json!(stranger),
        "delegations[2].validator",
        "none of the validators",
    );
}

#[test]
fn the_first_operator_address_says_the_prefix() {
    assert_eq!(
        HubState::parse(&sound().to_string()).unwrap().prefix,
        "cosmos"
    );
    let juno = AddressFormat::new("juno").unwrap();
    let bytes = |address: &str| AddressFormat::new("cosmos").unwrap().account_bytes(address);
    let mut text = sound().to_string();
    for account in [ALICE, BOB] {
        let address = juno.account_from_bytes(&bytes(account).unwrap()).unwrap();
        text = text.replace(account, address.as_str());
    }
    for operator in [V1, V2] {
        let account = AddressFormat::of_operator(operator)
            .unwrap()
            .account_of(operator);
        let account = bytes(account.unwrap().as_str()).unwrap();
        let account = juno.account_from_bytes(&account).unwrap();
        text = text.replace(operator, &juno.operator_of(&account).unwrap());
    }
    let state = HubState::parse(&text).unwrap();
    assert_eq!(state.prefix, "juno");
    assert!(state.validators[0].validator.starts_with("junovaloper1"));
    assert_eq!(state.with_names().unwrap().validators[1].validator, "v2");
}

#[test]
fn addresses_are_those_of_the_chain() {
    assert_error(
        "/validators/0/validator",
        json!(ALICE),
        "validators[0].validator",
        "no operator address: those begin with the chain's prefix and valoper1",
    );
    assert_error(
        "/validators/1/validator",
        json!("junovaloper1qyqszqgpqyqszqgpqyqszqgpqyqszqgpmu523e"),
        "validators[1].validator",
        "has the prefix junovaloper, not cosmosvaloper",
    );
    assert_error(
        "/delegations/0/delegator",
        json!("alice"),
        "delegations[0].delegator",
        "no bech32 address",
    );
}

#[test]
fn rates_keep_their_limits() {
    assert_error(
        "/validators/0/commission/rate",
        json!("0.21"),
        "validators[0].commission.rate",
        "0.21 is above max_rate, which is 0.2",
    );
    assert_error(
        "/validators/0/commission/max_rate",
        json!("1.1"),
        "validators[0].commission.max_rate",
        "1.1 is above 1",
    );
    assert_error(
        "/validators/0/commission/max_change_rate",
        json!("0.3"),
        "validators[0].commission.max_change_rate",
        "above max_rate",
    );
    assert_error(
        "/params/community_tax",
        json!("2"),
        "params.community_tax",
        "above 1",
    );
    assert_error(
        "/params/community_tax",
        json!("0.96"),
        "params",
        "1.01 is above 1",
    );
}

#[test]
fn powers_are_below_2_to_the_63_also_together() {
    let limit = "9223372036854775808";
    assert_error(
        "/validators/1/power",
        json!(limit),
        "validators[1].power",
        "9223372036854775808 is not below 2^63",
    );
    assert_error(
        "/validators/1/power",
        json!("9223372036854775806"),
        "validators[1].power",
        "all powers up to here",
    );
}

#[test]
fn tokens_are_bounded_together() {
    assert_error(
        "/validators/1/tokens",
        json!("999999999999999999999999"),
        "validators[1].tokens",
        "all tokens up to here are 1000000000000000001999999",
    );
}

#[test]
fn a_jailed_validator_has_no_power_and_somebody_has() {
    assert_error(
        "/validators/1/jailed",
        json!(true),
        "validators[1].power",
        "jailed",
    );
    let mut idle = sound()["validators"][0].clone();
    idle["power"] = json!("0");
    assert_error(
        "/validators",
        json!([idle]),
        "validators",
        "no validator has power",
    );
    assert_error(
        "/validators",
        json!([]),
        "validators",
        "there is no validator",
    );
}

#[test]
fn shares_of_a_validator_are_those_of_its_delegations() {
    assert_error(
        "/validators/1/shares",
        json!("8"),
        "validators[1].shares",
        "8, but its delegations have 7",
    );
    assert_error(
        "/delegations/2/shares",
        json!("0"),
        "delegations[2].shares",
        "no delegation",
    );
    assert_error(
        "/validators/1/shares",
        json!("10000000000000001"),
        "validators[1].shares",
        "above 10^16",
    );
}

#[test]
fn names_stand_for_the_same_accounts_everywhere() {
    let state = HubState::built_in().unwrap();
    let named = state.with_names().unwrap();
    assert_eq!(named.validators[0].validator, "v1");
    assert_eq!(named.validators[104].validator, "v105");
    assert_eq!(named.delegations.len(), state.delegations.len());
    let count = |list: &[crate::hub_state::HubDelegation]| {
        let delegators: std::collections::BTreeSet<_> =
            list.iter().map(|it| it.delegator.clone()).collect();
        delegators.len()
    };
    assert_eq!(count(&named.delegations), count(&state.delegations));
    // Many validators have a delegation to themselves.
    let own = named.delegations.iter();
    assert!(own.filter(|it| it.delegator == it.validator).count() > 50);
}
