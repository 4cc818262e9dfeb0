//! An argument that is no extractor.

use cordial::prelude::*;

struct Database;

#[listener]
async fn greet(_ctx: &Context, _message: &MessageCreate, _database: Database) -> Result<()> {
    Ok(())
}

fn main() {}
