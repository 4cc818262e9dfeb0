//! `#[task]`.

mod expand;
mod model;
mod parse;

pub(crate) use self::expand::expand;
