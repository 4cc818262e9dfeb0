//! Requests about a guild over the gateway: listing its members, and joining its voice channels.
//!
//! Other requests use Discord's HTTP interface. These are commands to the gateway, which it answers with
//! events: cordial gathers the events into one answer, within a time limit.

mod ask;
mod error;
mod members;
mod needs;
mod tally;
mod voice;

pub use self::error::{
    GuildTooLarge, MembersError, MissingIntent, NotJoined, NotRead, TooManyRequests, VoiceError,
};
pub use self::members::{FoundMembers, MemberChunks, RequestMembers};
pub use self::needs::{AllMembers, GatewayNeed, Needs, Presences, VoiceStates};
pub use self::voice::{JoinVoice, LeaveVoice, VoiceConnection};
