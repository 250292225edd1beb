//! Names as small numbers.

use std::collections::HashMap;

/// A table of names, numbered from 0 in the order they first came up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    ids: HashMap<String, usize>,
    names: Vec<String>,
}

impl Names {
    /// The number of a name, given to it now when it is new.
    pub fn intern(&mut self, name: &str) -> usize {
        if let Some(&id) = self.ids.get(name) {
            return id;
        }
        let id = self.names.len();
        self.names.push(name.to_owned());
        self.ids.insert(name.to_owned(), id);
        id
    }

    /// The number of a known name.
    pub fn get(&self, name: &str) -> Option<usize> {
        self.ids.get(name).copied()
    }

    /// The name with a number that this table gave out.
    pub fn name(&self, id: usize) -> &str {
        &self.names[id]
    }

    /// All names in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }
}
