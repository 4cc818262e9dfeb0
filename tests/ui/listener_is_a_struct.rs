//! An attribute on what is no function.

use cordial::prelude::*;

#[listener]
struct Greeting;

fn main() {}
