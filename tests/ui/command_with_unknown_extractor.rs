//! An argument that is neither an option nor an extractor.

use cordial::prelude::*;

struct Database;

/// Count.
#[command]
async fn count(_ctx: &CommandContext, _author: Author, _database: Database) {}

fn main() {
    drop(Bot::builder().add(handlers![count]));
}
