//! Events of a transaction.

use std::collections::BTreeMap;

/// The attribute by which wasmd says whose an event is.
const CONTRACT: &str = "_contract_address";

/// An event.
pub struct Event {
    attributes: BTreeMap<String, String>,
}

impl Event {
    /// An event with these attributes.
    pub fn of(attributes: &[(&str, &str)]) -> Self {
        let attribute = |(key, value): &(&str, &str)| (key.to_string(), value.to_string());
        Event {
            attributes: attributes.iter().map(attribute).collect(),
        }
    }

    pub(super) fn new(event: cosmrs::proto::tendermint::abci::Event) -> Self {
        let attributes = event.attributes.into_iter();
        Event {
            attributes: attributes.map(|it| (it.key, it.value)).collect(),
        }
    }

    /// Whether a contract emitted it.
    pub fn is_of(&self, contract: &str) -> bool {
        self.attribute(CONTRACT) == Some(contract)
    }

    /// An attribute, if it has one of this name.
    pub fn attribute(&self, key: &str) -> Option<&str> {
        self.attributes.get(key).map(String::as_str)
    }
}
