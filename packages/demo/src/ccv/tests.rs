use std::sync::LazyLock;

use super::options::Order;
use super::*;

fn args(seed: u64, order: Order) -> Args {
    Args {
        epochs: 8,
        blocks: 8,
        seed,
        order,
        out: None,
    }
}

fn outcome(seed: u64, order: Order) -> Outcome {
    play(&args(seed, order), &Progress::hidden()).unwrap()
}

/// The story of the first seed, which several tests look at.
static FIRST: LazyLock<Outcome> = LazyLock::new(|| outcome(1, Order::Ordered));

fn text(outcome: &Outcome) -> String {
    let text = tables::text(outcome);
    // The last paragraph is the time that it took.
    text.rsplit_once("\n\n").unwrap().0.to_string()
}

fn times(outcome: &Outcome, what: &str) -> u64 {
    let mut happened = outcome.happened.iter();
    happened.find(|it| it.what == what).unwrap().times
}

#[test]
fn a_seed_always_makes_the_same_story_and_another_seed_another() {
    assert_eq!(text(&FIRST), text(&outcome(1, Order::Ordered)));
    assert_ne!(text(&FIRST), text(&outcome(2, Order::Ordered)));
}

#[test]
fn everything_that_the_story_promises_happens_and_holds() {
    let text = text(&FIRST);
    assert!(FIRST.holds(), "{text}");
    assert_eq!(times(&FIRST, "lost"), 3, "{text}");
    assert!(times(&FIRST, "channels opened again") >= 1, "{text}");
    assert!(times(&FIRST, "refused by the provider") >= 1, "{text}");
    for line in [
        "coins of stake 2 timed out",
        "gold is listed from now on",
        "gold 1 is shared out",
        "the timeout closed the channel",
        "validators vanish",
        "validators are back",
        "without answer",
        "question about stake 3: arrived",
        "on both chains and between them: the same integer",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(!text.contains("DOES NOT HOLD"), "{text}");
}

#[test]
fn who_is_gone_is_not_paid_and_the_others_get_more_than_they_earned() {
    for it in &FIRST.validators[0].amounts {
        assert!(it.earned < it.paid.into(), "{} and {}", it.earned, it.paid);
    }
    let gone: Vec<_> = FIRST.validators.iter().filter(|it| !it.exists).collect();
    assert!(!gone.is_empty());
    for it in gone {
        // They had vanished before anything of the second denom was shared out.
        assert_eq!(it.amounts[1].paid, 0, "{}", it.moniker);
    }
}

#[test]
fn without_order_no_timeout_closes_the_channel() {
    let outcome = outcome(1, Order::Unordered);
    let text = text(&outcome);
    assert!(outcome.holds(), "{text}");
    assert_eq!(times(&outcome, "channels opened again"), 0, "{text}");
    assert!(text.contains("weights of stake 3: lost"), "{text}");
    assert!(text.contains("stake 3 is shared out"), "{text}");
}

#[test]
fn an_equation_that_is_off_by_one_point_is_shown() {
    let mut denom = FIRST.denoms[0].clone();
    assert!(denom.holds());
    denom.collected += 1;
    assert!(!denom.holds());
    let terms = tables::equation(&denom);
    assert!(terms.iter().any(|it| it.what.contains("IT DIFFERS")));
}

#[test]
fn the_page_has_the_timeline_and_a_plot_of_each_denom() {
    let folder = std::env::temp_dir().join(format!("ccv-{}", std::process::id()));
    page::write(&FIRST, &folder).unwrap();
    let page = std::fs::read_to_string(folder.join("report.html")).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(page.matches("<svg").count(), 3);
    assert!(page.contains("coins of stake 2: lost"));
}
