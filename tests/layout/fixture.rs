//! Files with a contract's raw state and the answers to its queries.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use cosmwasm_std::{Addr, Coin, HexBinary};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use testkit::chain::EmbeddedChain;
use testkit::suite::Suite;

/// Records of an audit page.
const AUDIT_PAGE: u32 = 5;
/// The record in which a contract keeps its name and version.
const VERSION_RECORD: &str = "contract_info";
/// What the names of all contracts begin with there.
pub const SUITE: &str = "cw-distribution:";

/// A contract's state, and its answers then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fixture {
    /// The contract's crate.
    pub contract: String,
    /// The version that wrote the state.
    pub version: String,
    /// What is special about this state.
    pub name: String,
    /// The time of its block in seconds, for answers that depend on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<u64>,
    /// The contract's coins.
    pub balance: Vec<Coin>,
    /// Everything that the contract stored, in the order of the keys.
    pub state: Vec<Record>,
    /// What the contract said.
    pub answers: Vec<Answer>,
}

/// One record of a contract's storage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    #[serde(with = "hex")]
    pub key: Vec<u8>,
    #[serde(with = "hex")]
    pub value: Vec<u8>,
}

/// A query and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    pub query: Value,
    pub answer: Value,
    /// Fields that are not among those of the answer: not the state decides them but the chain, its
    /// height, its channels, or the contract's address there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
}

impl Answer {
    fn of(chain: &EmbeddedChain, contract: &Addr, query: Value) -> Result<Self> {
        let answer = chain.query(contract, &query);
        let answer = answer.with_context(|| query.to_string())?;
        Ok(Answer {
            query,
            answer,
            left_out: Vec::new(),
        })
    }
}

mod hex {
    use super::HexBinary;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    pub fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        HexBinary::from(bytes).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        HexBinary::deserialize(from).map(Vec::from)
    }
}

impl Record {
    /// The name of the kind of record: the key itself, or the prefix of a map's key, which has its
    /// length in two bytes before it.
    pub fn kind(&self) -> String {
        let prefix = || {
            let (length, rest) = self.key.split_at_checked(2)?;
            rest.get(..usize::from(u16::from_be_bytes(length.try_into().ok()?)))
        };
        String::from_utf8_lossy(prefix().unwrap_or(&self.key)).into_owned()
    }
}

/// Everything that a contract stores, in the order of the keys.
pub fn stored(chain: &EmbeddedChain, contract: &Addr) -> Vec<Record> {
    let records = chain.app().dump_wasm_raw(contract).into_iter();
    let mut state: Vec<Record> = records.map(|(key, value)| Record { key, value }).collect();
    state.sort_by(|a, b| a.key.cmp(&b.key));
    state
}

/// A file or folder by its path from `tests/fixtures`.
pub fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(path)
}

/// Whether this run writes fixtures instead of holding them.
pub fn is_writing() -> bool {
    std::env::var_os("WRITE_FIXTURES").is_some()
}

impl Fixture {
    /// What a contract has stored and says now: answers to the questions, and to a whole audit.
    pub fn of(suite: &Suite, name: &str, denoms: &[&str], questions: Vec<Value>) -> Result<Self> {
        let questions = questions.iter().map(|question| suite.resolve(question));
        Self::of_contract(
            (&suite.chain, &suite.contract),
            name,
            denoms,
            questions.collect(),
        )
    }

    /// The same of a contract of any chain, with addresses in the questions.
    pub fn of_contract(
        (chain, contract): (&EmbeddedChain, &Addr),
        name: &str,
        denoms: &[&str],
        questions: Vec<Value>,
    ) -> Result<Self> {
        let mut balance: Vec<Coin> = denoms
            .iter()
            .map(|denom| Ok(Coin::new(chain.balance(contract, denom)?, *denom)))
            .collect::<Result<Vec<_>>>()?
            .into_iter()
            .filter(|coin| !coin.amount.is_zero())
            .collect();
        balance.sort_by(|a, b| a.denom.cmp(&b.denom));
        let state = stored(chain, contract);
        let info = state.iter().find(|it| it.key == VERSION_RECORD.as_bytes());
        let info: Value = serde_json::from_slice(&info.context("no version is stored")?.value)?;
        let text = |key: &str| info[key].as_str().context(key.to_string());
        let mut answers = Vec::new();
        for question in questions {
            answers.push(Answer::of(chain, contract, question)?);
        }
        let mut start_after = Value::Null;
        loop {
            let page = json!({"audit": {"start_after": start_after, "limit": AUDIT_PAGE}});
            let it = Answer::of(chain, contract, page)?;
            start_after = it.answer["next"].clone();
            answers.push(it);
            if start_after.is_null() {
                break;
            }
        }
        Ok(Fixture {
            contract: text("contract")?.replace(SUITE, ""),
            version: text("version")?.to_string(),
            name: name.to_string(),
            time: None,
            balance,
            state,
            answers,
        })
    }

