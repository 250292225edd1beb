//! What a message writes does not grow with what there is: validators, delegators, blocks.

use cosmwasm_std::coin;
use serde_json::{Value, json};
use testkit::expect::changed_records;
use testkit::fee_pool::FeePoolSuite;

use super::hooks_source;
use crate::support::{block, books_hold_and_all_is_split, by_accounting, plain_split};

/// A pool of so many validators, each with Alice and so many others as delegators.
fn pool(validators: u32, others: u32) -> FeePoolSuite {
    let mut suite = plain_split()
        .with("active", json!(false))
        // So that the proposer gets something of its own.
        .with("params", json!({}))
        .build()
        .unwrap();
    let terms = json!({"rate": "0.1", "max_rate": "1", "max_change_rate": "1"});
    let lines: Vec<Value> = (0..validators)
        .map(|number| {
            json!({"validator": format!("@@v{number}"), "power": "10", "commission": terms})
        })
        .collect();
    let mut delegations: Vec<Value> = (0..validators)
        .map(|number| {
            json!({"delegator": "@alice", "validator": format!("@@v{number}"), "shares": "1"})
        })
        .collect();
    for number in 0..others {
        delegations.push(json!({
            "delegator": format!("@d{number}"), "validator": "@@v0", "shares": "1",
        }));
    }
    suite
        .execute(
            "owner",
            json!({"import": {"validators": lines, "delegations": delegations}}),
        )
        .unwrap();
    suite.execute("owner", json!({"activate": {}})).unwrap();
    suite
}

/// The records that are other than before, by kind.
fn written(suite: &mut FeePoolSuite, act: impl FnOnce(&mut FeePoolSuite)) -> Vec<(String, usize)> {
    let before = suite.dump();
    act(suite);
    changed_records(&before, &suite.dump())
}

fn records(expected: &[(&str, usize)]) -> Vec<(String, usize)> {
    let mut expected: Vec<(String, usize)> = expected
        .iter()
        .map(|(kind, count)| (kind.to_string(), *count))
        .collect();
    expected.sort();
    expected
}

