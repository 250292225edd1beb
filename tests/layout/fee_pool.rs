//! Fee pools of both accountings that hold every kind of record, made through their messages.

use anyhow::Result;
use cosmwasm_std::{Coin, Decimal};
use serde_json::{Value, json};
use testkit::chain::ValidatorTerms;
use testkit::fee_pool::{AccountingKind, FeePoolBuilder, FeePoolSuite};

use crate::Layout;
use crate::fixture::Fixture;

pub const F1: Layout = Layout {
    contract: "fee-pool",
    kinds: &[
        "accounts",
        "announced",
        "config",
        "contract_info",
        "delegations",
        "delegators",
        "earnings",
        "limits",
        "newer_than_import",
        "ownership",
        "pool",
        "powers",
        "reporters",
        "sharing",
        "undelivered",
        "undelivered_turn",
    ],
    today: || fixtures(AccountingKind::F1),
};

pub const LAZY: Layout = Layout {
    contract: "lazy-fee-pool",
    kinds: &[
        "accounts",
        "announced",
        "config",
        "contract_info",
        "delegations",
        "delegators",
        "limits",
        "log",
        "newer_than_import",
        "op",
        "ownership",
        "pool",
        "powers",
        "pp",
        "reporters",
        "sh",
        "to",
        "undelivered",
        "undelivered_turn",
        "va",
    ],
    today: || fixtures(AccountingKind::Lazy),
};

const DENOMS: [&str; 3] = [
    "uatom",
    "ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2",
    "factory/minter/gold",
];

/// A pool after a life with everything in it, one with hooks, and one that is still importing.
fn fixtures(accounting: AccountingKind) -> Result<Vec<Fixture>> {
    Ok(vec![
        fixture("active", active(accounting)?)?,
        fixture("hooks", announced(accounting)?)?,
        fixture("importing", importing(accounting)?)?,
    ])
}

fn fixture(name: &str, suite: FeePoolSuite) -> Result<Fixture> {
    let questions = questions(&suite);
    Fixture::of(&suite, name, &DENOMS, questions)
}

fn builder(accounting: AccountingKind) -> FeePoolBuilder {
    let mut builder = FeePoolSuite::builder();
    for denom in &DENOMS[1..] {
        builder = builder.balance("fees", 10u128.pow(30), denom);
    }
    for denom in DENOMS {
        builder = builder.balance("owner", 1_000, denom);
    }
    builder
        .accounting(accounting)
        .with("reward_denoms", json!(DENOMS))
        .with("active", json!(false))
        .with(
            "reporters",
            json!({"block": ["@reporter", "@chain"], "staking": ["@reporter"]}),
        )
        .with(
            "params",
            json!({"community_tax": "0.03", "equal_share": "0.1"}),
        )
}

/// A pool with an imported state of which a part is covered, and newer events.
fn importing(accounting: AccountingKind) -> Result<FeePoolSuite> {
    let mut suite = builder(accounting).build()?;
    let validator = |name: &str, power: &str, rate: &str| {
        json!({
            "validator": format!("@@{name}"), "power": power,
            "commission": {"rate": rate, "max_rate": "0.5", "max_change_rate": "0.1"},
        })
    };
    let delegation = |delegator: &str, validator: &str, shares: &str| {
        json!({
            "delegator": format!("@{delegator}"), "validator": format!("@@{validator}"),
            "shares": shares,
        })
    };
    suite.execute(
        "owner",
        json!({"import": {
            "validators": [
                validator("v1", "700", "0.1"),
                validator("v2", "200", "0.05"),
                validator("v3", "100", "0"),
            ],
            "delegations": [
                delegation("v1", "v1", "300.5"),
                delegation("alice", "v1", "400.123456"),
                delegation("alice", "v2", "150"),
                delegation("bob", "v2", "50"),
                delegation("carol", "v3", "100"),
            ],
        }}),
    )?;
    let dec_coin = |amount: &str, denom: &str| json!({"denom": denom, "amount": amount});
    let rewards = |delegator: &str, validator: &str, rewards: Value| {
        json!({
            "delegator": format!("@{delegator}"), "validator": format!("@@{validator}"),
            "rewards": rewards,
        })
    };
    suite.execute_with(
        "owner",
        json!({"import": {
            "withdraw_addresses": [{"delegator": "@bob", "withdraw_address": "@cold"}],
            "delegator_rewards": [
                rewards("alice", "v1", json!([
                    dec_coin("3.25", DENOMS[2]), dec_coin("12.000000000000000001", "uatom"),
                ])),
                // It has left.
                rewards("dave", "v2", json!([dec_coin("5.5", DENOMS[1])])),
            ],
            "commissions": [{"validator": "@@v2", "commission": [dec_coin("7.75", "uatom")]}],
            "community_pool": [dec_coin("30.125", "uatom")],
        }}),
        vec![Coin::new(40u128, "uatom")],
    )?;
    suite.execute(
        "dave",
        json!({"set_withdraw_address": {"withdraw_address": "@cold"}}),
    )?;
    // Newer than what a later page of the import may say.
    suite.create_validator("v4", "0.2")?;
    suite.set_power("v4", 40)?;
    suite.set_shares("bob", "v4", "40")?;
    suite.send("fees", "pool", 1_000, "uatom")?;
    Ok(suite)
}

