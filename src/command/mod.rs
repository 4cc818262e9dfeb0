//! Commands: functions that people run by name, with options, and their registration with Discord.

mod autocomplete;
mod handler;
mod menu;
mod option;
mod plan;
mod rules;
mod schema;
mod slash;

pub use self::autocomplete::{
    Autocomplete, IntoAutocomplete, ViaAutocompleteFn, ViaBuiltAutocomplete,
};
pub use self::handler::Defer;
pub use self::menu::{ContextMenu, MenuKind};
pub use self::option::{
    Argument, Bound, Choice, Choosable, FromOption, IntoSuggestion, Member, Mentionable,
    OptionValue, SlashOption, Suggestions,
};
pub use self::plan::Plan;
pub use self::rules::{Flaw, flaws};
pub use self::slash::SlashCommand;

#[doc(hidden)]
pub use self::option::Options;
pub(crate) use self::option::{named, stands_for};

pub(crate) use self::handler::{Admission, InteractionHandler, check_methods, handler_methods};
pub(crate) use self::plan::{is_ours, is_same};
pub(crate) use self::rules::flaws_of_all;
pub(crate) use self::schema::{Named, Offer, naming_methods, offer_methods};

/// What the macros use.
#[doc(hidden)]
pub mod generated {
    pub use super::autocomplete::generated as autocomplete;
    pub use super::menu::generated as menu;
    pub use super::slash::generated as slash;
}
