//! The consumer's half, with the provider's real contract at the other end.

mod lost_callbacks;
mod weights_at_the_close;

use cosmwasm_std::Addr;
use serde_json::{Value, json};
use testkit::ccv::{CONSUMER, CcvBuilder, CcvSuite, PROVIDER, VOUCHER};
use testkit::scenario::{Action, Advance, Step};
use testkit::wire::Relay;

/// Blocks from one due block to the next.
const PERIOD: u64 = 20;

/// Both contracts with their channel, after the probe.
fn active(builder: CcvBuilder, powers: &[(&str, u64)]) -> CcvSuite {
    let builder = builder.pools("blocks_per_distribution_transmission", json!(PERIOD));
    let mut suite = builder.build().unwrap();
    suite.activate().unwrap();
    suite.powers(powers).unwrap();
    suite
}

/// Goes on to the height of the next due block.
fn advance_a_period(suite: &mut CcvSuite) {
    let (blocks, seconds) = (PERIOD, 5 * PERIOD);
    let advance = Action::Advance(Advance { blocks, seconds });
    suite.step(Step::new(advance).on(CONSUMER)).unwrap();
}

fn due_block(suite: &mut CcvSuite, proposer: &str) {
    advance_a_period(suite);
    begin_block(suite, proposer);
}

/// Reports the block of now.
fn begin_block(suite: &mut CcvSuite, proposer: &str) {
    let proposer = format!("@@{proposer}");
    let block = json!({"proposer": proposer, "last_commit": {"signed_power": "0"}});
    let block = json!({"begin_block": block});
    suite.consumer("owner", block).unwrap();
}

fn relay(suite: &mut CcvSuite) {
    suite.relay(&Relay::default()).unwrap();
}

/// Weights and coins go, as far as they can.
fn deliver(suite: &mut CcvSuite) {
    for _ in 0..2 {
        suite.tick().unwrap();
        relay(suite);
    }
}

/// The unit that is under way, or null.
fn unit(suite: &mut CcvSuite) -> Value {
    let answer = suite.ask(CONSUMER, json!({"unit": {"denom": "uatom"}}));
    answer.unwrap()["unit"].clone()
}

fn paid(suite: &mut CcvSuite, validator: &str) -> String {
    let balance = suite.balance(PROVIDER, validator, VOUCHER).unwrap();
    balance.to_string()
}

/// The address of the holding pools.
fn pools(suite: &mut CcvSuite) -> Addr {
    let answer = suite.ask(CONSUMER, json!({"fee_collector": {}})).unwrap();
    Addr::unchecked(answer["address"].as_str().unwrap())
}
