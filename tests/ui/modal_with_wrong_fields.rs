//! More fields than Discord takes, two of one name, and texts that are too long.

use cordial::prelude::*;

/// About you, and about everybody whom you live with
#[modal]
async fn ask(
    _ctx: &ModalContext,
    /// What you are called by your friends and others
    _a: String,
    /// B
    _b: String,
    /// C
    #[field(name = "_b")]
    _c: String,
    /// D
    #[field(description = "", lines = 3)]
    _d: String,
    /// E
    _e: String,
    /// F
    _f: String,
) {
}

fn main() {
    drop(Bot::builder().add(handlers![ask]));
}
