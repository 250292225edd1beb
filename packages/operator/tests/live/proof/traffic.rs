//! What people do on the chain meanwhile, at random.

use cosmos_sdk_proto::cosmos::bank::v1beta1::MsgSend;
use cosmos_sdk_proto::cosmos::crypto::ed25519::PubKey;
use cosmos_sdk_proto::cosmos::distribution::v1beta1::{
    MsgSetWithdrawAddress, MsgWithdrawDelegatorReward, MsgWithdrawValidatorCommission,
};
use cosmos_sdk_proto::cosmos::slashing::v1beta1::MsgUnjail;
use cosmos_sdk_proto::cosmos::staking::v1beta1::{
    CommissionRates, Description, MsgBeginRedelegate, MsgCreateValidator, MsgDelegate,
    MsgEditValidator, MsgUndelegate, QueryDelegatorDelegationsRequest,
    QueryDelegatorDelegationsResponse,
};
use cosmos_sdk_proto::cosmwasm::wasm::v1::MsgExecuteContract;
use cosmrs::{AccountId, Any};
use fastrand::Rng;
use serde_json::{Value, json};

use super::wallet::{Wallet, any, stake};
use crate::node::Node;
use crate::rpc::Rpc;

/// Accounts that delegate.
const DELEGATORS: u8 = 6;

/// What each of them has at first.
const FUNDS: u64 = 10_000_000_000;

/// An account and its validator.
struct Operator {
    wallet: Wallet,
    validator: String,
}

/// Delegators, operators and payers.
pub struct Traffic {
    rpc: Rpc,
    pool: String,
    operators: Vec<Operator>,
    delegators: Vec<Wallet>,
    /// Makes a validator for a while.
    newcomer: Wallet,
    /// Fills the mempool.
    pub flooder: Wallet,
}

/// A decimal as messages have it: an integer with 18 places.
fn percent(percent: u64) -> String {
    (percent * 10_000_000_000_000_000).to_string()
}

impl Traffic {
    /// Opens and funds accounts; `owner` has its rewards of x/distribution sent to the pool from now on.
    pub fn start(node: &Node) -> Self {
        let rpc = node.rpc();
        let prefix = node.prefix();
        let operators = ["owner", "reporter", "alice"].map(|name| {
            let mut wallet = Wallet::new(&node.key(name), &prefix);
            wallet.open(rpc);
            let operator = ["keys", "show", name, "--bech", "val", "--address"];
            Operator {
                wallet,
                validator: node.run(&operator).trim().to_string(),
            }
        });
        let mut made: Vec<_> = (1..=DELEGATORS + 2)
            .map(|number| Wallet::new(&format!("{number:02x}").repeat(32), &prefix))
            .collect();
        let mut traffic = Traffic {
            rpc,
            pool: node.contract("pool"),
            operators: operators.into(),
            newcomer: made.pop().unwrap(),
            flooder: made.pop().unwrap(),
            delegators: made,
        };
        traffic.fund(node);
        traffic
    }

    fn fund(&mut self, node: &Node) {
        let [owner, _, alice] = &mut self.operators[..] else {
            panic!("three operators");
        };
        let mut others: Vec<_> = self.delegators.iter_mut().collect();
        others.extend([&mut self.newcomer, &mut self.flooder]);
        let to_all = others.iter().map(|it| {
            any(&MsgSend {
                from_address: alice.wallet.address.clone(),
                to_address: it.address.clone(),
                amount: vec![stake(FUNDS)],
            })
        });
        alice.wallet.send(self.rpc, to_all.collect()).unwrap();
        let to_pool = any(&MsgSetWithdrawAddress {
            delegator_address: owner.wallet.address.clone(),
            withdraw_address: self.pool.clone(),
        });
        owner.wallet.send(self.rpc, vec![to_pool]).unwrap();
        for _ in 0..8 {
            node.next_block();
        }
        for wallet in others {
            wallet.open(self.rpc);
        }
    }

    fn execute(&self, wallet: &Wallet, msg: &Value, funds: u64) -> Any {
        let funds = (funds > 0).then(|| stake(funds));
        any(&MsgExecuteContract {
            sender: wallet.address.clone(),
            contract: self.pool.clone(),
            msg: msg.to_string().into_bytes(),
            funds: funds.into_iter().collect(),
        })
    }

    /// One thing that somebody does. What the chain refuses changes nothing.
    pub fn step(&mut self, rng: &mut Rng) {
        let delegator = rng.usize(..self.delegators.len());
        let operator = rng.usize(..self.operators.len());
        let (messages, sender) = match rng.u8(..100) {
            0..25 => (self.delegate(delegator, rng), None),
            25..45 => (self.move_stake(delegator, rng), None),
            45..65 => {
                let wallet = &self.delegators[delegator];
                let amount = rng.u64(1..100_000_000);
                let deposit = self.execute(wallet, &json!({"deposit": {}}), amount);
                (vec![deposit], None)
            }
            65..75 => {
                let wallet = &self.delegators[delegator];
                let msg = json!({"withdraw_delegation": {}});
                (vec![self.execute(wallet, &msg, 0)], None)
            }
            75..90 => (self.route_fees(), Some(0)),
            _ => (self.operate(operator, rng), Some(operator)),
        };
        let wallet = match sender {
            Some(operator) => &mut self.operators[operator].wallet,
            None => &mut self.delegators[delegator],
        };
        if !messages.is_empty() {
            // A node that is away or has a full mempool takes nothing.
            let _ = wallet.send(self.rpc, messages);
        }
    }

