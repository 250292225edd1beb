//! One formula each.

use super::*;

#[test]
fn commission_is_taken_from_the_validators_part() {
    let mut ledger = with_powers(tax_only(), &[100, 100]);
    ledger.set_commission("v1", rate("0.5"));
    block(&mut ledger, 100, None, 200);

    assert_eq!(earned_commission(&ledger, "v1"), ratio(49, 2));
    assert_eq!(earned(&ledger, "d1", "v1"), ratio(49, 2));
    assert_eq!(earned_commission(&ledger, "v2"), coins(0));
    assert_eq!(earned(&ledger, "d2", "v2"), coins(49));
    assert_eq!(community(&ledger), coins(2));
}

#[test]
fn the_proposer_gets_base_and_bonus() {
    let mut ledger = with_powers(FeeParams::default(), &[100, 100]);
    ledger.set_commission("v1", rate("0.5"));
    block(&mut ledger, 100, Some("v2"), 200);

    assert_eq!(earned_commission(&ledger, "v1"), ratio(93, 4));
    assert_eq!(earned(&ledger, "d1", "v1"), ratio(93, 4));
    assert_eq!(earned(&ledger, "d2", "v2"), ratio(103, 2));
    assert_eq!(community(&ledger), coins(2));
}

#[test]
fn who_does_not_sign_is_paid_and_the_bonus_shrinks() {
    let mut ledger = with_powers(FeeParams::default(), &[300, 100]);
    block(&mut ledger, 1000, Some("v1"), 300);

    assert_eq!(earned(&ledger, "d1", "v1"), coins(745));
    assert_eq!(earned(&ledger, "d2", "v2"), coins(235));
    assert_eq!(community(&ledger), coins(20));
}

#[test]
fn proposing_in_proportion_to_power_amortises_to_the_power() {
    let mut ledger = with_powers(FeeParams::default(), &[60, 40]);
    for proposer in ["v1", "v2", "v1", "v2", "v1"] {
        block(&mut ledger, 1000, Some(proposer), 100);
    }

    assert_eq!(earned(&ledger, "d1", "v1"), coins(2940));
    assert_eq!(earned(&ledger, "d2", "v2"), coins(1960));
}

#[test]
fn a_late_delegator_has_no_part_in_earlier_rewards() {
    let mut ledger = FeeLedger::new(FeeParams::default()).unwrap();
    ledger.create_validator("v", rate("0.5"));
    ledger.set_units("a", "v", 100).unwrap();
    ledger.reward_validator("v", DENOM, 20).unwrap();
    ledger.set_units("b", "v", 100).unwrap();
    ledger.reward_validator("v", DENOM, 20).unwrap();

    assert_eq!(earned(&ledger, "a", "v"), coins(15));
    assert_eq!(earned(&ledger, "b", "v"), coins(5));
    assert_eq!(earned_commission(&ledger, "v"), coins(20));
    assert_eq!(community(&ledger), coins(0));
    ledger.check_conservation().unwrap();
}

#[test]
fn commission_pays_whole_coins_and_keeps_the_fraction() {
    let mut ledger = FeeLedger::new(FeeParams::default()).unwrap();
    ledger.create_validator("v", rate("0.25"));
    ledger.reward_validator("v", "a", 5).unwrap();
    ledger.reward_validator("v", "b", 6).unwrap();
    let operator = commission("v");
    assert_eq!(ledger.unpaid(operator, "a"), ratio(5, 4));
    assert_eq!(ledger.unpaid(operator, "b"), ratio(3, 2));

    assert_eq!(ledger.floor_coins(operator, "a"), 1);
    assert_eq!(ledger.floor_coins(operator, "b"), 1);
    ledger.pay_commission("v", "a", 1).unwrap();
    ledger.pay_commission("v", "b", 1).unwrap();

    assert_eq!(ledger.unpaid(operator, "a"), ratio(1, 4));
    assert_eq!(ledger.unpaid(operator, "b"), ratio(1, 2));
    assert_eq!(ledger.earned(operator, "a"), ratio(5, 4));
    assert_eq!(ledger.paid(operator, "a"), 1);
}

#[test]
fn an_equal_share_is_the_same_for_all_with_power() {
    let params = FeeParams {
        equal_share: rate("0.2"),
        ..tax_only()
    };
    let mut ledger = with_powers(params, &[800, 200, 0]);
    block(&mut ledger, 1000, None, 1000);

    assert_eq!(earned(&ledger, "d1", "v1"), ratio(7252, 10));
    assert_eq!(earned(&ledger, "d2", "v2"), ratio(2548, 10));
    assert_eq!(earned(&ledger, "d3", "v3"), coins(0));
    assert_eq!(community(&ledger), coins(20));
    ledger.check_conservation().unwrap();
}

#[test]
fn without_power_everything_is_the_communitys() {
    let mut ledger = with_powers(FeeParams::default(), &[0, 0]);
    block(&mut ledger, 1000, Some("v1"), 0);
    assert_eq!(community(&ledger), coins(1000));
    ledger.check_conservation().unwrap();
}

