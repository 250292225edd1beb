//! No payload makes `sudo` return an error: on the chains that call it an error fails a stranger's
//! staking transaction or halts the chain. What a pool does not take leaves everything as it was.
//!
//! A payload is any JSON value; chains send nothing else, and what is no JSON never gets as far as
//! the contract. Failing seeds are kept in `tests/fee_pool/proptest-regressions/sudo.txt`.

use anyhow::{Context as _, Result, anyhow, ensure};
use cosmwasm_std::{Decimal, Uint256};
use cw_multi_test::AppResponse;
use oracles::ledger::{FeeLedger, FeeParams};
use proptest::prelude::*;
use serde_json::{Value, json};
use testkit::chain::ValidatorTerms;
use testkit::fee_pool::{AccountingKind, FeePoolSuite, Harness};

use crate::lists::lists;
use crate::odd_json::Json;
use crate::payloads::{self, DELEGATORS, VALIDATORS, operator};
use crate::property::{Trial, regressions};

/// Whom a pool believes, how it keeps its books, and whether it moves money.
#[derive(Clone, Debug)]
struct Kind {
    source: Value,
    accounting: AccountingKind,
    active: bool,
}

/// All kinds of pools there are.
fn kinds() -> Vec<Kind> {
    let sources = [
        json!("reporter"),
        json!({"hooks": {"dialect": "juno"}}),
        json!({"hooks": {"dialect": "neutron"}}),
    ];
    let mut kinds = Vec::new();
    for source in sources {
        for accounting in AccountingKind::ALL {
            // Most of a pool's life it is active.
            for active in [true, true, false] {
                kinds.push(Kind {
                    source: source.clone(),
                    accounting,
                    active,
                });
            }
        }
    }
    kinds
}

/// What a pool may hear of staking, by its source.
#[derive(Clone, Debug)]
struct BySource {
    juno: Json,
    neutron: Json,
    event: Json,
}

fn by_source() -> impl Strategy<Value = BySource> {
    let more_or_less = |well_meant: BoxedStrategy<Json>| prop_oneof![2 => well_meant.clone(), 1 => payloads::mutated(well_meant)];
    let event = payloads::staking_event()
        .prop_map(|event| Json::object([("staking_event", event)]))
        .boxed();
    (
        more_or_less(payloads::juno_hook()),
        more_or_less(payloads::neutron_hook()),
        more_or_less(event),
    )
        .prop_map(|(juno, neutron, event)| BySource {
            juno,
            neutron,
            event,
        })
}

/// What happens on the chain.
#[derive(Clone, Debug)]
enum Happening {
    /// The chain sends what this pool listens to, more or less.
    OfItsSource(BySource),
    /// The chain sends anything.
    Payload(Json),
    /// A block passes in which so much came in.
    NextBlock { fees: u128 },
    /// Staking knows a validator with these terms, or forgets it.
    Validator {
        validator: usize,
        /// In hundredths: also what no chain would say.
        terms: Option<[u64; 3]>,
    },
    /// Staking knows so many tokens of a delegation.
    Delegation {
        delegator: usize,
        validator: usize,
        tokens: Uint256,
    },
}

fn happening() -> impl Strategy<Value = Happening> {
    let payload = prop_oneof![
        1 => payloads::well_meant(),
        1 => payloads::mutated(payloads::well_meant()),
        1 => payloads::anything(),
    ];
    let percent = || prop::sample::select(vec![0, 5, 10, 100, 150]);
    let tokens = prop::sample::select(vec![
        Uint256::zero(),
        Uint256::one(),
        Uint256::from(1_000_000u128),
        Uint256::from(10u128.pow(30)),
        Uint256::from(u128::MAX),
        Uint256::MAX,
    ]);
    prop_oneof![
        10 => by_source().prop_map(Happening::OfItsSource),
        10 => payload.prop_map(Happening::Payload),
        3 => (0..10_000u128).prop_map(|fees| Happening::NextBlock { fees }),
        2 => (
            0..VALIDATORS.len(),
            prop::option::weighted(0.7, [percent(), percent(), percent()]),
        )
            .prop_map(|(validator, terms)| Happening::Validator { validator, terms }),
        2 => (0..DELEGATORS.len(), 0..VALIDATORS.len(), tokens).prop_map(
            |(delegator, validator, tokens)| Happening::Delegation {
                delegator,
                validator,
                tokens,
            },
        ),
    ]
}

/// A pool on a chain that sends it anything.
struct Pool {
    source: Value,
    /// Its ledger gets none of it: only the checks of the pool's own books are used.
    harness: Harness,
    active: bool,
}

impl Pool {
    fn begin(kind: &Kind) -> Result<Self> {
        let suite = FeePoolSuite::builder()
            .with("source", kind.source.clone())
            .accounting(kind.accounting)
            .with("active", json!(kind.active))
            .build()?;
        let ledger = FeeLedger::new(FeeParams::default())?;
        let mut pool = Pool {
            source: kind.source.clone(),
            harness: Harness::new(suite, ledger)?,
            active: kind.active,
        };
        pool.settle_in(&kind.source)?;
        Ok(pool)
    }

