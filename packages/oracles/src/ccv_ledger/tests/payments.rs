//! A provider over several units.

use super::*;

/// Validators `v1` and `v2` exist.
fn provider() -> ProviderLedger {
    let mut provider = ProviderLedger::default();
    for validator in ["v1", "v2"] {
        provider.set_exists(validator, true);
    }
    provider
}

#[test]
fn shares_are_owed_until_they_are_paid() {
    let mut provider = provider();
    provider.arrive(&unit(1), 10).unwrap();
    provider.process(&unit(1), &weights(&[1, 1])).unwrap();
    assert_eq!(
        (provider.owed("v1", DENOM), provider.paid("v1", DENOM)),
        (5, 0)
    );
    provider.pay("v1", DENOM, 5).unwrap();
    assert_eq!(
        (provider.owed("v1", DENOM), provider.paid("v1", DENOM)),
        (0, 5)
    );
    let error = provider.pay("v1", DENOM, 1).unwrap_err();
    assert_eq!(error.to_string(), "v1 is paid 1 stake and is owed 0");
    provider.check_conservation(DENOM).unwrap();
}

#[test]
fn the_carry_joins_the_next_unit() {
    let mut provider = provider();
    provider.arrive(&unit(1), 7).unwrap();
    provider.arrive(&unit(3), 4).unwrap();
    provider.process(&unit(1), &weights(&[1, 1])).unwrap();
    assert_eq!(provider.totals("c", DENOM).carry, 1);
    let next = provider.process(&unit(3), &weights(&[4, 1])).unwrap();
    assert_eq!(next.tokens, 5);
    assert_eq!(provider.owed("v1", DENOM), 7);
    assert_eq!(provider.owed("v2", DENOM), 4);
    assert_eq!(provider.totals("c", DENOM).carry, 0);
}

#[test]
fn units_are_processed_in_the_order_of_their_epochs_and_once() {
    let mut provider = provider();
    provider.arrive(&unit(1), 7).unwrap();
    provider.arrive(&unit(3), 4).unwrap();
    let weights = weights(&[1, 1]);
    let error = provider.process(&unit(3), &weights).unwrap_err();
    assert_eq!(
        error.to_string(),
        "epoch 3 of stake from c is processed before epoch 1"
    );
    provider.process(&unit(1), &weights).unwrap();
    let error = provider.process(&unit(1), &weights).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no tokens of epoch 1 of stake from c wait"
    );
    provider.process(&unit(3), &weights).unwrap();
}

#[test]
fn tokens_arrive_for_growing_epochs_only() {
    let mut provider = provider();
    provider.arrive(&unit(3), 7).unwrap();
    for epoch in [3, 2] {
        let error = provider.arrive(&unit(epoch), 7).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("tokens of epoch {epoch} of stake from c arrive after those of epoch 3")
        );
    }
    assert_eq!(provider.totals("c", DENOM).arrived, 7);
}

#[test]
fn weights_of_zero_leave_the_unit_waiting() {
    let mut provider = provider();
    provider.arrive(&unit(1), 7).unwrap();
    let error = provider.process(&unit(1), &weights(&[0])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the weights of epoch 1 of stake from c are 0 in sum"
    );
    assert_eq!(provider.totals("c", DENOM).waiting, 7);
}

#[test]
fn the_share_of_a_validator_that_vanishes_between_the_passes_is_carried() {
    let mut provider = provider();
    provider.arrive(&unit(1), 7).unwrap();
    provider.process(&unit(1), &weights(&[1, 1])).unwrap();
    assert_eq!(provider.vanish("c", DENOM, "v2").unwrap(), 3);
    assert_eq!(provider.totals("c", DENOM).carry, 4);
    assert_eq!(provider.owed("v2", DENOM), 0);
    let error = provider.vanish("c", DENOM, "v2").unwrap_err();
    assert_eq!(
        error.to_string(),
        "v2 has no part of the last unit of stake from c any more"
    );
    provider.pay("v1", DENOM, 3).unwrap();
    assert!(provider.vanish("c", DENOM, "v1").is_err(), "paid already");
    provider.check_conservation(DENOM).unwrap();
}

#[test]
fn a_validator_that_is_gone_gets_nothing_and_one_that_is_back_does() {
    let mut provider = provider();
    provider.set_exists("v2", false);
    provider.arrive(&unit(1), 10).unwrap();
    provider.process(&unit(1), &weights(&[1, 1])).unwrap();
    provider.set_exists("v2", true);
    provider.arrive(&unit(2), 10).unwrap();
    provider.process(&unit(2), &weights(&[1, 1])).unwrap();
    assert_eq!(provider.owed("v1", DENOM), 15);
    assert_eq!(provider.owed("v2", DENOM), 5);
}

