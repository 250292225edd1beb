//! Payments that fail, and what is in flight.

use ccv_provider::ContractError;
use ccv_provider::contract;
use ccv_provider::msg::{ExecuteMsg, Target};
use cosmwasm_std::testing::message_info;
use cosmwasm_std::{Addr, ReplyOn, Response};
use serde_json::{Value, from_value, json};

use crate::world::{ALPHA, DENOM, Delivery, LOCAL, World, account, coins, name, validator};

fn retry(number: Option<u8>) -> ExecuteMsg {
    ExecuteMsg::RetryPayment {
        validator: number.map(validator),
        denom: LOCAL.to_string(),
    }
}

fn unit(world: &mut World, epoch: u32, tokens: u128, weights: &[u128]) {
    world.all_weights(&ALPHA, epoch, coins(weights));
    world.tokens(&ALPHA, epoch, tokens).unwrap();
    world.process_all(&ALPHA, epoch, 30);
}

fn owed(world: &World, number: u8) -> Value {
    world.ask(json!({"rewards": {"validator": validator(number)}}))
}

#[test]
fn a_failed_payment_stays_owed_and_anybody_sends_it_again() {
    let mut world = World::new();
    world.refusing.insert(validator(2));
    unit(&mut world, 1, 1_000, &[50, 30, 20]);
    assert_eq!(
        (world.paid_to(1), world.paid_to(2), world.paid_to(3)),
        (500, 0, 200)
    );
    assert_eq!(
        owed(&world, 2)["claimable"],
        json!([{"denom": LOCAL, "amount": "300"}])
    );
    let list = world.ask(json!({"owed_payments": {}}));
    let amount = json!({"denom": LOCAL, "amount": "300"});
    assert_eq!(
        list["payments"],
        json!([{"validator": validator(2), "amount": amount}])
    );
    // Another unit adds to it; a retry that fails leaves it.
    unit(&mut world, 2, 1_000, &[50, 30, 20]);
    world.anyone(retry(Some(2))).unwrap();
    assert_eq!(owed(&world, 2)["claimable"][0]["amount"], "600");
    world.refusing.clear();
    world.anyone(retry(Some(2))).unwrap();
    assert_eq!(world.paid_to(2), 600);
    assert_eq!(owed(&world, 2)["claimable"], json!([]));
    let error = world.anyone(retry(Some(2))).unwrap_err();
    assert!(matches!(error, ContractError::NothingOwed { .. }));
}

#[test]
fn nothing_is_owed_to_who_was_paid() {
    let mut world = World::new();
    unit(&mut world, 1, 1_000, &[50, 50]);
    assert!(matches!(
        world.anyone(retry(Some(1))).unwrap_err(),
        ContractError::NothingOwed { .. }
    ));
    assert!(matches!(
        world.anyone(retry(None)).unwrap_err(),
        ContractError::NothingOwed { .. }
    ));
}

#[test]
fn a_community_pool_that_refuses_is_owed() {
    let mut world = World::new();
    world.refusing.insert("community".to_string());
    world.remove_validator(1);
    unit(&mut world, 1, 7, &[3]);
    assert_eq!(world.paid_in("community", LOCAL), 0);
    unit(&mut world, 2, 5, &[3]);
    world.anyone(retry(None)).unwrap();
    world.refusing.clear();
    world.anyone(retry(None)).unwrap();
    assert_eq!(world.paid_in("community", LOCAL), 12);
}

#[test]
fn a_batch_into_a_fee_pool_that_fails_is_owed_to_each_validator() {
    let contract = account(150);
    let mut world = World::of(Target::FeePool { contract });
    world.register(&ALPHA);
    world.connect(&ALPHA);
    world.refusing.insert(validator(2));
    unit(&mut world, 1, 1_000, &[50, 30, 20]);
    assert_eq!(world.sent, ["wasm"]);
    assert!(world.paid.is_empty());
    let list = world.ask(json!({"owed_payments": {}}));
    assert_eq!(list["payments"].as_array().unwrap().len(), 3);
    // One by one they do not hold each other up.
    world.anyone(retry(Some(1))).unwrap();
    world.anyone(retry(Some(2))).unwrap();
    world.anyone(retry(Some(3))).unwrap();
    assert_eq!(
        (world.paid_to(1), world.paid_to(2), world.paid_to(3)),
        (500, 0, 200)
    );
}

#[test]
fn owed_payments_are_listed_in_pages() {
    let mut world = World::new();
    for number in 1..=3 {
        world.refusing.insert(validator(number));
    }
    unit(&mut world, 1, 60, &[1, 2, 3]);
    let mut seen = Vec::new();
    let mut start_after = Value::Null;
    loop {
        let page = world.ask(json!({"owed_payments": {"start_after": start_after, "limit": 1}}));
        let Some(payment) = page["payments"].get(0) else {
            break;
        };
        seen.push(payment["amount"]["amount"].as_str().unwrap().to_string());
        start_after = json!({"validator": payment["validator"], "denom": LOCAL});
    }
    assert_eq!(seen, ["10", "20", "30"]);
    let page = json!({"rewards": {"validator": validator(1), "start_after": LOCAL}});
    assert_eq!(world.ask(page)["claimable"], json!([]));
}

