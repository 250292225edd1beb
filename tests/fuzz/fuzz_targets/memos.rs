#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| testkit::ccv_fuzz::memos(input));
