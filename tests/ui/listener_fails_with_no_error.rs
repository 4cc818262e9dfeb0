//! A listener whose failure is no error.

use cordial::prelude::*;

#[listener]
async fn greet(_ctx: &Context, _message: &MessageCreate) -> Result<(), String> {
    Err("no".to_owned())
}

fn main() {}
