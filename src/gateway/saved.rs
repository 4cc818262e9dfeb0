//! The saved form of a bot's sessions, and whether it can be used.
//!
//! It is text: a line with its format and a checksum, and JSON. It contains no token, and nothing that
//! anybody wrote.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::gateway::progress::Done;

/// What the text begins with.
const NAME: &str = "cordial-sessions";
/// The version of what follows.
const VERSION: &str = "1";
/// How old a session may be. Discord forgets one after a few minutes without a connection.
const OLDEST: Duration = Duration::from_secs(10 * 60);
/// How often in a row a bot may be started for the same events. It may be one of them that ends it.
const MOST_STARTS: u32 = 10;
/// And for how long. Bots that are started in haste may end before it is saved how far they got.
const LONGEST_STUCK: Duration = Duration::from_secs(3 * 60);

/// The bot that sessions belong to. Those of another bot are of no use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Owner {
    /// The application, as the token begins with it.
    pub(crate) application: String,
    pub(crate) intents: u64,
    pub(crate) shards: u32,
    /// The gateway, if it is not Discord's own.
    pub(crate) gateway: Option<SocketAddr>,
}

/// The sessions of a bot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Saved {
    pub(crate) owner: Owner,
    pub(crate) sessions: Vec<SavedSession>,
}

/// The session of a shard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SavedSession {
    pub(crate) shard: u32,
    /// Its id, unless it is known to be lost.
    pub(crate) id: Option<String>,
    /// Where it is to be resumed.
    pub(crate) url: Option<String>,
    /// The number up to which all of its events are done.
    pub(crate) done: u64,
    /// The ranges of those that are done above it.
    pub(crate) above: Vec<(u64, u64)>,
    /// When that was so, or since when nothing is told of it, in milliseconds since 1970.
    pub(crate) at: u64,
    /// How often in a row the bot was started for what comes next, and ended without a word, and since when
    /// it gets no further, in milliseconds since 1970.
    pub(crate) starts: u32,
    pub(crate) stuck: u64,
}

/// Why what was saved cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    #[error("this version of cordial cannot read it")]
    Foreign,
    #[error("it is damaged or incomplete")]
    Damaged,
    #[error("it belongs to another application")]
    Application,
    #[error("it belongs to another gateway")]
    Gateway,
    #[error("it was saved with other intents")]
    Intents,
    #[error("it was saved with {0} shards")]
    Shards(u32),
    #[error("it was saved {0:.0?} ago, so Discord has forgotten it")]
    TooOld(Duration),
    #[error("the bot ended {0} times in a row before it had handled the next event")]
    TooOften(u32),
}

impl Saved {
    /// Writes it.
    pub(crate) fn encode(&self) -> Result<Vec<u8>, serde_json::Error> {
        let body = serde_json::to_string(self)?;
        Ok(format!("{}{body}\n", head(&body)).into_bytes())
    }

    /// Reads it.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Refused> {
        let text = str::from_utf8(bytes).map_err(|_| Refused::Damaged)?;
        if !text.starts_with(&format!("{NAME} {VERSION} ")) {
            return Err(Refused::Foreign);
        }
        let (_, body) = text.split_once('\n').ok_or(Refused::Damaged)?;
        let body = body.strip_suffix('\n').ok_or(Refused::Damaged)?;
        if text.strip_suffix('\n') != Some(&format!("{}{body}", head(body))) {
            return Err(Refused::Damaged);
        }
        serde_json::from_str(body).map_err(|_| Refused::Damaged)
    }

    /// Returns whether it is of the same bot: whether it is a loss if it cannot be resumed.
    pub(crate) fn is_of(&self, owner: &Owner) -> Result<(), Refused> {
        if self.owner.application != owner.application {
            return Err(Refused::Application);
        }
        if self.owner.gateway != owner.gateway {
            return Err(Refused::Gateway);
        }
        Ok(())
    }

    /// Returns whether the bot can resume it with its current settings.
    pub(crate) fn fits(&self, owner: &Owner) -> Result<(), Refused> {
        if self.owner.shards != owner.shards {
            return Err(Refused::Shards(self.owner.shards));
        }
        if self.owner.intents != owner.intents {
            return Err(Refused::Intents);
        }
        Ok(())
    }
}

impl SavedSession {
    /// Returns whether there is any use in resuming it.
    pub(crate) fn is_fresh(&self, now: SystemTime) -> Result<(), Refused> {
        let age = self.age(now);
        if age > OLDEST {
            return Err(Refused::TooOld(age));
        }
        let stuck = Duration::from_millis(millis(now).saturating_sub(self.stuck));
        if self.starts >= MOST_STARTS && stuck >= LONGEST_STUCK {
            return Err(Refused::TooOften(self.starts));
        }
        Ok(())
    }

    /// Returns which events are done.
    pub(crate) fn progress(&self) -> Result<Done, Refused> {
        Done::restore(self.done, &self.above).ok_or(Refused::Damaged)
    }

    /// Returns how old it is: not at all, if it is from the future. Clocks are set.
    pub(crate) fn age(&self, now: SystemTime) -> Duration {
        Duration::from_millis(millis(now).saturating_sub(self.at))
    }
}

/// Returns a time in milliseconds since 1970.
pub(crate) fn millis(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    })
}

/// Returns the line before a text.
fn head(body: &str) -> String {
    format!("{NAME} {VERSION} {:016x}\n", checksum(body.as_bytes()))
}