    fn any_validator(&self, rng: &mut Rng) -> String {
        let operator = &self.operators[rng.usize(..self.operators.len())];
        operator.validator.clone()
    }

    fn delegate(&self, delegator: usize, rng: &mut Rng) -> Vec<Any> {
        vec![any(&MsgDelegate {
            delegator_address: self.delegators[delegator].address.clone(),
            validator_address: self.any_validator(rng),
            amount: Some(stake(rng.u64(1..2_000_000_000))),
        })]
    }

    /// Undelegates or redelegates a part of a delegation, or all of it.
    fn move_stake(&self, delegator: usize, rng: &mut Rng) -> Vec<Any> {
        let address = &self.delegators[delegator].address;
        let Some((from, there)) = rng.choice(self.delegations(address)) else {
            return Vec::new();
        };
        let amount = if rng.bool() { there } else { rng.u64(..=there) };
        let amount = Some(stake(amount));
        let message = if rng.bool() {
            any(&MsgUndelegate {
                delegator_address: address.clone(),
                validator_address: from,
                amount,
            })
        } else {
            any(&MsgBeginRedelegate {
                delegator_address: address.clone(),
                validator_src_address: from,
                validator_dst_address: self.any_validator(rng),
                amount,
            })
        };
        vec![message]
    }

    /// Where an account delegates, and how much. None while the node is away.
    fn delegations(&self, address: &str) -> Vec<(String, u64)> {
        let request = QueryDelegatorDelegationsRequest {
            delegator_addr: address.to_string(),
            pagination: None,
        };
        let method = "cosmos.staking.v1beta1.Query/DelegatorDelegations";
        let answer: Result<QueryDelegatorDelegationsResponse, _> =
            self.rpc.query(method, &request, 0);
        let delegations = answer.unwrap_or_default().delegation_responses;
        let delegations = delegations.into_iter();
        delegations
            .map(|it| {
                let amount = it.balance.unwrap().amount.parse().unwrap();
                (it.delegation.unwrap().validator_address, amount)
            })
            .collect()
    }

    /// The chain's own fees and inflation, as far as they are `owner`'s, come to the pool.
    fn route_fees(&self) -> Vec<Any> {
        let owner = &self.operators[0];
        vec![
            any(&MsgWithdrawDelegatorReward {
                delegator_address: owner.wallet.address.clone(),
                validator_address: owner.validator.clone(),
            }),
            any(&MsgWithdrawValidatorCommission {
                validator_address: owner.validator.clone(),
            }),
        ]
    }

    /// What operators do: return from jail, edit their commission, withdraw theirs of the pool.
    fn operate(&self, operator: usize, rng: &mut Rng) -> Vec<Any> {
        let Operator { wallet, validator } = &self.operators[operator];
        let keep = "[do-not-modify]".to_string();
        let message = match rng.u8(..4) {
            0 | 1 => any(&MsgUnjail {
                validator_addr: validator.clone(),
            }),
            2 => any(&MsgEditValidator {
                description: Some(Description {
                    moniker: keep.clone(),
                    identity: keep.clone(),
                    website: keep.clone(),
                    security_contact: keep.clone(),
                    details: keep,
                }),
                validator_address: validator.clone(),
                commission_rate: percent(if rng.bool() { 9 } else { 11 }),
                min_self_delegation: String::new(),
            }),
            _ => {
                let msg = json!({"withdraw_validator_commission": {"validator": validator}});
                self.execute(wallet, &msg, 0)
            }
        };
        vec![message]
    }

    /// A validator joins, which never signs.
    pub fn join(&mut self, node: &Node) {
        let account: AccountId = self.newcomer.address.parse().unwrap();
        let prefix = node.prefix() + "valoper";
        let validator = AccountId::new(&prefix, &account.to_bytes()).unwrap();
        let pubkey = PubKey { key: vec![9; 32] };
        #[expect(deprecated, reason = "the field `delegator_address` stays empty")]
        let message = any(&MsgCreateValidator {
            description: Some(Description {
                moniker: "newcomer".to_string(),
                ..Description::default()
            }),
            commission: Some(CommissionRates {
                rate: percent(20),
                max_rate: percent(30),
                max_change_rate: percent(1),
            }),
            min_self_delegation: "1".to_string(),
            delegator_address: String::new(),
            validator_address: validator.to_string(),
            pubkey: Some(any(&pubkey)),
            value: Some(stake(5_000_000_000)),
        });
        self.newcomer.send(self.rpc, vec![message]).unwrap();
    }

    /// It leaves, and is no validator any more when its stake is unbonded.
    pub fn leave(&mut self) {
        for (validator, amount) in self.delegations(&self.newcomer.address) {
            let message = any(&MsgUndelegate {
                delegator_address: self.newcomer.address.clone(),
                validator_address: validator,
                amount: Some(stake(amount)),
            });
            self.newcomer.send(self.rpc, vec![message]).unwrap();
        }
    }
}
