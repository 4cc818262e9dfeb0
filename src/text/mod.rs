//! Texts: long ones parted into messages, and those of others made harmless.
//!
//! Mentions of users, roles, channels, commands and times are made by
//! `twilight-mention`, or written as they are, such as
//! `format!("<@{id}>")`, `<#{id}>`, `<@&{id}>`, `</{name}:{id}>` and `<t:{seconds}:R>`. (Discord:
//! Reference, Message Formatting.)

mod clean;
mod fence;
mod grapheme;
mod markdown;
mod split;

pub use self::clean::{Cleaner, clean_content};
pub use self::split::{MESSAGE_LENGTH, split, split_within};
