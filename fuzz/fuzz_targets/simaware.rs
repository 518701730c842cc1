#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| sectorwatch_fuzz::simaware(data));