/// A pool in the middle of its life.
fn active(accounting: AccountingKind) -> Result<FeePoolSuite> {
    let mut suite = importing(accounting)?;
    let funds = [(5u128, DENOMS[2]), (6, DENOMS[1]), (11, "uatom")];
    let funds = funds.map(|(amount, denom)| Coin::new(amount, denom));
    suite.execute_with("owner", json!({"activate": {}}), funds.into())?;
    let vote = |name: &str, power: u64, signed: bool| json!({"validator": format!("@@{name}"), "power": power.to_string(), "signed": signed});
    // The vote of a validator without a record makes one.
    let votes = json!({"votes": [
        vote("v1", 700, true), vote("v2", 200, true), vote("v3", 100, false), vote("v4", 40, true),
        vote("v5", 11, true),
    ]});
    split(&mut suite, "v1", &votes)?;
    split(&mut suite, "v3", &json!({"signed_power": "950"}))?;

    suite.staking_event(json!({"validator_slashed": {"validator": "@@v2", "fraction": "0.05"}}))?;
    suite.set_power("v2", 190)?;
    suite.staking_event(json!({"commission_changed": {"validator": "@@v4", "rate": "0.25"}}))?;
    suite.set_shares("bob", "v1", "77.7")?;
    suite.set_shares("carol", "v3", "0")?;
    suite.set_shares("carol", "v2", "99")?;
    split(&mut suite, "v2", &json!({"signed_power": "900"}))?;

    suite.staking_event(json!({"validator_removed": {"validator": "@@v3"}}))?;
    suite.execute("v1", json!({"edit_commission": {"rate": "0.15"}}))?;
    suite.execute_with(
        "fees",
        json!({"deposit_validator_rewards": {"allocations": [
            {"validator": "@@v5", "amount": [{"denom": "uatom", "amount": "123"}]},
        ]}}),
        vec![Coin::new(123u128, "uatom")],
    )?;
    suite.execute_with(
        "fees",
        json!({"fund_community_pool": {}}),
        vec![Coin::new(77u128, DENOMS[1])],
    )?;
    settings(&mut suite)?;
    let vault = suite.account("vault");
    suite.chain.block_transfers_to(&vault)?;
    suite.withdraw("alice", "v1")?;
    suite.withdraw("v1", "v1")?;
    split(&mut suite, "v4", &json!({"signed_power": "1000"}))?;
    // Fees of the next block.
    suite.send("fees", "pool", 555, "uatom")?;
    Ok(suite)
}

/// A pool with commissions that the chain announced: one was read, one was dropped for want of an
/// answer, one waits for the next block.
fn announced(accounting: AccountingKind) -> Result<FeePoolSuite> {
    let mut suite = builder(accounting)
        .with("active", json!(true))
        .with("source", json!({"hooks": {"dialect": "juno"}}))
        .build()?;
    let validator = |name: &str| {
        json!({
            "moniker": name, "validator_address": format!("@@{name}"), "commission": "0.1",
            "validator_tokens": "1", "bonded_tokens": "1", "bond_status": "BOND_STATUS_BONDED",
        })
    };
    let delegation = |name: &str, shares: &str| {
        json!({"after_delegation_modified": {
            "validator_address": format!("@@{name}"), "delegator_address": "@alice",
            "shares": shares,
        }})
    };
    for (name, power) in [("v1", 700), ("v2", 200), ("v3", 60), ("v4", 40)] {
        suite.sudo(json!({"after_validator_created": validator(name)}))?;
        suite.set_power(name, power)?;
        suite.sudo(delegation(name, "100.5"))?;
    }
    split(&mut suite, "v1", &json!({"signed_power": "900"}))?;
    for name in ["v1", "v2"] {
        suite.sudo(json!({"before_validator_modified": validator(name)}))?;
    }
    let terms = ValidatorTerms {
        commission: Decimal::percent(20),
        max_commission: Decimal::one(),
        max_change_rate: Decimal::one(),
    };
    let operator = suite.operator("v1");
    suite.chain.set_validator(&operator, &terms)?;
    split(&mut suite, "v2", &json!({"signed_power": "900"}))?;
    suite.sudo(delegation("v1", "70"))?;
    split(
        &mut suite,
        "v2",
        &json!({"signed_power": "900", "changed": [{"validator": "@@v4", "power": "55"}]}),
    )?;
    suite.sudo(json!({"before_validator_modified": validator("v3")}))?;
    Ok(suite)
}

