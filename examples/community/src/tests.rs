//! What members, moderators, Discord and time do.
