//! The fee pool itself as the target: what it understands, and what a unit costs it in storage.

use ccv::weights::chunks;
use ccv_provider::msg::ExecuteMsg;
use cosmwasm_std::testing::{MockApi, message_info, mock_env};
use cosmwasm_std::{Addr, Coin, CosmosMsg, Env, OwnedDeps, WasmMsg, from_json};
use fee_pool_core::{F1, contract};
use serde_json::{Value, json};

use crate::chain::Chain;
use crate::metered::Metered;
use crate::storage_gas::{many, world};
use crate::world::{ALPHA, DENOM, LOCAL, name};

struct FeePool {
    deps: OwnedDeps<Metered, MockApi, Chain>,
    env: Env,
    owner: Addr,
}

impl FeePool {
    /// Active, with these validators.
    fn new(validators: &[String]) -> Self {
        let mut pool = FeePool {
            deps: OwnedDeps {
                storage: Metered::default(),
                api: MockApi::default(),
                querier: Chain::default(),
                custom_query_type: std::marker::PhantomData,
            },
            env: mock_env(),
            owner: Addr::unchecked(crate::world::account(200)),
        };
        let msg = json!({"reward_denoms": [LOCAL], "source": "reporter", "params": {
            "community_tax": "0", "base_proposer_reward": "0", "bonus_proposer_reward": "0",
        }});
        let info = message_info(&pool.owner, &[]);
        let msg = from_json(msg.to_string()).unwrap();
        contract::instantiate::<F1>(pool.deps.as_mut(), pool.env.clone(), info, msg).unwrap();
        let terms = json!({"rate": "0.1", "max_rate": "1", "max_change_rate": "1"});
        for page in validators.chunks(30) {
            let lines: Vec<Value> = page
                .iter()
                .map(|it| json!({"validator": it, "power": "10", "commission": terms}))
                .collect();
            pool.execute(
                json!({"import": {"validators": lines}})
                    .to_string()
                    .as_bytes(),
                &[],
            );
        }
        pool.execute(br#"{"activate":{}}"#, &[]);
        pool
    }

    /// Executes a message; returns its gas.
    fn execute(&mut self, msg: &[u8], funds: &[Coin]) -> usize {
        for coin in funds {
            let amount: u128 = coin.amount.to_string().parse().unwrap();
            *self
                .deps
                .querier
                .balances
                .entry(coin.denom.clone())
                .or_default() += amount;
        }
        self.deps.storage.take_gas();
        let info = message_info(&self.owner, funds);
        let msg = from_json(msg).unwrap();
        contract::execute::<F1>(self.deps.as_mut(), self.env.clone(), info, msg).unwrap();
        self.deps.storage.take_gas()
    }

    fn query(&self, msg: &Value) -> Value {
        let msg = from_json(msg.to_string()).unwrap();
        from_json(contract::query::<F1>(self.deps.as_ref(), self.env.clone(), msg).unwrap())
            .unwrap()
    }
}

#[test]
fn a_unit_of_180_validators_stays_below_its_bar() {
    let entries = many(180);
    let validators: Vec<String> = entries
        .iter()
        .map(|it| it.validator().to_string())
        .collect();
    let mut pool = FeePool::new(&validators);
    let mut world = world(180);
    for chunk in chunks(1, name(DENOM), entries).unwrap() {
        world.weights(&ALPHA, &chunk).unwrap();
    }
    world.tokens(&ALPHA, 1, 10u128.pow(15)).unwrap();

    let mut gas = 0;
    loop {
        let msg = ExecuteMsg::Process {
            consumer: ALPHA.id.to_string(),
            epoch: 1,
            denom: DENOM.to_string(),
            limit: Some(100),
        };
        let response = world.anyone(msg).unwrap();
        for sent in &response.messages {
            let CosmosMsg::Wasm(WasmMsg::Execute { msg, funds, .. }) = &sent.msg else {
                panic!("{sent:?}");
            };
            gas += pool.execute(msg, funds);
        }
        let page: Value = from_json(response.data.unwrap()).unwrap();
        if page["next"].is_null() {
            break;
        }
    }
    // Every validator is asked for in both passes.
    pool.deps.storage.take_gas();
    for page in validators.chunks(60).cycle().take(6) {
        let known = pool.query(&json!({"validators_known": {"validators": page}}));
        assert_eq!(known, json!({"known": vec![true; 60]}));
    }
    let asking = pool.deps.storage.take_gas();
    // The bar for everything is 4 000 000; what the provider itself writes is below 650 000.
    assert!(gas + asking < 1_700_000, "{gas} {asking}");

    let outstanding = pool.query(&json!({"invariants": {}}));
    let outstanding = &outstanding["denoms"][0]["liabilities"];
    let carry: u128 = world.carry(&ALPHA)[0]["amount"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let paid = 10u128.pow(15) - carry;
    let points = distribution_math::Points::from_coins(paid).to_string();
    assert!(
        outstanding
            .as_array()
            .unwrap()
            .iter()
            .any(|it| it["points"] == points)
    );
}
