//! Whatever Discord, or what stands before it, answers, it is an exception that keeps the status.
//!
//! `tests/error_bodies.rs` tries some bodies in every run of the tests; this one searches for more, for
//! as long as it may. With a nightly compiler, and `cargo install cargo-fuzz`, for ten minutes:
//!
//! ```text
//! cargo +nightly fuzz run error_bodies -- -max_total_time=600 -max_len=65536
//! ```
//!
//! What it finds is in `fuzz/artifacts/error_bodies`, and is tried again by
//! `cargo +nightly fuzz run error_bodies fuzz/artifacts/error_bodies/crash-..`.

#![no_main]

use cordial::exception::HttpError;
use cordial::private::answered;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u16, &[u8])| {
    let (status, body) = input;
    let status = 300 + status % 300;

    let failure = answered(status, body);

    let error = failure.find::<HttpError>().expect("an answer");
    assert_eq!(error.status(), status);
    let text = failure.to_string();
    assert!(!text.chars().any(char::is_control));
    assert!(!format!("{failure:?} {error:?}").is_empty());
});
