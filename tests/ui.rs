//! What a beginner gets wrong is told at compile time, in words that say what to do, and at the place
//! where it was written.
//!
//! The compiler's own words change from version to version, so these are those of one.
//! `TRYBUILD=overwrite cargo test --test ui` writes them anew: read what comes out.

#[rustversion::attr(not(stable(1.95)), ignore = "the messages are those of Rust 1.95")]
#[test]
fn mistakes_are_explained() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
