//! An exception that is a union.

use cordial::prelude::*;

#[derive(Exception)]
union NotFound {
    one: u8,
    two: u8,
}

fn main() {}
