//! An exception that is no error.

use cordial::prelude::*;

#[derive(Debug, Exception)]
struct NotFound;

fn main() {}
