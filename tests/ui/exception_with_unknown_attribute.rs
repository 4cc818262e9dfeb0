//! Attributes that there are not, or of another form.

use cordial::prelude::*;

#[derive(Debug, thiserror::Error, Exception)]
#[error("not found")]
#[exception(cod = "lost")]
struct NotFound;

#[derive(Debug, thiserror::Error, Exception)]
#[error("lost")]
#[facet(UserFacing)]
struct Lost;

#[derive(Debug, thiserror::Error, Exception)]
#[error("found")]
#[exception(code = 5)]
struct Found;

fn main() {}
