//! Some delegators of each kind, to be shown.

use std::collections::BTreeMap;

use super::people::Habit;
use super::recipients::{Kind, RecipientRow};
use super::story::Story;

/// How many of each kind are shown.
const OF_EACH: usize = 3;

/// A delegator at the end. Amounts are whole base units.
pub struct DelegatorRow {
    /// Its account address.
    pub address: String,
    /// What it did.
    pub did: String,
    /// Validators it delegates to now.
    pub validators: usize,
    /// What its shares are worth now.
    pub stake: u128,
    /// What it was paid.
    pub paid: u128,
    /// What it could claim now: each delegation pays its own floor.
    pub owed: u128,
}

/// What a delegator has now.
#[derive(Clone, Copy, Default)]
struct Holding {
    validators: usize,
    stake: u128,
}

/// The largest of those that claim at the end, never, most often, and of those that left.
pub fn rows(story: &Story, recipients: &[RecipientRow]) -> Vec<DelegatorRow> {
    let people = &story.people;
    let holdings = holdings(story);
    let by_stake = |mut places: Vec<usize>| {
        places.sort_by_key(|place| std::cmp::Reverse(holdings[*place].stake));
        places
    };
    let staking = |places: Vec<usize>| {
        let has = |place: &usize| holdings[*place].stake > 0;
        by_stake(places.into_iter().filter(has).collect())
    };
    let late = staking(people.all(Habit::AtTheEnd));
    let never = staking(people.all(Habit::Never));
    let claimers = people.all(Habit::NowAndThen);
    let mut often = claimers.clone();
    often.sort_by_key(|place| std::cmp::Reverse(people.claims(*place)));
    often.retain(|place| people.claims(*place) > 0 && holdings[*place].validators > 0);
    let gone: Vec<usize> = claimers
        .into_iter()
        .filter(|place| holdings[*place].validators == 0 && people.last_left(*place).is_some())
        .collect();

    let mut sums: BTreeMap<&str, (u128, u128)> = BTreeMap::new();
    for row in recipients.iter().filter(|it| it.kind == Kind::Delegation) {
        let sum = sums.entry(&row.address).or_default();
        sum.0 += row.paid;
        sum.1 += row.owed_coins();
    }
    let row = |did: &dyn Fn(usize) -> String, place: usize| {
        let address = &story.staking.delegators[place];
        let (paid, owed) = sums.get(address.as_str()).copied().unwrap_or_default();
        DelegatorRow {
            address: address.clone(),
            did: did(place),
            validators: holdings[place].validators,
            stake: holdings[place].stake,
            paid,
            owed,
        }
    };
    let mut rows = Vec::new();
    let mut add = |places: Vec<usize>, did: &dyn Fn(usize) -> String| {
        rows.extend(places.into_iter().take(OF_EACH).map(|it| row(did, it)));
    };
    add(late, &|_| "claimed only at the end".to_string());
    add(often, &|place| times(people.claims(place)));
    add(never, &|_| "never claimed".to_string());
    add(gone, &|place| match people.last_left(place) {
        Some(block) => format!("left in block {block}, {}", times(people.claims(place))),
        None => "left".to_string(),
    });
    rows
}

fn times(claims: u32) -> String {
    match claims {
        0 => "never claimed".to_string(),
        1 => "claimed once".to_string(),
        _ => format!("claimed {claims} times"),
    }
}

fn holdings(story: &Story) -> Vec<Holding> {
    let mut holdings = vec![Holding::default(); story.staking.delegators.len()];
    for delegation in &story.staking.delegations {
        if delegation.shares > 0 {
            let holding = &mut holdings[delegation.delegator];
            holding.validators += 1;
            holding.stake += story
                .staking
                .tokens_of(delegation.validator, delegation.shares);
        }
    }
    holdings
}
