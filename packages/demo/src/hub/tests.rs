use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use num_bigint::BigInt;
use oracles::ledger::PART_PLACES;
use testkit::chain::AddressFormat;
use testkit::fee_pool::Operation;
use testkit::hub_state::HubState;

use crate::amounts;

use super::recipients::{Kind, POINT_PLACES};
use super::*;

/// The built-in state, as text.
const HUB: &str = include_str!("../../../testkit/data/cosmoshub-2.json");

fn plan(blocks: u32, seed: u64) -> Plan {
    Plan {
        state: HubState::built_in().unwrap(),
        accounting: AccountingKind::F1,
        seed,
        blocks,
        comparisons: 5,
    }
}

fn outcome(plan: &Plan) -> Outcome {
    let played = play(plan, &Progress::hidden()).unwrap();
    Outcome::gather(plan, played).unwrap()
}

/// Fifty blocks, played once for all tests that only look.
static FIFTY: LazyLock<Outcome> = LazyLock::new(|| outcome(&plan(50, 1)));

fn csv_of(outcome: &Outcome) -> String {
    let mut bytes = Vec::new();
    csv::write(outcome, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// A decimal number as an integer of so many places.
fn integer(text: &str, places: u32) -> BigInt {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    assert!(rest.is_empty() || rest.len() == places as usize, "{text}");
    format!("{whole}{rest:0<width$}", width = places as usize)
        .parse()
        .unwrap()
}

/// A folder of this test alone.
fn folder(test: &str) -> PathBuf {
    std::env::temp_dir().join(format!("demo-{test}-{}", std::process::id()))
}

fn args() -> Args {
    Args {
        blocks: 3,
        seed: 1,
        accounting: Accountings::One(AccountingKind::F1),
        out: None,
        state: None,
        picture: None,
    }
}

#[test]
fn everything_holds_in_fifty_blocks() {
    let outcome = &*FIFTY;
    for check in &outcome.checks {
        assert_eq!(check.failure, None, "{}", check.claim);
    }
    assert!(outcome.equation.holds());
    assert!(outcome.equation.received > BigInt::from(100_000_000));
    assert!(outcome.equation.paid > BigInt::from(1_000_000));
    let largest = outcome.largest.as_ref().unwrap();
    assert!(largest.difference < largest.bound);
    let proposed: u32 = outcome.validators.iter().map(|it| it.proposed).sum();
    assert_eq!(proposed, 50);
}

#[test]
fn what_is_printed_shows_validators_delegators_equation_and_comparison() {
    let text = tables::text(&FIFTY);
    for part in [
        "cosmoshub-2: 105 validators, 1,112 delegations, 50 blocks, seed 1, accounting f1",
        "Polychain Labs",
        "🐠stake.fish | bitfish",
        "claimed only at the end",
        "community pool",
        "paid and owed together: the same integer",
        "largest difference",
        "holds: the ledger's exact shares add up",
        "ms a block",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!text.contains("NOT HOLD"));
    let grouped = amounts::grouped(FIFTY.equation.received_points());
    assert_eq!(text.matches(&grouped).count(), 2, "{text}");
}

#[test]
fn the_csv_has_every_recipient_and_its_columns_add_up() {
    let outcome = &*FIFTY;
    let text = csv_of(outcome);
    let mut csv = ::csv::Reader::from_reader(text.as_bytes());
    assert_eq!(csv.headers().unwrap(), csv::HEADER.as_slice());
    let rows: Vec<::csv::StringRecord> = csv.records().map(Result::unwrap).collect();
    let count = |kind: &str| rows.iter().filter(|row| &row[0] == kind).count();
    assert_eq!(count("community_pool"), 1);
    assert_eq!(count("commission"), 105);
    assert!(count("delegation") >= 1_112);
    for it in &HubState::built_in().unwrap().delegations {
        let mine = |row: &&::csv::StringRecord| {
            row[0] == *"delegation" && row[1] == it.delegator && row[2] == it.validator
        };
        assert_eq!(rows.iter().filter(mine).count(), 1, "{it:?}");
    }

    let sum = |column: usize, places: u32| -> BigInt {
        rows.iter().map(|row| integer(&row[column], places)).sum()
    };
    // Undistributed is only what the pool could not divide: at most 10^-5 base units of a validator.
    let received = &outcome.equation.received;
    let points = BigInt::from(10).pow(POINT_PLACES);
    let undistributed = (received - sum(7, 0)) * &points - sum(6, POINT_PLACES);
    assert!(undistributed >= BigInt::ZERO && undistributed < &points / 1_000);
    // Exact shares are cut, each by less than one of their last place.
    let cut = received * BigInt::from(10).pow(PART_PLACES) - sum(5, PART_PLACES);
    assert!(cut >= BigInt::ZERO && cut < BigInt::from(rows.len()));
    // What the others fall short, the community pool has, or it is undistributed.
    let places = PART_PLACES - POINT_PLACES;
    assert_eq!(
        sum(8, places),
        undistributed * BigInt::from(10).pow(places) - cut
    );
    for row in rows.iter().skip(1) {
        let exact = integer(&row[5], PART_PLACES);
        let had = integer(&row[6], POINT_PLACES) + integer(&row[7], 0) * &points;
        let difference = exact - had * BigInt::from(10).pow(places);
        assert!(difference >= BigInt::ZERO);
        assert_eq!(difference, integer(&row[8], places));
    }
}

#[test]
fn the_same_seed_gives_the_same_csv_and_another_one_does_not() {
    let csv = csv_of(&outcome(&plan(8, 9)));
    assert_eq!(csv, csv_of(&outcome(&plan(8, 9))));
    assert_ne!(csv, csv_of(&outcome(&plan(8, 10))));
}

#[test]
fn a_pool_that_has_less_than_it_was_given_is_found_out() {
    let plan = plan(2, 1);
    let mut played = play(&plan, &Progress::hidden()).unwrap();
    // Only the ledger hears of this one.
    played
        .harness
        .ledger
        .fund_community_pool("uatom", 1)
        .unwrap();
    let outcome = Outcome::gather(&plan, played).unwrap();
    assert!(!outcome.holds());
    let text = tables::text(&outcome);
    assert!(
        text.contains("DOES NOT HOLD: received = paid + owed"),
        "{text}"
    );
    assert!(text.contains("IT DIFFERS by 1,000,000"), "{text}");
    let page = page::page(&outcome).unwrap();
    assert!(page.contains("A check does not hold"));
}

#[test]
fn a_share_that_only_one_side_knows_is_found_out() {
    let plan = plan(2, 1);
    let mut played = play(&plan, &Progress::hidden()).unwrap();
    let first = plan.state.delegations.first().unwrap();
    let validator = played.harness.operator_account(&first.validator).unwrap();
    let units = played.harness.shares(&first.delegator, &validator) * 10_u128.pow(18);
    played
        .harness
        .ledger
        .set_units(&first.delegator, &validator, units * 2)
        .unwrap();
    played
        .harness
        .apply(&Operation::RewardValidator {
            validator,
            rewards: vec![1_000_000],
        })
        .unwrap();
    let outcome = Outcome::gather(&plan, played).unwrap();
    let failed: Vec<&str> = outcome
        .checks
        .iter()
        .filter(|check| check.failure.is_some())
        .map(|check| check.claim.as_str())
        .collect();
    assert_eq!(failed.len(), 1, "{failed:?}");
    assert!(failed[0].contains("owed the exact share"), "{failed:?}");
}

#[test]
fn the_page_needs_nothing_else_and_shows_all_validators() {
    let page = page::page(&FIFTY).unwrap();
    let without_names = page.replace("http://www.w3.org/2000/svg", "");
    for outside in ["http:", "https:", "src=", "href=", "@import", "url("] {
        assert!(!without_names.contains(outside), "{outside}");
    }
    assert_eq!(page.matches("<svg").count(), 3);
    for it in &FIFTY.validators {
        let is_plain = |letter: char| !"&<>'\"".contains(letter);
        if it.moniker.chars().all(is_plain) {
            assert!(page.contains(&it.moniker), "{}", it.moniker);
        }
    }
    assert!(page.contains("Every check holds"));
    assert!(page.contains("genesis.cosmoshub-2.json"));
}

#[test]
fn monikers_are_never_markup_or_terminal_codes() {
    let hostile = HUB.replace(
        r#""moniker": "Certus One""#,
        r#""moniker": "<script>alert(1)</script>\u001b[2J""#,
    );
    assert_ne!(hostile, HUB);
    let plan = Plan {
        state: HubState::parse(&hostile).unwrap(),
        ..plan(1, 1)
    };
    let outcome = outcome(&plan);
    let text = tables::text(&outcome);
    assert!(text.contains("<script>") && !text.contains('\u{1b}'));
    let page = page::page(&outcome).unwrap();
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script"));
    let picture = picture::terminal("cargo demo", &text);
    assert!(picture.contains("&lt;script&gt;") && !picture.contains("<script"));
}

#[test]
fn files_are_written_where_they_are_wanted() {
    let folder = folder("files");
    let out = folder.join("a").join("b");
    let picture = folder.join("picture.svg");
    let args = Args {
        out: Some(out.clone()),
        picture: Some(picture.clone()),
        ..args()
    };
    let mut printed = Vec::new();
    assert_eq!(run(&args, &mut printed).unwrap(), ExitCode::SUCCESS);
    assert!(String::from_utf8(printed).unwrap().contains("3 blocks"));
    let csv = fs::read_to_string(out.join("recipients.csv")).unwrap();
    assert!(csv.lines().count() > 1_200);
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.starts_with("<!doctype html>"));
    let picture = fs::read_to_string(&picture).unwrap();
    assert!(picture.contains("$ cargo demo --blocks 3"));
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn both_accountings_are_shown_and_compared() {
    let folder = folder("both");
    let args = Args {
        blocks: 20,
        accounting: Accountings::Both,
        out: Some(folder.clone()),
        ..args()
    };
    let mut printed = Vec::new();
    assert_eq!(run(&args, &mut printed).unwrap(), ExitCode::SUCCESS);
    let printed = String::from_utf8(printed).unwrap();
    for part in [
        "accounting f1",
        "accounting lazy",
        "f1 and lazy side by side",
        "nobody's difference is more than roundings take",
    ] {
        assert!(printed.contains(part), "{part} in:\n{printed}");
    }
    for accounting in ["f1", "lazy"] {
        assert!(folder.join(accounting).join("recipients.csv").is_file());
    }
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_recipient_that_is_given_more_by_one_accounting_is_named() {
    let one = &*FIFTY;
    let mut other = outcome(&Plan {
        accounting: AccountingKind::Lazy,
        ..plan(50, 1)
    });
    assert!(SideBySide::new(one, &other).unwrap().holds());
    let row = other
        .recipients
        .iter_mut()
        .find(|row| row.kind == Kind::Delegation)
        .unwrap();
    row.owed += BigInt::from(10).pow(34);
    let name = row.to_string();
    let compared = SideBySide::new(one, &other).unwrap();
    assert!(!compared.holds());
    let line = format!("DOES NOT HOLD: {name} differs by ");
    assert!(compared.text().contains(&line), "{}", compared.text());
    other.recipients.pop();
    assert!(SideBySide::new(one, &other).is_err());
}

#[test]
fn a_broken_state_file_is_named_with_the_field() {
    let folder = folder("broken");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("state.json");
    let broken = HUB.replace(r#""power": "9328525""#, r#""power": "a lot""#);
    assert_ne!(broken, HUB);
    fs::write(&path, broken).unwrap();
    let args = Args {
        state: Some(path.clone()),
        ..args()
    };
    let error = format!("{:#}", run(&args, &mut Vec::new()).unwrap_err());
    let place = format!("{}: validators[0].power (line 8, ", path.display());
    assert!(error.starts_with(&place), "{error}");

    fs::remove_file(&path).unwrap();
    let error = format!("{:#}", run(&args, &mut Vec::new()).unwrap_err());
    assert!(error.starts_with(&path.display().to_string()), "{error}");
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn sums_of_kinds_and_fractions_are_all_that_was_received() {
    let grid = summary::sums(&FIFTY);
    let number = |cell: &str| -> u128 { cell.replace(',', "").parse().unwrap() };
    let column =
        |place: usize| -> Vec<u128> { grid.rows.iter().map(|row| number(&row[place])).collect() };
    for place in [1, 3] {
        let cells = column(place);
        let (together, parts) = cells.split_last().unwrap();
        assert_eq!(parts.iter().sum::<u128>(), *together);
    }
    let received = column(1).last().unwrap() + column(3).last().unwrap();
    assert_eq!(BigInt::from(received), FIFTY.equation.received);
    assert!(FIFTY.recipients[0].kind == Kind::CommunityPool);
}

/// The hub's state as a chain with another prefix would have it: the same bytes in every address.
fn hub_with_prefix(prefix: &str) -> String {
    let (hub, other) = (
        AddressFormat::new("cosmos").unwrap(),
        AddressFormat::new(prefix).unwrap(),
    );
    let state = HubState::built_in().unwrap();
    let mut text = HUB.to_string();
    for it in &state.delegations {
        let bytes = hub.account_bytes(&it.delegator).unwrap();
        let account = other.account_from_bytes(&bytes).unwrap();
        text = text.replace(&it.delegator, account.as_str());
    }
    for it in &state.validators {
        let account = hub.account_of(&it.validator).unwrap();
        let bytes = hub.account_bytes(account.as_str()).unwrap();
        let account = other.account_from_bytes(&bytes).unwrap();
        text = text.replace(&it.validator, &other.operator_of(&account).unwrap());
    }
    text
}

#[test]
fn another_prefix_changes_addresses_and_nothing_else() {
    let state = HubState::parse(&hub_with_prefix("juno")).unwrap();
    let juno = outcome(&Plan {
        state,
        ..plan(50, 1)
    });
    assert!(juno.holds());
    assert!(!csv_of(&juno).contains("cosmos1"));
    let amounts = |outcome: &Outcome| {
        let rows = outcome.recipients.iter();
        let mut amounts: Vec<_> = rows
            .map(|it| (it.moniker.clone(), it.paid, it.owed.clone()))
            .collect();
        amounts.sort();
        amounts
    };
    assert_eq!(amounts(&juno), amounts(&FIFTY));
}
