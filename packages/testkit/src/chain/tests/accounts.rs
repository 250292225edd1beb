use cosmwasm_std::{Addr, Uint256, Uint512, coin};
use serde_json::{Value, json};

use super::Suite;
use super::counter::{Counter, balance_request};
use crate::chain::{AddressFormat, EmbeddedChain, NewContract, name_bytes};

#[test]
fn account_bytes_are_the_start_of_the_hash_of_the_name() {
    // `printf alice | sha256sum | cut -c1-40`
    let expected = [
        0x2b, 0xd8, 0x06, 0xc9, 0x7f, 0x0e, 0x00, 0xaf, 0x1a, 0x1f, 0xc3, 0x32, 0x8f, 0xa7, 0x63,
        0xa9, 0x26, 0x97, 0x23, 0xc8,
    ];
    assert_eq!(name_bytes("alice"), expected);
}

#[test]
fn addresses_have_the_prefix_of_their_chain_and_the_bytes_of_the_name() {
    let cosmos = AddressFormat::new("cosmos").unwrap();
    let juno = AddressFormat::new("juno").unwrap();
    let alice = cosmos.account("alice");

    assert!(alice.as_str().starts_with("cosmos1"));
    assert!(cosmos.operator("alice").starts_with("cosmosvaloper1"));
    assert!(juno.account("alice").as_str().starts_with("juno1"));
    assert!(juno.operator("alice").starts_with("junovaloper1"));
    assert_eq!(
        cosmos.account_bytes(alice.as_str()).unwrap(),
        name_bytes("alice")
    );
    assert_eq!(
        juno.account_from_bytes(&name_bytes("alice")).unwrap(),
        juno.account("alice")
    );
}

#[test]
fn operator_and_account_have_the_same_bytes() {
    let format = AddressFormat::new("cosmos").unwrap();
    let (alice, operator) = (format.account("alice"), format.operator("alice"));

    assert_eq!(format.operator_of(&alice).unwrap(), operator);
    assert_eq!(format.account_of(&operator).unwrap(), alice);
    format.check_operator(&operator).unwrap();
}

#[test]
fn an_address_of_another_kind_or_chain_is_refused() {
    let format = AddressFormat::new("cosmos").unwrap();
    let foreign = AddressFormat::new("juno").unwrap().account("alice");

    for bad in [
        format.operator("alice").as_str(),
        foreign.as_str(),
        "alice",
        "",
    ] {
        format.account_bytes(bad).unwrap_err();
        format.operator_of(&Addr::unchecked(bad)).unwrap_err();
    }
    format
        .check_operator(format.account("alice").as_str())
        .unwrap_err();
    format.account_from_bytes(&[]).unwrap_err();
    format.account_from_bytes(&[1; 256]).unwrap_err();
}

#[test]
fn a_prefix_that_bech32_cannot_write_is_refused() {
    for bad in ["", "Cosmos", "with space", &"x".repeat(80)] {
        AddressFormat::new(bad).unwrap_err();
        EmbeddedChain::builder(bad).build().map(drop).unwrap_err();
    }
}

#[test]
fn contracts_see_the_prefix_of_their_chain() {
    let mut chain = EmbeddedChain::builder("juno").build().unwrap();
    let code_id = chain.store_code(Box::new(Counter));
    let alice = chain.account("alice");
    let new = NewContract {
        code_id,
        sender: &alice,
        label: "counter",
        admin: None,
        funds: &[],
    };
    let contract = chain.instantiate(new, &json!({})).unwrap().address;
    let validate =
        |address: &str| chain.query::<Value>(&contract, &json!({"validate": {"address": address}}));

    assert!(contract.as_str().starts_with("juno1"));
    assert_eq!(validate(alice.as_str()).unwrap(), json!(alice));
    assert_eq!(validate(contract.as_str()).unwrap(), json!(contract));
    let cosmos = AddressFormat::new("cosmos").unwrap().account("alice");
    assert!(
        validate(cosmos.as_str())
            .unwrap_err()
            .to_string()
            .contains("prefix")
    );
    let shouting = alice.as_str().to_uppercase();
    assert!(
        validate(&shouting)
            .unwrap_err()
            .to_string()
            .contains("not normalized")
    );
}