/// What accounts and the owner may set.
fn settings(suite: &mut FeePoolSuite) -> Result<()> {
    suite.execute(
        "alice",
        json!({"set_withdraw_address": {"withdraw_address": "@vault"}}),
    )?;
    suite.execute("bob", json!({"set_claimer": {"claimer": "@helper"}}))?;
    suite.execute(
        "owner",
        json!({"update_params": {"bonus_proposer_reward": "0.02"}}),
    )?;
    suite.execute(
        "owner",
        json!({"update_reward_denoms": {"remove": [DENOMS[2]]}}),
    )?;
    suite.execute(
        "owner",
        json!({"update_ownership": {"transfer_ownership": {
            "new_owner": "@council", "expiry": {"at_height": 99_999_999},
        }}}),
    )?;
    Ok(())
}

/// A block with fees of every denom.
fn split(suite: &mut FeePoolSuite, proposer: &str, commit: &Value) -> Result<()> {
    suite.next_block();
    for (amount, denom) in [1_000_003u128, 7_001, 999].into_iter().zip(DENOMS) {
        suite.send("fees", "pool", amount, denom)?;
    }
    suite.execute(
        "reporter",
        json!({"begin_block": {"proposer": format!("@@{proposer}"), "last_commit": commit}}),
    )?;
    Ok(())
}

/// Everything that can be asked, but for the audit.
fn questions(suite: &FeePoolSuite) -> Vec<Value> {
    let is_lazy = suite.accounting == AccountingKind::Lazy;
    let mut questions: Vec<Value> = [
        "config",
        "params",
        "reporters",
        "reward_denoms",
        "last_block",
        "community_pool",
        "validators",
        "validator_set",
        "ownership",
        "invariants",
    ]
    .map(|name| json!({name: {}}))
    .into();
    let named = ["@@v1", "@@v2", "@@v3", "@@v4", "@@v5", "@@nobody"];
    let known = json!({"validators_known": {"validators": named}});
    // Nobody is said to be unknown before activation.
    if suite.query(known.clone()).is_ok() {
        questions.push(known);
    }
    for name in ["v1", "v2", "v3", "v4", "v5"] {
        if suite
            .query(json!({"validator": {"validator": format!("@@{name}")}}))
            .is_err()
        {
            continue;
        }
        for query in [
            "validator",
            "validator_outstanding_rewards",
            "validator_commission",
            "validator_current_rewards",
            "validator_distribution_info",
            "validator_delegations",
        ] {
            questions.push(json!({query: {"validator": format!("@@{name}")}}));
        }
        if is_lazy {
            questions.push(json!({"commission_adjustment": {"validator": format!("@@{name}")}}));
        }
    }
    for (delegator, validator) in [
        ("v1", "v1"),
        ("alice", "v1"),
        ("alice", "v2"),
        ("bob", "v2"),
        ("bob", "v4"),
        ("carol", "v3"),
        ("dave", "v2"),
    ] {
        let whose = json!({
            "delegator": format!("@{delegator}"), "validator": format!("@@{validator}"),
        });
        questions.push(json!({"delegation": whose}));
        questions.push(json!({"delegation_rewards": whose}));
        if is_lazy {
            questions.push(json!({"delegation_adjustment": whose}));
        }
    }
    for delegator in ["alice", "bob", "carol", "dave"] {
        for query in [
            "delegator_delegations",
            "delegation_total_rewards",
            "delegator_validators",
            "delegator_withdraw_address",
            "claimer",
        ] {
            questions.push(json!({query: {"delegator": format!("@{delegator}")}}));
        }
        questions.push(json!({"undelivered": {"account": format!("@{delegator}")}}));
    }
    questions.push(json!({"undelivered": {"account": "@vault"}}));
    if is_lazy {
        questions.push(json!({"power_changes": {"limit": 100}}));
    }
    questions
}