/// A denom of this chain whose transfers may call a contract, and its name on the consumer.
fn hookable() -> (String, String, String) {
    let denom = format!("factory/{}/gold", account(9));
    let path = format!("transfer/{}/{denom}", ALPHA.far_channel);
    let voucher = ccv::denom::DenomTrace::read(&path).unwrap().local_denom();
    (denom, path, voucher)
}

fn hookable_unit(world: &mut World, amount: u128) -> ExecuteMsg {
    let (denom, path, voucher) = hookable();
    let list = json!({"update_consumer_denoms": {"id": "alpha", "add": [voucher]}});
    world.owner(from_value(list).unwrap()).unwrap();
    let mut delivery = Delivery::new(&ALPHA, 1, amount);
    delivery.data.denom = path;
    delivery.purpose = ccv::memo::Purpose::CcvDistribution {
        epoch: 1,
        denom: name(&voucher),
        attempt: 1,
    };
    delivery.credited.denom = denom;
    world.arrive(delivery).unwrap();
    for chunk in ccv::weights::chunks(1, name(&voucher), coins(&[1, 1])).unwrap() {
        world.weights(&ALPHA, &chunk).unwrap();
    }
    ExecuteMsg::Process {
        consumer: "alpha".to_string(),
        epoch: 1,
        denom: voucher,
        limit: None,
    }
}

fn execute(world: &mut World, sender: &str, msg: ExecuteMsg) -> Result<Response, ContractError> {
    let info = message_info(&Addr::unchecked(sender), &[]);
    let response = contract::execute(world.deps.as_mut(), world.env.clone(), info, msg)?;
    world.record(&response.events);
    Ok(response)
}

#[test]
fn coins_whose_transfer_may_call_back_stay_owed_until_they_have_left() {
    let mut world = World::new();
    let (denom, ..) = hookable();
    let process = hookable_unit(&mut world, 100);
    let response = execute(&mut world, &account(202), process).unwrap();
    let sent = &response.messages;
    assert_eq!(sent.len(), 2);
    assert!(
        sent.iter()
            .all(|it| it.reply_on == ReplyOn::Always && it.gas_limit.is_some())
    );
    // A hook that runs now finds nothing undistributed.
    let ledger = world.ask(json!({"invariants": {}}));
    assert_eq!(ledger["denoms"][0]["difference"], "0");
    let sweep = ExecuteMsg::Sweep {
        denom: denom.clone(),
        recipient: account(203),
    };
    let owner = world.owner.to_string();
    assert!(execute(&mut world, &owner, sweep).is_err());
    world.deliver(&response.messages);
    world.check();
    assert_eq!(world.paid_in(&validator(1), &denom), 50);
    assert_eq!(world.deps.querier.balances[&denom], 0);
}

#[test]
fn a_failed_payment_in_flight_is_owed_once() {
    let mut world = World::new();
    let (denom, ..) = hookable();
    let process = hookable_unit(&mut world, 100);
    world.refusing.insert(validator(1));
    world.anyone(process).unwrap();
    assert_eq!(
        owed(&world, 1)["claimable"],
        json!([{"denom": denom, "amount": "50"}])
    );
    world.refusing.clear();
    let retry = ExecuteMsg::RetryPayment {
        validator: Some(validator(1)),
        denom: denom.clone(),
    };
    world.anyone(retry).unwrap();
    assert_eq!(world.paid_in(&validator(1), &denom), 50);
}

#[test]
fn an_owners_transfer_in_flight_is_owed_until_it_has_left() {
    let mut world = World::new();
    let (denom, ..) = hookable();
    world.deps.querier.balances.insert(denom.clone(), 30);
    let sweep = ExecuteMsg::Sweep {
        denom: denom.clone(),
        recipient: account(203),
    };
    let owner = world.owner.to_string();
    let response = execute(&mut world, &owner, sweep.clone()).unwrap();
    assert!(execute(&mut world, &owner, sweep).is_err());
    world.deliver(&response.messages);
    world.check();
    assert_eq!(world.paid_in(&account(203), &denom), 30);
}

#[test]
fn a_reply_that_belongs_to_no_payment_is_refused() {
    let mut world = World::new();
    let reply = cosmwasm_std::Reply {
        id: 99,
        payload: b"x".into(),
        gas_used: 0,
        result: cosmwasm_std::SubMsgResult::Err("x".to_string()),
    };
    assert!(contract::reply(world.deps.as_mut(), world.env.clone(), reply).is_err());
    assert_eq!(DENOM, "uatom");
}
