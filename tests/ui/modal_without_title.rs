//! A modal without a title.

use cordial::prelude::*;

/// Ask for a name.
#[command]
async fn ask(ctx: &CommandContext) -> Result<()> {
    ctx.show(name::modal(6)).await
}

#[modal]
async fn name(
    _ctx: &ModalContext,
    #[state] _age: u32,
    /// Your name
    _name: String,
) {
}

fn main() {
    drop(Bot::builder().add(handlers![ask, name]));
}
