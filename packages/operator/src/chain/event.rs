//! Events of a transaction.

use std::collections::BTreeMap;

use cosmos_sdk_proto::tendermint::abci;

/// The attribute by which wasmd says whose an event is.
const CONTRACT: &str = "_contract_address";

/// An event.
pub struct Event {
    attributes: BTreeMap<String, String>,
}

impl From<abci::Event> for Event {
    fn from(event: abci::Event) -> Self {
        Event::new(event.attributes.into_iter().map(|it| (it.key, it.value)))
    }
}

impl Event {
    /// An event with these attributes.
    pub fn new(attributes: impl IntoIterator<Item = (String, String)>) -> Self {
        Event {
            attributes: attributes.into_iter().collect(),
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
