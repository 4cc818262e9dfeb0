//! Two options of one name.

use cordial::prelude::*;
use cordial::twilight::model::user::User;

/// Send somebody a gift.
#[command]
async fn gift(
    _ctx: &CommandContext,
    /// Who sends it?
    _who: User,
    /// Who is to have it?
    #[option(name = "who")]
    _to_whom: User,
) {
}

fn main() {
    drop(Bot::builder().add(handlers![gift]));
}
