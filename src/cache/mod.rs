//! The cache: guilds, channels, roles, members, messages, voice states and presences from the gateway, for
//! handlers to look at without asking Discord.
//!
//! Nothing is kept unless you ask for it. A handler asks by its signature, with [`Cached`],
//! [`MemberPermissions`], [`Updated`] or [`Deleted`]; a bot asks with
//! [`BotBuilder::cache`](crate::bot::BotBuilder::cache), for lookups by
//! [`Context::cache`](crate::Context::cache). Each resource adds the intents and the events that it needs,
//! and no more:
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
//! - It hands out *snapshots*: an [`Arc`] of a past state that never changes. No lock is held while a
//!   handler has one.
//! - It processes an event before the event's handlers run. [`Updated::before`] and [`Deleted::value`] have
//!   what the event replaced, whatever has come since.
//! - It holds what the gateway sent, and makes nothing up. Messages from before the bot ran are missing,
//!   and so are members whom Discord has not named. When Discord sends a guild, it names the bot and the
//!   members in voice channels; with the intent for presences, also all members of a small guild, and some
//!   of a large one, such as those who are online. Other members become known when they join, change,
//!   write, react, type, enter a voice channel or use the bot, as far as the intents bring such events, or
//!   when you ask for them with [`request_members`](crate::Context::request_members). (Discord: Gateway
//!   Events, Guild Create, Request Guild Members.)
//! - A voice state has its `member` if it came in an event of its own, and not if it came with its guild.
//! - Without `MESSAGE_CONTENT`, texts of messages are blank, as in events. The cache does not follow the
//!   reactions, pins and polls of messages, nor the `last_message_id` of channels.
//! - It keeps the newest 100 messages of each channel, and 10,000 in all, unless you set other limits with
//!   [`cache_messages`](crate::bot::BotBuilder::cache_messages). Messages are removed with their channel or
//!   thread. A channel's threads are removed with it; and so are the messages in these, if channels are
//!   kept.
//! - Archived threads are removed, and so is the state of users who go offline or leave a voice channel.
//! - In an outage, the data of a guild stays, and the guild says that it [is not available]. When the bot
//!   is removed from a guild, all of the guild's data is removed. When Discord sends a guild as a whole,
//!   that replaces its data. A new session of a shard removes the shard's messages, voice states and
//!   presences, and the guilds that the session does not name.
//! - With a cache, a bot that keeps its [sessions](crate::bot::BotBuilder::session_store) still begins new
//!   ones when it starts: Discord does not send the guilds when a session resumes, and the cache would be
//!   empty.
//! - [`Health::cache`](crate::health::Health::cache) returns how many entries it holds, and about how many
//!   bytes.
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
//! That crate hands out guards of entries in its maps: a handler that holds one across an `.await` blocks
//! the gateway from changing neighbouring entries, and a handler that holds two may deadlock. It stores
//! plain models, so a snapshot is a deep copy for each event, and the state before an event takes another
//! copy, made before the event is processed. Here each entry is an [`Arc`] that is replaced as a whole.
//! `twilight-util` computes the permissions.
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
