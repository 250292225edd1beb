//! Values from a tree.
//!
//! What does not depend on the value's type is done in functions without type parameters. Texts
//! are moved out of the tree, so that they are in memory once.

use std::mem::take;
use std::slice::IterMut;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, Expected, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::error::Error;
use super::tree::{Field, Tree};

impl Tree {
    #[cold]
    #[inline(never)]
    fn is_not(&self, expected: &dyn Expected) -> Error {
        Error::invalid_type(self.kind(), expected)
    }

    #[inline(never)]
    fn unsigned(&self, expected: &dyn Expected) -> Result<u64, Error> {
        match self {
            Tree::Unsigned(value) => Ok(*value),
            other => Err(other.is_not(expected)),
        }
    }

    #[inline(never)]
    fn boolean(&self, expected: &dyn Expected) -> Result<bool, Error> {
        match self {
            Tree::Bool(value) => Ok(*value),
            other => Err(other.is_not(expected)),
        }
    }

    #[inline(never)]
    fn text(&mut self, expected: &dyn Expected) -> Result<&mut String, Error> {
        match self {
            Tree::Text(text) => Ok(text),
            other => Err(other.is_not(expected)),
        }
    }

    #[inline(never)]
    fn list(&mut self, expected: &dyn Expected) -> Result<List<'_>, Error> {
        match self {
            Tree::List(values) => Ok(List {
                values: values.iter_mut(),
            }),
            other => Err(other.is_not(expected)),
        }
    }

    #[inline(never)]
    fn object(&mut self, expected: &dyn Expected) -> Result<Object<'_>, Error> {
        match self {
            Tree::Object(fields) => Ok(Object {
                fields: fields.iter_mut(),
                value: None,
            }),
            other => Err(other.is_not(expected)),
        }
    }

    #[inline(never)]
    fn variant(&mut self) -> Result<Variant<'_>, Error> {
        match self {
            Tree::Text(name) => Ok(Variant {
                name,
                content: None,
            }),
            Tree::Object(fields) => match fields.as_mut_slice() {
                [Field { name, value }] => Ok(Variant {
                    name,
                    content: Some(value),
                }),
                _ => Err(Error::invalid_value(
                    Unexpected::Map,
                    &"an object with a single key",
                )),
            },
            other => Err(other.is_not(&"text or object")),
        }
    }
}

impl<'de> Deserializer<'de> for &mut Tree {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Tree::Null => visitor.visit_unit(),
            Tree::Bool(value) => visitor.visit_bool(*value),
            Tree::Unsigned(value) => visitor.visit_u64(*value),
            Tree::Signed(value) => visitor.visit_i64(*value),
            Tree::Float(value) => visitor.visit_f64(*value),
            Tree::Text(text) => visitor.visit_string(take(text)),
            Tree::List(_) => self.deserialize_seq(visitor),
            Tree::Object(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let value = self.boolean(&visitor)?;
        visitor.visit_bool(value)
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let value = self.unsigned(&visitor)?;
        visitor.visit_u64(value)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let text = self.text(&visitor)?;
        visitor.visit_str(text)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let text = self.text(&visitor)?;
        visitor.visit_string(take(text))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Tree::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let mut list = self.list(&visitor)?;
        let value = visitor.visit_seq(&mut list)?;
        list.end()?;
        Ok(value)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let mut object = self.object(&visitor)?;
        visitor.visit_map(&mut object)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(self.variant()?)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u128 f32 f64 char bytes byte_buf unit unit_struct identifier
    }
}

/// What is left of a list.
struct List<'a> {
    values: IterMut<'a, Tree>,
}

impl List<'_> {
    /// A reader that took less than there is wants a list of another length.
    fn end(&self) -> Result<(), Error> {
        match self.values.len() {
            0 => Ok(()),
            left => Err(Error::custom(format_args!(
                "the list has {left} values too many"
            ))),
        }
    }
}

impl<'de> SeqAccess<'de> for List<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        match self.values.next() {
            Some(value) => seed.deserialize(value).map(Some),
            None => Ok(None),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.values.len())
    }
}

/// What is left of an object: the value of the name that was read last, and what is behind it.
struct Object<'a> {
    fields: IterMut<'a, Field>,
    value: Option<&'a mut Tree>,
}

impl<'a> Object<'a> {
    #[inline(never)]
    fn next(&mut self) -> Option<Name<'a>> {
        let field = self.fields.next()?;
        self.value = Some(&mut field.value);
        Some(Name(&mut field.name))
    }

    #[inline(never)]
    fn value(&mut self) -> Result<&'a mut Tree, Error> {
        self.value
            .take()
            .ok_or_else(|| Error::custom("a value was read before its name"))
    }
}

impl<'de> MapAccess<'de> for Object<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        match self.next() {
            Some(name) => seed.deserialize(name).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(self.value()?)
    }
}

/// The name of a field or variant.
struct Name<'a>(&'a mut String);

impl<'de> Deserializer<'de> for Name<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_string(take(self.0))
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.0)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum ignored_any
    }
}

/// A variant: `"name"`, or `{"name": content}`.
struct Variant<'a> {
    name: &'a mut String,
    content: Option<&'a mut Tree>,
}

impl<'a, 'de> EnumAccess<'de> for Variant<'a> {
    type Error = Error;
    type Variant = Content<'a>;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Content<'a>), Error> {
        let variant = seed.deserialize(Name(self.name))?;
        Ok((variant, Content(self.content)))
    }
}

/// What belongs to a variant.
struct Content<'a>(Option<&'a mut Tree>);

impl<'a> Content<'a> {
    #[inline(never)]
    fn none(self) -> Result<(), Error> {
        match self.0 {
            None | Some(Tree::Null) => Ok(()),
            Some(other) => Err(other.is_not(&"unit variant")),
        }
    }

    #[inline(never)]
    fn some(self, expected: &'static str) -> Result<&'a mut Tree, Error> {
        self.0
            .ok_or_else(|| Error::invalid_type(Unexpected::UnitVariant, &expected))
    }
}

impl<'de> VariantAccess<'de> for Content<'_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        self.none()
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self.some("newtype variant")?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.some("tuple variant")?.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.some("struct variant")?.deserialize_map(visitor)
    }
}
