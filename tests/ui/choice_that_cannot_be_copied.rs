//! Choices that are not copied.

use cordial::prelude::*;

#[derive(Choice)]
enum Size {
    Small,
    Large,
}

fn main() {
    drop([Size::Small, Size::Large]);
}
