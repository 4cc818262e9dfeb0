//! The link with which people add a bot to a guild.

use std::fmt;

use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ApplicationMarker, GuildMarker};

/// The link with which people add a bot to a guild. Its `Display` form is the address.
///
/// [`Bot::invite`](crate::Bot::invite) makes one with the permissions that the bot needs.
///
/// # Examples
///
/// ```
/// use cordial::bot::Invite;
/// use cordial::prelude::*;
///
/// /// Take me to your guild.
/// #[command]
/// async fn invite(ctx: &CommandContext) -> Result<()> {
///     let application = ctx.interaction().application_id;
///     let link = Invite::new(application).permissions(Permissions::SEND_MESSAGES);
///     ctx.reply(link.to_string()).await?;
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "it is a link to show to somebody"]
pub struct Invite {
    application: Id<ApplicationMarker>,
    scopes: Vec<String>,
    permissions: Permissions,
    guild: Option<Id<GuildMarker>>,
    is_fixed: bool,
}

impl Invite {
    /// Creates a link for a bot with commands, and without permissions.
    pub fn new(application: Id<ApplicationMarker>) -> Self {
        Self {
            application,
            scopes: vec!["bot".to_owned(), "applications.commands".to_owned()],
            permissions: Permissions::empty(),
            guild: None,
            is_fixed: false,
        }
    }

    /// Asks for these permissions, instead of those set before.
    pub fn permissions(mut self, permissions: Permissions) -> Self {
        self.permissions = permissions;
        self
    }

    /// Asks for these scopes, instead of `bot` and `applications.commands`. (Discord: `OAuth2`, Scopes.)
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Preselects a guild.
    pub fn guild(mut self, guild: Id<GuildMarker>) -> Self {
        self.guild = Some(guild);
        self
    }

    /// Lets people choose only the [preselected](Self::guild) guild.
    pub fn only_there(mut self) -> Self {
        self.is_fixed = true;
        self
    }
}

/// Writes the address. (Discord: `OAuth2`, Bot Authorization Flow.)
impl fmt::Display for Invite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "https://discord.com/oauth2/authorize?client_id={}&scope=",
            self.application
        )?;
        for (index, scope) in self.scopes.iter().enumerate() {
            if index > 0 {
                f.write_str("+")?;
            }
            write_encoded(scope, f)?;
        }
        write!(f, "&permissions={}", self.permissions.bits())?;
        if let Some(guild) = self.guild {
            write!(f, "&guild_id={guild}")?;
            if self.is_fixed {
                f.write_str("&disable_guild_select=true")?;
            }
        }
        Ok(())
    }
}

/// Writes a text so that it can be part of an address, whatever it is.
fn write_encoded(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'-' => {
                write!(f, "{}", char::from(byte))?;
            }
            _ => write!(f, "%{byte:02X}")?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_asks_for_what_was_said() {
        let plain = Invite::new(Id::new(1));
        let full = Invite::new(Id::new(1))
            .permissions(Permissions::VIEW_CHANNEL)
            .scopes(["bot", "guilds.join", "x&y"])
            .guild(Id::new(2))
            .only_there();

        assert_eq!(
            plain.to_string(),
            "https://discord.com/oauth2/authorize?client_id=1&scope=bot+applications.commands\
             &permissions=0"
        );
        assert_eq!(
            full.to_string(),
            "https://discord.com/oauth2/authorize?client_id=1&scope=bot+guilds.join+x%26y\
             &permissions=1024&guild_id=2&disable_guild_select=true"
        );
    }

    #[test]
    fn without_a_guild_any_can_be_chosen() {
        assert!(
            !Invite::new(Id::new(1))
                .only_there()
                .to_string()
                .contains("disable")
        );
    }
}