    /// The same, of a contract whose answers depend on the time.
    #[must_use]
    pub fn at_its_time(self, suite: &Suite) -> Self {
        Fixture {
            time: Some(suite.chain.block().time.seconds()),
            ..self
        }
    }

    /// The same, without fields of the answers to a query that the chain decides.
    #[must_use]
    pub fn leaving_out(mut self, query: &str, fields: &[&str]) -> Self {
        for it in &mut self.answers {
            let Some(answer) = it.answer.as_object_mut() else {
                continue;
            };
            if it.query.get(query).is_some() {
                answer.retain(|field, _| !fields.contains(&field.as_str()));
                it.left_out = fields.iter().map(ToString::to_string).collect();
            }
        }
        self
    }

    /// All fixtures of a contract, by version and name.
    pub fn committed(contract: &str) -> Result<Vec<Self>> {
        let mut found = Vec::new();
        let folder = folder(contract);
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.file_name().is_some_and(|name| name != INSTANTIATION) {
                let text = fs::read_to_string(&path)?;
                let fixture: Self =
                    serde_json::from_str(&text).with_context(|| path.display().to_string())?;
                ensure!(path == fixture.path(), "{fixture} is {}", path.display());
                found.push(fixture);
            }
        }
        found.sort_by_key(|it| (it.version_numbers(), it.name.clone()));
        Ok(found)
    }

    /// The fixture of a name that the newest version has written.
    pub fn newest(contract: &str, name: &str) -> Result<Option<Self>> {
        let all = Self::committed(contract)?;
        Ok(all.into_iter().rfind(|it| it.name == name))
    }

    fn version_numbers(&self) -> Vec<u64> {
        let numbers = self.version.split('.').map(str::parse);
        numbers.map(Result::unwrap_or_default).collect()
    }

    fn path(&self) -> PathBuf {
        folder(&self.contract).join(format!("{}-{}.json", self.version, self.name))
    }

    /// Writes the file, one record and one answer per line.
    pub fn write(&self) -> Result<()> {
        let lines = |items: Vec<String>| items.join(",\n    ");
        let state = self.state.iter().map(|it| json!(it).to_string()).collect();
        let answers = self.answers.iter().map(|it| {
            let left_out = match it.left_out.as_slice() {
                [] => String::new(),
                fields => format!(", \"left_out\": {}", json!(fields)),
            };
            format!(
                "{{\"query\": {}, \"answer\": {}{left_out}}}",
                it.query, it.answer
            )
        });
        let time = self.time.map(|time| format!("\n  \"time\": {time},"));
        let text = format!(
            "{{\n  \"contract\": {},\n  \"version\": {},\n  \"name\": {},{}\n  \"balance\": {},\n  \
             \"state\": [\n    {}\n  ],\n  \"answers\": [\n    {}\n  ]\n}}\n",
            json!(self.contract),
            json!(self.version),
            json!(self.name),
            time.unwrap_or_default(),
            json!(self.balance),
            lines(state),
            lines(answers.collect()),
        );
        let path = self.path();
        fs::write(&path, text).with_context(|| path.display().to_string())
    }

    /// What is stored, but for the version that has stored it.
    pub fn layout(&self) -> BTreeMap<&[u8], &[u8]> {
        let records = self
            .state
            .iter()
            .filter(|it| it.key != VERSION_RECORD.as_bytes());
        records.map(|it| (&*it.key, &*it.value)).collect()
    }

    /// The kinds of records that it holds.
    pub fn kinds(&self) -> BTreeSet<String> {
        self.state.iter().map(Record::kind).collect()
    }

    /// In which kinds of records and answers another fixture differs.
    pub fn difference(&self, other: &Self) -> String {
        let (old, new) = (self.layout(), other.layout());
        let keys: BTreeSet<_> = old.keys().chain(new.keys()).copied().collect();
        let changed = keys.into_iter().filter(|key| old.get(key) != new.get(key));
        let kinds: BTreeSet<String> = changed
            .map(|key| {
                Record {
                    key: key.to_vec(),
                    value: vec![],
                }
                .kind()
            })
            .collect();
        let answers = self.answers.iter().filter(|it| !other.answers.contains(it));
        let queries: Vec<String> = answers.map(|it| it.query.to_string()).collect();
        format!("records: {kinds:?}\nanswers: {}", queries.join(", "))
    }

    /// The same state, written by a contract that says it had another version.
    #[must_use]
    pub fn of_version(mut self, version: &str) -> Self {
        let info = json!({
            "contract": format!("{SUITE}{}", self.contract), "version": version,
        });
        let mut records = self.state.iter_mut();
        if let Some(record) = records.find(|it| it.key == VERSION_RECORD.as_bytes()) {
            record.value = info.to_string().into_bytes();
        }
        self.version = version.to_string();
        self
    }
}

/// A message that makes some contract, whose state is then replaced.
pub const INSTANTIATION: &str = "instantiate.json";

impl fmt::Display for Fixture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}-{}", self.contract, self.version, self.name)
    }
}