#[test]
fn contract_addresses_depend_only_on_what_happened() {
    assert_eq!(Suite::new().counter, Suite::new().counter);
}

#[test]
fn balances_given_twice_add_up() {
    let chain = EmbeddedChain::builder("cosmos")
        .balance("alice", [coin(1, "uatom"), coin(2, "ubtc")])
        .balance("alice", [coin(4, "uatom")])
        .balance("bob", [coin(8, "uatom"), coin(16, "uatom")])
        .build()
        .unwrap();

    assert_eq!(
        chain.balance(&chain.account("alice"), "uatom").unwrap(),
        Uint256::new(5)
    );
    assert_eq!(
        chain.balance(&chain.account("bob"), "uatom").unwrap(),
        Uint256::new(24)
    );
    assert_eq!(chain.supply("uatom").unwrap(), Uint256::new(29));
    assert_eq!(chain.supply("ubtc").unwrap(), Uint256::new(2));
    assert_eq!(
        chain.balance(&chain.account("nobody"), "uatom").unwrap(),
        Uint256::zero()
    );
}

#[test]
fn amounts_above_128_bits_move_exactly() {
    let huge = Uint256::from(u128::MAX) * Uint256::new(1000);
    let mut chain = EmbeddedChain::builder("cosmos")
        .balance("alice", [coin(7, "aevmos")])
        .build()
        .unwrap();
    let (alice, bob) = (chain.account("alice"), chain.account("bob"));
    let coins = |amount: Uint256| [cosmwasm_std::Coin::new(amount, "aevmos")];
    chain.mint(&alice, &coins(huge)).unwrap();

    chain.send(&alice, &bob, &coins(huge)).unwrap();

    assert_eq!(chain.balance(&bob, "aevmos").unwrap(), huge);
    assert_eq!(chain.balance(&alice, "aevmos").unwrap(), Uint256::new(7));
    let seen: Value = chain
        .query_chain(&balance_request(bob.as_str(), "aevmos"))
        .unwrap();
    assert_eq!(seen["amount"]["amount"], json!(huge.to_string()));
}

#[test]
fn a_supply_of_256_bits_is_refused_before_it_can_overflow() {
    let most = Uint256::MAX;
    assert_eq!(Uint512::from(most) + Uint512::one(), Uint512::one() << 256);
    let coins = |amount: Uint256| [cosmwasm_std::Coin::new(amount, "uatom")];
    let full = EmbeddedChain::builder("cosmos").balance("alice", coins(most));

    let overfull = full
        .clone()
        .balance("bob", [coin(1, "uatom")])
        .build()
        .map(drop);
    assert!(overfull.unwrap_err().to_string().contains("2^256"));

    let mut chain = full.build().unwrap();
    let bob = chain.account("bob");
    assert!(
        chain
            .mint(&bob, &[coin(1, "uatom")])
            .unwrap_err()
            .to_string()
            .contains("2^256")
    );
    chain.mint(&bob, &[coin(1, "ubtc")]).unwrap();
    let alice = chain.account("alice");
    chain.send(&alice, &bob, &coins(most)).unwrap();
    assert_eq!(chain.balance(&bob, "uatom").unwrap(), most);
}

#[test]
fn minting_the_same_denom_twice_in_one_call_counts_both() {
    let mut chain = EmbeddedChain::builder("cosmos").build().unwrap();
    let bob = chain.account("bob");
    let half = cosmwasm_std::Coin::new(Uint256::one() << 255, "uatom");

    chain.mint(&bob, &[half.clone(), half.clone()]).unwrap_err();
    chain.mint(&bob, &[half]).unwrap();
}
