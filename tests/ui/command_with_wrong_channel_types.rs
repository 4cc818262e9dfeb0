//! A type of channels that there is not.

use cordial::prelude::*;
use cordial::twilight::model::application::interaction::InteractionChannel;

/// Move somewhere.
#[command]
async fn go(
    _ctx: &CommandContext,
    /// Where?
    #[option(channel_types = [GuildTxt])]
    _channel: InteractionChannel,
) {
}

fn main() {
    drop(Bot::builder().add(handlers![go]));
}
