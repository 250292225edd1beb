//! The first hour of the README, as it stands there.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::node::{Node, repository};

/// The code blocks of a language in the section.
fn blocks(section: &str, language: &str) -> Vec<String> {
    let begin = format!("```{language}\n");
    let rest = section.split(begin.as_str()).skip(1);
    rest.map(|block| block.split("```").next().unwrap().to_string())
        .collect()
}

/// Whether a line is what the README shows, where `..` stands for anything.
fn is_shown(line: &str, shown: &str) -> bool {
    let mut rest = line;
    for piece in shown.split("..") {
        let Some(at) = rest.find(piece) else {
            return false;
        };
        rest = &rest[at + piece.len()..];
    }
    true
}

#[test]
#[ignore = "needs wasmd"]
fn the_first_hour_goes_as_the_readme_tells_it() {
    let node = Node::start();
    let readme =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let section = readme.split("## A first hour").nth(1).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let files = blocks(section, "toml");
    assert_eq!(files.len(), 2, "operator.toml and deploy.toml");
    let config = files[0].replace("http://127.0.0.1:9090", &node.grpc());
    node.write(
        "operator.toml",
        &config.replace("\"wasm\"", &format!("\"{}\"", node.prefix())),
    );
    node.write("deploy.toml", &files[1]);
    symlink(
        repository().join("artifacts").canonicalize().unwrap(),
        node.path("artifacts"),
    )
    .unwrap();

    let session = blocks(section, "console").pop().unwrap();
    let mut commands = 0;
    for command in session.split("$ ").skip(1) {
        let (command, shown) = command.split_once('\n').unwrap();
        let words: Vec<&str> = command.split(' ').collect();
        if words[0] == "wasmd" {
            node.run(&words[1..]);
            continue;
        }
        let output = node.operator(&words[1..]).output().unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let shown = shown.replace("wasm", &node.prefix());
        let lines: Vec<&str> = printed.lines().collect();
        let shown: Vec<&str> = shown.lines().collect();
        assert_eq!(lines.len(), shown.len(), "{command}: {printed}");
        for (line, shown) in lines.iter().zip(shown) {
            assert!(is_shown(line, shown), "{command}: {line}\nis not\n{shown}");
        }
        commands += 1;
    }
    assert_eq!(commands, 3);

    let scripts = blocks(section, "sh");
    assert_eq!(scripts.len(), 3, "the chain, fees, a claim");
    let mut shell = node.shell();
    let mut input = shell.stdin.take().unwrap();
    let prefix = format!("'{}1", node.prefix());
    write!(input, "set -e\n{}", scripts[1].replace("'wasm1", &prefix)).unwrap();
    let owed = json!({"delegation_rewards": {"delegator": node.address("owner"), "validator": node.validator()}});
    let start = Instant::now();
    while node.ask("pool", &owed)["rewards"][0]["amount"].is_null() {
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "nothing is split"
        );
        node.next_block();
    }
    input.write_all(scripts[2].as_bytes()).unwrap();
    drop(input);
    assert!(shell.wait().unwrap().success());
    let pool = node.contract("pool");
    let start = Instant::now();
    // 1 000 000 less 90 % of 98 %.
    while node.query(&["bank", "balance", &pool, "stake"])["balance"]["amount"] != "118000" {
        assert!(start.elapsed() < Duration::from_secs(60), "nothing is paid");
        node.next_block();
    }
    // A new version keeps the state.
    let invariants = json!({"invariants": {}});
    let before = node.ask("pool", &invariants);
    node.send("owner", &["wasm", "migrate", &pool, "1", "{}"]);
    assert_eq!(node.ask("pool", &invariants), before);
}
