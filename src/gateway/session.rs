//! What is kept of a session when its connection ends, and when it is not.

use twilight_gateway::Session;

/// How often in a row a session may fail to be resumed.
const MOST_FAILURES: u32 = 3;

/// A session that may be resumed.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) id: String,
    /// The number of the last event that was taken in.
    pub(crate) sequence: u64,
    /// Where it is to be resumed.
    pub(crate) url: Option<String>,
    /// How often in a row it was not.
    pub(crate) failures: u32,
}

/// What becomes of a session once its connection has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// It is resumed.
    Resume,
    /// A new one is begun.
    Begin,
}

impl After {
    /// Returns what is done after a close code from the gateway, or none. Codes that are final are
    /// dealt with elsewhere. (Discord: Opcodes and Status Codes, Gateway Close Event Codes.)
    pub(crate) fn close(code: Option<u16>) -> Self {
        match code {
            // With the first two the gateway ends the session, as a client would. With the others it
            // knows no such session, or not what has become of it.
            Some(1000 | 1001 | 4003 | 4005 | 4007 | 4009) => Self::Begin,
            _ => Self::Resume,
        }
    }
}

impl Kept {
    pub(crate) fn to_session(&self) -> Session {
        Session::new(self.sequence, self.id.clone())
    }

    /// Notes that it was not resumed, and returns it unless that was too often.
    pub(crate) fn failed(mut self) -> Option<Self> {
        self.failures += 1;
        (self.failures < MOST_FAILURES).then_some(self)
    }
}

/// Returns where a session may be resumed, of what the gateway says: at Discord's, and in secret; or, if
/// there is a proxy, on this machine.
pub(crate) fn trusted(url: &str, has_proxy: bool) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    if authority.contains('@') || !rest.is_ascii() {
        return None;
    }
    let (host, port) = split(authority)?;
    let is_trusted = if has_proxy {
        scheme == "ws" && is_local(host)
    } else {
        scheme == "wss" && port.is_none() && is_of_discord(host)
    };
    is_trusted.then(|| format!("{scheme}://{authority}"))
}

/// Parts a host from its port.
fn split(authority: &str) -> Option<(&str, Option<u16>)> {
    if let Some(rest) = authority.strip_prefix('[') {
        let (host, port) = rest.split_once(']')?;
        return match port.strip_prefix(':') {
            Some(port) => Some((host, Some(port.parse().ok()?))),
            None if port.is_empty() => Some((host, None)),
            None => None,
        };
    }
    match authority.split_once(':') {
        Some((host, port)) => Some((host, Some(port.parse().ok()?))),
        None => Some((authority, None)),
    }
}

fn is_local(host: &str) -> bool {
    host.parse::<std::net::IpAddr>()
        .is_ok_and(|ip| ip.is_loopback())
}

fn is_of_discord(host: &str) -> bool {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
    host.ends_with(".discord.gg") && host.bytes().all(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g33_a_session_is_resumed_at_discords_or_where_it_began() {
        for (url, has_proxy) in [
            ("wss://gateway-us-east1-b.discord.gg", false),
            ("wss://gateway.discord.gg/?v=10", false),
            ("ws://127.0.0.1:80", true),
            ("ws://[::1]:9/", true),
        ] {
            assert!(trusted(url, has_proxy).is_some(), "{url}");
        }
        for (url, has_proxy) in [
            ("", false),
            ("gateway.discord.gg", false),
            ("ws://gateway.discord.gg", false),
            ("https://gateway.discord.gg", false),
            ("wss://gateway.discord.gg.example", false),
            ("wss://discord.gg", false),
            ("wss://user@gateway.discord.gg", false),
            ("wss://gateway.discord.gg:9", false),
            ("wss://a b.discord.gg", false),
            ("wss://é.discord.gg", false),
            ("wss://gateway.discord.gg", true),
            ("ws://10.0.0.1:80", true),
            ("ws://127.0.0.1.example", true),
            ("ws://127.0.0.1:port", true),
        ] {
            assert!(trusted(url, has_proxy).is_none(), "{url}");
        }
    }

    #[test]
    fn g14_each_close_code_has_its_consequence() {
        for code in [
            None,
            Some(1005),
            Some(1006),
            Some(4000),
            Some(4001),
            Some(4002),
            Some(4008),
        ] {
            assert_eq!(After::close(code), After::Resume, "{code:?}");
        }
        for code in [1000, 1001, 4003, 4005, 4007, 4009] {
            assert_eq!(After::close(Some(code)), After::Begin, "{code}");
        }
    }
}
