//! `cargo scenario`: plays scenario files on embedded chains and prints what happened.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use comfy_table::{ContentArrangement, Table, presets};
use serde_json::{Value, json};
use testkit::codes::codes;
use testkit::scenario::{
    CodeRegistry, ContractEvent, Failure, MessageKind, RelayedMessage, Report, ScenarioFile,
    StepOutcome, StepResult, Transaction, parse, run,
};

/// How wide a table is when nobody looks at it in a terminal.
const WIDTH_OF_A_FILE: u16 = 140;

/// A scenario that shows what most files need.
const EXAMPLE: &str = r#"{
  "name": "fees of a consortium are shared by power",
  "chains": {"hub": {"prefix": "cosmos", "balances": {"fees": ["1000uatom"]}}},
  "steps": [
    {"instantiate": {"name": "pool", "code": "poa-fee-pool", "sender": "admin", "msg": {
      "denoms": ["uatom"],
      "validators": [{"operator": "@v1", "power": "30"}, {"operator": "@v2", "power": "10"}]}}},
    {"send": {"from": "fees", "to": "pool", "amount": ["100uatom"]}},
    {"advance": {"blocks": 1, "seconds": 5}},
    {"execute": {"contract": "pool", "sender": "v1", "msg": {"withdraw_fees": {}}}},
    {"balance": {"of": "v1", "denom": "uatom"}, "expect": "75"},
    {"execute": {"contract": "pool", "sender": "v1", "msg": {"update_validators": {
      "validators": [{"operator": "@v2", "power": "0"}]}}}, "error": "Unauthorized"}
  ]
}"#;

/// What `--help` says below the options.
fn format_in_short() -> String {
    let codes = codes();
    let codes: Vec<_> = codes.names().collect();
    format!(
        "Example:\n{EXAMPLE}\n\n\
         In messages `@v1` is the address of the account or contract of that name, `@@v1` the operator \
         address with the same bytes, `$x` what an earlier step has saved. Codes: {}.\n\n\
         More files are in tests/scenarios. All steps and keys are described in \
         packages/testkit/src/scenario/mod.rs.",
        codes.join(", ")
    )
}

/// Arguments of `cargo scenario`.
#[derive(clap::Args)]
#[command(after_long_help = format_in_short())]
pub struct Args {
    /// Scenario files, played one after the other, each on new chains
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print one JSON object per step instead of tables
    #[arg(long, conflicts_with = "quiet")]
    json: bool,
    /// Print failures and a summary only
    #[arg(long)]
    quiet: bool,
}

/// What is printed of a run.
#[derive(Clone, Copy, PartialEq)]
enum Style {
    Tables,
    Json,
    Quiet,
}

/// Plays the files; the exit code says whether all of them met their expectations.
///
/// # Errors
/// When what happened cannot be printed.
pub fn main(args: &Args) -> anyhow::Result<ExitCode> {
    let style = match args {
        Args { json: true, .. } => Style::Json,
        Args { quiet: true, .. } => Style::Quiet,
        _ => Style::Tables,
    };
    let mut player = Player {
        codes: codes(),
        style,
        out: io::stdout().lock(),
        err: io::stderr().lock(),
    };
    match player.play_all(&args.files) {
        Ok(true) => Ok(ExitCode::SUCCESS),
        Ok(false) => Ok(ExitCode::FAILURE),
        // Whoever was reading, like `head`, has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::FAILURE),
        Err(error) => Err(error.into()),
    }
}

/// Plays files and prints results to `out`; with JSON, what is for people goes to `err`.
struct Player<O, E> {
    codes: CodeRegistry,
    style: Style,
    out: O,
    err: E,
}

impl<O: Write, E: Write> Player<O, E> {
    /// Plays every file, also after one that failed, and returns whether all passed.
    fn play_all(&mut self, files: &[PathBuf]) -> io::Result<bool> {
        let mut steps = 0;
        let mut failed = 0;
        for path in files {
            match load(path, &self.codes) {
                Ok((file, report)) => {
                    steps += report.outcomes.len();
                    failed += usize::from(!report.passed());
                    self.show(path, &file, &report)?;
                }
                Err(error) => {
                    failed += 1;
                    writeln!(self.err, "{}: {error}", path.display())?;
                }
            }
        }
        let passed = files.len() - failed;
        self.print_line(&format!(
            "scenarios passed: {passed}, failed: {failed}, steps played: {steps}"
        ))?;
        Ok(failed == 0)
    }

    fn show(&mut self, path: &Path, file: &ScenarioFile, report: &Report) -> io::Result<()> {
        match self.style {
            Style::Tables => {
                writeln!(
                    self.out,
                    "{} ({})\n{}",
                    report.name,
                    path.display(),
                    table(file, report)
                )?;
            }
            Style::Json => {
                for outcome in &report.outcomes {
                    writeln!(self.out, "{}", json_line(path, outcome))?;
                }
            }
            Style::Quiet => {}
        }
        for failure in report.failures() {
            self.print_line(&format!("{}: {failure}", path.display()))?;
        }
        if report.not_run > 0 {
            let path = path.display();
            self.print_line(&format!(
                "{path}: stopped, steps that did not run: {}",
                report.not_run
            ))?;
        }
        Ok(())
    }

