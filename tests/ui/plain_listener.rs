//! Plain functions that are no listeners.

use cordial::prelude::*;

async fn no_event(_ctx: &Context) -> Result<()> {
    Ok(())
}

fn main() {
    let bot = Bot::builder().listener(no_event);
}
