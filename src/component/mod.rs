//! Components and modals: functions that run when somebody presses a button, chooses from a menu, or
//! fills in a form, with state that travels in the custom id.
//!
//! The bot need not remember what it showed: the custom id names the handler and its version, and holds
//! the state, so a button still works after a restart.

mod button;
mod carry;
mod chosen;
mod custom_id;
mod field;
mod fit;
mod handler;
pub mod layout;
mod modal;
mod select;

pub use self::button::Button;
pub use self::carry::{Carry, Reader};
pub use self::chosen::Chosen;
pub use self::custom_id::{CustomId, CustomIdRoute};
pub use self::field::{Count, Field, ModalField};
pub use self::fit::{Fit, Fixed, Varying};
pub use self::handler::ComponentHandler;
pub use self::modal::ModalHandler;
pub use self::select::Select;

pub(crate) use self::custom_id::Key;
#[doc(hidden)]
pub use self::field::Fields;

/// What the macros use.
#[doc(hidden)]
pub mod generated {
    pub use super::custom_id::assert_fits;
    pub use super::handler::generated as component;
    pub use super::modal::generated as modal;
}
