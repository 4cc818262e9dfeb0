//! Fields of types that nobody can fill in.

use cordial::prelude::*;

struct Money;

/// Pay somebody
#[modal]
async fn pay(
    _ctx: &ModalContext,
    /// How much?
    _amount: Money,
    /// For what?
    #[field(max_length = 20)]
    _purpose: String,
) {
}

fn main() {
    drop(Bot::builder().add(handlers![pay]));
    drop(pay::modal());
}
