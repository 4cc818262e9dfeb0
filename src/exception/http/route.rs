//! The route of a request, in a form that may be shown.

use std::fmt;

use serde::{Deserialize, Serialize};
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker};

/// The route of a request: its method, and its path without tokens.
///
/// Ids stay in the path, since they say what the request was about. A token appears as `{token}`, and the query is
/// left out.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Route {
    method: String,
    path: String,
}

impl Route {
    /// Takes the path as it was sent, which may begin with the version of the interface.
    pub(crate) fn new(method: &str, path: &str) -> Self {
        Self {
            method: method.to_owned(),
            path: shown(path),
        }
    }

    /// Returns the method, such as `POST`.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Returns the path, such as `/channels/123/messages` or `/webhooks/123/{token}`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the channel that it is in.
    pub(crate) fn channel_id(&self) -> Option<Id<ChannelMarker>> {
        self.id_after(&["channels", "stage-instances"])
    }

    /// Returns the guild that it is in, if the path says so.
    pub(crate) fn guild_id(&self) -> Option<Id<GuildMarker>> {
        self.id_after(&["guilds"])
    }

    /// Returns the first id that follows one of these names.
    fn id_after<T>(&self, names: &[&str]) -> Option<Id<T>> {
        let mut segments = self.path.split('/');
        segments.find(|segment| names.contains(segment))?;
        segments.next()?.parse().ok()
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

/// Leaves out the query, the version, and what follows the id of a webhook or an interaction.
fn shown(path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    let mut segments: Vec<&str> = segments.collect();
    if let ["api", version, ..] = &segments[..]
        && version.starts_with('v')
    {
        segments.drain(..2);
    }
    if let ["webhooks" | "interactions", _, token, ..] = &mut segments[..] {
        *token = "{token}";
    }
    format!("/{}", segments.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_shown_without_its_tokens() {
        let shown = [
            ("channels/1/messages", "/channels/1/messages"),
            (
                "/api/v10/webhooks/1/secret/messages/@original?wait=true",
                "/webhooks/1/{token}/messages/@original",
            ),
            (
                "interactions/1/secret/callback",
                "/interactions/1/{token}/callback",
            ),
            ("", "/"),
        ];
        for (sent, shown) in shown {
            assert_eq!(Route::new("GET", sent).path(), shown);
        }
    }

    #[test]
    fn a_path_says_where_it_is() {
        let ids = |path| {
            let route = Route::new("GET", path);
            (
                route.channel_id().map(Id::get),
                route.guild_id().map(Id::get),
            )
        };

        assert_eq!(ids("/channels/1/messages/2"), (Some(1), None));
        assert_eq!(ids("/guilds/3/members/4"), (None, Some(3)));
        assert_eq!(ids("/guilds/3/channels"), (None, Some(3)));
        assert_eq!(ids("/applications/1/guilds/3/commands"), (None, Some(3)));
        assert_eq!(ids("/users/@me/channels"), (None, None));
        assert_eq!(ids("/guilds/0"), (None, None));
        assert_eq!(ids("/webhooks/1/{token}"), (None, None));
    }
}
