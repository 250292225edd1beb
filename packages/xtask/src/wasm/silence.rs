//! Takes out of a contract what prints values that a contract never has.
//!
//! cosmwasm-std keeps a backtrace in each of its errors. In a contract it is always the disabled
//! one, but the compiler cannot know that, and keeps the printing of real ones: names of functions
//! taken apart, files, lines. The same goes for floating point numbers: serde names the value that
//! it did not expect, and no message of the suite has such a field. Both print as nothing here, and
//! what only they call is emptied; `wasm-opt` then drops it all, a twentieth of the file.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use walrus::{Function, FunctionBuilder, FunctionId, FunctionKind, Module};

/// The functions that print nothing, without the hashes of their crates. All are
/// `fmt(&self, &mut Formatter) -> fmt::Result`.
const SILENT: [&str; 3] = [
    "<std::backtrace::Backtrace as core::fmt::Debug>::fmt",
    "<std::backtrace::Backtrace as core::fmt::Display>::fmt",
    "<f64 as core::fmt::Display>::fmt",
];

/// Parts of the names of functions that only the silent ones call, some of them through tables that
/// `wasm-opt` cannot look through.
const UNCALLED: [&str; 2] = ["rustc_demangle::", "std::backtrace"];

/// `Ok(())` as functions return it.
const OK: i32 = 0;

/// Writes `from` to `to` with the functions made silent.
///
/// # Errors
/// When the file cannot be read, has none of these functions by name, or has one of another shape:
/// then this module is about another compiler or another cosmwasm-std.
pub fn silence(from: &Path, to: &Path) -> Result<()> {
    let mut module = Module::from_file(from).with_context(|| from.display().to_string())?;
    let names: Vec<_> = module.funcs.iter().map(named).collect();
    for silent in SILENT {
        if !names.iter().any(|(_, name)| name == silent) {
            bail!("{} has no function `{silent}`", from.display());
        }
    }
    for (id, name) in names {
        let body = if SILENT.contains(&name.as_str()) {
            Body::Nothing
        } else if UNCALLED.iter().any(|part| name.contains(part)) {
            Body::Trap
        } else {
            continue;
        };
        replace(&mut module, id, body)
            .with_context(|| format!("`{name}` in {}", from.display()))?;
    }
    module
        .emit_wasm_file(to)
        .with_context(|| to.display().to_string())
}

/// What a function does instead.
enum Body {
    /// It succeeds and writes nothing.
    Nothing,
    /// It ends the call. That is safe wherever it is never called, and fails loudly elsewhere.
    Trap,
}

fn named(function: &Function) -> (FunctionId, String) {
    let mangled = function.name.as_deref().unwrap_or_default();
    let name = format!("{:#}", rustc_demangle::demangle(mangled));
    (function.id(), name)
}

fn replace(module: &mut Module, id: FunctionId, body: Body) -> Result<()> {
    let FunctionKind::Local(function) = &module.funcs.get(id).kind else {
        bail!("is not a function of the file");
    };
    let arguments = function.args.clone();
    let (parameters, results) = module.types.params_results(function.ty());
    let (parameters, results) = (parameters.to_vec(), results.to_vec());
    let mut builder = FunctionBuilder::new(&mut module.types, &parameters, &results);
    match body {
        Body::Nothing if (parameters.len(), results.len()) == (2, 1) => {
            builder.func_body().i32_const(OK);
        }
        Body::Nothing => bail!("takes {parameters:?} and returns {results:?}"),
        Body::Trap => {
            builder.func_body().unreachable();
        }
    }
    module.funcs.get_mut(id).kind = FunctionKind::Local(builder.local_func(arguments));
    Ok(())
}
