//! `operator deploy`.

use std::fs;
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use cosmrs::AccountId;
use cosmwasm_std::Checksum;
use serde_json::{Value, json};

use crate::node::{Node, pool, repository};

/// A pool whose first messages are sent with it, and pools that name each other.
fn plan(node: &Node) -> String {
    let artifacts = repository().join("artifacts").canonicalize().unwrap();
    let reporter = node.address("reporter");
    format!(
        r#"
        artifacts = "{}"
        [governance]
        deposit = ["10000000stake"]

        [[contracts]]
        name = "pool"
        kind = "fee-pool"
        pin = true
        msg = {{ reward_denoms = ["stake"], reporters = {{ block = ["{reporter}"], staking = ["{reporter}", "@second"] }} }}
        execute = [{{ msg = {{ activate = {{}} }}, funds = ["7stake"] }}]

        [[contracts]]
        name = "second"
        kind = "fee-pool"
        admin = ""
        msg = {{ owner = "@pool", reward_denoms = ["stake"] }}
        "#,
        artifacts.display()
    )
}

fn owner(node: &Node, name: &str) -> String {
    node.ask(name, &json!({"ownership": {}}))["owner"]
        .as_str()
        .unwrap()
        .to_string()
}

fn count(answer: &Value, list: &str) -> usize {
    answer[list].as_array().unwrap().len()
}

