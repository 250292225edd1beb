//! `#[derive(ReadJson)]`: readers of few instructions, for messages in contracts.
//!
//! What serde derives for a type contains a loop over names, a comparison with each of them, a place
//! for each value and an error for each way to fail, which is a fifth of a contract's file. Here a
//! type comes down to its list of names and one call for each field; everything else is code that all
//! types share, in `interfaces::json`.
//!
//! The JSON is the one that serde reads into the same type: structs of named fields, structs around
//! one value, and enums of such variants with the name outside. `#[serde(deny_unknown_fields)]`,
//! `#[serde(rename_all = "snake_case")]` and, at a field, `#[serde(default)]` mean what they mean in
//! serde. Any other attribute of serde is refused when the type is compiled, because it would be
//! ignored, and so is any other shape.
//!
//! What is refused is read to its end all the same, as a value that means nothing. So a type that
//! contains itself needs a way out: an `Option`, a `Vec`, or a variant without content.

mod attributes;
mod shape;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Derives `interfaces::json::ReadJson`.
#[proc_macro_derive(ReadJson, attributes(serde))]
pub fn read_json(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    shape::reader(&input)
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}
