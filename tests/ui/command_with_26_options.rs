//! More options than Discord takes.

use cordial::prelude::*;

/// Ask for everything.
#[command]
#[allow(clippy::too_many_arguments, reason = "they are too many")]
async fn ask(
    _ctx: &CommandContext,
    /** Number 1? */ _n1: i64,
    /** Number 2? */ _n2: i64,
    /** Number 3? */ _n3: i64,
    /** Number 4? */ _n4: i64,
    /** Number 5? */ _n5: i64,
    /** Number 6? */ _n6: i64,
    /** Number 7? */ _n7: i64,
    /** Number 8? */ _n8: i64,
    /** Number 9? */ _n9: i64,
    /** Number 10? */ _n10: i64,
    /** Number 11? */ _n11: i64,
    /** Number 12? */ _n12: i64,
    /** Number 13? */ _n13: i64,
    /** Number 14? */ _n14: i64,
    /** Number 15? */ _n15: i64,
    /** Number 16? */ _n16: i64,
    /** Number 17? */ _n17: i64,
    /** Number 18? */ _n18: i64,
    /** Number 19? */ _n19: i64,
    /** Number 20? */ _n20: i64,
    /** Number 21? */ _n21: i64,
    /** Number 22? */ _n22: i64,
    /** Number 23? */ _n23: i64,
    /** Number 24? */ _n24: i64,
    /** Number 25? */ _n25: i64,
    /** Number 26? */ _n26: i64,
) {
}

fn main() {
    drop(Bot::builder().add(handlers![ask]));
}