/// Adds bytes up so that no single one can change unnoticed. (FNV-1a, 64 bits.)
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Returns the application that a token is of. What cannot be read becomes a number all the same: not a
/// byte of a token is kept.
pub(crate) fn application_of(token: &str) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD_NO_PAD;

    let first = token.split('.').next().unwrap_or_default();
    let decoded = STANDARD_NO_PAD.decode(first).ok();
    let id = decoded.and_then(|bytes| String::from_utf8(bytes).ok()?.parse::<u64>().ok());
    match id {
        Some(id) => id.to_string(),
        None => format!("#{:016x}", checksum(first.as_bytes())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner() -> Owner {
        Owner {
            application: "123".to_owned(),
            intents: 513,
            shards: 2,
            gateway: None,
        }
    }

    fn now() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000)
    }

    fn saved() -> Saved {
        let session = SavedSession {
            shard: 0,
            id: Some("abc".to_owned()),
            url: Some("wss://gateway-us-east1-b.discord.gg".to_owned()),
            done: 7,
            above: vec![(9, 9), (11, 14)],
            at: millis(now()),
            starts: 0,
            stuck: millis(now()),
        };
        Saved {
            owner: owner(),
            sessions: vec![session],
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let bytes = saved().encode().unwrap();

        assert_eq!(Saved::decode(&bytes), Ok(saved()));
        assert_eq!(saved().is_of(&owner()), Ok(()));
        assert_eq!(saved().fits(&owner()), Ok(()));
        assert_eq!(saved().sessions[0].is_fresh(now()), Ok(()));
        assert!(saved().sessions[0].progress().is_ok());
    }

    #[test]
    fn s8_what_was_not_written_whole_is_refused() {
        let bytes = saved().encode().unwrap();

        for length in 0..bytes.len() {
            assert!(Saved::decode(&bytes[..length]).is_err(), "{length} bytes");
        }
        assert!(Saved::decode(&[&bytes[..], b"\n"].concat()).is_err());
        assert!(Saved::decode(&[&bytes[..], &bytes].concat()).is_err());
    }

    #[test]
    fn s9_a_byte_that_changed_is_noticed() {
        let bytes = saved().encode().unwrap();

        for place in 0..bytes.len() {
            for other in 0..=u8::MAX {
                let mut changed = bytes.clone();
                changed[place] = other;
                let is_as_it_was = changed == bytes;
                let is_read = Saved::decode(&changed).is_ok();
                assert_eq!(is_read, is_as_it_was, "byte {place} as {other}");
            }
        }
    }

    #[test]
    fn s9_what_is_something_else_is_refused() {
        for (bytes, why) in [
            (&b""[..], Refused::Foreign),
            (b"{}", Refused::Foreign),
            (
                b"cordial-sessions 2 0123456789abcdef\n{}\n",
                Refused::Foreign,
            ),
            (
                b"cordial-sessions 1 0123456789abcdef\n{}\n",
                Refused::Damaged,
            ),
            (b"\xff\xfe", Refused::Damaged),
        ] {
            assert_eq!(Saved::decode(bytes), Err(why), "{bytes:?}");
        }
        let other = format!("{}{{}}\n", head("{}"));
        assert_eq!(Saved::decode(other.as_bytes()), Err(Refused::Damaged));
    }

    #[test]
    fn s8_sessions_of_another_are_refused() {
        let application = "124".to_owned();
        let other = Owner {
            application,
            ..owner()
        };
        assert_eq!(saved().is_of(&other), Err(Refused::Application));
        let gateway = Some(([127, 0, 0, 1], 80).into());
        let other = Owner { gateway, ..owner() };
        assert_eq!(saved().is_of(&other), Err(Refused::Gateway));

        let other = Owner {
            intents: 1,
            ..owner()
        };
        assert_eq!(saved().fits(&other), Err(Refused::Intents));
        let other = Owner {
            shards: 1,
            ..owner()
        };
        assert_eq!(saved().fits(&other), Err(Refused::Shards(2)));
    }

    #[test]
    fn what_is_too_old_is_refused_and_what_is_from_the_future_is_new() {
        let session = &saved().sessions[0];
        let age = OLDEST + Duration::from_secs(1);

        assert_eq!(session.is_fresh(now() + OLDEST), Ok(()));
        assert_eq!(session.is_fresh(now() + age), Err(Refused::TooOld(age)));
        let earlier = SystemTime::UNIX_EPOCH;
        assert_eq!(session.age(earlier), Duration::ZERO);
        assert_eq!(session.is_fresh(earlier), Ok(()));
    }

    #[test]
    fn what_ends_the_bot_each_time_is_given_up() {
        let session = SavedSession {
            starts: MOST_STARTS,
            ..saved().sessions.remove(0)
        };
        let later = now() + LONGEST_STUCK;

        assert_eq!(session.is_fresh(now()), Ok(()), "it was started in haste");
        assert_eq!(session.is_fresh(later), Err(Refused::TooOften(MOST_STARTS)));
    }

    #[test]
    fn x11_of_a_token_only_the_application_is_kept() {
        let token = "MTIzNDU2Nzg5MDEyMzQ1Njc4.AbCdEf.not-a_secret";
        assert_eq!(application_of(token), "123456789012345678");

        for odd in ["c2ltdWxhdGVk.c2ltdWxhdGVk.c2ltdWxhdGVk", "-_.b.c", ""] {
            let application = application_of(odd);
            assert!(
                application.starts_with('#') && application.len() == 17,
                "{application}"
            );
        }
    }
}
