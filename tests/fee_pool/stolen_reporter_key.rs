//! Who has the keys of the block reporter and of the staking reporter decides how future fees are
//! split. Nothing that it sends lowers what anybody has earned until then.
//!
//! What is held: before and after every message the points (10^-36 base units) that each delegation
//! and each commission could claim, and those of the community pool; none is ever less than it was,
//! but for what the thief withdraws from delegations of its own. In the end everybody is paid what
//! it had when the keys were stolen. For the source `reporter`, and for `hooks`, where a reporter is
//! believed for powers and blocks only. Failing seeds are kept in
//! `tests/fee_pool/proptest-regressions/stolen_reporter_key.txt`.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, anyhow, ensure};
use num_bigint::BigInt;
use proptest::prelude::*;
use serde_json::json;
use serde_json::value::RawValue;
use testing::fee_pool::{FeePoolSuite, Twin};
use testing::ledger::{FeeLedger, FeeParams, Recipient};

use crate::lists::lists;
use crate::odd_json::Json;
use crate::payloads::{self, DELEGATORS, VALIDATORS, account};
use crate::property::{Trial, regressions};

/// The account whose keys are stolen.
const THIEF: &str = "reporter";

/// A validator before the theft.
#[derive(Clone, Debug)]
struct Honest {
    /// In hundredths.
    commission: u64,
    power: u32,
    /// Shares of the delegators.
    shares: [u32; 3],
}

/// What was before the theft.
#[derive(Clone, Debug)]
struct Before {
    hooks: bool,
    validators: [Honest; 3],
    fees: Vec<u64>,
}

fn before() -> impl Strategy<Value = Before> {
    let honest = || {
        (
            0..=100u64,
            0..1_000u32,
            prop::array::uniform3(prop_oneof![0..1_000u32, any::<u32>()]),
        )
            .prop_map(|(commission, power, shares)| Honest {
                commission,
                power,
                shares,
            })
    };
    (
        any::<bool>(),
        [honest(), honest(), honest()],
        prop::collection::vec(any::<u64>(), 1..4),
    )
        .prop_map(|(hooks, validators, fees)| Before {
            hooks,
            validators,
            fees,
        })
}

/// What happens after it.
#[derive(Clone, Debug)]
enum Happening {
    /// The thief sends a message.
    Message(Json),
    /// A block passes in which so much came in.
    NextBlock { fees: u64 },
}

fn happening() -> impl Strategy<Value = Happening> {
    let staking = payloads::staking_event()
        .prop_map(|event| Json::object([("staking_event", event)]))
        .boxed();
    let block = payloads::begin_block()
        .prop_map(|block| Json::object([("begin_block", block)]))
        .boxed();
    let message = prop_oneof![
        5 => staking.clone(),
        2 => payloads::mutated(staking),
        4 => block.clone(),
        1 => payloads::mutated(block),
        2 => others_business(),
        1 => payloads::anything(),
    ];
    prop_oneof![
        6 => message.prop_map(Happening::Message),
        1 => any::<u64>().prop_map(|fees| Happening::NextBlock { fees }),
    ]
}

