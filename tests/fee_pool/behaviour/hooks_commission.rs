//! Commission terms of a pool that the chain's staking hooks feed: announced by the chain, and read
//! from it.

use cosmwasm_std::Decimal;
use cw_multi_test::AppResponse;
use serde_json::{Value, json};
use testkit::chain::ValidatorTerms;
use testkit::fee_pool::FeePoolSuite;

use super::hooks_source::{
    asked, chain_commission, earning, juno_delegation, juno_validator, neutron_validator, pool,
    sudo,
};
use crate::support::scripted_contract::{self, Run};
use crate::support::{
    block, books_hold_and_all_is_split, claimable, event, events, everything, has,
    is_commission_of, plain_split, refused,
};

fn refresh() -> Value {
    json!({"refresh_validator": {"validator": "@@v1"}})
}

/// A block in which 1 000 came in.
#[track_caller]
fn next_block(suite: &mut FeePoolSuite) -> AppResponse {
    let all = json!({"signed_power": "1"});
    suite.block(1000, None, all).unwrap()
}

#[test]
fn an_announced_commission_is_read_by_the_next_block_before_it_splits() {
    let mut suite = earning();
    let response = sudo(&mut suite, juno_validator("before_validator_modified"));
    event(&response, "commission_announced");
    // The chain makes the change after it announced it.
    chain_commission(&mut suite, 20, 30);
    assert_eq!(asked(&suite)["commission"]["rate"], "0.1");
    assert_eq!(asked(&suite)["commission"]["stale"], true);

    let response = next_block(&mut suite);

    let read = event(&response, "commission_read");
    assert_eq!((&*read["rate"], &*read["max_rate"]), ("0.2", "0.3"));
    // What was earned before the change was earned at the old rate.
    is_commission_of(&response, "100uatom");
    assert_eq!(asked(&suite)["commission"]["rate"], "0.2");
    assert_eq!(asked(&suite)["commission"]["stale"], false);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 900 + 800);
    suite.withdraw("alice", "v1").unwrap();
    assert_eq!(has(&suite, "alice", "uatom"), 1700);
    // Without another announcement the chain is not asked again.
    chain_commission(&mut suite, 30, 30);
    let response = next_block(&mut suite);
    assert!(events(&response, "commission_read").is_empty());
    suite.withdraw("alice", "v1").unwrap();
    assert_eq!(has(&suite, "alice", "uatom"), 2500);
    books_hold_and_all_is_split(&suite);
}

