//! The URL of a webhook, which holds its token.

use twilight_model::id::Id;
use twilight_model::id::marker::WebhookMarker;

/// A text is not the URL of a webhook.
///
/// The text is not shown, because there may be a token in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, crate::Exception)]
#[error(
    "not the address of a webhook, which has the form `https://discord.com/api/webhooks/ID/TOKEN`: \
     copy it from the channel's settings (Integrations, Webhooks)"
)]
#[non_exhaustive]
pub struct NoWebhook;

/// The webhook to post to.
#[derive(Clone)]
pub(crate) struct Address {
    pub(crate) id: Id<WebhookMarker>,
    pub(crate) token: String,
}

impl Address {
    /// Reads the URL as Discord shows it. Requests go to Discord, whatever host it names.
    pub(crate) fn read(url: &str) -> Result<Self, NoWebhook> {
        let path = url.trim().strip_prefix("https://").ok_or(NoWebhook)?;
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let mut segments = path.split('/').skip_while(|segment| *segment != "webhooks");
        let (Some(_), Some(id), Some(token)) = (segments.next(), segments.next(), segments.next())
        else {
            return Err(NoWebhook);
        };
        let is_of_token =
            |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
        let is_token = !token.is_empty() && token.chars().all(is_of_token);
        match id.parse().ok().and_then(Id::new_checked) {
            Some(id) if is_token => Ok(Self {
                id,
                token: token.to_owned(),
            }),
            _ => Err(NoWebhook),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_discord_shows_it() {
        for url in [
            "https://discord.com/api/webhooks/7/a-B_9",
            " https://discord.com/api/v10/webhooks/7/a-B_9?wait=true\n",
            "https://canary.discord.com/api/webhooks/7/a-B_9/slack",
        ] {
            let address = Address::read(url).unwrap();

            assert_eq!((address.id.get(), &*address.token), (7, "a-B_9"), "{url}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused_and_not_shown() {
        for url in [
            "",
            "7/secret",
            "http://discord.com/api/webhooks/7/secret",
            "https://discord.com/api/webhooks/0/secret",
            "https://discord.com/api/webhooks/x/secret",
            "https://discord.com/api/webhooks/7/",
            "https://discord.com/api/webhooks/7",
            "https://discord.com/api/webhooks/7/sec%72et",
            "https://discord.com/api/channels/7/secret",
        ] {
            let refused = Address::read(url).err().map(|refused| refused.to_string());

            assert!(refused.is_some_and(|text| !text.contains("sec")), "{url}");
        }
    }
}
