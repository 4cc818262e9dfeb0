//! What a request's rate limit is counted for.
//!
//! Discord counts by route, and within a route by its top-level resource: the channel, the guild, or
//! the webhook with its token. (Discord: Rate Limits.)

use std::hash::{BuildHasher, RandomState};

use hyper::header::CONTENT_TYPE;

use crate::http::request::Request;

/// What a request's rate limit is counted for.
///
/// Of paths and tokens only hashes are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Target {
    /// The method, and the path without ids.
    pub(crate) route: u64,
    /// The channel, guild or webhook.
    pub(crate) resource: u64,
}

/// Tells targets apart. Others cannot foresee how.
#[derive(Debug, Default)]
pub(crate) struct Targets(RandomState);

impl Targets {
    /// Returns the target of a request.
    pub(crate) fn of(&self, request: &Request) -> Target {
        let segments: Vec<_> = request.segments().collect();
        let route = segments.iter().enumerate().map(|(at, segment)| {
            let before = at.checked_sub(1).map(|before| segments[before]);
            if is_variable(segments[0], at, before, segment) {
                "*"
            } else {
                segment
            }
        });
        Target {
            route: self
                .0
                .hash_one((request.method.as_str(), route.collect::<Vec<_>>())),
            resource: self.0.hash_one(resource(&segments)),
        }
    }

    /// Returns what stands for what is asked, whatever the words: a path that is of something by its id,
    /// and whether files are sent, for which more may be needed.
    pub(crate) fn path(&self, request: &Request) -> Option<u64> {
        let is_id = |segment: &str| segment.bytes().all(|byte| byte.is_ascii_digit());
        if !request.segments().any(is_id) {
            return None;
        }
        let has_files = request
            .headers
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind != "application/json");
        let path = request.path.split('?').next();
        Some(self.0.hash_one((request.method.as_str(), path, has_files)))
    }

    /// Returns what stands for a webhook or an interaction, with its token.
    pub(crate) fn token(&self, request: &Request) -> Option<u64> {
        let segments: Vec<_> = request.segments().collect();
        match segments[..] {
            ["webhooks" | "interactions", _, token, ..] => Some(self.0.hash_one(token)),
            _ => None,
        }
    }
}

/// Returns whether a segment of a path stands for one of many: an id, a token, an emoji, a code.
fn is_variable(first: &str, at: usize, before: Option<&str>, segment: &str) -> bool {
    segment.bytes().all(|byte| byte.is_ascii_digit())
        || (at == 2 && ["webhooks", "interactions"].contains(&first))
        || matches!(before, Some("reactions" | "invites" | "templates"))
}

/// Returns the part of a path by which its route is counted.
fn resource<'a>(segments: &[&'a str]) -> (&'a str, &'a str, &'a str) {
    match segments {
        ["webhooks" | "interactions", id, token, ..] => (segments[0], id, token),
        ["channels" | "guilds" | "webhooks", id, ..] => (segments[0], id, ""),
        _ => ("", "", ""),
    }
}

#[cfg(test)]
mod tests {
    use hyper::Method;

    use super::*;

    fn request(method: Method, path: &str) -> Request {
        Request {
            method,
            path: path.to_owned(),
            headers: hyper::HeaderMap::new(),
            body: bytes::Bytes::new(),
            is_authorized: true,
        }
    }

    #[test]
    fn a_route_is_counted_by_its_channel_guild_or_webhook() {
        let targets = Targets::default();
        let of = |path| targets.of(&request(Method::GET, path));

        assert_eq!(of("channels/1/messages/2"), of("channels/1/messages/3"));
        assert_eq!(of("channels/1/messages?limit=5"), of("channels/1/messages"));
        assert_eq!(
            of("channels/1/messages/2/reactions/a/@me"),
            of("channels/1/messages/2/reactions/b/@me"),
        );
        assert_eq!(of("users/1"), of("users/2"));
        let (one, two) = (of("channels/1/messages"), of("channels/2/messages"));
        assert_eq!(one.route, two.route);
        assert_ne!(one.resource, two.resource);
        let (one, two) = (of("webhooks/1/a"), of("webhooks/1/b"));
        assert_eq!(one.route, two.route);
        assert_ne!(one.resource, two.resource);
        assert_ne!(of("guilds/1").route, of("channels/1").route);
        let post = targets.of(&request(Method::POST, "channels/1/messages"));
        assert_ne!(post.route, of("channels/1/messages").route);
    }
}
