//! What cannot be said of a component's parameters.

use cordial::prelude::*;

#[component]
async fn turn(
    ctx: &ComponentContext,
    #[state = "owner"] page: u32,
    /// Who?
    #[state]
    who: u64,
    #[option(min = 1)] other: Author,
) -> Result<()> {
    drop(other);
    let next = turn::id(page, who).button("Next");
    ctx.update(Reply::new("A page").row([next])).await
}

fn main() {
    drop(Bot::builder().add(handlers![turn]));
}
