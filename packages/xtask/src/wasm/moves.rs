//! Makes moves of values calls.
//!
//! Rust moves values by copying them, and a contract does so thousands of times: numbers of 256
//! bits, texts, results of every function. The compiler writes each copy of up to 32 bytes out as
//! loads and stores, about 40 bytes of code, and longer ones as calls that have to give the length.
//! Here a copy of more bytes than one number has becomes the call of a function that copies just
//! that many, and the same goes for bytes that are set to 0. That takes a twelfth off the file.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The most bytes that one load and one store move.
const BYTES_OF_A_NUMBER: u32 = 8;

/// The version of WebAssembly that every function of a contract is compiled for. LLVM takes the
/// newest one that any function allows, and would copy with instructions that the VM does not take.
const VERSION: &str = "\"target-cpu\"=\"mvp\"";

/// What all these calls end with: that the memory is not volatile.
const LAST_ARGUMENT: &str = ", i1 false)";

/// What is done to a known number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Move {
    Copy,
    Zero,
}

impl Move {
    const ALL: [Move; 2] = [Move::Copy, Move::Zero];

    /// The instruction in LLVM's language, up to its operands' types.
    fn intrinsic(self) -> &'static str {
        match self {
            Move::Copy => "call void @llvm.memcpy.p0.p0.",
            Move::Zero => "call void @llvm.memset.p0.",
        }
    }

    fn function(self, bytes: u32) -> String {
        match self {
            Move::Copy => format!("@copy.{bytes}"),
            Move::Zero => format!("@zero.{bytes}"),
        }
    }

    /// The function: what was written at each place, once.
    fn definition(self, bytes: u32) -> String {
        let (parameters, arguments) = match self {
            Move::Copy => ("ptr %to, ptr %from", "ptr %to, ptr %from"),
            Move::Zero => ("ptr %to", "ptr %to, i8 0"),
        };
        let name = self.function(bytes);
        let intrinsic = self.intrinsic();
        format!(
            "define internal void {name}({parameters}) noinline nounwind {VERSION} {{\n  \
             {intrinsic}i32({arguments}, i32 {bytes}{LAST_ARGUMENT}\n  ret void\n}}\n"
        )
    }
}

/// A line that moves a known number of bytes.
struct Found<'a> {
    moved: Move,
    bytes: u32,
    /// What stands before the call.
    before: &'a str,
    /// The places in memory.
    places: Vec<&'a str>,
    /// What is said of the call.
    behind: &'a str,
}

impl<'a> Found<'a> {
    fn in_line(line: &'a str) -> Option<Self> {
        Move::ALL.into_iter().find_map(|moved| {
            let (before, call) = line.split_once(moved.intrinsic())?;
            let (_, call) = call.split_once('(')?;
            let (arguments, behind) = call.split_once(LAST_ARGUMENT)?;
            let mut arguments: Vec<&str> = arguments.split(", ").collect();
            let bytes = arguments.pop()?.split_once(' ')?.1.parse().ok()?;
            if bytes <= BYTES_OF_A_NUMBER || (moved == Move::Zero && arguments.pop()? != "i8 0") {
                return None;
            }
            let places: Option<Vec<&str>> = arguments.into_iter().map(place).collect();
            Some(Found {
                moved,
                bytes,
                before: before.strip_suffix("tail ").unwrap_or(before),
                places: places?,
                behind,
            })
        })
    }
}

/// The name in an argument, behind what is known of it; `None` for one that is computed there.
fn place(argument: &str) -> Option<&str> {
    let name = argument.strip_prefix("ptr ")?.split(' ').next_back()?;
    name.starts_with(['%', '@']).then_some(name)
}

/// The code with its moves as calls: LLVM's language in, LLVM's language out.
pub fn share_moves(code: &str) -> String {
    let mut shared = String::with_capacity(code.len());
    let mut definitions = BTreeMap::new();
    for line in code.split_inclusive('\n') {
        let Some(found) = Found::in_line(line) else {
            shared.push_str(line);
            continue;
        };
        let (moved, bytes) = (found.moved, found.bytes);
        definitions
            .entry((moved, bytes))
            .or_insert_with(|| moved.definition(bytes));
        let function = moved.function(bytes);
        let places = found.places.join(", ptr ");
        let Found { before, behind, .. } = found;
        // Writing to a text cannot fail.
        let _ = write!(shared, "{before}call void {function}(ptr {places}){behind}");
    }
    shared.extend(definitions.into_values());
    shared
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_and_zeros_of_many_bytes_are_calls() {
        let code = "define void @f(ptr %0, ptr %b) {\n  \
            tail call void @llvm.memcpy.p0.p0.i32(ptr noundef nonnull align 8 dereferenceable(32) %0, ptr align 8 %b, i32 32, i1 false), !noalias !7\n  \
            call void @llvm.memcpy.p0.p0.i32(ptr %b, ptr @g, i32 32, i1 false) #4\n  \
            call void @llvm.memset.p0.i64(ptr align 8 %b, i8 0, i64 64, i1 false)\n  \
            ret void\n}\n";
        let shared = share_moves(code);
        let (body, functions) = shared.split_once("}\n").unwrap();
        assert_eq!(
            body,
            "define void @f(ptr %0, ptr %b) {\n  \
            call void @copy.32(ptr %0, ptr %b), !noalias !7\n  \
            call void @copy.32(ptr %b, ptr @g) #4\n  \
            call void @zero.64(ptr %b)\n  \
            ret void\n"
        );
        assert_eq!(
            functions,
            "define internal void @copy.32(ptr %to, ptr %from) noinline nounwind \"target-cpu\"=\"mvp\" {\n  \
            call void @llvm.memcpy.p0.p0.i32(ptr %to, ptr %from, i32 32, i1 false)\n  \
            ret void\n}\n\
            define internal void @zero.64(ptr %to) noinline nounwind \"target-cpu\"=\"mvp\" {\n  \
            call void @llvm.memset.p0.i32(ptr %to, i8 0, i32 64, i1 false)\n  \
            ret void\n}\n"
        );
    }

    #[test]
    fn everything_else_stays() {
        for line in [
            "  call void @llvm.memcpy.p0.p0.i32(ptr %a, ptr %b, i32 8, i1 false)\n",
            "  call void @llvm.memcpy.p0.p0.i32(ptr %a, ptr %b, i32 %n, i1 false)\n",
            "  call void @llvm.memcpy.p0.p0.i32(ptr %a, ptr %b, i32 32, i1 true)\n",
            "  call void @llvm.memcpy.p0.p0.i32(ptr %a, ptr getelementptr (i8, ptr @g, i32 4), i32 32, i1 false)\n",
            "  call void @llvm.memset.p0.i32(ptr %a, i8 -1, i32 32, i1 false)\n",
            "  call void @llvm.memset.p0.i32(ptr %a, i8 %x, i32 32, i1 false)\n",
            "declare void @llvm.memcpy.p0.p0.i32(ptr noalias, ptr noalias, i32, i1 immarg)\n",
        ] {
            assert_eq!(share_moves(line), line);
        }
    }
}
