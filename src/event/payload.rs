//! The table of events: each payload type of twilight, its event, and what brings it.

use twilight_gateway::EventTypeFlags;
use twilight_model::gateway::Intents;
use twilight_model::gateway::event::{Event, EventType};
use twilight_model::gateway::payload::incoming;

use crate::event::{EventKinds, EventPayload, Occurrence, Part, Presence, View};

/// A payload type of twilight.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event of Discord's gateway",
    label = "not a gateway event",
    note = "gateway events are twilight's payload types, such as `MessageCreate` or `MemberAdd`"
)]
pub trait GatewayPayload: EventPayload {
    /// The event that it is the payload of.
    const KIND: EventType;

    /// The event as a flag of twilight's, which two events may share: see [`EventKinds`].
    const FLAGS: EventTypeFlags;

    /// The intents that bring the event, each of which brings some of it.
    const INTENTS: Intents;

    /// Returns the payload of an event, if it is of this type.
    fn get(event: &Event) -> Option<&Self>;
}

/// One row for each payload type:
///
/// ```text
/// payload, the event's variant if it is called otherwise (flag)
///     [the intents that bring it] { whole author, author's id, guild, channel }
/// ```
///
/// Discord: Gateway, List of Intents. An event without intents is always sent.
macro_rules! payloads {
    ($(
        $payload:ident $(= $variant:ident)? ($flag:ident) [$($intent:ident)|*]
        { $author:ident, $author_id:ident, $guild:ident, $channel:ident }
    )*) => {
        /// Every payload type of twilight.
        pub mod payloads {
            $(
                #[doc(no_inline)]
                pub use twilight_model::gateway::payload::incoming::$payload;
            )*
        }

        #[cfg(test)]
        const ROWS: &[(EventType, EventTypeFlags, Intents, &str)] = &[
            $((
                incoming::$payload::KIND,
                incoming::$payload::FLAGS,
                incoming::$payload::INTENTS,
                stringify!($payload),
            )),*
        ];

        $(
        payloads!(@row $payload, [$($variant)? $payload], $flag, [$($intent)|*],
            $author, $author_id, $guild, $channel);
        )*
    };
    (@row $payload:ident, [$variant:ident $($same:ident)?], $flag:ident, [$($intent:ident)|*],
        $author:ident, $author_id:ident, $guild:ident, $channel:ident) => {
        impl GatewayPayload for incoming::$payload {
            const KIND: EventType = EventType::$variant;
            const FLAGS: EventTypeFlags = EventTypeFlags::$flag;
            const INTENTS: Intents = Intents::empty()$(.union(Intents::$intent))*;

            fn get(event: &Event) -> Option<&Self> {
                match event {
                    Event::$variant(payload) => Some(payload),
                    _ => None,
                }
            }
        }

        impl EventPayload for incoming::$payload {
            const NAME: &'static str = stringify!($payload);

            fn kinds() -> EventKinds {
                EventKinds::of(Self::KIND)
            }

            fn intents() -> Intents {
                Self::INTENTS
            }

            fn matches(occurrence: &Occurrence) -> bool {
                Self::view(occurrence).is_some()
            }

            fn view(occurrence: &Occurrence) -> Option<View<'_, Self>> {
                Self::get(occurrence.event()?).map(View::Borrowed)
            }

            fn carries(part: Part) -> Presence {
                match part {
                    Part::Author => Presence::$author,
                    Part::AuthorId => Presence::$author_id,
                    Part::Guild => Presence::$guild,
                    Part::Channel => Presence::$channel,
                    Part::Content => match Self::KIND {
                        EventType::MessageCreate | EventType::MessageUpdate => Presence::Always,
                        _ => Presence::Never,
                    },
                }
            }
        }
    };
}

