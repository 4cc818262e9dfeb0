//! Bases that are no errors, or stand where none can.

use cordial::prelude::*;

#[derive(Debug, thiserror::Error, Exception)]
#[error("not found")]
struct NotFound {
    #[base]
    id: u8,
}

#[derive(Debug, thiserror::Error, Exception)]
enum AppError {
    #[error("not found")]
    #[base]
    NotFound,
}

fn main() {}
