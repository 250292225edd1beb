//! What becomes of a unit on the consumer.

use super::*;

#[test]
fn the_pools_become_the_weights_and_the_fraction_is_pending() {
    let mut ledger = ConsumerLedger::with_powers(&[1, 2]);
    // 95 % of 7 are divided, 5 % are pending.
    ledger.fees(7, "stranger");
    ledger.freeze(DENOM).unwrap();
    let tokens = ledger.closing_tokens(DENOM).unwrap();
    assert_eq!(tokens.exact, 6);
    ledger.close(DENOM, 6).unwrap();
    assert_eq!(ledger.weight(DENOM, "v1").unwrap(), ratio(133, 60));
    assert_eq!(ledger.weight(DENOM, "v2").unwrap(), ratio(133, 30));
    assert_eq!(ledger.pools(&["v1", "v2"]), [ratio(0, 1), ratio(0, 1)]);
    assert_eq!(ledger.pending(DENOM), ratio(1, 1));
    let points: Vec<BigInt> = ledger
        .weights_in_points(DENOM)
        .unwrap()
        .into_iter()
        .map(|it| it.points)
        .collect();
    let expected = |digits: &str| digits.repeat(36).parse::<BigInt>().unwrap();
    assert_eq!(
        points[0],
        "221".parse::<BigInt>().unwrap() * BigInt::from(10).pow(34) + expected("6") / 100
    );
    ledger.totals(DENOM).check().unwrap();
}

#[test]
fn fees_between_freezing_and_closing_belong_to_the_next_epoch() {
    let mut ledger = ConsumerLedger::with_powers(&[1]);
    ledger.fees(10, "stranger");
    ledger.freeze(DENOM).unwrap();
    ledger.fees(100, "v1");
    ledger.set_power("v1", 5);
    assert_eq!(ledger.weight(DENOM, "v1").unwrap(), ratio(19, 2));
    assert_eq!(ledger.pools(&["v1"]), [ratio(201, 2)]);
    assert_eq!(ledger.totals(DENOM).held(), ratio(110, 1));
    ledger.close(DENOM, 9).unwrap();
    // The half that is left is counted now, and is not in the block before.
    assert_eq!(ledger.pending(DENOM), ratio(1, 2));
}

#[test]
fn a_unit_goes_home_and_comes_again() {
    let mut ledger = ConsumerLedger::with_powers(&[1]);
    ledger.fees(10, "v1");
    let mut stages = Vec::new();
    assert_eq!(ledger.closes(), 10);
    stages.push(ledger.stage(DENOM));
    ledger.send(DENOM).unwrap();
    stages.push(ledger.stage(DENOM));
    ledger.refund(DENOM).unwrap();
    stages.push(ledger.stage(DENOM));
    ledger.send(DENOM).unwrap();
    ledger.arrive(DENOM).unwrap();
    stages.push(ledger.stage(DENOM));
    ledger.deliver(DENOM).unwrap();
    stages.push(ledger.stage(DENOM));
    use UnitStage::{Arrived, Home, InFlight};
    let expected = [Some(Home), Some(InFlight), Some(Home), Some(Arrived), None];
    assert_eq!(stages, expected);
    assert_eq!(ledger.totals(DENOM).arrived, 10);
}

#[test]
fn no_denom_has_two_units_under_way() {
    let mut ledger = ConsumerLedger::with_powers(&[1]);
    ledger.fees(10, "v1");
    ledger.closes();
    ledger.fees(10, "v1");
    let error = ledger.freeze(DENOM).unwrap_err();
    assert_eq!(
        error.to_string(),
        "stake closes while its last unit is at home"
    );
    ledger.freeze("other").unwrap();
    ledger.release(DENOM).unwrap();
    ledger.freeze(DENOM).unwrap();
}

