//! The permissions of members, by their roles, the channel and a timeout.

use std::fmt;
use std::sync::Arc;

use twilight_model::channel::permission_overwrite::PermissionOverwrite;
use twilight_model::channel::{Channel, ChannelType};
use twilight_model::guild::{Member, Permissions, Role};
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, RoleMarker, UserMarker};
use twilight_util::permission_calculator::PermissionCalculator;

use crate::cache::{Cache, CacheOff, Cached, Guild, NotCached};
use crate::event::{Resource, Resources};
use crate::http::Http;

/// The permissions of somebody who is timed out. (Discord: Permissions, Permissions for Timed Out Members.)
const OF_TIMED_OUT: Permissions =
    Permissions::VIEW_CHANNEL.union(Permissions::READ_MESSAGE_HISTORY);

/// The permissions that go with writing. (Discord: Permissions, Implicit Permissions.)
const WITH_MESSAGES: Permissions = Permissions::MENTION_EVERYONE
    .union(Permissions::SEND_TTS_MESSAGES)
    .union(Permissions::ATTACH_FILES)
    .union(Permissions::EMBED_LINKS);

/// The permissions that concern only guilds, and that twilight-util 0.18 leaves in channels. (Discord:
/// Permissions, Bitwise Permission Flags: those of no channel type.)
const OF_GUILD: Permissions = Permissions::MODERATE_MEMBERS
    .union(Permissions::CREATE_GUILD_EXPRESSIONS)
    .union(Permissions::VIEW_CREATOR_MONETIZATION_ANALYTICS);

/// Computes the permissions of members.
///
/// As an argument of a handler, it makes the cache keep guilds, channels, roles and members.
///
/// For the user of a command, and for the bot there, Discord itself sends the permissions, and the
/// handler's checks `user_permissions` and `bot_permissions` use those. This is for anybody else, anywhere
/// else.
///
/// # Examples
///
/// ```
/// use cordial::cache::MemberPermissions;
/// use cordial::prelude::*;
///
/// #[listener]
/// async fn links(_: &Context, message: &GuildMessage, may: MemberPermissions) -> Result<()> {
///     let allowed = may.in_channel(message.channel_id, message.author.id)?;
///     if !allowed.contains(Permissions::EMBED_LINKS) {
///         tracing::info!(author = %message.author.id, "links are not shown");
///     }
///     Ok(())
/// }
///
/// let bot = Bot::builder().add(handlers![links]);
/// ```
#[derive(Clone)]
pub struct MemberPermissions {
    guilds: Cached<Guild>,
    channels: Cached<Channel>,
    roles: Cached<Role>,
    members: Cached<Member>,
    /// The client whose clock decides whether a timeout is over.
    http: Http,
}

/// A member whose permissions are computed, and the guild.
struct Subject {
    guild: Arc<Guild>,
    member: Arc<Member>,
    /// The permissions of the role of everybody.
    everyone: Permissions,
    /// The other roles of the member, each with its permissions.
    roles: Vec<(Id<RoleMarker>, Permissions)>,
}

impl MemberPermissions {
    pub(crate) const RESOURCES: [Resource; 4] = [
        Resource::Guilds,
        Resource::Channels,
        Resource::Roles,
        Resource::Members,
    ];

    pub(crate) fn new(cache: &Cache, http: Http) -> Result<Self, CacheOff> {
        Ok(Self {
            guilds: cache.of()?,
            channels: cache.of()?,
            roles: cache.of()?,
            members: cache.of()?,
            http,
        })
    }

    /// Returns the resources that it needs.
    pub(crate) fn resources() -> Resources {
        Resources::from(Self::RESOURCES)
    }

    /// Returns the permissions of a member in a guild, wherever no channel changes them.
    ///
    /// The owner and administrators have all. A member who is timed out may only look.
    ///
    /// # Errors
    ///
    /// [`NotCached`] if the guild or the member is not in the cache.
    pub fn in_guild(
        &self,
        guild: Id<GuildMarker>,
        user: Id<UserMarker>,
    ) -> Result<Permissions, NotCached> {
        let subject = self.subject(guild, user)?;
        let allowed = subject.calculator().root();
        Ok(self.unless_timed_out(&subject, allowed))
    }

    /// Returns the permissions of a member in a channel of a guild, or in a thread.
    ///
    /// A thread has the permissions of its channel, but in a thread `SEND_MESSAGES` says whether the member
    /// may write there: it takes the value of the channel's `SEND_MESSAGES_IN_THREADS`. (Discord:
    /// Permissions, Inherited Permissions.) The cache does not know who was let into a private thread.
    ///
    /// A member who may not see the channel has no permissions there, and one who may not connect to a
    /// voice or stage channel may only see it. Permissions that concern only guilds, such as to ban or time
    /// out people, are never included, except for the owner and administrators: see
    /// [`in_guild`](Self::in_guild).
    ///
    /// # Errors
    ///
    /// [`NotCached`] if the channel, the thread's channel, the guild or the member is not in the cache.
    pub fn in_channel(
        &self,
        channel: Id<ChannelMarker>,
        user: Id<UserMarker>,
    ) -> Result<Permissions, NotCached> {
        let channel = self.channel(channel)?;
        let guild = channel.guild_id.ok_or_else(|| unknown(channel.id))?;
        let mut subject = self.subject(guild, user)?;
        let allowed = match channel.parent_id {
            Some(parent) if channel.kind.is_thread() => {
                let parent = self.channel(parent)?;
                subject.enter_thread();
                let overwrites: Vec<_> = overwrites(&parent).iter().map(of_thread).collect();
                subject.allowed(parent.kind, &overwrites)
            }
            _ => subject.allowed(channel.kind, overwrites(&channel)),
        };
        Ok(self.unless_timed_out(&subject, allowed))
    }

