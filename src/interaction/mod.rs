//! Interactions: what people do with what the bot shows them, and the contexts of its handlers.
//!
//! ```text
//! InteractionContext          any of them
//! ├─ CommandContext           a slash command
//! ├─ AutocompleteContext      an option is being typed
//! ├─ MenuContext              the menu of somebody or something
//! │  ├─ UserMenuContext
//! │  └─ MessageMenuContext
//! ├─ ComponentContext         a button or a select menu
//! └─ ModalContext             a form that was filled in
//! ```
//!
//! Each context derefs to the one above it, and all of them to [`Context`](crate::Context). An error
//! handler whose first argument is one of them is asked only about failures of such interactions.

mod autocomplete;
mod command;
mod component;
mod context;
mod data;
mod menu;
mod modal;

pub use self::autocomplete::AutocompleteContext;
pub use self::command::CommandContext;
pub use self::component::ComponentContext;
pub use self::context::{ContextOf, InteractionContext, InteractionKind};
pub use self::menu::{MenuContext, MessageMenuContext, UserMenuContext};
pub use self::modal::ModalContext;

pub(crate) use self::context::kind;
pub(crate) use self::data::{carries, carries_in_guild, options, path};
pub(crate) use self::modal::found;
