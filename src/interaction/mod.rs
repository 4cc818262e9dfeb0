//! What people did with what the bot showed them, and what its handlers may touch.
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
//! Each derefs to the one it stands under, and all of them to [`Context`](crate::Context). An error
//! handler that takes one of them first is asked about failures of that sort alone.

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
