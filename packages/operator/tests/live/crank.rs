//! `operator crank`.

use std::thread::sleep;
use std::time::Duration;

use serde_json::json;

use crate::node::Node;

#[test]
#[ignore = "needs wasmd"]
fn a_crank_settles_what_is_due_and_pays_for_nothing_else() {
    let node = Node::start();
    node.deploy(
        r#"
        [[contracts]]
        name = "gauges"
        kind = "reward-gauges"
        [contracts.msg]
        epoch_length = 5
        durations = [5]
        reward_assets = [{ native = "stake" }]
        gauge_creators = ["@sender"]
        [[contracts.execute]]
        msg = { lock = { duration = 3600 } }
        funds = ["100stake"]
        [[contracts.execute]]
        msg = { create_gauge = { lock_asset = { native = "stake" }, duration = 5, epochs = 1 } }
        funds = ["1000stake"]
        "#,
    );

    // The daemon settles what comes due, and stops when it is told to.
    let mut daemon = node.operator(&["crank", "--every", "1"]).spawn().unwrap();
    sleep(Duration::from_secs(16));
    assert!(daemon.try_wait().unwrap().is_none(), "the daemon has ended");
    daemon.kill().unwrap();
    daemon.wait().unwrap();

    let answer = node.ask("gauges", &json!({"finished_gauges": {}}));
    assert_eq!(answer["gauges"][0]["id"], 1, "{answer}");

    // Nothing is due any more, so nothing is sent.
    let account = || node.query(&["auth", "account-info", &node.address("owner")]);
    let before = account();
    assert_eq!(node.succeeds(&["crank", "--dry-run"]), "[]\n");
    node.succeeds(&["crank"]);
    assert_eq!(account(), before);
    assert_eq!(
        node.query(&["wasm", "list-code"])["code_infos"][0]["code_id"],
        "1"
    );
    node.succeeds(&["check"]);
}
