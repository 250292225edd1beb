//! Contracts by the name of their code.

use std::collections::BTreeMap;
use std::rc::Rc;

use cosmwasm_std::Empty;
use cw_multi_test::Contract;

type Make = Rc<dyn Fn() -> Box<dyn Contract<Empty>>>;

/// The codes that scenario files may name. Each chain stores its own copy of a code when a step
/// first needs it.
#[derive(Clone, Default)]
pub struct CodeRegistry {
    codes: BTreeMap<String, Make>,
}

impl CodeRegistry {
    /// A registry that knows no code.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same registry, which also knows this code.
    #[must_use]
    pub fn with(
        mut self,
        name: impl Into<String>,
        make: impl Fn() -> Box<dyn Contract<Empty>> + 'static,
    ) -> Self {
        self.codes.insert(name.into(), Rc::new(make));
        self
    }

    /// The known names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.codes.keys().map(String::as_str)
    }

    /// Whether there is a code with this name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.codes.contains_key(name)
    }

    /// A new copy of a code.
    #[must_use]
    pub fn make(&self, name: &str) -> Option<Box<dyn Contract<Empty>>> {
        self.codes.get(name).map(|make| make())
    }
}