#[test]
#[ignore = "needs wasmd"]
fn an_interrupted_deployment_goes_on_where_it_stopped() {
    let node = Node::start();
    node.write("deploy.toml", &plan(&node));

    // Killed later and later: before, between and after all its steps.
    let mut kills = 0;
    for tenths in 1.. {
        let mut child = node.operator(&["deploy"]).spawn().unwrap();
        sleep(Duration::from_millis(150 * tenths));
        if child.try_wait().unwrap().is_some() {
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
    }
    println!("killed {kills} times");
    assert!(kills > 3, "killed {kills} times only");
    vote(&node, "1");
    let said = node.succeeds(&["deploy"]);
    assert!(said.contains("fee-pool: is there as code 1\n"), "{said}");

    // Every step was done once.
    assert_eq!(count(&node.query(&["wasm", "list-code"]), "code_infos"), 1);
    let contracts = node.query(&["wasm", "list-contract-by-code", "1"]);
    assert_eq!(count(&contracts, "contracts"), 2);
    assert_eq!(count(&node.query(&["gov", "proposals"]), "proposals"), 1);
    assert_eq!(owner(&node, "pool"), node.address("owner"));
    assert_eq!(owner(&node, "second"), node.contract("pool"));
    assert_eq!(node.ask("pool", &json!({"config": {}}))["active"], true);
    assert_eq!(
        node.ask("pool", &json!({"community_pool": {}}))["spendable"][0]["amount"],
        "7"
    );

    // Nothing is left to do, so nothing is paid.
    wait_for(&node, "1");
    let account = || node.query(&["auth", "account-info", &node.address("owner")]);
    let before = account();
    node.succeeds(&["deploy"]);
    assert_eq!(account(), before);
    assert_eq!(node.succeeds(&["deploy", "--dry-run"]), "[]\n");

    // Nor when the file has become another, whose code is on the chain: contracts stay as they are.
    let artifacts = repository().join("artifacts").canonicalize().unwrap();
    let newer = node.path("newer");
    fs::create_dir(&newer).unwrap();
    let file = newer.join("fee_pool.wasm");
    fs::copy(artifacts.join("poa_fee_pool.wasm"), &file).unwrap();
    let checksum = Checksum::generate(&fs::read(&file).unwrap());
    fs::write(
        newer.join("checksums.txt"),
        format!("{checksum}  fee_pool.wasm\n"),
    )
    .unwrap();
    let other = plan(&node).replace(&artifacts.display().to_string(), "newer");
    node.write("deploy.toml", &other);
    node.send("alice", &["wasm", "store", file.to_str().unwrap()]);
    let said = node.succeeds(&["deploy"]);
    assert!(said.contains("fee-pool: is there as code 2\n"), "{said}");
    assert_eq!(account(), before);
}

#[test]
#[ignore = "needs wasmd"]
fn what_is_wrong_outside_is_one_line_and_nothing_is_sent() {
    let mut node = Node::start();
    node.write("deploy.toml", &plan(&node));
    let plan = plan(&node);

    // A dry run shows everything, with addresses, and sends nothing.
    let shown: Value = serde_json::from_str(&node.succeeds(&["deploy", "--dry-run"])).unwrap();
    let steps = ["store-fee-pool", "make-pool", "make-second", "pin"];
    assert_eq!(shown.as_array().unwrap().len(), steps.len());
    for (number, step) in steps.iter().enumerate() {
        assert_eq!(shown[number]["step"], *step);
    }
    let pin = &shown[3]["messages"][0]["messages"][0];
    assert_eq!(pin["code_ids"], json!([null]));
    assert_eq!(shown[1]["messages"][0]["code_id"], Value::Null);
    assert_eq!(shown[1]["messages"][1]["msg"], json!({"activate": {}}));
    let second = shown[2]["messages"][0]["msg"]["owner"].as_str().unwrap();
    assert!(second.starts_with(&node.prefix()), "{second}");
    assert_eq!(count(&node.query(&["wasm", "list-code"]), "code_infos"), 0);

    let refuses_config = |from: &str, to: &str| {
        let config = node.config();
        assert!(config.contains(from), "{from}");
        node.write("operator.toml", &config.replace(from, to));
        let error = node.fails(&["deploy"]);
        node.write("operator.toml", &config);
        error
    };
    let error = refuses_config("local-1", "local-2");
    assert!(
        error.contains("says chain local-2") && error.contains("is on local-1"),
        "{error}"
    );
    let error = refuses_config("owner.key", "nobody.key");
    assert!(
        error.contains("cannot read the key file") && error.contains("nobody.key"),
        "{error}"
    );
    let error = refuses_config("0.001stake", "1000000stake");
    assert!(
        error.contains("cannot pay the fee: spendable balance"),
        "{error}"
    );
    let unknown = "01".repeat(32);
    node.write("new.key", &unknown);
    let error = refuses_config("owner.key", "new.key");
    assert!(
        error.contains("is not known on local-1: send it some stake first"),
        "{error}"
    );
    let error = refuses_config("[chain]", "book = \"/no-such-folder/book.toml\"\n[chain]");
    assert!(
        error.contains("cannot write /no-such-folder/book.toml"),
        "{error}"
    );

    // A disk that takes nothing more: the book is as it was, and nothing is beside it.
    node.write("contracts.toml", "chain_id = \"local-1\"\n");
    let full = "trap '' XFSZ; ulimit -f 0; exec \"$@\"";
    let operator = env!("CARGO_BIN_EXE_operator");
    let mut deploy = Command::new("bash");
    deploy.args(["-c", full, "bash", operator, "deploy"]);
    let output = deploy.current_dir(node.path("")).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    let expected = "operator: cannot write contracts.toml: File too large";
    assert!(error.starts_with(expected), "{error}");
    let book = fs::read_to_string(node.path("contracts.toml")).unwrap();
    assert_eq!(book, "chain_id = \"local-1\"\n");
    let files = fs::read_dir(node.path("")).unwrap();
    let mut files = files.map(|it| it.unwrap().file_name().into_string().unwrap());
    assert!(!files.any(|name| name.starts_with(".tmp")));

    let refuses_plan = |from: &str, to: &str| {
        assert!(plan.contains(from), "{from}");
        node.write("deploy.toml", &plan.replacen(from, to, 1));
        node.fails(&["deploy"])
    };
    let error = refuses_plan("activate = {}", "activated = {}");
    assert!(error.contains("pool: fee-pool has no message"), "{error}");
    let error = refuses_plan("@second", "@third");
    assert!(error.contains("`@third` stands for no contract"), "{error}");
    let artifacts = repository().join("artifacts").canonicalize().unwrap();
    let other = node.path("other");
    fs::create_dir(&other).unwrap();
    fs::copy(artifacts.join("checksums.txt"), other.join("checksums.txt")).unwrap();
    fs::write(other.join("fee_pool.wasm"), "not this").unwrap();
    let error = refuses_plan(&artifacts.display().to_string(), "other");
    assert!(error.contains("fee_pool.wasm has the checksum"), "{error}");

    // A contract that nobody has made.
    node.write("deploy.toml", &plan);
    let pool = shown[1]["messages"][1]["contract"].as_str().unwrap();
    let book = |chain: &str, address: &str| {
        format!(
            "chain_id = \"{chain}\"\n[contracts.pool]\nkind = \"fee-pool\"\naddress = \"{address}\"\n"
        )
    };
    node.write("contracts.toml", &book("local-1", pool));
    let error = node.fails(&["deploy"]);
    assert!(error.contains("where the chain has no contract"), "{error}");
    assert_eq!(count(&node.query(&["wasm", "list-code"]), "code_infos"), 0);

    // What is of another chain. Which address of a message is, its contract says.
    let elsewhere = AccountId::new("elsewhere", &[7; 32]).unwrap().to_string();
    node.write("contracts.toml", &book("local-2", pool));
    let error = node.fails(&["deploy"]);
    assert!(error.contains("is the address book of local-2"), "{error}");
    node.write("contracts.toml", &book("local-1", &elsewhere));
    let error = node.fails(&["deploy"]);
    assert!(
        error.contains(&format!("has pool at {elsewhere}: invalid Bech32 prefix")),
        "{error}"
    );
    fs::remove_file(node.path("contracts.toml")).unwrap();
    let error = refuses_plan("@pool", &elsewhere);
    let foreign = format!("expected {}, got elsewhere", node.prefix());
    assert!(
        error.contains("second cannot be made: ") && error.contains(&foreign),
        "{error}"
    );

    node.stop();
    let error = node.fails(&["deploy"]);
    assert!(
        error.contains("no node answers at http://127.0.0.1:"),
        "{error}"
    );
}

#[test]
#[ignore = "needs wasmd"]
fn a_transaction_of_the_same_key_that_waits_for_its_block_is_waited_for() {
    let mut node = Node::start();
    let path = node.path(".wasmd/config/config.toml");
    let config = fs::read_to_string(&path).unwrap();
    let slow = config.replace("timeout_commit = \"500ms\"", "timeout_commit = \"5s\"");
    assert!(slow != config);
    fs::write(path, slow).unwrap();
    node.restart();
    let to = node.address("alice");
    node.run(&["tx", "bank", "send", "owner", &to, "1stake", "--yes"]);
    node.deploy(&pool("pool", "fee-pool", &[]));

    // And it is done once: an activation is on its way already.
    node.succeeds(&["import", "pool"]);
    node.next_block();
    let pool = node.contract("pool");
    let execute = ["tx", "wasm", "execute", &pool, r#"{"activate": {}}"#];
    let signed = ["--from", "owner", "--gas", "1000000", "--yes"];
    node.run(&[&execute[..], &signed].concat());
    let said = node.succeeds(&["import", "pool", "--activate"]);
    assert!(said.ends_with("pool: is active\n"), "{said}");
}

fn vote(node: &Node, number: &str) {
    node.send("owner", &["gov", "vote", number, "yes"]);
}

/// Waits until a proposal has passed.
fn wait_for(node: &Node, number: &str) {
    for _ in 0..120 {
        let answer = node.query(&["gov", "proposal", number]);
        let status = answer["proposal"]["status"].as_str().unwrap().to_string();
        if status == "PROPOSAL_STATUS_PASSED" {
            return;
        }
        assert_eq!(status, "PROPOSAL_STATUS_VOTING_PERIOD", "{answer}");
        sleep(Duration::from_millis(500));
    }
    panic!("no decision on proposal {number}");
}

/// Submits what the operator proposes and nobody has submitted, votes for it, and waits until it has passed.
fn pass(node: &Node, folder: &str, steps: &[(&str, &str)]) {
    for (step, number) in steps {
        let said = node.succeeds(&["deploy", "--proposals", folder]);
        assert!(said.contains(&format!("{step}.json: ")), "{said}");
        node.send(
            "owner",
            &["gov", "submit-proposal", &format!("{folder}/{step}.json")],
        );
        vote(node, number);
        let output = node.operator(&["deploy", "--proposals", folder]).output();
        let output = output.unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        assert!(!said.contains(&format!("{step}.json")), "{said}");
        let waits = format!("waits for the vote on proposal {number}\n");
        assert!(said.contains(&waits), "{said}");
    }
    for (_, number) in steps {
        wait_for(node, number);
    }
}

#[test]
#[ignore = "needs wasmd"]
fn proposals_bring_the_same_when_they_pass() {
    let node = Node::start();
    // Governance has nothing that it could give a contract.
    node.write(
        "deploy.toml",
        &plan(&node).replace(", funds = [\"7stake\"]", ""),
    );
    let folder = node.path("proposals");
    let folder = folder.to_str().unwrap();

    pass(&node, folder, &[("store-fee-pool", "1")]);
    let steps = [("make-pool", "2"), ("make-second", "3"), ("pin", "4")];
    pass(&node, folder, &steps);

    let said = node.succeeds(&["deploy", "--proposals", folder]);
    assert!(
        !said.contains(".json"),
        "nothing is left to propose: {said}"
    );
    let government = node.query(&["auth", "module-account", "gov"]);
    let government = government["account"]["value"]["address"].as_str().unwrap();
    assert_eq!(owner(&node, "pool"), government);
    assert_eq!(owner(&node, "second"), node.contract("pool"));
    assert_eq!(count(&node.query(&["wasm", "pinned"]), "code_ids"), 1);
}
