//! A part of a bot, with its own handlers, error handlers and state.

use std::borrow::Cow;
use std::fmt;

use crate::bot::group::{Group, group_methods};
use crate::meta::Place;

/// A part of a bot: handlers, with error handlers and state of their own.
///
/// A failure of its handlers, or of those of plugins inside it, goes to its error handlers before those of the
/// plugin or bot around it. Its handlers, and those of plugins inside it, see its state in preference to the state
/// around it.
///
/// # Examples
///
/// ```
/// use cordial::prelude::*;
///
/// struct Greeting(&'static str);
///
/// #[listener]
/// async fn greet(ctx: &Context, joined: &MemberAdd, greeting: State<Greeting>) -> Result<()> {
///     tracing::info!(user = %joined.user.id, "{}", greeting.0);
///     Ok(())
/// }
///
/// fn welcome() -> Plugin {
///     Plugin::new("welcome").state(Greeting("Hello!")).add(handlers![greet])
/// }
///
/// let bot = Bot::builder().plugin(welcome());
/// ```
#[must_use = "a plugin does nothing until it is added to a bot"]
pub struct Plugin {
    pub(crate) name: Cow<'static, str>,
    /// Where it was made.
    pub(crate) place: Place,
    pub(crate) group: Group,
}

impl Plugin {
    /// Creates an empty plugin with the name that reports and logs use.
    #[track_caller]
    pub fn new(name: impl Into<Cow<'static, str>>) -> Self {
        Self {
            name: name.into(),
            place: Place::caller(),
            group: Group::default(),
        }
    }

    group_methods!();
}

impl fmt::Debug for Plugin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plugin")
            .field("name", &self.name)
            .field("handlers", &self.group.handlers)
            .field("plugins", &self.group.plugins)
            .finish_non_exhaustive()
    }
}
