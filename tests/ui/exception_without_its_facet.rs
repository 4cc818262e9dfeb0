//! An exception that declares a facet which it does not implement.

use cordial::prelude::*;

trait UserFacing: Send + Sync {}

#[derive(Debug, thiserror::Error, Exception)]
#[error("not found")]
#[facet(dyn UserFacing)]
struct NotFound;

fn main() {}
