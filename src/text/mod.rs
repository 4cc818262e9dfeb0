//! Texts: splitting long ones into messages, and making those of others harmless.
//!
//! For mentions of users, roles, channels, commands and times, use `twilight-mention`, or write them as
//! they are, such as `format!("<@{id}>")`, `<#{id}>`, `<@&{id}>`, `</{name}:{id}>` and `<t:{seconds}:R>`.
//! (Discord: Reference, Message Formatting.)

mod clean;
mod fence;
mod grapheme;
mod markdown;
mod split;

pub use self::clean::{Cleaner, clean_content};
pub use self::split::{MESSAGE_LENGTH, split, split_within};
