//! The reader of a type, by its shape.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt as _;
use syn::{
    Data, DataEnum, DeriveInput, Error, Fields, FieldsNamed, FieldsUnnamed, Ident, Result, Variant,
};

use crate::attributes::{self, OfField, OfType};

/// The implementation of `ReadJson` for a type.
///
/// # Errors
/// For shapes and attributes that have no reader.
pub fn reader(input: &DeriveInput) -> Result<TokenStream> {
    let name = &input.ident;
    if !input.generics.params.is_empty() {
        return Err(Error::new_spanned(
            &input.generics,
            "ReadJson knows no generic types",
        ));
    }
    let attributes = OfType::read(&input.attrs)?;
    let body = match &input.data {
        Data::Struct(data) => structure(name, &data.fields, &attributes)?,
        Data::Enum(data) => enumeration(name, data, &attributes)?,
        Data::Union(_) => return Err(Error::new_spanned(name, "ReadJson knows no unions")),
    };
    Ok(quote! {
        impl ::interfaces::json::ReadJson for #name {
            fn read_json(
                json: &mut ::interfaces::json::Tree,
                refusal: &mut ::interfaces::json::Refusal,
            ) -> Self {
                #body
            }
        }
    })
}

fn structure(name: &Ident, fields: &Fields, attributes: &OfType) -> Result<TokenStream> {
    match fields {
        Fields::Named(fields) => {
            let open = match attributes.deny_unknown_fields {
                true => quote!(fields),
                false => quote!(known_fields),
            };
            let names = names(fields);
            let values = values(fields)?;
            Ok(match fields.named.is_empty() {
                true => quote! {
                    json.#open(&[], refusal);
                    #name {}
                },
                false => quote! {
                    let mut fields = json.#open(#names, refusal);
                    #name { #values }
                },
            })
        }
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            plain(fields)?;
            Ok(quote! {
                #name(::interfaces::json::ReadJson::read_json(json, refusal))
            })
        }
        other => Err(Error::new_spanned(
            other,
            "ReadJson knows structs of named fields and around one value",
        )),
    }
}

/// Checks that a value without a name has no attributes.
fn plain(fields: &FieldsUnnamed) -> Result<()> {
    let mut fields = fields.unnamed.iter();
    fields.try_for_each(|field| attributes::none(&field.attrs))
}

