//! Where validators live and are paid.

use ccv_provider::contract;
use ccv_provider::msg::{CommunityPool, InstantiateMsg, Target};
use cosmwasm_std::from_json;
use cosmwasm_std::testing::message_info;
use serde_json::{from_value, json, to_value};

use crate::world::{ALPHA, LOCAL, World, account, coins, validator};

fn world(target: Target, community_pool: Option<CommunityPool>) -> World {
    let mut world = World::of(target.clone());
    let msg = InstantiateMsg {
        owner: None,
        target,
        community_pool,
    };
    let info = message_info(&world.owner, &[]);
    contract::instantiate(world.deps.as_mut(), world.env.clone(), info, msg).unwrap();
    world.register(&ALPHA);
    world.connect(&ALPHA);
    world
}

fn group() -> Target {
    Target::Group {
        contract: account(150),
    }
}

fn fee_pool() -> Target {
    Target::FeePool {
        contract: account(150),
    }
}

fn unit(world: &mut World, epoch: u32, tokens: u128, weights: &[u128]) {
    world.all_weights(&ALPHA, epoch, coins(weights));
    world.tokens(&ALPHA, epoch, tokens).unwrap();
    world.process_all(&ALPHA, epoch, 30);
}

#[test]
fn a_fee_pool_gets_one_message_for_a_page() {
    let mut world = world(fee_pool(), None);
    world.remove_validator(3);
    unit(&mut world, 1, 1_000, &[50, 30, 20]);
    assert_eq!(world.sent, ["wasm"]);
    assert_eq!((world.paid_to(1), world.paid_to(2)), (625, 375));
    world.remove_validator(1);
    unit(&mut world, 2, 77, &[50]);
    assert_eq!(world.paid_in("fee_pool", LOCAL), 77);
}

#[test]
fn members_of_a_group_are_sent_their_coins() {
    let mut world = world(group(), None);
    world.deps.querier.admin = Some(account(160));
    unit(&mut world, 1, 1_000, &[50, 30, 20]);
    assert_eq!(world.sent, ["bank", "bank", "bank"]);
    assert_eq!(world.paid_in(&account(2), LOCAL), 300);
    world.remove_validator(1);
    unit(&mut world, 2, 77, &[50]);
    assert_eq!(world.paid_in(&account(160), LOCAL), 77);
}

#[test]
fn a_group_without_admin_keeps_what_is_the_communitys() {
    let mut world = world(group(), None);
    world.remove_validator(1);
    unit(&mut world, 1, 77, &[50]);
    assert!(world.paid.is_empty());
    let retry = json!({"retry_payment": {"denom": LOCAL}});
    world.anyone(from_value(retry.clone()).unwrap()).unwrap();
    assert!(world.paid.is_empty());
    world.deps.querier.admin = Some(account(160));
    world.anyone(from_value(retry).unwrap()).unwrap();
    assert_eq!(world.paid_in(&account(160), LOCAL), 77);
}

#[test]
fn the_community_pool_may_be_another() {
    let address = account(161);
    let pools = [
        (CommunityPool::ProtocolPool, "protocol_pool".to_string()),
        (CommunityPool::Address(address.clone()), address),
    ];
    for target in [Target::Native, fee_pool(), group()] {
        for (pool, payee) in pools.clone() {
            let mut world = world(target.clone(), Some(pool));
            world.remove_validator(1);
            unit(&mut world, 1, 77, &[50]);
            assert_eq!(world.paid_in(&payee, LOCAL), 77);
        }
    }
}

#[test]
fn targets_and_pools_have_their_json() {
    for (target, expected) in [
        (Target::Native, json!("native")),
        (fee_pool(), json!({"fee_pool": {"contract": account(150)}})),
        (group(), json!({"group": {"contract": account(150)}})),
    ] {
        assert_eq!(to_value(&target).unwrap(), expected);
    }
    for (pool, expected) in [
        (CommunityPool::ProtocolPool, json!("protocol_pool")),
        (
            CommunityPool::Address("a".to_string()),
            json!({"address": "a"}),
        ),
    ] {
        assert_eq!(to_value(&pool).unwrap(), expected);
    }
}

#[test]
fn contracts_and_accounts_must_be_of_this_chain() {
    let mut world = World::new();
    let this = world.env.contract.address.to_string();
    for msg in [
        json!({"target": {"group": {"contract": "osmo1x"}}}),
        json!({"target": {"fee_pool": {"contract": this}}}),
        json!({"target": "native", "community_pool": {"address": validator(1)}}),
        json!({"target": "native", "community_pool": {"address": this}}),
        json!({"target": "native", "owner": "x"}),
    ] {
        let read: InstantiateMsg = from_json(msg.to_string()).unwrap();
        let info = message_info(&world.owner, &[]);
        let env = world.env.clone();
        assert!(
            contract::instantiate(world.deps.as_mut(), env, info, read).is_err(),
            "{msg}"
        );
    }
}

#[test]
fn the_fee_pools_query_has_this_json() {
    let query = json!({"validators_known": {"validators": [validator(1)]}});
    let read: fee_pool_core::msg::QueryMsg = from_json(query.to_string()).unwrap();
    assert!(matches!(
        read,
        fee_pool_core::msg::QueryMsg::ValidatorsKnown { .. }
    ));
}