/// When a block is begun behind the transactions that its height already has.
#[test]
fn a_block_reads_no_change_that_was_announced_in_it() {
    let mut suite = earning();
    suite.next_block();
    suite.send("fees", "pool", 1000, "uatom").unwrap();
    sudo(&mut suite, juno_validator("before_validator_modified"));
    chain_commission(&mut suite, 20, 30);
    let begin = json!({"begin_block": {"last_commit": {"signed_power": "1"}}});
    let response = suite.execute("reporter", begin).unwrap();
    assert!(events(&response, "commission_read").is_empty());
    assert_eq!(asked(&suite)["commission"]["rate"], "0.1");
    assert_eq!(asked(&suite)["commission"]["stale"], true);
    let response = next_block(&mut suite);
    assert_eq!(event(&response, "commission_read")["rate"], "0.2");
    suite.withdraw_commission("v1").unwrap();
    assert_eq!(has(&suite, "v1", "uatom"), 100 + 100 + 200);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn announcements_in_a_row_count_each_from_the_block_behind_it() {
    let mut suite = earning();
    for percent in [20, 30, 10] {
        sudo(&mut suite, juno_validator("before_validator_modified"));
        chain_commission(&mut suite, percent, 30);
        next_block(&mut suite);
    }
    suite.withdraw_commission("v1").unwrap();
    assert_eq!(has(&suite, "v1", "uatom"), 100 + 200 + 300 + 100);
    books_hold_and_all_is_split(&suite);
}

/// More are announced than one block asks for: the first ones by their bytes come first.
#[test]
fn a_block_reads_at_most_twenty_announcements() {
    let mut suite = pool("juno");
    let names: Vec<String> = (0..23)
        .map(|number| format!("validator {number}"))
        .collect();
    let hook = |hook: &str, name: &str| json!({hook: {"validator_address": format!("@@{name}"), "commission": "0.1"}});
    for name in &names {
        sudo(&mut suite, hook("after_validator_created", name));
    }
    for name in &names {
        sudo(&mut suite, hook("before_validator_modified", name));
        let operator = suite.operator(name);
        let terms = ValidatorTerms {
            commission: Decimal::percent(20),
            ..ValidatorTerms::default()
        };
        suite.chain.set_validator(&operator, &terms).unwrap();
    }
    let mut reads = Vec::new();
    for _ in 0..3 {
        let response = next_block(&mut suite);
        reads.push(events(&response, "commission_read").len());
    }
    assert_eq!(reads, [20, 3, 0]);
}

/// An upgrade of the chain may lift limits that were fixed.
#[test]
fn rate_and_limits_of_the_chain_are_taken_as_they_are() {
    let mut suite = earning();
    sudo(&mut suite, juno_validator("before_validator_modified"));
    chain_commission(&mut suite, 80, 90);
    let response = next_block(&mut suite);
    let read = event(&response, "commission_read");
    assert_eq!((&*read["rate"], &*read["max_rate"]), ("0.8", "0.9"));
    assert_eq!(asked(&suite)["commission"]["max_rate"], "0.9");
    suite.withdraw_commission("v1").unwrap();
    assert_eq!(has(&suite, "v1", "uatom"), 100 + 800);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn without_an_answer_an_announcement_is_dropped_and_the_known_rate_stays() {
    let mut suite = earning();
    sudo(&mut suite, juno_validator("before_validator_modified"));
    let operator = suite.operator("v1");
    suite.chain.remove_validator(&operator).unwrap();
    let response = next_block(&mut suite);
    let dropped = event(&response, "announcement_dropped");
    assert_eq!(dropped["validator"], operator);
    assert!(!dropped["reason"].is_empty());
    assert!(events(&response, "commission_read").is_empty());
    assert_eq!(asked(&suite)["commission"]["stale"], false);
    // It is not asked again until it announces or somebody refreshes.
    chain_commission(&mut suite, 30, 30);
    let response = next_block(&mut suite);
    assert!(events(&response, "commission_read").is_empty());
    suite.withdraw_commission("v1").unwrap();
    assert_eq!(has(&suite, "v1", "uatom"), 300);
    suite.execute("stranger", refresh()).unwrap();
    next_block(&mut suite);
    suite.withdraw_commission("v1").unwrap();
    assert_eq!(has(&suite, "v1", "uatom"), 600);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn a_rate_above_everything_is_no_answer() {
    let mut suite = earning();
    sudo(&mut suite, juno_validator("before_validator_modified"));
    chain_commission(&mut suite, 101, 200);
    let response = next_block(&mut suite);
    event(&response, "announcement_dropped");
    assert_eq!(asked(&suite)["commission"]["rate"], "0.1");
    let before = everything(&suite);
    refused(&mut suite, "stranger", refresh(), &["1.01"]);
    assert!(everything(&suite) == before);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn anybody_may_have_the_terms_read_at_once() {
    let mut suite = earning();
    chain_commission(&mut suite, 30, 40);
    next_block(&mut suite);
    // What was earned until now was earned at the rate that was known.
    let response = suite.execute("stranger", refresh()).unwrap();
    is_commission_of(&response, "200uatom");
    assert_eq!(event(&response, "commission_read")["rate"], "0.3");
    assert_eq!(asked(&suite)["commission"]["rate"], "0.3");
    assert_eq!(asked(&suite)["commission"]["max_rate"], "0.4");
    next_block(&mut suite);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 900 + 900 + 700);
    // Nothing changed since then.
    let response = suite.execute("stranger", refresh()).unwrap();
    assert!(events(&response, "commission").is_empty());
    books_hold_and_all_is_split(&suite);
}

/// Other contracts' hooks run in the middle of the chain's change, when it still has the old terms.
#[test]
fn nobody_has_the_terms_read_in_the_block_of_their_announcement() {
    let mut suite = earning();
    sudo(&mut suite, juno_validator("before_validator_modified"));
    for sender in ["stranger", "v1", "reporter", "owner"] {
        refused(&mut suite, sender, refresh(), &["announced"]);
    }
    assert_eq!(asked(&suite)["commission"]["stale"], true);
    chain_commission(&mut suite, 20, 30);
    suite.next_block();
    suite.execute("stranger", refresh()).unwrap();
    assert_eq!(asked(&suite)["commission"]["rate"], "0.2");
    // The announcement stays for the next block, which finds what is known.
    assert_eq!(asked(&suite)["commission"]["stale"], true);
    let response = next_block(&mut suite);
    assert_eq!(event(&response, "commission_read")["rate"], "0.2");
    assert_eq!(asked(&suite)["commission"]["stale"], false);
    let response = next_block(&mut suite);
    assert!(events(&response, "commission_read").is_empty());
}

#[test]
fn only_the_chain_knows_the_commission() {
    let mut suite = earning();
    refused(
        &mut suite,
        "v1",
        json!({"edit_commission": {"rate": "0.2"}}),
        &["source `hooks`", "edit_commission"],
    );
    let mut suite = plain_split().build().unwrap();
    suite.create_validator("v1", "0").unwrap();
    refused(
        &mut suite,
        "v1",
        refresh(),
        &["source `reporter`", "refresh_validator"],
    );
}

#[test]
fn a_validator_without_an_answer_of_the_chain_has_the_rate_of_the_hook_and_no_limits() {
    let mut suite = pool("juno");
    sudo(&mut suite, juno_validator("after_validator_created"));
    assert_eq!(asked(&suite)["commission"]["rate"], "0.1");
    assert_eq!(asked(&suite)["commission"]["max_rate"], Value::Null);
    // The next hook that names it asks again.
    chain_commission(&mut suite, 20, 30);
    sudo(
        &mut suite,
        juno_delegation("after_delegation_modified", "alice", "1"),
    );
    assert_eq!(asked(&suite)["commission"]["rate"], "0.2");
    assert_eq!(asked(&suite)["commission"]["max_rate"], "0.3");
    let mut suite = pool("neutron");
    sudo(&mut suite, neutron_validator("after_validator_created"));
    assert_eq!(asked(&suite)["commission"]["rate"], "0");
    assert_eq!(asked(&suite)["commission"]["max_rate"], Value::Null);
}

#[test]
fn a_removed_validator_that_the_chain_does_not_know_is_brought_back_by_its_creation_alone() {
    let mut suite = pool("juno");
    chain_commission(&mut suite, 20, 30);
    sudo(&mut suite, juno_validator("after_validator_created"));
    sudo(&mut suite, juno_validator("after_validator_removed"));
    let operator = suite.operator("v1");
    suite.chain.remove_validator(&operator).unwrap();
    let response = suite
        .sudo(juno_delegation("after_delegation_modified", "alice", "1"))
        .unwrap();
    assert!(event(&response, "hook_ignored")["reason"].contains("was removed"));
    assert_eq!(asked(&suite)["removed"], true);
    sudo(&mut suite, juno_validator("after_validator_created"));
    assert_eq!(asked(&suite)["removed"], false);
    assert_eq!(asked(&suite)["commission"]["rate"], "0.1");
}

#[test]
fn terms_of_the_chain_are_taken_as_they_are_also_when_they_contradict_each_other() {
    let mut suite = pool("juno");
    chain_commission(&mut suite, 70, 50);
    sudo(&mut suite, juno_validator("after_validator_created"));
    assert_eq!(asked(&suite)["commission"]["rate"], "0.7");
    assert_eq!(asked(&suite)["commission"]["max_rate"], "0.5");
    // No share can be above all: that is no answer.
    chain_commission(&mut suite, 300, 200);
    sudo(&mut suite, juno_validator("after_validator_created"));
    assert_eq!(asked(&suite)["commission"]["rate"], "0.1");
    assert_eq!(asked(&suite)["commission"]["max_rate"], "0.5");
}

#[test]
fn a_validator_that_is_created_again_continues_under_new_terms() {
    let mut suite = earning();
    sudo(&mut suite, juno_validator("after_validator_removed"));
    let operator = suite.operator("v1");
    suite.chain.remove_validator(&operator).unwrap();
    chain_commission(&mut suite, 50, 60);
    sudo(&mut suite, juno_validator("after_validator_created"));
    assert_eq!(asked(&suite)["removed"], false);
    assert_eq!(asked(&suite)["commission"]["max_rate"], "0.6");
    suite.set_power("v1", 1).unwrap();
    block(&mut suite, &[(1000, "uatom")], None);
    suite.withdraw("alice", "v1").unwrap();
    suite.withdraw_commission("v1").unwrap();
    assert_eq!(has(&suite, "alice", "uatom"), 900 + 500);
    assert_eq!(has(&suite, "v1", "uatom"), 100 + 500);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn a_hook_fetches_the_terms_of_a_validator_that_only_a_vote_named() {
    let mut suite = pool("juno");
    chain_commission(&mut suite, 10, 30);
    suite.next_block();
    sudo(
        &mut suite,
        json!({"begin_block": {"last_commit": {"votes": [
            {"validator": "@@v1", "power": "1", "signed": true},
        ]}}}),
    );
    let commission = |suite: &FeePoolSuite| {
        suite
            .query(json!({"validator": {"validator": "@@v1"}}))
            .unwrap()["commission"]
            .clone()
    };
    assert_eq!(commission(&suite)["rate"], "0");
    sudo(
        &mut suite,
        juno_delegation("after_delegation_modified", "alice", "1.0"),
    );
    assert_eq!(commission(&suite)["rate"], "0.1");
    assert_eq!(commission(&suite)["max_rate"], "0.3");
}

/// As when an operator edits its description in every block, before the reporter's transaction.
#[test]
fn announcing_again_puts_off_no_earlier_change() {
    let mut suite = earning();
    sudo(&mut suite, juno_validator("before_validator_modified"));
    chain_commission(&mut suite, 30, 30);
    for paid in [100 + 300, 100 + 600] {
        suite.next_block();
        suite.send("fees", "pool", 1000, "uatom").unwrap();
        sudo(&mut suite, juno_validator("before_validator_modified"));
        refused(&mut suite, "stranger", refresh(), &["announced"]);
        let begin = json!({"begin_block": {"last_commit": {"signed_power": "1"}}});
        let response = suite.execute("reporter", begin).unwrap();
        assert_eq!(event(&response, "commission_read")["rate"], "0.3");
        // What was announced in this block is read by the next one.
        assert_eq!(asked(&suite)["commission"]["stale"], true);
        suite.withdraw_commission("v1").unwrap();
        assert_eq!(has(&suite, "v1", "uatom"), paid);
    }
    let response = next_block(&mut suite);
    event(&response, "commission_read");
    assert_eq!(asked(&suite)["commission"]["stale"], false);
    let response = next_block(&mut suite);
    assert!(events(&response, "commission_read").is_empty());
    books_hold_and_all_is_split(&suite);
}

/// Twenty-four others, and one that comes before or behind all of them by its bytes.
#[test]
fn whoever_announces_in_every_block_keeps_nobody_waiting() {
    let hook = |hook: &str, name: &str| json!({hook: {"validator_address": format!("@@{name}"), "commission": "0.1"}});
    for is_first in [true, false] {
        let mut suite = pool("juno");
        let mut crowd: Vec<String> = (0..25).map(|number| format!("crowd {number}")).collect();
        crowd.sort_by_key(|name| {
            let account = suite.account(name);
            suite
                .chain
                .addresses()
                .account_bytes(account.as_str())
                .unwrap()
        });
        let one = crowd.remove(if is_first { 0 } else { 24 });
        for name in crowd.iter().chain([&one]) {
            sudo(&mut suite, hook("after_validator_created", name));
        }
        sudo(&mut suite, hook("before_validator_modified", &one));
        let operator = suite.operator(&one);
        let terms = ValidatorTerms {
            commission: Decimal::percent(20),
            ..ValidatorTerms::default()
        };
        suite.chain.set_validator(&operator, &terms).unwrap();
        let mut is_read = false;
        // Twenty-five announcements are read in two blocks, whatever is announced in between.
        for _ in 0..2 {
            for name in &crowd {
                sudo(&mut suite, hook("before_validator_modified", name));
            }
            let response = next_block(&mut suite);
            let read = events(&response, "commission_read");
            let dropped = events(&response, "announcement_dropped");
            assert_eq!(read.len() + dropped.len(), 20);
            is_read |= read.iter().any(|event| event["validator"] == operator);
        }
        assert!(is_read, "first: {is_first}");
    }
}

#[test]
fn a_validator_that_is_removed_while_it_is_announced_stops_no_block() {
    let mut suite = earning();
    sudo(&mut suite, juno_validator("before_validator_modified"));
    chain_commission(&mut suite, 20, 30);
    sudo(&mut suite, juno_validator("after_validator_removed"));
    let response = next_block(&mut suite);
    assert!(events(&response, "commission_read").is_empty());
    assert_eq!(asked(&suite)["removed"], true);
    assert_eq!(asked(&suite)["commission"]["stale"], false);
    // One that came back in the same block has what the chain says of it then.
    sudo(&mut suite, juno_validator("before_validator_modified"));
    sudo(&mut suite, juno_validator("after_validator_created"));
    sudo(&mut suite, juno_validator("before_validator_modified"));
    sudo(&mut suite, juno_validator("after_validator_removed"));
    sudo(&mut suite, juno_validator("after_validator_created"));
    chain_commission(&mut suite, 25, 30);
    let response = next_block(&mut suite);
    assert_eq!(event(&response, "commission_read")["rate"], "0.25");
    assert_eq!(asked(&suite)["commission"]["rate"], "0.25");
    books_hold_and_all_is_split(&suite);
}

/// Another contract that the chain's hooks call, too: before the pool or after it, in the middle of
/// the chain's change.
#[test]
fn another_contracts_hook_has_no_old_terms_taken_for_new_ones() {
    for is_first in [true, false] {
        let mut suite = earning();
        let hostile = scripted_contract::new(&mut suite);
        let run = Run {
            messages: vec![scripted_contract::call(&suite, refresh(), vec![])],
            strict: false,
        };
        let chain = suite.account("anyone");
        let call_hostile =
            |suite: &mut FeePoolSuite| suite.chain.execute(&chain, &hostile, &run, &[]).unwrap();
        if is_first {
            // It has read what is known anyway.
            call_hostile(&mut suite);
        }
        sudo(&mut suite, juno_validator("before_validator_modified"));
        if !is_first {
            let response = call_hostile(&mut suite);
            assert!(events(&response, "commission_read").is_empty());
        }
        assert_eq!(
            asked(&suite)["commission"]["stale"],
            true,
            "first: {is_first}"
        );
        chain_commission(&mut suite, 20, 30);
        // Nor does it have the new terms taken before the fees of this block are split.
        call_hostile(&mut suite);
        assert_eq!(asked(&suite)["commission"]["rate"], "0.1");
        let response = next_block(&mut suite);
        assert_eq!(event(&response, "commission_read")["rate"], "0.2");
        suite.withdraw_commission("v1").unwrap();
        assert_eq!(has(&suite, "v1", "uatom"), 100 + 200);
        books_hold_and_all_is_split(&suite);
    }
}

#[test]
fn a_refresh_leaves_the_announcement_to_the_next_block() {
    let mut suite = earning();
    sudo(&mut suite, juno_validator("before_validator_modified"));
    chain_commission(&mut suite, 20, 30);
    suite.next_block();
    suite.execute("stranger", refresh()).unwrap();
    assert_eq!(asked(&suite)["commission"]["rate"], "0.2");
    chain_commission(&mut suite, 30, 30);
    let response = next_block(&mut suite);
    assert_eq!(event(&response, "commission_read")["rate"], "0.3");
    assert_eq!(asked(&suite)["commission"]["rate"], "0.3");
}
