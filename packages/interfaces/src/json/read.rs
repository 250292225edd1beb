//! What derived readers are made of: the fields of objects and the variants of enums.
//!
//! A reader always returns a value. When the tree is no such value it [notes why](Refusal), and
//! whatever was read is thrown away where the reading began: so the reader of a type is one call
//! for each field, and decides nothing.
//!
//! What does not depend on a value's type is done in functions without type parameters. Errors have
//! the words of serde.

use std::mem::replace;
use std::slice::{IterMut, from_mut};

use cosmwasm_std::{StdError, StdResult};
use serde::de::{Error as _, Expected, Unexpected};

use super::error::Error;
use super::tree::{Field, Tree};

/// What is read from JSON by little code. Derived by `#[derive(ReadJson)]`.
pub trait ReadJson: Sized {
    /// Whether a field of this type may be left out, and is then read from `null`.
    const OPTIONAL: bool = false;

    /// Reads a value. Takes what it needs out of the tree, which cannot be read twice. When the tree
    /// is no such value, the refusal says why, naming the field or variant, and the value means
    /// nothing.
    fn read_json(json: &mut Tree, refusal: &mut Refusal) -> Self;
}

/// Why a tree is not the value that was looked for: the first reason that was found.
#[derive(Debug, Default)]
pub struct Refusal(Option<StdError>);

impl Refusal {
    /// Whether there is a reason: nothing that is read after it matters.
    pub fn is_noted(&self) -> bool {
        self.0.is_some()
    }

    /// Notes a reason, unless there is one.
    #[cold]
    #[inline(never)]
    pub fn note(&mut self, reason: StdError) {
        self.0.get_or_insert(reason);
    }

    /// Notes that something else should stand where this tree is, and returns a value for it that
    /// means nothing.
    pub(super) fn instead<T: Default>(&mut self, json: &Tree, expected: &dyn Expected) -> T {
        self.is_not(json, expected);
        T::default()
    }

    #[cold]
    #[inline(never)]
    fn is_not(&mut self, json: &Tree, expected: &dyn Expected) {
        // Reasons are texts, and only the first is told.
        if !self.is_noted() {
            self.note(json.is_not(expected));
        }
    }
}

/// Names of fields or variants.
type Names = &'static [&'static str];

/// The variants of an enum.
#[derive(Debug)]
pub struct Variants {
    /// Their names.
    pub names: Names,
    /// For each of them the fields that belong to it; none for those of one value or nothing.
    pub fields: &'static [Option<Names>],
    /// Whether other fields are refused.
    pub no_others: bool,
}

impl Tree {
    /// The value that this tree is.
    ///
    /// # Errors
    /// When it is no such value; the text names the field or variant.
    pub fn value<T: ReadJson>(mut self) -> StdResult<T> {
        let mut refusal = Refusal::default();
        let value = T::read_json(&mut self, &mut refusal);
        match refusal.0 {
            None => Ok(value),
            Some(reason) => Err(reason),
        }
    }

    /// The fields of an object that has no others than these. Refused are what is no object, other
    /// fields, and those that come twice.
    #[inline(never)]
    pub fn fields<'a>(&'a mut self, names: Names, refusal: &'a mut Refusal) -> Fields<'a> {
        Fields::open(self, names, true, refusal)
    }

    /// The fields of an object that may have others. Refused are what is no object, and these
    /// fields coming twice.
    #[inline(never)]
    pub fn known_fields<'a>(&'a mut self, names: Names, refusal: &'a mut Refusal) -> Fields<'a> {
        Fields::open(self, names, false, refusal)
    }

