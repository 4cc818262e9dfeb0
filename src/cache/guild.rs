//! A guild without what is in it.

use twilight_model::guild::{
    AfkTimeout, DefaultMessageNotificationLevel, ExplicitContentFilter, Guild as WholeGuild,
    GuildFeature, MfaLevel, NSFWLevel, PartialGuild, PremiumTier, SystemChannelFlags,
    VerificationLevel,
};
use twilight_model::id::Id;
use twilight_model::id::marker::{ApplicationMarker, ChannelMarker, GuildMarker, UserMarker};
use twilight_model::util::{ImageHash, Timestamp};

/// Declares the struct, and makes it of what two of Discord's events have in common.
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
            /// Makes it of all that is told of a guild.
            pub(crate) fn of(guild: &WholeGuild) -> Self {
                Self {
                    $($common: guild.$common.clone(),)*
                    joined_at: guild.joined_at,
                    large: Some(guild.large),
                    member_count: guild.member_count,
                    is_available: guild.unavailable != Some(true),
                }
            }

            /// Makes it of what is told when a guild was changed, and of what was known.
            pub(crate) fn updated(update: &PartialGuild, before: Option<&Self>) -> Self {
                Self {
                    $($common: update.$common.clone(),)*
                    joined_at: before.and_then(|before| before.joined_at),
                    large: before.and_then(|before| before.large),
                    member_count: before.and_then(|before| before.member_count),
                    // Nothing is told of those that are not.
                    is_available: true,
                }
            }
        }
    };
}

guild! {
    /// A guild as the cache keeps it: what twilight's
    /// [`Guild`](twilight_model::guild::Guild) says of the guild itself. What is in it is kept by itself,
    /// as channels, roles, members, voice states and presences; of emojis, stickers and events nothing is
    /// kept.
    ///
    /// The fields are as Discord documents them. (Discord: Guild Resource, Guild Object.)
    pub struct Guild {
        /// Where those are put who do nothing.
        pub afk_channel_id: Option<Id<ChannelMarker>>,
        /// After which time.
        pub afk_timeout: AfkTimeout,
        /// The application that made the guild.
        pub application_id: Option<Id<ApplicationMarker>>,
        /// Its banner.
        pub banner: Option<ImageHash>,
        /// Of which messages people are notified.
        pub default_message_notifications: DefaultMessageNotificationLevel,
        /// Its description.
        pub description: Option<String>,
        /// Its picture where guilds are found.
        pub discovery_splash: Option<ImageHash>,
        /// Whose messages are looked through.
        pub explicit_content_filter: ExplicitContentFilter,
        /// What it can do beside the usual.
        pub features: Vec<GuildFeature>,
        /// Its icon.
        pub icon: Option<ImageHash>,
        /// Its id.
        pub id: Id<GuildMarker>,
        /// How many members it may have.
        pub max_members: Option<u64>,
        /// How many of them may be seen.
        pub max_presences: Option<u64>,
        /// Whether moderators need a second factor.
        pub mfa_level: MfaLevel,
        /// Its name.
        pub name: String,
        /// For what age it is.
        pub nsfw_level: NSFWLevel,
        /// Who owns it.
        pub owner_id: Id<UserMarker>,
        /// Its language.
        pub preferred_locale: String,
        /// Whether it shows how far it is boosted.
        pub premium_progress_bar_enabled: bool,
        /// How many boosts it has.
        pub premium_subscription_count: Option<u64>,
        /// How far it is boosted.
        pub premium_tier: PremiumTier,
        /// Where Discord tells its moderators of news.
        pub public_updates_channel_id: Option<Id<ChannelMarker>>,
        /// Where its rules are.
        pub rules_channel_id: Option<Id<ChannelMarker>>,
        /// Its picture on invitations.
        pub splash: Option<ImageHash>,
        /// What its system channel does not tell of.
        pub system_channel_flags: SystemChannelFlags,
        /// Where Discord tells of joins and boosts.
        pub system_channel_id: Option<Id<ChannelMarker>>,
        /// How well members must be known.
        pub verification_level: VerificationLevel,
        /// Its invitation by a name of its own.
        pub vanity_url_code: Option<String>,
        /// The channel of its widget.
        pub widget_channel_id: Option<Id<ChannelMarker>>,
        /// Whether it has a widget.
        pub widget_enabled: Option<bool>,
        ---
        /// When the bot joined, if that was told.
        pub joined_at: Option<Timestamp>,
        /// Whether it is so large that Discord does not name all of its members, if that was told.
        pub large: Option<bool>,
        /// How many members it has: as was told when the session began, and followed from there if
        /// members are kept.
        pub member_count: Option<u64>,
        /// Whether Discord tells what happens in it: not so in an outage, nor in a new session until the
        /// guild is told of. What is known may be outdated then.
        pub is_available: bool,
    }
}
