//! What serde's attributes ask for.

use syn::meta::ParseNestedMeta;
use syn::{Attribute, LitStr, Result};

/// Attributes of a type.
#[derive(Default)]
pub struct OfType {
    /// Unknown fields are an error.
    pub deny_unknown_fields: bool,
    /// Variants are called by their names in snake case.
    pub snake_case: bool,
}

/// Attributes of a field.
#[derive(Default)]
pub struct OfField {
    /// A missing field has its type's default.
    pub default: bool,
}

impl OfType {
    /// Reads a type's attributes.
    ///
    /// # Errors
    /// For those that readers would ignore.
    pub fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut found = OfType::default();
        each(attributes, |meta| {
            if meta.path.is_ident("deny_unknown_fields") {
                found.deny_unknown_fields = true;
            } else if meta.path.is_ident("rename_all") {
                let rule: LitStr = meta.value()?.parse()?;
                if rule.value() != "snake_case" {
                    return Err(meta.error("ReadJson knows `snake_case` only"));
                }
                found.snake_case = true;
            } else if meta.path.is_ident("crate") {
                // Where serde is, which matters to serde's derives alone.
                meta.value()?.parse::<LitStr>()?;
            } else {
                return Err(unknown(&meta));
            }
            Ok(())
        })?;
        Ok(found)
    }
}

impl OfField {
    /// Reads a field's attributes.
    ///
    /// # Errors
    /// For those that readers would ignore.
    pub fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut found = OfField::default();
        each(attributes, |meta| {
            if !meta.path.is_ident("default") || meta.input.peek(syn::Token![=]) {
                return Err(unknown(&meta));
            }
            found.default = true;
            Ok(())
        })?;
        Ok(found)
    }
}

/// Refuses every attribute of a variant.
///
/// # Errors
/// For any.
pub fn none(attributes: &[Attribute]) -> Result<()> {
    each(attributes, |meta| Err(unknown(&meta)))
}

fn unknown(meta: &ParseNestedMeta<'_>) -> syn::Error {
    meta.error("ReadJson does not know this attribute of serde here")
}

fn each(
    attributes: &[Attribute],
    mut read: impl FnMut(ParseNestedMeta<'_>) -> Result<()>,
) -> Result<()> {
    for attribute in attributes {
        if attribute.path().is_ident("serde") {
            attribute.parse_nested_meta(&mut read)?;
        }
    }
    Ok(())
}