// A few rows say more than the table shows:
// - `GuildDelete` is also what a guild's outage arrives as, with `unavailable` set: twilight makes
//   no `UnavailableGuild` of it.
// - `MemberUpdate` of the bot itself comes without any intent.
// - `ThreadMembersUpdate` comes by `GUILDS` for the bot itself, by `GUILD_MEMBERS` for everybody.
// - `ChannelPinsUpdate` is the one event of `GUILDS` that direct messages have too.
payloads! {
    AutoModerationActionExecution (AUTO_MODERATION_ACTION_EXECUTION) [AUTO_MODERATION_EXECUTION] { Never, Always, Always, Sometimes }
    AutoModerationRuleCreate (AUTO_MODERATION_RULE_CREATE) [AUTO_MODERATION_CONFIGURATION] { Never, Always, Always, Never }
    AutoModerationRuleDelete (AUTO_MODERATION_RULE_DELETE) [AUTO_MODERATION_CONFIGURATION] { Never, Always, Always, Never }
    AutoModerationRuleUpdate (AUTO_MODERATION_RULE_UPDATE) [AUTO_MODERATION_CONFIGURATION] { Never, Always, Always, Never }
    BanAdd (BAN_ADD) [GUILD_MODERATION] { Always, Always, Always, Never }
    BanRemove (BAN_REMOVE) [GUILD_MODERATION] { Always, Always, Always, Never }
    ChannelCreate (CHANNEL_CREATE) [GUILDS] { Never, Never, Sometimes, Always }
    ChannelDelete (CHANNEL_DELETE) [GUILDS] { Never, Never, Sometimes, Always }
    ChannelPinsUpdate (CHANNEL_PINS_UPDATE) [GUILDS | DIRECT_MESSAGES] { Never, Never, Sometimes, Always }
    ChannelUpdate (CHANNEL_UPDATE) [GUILDS] { Never, Never, Sometimes, Always }
    CommandPermissionsUpdate (COMMAND_PERMISSIONS_UPDATE) [] { Never, Never, Always, Never }
    EntitlementCreate (ENTITLEMENT_CREATE) [] { Never, Sometimes, Never, Never }
    EntitlementDelete (ENTITLEMENT_DELETE) [] { Never, Sometimes, Never, Never }
    EntitlementUpdate (ENTITLEMENT_UPDATE) [] { Never, Sometimes, Never, Never }
    GuildAuditLogEntryCreate (GUILD_AUDIT_LOG_ENTRY_CREATE) [GUILD_MODERATION] { Never, Sometimes, Sometimes, Never }
    GuildCreate (GUILD_CREATE) [GUILDS] { Never, Never, Always, Never }
    GuildDelete (GUILD_DELETE) [GUILDS] { Never, Never, Always, Never }
    GuildEmojisUpdate (GUILD_EMOJIS_UPDATE) [GUILD_EMOJIS_AND_STICKERS] { Never, Never, Always, Never }
    GuildIntegrationsUpdate (GUILD_INTEGRATIONS_UPDATE) [GUILD_INTEGRATIONS] { Never, Never, Always, Never }
    GuildScheduledEventCreate (GUILD_SCHEDULED_EVENT_CREATE) [GUILD_SCHEDULED_EVENTS] { Never, Never, Always, Sometimes }
    GuildScheduledEventDelete (GUILD_SCHEDULED_EVENT_DELETE) [GUILD_SCHEDULED_EVENTS] { Never, Never, Always, Sometimes }
    GuildScheduledEventUpdate (GUILD_SCHEDULED_EVENT_UPDATE) [GUILD_SCHEDULED_EVENTS] { Never, Never, Always, Sometimes }
    GuildScheduledEventUserAdd (GUILD_SCHEDULED_EVENT_USER_ADD) [GUILD_SCHEDULED_EVENTS] { Never, Always, Always, Never }
    GuildScheduledEventUserRemove (GUILD_SCHEDULED_EVENT_USER_REMOVE) [GUILD_SCHEDULED_EVENTS] { Never, Always, Always, Never }
    GuildStickersUpdate (GUILD_STICKERS_UPDATE) [GUILD_EMOJIS_AND_STICKERS] { Never, Never, Always, Never }
    GuildUpdate (GUILD_UPDATE) [GUILDS] { Never, Never, Always, Never }
    IntegrationCreate (INTEGRATION_CREATE) [GUILD_INTEGRATIONS] { Never, Never, Sometimes, Never }
    IntegrationDelete (INTEGRATION_DELETE) [GUILD_INTEGRATIONS] { Never, Never, Always, Never }
    IntegrationUpdate (INTEGRATION_UPDATE) [GUILD_INTEGRATIONS] { Never, Never, Sometimes, Never }
    InteractionCreate (INTERACTION_CREATE) [] { Sometimes, Sometimes, Sometimes, Sometimes }
    InviteCreate (INVITE_CREATE) [GUILD_INVITES] { Sometimes, Sometimes, Always, Always }
    InviteDelete (INVITE_DELETE) [GUILD_INVITES] { Never, Never, Always, Always }
    MemberAdd (MEMBER_ADD) [GUILD_MEMBERS] { Always, Always, Always, Never }
    MemberChunk (MEMBER_CHUNK) [] { Never, Never, Always, Never }
    MemberRemove (MEMBER_REMOVE) [GUILD_MEMBERS] { Always, Always, Always, Never }
    MemberUpdate (MEMBER_UPDATE) [GUILD_MEMBERS] { Always, Always, Always, Never }
    MessageCreate (MESSAGE_CREATE) [GUILD_MESSAGES | DIRECT_MESSAGES] { Always, Always, Sometimes, Always }
    MessageDelete (MESSAGE_DELETE) [GUILD_MESSAGES | DIRECT_MESSAGES] { Never, Never, Sometimes, Always }
    MessageDeleteBulk (MESSAGE_DELETE_BULK) [GUILD_MESSAGES] { Never, Never, Sometimes, Always }
    MessagePollVoteAdd (MESSAGE_POLL_VOTE_ADD) [GUILD_MESSAGE_POLLS | DIRECT_MESSAGE_POLLS] { Never, Always, Sometimes, Always }
    MessagePollVoteRemove (MESSAGE_POLL_VOTE_REMOVE) [GUILD_MESSAGE_POLLS | DIRECT_MESSAGE_POLLS] { Never, Always, Sometimes, Always }
    MessageUpdate (MESSAGE_UPDATE) [GUILD_MESSAGES | DIRECT_MESSAGES] { Always, Always, Sometimes, Always }
    PresenceUpdate (PRESENCE_UPDATE) [GUILD_PRESENCES] { Sometimes, Always, Always, Never }
    RateLimited (RATE_LIMITED) [] { Never, Never, Always, Never }
    ReactionAdd (REACTION_ADD) [GUILD_MESSAGE_REACTIONS | DIRECT_MESSAGE_REACTIONS] { Sometimes, Always, Sometimes, Always }
    ReactionRemove (REACTION_REMOVE) [GUILD_MESSAGE_REACTIONS | DIRECT_MESSAGE_REACTIONS] { Sometimes, Always, Sometimes, Always }
    ReactionRemoveAll (REACTION_REMOVE_ALL) [GUILD_MESSAGE_REACTIONS | DIRECT_MESSAGE_REACTIONS] { Never, Never, Sometimes, Always }
    ReactionRemoveEmoji (REACTION_REMOVE_EMOJI) [GUILD_MESSAGE_REACTIONS | DIRECT_MESSAGE_REACTIONS] { Never, Never, Always, Always }
    Ready (READY) [] { Never, Never, Never, Never }
    RoleCreate (ROLE_CREATE) [GUILDS] { Never, Never, Always, Never }
    RoleDelete (ROLE_DELETE) [GUILDS] { Never, Never, Always, Never }
    RoleUpdate (ROLE_UPDATE) [GUILDS] { Never, Never, Always, Never }
    StageInstanceCreate (STAGE_INSTANCE_CREATE) [GUILDS] { Never, Never, Always, Always }
    StageInstanceDelete (STAGE_INSTANCE_DELETE) [GUILDS] { Never, Never, Always, Always }
    StageInstanceUpdate (STAGE_INSTANCE_UPDATE) [GUILDS] { Never, Never, Always, Always }
    SubscriptionCreate (SUBSCRIPTION_CREATE) [] { Never, Always, Never, Never }
    SubscriptionDelete (SUBSCRIPTION_DELETE) [] { Never, Always, Never, Never }
    SubscriptionUpdate (SUBSCRIPTION_UPDATE) [] { Never, Always, Never, Never }
    ThreadCreate (THREAD_CREATE) [GUILDS] { Never, Sometimes, Sometimes, Always }
    ThreadDelete (THREAD_DELETE) [GUILDS] { Never, Never, Always, Always }
    ThreadListSync (THREAD_LIST_SYNC) [GUILDS] { Never, Never, Always, Never }
    ThreadMemberUpdate (THREAD_MEMBER_UPDATE) [GUILDS] { Never, Sometimes, Always, Sometimes }
    ThreadMembersUpdate (THREAD_MEMBERS_UPDATE) [GUILDS | GUILD_MEMBERS] { Never, Never, Always, Always }
    ThreadUpdate (THREAD_UPDATE) [GUILDS] { Never, Sometimes, Sometimes, Always }
    TypingStart (TYPING_START) [GUILD_MESSAGE_TYPING | DIRECT_MESSAGE_TYPING] { Sometimes, Always, Sometimes, Always }
    UnavailableGuild (UNAVAILABLE_GUILD) [GUILDS] { Never, Never, Always, Never }
    UserUpdate (USER_UPDATE) [] { Never, Always, Never, Never }
    VoiceServerUpdate (VOICE_SERVER_UPDATE) [] { Never, Never, Always, Never }
    VoiceStateUpdate (VOICE_STATE_UPDATE) [GUILD_VOICE_STATES] { Sometimes, Always, Sometimes, Sometimes }
    WebhooksUpdate (WEBHOOKS_UPDATE) [GUILD_WEBHOOKS] { Never, Never, Always, Always }
    Hello = GatewayHello (GATEWAY_HELLO) [] { Never, Never, Never, Never }
}