    /// Prints a line for people.
    fn print_line(&mut self, line: &str) -> io::Result<()> {
        match self.style {
            Style::Json => writeln!(self.err, "{line}"),
            Style::Tables | Style::Quiet => writeln!(self.out, "{line}"),
        }
    }
}

/// Reads and plays a file; the error is a text with the place.
fn load(path: &Path, codes: &CodeRegistry) -> Result<(ScenarioFile, Report), String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let located = |error: testkit::scenario::ScenarioError| error.located_in(&text).to_string();
    let file = parse(&text).map_err(located)?;
    let report = run(&file, codes).map_err(located)?;
    Ok((file, report))
}

/// The outcome of a step as one object that also says of which file.
fn json_line(path: &Path, outcome: &StepOutcome) -> Value {
    let mut line = json!(outcome);
    if let Value::Object(fields) = &mut line {
        fields.insert("file".to_owned(), json!(path));
    }
    line
}

fn table(file: &ScenarioFile, report: &Report) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(["step", "does", "what", "came"]);
    if !table.is_tty() {
        table.set_width(WIDTH_OF_A_FILE);
    }
    for (outcome, step) in report.outcomes.iter().zip(&file.steps) {
        let chain = if file.chains.len() > 1 && !outcome.chain.is_empty() {
            format!(" on {}", outcome.chain)
        } else {
            String::new()
        };
        table.add_row([
            outcome.step.to_string(),
            format!("{}{chain}", outcome.kind),
            step.action.summary(),
            came(outcome),
        ]);
    }
    table
}

/// What came of a step, as the text of a table's cell.
fn came(outcome: &StepOutcome) -> String {
    let mut text = match &outcome.result {
        StepResult::Error { error } => format!("error: {error}"),
        StepResult::Transaction(it) => transaction(it),
        StepResult::Answer { answer } => answer.to_string(),
        StepResult::Amount { amount } => amount.clone(),
        StepResult::Block { height, time } => format!("height {height}, {time}"),
        StepResult::Connected { a, b } => format!("{a}, {b}"),
        StepResult::Opened {
            a,
            b,
            version,
            events,
        } => {
            let opened = format!("{a}, {b}, {version}");
            lines([opened].into_iter().chain(events.iter().map(event)))
        }
        StepResult::Sent {
            sequence, channel, ..
        } => format!("packet {sequence} of {channel}"),
        StepResult::Relayed { relayed } => lines(relayed.iter().map(message)),
        StepResult::Done {} => "ok".to_owned(),
    };
    match &outcome.failure {
        None => {}
        // The error stands there already.
        Some(Failure::Failed { .. }) => text.push_str("\nFAILED"),
        Some(failure) => text.push_str(&format!("\nFAILED: {failure}")),
    }
    text
}

fn transaction(it: &Transaction) -> String {
    let address = it.address.as_ref().map(|address| format!("at {address}"));
    let data = it.data.as_ref().map(|data| format!("data {data}"));
    let events = it.events.iter().map(event);
    lines(address.into_iter().chain(data).chain(events))
}

/// The lines of a cell; what has none went well.
fn lines(lines: impl Iterator<Item = String>) -> String {
    let lines: Vec<_> = lines.collect();
    if lines.is_empty() {
        "ok".to_owned()
    } else {
        lines.join("\n")
    }
}

/// A message of a relayer, with the events that came of it.
fn message(it: &RelayedMessage) -> String {
    let kind = match it.message {
        _ if it.dropped => "dropped",
        MessageKind::Receive => "receive",
        MessageKind::Acknowledge => "acknowledge",
        MessageKind::Timeout => "timeout",
    };
    let ack = it
        .ack
        .as_ref()
        .map_or(String::new(), |ack| format!(": {ack}"));
    let packet = format!("{kind} {}/{}/{}{ack}", it.from, it.channel, it.sequence);
    lines(
        [packet]
            .into_iter()
            .chain(it.events.iter().flatten().map(event)),
    )
}