    fn channel(&self, id: Id<ChannelMarker>) -> Result<Arc<Channel>, NotCached> {
        self.channels.get(id).ok_or_else(|| unknown(id))
    }

    fn subject(&self, guild: Id<GuildMarker>, user: Id<UserMarker>) -> Result<Subject, NotCached> {
        let known = self.guilds.get(guild);
        let known =
            known.ok_or_else(|| NotCached::new(Resource::Guilds, format_args!("guild {guild}")))?;
        let member = self.members.get((guild, user)).ok_or_else(|| {
            let what = format_args!("user {user} as a member of guild {guild}");
            NotCached::new(Resource::Members, what)
        })?;
        // The role of everybody has the guild's id. (Discord: Permissions, Role Object.)
        let everyone = self.roles.get(guild.cast()).ok_or_else(|| {
            let what = format_args!("the roles of guild {guild}");
            NotCached::new(Resource::Roles, what)
        })?;
        // Discord sends no event for members whose role is deleted: the remaining roles count.
        let own = member.roles.iter().filter_map(|role| self.roles.get(*role));
        let roles = own.map(|role| (role.id, role.permissions)).collect();
        Ok(Subject {
            guild: known,
            member,
            everyone: everyone.permissions,
            roles,
        })
    }

    /// Reduces the permissions of somebody who is timed out, except for administrators, as Discord does.
    fn unless_timed_out(&self, subject: &Subject, allowed: Permissions) -> Permissions {
        let until = subject.member.communication_disabled_until;
        let now = i64::try_from(self.http.now().as_micros()).unwrap_or(i64::MAX);
        let is_timed_out = until.is_some_and(|until| until.as_micros() > now);
        if is_timed_out && !allowed.contains(Permissions::ADMINISTRATOR) {
            return allowed & OF_TIMED_OUT;
        }
        allowed
    }
}

impl Subject {
    fn calculator(&self) -> PermissionCalculator<'_> {
        PermissionCalculator::new(
            self.guild.id,
            self.member.user.id,
            self.everyone,
            &self.roles,
        )
        .owner_id(self.guild.owner_id)
    }

    /// Adapts everything to a thread.
    fn enter_thread(&mut self) {
        self.everyone = in_thread(self.everyone);
        for (_, allowed) in &mut self.roles {
            *allowed = in_thread(*allowed);
        }
    }

    fn allowed(&self, kind: ChannelType, overwrites: &[PermissionOverwrite]) -> Permissions {
        let is_heard = matches!(kind, ChannelType::GuildVoice | ChannelType::GuildStageVoice);
        // twilight-util 0.18 removes all text permissions from these channels, which have text too; from a
        // category it removes none.
        let kind = if is_heard {
            ChannelType::GuildCategory
        } else {
            kind
        };
        let mut allowed = self.calculator().in_channel(kind, overwrites);
        if allowed.contains(Permissions::ADMINISTRATOR) {
            return allowed;
        }
        allowed -= OF_GUILD;
        // twilight-util draws these conclusions from some denials alone.
        if !allowed.contains(Permissions::VIEW_CHANNEL) {
            return Permissions::empty();
        }
        // Nor may they read its messages. (Discord: Permissions, Implicit Permissions; Message Resource,
        // Get Channel Messages.)
        if is_heard && !allowed.contains(Permissions::CONNECT) {
            return Permissions::VIEW_CHANNEL;
        }
        if !allowed.contains(Permissions::SEND_MESSAGES) {
            allowed -= WITH_MESSAGES;
        }
        allowed
    }
}

/// Returns the permission overwrites of a channel.
fn overwrites(channel: &Channel) -> &[PermissionOverwrite] {
    channel.permission_overwrites.as_deref().unwrap_or_default()
}

/// Returns an overwrite of a channel as it is in the channel's threads.
fn of_thread(overwrite: &PermissionOverwrite) -> PermissionOverwrite {
    PermissionOverwrite {
        allow: in_thread(overwrite.allow),
        deny: in_thread(overwrite.deny),
        ..*overwrite
    }
}

/// Converts `SEND_MESSAGES` to its value in a thread.
fn in_thread(mut permissions: Permissions) -> Permissions {
    let may_write = permissions.contains(Permissions::SEND_MESSAGES_IN_THREADS);
    permissions.set(Permissions::SEND_MESSAGES, may_write);
    permissions
}

fn unknown(channel: Id<ChannelMarker>) -> NotCached {
    let what = format_args!("channel {channel} of a guild");
    NotCached::new(Resource::Channels, what)
}

impl fmt::Debug for MemberPermissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemberPermissions")
    }
}
