//! Whatever headers an answer has, nobody waits for more than an hour.
//!
//! Run as `error_bodies` is: `cargo +nightly fuzz run headers -- -max_total_time=600`.

#![no_main]

use std::time::Duration;

use cordial::private::waits;
use libfuzzer_sys::fuzz_target;

/// The headers that are read.
const NAMES: [&str; 8] = [
    "retry-after",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "x-ratelimit-reset-after",
    "x-ratelimit-bucket",
    "x-ratelimit-scope",
    "x-ratelimit-global",
];

fuzz_target!(|values: Vec<(u8, &[u8])>| {
    let named = values.iter().map(|(name, value)| {
        let name = NAMES[usize::from(*name) % NAMES.len()];
        (name.as_bytes(), *value)
    });
    let headers: Vec<_> = named.collect();

    for wait in waits(&headers) {
        assert!(wait <= Duration::from_secs(3600));
    }
});
