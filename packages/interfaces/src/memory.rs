//! The memory of a contract's calls.
//!
//! A call runs in an instance of its own, whose memory is gone when it ends. Nothing is gained by
//! giving memory back before, so contracts take it from a pointer that only moves on: no search for
//! free blocks, and the compiler can leave out all the code that would free values. That makes the
//! files a sixteenth smaller and every call cheaper.
//!
//! What it costs is that a call holds everything that it ever allocated: the sum of what it reads,
//! builds and writes, not the largest moment. The VM gives each call 32 MiB. A call that needs more
//! is aborted as one that runs out of gas is, and changes nothing.

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