/// A session was resumed, and every event missed in between has been sent again.
///
/// Discord sends no data with it, so the type is cordial's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Resumed;

impl EventPayload for Resumed {
    const NAME: &'static str = "Resumed";

    fn kinds() -> EventKinds {
        EventKinds::of(EventType::Resumed)
    }

    fn intents() -> Intents {
        Intents::empty()
    }

    fn matches(occurrence: &Occurrence) -> bool {
        let event = occurrence.event().map(|event| &**event);
        matches!(event, Some(Event::Resumed))
    }

    fn view(occurrence: &Occurrence) -> Option<View<'_, Self>> {
        Self::matches(occurrence).then(|| View::Owned(Box::new(Self)))
    }

    fn carries(_: Part) -> Presence {
        Presence::Never
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What twilight has no payload type for, and a listener cannot name but as `Event`.
    const WITHOUT_PAYLOAD: &[EventType] = &[
        EventType::GatewayClose,
        EventType::GatewayHeartbeat,
        EventType::GatewayHeartbeatAck,
        EventType::GatewayInvalidateSession,
        EventType::GatewayReconnect,
        EventType::Resumed,
    ];

    #[test]
    fn every_event_of_twilight_has_a_row_or_no_payload() {
        let rows: EventKinds = ROWS.iter().map(|(kind, ..)| *kind).collect();
        let without: EventKinds = WITHOUT_PAYLOAD.iter().copied().collect();

        assert_eq!(rows | without, EventKinds::ALL);
        assert_eq!(
            ROWS.len() + WITHOUT_PAYLOAD.len(),
            EventKinds::ALL.iter().count()
        );
    }

    #[test]
    fn every_flag_is_the_one_twilight_has_for_the_event() {
        for (kind, flag, _, name) in ROWS {
            assert_eq!(EventTypeFlags::from(*kind), *flag, "{name}");
        }
    }

    /// Discord: Gateway, List of Intents, as it stands there: by intent.
    const BY_INTENT: &[(Intents, &str)] = &[
        (
            Intents::GUILDS,
            "GuildCreate GuildUpdate GuildDelete UnavailableGuild RoleCreate RoleUpdate RoleDelete \
             ChannelCreate ChannelUpdate ChannelDelete ChannelPinsUpdate ThreadCreate ThreadUpdate \
             ThreadDelete ThreadListSync ThreadMemberUpdate ThreadMembersUpdate \
             StageInstanceCreate StageInstanceUpdate StageInstanceDelete",
        ),
        (
            Intents::GUILD_MEMBERS,
            "MemberAdd MemberUpdate MemberRemove ThreadMembersUpdate",
        ),
        (
            Intents::GUILD_MODERATION,
            "GuildAuditLogEntryCreate BanAdd BanRemove",
        ),
        (
            Intents::GUILD_EMOJIS_AND_STICKERS,
            "GuildEmojisUpdate GuildStickersUpdate",
        ),
        (
            Intents::GUILD_INTEGRATIONS,
            "GuildIntegrationsUpdate IntegrationCreate IntegrationUpdate IntegrationDelete",
        ),
        (Intents::GUILD_WEBHOOKS, "WebhooksUpdate"),
        (Intents::GUILD_INVITES, "InviteCreate InviteDelete"),
        (Intents::GUILD_VOICE_STATES, "VoiceStateUpdate"),
        (Intents::GUILD_PRESENCES, "PresenceUpdate"),
        (
            Intents::GUILD_MESSAGES,
            "MessageCreate MessageUpdate MessageDelete MessageDeleteBulk",
        ),
        (
            Intents::GUILD_MESSAGE_REACTIONS,
            "ReactionAdd ReactionRemove ReactionRemoveAll ReactionRemoveEmoji",
        ),
        (Intents::GUILD_MESSAGE_TYPING, "TypingStart"),
        (
            Intents::DIRECT_MESSAGES,
            "MessageCreate MessageUpdate MessageDelete ChannelPinsUpdate",
        ),
        (
            Intents::DIRECT_MESSAGE_REACTIONS,
            "ReactionAdd ReactionRemove ReactionRemoveAll ReactionRemoveEmoji",
        ),
        (Intents::DIRECT_MESSAGE_TYPING, "TypingStart"),
        (
            Intents::GUILD_SCHEDULED_EVENTS,
            "GuildScheduledEventCreate GuildScheduledEventUpdate GuildScheduledEventDelete \
             GuildScheduledEventUserAdd GuildScheduledEventUserRemove",
        ),
        (
            Intents::AUTO_MODERATION_CONFIGURATION,
            "AutoModerationRuleCreate AutoModerationRuleUpdate AutoModerationRuleDelete",
        ),
        (
            Intents::AUTO_MODERATION_EXECUTION,
            "AutoModerationActionExecution",
        ),
        (
            Intents::GUILD_MESSAGE_POLLS,
            "MessagePollVoteAdd MessagePollVoteRemove",
        ),
        (
            Intents::DIRECT_MESSAGE_POLLS,
            "MessagePollVoteAdd MessagePollVoteRemove",
        ),
    ];

    #[test]
    fn each_event_is_brought_by_the_intents_that_discord_lists_it_under() {
        for (_, _, intents, name) in ROWS {
            let listed = BY_INTENT
                .iter()
                .filter(|(_, events)| events.split_whitespace().any(|event| event == *name))
                .fold(Intents::empty(), |all, (intent, _)| all | *intent);

            assert_eq!(*intents, listed, "{name}");
        }
    }

    #[test]
    fn the_bits_that_twilight_shares_between_events_are_told_apart() {
        let ready = EventKinds::of(EventType::Ready);

        assert!(!ready.contains(EventType::MessagePollVoteAdd));
        assert!(ready.flags().contains(incoming::MessagePollVoteAdd::FLAGS));
    }
}
