//! What came of a run, gathered from the pool and from the ledger.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, Result};
use num_bigint::BigInt;
use num_rational::BigRational;
use oracles::ledger::{PART_PLACES, Recipient};
use serde_json::json;
use testkit::fee_pool::{Claim, Equation};

use crate::amounts::Unit;
use crate::grid::Happened;
use crate::largest::Largest;

use super::delegators::{self, DelegatorRow};
use super::history::History;
use super::options::kind_name;
use super::play::{Plan, Played};
use super::recipients::{Kind, RecipientRow};

/// Records in one `audit` query.
const AUDIT_PAGE: u32 = 100;

/// What came of a run.
pub struct Outcome {
    /// What was played.
    pub setting: Setting,
    /// What happened, and how often.
    pub happened: Vec<Happened>,
    /// All validators, those with the most power first.
    pub validators: Vec<ValidatorRow>,
    /// Some delegators of each kind.
    pub delegators: Vec<DelegatorRow>,
    /// Everybody among whom the receipts are divided.
    pub recipients: Vec<RecipientRow>,
    /// Received, paid and owed.
    pub equation: Equation,
    /// The recipient that is furthest below its exact share.
    pub largest: Option<Largest>,
    /// What was checked.
    pub checks: Vec<Check>,
    /// What was seen on the way.
    pub history: History,
    /// How long the blocks took.
    pub elapsed: Duration,
}

/// What was played.
pub struct Setting {
    /// The chain of the state.
    pub chain_id: String,
    /// Where the state is from.
    pub source: String,
    /// Validators in it.
    pub validators: usize,
    /// Delegations in it.
    pub delegations: usize,
    /// The denom of the fees.
    pub unit: Unit,
    /// Blocks.
    pub blocks: u32,
    /// Seed.
    pub seed: u64,
    /// Name of the accounting.
    pub accounting: String,
}

/// A validator at the end. Amounts are whole base units.
pub struct ValidatorRow {
    /// Its operator address.
    pub operator: String,
    /// Its name for people.
    pub moniker: String,
    /// The block since which it is in jail; 0 when it was there at the start.
    pub jailed: Option<u32>,
    /// Its voting power.
    pub power: u64,
    /// Its power as a part of all, 0 to 1.
    pub part: f64,
    /// Its commission in 10^-18.
    pub rate: u64,
    /// All commission it ever earned.
    pub commission: u128,
    /// What is owed to it and its delegators.
    pub outstanding: u128,
    /// What was paid to it and its delegators.
    pub paid: u128,
    /// Blocks it proposed.
    pub proposed: u32,
}

/// Something that must hold, and why it does not.
pub struct Check {
    /// The claim.
    pub claim: String,
    /// What is wrong with it, if anything is.
    pub failure: Option<String>,
}

impl Outcome {
    /// Gathers what came of a run and makes the last checks.
    ///
    /// # Errors
    /// When the pool does not answer. What does not hold is in [`Self::checks`].
    pub fn gather(plan: &Plan, played: Played) -> Result<Self> {
        let harness = &played.harness;
        let claims = harness.claims()?;
        let names = Names::new(&played);
        let recipients: Vec<RecipientRow> = claims.iter().map(|it| names.recipient(it)).collect();
        let equation = harness.equations()?.into_iter().next();
        Ok(Self {
            setting: setting(plan),
            happened: happened(&played),
            validators: validators(&played, &recipients)?,
            delegators: delegators::rows(&played.story, &recipients),
            largest: largest(&claims, &names),
            checks: checks(&played),
            equation: equation.context("a pool without denoms")?,
            elapsed: played.elapsed,
            recipients,
            history: played.history,
        })
    }

    /// Whether everything holds.
    pub fn holds(&self) -> bool {
        self.checks.iter().all(|check| check.failure.is_none())
    }
}

fn setting(plan: &Plan) -> Setting {
    Setting {
        chain_id: plan.state.chain_id.clone(),
        source: plan.state.source.clone(),
        validators: plan.state.validators.len(),
        delegations: plan.state.delegations.len(),
        unit: Unit::new(&plan.state.staking_params.bond_denom),
        blocks: plan.blocks,
        seed: plan.seed,
        accounting: kind_name(plan.accounting).to_string(),
    }
}

fn happened(played: &Played) -> Vec<Happened> {
    let tally = &played.story.tally;
    let mut happened: Vec<Happened> = tally
        .iter()
        .map(|(&what, &times)| Happened { what, times })
        .collect();
    happened.sort_by_key(|it| std::cmp::Reverse(it.times));
    happened
}