    fn suite(&mut self) -> &mut FeePoolSuite {
        &mut self.harness.suite
    }

    /// All but the last validator exist and have a delegation; the chain says so in its way,
    /// and the pool takes all of it.
    fn settle_in(&mut self, source: &Value) -> Result<()> {
        for name in &VALIDATORS[..3] {
            self.validator(name, Some([10, 100, 100]))?;
            self.delegation("d0", name, Uint256::from(1_000_000u128))?;
            let created = match source.as_str() {
                Some(_) => json!({"staking_event": {"validator_created": {
                    "validator": format!("@@{name}"),
                    "commission": {"rate": "0.1", "max_rate": "1", "max_change_rate": "1"},
                }}}),
                None => json!({"after_validator_created": {
                    "val_addr": format!("@@{name}"), "validator_address": format!("@@{name}"),
                }}),
            };
            self.taken(created)?;
            match source.as_str() {
                Some(_) => self.taken(json!({"staking_event": {"delegation_changed": {
                    "delegator": "@d0", "validator": format!("@@{name}"), "shares": "1000000",
                }}}))?,
                None => self.taken(json!({"after_delegation_modified": {
                    "val_addr": format!("@@{name}"), "validator_address": format!("@@{name}"),
                    "del_addr": "@d0", "delegator_address": "@d0", "shares": "1000000.0",
                }}))?,
            }
        }
        if self.active {
            self.usual_block()?;
        }
        Ok(())
    }

    /// A block with fees is sent and split.
    fn usual_block(&mut self) -> Result<()> {
        let suite = self.suite();
        suite.next_block();
        suite.send("fees", "pool", 1_000, "uatom")?;
        let votes: Vec<Value> = VALIDATORS[..3]
            .iter()
            .map(|name| json!({"validator": format!("@@{name}"), "power": "1", "signed": true}))
            .collect();
        self.taken(json!({"begin_block": {
            "proposer": "@@v0", "last_commit": {"votes": votes},
        }}))?;
        let ledger = self.invariants()?;
        ensure!(ledger["difference"] == "0", "not split: {ledger}");
        Ok(())
    }

    fn taken(&mut self, msg: Value) -> Result<()> {
        let response = self.suite().sudo(msg.clone())?;
        ensure!(refused(&response).is_none(), "{msg} is not taken");
        Ok(())
    }

    fn validator(&mut self, name: &str, terms: Option<[u64; 3]>) -> Result<()> {
        let chain = &mut self.suite().chain;
        let operator = chain.operator(name);
        let done = match terms.map(|percents| percents.map(Decimal::percent)) {
            None => chain.remove_validator(&operator),
            Some([commission, max_commission, max_change_rate]) => chain.set_validator(
                &operator,
                &ValidatorTerms {
                    commission,
                    max_commission,
                    max_change_rate,
                },
            ),
        };
        done.map_err(|error| anyhow!("{error}"))
    }

    fn delegation(&mut self, delegator: &str, validator: &str, tokens: Uint256) -> Result<()> {
        let chain = &mut self.suite().chain;
        let operator = chain.operator(validator);
        let known = chain
            .validator(&operator)
            .map_err(|error| anyhow!("{error}"))?;
        if known.is_none() {
            return Ok(());
        }
        let delegator = chain.account(delegator);
        chain
            .set_delegation(&delegator, &operator, tokens)
            .map_err(|error| anyhow!("{error}"))
    }

    fn invariants(&self) -> Result<Value> {
        let answer = self.harness.suite.query(json!({"invariants": {}}))?;
        Ok(answer["denoms"][0].clone())
    }

    fn happens(&mut self, happening: &Happening) -> Result<()> {
        match happening {
            Happening::OfItsSource(payload) => {
                let json = match self.source["hooks"]["dialect"].as_str() {
                    Some("juno") => &payload.juno,
                    Some(_) => &payload.neutron,
                    None => &payload.event,
                };
                self.receive(&json.to_string())
            }
            Happening::Payload(json) => self.receive(&json.to_string()),
            Happening::NextBlock { fees } => {
                self.suite().next_block();
                if *fees > 0 {
                    self.suite().send("fees", "pool", *fees, "uatom")?;
                }
                Ok(())
            }
            Happening::Validator { validator, terms } => {
                self.validator(VALIDATORS[*validator], *terms)
            }
            Happening::Delegation {
                delegator,
                validator,
                tokens,
            } => self.delegation(DELEGATORS[*delegator], VALIDATORS[*validator], *tokens),
        }
    }

