//! A part of a bot, with handlers, error handlers and state of its own.

use std::borrow::Cow;
use std::fmt;

use crate::bot::group::{Group, group_methods};
use crate::meta::Place;

/// A part of a bot: handlers with the error handlers and the state that are theirs.
///
/// Its error handlers are asked about failures of its own handlers, and of those of plugins inside
/// it, before those of what it is part of. Its state is seen by its own handlers, and by those of
/// plugins inside it, over the state of what it is part of.
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
    /// Creates an empty plugin. Reports and logs call it by its name.
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