/// Addresses and names for people of those whom the ledger knows by name.
struct Names<'a> {
    played: &'a Played,
    places: BTreeMap<&'a str, usize>,
}

impl<'a> Names<'a> {
    fn new(played: &'a Played) -> Self {
        let validators = played.story.staking.validators.iter();
        let places = validators
            .enumerate()
            .map(|(place, it)| (it.name.as_str(), place))
            .collect();
        Self { played, places }
    }

    fn recipient(&self, claim: &Claim) -> RecipientRow {
        let pool = self.played.harness.suite.pool.as_str();
        let (kind, address, validator) = match claim.recipient {
            Recipient::CommunityPool => (Kind::CommunityPool, pool, None),
            Recipient::Commission { validator } => (Kind::Commission, validator, Some(validator)),
            Recipient::Delegation {
                delegator,
                validator,
            } => (Kind::Delegation, delegator, Some(validator)),
        };
        let validator = validator.and_then(|name| {
            let place = self.places.get(name)?;
            self.played.story.staking.validators.get(*place)
        });
        RecipientRow {
            kind,
            address: address.to_string(),
            validator: validator.map(|it| it.operator.clone()),
            moniker: validator.map_or_else(String::new, |it| it.moniker.clone()),
            exact: &claim.exact + claim.paid * BigInt::from(10).pow(PART_PLACES),
            owed: claim.owed.clone(),
            paid: claim.paid,
            shortfall: claim.shortfall(),
            bound: self.played.harness.ledger.bound(claim.recipient),
        }
    }
}

fn validators(played: &Played, recipients: &[RecipientRow]) -> Result<Vec<ValidatorRow>> {
    let total = played.harness.total_power().max(1) as f64;
    let mut rows = Vec::new();
    let staking = &played.story.staking;
    for (place, it) in staking.validators.iter().enumerate() {
        let since = played.story.jailed.get(&place).copied();
        let question = json!({"validator_outstanding_rewards": {"validator": it.operator}});
        let answer = played.harness.suite.query(question)?;
        let outstanding = answer["rewards"][0]["amount"].as_str().unwrap_or("0");
        let whole = outstanding.split('.').next().unwrap_or_default();
        let mine = || {
            recipients
                .iter()
                .filter(|row| row.validator.as_ref() == Some(&it.operator))
        };
        let commission = mine().find(|row| row.kind == Kind::Commission);
        rows.push(ValidatorRow {
            operator: it.operator.clone(),
            moniker: it.moniker.clone(),
            jailed: it.jailed.then(|| since.unwrap_or_default()),
            power: it.power,
            part: it.power as f64 / total,
            rate: it.rate,
            commission: commission.map_or(0, |row| row.paid + row.owed_coins()),
            outstanding: whole.parse().context("an amount of rewards")?,
            paid: mine().map(|row| row.paid).sum(),
            proposed: played.story.proposed[place],
        });
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.power));
    Ok(rows)
}

fn largest(claims: &[Claim], names: &Names) -> Option<Largest> {
    let claim = claims
        .iter()
        .filter(|it| it.recipient != Recipient::CommunityPool)
        .max_by_key(|it| it.shortfall())?;
    let row = names.recipient(claim);
    let places = BigInt::from(10).pow(PART_PLACES);
    Some(Largest {
        of: row.to_string(),
        difference: BigRational::new(row.shortfall, places),
        bound: row.bound,
    })
}

fn checks(played: &Played) -> Vec<Check> {
    let harness = &played.harness;
    let check = |claim: String, result: Result<()>| Check {
        claim,
        failure: result.err().map(|error| format!("{error:#}")),
    };
    vec![
        check(
            "no payment was above an exact share, and the bank moved what the events tell"
                .to_string(),
            Ok(()),
        ),
        check(
            "received = paid + owed, as integers, after every block".to_string(),
            harness.check_conservation(),
        ),
        check(
            "the pool's records add up to its totals, and so do its events".to_string(),
            harness.check_audit(AUDIT_PAGE),
        ),
        check(
            format!(
                "everybody is owed the exact share, or less by no more than roundings take: compared {} times",
                played.comparisons + 1
            ),
            harness.compare().map(drop),
        ),
        check(
            "the ledger's exact shares add up to what was received".to_string(),
            harness.ledger.check_conservation().map_err(Into::into),
        ),
    ]
}