fn enumeration(name: &Ident, data: &DataEnum, attributes: &OfType) -> Result<TokenStream> {
    if !attributes.snake_case {
        return Err(Error::new_spanned(
            name,
            "ReadJson needs `rename_all = \"snake_case\"`, which `#[cw_serde]` adds above it",
        ));
    }
    // The value of what is refused means nothing; one without content needs nothing to be read.
    let is_empty = |variant: &Variant| variant.fields.is_empty();
    let last = data.variants.len().saturating_sub(1);
    let of_refused = data.variants.iter().position(is_empty).unwrap_or(last);
    let mut refused = TokenStream::new();
    let mut variants = Vec::new();
    let mut contents = Vec::new();
    let mut arms = Vec::new();
    for (index, variant) in data.variants.iter().enumerate() {
        attributes::none(&variant.attrs)?;
        let ident = &variant.ident;
        variants.push(snake_case(&ident.to_string()));
        contents.push(quote!(None));
        let read = match &variant.fields {
            Fields::Named(fields) => {
                let names = names(fields);
                let values = values(fields)?;
                contents.pop();
                contents.push(quote!(Some(#names)));
                quote!(#name::#ident { #values })
            }
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                plain(fields)?;
                quote!(#name::#ident(fields.content()))
            }
            Fields::Unit => quote! {{
                fields.unit();
                #name::#ident
            }},
            other => {
                return Err(Error::new_spanned(
                    other,
                    "ReadJson knows no variants of several values without names",
                ));
            }
        };
        if index == of_refused {
            refused = read;
        } else {
            arms.push(quote!(#index => #read));
        }
    }
    if variants.is_empty() {
        return Err(Error::new_spanned(name, "ReadJson needs a variant to read"));
    }
    let no_others = attributes.deny_unknown_fields;
    Ok(quote! {
        const VARIANTS: ::interfaces::json::Variants = ::interfaces::json::Variants {
            names: &[#(#variants),*],
            fields: &[#(#contents),*],
            no_others: #no_others,
        };
        let mut fields = json.variant(&VARIANTS, refusal);
        match fields.index() {
            #(#arms,)*
            _ => #refused,
        }
    })
}

/// The names of the fields.
fn names(fields: &FieldsNamed) -> TokenStream {
    let names = fields.named.iter().filter_map(|field| field.ident.as_ref());
    let names = names.map(|name| name.unraw().to_string());
    quote!(&[#(#names),*])
}

/// Reads the fields, in their order.
fn values(fields: &FieldsNamed) -> Result<TokenStream> {
    let mut values = Vec::new();
    for field in &fields.named {
        let name = &field.ident;
        values.push(match OfField::read(&field.attrs)?.default {
            true => quote!(#name: fields.next_or_default()),
            false => quote!(#name: fields.next()),
        });
    }
    Ok(quote!(#(#values),*))
}

/// `WithdrawFees` as `withdraw_fees`.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for (index, letter) in name.char_indices() {
        if index > 0 && letter.is_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    #[track_caller]
    fn refused(input: &DeriveInput, reason: &str) {
        let error = reader(input).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }

    #[test]
    fn names_become_snake_case() {
        for (name, snake) in [
            ("Claim", "claim"),
            ("WithdrawFees", "withdraw_fees"),
            ("F1", "f1"),
            ("Cw20", "cw20"),
        ] {
            assert_eq!(snake_case(name), snake);
        }
    }

    #[test]
    fn attributes_that_readers_would_ignore_are_refused() {
        let unknown = "does not know this attribute";
        refused(
            &parse_quote!(
                #[serde(untagged)]
                enum A {
                    B { c: u8 },
                }
            ),
            unknown,
        );
        refused(
            &parse_quote!(
                #[serde(try_from = "u8")]
                struct A(u8);
            ),
            unknown,
        );
        refused(
            &parse_quote!(
                struct A {
                    #[serde(rename = "b")]
                    a: u8,
                }
            ),
            unknown,
        );
        refused(
            &parse_quote!(
                struct A {
                    #[serde(default = "seven")]
                    a: u8,
                }
            ),
            unknown,
        );
        refused(
            &parse_quote!(
                #[serde(rename_all = "snake_case")]
                enum A {
                    #[serde(rename = "b")]
                    B,
                }
            ),
            unknown,
        );
        refused(
            &parse_quote!(
                #[serde(rename_all = "snake_case")]
                enum A {
                    B(#[serde(default)] u8),
                }
            ),
            unknown,
        );
        refused(
            &parse_quote!(
                struct A(#[serde(skip)] u8);
            ),
            unknown,
        );
        refused(
            &parse_quote!(
                #[serde(rename_all = "camelCase")]
                enum A {
                    B,
                }
            ),
            "knows `snake_case` only",
        );
    }

    #[test]
    fn shapes_without_a_reader_are_refused() {
        refused(
            &parse_quote!(
                struct A<T> {
                    a: T,
                }
            ),
            "no generic types",
        );
        refused(&parse_quote!(union A { a: u8 }), "no unions");
        refused(
            &parse_quote!(
                struct A(u8, u8);
            ),
            "around one value",
        );
        refused(
            &parse_quote!(
                struct A;
            ),
            "around one value",
        );
        refused(
            &parse_quote!(
                #[serde(rename_all = "snake_case")]
                enum A {
                    B(u8, u8),
                }
            ),
            "several values",
        );
        refused(
            &parse_quote!(
                #[serde(rename_all = "snake_case")]
                enum A {}
            ),
            "needs a variant",
        );
    }
}
