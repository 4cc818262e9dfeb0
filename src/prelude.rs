//! The items that a bot's source needs, to import all at once: `use cordial::prelude::*;`.

pub use crate::answer::{Modal, Reply, Responder};
pub use crate::bot::{Bot, BotBuilder, CommandGroup, Handlers, Plugin};
#[cfg(feature = "cache")]
pub use crate::cache::{Cached, Deleted, Updated};
pub use crate::command::{Choice, FromOption, Member, Mentionable};
pub use crate::component::{Button, Chosen};
pub use crate::context::{Context, Presence, Shard};
pub use crate::dispatch::Listener;
pub use crate::error::{ErrorContext, ErrorHandler, Flow, Unhandled};
pub use crate::event::payloads::*;
pub use crate::event::{Direct, DirectMessage, GuildMessage, InGuild, Resumed};
pub use crate::exception::UserFacing;
pub use crate::extract::{Author, AuthorId, ChannelId, Content, FromContext, GuildId, Http, State};
pub use crate::failure::{Failure, IntoFailure, Result, WithDetail};
pub use crate::handlers;
pub use crate::http::RequestExt as _;
pub use crate::interaction::{
    AutocompleteContext, CommandContext, ComponentContext, InteractionContext, MenuContext,
    MessageMenuContext, ModalContext, UserMenuContext,
};
pub use crate::task::Task;
pub use crate::waiting::{Awaited, Waits};
pub use cordial_macros::{
    Choice, EventView, Exception, autocomplete, check, command, component, error_handler, listener,
    modal, task,
};

#[doc(no_inline)]
pub use twilight_model::channel::{Attachment, Message};
#[doc(no_inline)]
pub use twilight_model::gateway::Intents;
#[doc(no_inline)]
pub use twilight_model::gateway::event::Event;
#[doc(no_inline)]
pub use twilight_model::guild::{Permissions, Role};
#[doc(no_inline)]
pub use twilight_model::id::Id;
#[doc(no_inline)]
pub use twilight_model::id::marker::{
    ChannelMarker, GuildMarker, MessageMarker, RoleMarker, UserMarker,
};
#[doc(no_inline)]
pub use twilight_model::user::User;
