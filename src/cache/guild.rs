//! Guilds without what is in them.

use twilight_model::guild::{
    AfkTimeout, DefaultMessageNotificationLevel, ExplicitContentFilter, Guild as WholeGuild,
    GuildFeature, MfaLevel, NSFWLevel, PartialGuild, PremiumTier, SystemChannelFlags,
    VerificationLevel,
};
use twilight_model::id::Id;
use twilight_model::id::marker::{ApplicationMarker, ChannelMarker, GuildMarker, UserMarker};
use twilight_model::util::{ImageHash, Timestamp};

/// Declares the struct, with constructors from two of Discord's events.
macro_rules! guild {
    ($(#[$doc:meta])* pub struct $name:ident {
        $($(#[$common_doc:meta])* pub $common:ident: $type:ty,)*
        ---
        $($(#[$own_doc:meta])* pub $own:ident: $own_type:ty,)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$common_doc])* pub $common: $type,)*
            $($(#[$own_doc])* pub $own: $own_type,)*
        }

        impl $name {
            /// Creates it from a whole guild.
            pub(crate) fn of(guild: &WholeGuild) -> Self {
                Self {
                    $($common: guild.$common.clone(),)*
                    joined_at: guild.joined_at,
                    large: Some(guild.large),
                    member_count: guild.member_count,
                    is_available: guild.unavailable != Some(true),
                }
            }

            /// Creates it from a change to a guild, and from what was known.
            pub(crate) fn updated(update: &PartialGuild, before: Option<&Self>) -> Self {
                Self {
                    $($common: update.$common.clone(),)*
                    joined_at: before.and_then(|before| before.joined_at),
                    large: before.and_then(|before| before.large),
                    member_count: before.and_then(|before| before.member_count),
                    // Discord sends nothing of guilds that are not.
                    is_available: true,
                }
            }
        }
    };
}

guild! {
    /// A guild as the cache keeps it: the guild's own fields of twilight's
    /// [`Guild`](twilight_model::guild::Guild).
    ///
    /// Its channels, roles, members, voice states and presences are resources of their own; its emojis,
    /// stickers and events are not kept.
    ///
    /// The fields are as Discord documents them. (Discord: Guild Resource, Guild Object.)
    pub struct Guild {
        /// The voice channel for idle members.
        pub afk_channel_id: Option<Id<ChannelMarker>>,
        /// How long until a member counts as idle.
        pub afk_timeout: AfkTimeout,
        /// The application that made the guild.
        pub application_id: Option<Id<ApplicationMarker>>,
        /// Its banner.
        pub banner: Option<ImageHash>,
        /// Which messages notify members by default.
        pub default_message_notifications: DefaultMessageNotificationLevel,
        /// Its description.
        pub description: Option<String>,
        /// Its picture in discovery.
        pub discovery_splash: Option<ImageHash>,
        /// Whose messages the content filter scans.
        pub explicit_content_filter: ExplicitContentFilter,
        /// Its enabled features.
        pub features: Vec<GuildFeature>,
        /// Its icon.
        pub icon: Option<ImageHash>,
        /// Its id.
        pub id: Id<GuildMarker>,
        /// The maximum number of members.
        pub max_members: Option<u64>,
        /// The maximum number of presences.
        pub max_presences: Option<u64>,
        /// Whether moderators need a second factor.
        pub mfa_level: MfaLevel,
        /// Its name.
        pub name: String,
        /// Its age restriction.
        pub nsfw_level: NSFWLevel,
        /// Who owns it.
        pub owner_id: Id<UserMarker>,
        /// Its preferred language.
        pub preferred_locale: String,
        /// Whether it shows its boost progress.
        pub premium_progress_bar_enabled: bool,
        /// Its number of boosts.
        pub premium_subscription_count: Option<u64>,
        /// Its boost level.
        pub premium_tier: PremiumTier,
        /// The channel for Discord's notices to moderators.
        pub public_updates_channel_id: Option<Id<ChannelMarker>>,
        /// The channel with its rules.
        pub rules_channel_id: Option<Id<ChannelMarker>>,
        /// Its picture on invites.
        pub splash: Option<ImageHash>,
        /// What its system channel does not announce.
        pub system_channel_flags: SystemChannelFlags,
        /// The channel where Discord announces joins and boosts.
        pub system_channel_id: Option<Id<ChannelMarker>>,
        /// How well members must be verified.
        pub verification_level: VerificationLevel,
        /// The code of its vanity invite.
        pub vanity_url_code: Option<String>,
        /// The channel of its widget.
        pub widget_channel_id: Option<Id<ChannelMarker>>,
        /// Whether it has a widget.
        pub widget_enabled: Option<bool>,
        ---
        /// When the bot joined, if Discord said so.
        pub joined_at: Option<Timestamp>,
        /// Whether it is so large that Discord does not name all of its members, if Discord said so.
        pub large: Option<bool>,
        /// Its number of members.
        ///
        /// Discord sends it when the session begins; the cache keeps it up to date only if it keeps
        /// members.
        pub member_count: Option<u64>,
        /// Whether Discord sends its events.
        ///
        /// This is `false` in an outage, and in a new session until Discord sends the guild; the data may
        /// be outdated then.
        pub is_available: bool,
    }
}
