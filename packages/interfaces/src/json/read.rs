//! What derived readers are made of: the fields of objects and the variants of enums.
//!
//! What does not depend on a value's type is done in functions without type parameters. Errors have
//! the words of serde.

use cosmwasm_std::StdResult;
use serde::de::{Error as _, Unexpected};

use super::error::Error;
use super::tree::{Field, Tree};

/// What is read from JSON by little code. Derived by `#[derive(ReadJson)]`.
pub trait ReadJson: Sized {
    /// Whether a field of this type may be left out, and is then read from `null`.
    const OPTIONAL: bool = false;

    /// Reads a value. Takes what it needs out of the tree.
    ///
    /// # Errors
    /// When the tree is no such value; the text names the field or variant.
    fn read_json(json: &mut Tree) -> StdResult<Self>;
}

/// Names of fields or variants.
type Names = &'static [&'static str];

impl Tree {
    /// The fields of an object that has no others than these.
    ///
    /// # Errors
    /// For what is no object, for other fields and for those that come twice.
    pub fn fields(&mut self, names: Names) -> StdResult<Fields<'_>> {
        Fields::open(self, names, true)
    }

    /// The fields of an object that may have others.
    ///
    /// # Errors
    /// For what is no object, and for these fields coming twice.
    pub fn known_fields(&mut self, names: Names) -> StdResult<Fields<'_>> {
        Fields::open(self, names, false)
    }

    /// The variant of an enum: `"name"`, or `{"name": content}`.
    ///
    /// # Errors
    /// For what is neither, and for other names than these.
    #[inline(never)]
    pub fn variant(&mut self, names: Names) -> StdResult<Variant<'_>> {
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
            Some(index) => Ok(Variant { index, content }),
            None => Err(Error::unknown_variant(name, names).into_std()),
        }
    }
}

fn position(names: Names, name: &str) -> Option<usize> {
    names.iter().position(|known| *known == name)
}

/// The values of an object, in the order of the fields of a type.
pub struct Fields<'a> {
    names: Names,
    values: std::vec::IntoIter<Option<&'a mut Tree>>,
    absent: Tree,
}

impl<'a> Fields<'a> {
    #[inline(never)]
    fn open(json: &'a mut Tree, names: Names, no_others: bool) -> StdResult<Self> {
        let Tree::Object(fields) = json else {
            return Err(json.is_not(&"an object"));
        };
        let mut values: Vec<Option<&mut Tree>> = Vec::new();
        values.resize_with(names.len(), || None);
        for Field { name, value } in fields {
            let place = position(names, name).and_then(|index| values.get_mut(index));
            match place {
                Some(place @ None) => *place = Some(value),
                Some(Some(_)) => {
                    return Err(Error::message(format_args!("duplicate field `{name}`")));
                }
                None if no_others => return Err(Error::unknown_field(name, names).into_std()),
                None => {}
            }
        }
        Ok(Fields {
            names,
            values: values.into_iter(),
            absent: Tree::Null,
        })
    }

    /// The value of the next field.
    ///
    /// # Errors
    /// When it is missing and no option, or no such value.
    #[allow(clippy::should_implement_trait)]
    pub fn next<T: ReadJson>(&mut self) -> StdResult<T> {
        T::read_json(self.value(T::OPTIONAL)?)
    }

    /// The value of the next field, the default of its type when it is missing.
    ///
    /// # Errors
    /// When it is no such value.
    pub fn next_or_default<T: ReadJson + Default>(&mut self) -> StdResult<T> {
        match self.values.next().flatten() {
            Some(value) => T::read_json(value),
            None => Ok(T::default()),
        }
    }

    #[inline(never)]
    fn value(&mut self, optional: bool) -> StdResult<&mut Tree> {
        let index = self.names.len().saturating_sub(self.values.len());
        match self.values.next().flatten() {
            Some(value) => Ok(value),
            None if optional => Ok(&mut self.absent),
            None => {
                let name = self.names.get(index).copied().unwrap_or_default();
                Err(Error::missing_field(name).into_std())
            }
        }
    }
}

/// A variant and what belongs to it.
pub struct Variant<'a> {
    index: usize,
    content: Option<&'a mut Tree>,
}

impl<'a> Variant<'a> {
    /// Which of the names it has.
    pub fn index(&self) -> usize {
        self.index
    }

    /// Checks that nothing belongs to it.
    ///
    /// # Errors
    /// When something does.
    #[inline(never)]
    pub fn unit(self) -> StdResult<()> {
        match self.content {
            None | Some(Tree::Null) => Ok(()),
            Some(other) => Err(other.is_not(&"unit variant")),
        }
    }

    /// The value that belongs to it.
    ///
    /// # Errors
    /// When there is none, or none of this type.
    pub fn content<T: ReadJson>(self) -> StdResult<T> {
        T::read_json(self.some()?)
    }

    /// The fields that belong to it, and no others.
    ///
    /// # Errors
    /// As [`Tree::fields`].
    #[inline(never)]
    pub fn fields(self, names: Names) -> StdResult<Fields<'a>> {
        self.some()?.fields(names)
    }

    /// The fields that belong to it, maybe with others.
    ///
    /// # Errors
    /// As [`Tree::known_fields`].
    #[inline(never)]
    pub fn known_fields(self, names: Names) -> StdResult<Fields<'a>> {
        self.some()?.known_fields(names)
    }

    #[inline(never)]
    fn some(self) -> StdResult<&'a mut Tree> {
        let content = self.content;
        content.ok_or_else(|| {
            Error::invalid_type(Unexpected::UnitVariant, &"a variant with a value").into_std()
        })
    }
}
