//! An umbrella whose payload is no error.

use cordial::prelude::*;

#[derive(Debug, Exception)]
enum AppError {
    Text(#[from] String),
}

impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an error")
    }
}

impl std::error::Error for AppError {}

fn main() {}