/// Messages that are not for a reporter, and withdrawals of what it has given itself.
fn others_business() -> impl Strategy<Value = Json> {
    let victim = prop::sample::select([&DELEGATORS[..], &VALIDATORS[..], &[THIEF]].concat());
    (victim, payloads::validator(), 0..10usize).prop_map(|(victim, validator, which)| {
        let (victim, thief) = (account(victim), account(THIEF));
        let one = || Json::text("1");
        let (name, body) = match which {
            0 => (
                "withdraw_delegator_reward",
                Json::object([("validator", validator), ("delegator", victim)]),
            ),
            1 => (
                "withdraw_delegation",
                Json::object([("delegator", victim), ("withdraw_address", thief)]),
            ),
            2 => (
                "withdraw_validator_commission",
                Json::object([("validator", validator)]),
            ),
            3 => (
                "withdraw_validator",
                Json::object([("validator", validator), ("withdraw_address", thief)]),
            ),
            4 => ("edit_commission", Json::object([("rate", one())])),
            5 => ("update_params", Json::object([("community_tax", one())])),
            6 => (
                "community_pool_spend",
                Json::object([
                    ("recipient", thief),
                    (
                        "amount",
                        Json::List(vec![Json::object([
                            ("denom", Json::text("uatom")),
                            ("amount", one()),
                        ])]),
                    ),
                ]),
            ),
            7 => (
                "delegation_changed",
                Json::object([
                    ("delegator", thief),
                    ("validator", validator),
                    ("shares", one()),
                ]),
            ),
            8 => (
                "refresh_validator",
                Json::object([("validator", validator)]),
            ),
            _ => (
                "import",
                Json::object([
                    ("validators", Json::List(vec![])),
                    ("delegations", Json::List(vec![])),
                ]),
            ),
        };
        if name == "delegation_changed" {
            let event = Json::object([(name, body)]);
            return Json::object([("staking_event", event)]);
        }
        Json::object([(name, body)])
    })
}

/// Points by who can claim them.
type Claims = BTreeMap<String, BigInt>;

struct Pool {
    twin: Twin,
}

impl Pool {
    fn begin(before: &Before) -> Result<Self> {
        let source = if before.hooks {
            json!({"hooks": {"dialect": "juno"}})
        } else {
            json!("reporter")
        };
        let mut suite = FeePoolSuite::builder().with("source", source).build()?;
        for (name, honest) in VALIDATORS.iter().zip(&before.validators) {
            let operator = format!("@@{name}");
            let rate = format!("{}.{:02}", honest.commission / 100, honest.commission % 100);
            if before.hooks {
                suite.sudo(json!({"after_validator_created": {
                    "validator_address": operator, "commission": rate,
                }}))?;
            } else {
                suite.create_validator(name, &rate)?;
            }
            suite.set_power(name, honest.power.into())?;
            for (delegator, shares) in DELEGATORS.iter().zip(&honest.shares) {
                if before.hooks {
                    suite.sudo(json!({"after_delegation_modified": {
                        "validator_address": operator,
                        "delegator_address": format!("@{delegator}"),
                        "shares": format!("{shares}.0"),
                    }}))?;
                } else {
                    suite.set_shares(delegator, name, &shares.to_string())?;
                }
            }
        }
        for fees in &before.fees {
            let all = json!({"signed_power": u64::MAX.to_string()});
            suite.block((*fees).into(), Some("v0"), all)?;
        }
        let ledger = FeeLedger::new(FeeParams::default())?;
        Ok(Pool {
            twin: Twin::new(suite, ledger)?,
        })
    }

    /// What everybody but the thief can claim.
    fn claims(&self) -> Result<Claims> {
        let mut claims = Claims::new();
        let mut note = |recipient: Recipient| -> Result<()> {
            let points = self.twin.points(recipient)?.remove(0);
            claims.insert(recipient.to_string(), points);
            Ok(())
        };
        note(Recipient::CommunityPool)?;
        let known = self.twin.suite.query(json!({"validators": {}}))?;
        for validator in known["validators"].as_array().context("validators")? {
            let operator = validator["validator"].as_str().context("validator")?;
            note(Recipient::Commission {
                validator: operator,
            })?;
            for delegator in DELEGATORS.iter().chain(&VALIDATORS) {
                note(Recipient::Delegation {
                    delegator,
                    validator: operator,
                })?;
            }
        }
        Ok(claims)
    }

    fn happens(&mut self, happening: &Happening) -> Result<()> {
        let suite = &mut self.twin.suite;
        match happening {
            Happening::NextBlock { fees } => {
                suite.next_block();
                suite.send("fees", "pool", u128::from(*fees) + 1, "uatom")
            }
            Happening::Message(json) => {
                let msg = RawValue::from_string(json.to_string())?;
                let (thief, pool) = (suite.account(THIEF), suite.pool.clone());
                match suite.chain.execute(&thief, &pool, &msg, &[]) {
                    Ok(response) => suite.events.take(&pool, &response.events),
                    Err(error) => {
                        let panicked = error.to_string().contains(testing::chain::ABORTED);
                        ensure!(!panicked, "{error}");
                        Ok(())
                    }
                }
            }
        }
    }