#[test]
fn who_is_qualified_may_be_decided_page_by_page() {
    let mut provider = provider();
    provider.arrive(&unit(1), 10).unwrap();
    let weights = weights(&[1, 1]);
    let result = provider.process_among(&unit(1), &weights, |it| it == "v2");
    assert_eq!(result.unwrap().shares.len(), 1);
    assert_eq!(provider.owed("v2", DENOM), 10);
}

#[test]
fn policies_belong_to_consumers() {
    let mut provider = provider();
    provider.set_policy("careful", Policy::Carry);
    let careful = UnitId {
        consumer: "careful",
        ..unit(1)
    };
    for unit in [unit(1), careful] {
        provider.arrive(&unit, 9).unwrap();
        provider.process(&unit, &weights(&[1, 1, 1])).unwrap();
    }
    assert_eq!(provider.totals("c", DENOM).carry, 1);
    assert_eq!(provider.totals("careful", DENOM).carry, 3);
    // One account of the validator for both.
    assert_eq!(provider.owed("v1", DENOM), 7);
    provider.pay("v1", DENOM, 7).unwrap();
    provider.check_conservation(DENOM).unwrap();
}

#[test]
fn the_carry_of_a_denom_that_is_not_listed_is_the_community_pools() {
    let mut provider = provider();
    provider.arrive_probe("c", DENOM, 1).unwrap();
    assert_eq!(provider.unlist("c", DENOM), 1);
    let totals = provider.totals("c", DENOM);
    assert_eq!((totals.carry, totals.community), (0, 1));
    totals.check().unwrap();
}

#[test]
fn a_unit_from_before_the_carry_ended_leaves_its_remainder_to_the_community_pool() {
    let mut provider = provider();
    provider.arrive(&unit(1), 11).unwrap();
    provider.unlist("c", DENOM);
    provider.arrive_probe("c", DENOM, 5).unwrap();
    let shared = provider.process(&unit(1), &weights(&[1, 1])).unwrap();
    assert_eq!(shared.tokens, 11, "without what is carried since");
    let totals = provider.totals("c", DENOM);
    assert_eq!((totals.carry, totals.community), (5, 1));
    // A validator that vanishes leaves its part there as well.
    provider.vanish("c", DENOM, "v1").unwrap();
    assert_eq!(provider.totals("c", DENOM).community, 6);
    provider.check_conservation(DENOM).unwrap();
}

#[test]
fn what_is_carried_since_the_first_pass_began_is_the_next_units() {
    let mut provider = provider();
    provider.arrive_probe("c", DENOM, 2).unwrap();
    provider.arrive(&unit(1), 10).unwrap();
    provider.begin(&unit(1)).unwrap();
    provider.arrive_probe("c", DENOM, 1).unwrap();
    provider.begin(&unit(1)).unwrap();
    let shared = provider.process(&unit(1), &weights(&[1])).unwrap();
    assert_eq!(shared.tokens, 12);
    assert_eq!(provider.totals("c", DENOM).carry, 1);
}

#[test]
fn an_entry_that_means_another_validator_pays_that_one() {
    let mut provider = provider();
    provider.arrive(&unit(1), 10).unwrap();
    provider.process(&unit(1), &weights(&[1, 1])).unwrap();
    provider.redirect(DENOM, ("v1", "v2"), 5).unwrap();
    assert!(provider.redirect(DENOM, ("v1", "v2"), 1).is_err());
    provider.pay("v2", DENOM, 10).unwrap();
    provider.check_conservation(DENOM).unwrap();
}

#[test]
fn an_orphan_is_given_away_once() {
    let mut provider = provider();
    provider.arrive(&unit(1), 7).unwrap();
    assert_eq!(provider.resolve_orphan(&unit(1)).unwrap(), 7);
    assert!(provider.resolve_orphan(&unit(1)).is_err());
    assert_eq!(provider.totals("c", DENOM).resolved, 7);
    provider.check_conservation(DENOM).unwrap();
}

#[test]
fn a_lost_reward_is_found() {
    let mut provider = provider();
    provider.arrive(&unit(1), 7).unwrap();
    provider.process(&unit(1), &weights(&[1, 1])).unwrap();
    provider.reward_mut("v1", DENOM).owed -= 1;
    let error = provider.check_conservation(DENOM).unwrap_err();
    assert_eq!(*error.difference, ratio(-1, 1));
}

#[test]
fn a_lost_carry_is_found() {
    let mut provider = provider();
    provider.arrive(&unit(1), 7).unwrap();
    provider.process(&unit(1), &weights(&[1, 1])).unwrap();
    provider.book_mut("c", DENOM).carry = 0;
    assert!(provider.totals("c", DENOM).check().is_err());
    assert!(provider.check_conservation(DENOM).is_err());
}

#[test]
fn more_than_2_to_128_is_refused() {
    let mut provider = provider();
    provider.arrive(&unit(1), u128::MAX).unwrap();
    assert!(provider.arrive_probe("c", DENOM, 1).is_err());
    assert!(provider.arrive(&unit(2), 1).is_err());
    assert_eq!(provider.totals("c", DENOM).waiting, u128::MAX);
}
