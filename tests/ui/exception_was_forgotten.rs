//! A base that is declared of an error without the derive.

use cordial::prelude::*;

#[derive(Debug, thiserror::Error)]
#[error("not found")]
struct NotFound;

fn main() {
    let bot = Bot::builder().exception::<NotFound>();
}
