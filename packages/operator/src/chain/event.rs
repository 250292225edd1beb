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

    /// What a contract says with it that it did; none if another one emitted it, or it is the chain's own
    /// event of a call.
    pub fn action_of(&self, contract: &str) -> Option<&str> {
        match self.attribute(CONTRACT) {
            Some(emitter) if emitter == contract => self.attribute("action"),
            _ => None,
        }
    }

    /// An attribute, if it has one of this name.
    pub fn attribute(&self, key: &str) -> Option<&str> {
        self.attributes.get(key).map(String::as_str)
    }
}
