//! What the gateway told: guilds, channels, roles, members, messages, voice states and presences, kept for
//! handlers to look at without asking Discord.
//!
//! Nothing is kept unless somebody asks for it. A handler asks by its signature, with [`Cached`],
//! [`MemberPermissions`], [`Updated`] or [`Deleted`]; a bot asks with
//! [`BotBuilder::cache`](crate::bot::BotBuilder::cache), for what handlers look up by
//! [`Context::cache`](crate::Context::cache). Each resource brings the intents and the events that it
//! needs, and no more:
//!
//! | resource | type | kept by | intents |
//! |---|---|---|---|
//! | [`Guilds`](Resource::Guilds) | [`Guild`] | its id | `GUILDS` |
//! | [`Channels`](Resource::Channels) | [`Channel`] | its id | `GUILDS` |
//! | [`Roles`](Resource::Roles) | [`Role`] | its id | `GUILDS` |
//! | [`Members`](Resource::Members) | [`Member`] | guild and user | `GUILDS`, `GUILD_MEMBERS` (privileged) |
//! | [`Messages`](Resource::Messages) | [`Message`] | its id | `GUILDS`, `GUILD_MESSAGES`, `DIRECT_MESSAGES` |
//! | [`VoiceStates`](Resource::VoiceStates) | [`VoiceState`] | guild and user | `GUILDS`, `GUILD_VOICE_STATES` |
//! | [`Presences`](Resource::Presences) | [`Presence`] | guild and user | `GUILDS`, `GUILD_PRESENCES` (privileged) |
//!
//! # What is true of it
//!
//! - It hands out *snapshots*: an [`Arc`] of what was so, which nothing changes any more. No lock is held
//!   while a handler has one.
//! - It takes an event in before the handlers of the event run. What the event replaced is in
//!   [`Updated::before`] and [`Deleted::value`], whatever has come since.
//! - It holds what the gateway told, and makes nothing up. What it was not told of is not there: messages
//!   from before the bot ran; members whom Discord has not named. When it tells of a guild it names the bot
//!   and who is in a voice channel; if presences are asked for, all of a small guild, and of a large one
//!   those who stand out, such as who is there. Anybody else is known once they join, are changed, write,
//!   react, type, are heard or use the bot, as far as the intents bring such events, or once they are asked
//!   for with [`request_members`](crate::Context::request_members). (Discord: Gateway Events, Guild Create,
//!   Request Guild Members.)
//! - A voice state has its `member` if it came by itself, and not if the guild was told of with it.
//! - Texts of messages are blank without `MESSAGE_CONTENT`, as in events. Their reactions, pins and polls
//!   are not followed, nor is the `last_message_id` of channels.
//! - Of messages the newest 100 of each channel are kept, and 10,000 in all, unless
//!   [`cache_messages`](crate::bot::BotBuilder::cache_messages) says otherwise. They go with their channel
//!   or thread. With a channel go its threads, too; and the messages in these, if channels are kept.
//! - Threads that are archived are forgotten, and so is who goes offline or leaves a voice channel.
//! - In an outage what is known of a guild stays, and the guild says that it [is not available]. A bot that
//!   is removed from a guild forgets all of it. Whenever a guild is told of as a whole, that replaces what
//!   was known of it; and a new session forgets the messages and the guilds that it does not name.
//! - A bot that keeps its [sessions](crate::bot::BotBuilder::session_store) begins new ones when it is
//!   started, if it has a cache: a session that goes on tells of no guilds, and the cache would be empty.
//! - [`Health::cache`](crate::health::Health::cache) tells how much it holds, and about how many bytes.
//!
//! # Examples
//!
//! ```
//! use cordial::prelude::*;
//!
//! #[listener]
//! async fn renamed(_: &Context, renamed: &Updated<Role>) {
//!     if let Some(before) = &renamed.before {
//!         tracing::info!("{} is {} now", before.name, renamed.after.name);
//!     }
//! }
//!
//! let bot = Bot::builder().add(handlers![renamed]).build()?;
//! assert_eq!(bot.intents(), Intents::GUILDS);
//! # Ok::<(), cordial::BuildError>(())
//! ```
//!
//! # Why it is not `twilight-cache-inmemory`
//!
//! That crate hands out guards of its map's entries: a handler that holds one across an `.await` keeps the
//! gateway from changing what is beside it, and one that holds two may wait for itself. It owns plain
//! models, so that a snapshot is a deep copy for each event, and what was before can be had only by
//! another, taken before the event is. Here each entry is an [`Arc`] that is replaced as a whole. What is
//! allowed to whom is worked out by `twilight-util`.
//!
//! [is not available]: Guild::is_available
//! [`Arc`]: std::sync::Arc

mod cacheable;
mod cached;
mod change;
mod exception;
mod guild;
mod named;
mod permissions;
mod plan;
mod shelf;
mod shelves;
mod take_in;
mod weight;

pub use self::cacheable::Cacheable;
pub use self::cached::{Cache, Cached};
pub use self::change::{BulkDeleted, Deleted, Updated};
pub use self::exception::{CacheOff, NotCached};
pub use self::guild::Guild;
pub use self::permissions::MemberPermissions;
#[doc(hidden)]
pub use self::shelf::Shelf;
#[doc(hidden)]
pub use self::shelves::Shelves;
#[doc(inline)]
pub use crate::event::{Resource, Resources};
#[doc(no_inline)]
pub use twilight_model::channel::{Channel, Message};
#[doc(no_inline)]
pub use twilight_model::gateway::presence::Presence;
#[doc(no_inline)]
pub use twilight_model::guild::{Member, Role};
#[doc(no_inline)]
pub use twilight_model::voice::VoiceState;

pub(crate) use self::plan::{Bounds, Plan};
