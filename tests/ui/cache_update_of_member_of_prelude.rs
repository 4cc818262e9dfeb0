//! A listener for the change of a member, who is that of the prelude: an option of a command.

use cordial::prelude::*;

#[listener]
async fn renamed(_ctx: &Context, _renamed: &Updated<Member>) -> Result<()> {
    Ok(())
}

fn main() {}
