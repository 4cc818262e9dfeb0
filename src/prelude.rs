//! What a bot's source needs, to be imported whole: `use cordial::prelude::*;`.

pub use crate::bot::{Bot, BotBuilder, Handlers, Plugin};
pub use crate::context::{Context, Shard};
pub use crate::dispatch::Listener;
pub use crate::error::{ErrorContext, ErrorHandler, Flow, Unhandled};
pub use crate::event::{Direct, DirectMessage, GuildMessage, InGuild};
pub use crate::extract::{Author, AuthorId, ChannelId, Content, FromContext, GuildId, Http, State};
pub use crate::failure::{Failure, IntoFailure, Result, WithDetail};
pub use crate::handlers;
pub use crate::{Exception, error_handler, listener};

#[doc(no_inline)]
pub use twilight_model::gateway::Intents;
#[doc(no_inline)]
pub use twilight_model::gateway::event::Event;
#[doc(no_inline)]
pub use twilight_model::gateway::payload::incoming::{
    AutoModerationActionExecution, AutoModerationRuleCreate, AutoModerationRuleDelete,
    AutoModerationRuleUpdate, BanAdd, BanRemove, ChannelCreate, ChannelDelete, ChannelPinsUpdate,
    ChannelUpdate, CommandPermissionsUpdate, EntitlementCreate, EntitlementDelete,
    EntitlementUpdate, GuildAuditLogEntryCreate, GuildCreate, GuildDelete, GuildEmojisUpdate,
    GuildIntegrationsUpdate, GuildScheduledEventCreate, GuildScheduledEventDelete,
    GuildScheduledEventUpdate, GuildScheduledEventUserAdd, GuildScheduledEventUserRemove,
    GuildStickersUpdate, GuildUpdate, Hello, IntegrationCreate, IntegrationDelete,
    IntegrationUpdate, InteractionCreate, InviteCreate, InviteDelete, MemberAdd, MemberChunk,
    MemberRemove, MemberUpdate, MessageCreate, MessageDelete, MessageDeleteBulk,
    MessagePollVoteAdd, MessagePollVoteRemove, MessageUpdate, PresenceUpdate, RateLimited,
    ReactionAdd, ReactionRemove, ReactionRemoveAll, ReactionRemoveEmoji, Ready, RoleCreate,
    RoleDelete, RoleUpdate, StageInstanceCreate, StageInstanceDelete, StageInstanceUpdate,
    SubscriptionCreate, SubscriptionDelete, SubscriptionUpdate, ThreadCreate, ThreadDelete,
    ThreadListSync, ThreadMemberUpdate, ThreadMembersUpdate, ThreadUpdate, TypingStart,
    UnavailableGuild, UserUpdate, VoiceServerUpdate, VoiceStateUpdate, WebhooksUpdate,
};