#[test]
fn an_unknown_proposers_part_is_the_communitys() {
    let mut ledger = with_powers(FeeParams::default(), &[100]);
    block(&mut ledger, 1000, Some("nobody"), 100);
    assert_eq!(community(&ledger), coins(70));
    assert_eq!(earned(&ledger, "d1", "v1"), coins(930));
}

#[test]
fn a_removed_proposers_part_is_the_communitys_until_it_is_created_again() {
    let mut ledger = with_powers(FeeParams::default(), &[100, 100]);
    block(&mut ledger, 1000, Some("v1"), 200);
    ledger.remove_validator("v1").unwrap();
    block(&mut ledger, 1000, Some("v1"), 100);
    assert_eq!(community(&ledger), coins(20 + 70));
    assert_eq!(earned(&ledger, "d1", "v1"), coins(515));

    ledger.create_validator("v1", rate("0.1"));
    block(&mut ledger, 1000, Some("v1"), 100);
    assert_eq!(community(&ledger), coins(20 + 70 + 20));
    assert_eq!(earned(&ledger, "d1", "v1"), coins(515 + 45));
    assert_eq!(earned_commission(&ledger, "v1"), coins(5));
    ledger.check_conservation().unwrap();
}

#[test]
fn a_removed_validator_that_has_power_again_earns_by_it_and_proposes_nothing() {
    let mut ledger = with_powers(FeeParams::default(), &[100, 100]);
    ledger.remove_validator("v1").unwrap();
    block(&mut ledger, 1000, Some("v1"), 100);
    assert_eq!(community(&ledger), coins(20 + 50));

    ledger.set_power("v1", 100);
    block(&mut ledger, 1000, Some("v1"), 200);
    assert_eq!(community(&ledger), coins(20 + 50 + 20 + 50));
    assert_eq!(earned(&ledger, "d1", "v1"), coins(465));
    ledger.check_conservation().unwrap();
}

#[test]
fn a_proposer_without_power_gets_the_proposers_part_alone() {
    let mut ledger = with_powers(FeeParams::default(), &[1, 100]);
    ledger.set_power("v1", 0);
    block(&mut ledger, 1000, Some("v1"), 100);
    assert_eq!(earned(&ledger, "d1", "v1"), coins(50));
    assert_eq!(earned(&ledger, "d2", "v2"), coins(930));
}

#[test]
fn without_delegators_the_operator_has_commission_and_the_community_the_rest() {
    let mut ledger = FeeLedger::new(FeeParams::default()).unwrap();
    ledger.create_validator("v", rate("0.25"));
    ledger.set_power("v", 10);
    block(&mut ledger, 1000, Some("v"), 10);
    assert_eq!(earned_commission(&ledger, "v"), coins(245));
    assert_eq!(community(&ledger), coins(20 + 735));
    ledger.check_conservation().unwrap();
}

#[test]
fn more_signed_than_there_is_counts_as_all() {
    let mut ledger = with_powers(FeeParams::default(), &[100, 100]);
    block(&mut ledger, 1000, Some("v1"), u64::MAX);
    assert_eq!(earned(&ledger, "d1", "v1"), coins(515));
}

#[test]
fn new_params_count_from_the_next_block() {
    let mut ledger = with_powers(tax_only(), &[100]);
    block(&mut ledger, 1000, None, 100);
    ledger
        .set_params(FeeParams {
            community_tax: rate("0.5"),
            ..tax_only()
        })
        .unwrap();
    block(&mut ledger, 1000, None, 100);
    assert_eq!(community(&ledger), coins(520));
}

#[test]
fn a_leaver_keeps_what_it_earned() {
    let mut ledger = with_powers(tax_only(), &[100]);
    block(&mut ledger, 100, None, 100);
    ledger.set_units("d1", "v1", 0).unwrap();
    block(&mut ledger, 100, None, 100);
    assert_eq!(earned(&ledger, "d1", "v1"), coins(98));
    assert_eq!(community(&ledger), coins(102));
    ledger.pay_delegation("d1", "v1", DENOM, 98).unwrap();
    ledger.check_conservation().unwrap();
}

#[test]
fn each_denom_is_a_ledger_of_its_own() {
    let mut ledger = with_powers(tax_only(), &[100, 200]);
    let fees = [
        DenomAmount {
            denom: "a",
            amount: 100,
        },
        DenomAmount {
            denom: "b",
            amount: 1,
        },
        DenomAmount {
            denom: "a",
            amount: 200,
        },
    ];
    let fees = BlockFees {
        fees: &fees,
        proposer: None,
        signed_power: 300,
    };
    ledger.begin_block(&fees).unwrap();

    assert_eq!(ledger.earned(delegation("d1", "v1"), "a"), coins(98));
    assert_eq!(ledger.earned(delegation("d1", "v1"), "b"), ratio(98, 300));
    assert_eq!(ledger.earned(delegation("d1", "v1"), "c"), coins(0));
    assert_eq!(ledger.total_received("a"), 300);
    assert_eq!(ledger.denoms().collect::<Vec<_>>(), ["a", "b"]);
    ledger.check_conservation().unwrap();
}
