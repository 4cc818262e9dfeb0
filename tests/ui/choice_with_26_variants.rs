//! More choices than Discord takes.

use cordial::prelude::*;

#[derive(Choice, Clone, Copy)]
enum Letter {
    A,
    B,
    C,
    D,
    E,
    F,
    G,
    H,
    I,
    J,
    K,
    L,
    M,
    N,
    O,
    P,
    Q,
    R,
    S,
    T,
    U,
    V,
    W,
    X,
    Y,
    Z,
}

/// Spell something.
#[command]
async fn spell(
    _ctx: &CommandContext,
    /// Which letter?
    _letter: Letter,
) {
}

fn main() {
    drop(Bot::builder().add(handlers![spell]));
}
