//! What is asked of a guild by the gateway: who is in it, and to be let into its voice channels.
//!
//! Other requests go by Discord's HTTP interface. These are commands to the gateway, and what answers them are
//! events: they are gathered here into one answer, within a time.

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