    /// Everybody withdraws and is paid at least what it had at the time of the theft.
    fn pays(&mut self, stolen_at: &Claims) -> Result<()> {
        let per_coin = BigInt::from(10u8).pow(36);
        let operators: BTreeMap<String, &str> = VALIDATORS
            .iter()
            .map(|name| (self.twin.suite.operator(name), *name))
            .collect();
        for (operator, name) in &operators {
            for delegator in DELEGATORS {
                let claim = Recipient::Delegation {
                    delegator,
                    validator: operator,
                };
                let Some(points) = stolen_at.get(&claim.to_string()) else {
                    continue;
                };
                let before = self.twin.suite.balance(delegator, "uatom");
                self.twin.suite.withdraw(delegator, name)?;
                let paid = self.twin.suite.balance(delegator, "uatom") - before;
                let paid: BigInt = paid.to_string().parse()?;
                ensure!(paid >= points / &per_coin, "{claim}: {paid} of {points}");
            }
            let claim = Recipient::Commission {
                validator: operator,
            };
            if let Some(points) = stolen_at.get(&claim.to_string()) {
                let before = self.twin.suite.balance(name, "uatom");
                self.twin.suite.withdraw_commission(name)?;
                let paid = self.twin.suite.balance(name, "uatom") - before;
                let paid: BigInt = paid.to_string().parse()?;
                ensure!(paid >= points / &per_coin, "{claim}: {paid} of {points}");
            }
        }
        self.twin.check_audit(100)
    }
}

fn nothing_earned_is_lost(before: &Before, happenings: &[Happening]) -> Result<()> {
    let mut pool = Pool::begin(before).context("the beginning")?;
    let stolen_at = pool.claims()?;
    let earned = stolen_at.values().any(|points| *points > 0.into());
    ensure!(earned, "nobody has anything to lose");
    let mut last = stolen_at.clone();
    for (number, happening) in happenings.iter().enumerate() {
        let at = || format!("{number}, {happening:?}");
        pool.happens(happening).with_context(at)?;
        let now = pool.claims().with_context(at)?;
        for (who, points) in &last {
            let left = now.get(who).ok_or_else(|| anyhow!("{who} is gone"))?;
            ensure!(left >= points, "{who} had {points}, has {left}: {}", at());
        }
        last = now;
    }
    pool.pays(&stolen_at).context("in the end")
}

#[test]
fn a_thief_of_the_reporter_keys_lowers_nobodys_claim() {
    Trial {
        cases: 100,
        regressions: regressions!("stolen_reporter_key"),
    }
    .holds(
        &(lists(happening(), 40..=50), before()),
        |(happenings, before)| nothing_earned_is_lost(before, happenings),
    );
}

/// The check above is not one that always holds: who may claim more does it by a message that is
/// not the reporter's.
#[test]
fn a_withdrawal_does_lower_a_claim() {
    let honest = Honest {
        commission: 10,
        power: 1,
        shares: [100, 200, 300],
    };
    let mut pool = Pool::begin(&Before {
        hooks: false,
        validators: [honest.clone(), honest.clone(), honest],
        fees: vec![1_000],
    })
    .unwrap();
    let before = pool.claims().unwrap();
    pool.twin.suite.withdraw("d1", "v0").unwrap();
    let after = pool.claims().unwrap();
    let lower: Vec<&String> = before
        .keys()
        .filter(|who| after[*who] < before[*who])
        .collect();
    let operator = pool.twin.suite.operator("v0");
    assert_eq!(lower, [&format!("delegation of d1 to {operator}")]);
}