/// `both`, and what each accounting keeps for itself.
fn records_of(
    both: &[(&'static str, usize)],
    f1: &[(&'static str, usize)],
    lazy: &[(&'static str, usize)],
) -> Vec<(String, usize)> {
    records(&[both, by_accounting(f1, lazy)].concat())
}

fn votes(validators: u32, power: impl Fn(u32) -> u32) -> Value {
    let votes: Vec<Value> = (0..validators)
        .map(|number| {
            json!({
                "validator": format!("@@v{number}"),
                "power": power(number).to_string(),
                "signed": true,
            })
        })
        .collect();
    json!({ "votes": votes })
}

#[test]
fn a_block_without_changes_writes_the_totals_and_the_proposer() {
    for validators in [5, 200] {
        let mut suite = pool(validators, 0);
        let all = json!({"signed_power": (validators * 10).to_string()});
        let equal = votes(validators, |_| 10);
        let mut shuffled = equal.clone();
        shuffled["votes"].as_array_mut().unwrap().reverse();
        for commit in [all.clone(), equal, shuffled] {
            for _ in 0..2 {
                let changed = written(&mut suite, |suite| {
                    suite.block(1000, Some("v1"), commit.clone()).unwrap();
                });
                assert_eq!(
                    changed,
                    records_of(&[("pool", 1)], &[("earnings", 1)], &[("pp", 1)])
                );
            }
            let nobody = written(&mut suite, |suite| {
                suite.block(1000, None, commit.clone()).unwrap();
            });
            assert_eq!(nobody, records(&[("pool", 1)]));
            let no_fees = written(&mut suite, |suite| {
                suite.block(0, Some("v1"), commit.clone()).unwrap();
            });
            assert_eq!(no_fees, records(&[("pool", 1)]));
        }
        books_hold_and_all_is_split(&suite);
    }
}

#[test]
fn a_changed_power_writes_its_validator_and_the_totals() {
    for validators in [5, 200] {
        let mut suite = pool(validators, 0);
        let changed = written(&mut suite, |suite| {
            let commit = votes(validators, |number| if number == 3 { 11 } else { 10 });
            suite.block(1000, Some("v3"), commit).unwrap();
        });
        let both = [("pool", 1), ("powers", 1)];
        let expected = |lazy: &'static str| {
            let lazy = [("log", 1), (lazy, 1)];
            records_of(&both, &[("earnings", 1)], &lazy)
        };
        // What the block brings is the proposer's.
        assert_eq!(changed, expected("pp"), "{validators} validators");
        let changed = written(&mut suite, |suite| {
            suite.set_power("v3", 12).unwrap();
        });
        // What it brought moves the sums.
        assert_eq!(changed, expected("va"), "{validators} validators");
    }
}

#[test]
fn a_withdrawal_writes_the_same_whatever_there_is_and_was() {
    for validators in [1, 60] {
        for others in [0, 150] {
            for blocks in [1, 60] {
                let mut suite = pool(validators, others);
                for _ in 0..blocks {
                    block(
                        &mut suite,
                        &[(1_000_000, "uatom"), (70_000, "ubtc")],
                        Some("v0"),
                    );
                }
                let case = format!("{validators} validators, {others} others, {blocks} blocks");
                let changed = written(&mut suite, |suite| {
                    suite.withdraw("alice", "v0").unwrap();
                });
                let (f1, lazy) = (
                    [("delegations", 1), ("sharing", 1)],
                    [("delegations", 1), ("to", 1)],
                );
                assert_eq!(changed, records_of(&[("pool", 1)], &f1, &lazy), "{case}");
                let changed = written(&mut suite, |suite| {
                    suite.withdraw_commission("v0").unwrap();
                });
                let (f1, lazy) = ([("sharing", 1)], [("op", 1), ("to", 1)]);
                assert_eq!(changed, records_of(&[("pool", 1)], &f1, &lazy), "{case}");
                // One of each for each delegation of a page.
                let page = validators.min(10);
                let changed = written(&mut suite, |suite| {
                    block(suite, &[(1_000_000, "uatom")], None);
                    let page = json!({"withdraw_delegation": {"limit": page}});
                    suite.execute("alice", page).unwrap();
                });
                let page = page as usize;
                let (f1, lazy) = (
                    [("delegations", page), ("sharing", page)],
                    [("delegations", page), ("to", page)],
                );
                assert_eq!(changed, records_of(&[("pool", 1)], &f1, &lazy), "{case}");
            }
        }
    }
}

#[test]
fn a_change_of_staking_writes_the_same_whatever_there_is_and_was() {
    for validators in [1, 60] {
        for others in [0, 150] {
            for blocks in [1, 30] {
                let mut suite = pool(validators, others);
                for _ in 0..blocks {
                    block(&mut suite, &[(1_000_003, "uatom")], Some("v0"));
                }
                let case = format!("{validators} validators, {others} others, {blocks} blocks");
                let counts = |changed: Vec<(String, usize)>| -> Vec<(String, usize)> {
                    // Whether there was a remainder or carry to give away is chance.
                    changed
                        .into_iter()
                        .filter(|(kind, _)| kind != "pool")
                        .collect()
                };
                let changed = written(&mut suite, |suite| {
                    suite.set_shares("alice", "v0", "2").unwrap();
                });
                let lazy = [("delegations", 1), ("log", 1), ("sh", 1)];
                let expected = records_of(&[], &[("delegations", 1), ("sharing", 1)], &lazy);
                assert_eq!(counts(changed), expected, "{case}");
                let changed = written(&mut suite, |suite| {
                    suite.set_shares("newcomer", "v0", "2").unwrap();
                });
                let (f1, lazy) = (
                    [("delegations", 1), ("delegators", 1), ("sharing", 1)],
                    [("delegations", 1), ("delegators", 1), ("log", 1), ("sh", 1)],
                );
                let expected = records_of(&[], &f1, &lazy);
                assert_eq!(counts(changed), expected, "{case}");
                let changed = written(&mut suite, |suite| {
                    suite.set_shares("newcomer", "v0", "2").unwrap();
                });
                assert_eq!(counts(changed), [], "{case}");
                block(&mut suite, &[(1_000_003, "uatom")], None);
                let changed = written(&mut suite, |suite| {
                    let slashed = json!({"validator_slashed": {
                        "validator": "@@v0", "fraction": "0.01",
                    }});
                    suite.staking_event(slashed).unwrap();
                });
                let expected = records_of(&[], &[("sharing", 1)], &[("sh", 1)]);
                assert_eq!(counts(changed), expected, "{case}");
                block(&mut suite, &[(1_000_003, "uatom")], None);
                let changed = written(&mut suite, |suite| {
                    suite
                        .execute("v0", json!({"edit_commission": {"rate": "0.2"}}))
                        .unwrap();
                });
                let lazy = [("log", 1), ("op", 1), ("sh", 1)];
                let expected = records_of(&[("limits", 1)], &[("sharing", 1)], &lazy);
                assert_eq!(counts(changed), expected, "{case}");
            }
        }
    }
}

#[test]
fn a_refresh_that_changes_nothing_writes_nothing() {
    let mut suite = hooks_source::earning();
    let refresh = json!({"refresh_validator": {"validator": "@@v1"}});
    suite.next_block();
    for _ in 0..2 {
        let changed = written(&mut suite, |suite| {
            suite.execute("anyone", refresh.clone()).unwrap();
        });
        assert_eq!(changed, []);
    }
    hooks_source::chain_commission(&mut suite, 10, 40);
    let changed = written(&mut suite, |suite| {
        suite.execute("anyone", refresh.clone()).unwrap();
    });
    assert_eq!(changed, records(&[("limits", 1)]));
}

#[test]
fn deposits_write_nothing_and_gifts_what_they_are_given_to() {
    for validators in [1, 60] {
        let mut suite = pool(validators, 0);
        block(&mut suite, &[(1_000, "uatom")], Some("v0"));
        let funds = vec![coin(50, "uatom")];
        let changed = written(&mut suite, |suite| {
            suite
                .execute_with("fees", json!({"deposit": {}}), funds.clone())
                .unwrap();
        });
        assert_eq!(changed, []);
        let changed = written(&mut suite, |suite| {
            suite
                .execute_with("fees", json!({"fund_community_pool": {}}), funds.clone())
                .unwrap();
        });
        assert_eq!(changed, records(&[("pool", 1)]));
        let changed = written(&mut suite, |suite| {
            let gift = json!({"deposit_validator_rewards": {"allocations": [
                {"validator": "@@v0", "amount": [{"denom": "uatom", "amount": "50"}]},
            ]}});
            suite.execute_with("fees", gift, funds).unwrap();
        });
        assert_eq!(
            changed,
            records_of(&[("pool", 1)], &[("earnings", 1)], &[("pp", 1)])
        );
    }
}