#[test]
fn events_that_cannot_be_are_refused() {
    let mut ledger = ConsumerLedger::with_powers(&[1]);
    let error = ledger.send(DENOM).unwrap_err();
    assert_eq!(error.to_string(), "no unit of stake is under way");
    ledger.fees(10, "v1");
    ledger.freeze(DENOM).unwrap();
    assert!(ledger.release(DENOM).is_err(), "not counted");
    ledger.close(DENOM, 10).unwrap();
    assert!(ledger.close(DENOM, 10).is_err(), "closed already");
    assert!(ledger.arrive(DENOM).is_err(), "not sent");
    ledger.send(DENOM).unwrap();
    assert!(ledger.release(DENOM).is_err(), "away");
    assert!(ledger.deliver(DENOM).is_err(), "not arrived");
    ledger.arrive(DENOM).unwrap();
    assert!(ledger.arrive(DENOM).is_err(), "arrived already");
    assert!(ledger.write_off(DENOM).is_err(), "arrived");
    let error = ledger.refund(DENOM).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot refund a unit of stake that is arrived: it must be in flight"
    );
    assert_eq!(ledger.stage(DENOM), Some(UnitStage::Arrived));
    assert_eq!(ledger.totals(DENOM).arrived, 10);
}

#[test]
fn tokens_that_no_rounding_explains_are_refused() {
    let mut ledger = ConsumerLedger::with_powers(&[1, 2]);
    ledger.fees(10, "v1");
    ledger.freeze(DENOM).unwrap();
    // Some points less than 10 are 9 whole coins.
    assert_eq!(
        ledger.closing_tokens(DENOM).unwrap(),
        ClosingTokens {
            exact: 10,
            least: 9,
            most: 10
        }
    );
    for tokens in [8, 11] {
        let error = ledger.close(DENOM, tokens).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("stake closes with {tokens} tokens, which must be 9 to 10")
        );
    }
    ledger.close(DENOM, 9).unwrap();
    assert_eq!(ledger.pending(DENOM), ratio(1, 1));
}

#[test]
fn a_released_unit_joins_the_next_block_and_is_not_split_again() {
    let mut ledger = ConsumerLedger::new(params("0.75")).unwrap();
    ledger.set_power("v1", 1);
    ledger.fees(100, "v1");
    ledger.closes();
    ledger.release(DENOM).unwrap();
    assert_eq!(ledger.pending(DENOM), ratio(25, 1));
    ledger.fees(0, "v1");
    assert_eq!(ledger.pools(&["v1"]), [ratio(25, 1)]);
    assert_eq!(ledger.totals(DENOM).consumer, 75);
}

#[test]
fn a_refund_that_was_split_as_fees_is_written_off() {
    let mut ledger = ConsumerLedger::with_powers(&[1]);
    ledger.fees(100, "v1");
    ledger.closes();
    ledger.send(DENOM).unwrap();
    // The callback was lost, so that the coins look like fees.
    ledger.fees(100, "v1");
    ledger.write_off(DENOM).unwrap();
    let totals = ledger.totals(DENOM);
    totals.check().unwrap();
    assert_eq!((totals.collected, totals.written_off), (200, 100));
    assert_eq!(totals.balance(0), ratio(100, 1));
    ledger.freeze(DENOM).unwrap();
}

#[test]
fn a_refund_after_the_write_off_is_pending() {
    let mut ledger = ConsumerLedger::with_powers(&[1]);
    ledger.fees(100, "v1");
    ledger.closes();
    ledger.send(DENOM).unwrap();
    ledger.write_off(DENOM).unwrap();
    ledger.late_refund(DENOM, 100).unwrap();
    assert_eq!(ledger.pending(DENOM), ratio(100, 1));
    let error = ledger.late_refund(DENOM, 1).unwrap_err();
    assert_eq!(
        error.to_string(),
        "1 stake come back, and 0 were written off"
    );
    ledger.totals(DENOM).check().unwrap();
}

#[test]
fn validators_that_name_the_same_one_have_one_weight() {
    let mut ledger = ConsumerLedger::with_powers(&[1, 2]);
    ledger.fees(20, "stranger");
    ledger.freeze(DENOM).unwrap();
    ledger.set_provider_validator("v1", "v2");
    ledger.close(DENOM, 19).unwrap();
    assert_eq!(ledger.weight(DENOM, "v1").unwrap(), ratio(0, 1));
    assert_eq!(ledger.weight(DENOM, "v2").unwrap(), ratio(19, 1));
    ledger.totals(DENOM).check().unwrap();
}

#[test]
fn fees_of_a_denom_that_is_unlisted_are_split_and_stay_pending() {
    let mut ledger = ConsumerLedger::new(params("0.75")).unwrap();
    ledger.set_power("v1", 1);
    ledger.take_in(DENOM, 101).unwrap();
    assert_eq!(ledger.pending(DENOM), ratio(26, 1));
    assert_eq!(ledger.totals(DENOM).consumer, 75);
    ledger.totals(DENOM).check().unwrap();
}
