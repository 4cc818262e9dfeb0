//! A listener that takes a second event where extractors stand.

use cordial::prelude::*;

#[listener]
async fn greet(_ctx: &Context, _message: &MessageCreate, _joined: &MemberAdd) -> Result<()> {
    Ok(())
}

fn main() {}
