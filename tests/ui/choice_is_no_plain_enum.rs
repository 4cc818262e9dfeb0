//! Types that are not one of a few things.

use cordial::prelude::*;

#[derive(Choice, Clone, Copy)]
struct Size {
    width: u32,
}

#[derive(Choice, Clone, Copy)]
enum Shape {
    Round(u32),
    Square { side: u32 },
    Flat,
}

#[derive(Choice, Clone, Copy)]
enum Nothing {}

/// Order something.
#[command]
async fn order(
    _ctx: &CommandContext,
    /// How large?
    _size: Size,
    /// Of what shape?
    _shape: Shape,
) {
}

fn main() {
    drop(Bot::builder().add(handlers![order]));
}
