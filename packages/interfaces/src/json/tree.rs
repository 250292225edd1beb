//! JSON as a tree of values.

use std::fmt;

use cosmwasm_std::StdError;
use serde::de::{Error as _, Expected, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

use super::error::Error;

/// Any JSON value.
#[derive(Debug)]
pub enum Tree {
    /// Nothing: a field that is not there. No text has it.
    Absent,
    /// `null`, and what is left of a text that has been read.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number from 0 on.
    Unsigned(u64),
    /// A whole number below 0.
    Signed(i64),
    /// A number with a fraction or an exponent, or beyond the whole numbers. No message has such
    /// fields, so its value is not kept.
    Float,
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Tree>),
    /// An object: its fields in their order, also those that come twice.
    Object(Vec<Field>),
}

/// A field of an object.
#[derive(Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Tree,
}

impl Tree {
    /// The error that something else should stand here.
    #[cold]
    #[inline(never)]
    pub(super) fn is_not(&self, expected: &dyn Expected) -> StdError {
        Error::invalid_type(self.kind(), expected).into_std()
    }

    fn kind(&self) -> Unexpected<'_> {
        match self {
            Tree::Absent | Tree::Null => Unexpected::Other("null"),
            Tree::Bool(value) => Unexpected::Bool(*value),
            Tree::Unsigned(value) => Unexpected::Unsigned(*value),
            Tree::Signed(value) => Unexpected::Signed(*value),
            Tree::Float => Unexpected::Other("floating point number"),
            Tree::Text(value) => Unexpected::Str(value),
            Tree::List(_) => Unexpected::Seq,
            Tree::Object(_) => Unexpected::Map,
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Unsigned(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Signed(value))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Tree, E> {
        Ok(Tree::Float)
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Text(value.to_string()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Tree, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element()? {
            values.push(value);
        }
        Ok(Tree::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut fields = Vec::new();
        while let Some(name) = map.next_key()? {
            let value = map.next_value()?;
            fields.push(Field { name, value });
        }
        Ok(Tree::Object(fields))
    }
}
