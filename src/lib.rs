#![cfg_attr(feature = "testing", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "testing"),
    doc = "A framework for Discord bots with typed error handlers."
)]

// The derives name `::cordial::..`, inside the crate too.
extern crate self as cordial;

pub mod answer;
pub mod bot;
#[cfg(feature = "cache")]
pub mod cache;
pub mod channel;
pub mod check;
mod clock;
pub mod command;
pub mod component;
pub mod context;
pub mod dispatch;
pub mod error;
pub mod event;
pub mod exception;
pub mod extract;
pub mod failure;
mod gateway;
#[cfg(any(doc, doctest))]
pub mod guide;
pub mod guild;
pub mod handler;
pub mod health;
pub mod http;
pub mod interaction;
pub mod meta;
#[cfg(feature = "metrics")]
pub mod metrics;
pub mod outcome;
pub mod prelude;
#[doc(hidden)]
pub mod private;
pub mod report;
#[doc(hidden)]
pub mod sabotage;
pub mod snowflake;
pub mod task;
#[cfg(feature = "testing")]
pub mod testing;
pub mod text;
pub mod waiting;

pub use self::answer::{Reply, Responder};
pub use self::bot::{
    Bot, BotBuilder, BuildError, CommandGroup, Handlers, Plugin, Token, TokenError,
};
pub use self::context::Context;
pub use self::dispatch::Listener;
pub use self::error::{ErrorContext, ErrorHandler, Flow, Unhandled};
pub use self::failure::{Failure, FailureId, IntoFailure, Result, WithDetail};
pub use self::task::Task;
pub use cordial_macros::{
    Choice, EventView, Exception, autocomplete, check, command, component, error_handler, listener,
    modal, task,
};

/// The twilight crates as cordial uses them: their types are part of cordial's interface.
pub mod twilight {
    #[doc(no_inline)]
    pub use twilight_gateway as gateway;
    #[doc(no_inline)]
    pub use twilight_http as http;
    #[doc(no_inline)]
    pub use twilight_model as model;
}

/// Collects functions with `#[listener]`, `#[command]`, `#[task]`, `#[error_handler]` and the like, to be added
/// to a bot or a plugin.
///
/// Name a function by its path, as in `greeting::hello`, if a module has the same name: a `use` of the function
/// would also import its companion, whose name conflicts with the module's.
///
/// # Examples
///
/// ```
/// use cordial::prelude::*;
///
/// mod greeting {
///     use cordial::prelude::*;
///
///     #[listener]
///     pub async fn hello(ctx: &Context, joined: &MemberAdd) -> Result<()> {
///         Ok(())
///     }
/// }
///
/// #[error_handler]
/// async fn anything(ctx: &ErrorContext, failure: &Failure) -> bool {
///     false
/// }
///
/// let bot = Bot::builder().add(handlers![greeting::hello, anything]);
/// ```
#[macro_export]
macro_rules! handlers {
    ($($($segment:ident)::+),* $(,)?) => {
        $crate::Handlers::new()$(.with($($segment)::+ {}))*
    };
}
