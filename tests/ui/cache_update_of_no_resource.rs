//! A listener for the change of something that is not cached.

use cordial::prelude::*;

#[listener]
async fn edited(_ctx: &Context, _edit: &Updated<String>) -> Result<()> {
    Ok(())
}

fn main() {}