fn event(event: &ContractEvent) -> String {
    let attributes = event.attributes.iter().map(|(key, value)| match value {
        Value::String(text) => format!(" {key}={text}"),
        other => format!(" {key}={other}"),
    });
    format!("{}{}", event.ty, attributes.collect::<String>())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const GOOD: &str = r#"{"name": "a gift", "chains": {"hub": {"prefix": "cosmos", "balances": {"alice": ["10uatom"]}}}, "steps": [
        {"send": {"from": "alice", "to": "bob", "amount": ["4uatom"]}},
        {"balance": {"of": "bob", "denom": "uatom"}, "expect": "4"},
        {"send": {"from": "alice", "to": "bob", "amount": ["7uatom"]}, "error": "insufficient funds"},
        {"advance": {"seconds": 60}}
    ]}"#;

    /// What a run printed and whether it passed.
    struct Printed {
        out: String,
        err: String,
        passed: bool,
    }

    /// Writes files with these texts and plays them.
    fn play(test: &str, style: Style, texts: &[&str]) -> Printed {
        let folder = std::env::temp_dir().join(format!("scenario-{test}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut files = Vec::new();
        for (index, text) in texts.iter().enumerate() {
            let path = folder.join(format!("{index}.json"));
            std::fs::write(&path, text).unwrap();
            files.push(path);
        }
        let mut player = Player {
            codes: CodeRegistry::new(),
            style,
            out: Vec::new(),
            err: Vec::new(),
        };
        let passed = player.play_all(&files).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Printed {
            out: text(player.out),
            err: text(player.err),
            passed,
        }
    }

    #[test]
    fn a_good_file_passes_and_its_table_shows_each_step() {
        let printed = play("good", Style::Tables, &[GOOD]);
        assert!(printed.passed);
        for shown in [
            "a gift",
            "4uatom from alice to bob",
            "uatom of bob",
            "error: insufficient funds",
            "height 2, 2026-01-01T00:01:00Z",
            "scenarios passed: 1, failed: 0, steps played: 4",
        ] {
            assert!(printed.out.contains(shown), "{shown}\n{}", printed.out);
        }
        assert_eq!(printed.err, "");
    }

    #[test]
    fn an_expectation_that_fails_names_step_expected_and_came() {
        let bad = GOOD.replace(r#""expect": "4""#, r#""expect": "5""#);
        for style in [Style::Tables, Style::Quiet] {
            let printed = play("bad", style, &[&bad, GOOD]);
            assert!(!printed.passed);
            assert!(
                printed
                    .out
                    .contains(r#"0.json: steps[1].balance: expected "5", came "4""#)
            );
            assert!(
                printed
                    .out
                    .contains("scenarios passed: 1, failed: 1, steps played: 8")
            );
        }
    }

    #[test]
    fn a_step_that_stops_the_run_says_how_many_did_not_run() {
        let stopped = GOOD.replace(r#", "error": "insufficient funds""#, "");
        let printed = play("stopped", Style::Quiet, &[&stopped]);
        assert!(!printed.passed);
        let lines: Vec<_> = printed.out.lines().collect();
        assert!(
            lines[0].contains("steps[2].send: failed: insufficient funds"),
            "{lines:?}"
        );
        assert!(
            lines[1].ends_with("stopped, steps that did not run: 1"),
            "{lines:?}"
        );
        assert!(
            lines[2].starts_with("scenarios passed: 0, failed: 1"),
            "{lines:?}"
        );
    }

    #[test]
    fn json_is_one_object_per_step_and_nothing_else() {
        let bad = GOOD.replace(r#""expect": "4""#, r#""expect": "5""#);
        let printed = play("json", Style::Json, &[&bad]);
        let lines: Vec<Value> = printed
            .out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let kinds: Vec<_> = lines
            .iter()
            .map(|line| line["kind"].as_str().unwrap())
            .collect();
        assert_eq!(kinds, ["send", "balance", "send", "advance"]);
        assert_eq!(lines[1]["failure"]["came"], json!("4"));
        assert!(lines[1]["file"].as_str().unwrap().ends_with("0.json"));
        assert_eq!(lines[2]["ok"], json!(false));
        assert!(printed.err.contains("steps[1].balance"));
        assert!(!printed.passed);
    }

    #[test]
    fn quiet_says_only_the_summary_when_all_is_well() {
        let printed = play("quiet", Style::Quiet, &[GOOD, GOOD]);
        assert_eq!(
            printed.out,
            "scenarios passed: 2, failed: 0, steps played: 8\n"
        );
        assert!(printed.passed);
    }

    #[test]
    fn a_wrong_file_fails_with_its_place_and_the_others_still_play() {
        let wrong = GOOD.replace(r#""of": "bob""#, r#""of": "b o b""#);
        let printed = play("wrong", Style::Quiet, &[&wrong, "{", GOOD]);
        assert!(!printed.passed);
        let errors: Vec<_> = printed.err.lines().collect();
        assert!(
            errors[0].contains("0.json: steps[1].balance.of (line 3, column 28): "),
            "{errors:?}"
        );
        assert!(
            errors[1].contains("1.json: the file (line 1, column 1): "),
            "{errors:?}"
        );
        assert!(printed.out.starts_with("scenarios passed: 1, failed: 2"));
    }

    #[test]
    fn the_example_of_the_help_passes() {
        let report = run(&parse(EXAMPLE).unwrap(), &codes()).unwrap();
        assert!(
            report.passed(),
            "{:?}",
            report.failures().collect::<Vec<_>>()
        );
        assert!(format_in_short().contains("cw20, fee-pool,"));
    }

    #[test]
    fn a_file_that_is_not_there_fails() {
        let mut player = Player {
            codes: CodeRegistry::new(),
            style: Style::Quiet,
            out: Vec::new(),
            err: Vec::new(),
        };
        assert!(
            !player
                .play_all(&[PathBuf::from("/nowhere/at/all.json")])
                .unwrap()
        );
        assert!(
            String::from_utf8(player.err)
                .unwrap()
                .contains("/nowhere/at/all.json")
        );
    }
}