    /// The chain calls `sudo`: it succeeds, and what is not taken changes nothing.
    fn receive(&mut self, payload: &str) -> Result<()> {
        let stored = self.harness.suite.dump();
        let before = self.invariants()?;
        let pool = self.harness.suite.pool.clone();
        let response = self
            .suite()
            .chain
            .sudo_bytes(&pool, payload.as_bytes())
            .map_err(|error| anyhow!("sudo fails: {error}"))?;
        self.suite().events.take(&pool, &response.events)?;

        let after = self.invariants()?;
        let names = names(&response);
        if let Some(refusal) = refused(&response) {
            ensure!(names == [refusal], "{refusal} among {names:?}");
            ensure!(
                self.harness.suite.dump() == stored,
                "{refusal}, but changed"
            );
        }
        ensure!(after["balance"] == before["balance"], "sudo moves money");
        if names.contains(&"begin_block") {
            ensure!(after["difference"] == "0", "not all is split: {after}");
        } else {
            let same = after["difference"] == before["difference"];
            ensure!(same, "what waits changed: {before} to {after}");
        }
        Ok(())
    }

    /// The pool is as good as before: the next usual block is split, and everybody can withdraw.
    fn goes_on(&mut self) -> Result<()> {
        self.harness.check_audit(3)?;
        if !self.active {
            return Ok(());
        }
        // A chain that answers as chains do.
        for name in VALIDATORS {
            self.validator(name, Some([10, 100, 100]))?;
            for delegator in DELEGATORS {
                self.delegation(delegator, name, Uint256::from(1_000u128))?;
            }
        }
        self.usual_block()?;
        for name in &VALIDATORS[..3] {
            self.suite().withdraw_commission(name)?;
            for delegator in DELEGATORS {
                self.suite().withdraw(delegator, name)?;
            }
        }
        self.harness.check_audit(100)
    }
}

/// The pool's events, by name.
fn names(response: &AppResponse) -> Vec<&str> {
    let names = response.events.iter();
    names
        .filter_map(|event| event.ty.strip_prefix("wasm-"))
        .collect()
}

/// The event that says that a payload was not taken.
fn refused(response: &AppResponse) -> Option<&str> {
    let mut names = names(response).into_iter();
    names.find(|name| ["hook_ignored", "units_bound"].contains(name))
}

#[test]
fn whatever_the_chain_sends_is_taken_or_ignored() {
    Trial {
        cases: 250,
        regressions: regressions!("fee_pool", "sudo"),
    }
    .holds(
        &(lists(happening(), 40..=50), prop::sample::select(kinds())),
        |(happenings, kind)| {
            let mut pool = Pool::begin(kind).context("the beginning")?;
            for (number, happening) in happenings.iter().enumerate() {
                pool.happens(happening)
                    .with_context(|| format!("{number}, {happening:?}"))?;
            }
            pool.goes_on().context("in the end")
        },
    );
}

/// Every kind of pool gets the payload, and goes on.
#[track_caller]
fn sent_to_all(payload: &str) {
    for kind in kinds() {
        let mut pool = Pool::begin(&kind).unwrap();
        if let Err(error) = pool.receive(payload).and_then(|()| pool.goes_on()) {
            panic!("{}: {error:#}", payload.get(..100).unwrap_or(payload));
        }
    }
}

#[test]
fn depth_and_length_do_no_harm() {
    let deep = |text: &str, end: &str| format!("{}{}", text.repeat(50_000), end.repeat(50_000));
    let long = "x".repeat(200_000);
    for body in [
        deep("[", "]"),
        format!("{}1{}", r#"{"a":"#.repeat(50_000), "}".repeat(50_000)),
        format!("\"{long}\""),
        format!("1{}", "0".repeat(200_000)),
    ] {
        sent_to_all(&body);
        for name in ["begin_block", "staking_event", "after_delegation_modified"] {
            sent_to_all(&format!(r#"{{"{name}":{body}}}"#));
            sent_to_all(&format!(
                r#"{{"{name}":{{"validator_address":{body},"val_addr":{body},"proposer":{body}}}}}"#
            ));
        }
    }
    sent_to_all(&format!(r#"{{"{long}":{{}}}}"#));
}

#[test]
fn too_many_votes_are_ignored() {
    let votes = (0..1_001).map(|number| {
        Json::object([
            ("validator", operator(&format!("number {number}"))),
            ("power", Json::text("1")),
            ("signed", Json::written(true)),
        ])
    });
    let last_commit = Json::object([("votes", Json::List(votes.collect()))]);
    let block = Json::object([("last_commit", last_commit)]);
    sent_to_all(&Json::object([("begin_block", block)]).to_string());
}

#[test]
fn what_is_taken_does_change_something() {
    let mut pool = Pool::begin(&Kind {
        source: json!({"hooks": {"dialect": "juno"}}),
        accounting: AccountingKind::F1,
        active: true,
    })
    .unwrap();
    let stored = pool.harness.suite.dump();
    let hook = |shares: &str| {
        let pair = [
            ("validator_address", operator("v0")),
            ("delegator_address", payloads::account("d1")),
            ("shares", Json::text(shares)),
        ];
        Json::object([("after_delegation_modified", Json::object(pair))]).to_string()
    };
    pool.receive(&hook("10000000000000001")).unwrap();
    assert!(pool.harness.suite.dump() == stored, "beyond the bound");
    pool.receive(&hook("1000000")).unwrap();
    assert!(pool.harness.suite.dump() != stored, "within the bound");
}