    /// The variant of an enum, `"name"` or `{"name": content}`, with what belongs to it. Refused
    /// are what is neither, other names than these, and contents as [`Tree::fields`] refuses them.
    #[inline(never)]
    pub fn variant<'a>(
        &'a mut self,
        variants: &'static Variants,
        refusal: &'a mut Refusal,
    ) -> Fields<'a> {
        match self.chosen(variants.names) {
            Ok(Chosen { index, content }) => {
                let names = variants.fields.get(index).copied().flatten();
                let fields = match (names, content) {
                    (Some(names), Some(content)) => {
                        Fields::open(content, names, variants.no_others, refusal)
                    }
                    (Some(_), None) => {
                        refusal.note(no_content());
                        Fields::none(refusal)
                    }
                    (None, content) => Fields {
                        values: content.map_or_else(Default::default, from_mut).iter_mut(),
                        ..Fields::none(refusal)
                    },
                };
                Fields { index, ..fields }
            }
            Err(reason) => {
                refusal.note(reason);
                Fields::none(refusal)
            }
        }
    }

    fn chosen(&mut self, names: Names) -> StdResult<Chosen<'_>> {
        let (name, content) = match self {
            Tree::Text(name) => (name, None),
            Tree::Object(fields) => match fields.as_mut_slice() {
                [Field { name, value }] => (name, Some(value)),
                _ => {
                    let rule = &"an object with a single key";
                    return Err(Error::invalid_value(Unexpected::Map, rule).into_std());
                }
            },
            other => return Err(other.is_not(&"text or object")),
        };
        match position(names, name) {
            Some(index) => Ok(Chosen { index, content }),
            None => Err(Error::unknown_variant(name, names).into_std()),
        }
    }

    /// Replaces an object by the list of the values of these fields.
    fn arrange(&mut self, names: Names, no_others: bool) -> StdResult<IterMut<'_, Tree>> {
        let Tree::Object(fields) = self else {
            return Err(self.is_not(&"an object"));
        };
        let mut values = Vec::new();
        values.resize_with(names.len(), || Tree::Absent);
        for Field { name, value } in fields {
            let place = position(names, name).and_then(|index| values.get_mut(index));
            match place {
                Some(place @ Tree::Absent) => *place = replace(value, Tree::Null),
                Some(_) => return Err(Error::message(format_args!("duplicate field `{name}`"))),
                None if no_others => return Err(Error::unknown_field(name, names).into_std()),
                None => {}
            }
        }
        *self = Tree::List(values);
        match self {
            Tree::List(values) => Ok(values.iter_mut()),
            other => Err(other.is_not(&"an object")),
        }
    }
}

fn position(names: Names, name: &str) -> Option<usize> {
    names.iter().position(|known| *known == name)
}

#[cold]
#[inline(never)]
fn no_content() -> StdError {
    Error::invalid_type(Unexpected::UnitVariant, &"a variant with a value").into_std()
}

/// Which variant it is.
struct Chosen<'a> {
    index: usize,
    content: Option<&'a mut Tree>,
}

/// The values of an object, in the order of the fields of a type; or what belongs to a variant.
#[derive(Debug)]
pub struct Fields<'a> {
    index: usize,
    names: Names,
    values: IterMut<'a, Tree>,
    refusal: &'a mut Refusal,
}

impl<'a> Fields<'a> {
    #[inline(never)]
    fn open(
        json: &'a mut Tree,
        names: Names,
        no_others: bool,
        refusal: &'a mut Refusal,
    ) -> Fields<'a> {
        match json.arrange(names, no_others) {
            Ok(values) => Fields {
                names,
                values,
                ..Fields::none(refusal)
            },
            Err(reason) => {
                refusal.note(reason);
                Fields::none(refusal)
            }
        }
    }

    fn none(refusal: &'a mut Refusal) -> Fields<'a> {
        Fields {
            index: usize::MAX,
            names: &[],
            values: IterMut::default(),
            refusal,
        }
    }

    /// Which variant they belong to. None has this index when the tree is refused.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The value of the next field. Refused are a missing one unless it is an option, and what is
    /// no such value.
    #[allow(clippy::should_implement_trait)]
    pub fn next<T: ReadJson>(&mut self) -> T {
        T::read_json(self.value(T::OPTIONAL), self.refusal)
    }

    /// The value of the next field, the default of its type when it is missing. Refused is what is
    /// no such value.
    pub fn next_or_default<T: ReadJson + Default>(&mut self) -> T {
        match self.values.next() {
            None | Some(Tree::Absent) => T::default(),
            Some(value) => T::read_json(value, self.refusal),
        }
    }

    /// The one value that belongs to the variant. Refused are none, and what is no such value.
    pub fn content<T: ReadJson>(&mut self) -> T {
        T::read_json(self.only(), self.refusal)
    }

    /// Refuses any content of the variant.
    #[inline(never)]
    pub fn unit(&mut self) {
        match self.values.next() {
            None | Some(Tree::Null) => {}
            Some(other) => self.refusal.note(other.is_not(&"unit variant")),
        }
    }

    #[inline(never)]
    fn value(&mut self, optional: bool) -> &'a mut Tree {
        let index = self.names.len().saturating_sub(self.values.len());
        match self.values.next() {
            Some(value) => {
                if let Tree::Absent = value {
                    *value = Tree::Null;
                    if !optional {
                        let name = self.names.get(index).copied().unwrap_or_default();
                        self.refusal.note(Error::missing_field(name).into_std());
                    }
                }
                value
            }
            None => {
                if !self.refusal.is_noted() {
                    let reason = "a field is read that has no name";
                    self.refusal.note(Error::message(format_args!("{reason}")));
                }
                null()
            }
        }
    }

    #[inline(never)]
    fn only(&mut self) -> &'a mut Tree {
        self.values.next().unwrap_or_else(|| {
            self.refusal.note(no_content());
            null()
        })
    }
}

/// What is read when the tree is refused already. Nobody owns it: it is made once or twice, on the
/// way to an error.
#[cold]
fn null<'a>() -> &'a mut Tree {
    Box::leak(Box::new(Tree::Null))
}
