//! Takes out of a contract what prints for nobody.
//!
//! - cosmwasm-std keeps a backtrace in each of its errors. In a contract it is always the disabled
//!   one, but the compiler cannot know that, and keeps the printing of real ones: names of
//!   functions taken apart, files, lines.
//! - serde names the value that it did not expect, floating point numbers among them, and no
//!   message of the suite has such a field.
//! - Every error can be printed for developers (`{:?}`), so the compiler keeps that, although no
//!   contract does it: a lint refuses it where errors of ours are written. What the texts of errors
//!   of others are made of in this way stays.
//!
//! All this prints as nothing here, and what only it calls is emptied; the optimisation after that
//! drops a fifteenth of the file.

use std::collections::HashSet;

use anyhow::{Result, bail};

/// The functions that print nothing, without the hashes of their crates. All are
/// `fmt(&self, &mut Formatter) -> fmt::Result`.
const SILENT: [&str; 2] = [
    "<std::backtrace::Backtrace as core::fmt::Display>::fmt",
    "<f64 as core::fmt::Display>::fmt",
];

/// What the names of functions that print for developers end with.
const DEBUG: &str = " as core::fmt::Debug>::fmt";

/// Those of them that texts of errors are made of: cosmwasm-std's of its kinds, serde's and borsh's
/// of values that they did not expect.
const SPOKEN: [&str; 5] = [
    "cosmwasm_std::errors::std_error::ErrorKind as",
    "cosmwasm_std::errors::std_error::OverflowOperation as",
    "<str as",
    "<&str as",
    "<u8 as",
];

/// Parts of the names of functions that only the silent ones call, some of them through tables that
/// nobody can look through.
const UNCALLED: [&str; 2] = ["rustc_demangle::", "std::backtrace"];

/// What frees a backtrace is called with each error that is dropped.
const DROP: &str = "core::ptr::drop_in_place";

/// What a line of a function begins with; those of tables begin with their names.
const INSTRUCTION: &str = "  ";

/// Declares the instruction that ends a call.
const TRAP: &str = "declare void @llvm.trap()";

/// What a function does instead.
#[derive(Clone, Copy)]
enum Body {
    /// It succeeds and writes nothing: `Ok(())` is a 0.
    Nothing,
    /// It ends the call. That is safe wherever it is never called, and fails loudly elsewhere:
    /// `unreachable` alone would allow the optimisation to drop the way that leads to it.
    Trap,
}

impl Body {
    /// Of the function that is defined by this line.
    fn of(name: &str) -> Option<Self> {
        let is_debug = name.ends_with(DEBUG) && !SPOKEN.iter().any(|part| name.contains(part));
        if is_debug || SILENT.contains(&name) {
            Some(Body::Nothing)
        } else if !name.starts_with(DROP) && UNCALLED.iter().any(|part| name.contains(part)) {
            Some(Body::Trap)
        } else {
            None
        }
    }

    fn code(self) -> &'static str {
        match self {
            Body::Nothing => "  ret i1 false\n}\n",
            Body::Trap => "  call void @llvm.trap()\n  unreachable\n}\n",
        }
    }
}

/// The code with these functions emptied: LLVM's language in, LLVM's language out.
///
/// # Errors
/// When one of the silent functions is not there or has another result than `fmt` has, and when some
/// text is made of one that prints for developers: then this module is about another compiler or
/// other crates.
pub fn silence(code: &str) -> Result<String> {
    let mut silent = String::with_capacity(code.len());
    let mut found = Vec::new();
    let mut unheard = HashSet::new();
    let mut lines = code.split_inclusive('\n');
    while let Some(line) = lines.next() {
        silent.push_str(line);
        let Some(name) = defined(line) else {
            continue;
        };
        let Some(body) = Body::of(&name) else {
            continue;
        };
        if matches!(body, Body::Nothing) {
            if !line.contains(" i1 @") {
                bail!("`{name}` does not return what `fmt` returns: {line}");
            }
            if name.ends_with(DEBUG) {
                unheard.extend(mentioned(line).next());
            }
            found.push(name);
        }
        silent.push_str(body.code());
        // What it did until now.
        lines.by_ref().find(|line| *line == "}\n");
    }
    for line in silent.lines().filter(|line| line.starts_with(INSTRUCTION)) {
        if let Some(name) = mentioned(line).find(|name| unheard.contains(name)) {
            let name = rustc_demangle::demangle(name);
            bail!("a text is made of what `{name:#}` prints: {line}");
        }
    }
    if !silent.contains(TRAP) {
        silent.push_str(TRAP);
        silent.push('\n');
    }
    for name in SILENT {
        if !found.iter().any(|it| it == name) {
            bail!("the contract has no function `{name}`");
        }
    }
    Ok(silent)
}

