//! The memory of a contract's calls.
//!
//! A call runs in an instance of its own, whose memory is gone when it ends. A contract whose calls
//! are all short can take memory from a pointer that only moves on: no search for free blocks, and
//! the compiler can leave out all the code that would free values. That makes the file a tenth
//! smaller and every call cheaper.
//!
//! What it costs is that a call holds everything that it ever allocated: the sum of what it reads,
//! builds and writes, not the largest moment. The VM gives each call 32 MiB. A message that needs
//! more is aborted as one that runs out of gas is, and changes nothing; it has to be sent in parts.
//! What the chain itself calls cannot be sent in parts: it would be aborted each time again. So this
//! is for contracts whose `sudo` does a bounded piece of work, whose sum stays below 32 MiB at the
//! bound; `tests/chain/memory_test.go` shows it for a fee pool and a block in which a thousand powers
//! change: most shapes take at most half of it, that of validators without delegations five eighths,
//! and when their commissions were announced as well, fifteen sixteenths.
//!
//! Code below such contracts takes a value at a time, in fixed arrays where the number is small;
//! makes lists with their capacity, since one that grows leaves each of its former places behind;
//! borrows what it only reads; and reads and writes a record once, however much of it changes.

/// Makes memory that is never given back the allocator of a contract, where its entry points are:
/// not with the feature `library`.
///
/// ```
/// interfaces::memory_of_one_call!();
/// ```
#[macro_export]
macro_rules! memory_of_one_call {
    () => {
        #[cfg(all(target_arch = "wasm32", not(feature = "library")))]
        #[global_allocator]
        static MEMORY: $crate::memory::MiniAlloc = $crate::memory::MiniAlloc::INIT;
    };
}

#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub use mini_alloc::MiniAlloc;
