//! Choices that stand for different sorts of things, for the same, or are called the same.

use cordial::prelude::*;

#[derive(Choice, Clone, Copy)]
enum Mixed {
    #[choice(value = 1)]
    One,
    Two,
}

#[derive(Choice, Clone, Copy)]
enum Same {
    #[choice(name = "Red")]
    Rouge,
    #[choice(name = "Red")]
    Rot,
}

#[derive(Choice, Clone, Copy)]
enum Wrong {
    #[choice(value = 1.5)]
    Half,
    #[choice(nam = "Double", names("xx" = "Doppelt"))]
    Double,
    #[choice(name = "")]
    None,
}

#[derive(Choice, Clone, Copy)]
enum Equal {
    #[choice(value = "x")]
    A,
    #[choice(value = "x")]
    B,
}

fn main() {}
