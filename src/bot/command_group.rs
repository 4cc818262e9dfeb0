//! Commands under one name.

use std::fmt;

use crate::bot::group::{Group, group_methods};
use crate::command::{Named, Offer, naming_methods, offer_methods};
use crate::meta::Place;

/// Slash commands under a common name, such as `/queue add` and `/queue show` in the group `queue`.
///
/// A group can hold groups, whose commands are then `/queue filter add`; Discord allows no deeper nesting. A
/// group is also a [`Plugin`](crate::Plugin): its error handlers, state and checks apply to everything in it.
/// Handlers in it other than slash commands work as they would outside.
///
/// # Examples
///
/// ```
/// use cordial::prelude::*;
///
/// /// Add a track.
/// #[command]
/// async fn add(ctx: &CommandContext, /** Where it is. */ url: String) -> Result<()> {
///     ctx.reply(format!("Next: {url}")).await?;
///     Ok(())
/// }
///
/// let queue = CommandGroup::new("queue", "The song queue.").add(handlers![add]);
/// let bot = Bot::builder().group(queue);
/// ```
#[must_use = "a group does nothing until it is added to a bot"]
pub struct CommandGroup {
    pub(crate) named: Named,
    /// Where it was made.
    pub(crate) place: Place,
    pub(crate) group: Group,
    pub(crate) offer: Offer,
}

impl CommandGroup {
    /// Creates an empty group.
    ///
    /// Discord requires a description, but shows it nowhere today.
    #[track_caller]
    pub fn new(name: impl Into<String>, description: impl Into<String>) -> Self {
        Self {
            named: Named::new(name, description),
            place: Place::caller(),
            group: Group::default(),
            offer: Offer::default(),
        }
    }

    naming_methods!();
    offer_methods!();
    group_methods!();
}

impl fmt::Debug for CommandGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CommandGroup")
            .field("name", &self.named.name)
            .field("handlers", &self.group.handlers)
            .field("plugins", &self.group.plugins)
            .finish_non_exhaustive()
    }
}