/// The name of the function that begins with this line.
fn defined(line: &str) -> Option<String> {
    let mangled = mentioned(line.strip_prefix("define ")?).next()?;
    Some(format!("{:#}", rustc_demangle::demangle(mangled)))
}

/// The mangled names in a line.
fn mentioned(line: &str) -> impl Iterator<Item = &str> {
    let is_other = |letter: char| !letter.is_ascii_alphanumeric() && !"_.$".contains(letter);
    line.split('@')
        .skip(1)
        .filter_map(move |rest| rest.split(is_other).next())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DISPLAY: &str = "_RNvXs4_NtCs79Nmc1jSOjJ_3std9backtraceNtB5_9BacktraceNtNtCsa7e25hjXJrd_4core3fmt7Display3fmt";
    const BACKTRACE: &str =
        "_RNvXNtCs79Nmc1jSOjJ_3std9backtraceNtB2_9BacktraceNtNtCsa7e25hjXJrd_4core3fmt5Debug3fmt";
    const KIND: &str = "_RNvXse_NtNtCs4iThJpdgKT4_12cosmwasm_std6errors9std_errorNtB5_9ErrorKindNtNtCsa7e25hjXJrd_4core3fmt5Debug3fmt";
    const FLOAT: &str = "_RNvXs1_NtNtCsa7e25hjXJrd_4core3fmt5floatdNtB7_7Display3fmt";
    const DROPS: &str = "_RINvNtCsa7e25hjXJrd_4core3ptr13drop_in_placeNtNtCs79Nmc1jSOjJ_3std9backtrace9BacktraceECs4iThJpdgKT4_12cosmwasm_std";
    const DEMANGLER: &str = "_RNvMs4_NtCs9FjC8bf7VtN_14rustc_demangle2v0NtB5_7Printer10print_path";

    const ALL: [&str; 2] = [DISPLAY, FLOAT];

    fn function(result: &str, name: &str) -> String {
        format!("define internal {result} @{name}(ptr %0, ptr %1) #4 {{\n  work\n}}\n")
    }

    fn all() -> Vec<String> {
        ALL.iter()
            .map(|name| function("zeroext i1", name))
            .collect()
    }

    #[test]
    fn printing_is_emptied_and_the_rest_is_as_it_was() {
        let kept = function("void", DROPS) + &function("zeroext i1", KIND);
        let mut code = all();
        code.push(kept.clone());
        code.push(function("zeroext i1", BACKTRACE));
        code.push(function("void", DEMANGLER));
        let silent = silence(&code.concat()).unwrap();
        assert_eq!(silent.matches("  ret i1 false\n}\n").count(), 3);
        assert_eq!(silent.matches("  call void @llvm.trap()\n").count(), 1);
        assert_eq!(silent.matches(TRAP).count(), 1);
        assert_eq!(silent.matches("  work\n").count(), 2);
        assert!(silent.contains(&kept));
    }

    #[test]
    fn a_text_that_is_made_of_what_is_emptied_is_noticed() {
        let table = format!("@vtable = constant {{ ptr @{BACKTRACE} }}\n");
        let mut code = all();
        code.push(function("zeroext i1", BACKTRACE));
        code.push(table);
        silence(&code.concat()).unwrap();
        code.push(format!(
            "define void @text() {{\n  call i1 @{BACKTRACE}(ptr null, ptr null)\n}}\n"
        ));
        let error = silence(&code.concat()).unwrap_err().to_string();
        assert!(error.contains("Backtrace as core::fmt::Debug"), "{error}");
    }

    #[test]
    fn another_compiler_is_noticed() {
        let all = all();
        silence(&all.concat()).unwrap();
        let error = silence(&all[..1].concat()).unwrap_err().to_string();
        assert!(error.contains("no function `<f64 as"), "{error}");
        let changed = all.concat().replace(" i1 @", " i32 @");
        let error = silence(&changed).unwrap_err().to_string();
        assert!(error.contains("does not return"), "{error}");
    }
}
