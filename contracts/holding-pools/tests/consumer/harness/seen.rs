//! What anybody sees of the contract, and what always holds.

use std::collections::BTreeMap;

use cosmwasm_std::{Uint256, from_json, to_json_vec};
use holding_pools::contract;
use holding_pools::query_msg::{QueryMsg, UnitInfo, UnitResponse};
use pool_kit::audit::{AuditResponse, InvariantsResponse};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Consumer;

impl Consumer {
    pub fn query<T: DeserializeOwned>(&self, message: Value) -> T {
        let message: QueryMsg = from_json(to_json_vec(&message).unwrap()).unwrap();
        let answer = contract::query(self.deps.as_ref(), self.env.clone(), message).unwrap();
        from_json(answer).unwrap()
    }

    pub fn unit(&self, denom: &str) -> Option<UnitInfo> {
        let answer: UnitResponse = self.query(json!({"unit": {"denom": denom}}));
        answer.unit
    }

    /// The state of a denom's unit, `none` without one.
    pub fn state(&self, denom: &str) -> String {
        match self.unit(denom) {
            Some(unit) => serde_json::to_value(unit.state)
                .unwrap()
                .as_str()
                .unwrap()
                .to_string(),
            None => "none".to_string(),
        }
    }

    /// The points of a validator's holding pool.
    pub fn pool(&self, number: u8, denom: &str) -> Uint256 {
        self.pool_of(&self.validator(number), denom)
    }

    /// The points of a named validator's holding pool.
    pub fn pool_of(&self, validator: &str, denom: &str) -> Uint256 {
        let answer: Value = self.query(json!({"holding_pool": {"validator": validator}}));
        let points = answer["points"].as_array().unwrap().iter();
        points
            .filter(|entry| entry["denom"] == denom)
            .map(|entry| entry["points"].as_str().unwrap().parse().unwrap())
            .next()
            .unwrap_or_default()
    }

    /// The points of a class of the ledger.
    pub fn class(&self, denom: &str, class: &str) -> Uint256 {
        let answer: InvariantsResponse = self.query(json!({"invariants": {}}));
        let ledger = answer.denoms.into_iter();
        ledger
            .filter(|ledger| ledger.asset.to_string() == denom)
            .flat_map(|ledger| ledger.liabilities)
            .filter(|liability| liability.class == class)
            .map(|liability| liability.points)
            .next()
            .unwrap()
    }

    /// The validators that have a record, at most 100.
    pub fn recorded(&self) -> Vec<String> {
        let answer: Value = self.query(json!({"holding_pools": {"limit": 100}}));
        let pools = answer["pools"].as_array().unwrap().iter();
        pools
            .map(|pool| pool["validator"].as_str().unwrap().to_string())
            .collect()
    }

    pub fn has_event(&self, name: &str) -> bool {
        self.events.iter().any(|event| event.ty == name)
    }

    #[track_caller]
    pub fn attribute(&self, event: &str, key: &str) -> String {
        let event = self.events.iter().find(|it| it.ty == event);
        let event = event.unwrap_or_else(|| panic!("no such event: {:?}", self.events));
        let attribute = event.attributes.iter().find(|it| it.key == key);
        attribute.unwrap().value.clone()
    }

    /// What holds after every call: the balance covers what is owed, and the records add up to the
    /// totals, whatever the size of pages.
    #[track_caller]
    pub fn check(&self) {
        let totals: InvariantsResponse = self.query(json!({"invariants": {}}));
        for ledger in &totals.denoms {
            assert!(!ledger.difference.is_negative(), "{ledger:?}");
        }
        // Record by record only where there are few: this runs after every call.
        let few: Value = self.query(json!({"holding_pools": {"limit": 10}}));
        let is_small = few["pools"].as_array().unwrap().len() < 10;
        let limits: &[u32] = if is_small { &[1, 2, 100] } else { &[100] };
        for limit in limits {
            let mut sums: BTreeMap<(String, String), Uint256> = BTreeMap::new();
            let mut next: Option<String> = None;
            loop {
                let page: AuditResponse =
                    self.query(json!({"audit": {"start_after": next, "limit": limit}}));
                for denom in page.denoms {
                    for liability in denom.liabilities {
                        let key = (denom.asset.to_string(), liability.class);
                        *sums.entry(key).or_default() += liability.points;
                    }
                }
                next = page.next;
                if next.is_none() {
                    break;
                }
            }
            for ledger in &totals.denoms {
                for liability in &ledger.liabilities {
                    let key = (ledger.asset.to_string(), liability.class.clone());
                    assert_eq!(sums.get(&key), Some(&liability.points), "{key:?} {limit}");
                }
            }
        }
    }
}
