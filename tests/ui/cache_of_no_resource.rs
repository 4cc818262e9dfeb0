//! A handler that looks up what is not cached.

use cordial::prelude::*;

#[listener]
async fn greet(_ctx: &Context, _joined: &MemberAdd, _names: Cached<String>) -> Result<()> {
    Ok(())
}

fn main() {}
