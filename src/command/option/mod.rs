//! The options of slash commands: their types, their descriptions for Discord, and how they are read.

mod argument;
mod choice;

mod schema;
mod suggestion;
mod types;
mod value;

pub use self::argument::{Argument, FromOption};
pub use self::choice::{Choice, Choosable};
pub use self::schema::{Bound, SlashOption};
pub use self::suggestion::{IntoSuggestion, Suggestions};
pub use self::value::{Member, Mentionable, OptionValue};

#[doc(hidden)]
pub use self::argument::Options;
pub(crate) use self::argument::named;
pub(crate) use self::choice::stands_for;
