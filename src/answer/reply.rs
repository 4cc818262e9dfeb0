//! The messages that a bot answers with.

use std::fmt;

use twilight_model::channel::message::component::{ActionRow, TextDisplay};
use twilight_model::channel::message::{AllowedMentions, Component, Embed, MessageFlags};
use twilight_model::http::attachment::Attachment;
use twilight_model::http::interaction::InteractionResponseData;

/// A message that the bot answers with: a text, embeds, components, files.
///
/// A string converts into one. It mentions nobody, whatever it says, unless
/// [`mentioning`](Self::mentioning) allows it.
///
/// # Examples
///
/// ```
/// use cordial::prelude::*;
///
/// #[listener]
/// async fn report(ctx: &Context, _: &MessageCreate) -> Result<()> {
///     let log = Reply::new("Here it is.").file("log.txt", "nothing happened");
///     ctx.reply(log).await?;
///     Ok(())
/// }
/// ```
#[derive(Clone, Default)]
#[must_use = "it is sent by `ctx.reply(..)`"]
pub struct Reply {
    pub(crate) content: Option<String>,
    pub(crate) embeds: Vec<Embed>,
    pub(crate) components: Vec<Component>,
    pub(crate) files: Vec<Attachment>,
    pub(crate) mentions: AllowedMentions,
    pub(crate) is_ephemeral: bool,
}

impl Reply {
    /// Creates a reply from a text of at most 2,000 characters.
    pub fn new(content: impl Into<String>) -> Self {
        Self {
            content: Some(content.into()),
            ..Self::default()
        }
    }

    /// Adds an embed.
    ///
    /// A reply can have ten.
    pub fn embed(mut self, embed: Embed) -> Self {
        self.embeds.push(embed);
        self
    }

    /// Adds a component, such as a row of buttons.
    ///
    /// If a component belongs to layouts, such as a `Container` or a `TextDisplay`, the whole reply
    /// becomes a layout: its text is then the first component, and it cannot have embeds. (Discord:
    /// Components Reference, Message Flags.)
    pub fn component(mut self, component: impl Into<Component>) -> Self {
        self.components.push(component.into());
        self
    }

    /// Adds a row of components: at most five buttons, or one select menu.
    ///
    /// A reply can have five rows.
    pub fn row<C: Into<Component>>(self, components: impl IntoIterator<Item = C>) -> Self {
        let components = components.into_iter().map(Into::into).collect();
        self.component(ActionRow {
            components,
            id: None,
        })
    }

    /// Adds a file.
    ///
    /// A reply can have ten.
    pub fn file(mut self, name: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        let id = u64::try_from(self.files.len()).unwrap_or(u64::MAX);
        let file = Attachment::from_bytes(name.into(), content.into(), id);
        self.files.push(file);
        self
    }

    /// Allows mentions.
    pub fn mentioning(mut self, allowed: AllowedMentions) -> Self {
        self.mentions = allowed;
        self
    }

    /// Shows the answer to an interaction only to the person who is answered.
    ///
    /// It does nothing for other messages: Discord has no ephemeral messages elsewhere.
    pub fn ephemeral(mut self) -> Self {
        self.is_ephemeral = true;
        self
    }

    /// Returns whether it is a layout of components, rather than a text with attachments.
    pub(crate) fn is_layout(&self) -> bool {
        self.components.iter().any(|component| {
            matches!(
                component,
                Component::Container(_)
                    | Component::File(_)
                    | Component::MediaGallery(_)
                    | Component::Section(_)
                    | Component::Separator(_)
                    | Component::TextDisplay(_)
                    | Component::Thumbnail(_)
            )
        })
    }

    /// Moves the text of a layout into it.
    pub(crate) fn laid_out(mut self) -> Self {
        if self.is_layout()
            && let Some(content) = self.content.take()
        {
            let text = TextDisplay { content, id: None };
            self.components.insert(0, text.into());
        }
        self
    }

    /// Returns the flags to send it with.
    pub(crate) fn flags(&self) -> MessageFlags {
        let mut flags = MessageFlags::empty();
        flags.set(MessageFlags::EPHEMERAL, self.is_ephemeral);
        flags.set(MessageFlags::IS_COMPONENTS_V2, self.is_layout());
        flags
    }

    /// Converts it into the data of a first answer.
    pub(crate) fn into_data(self) -> InteractionResponseData {
        let list = |is_empty: bool| (!is_empty).then_some(());
        let flags = self.flags();
        InteractionResponseData {
            allowed_mentions: Some(self.mentions),
            attachments: list(self.files.is_empty()).map(|()| self.files),
            components: list(self.components.is_empty()).map(|()| self.components),
            content: self.content,
            embeds: list(self.embeds.is_empty()).map(|()| self.embeds),
            flags: (!flags.is_empty()).then_some(flags),
            ..InteractionResponseData::default()
        }
    }

    /// Converts it into the data of an update: nothing of the earlier message stays, as when it is
    /// edited.
    pub(crate) fn into_change(self) -> InteractionResponseData {
        let is_layout = self.is_layout();
        let data = self.into_data();
        if is_layout {
            return data;
        }
        InteractionResponseData {
            content: Some(data.content.unwrap_or_default()),
            embeds: Some(data.embeds.unwrap_or_default()),
            components: Some(data.components.unwrap_or_default()),
            ..data
        }
    }
}

impl From<String> for Reply {
    fn from(content: String) -> Self {
        Self::new(content)
    }
}

impl From<&String> for Reply {
    fn from(content: &String) -> Self {
        Self::new(content)
    }
}

impl From<&str> for Reply {
    fn from(content: &str) -> Self {
        Self::new(content)
    }
}

impl From<Embed> for Reply {
    fn from(embed: Embed) -> Self {
        Self::default().embed(embed)
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the content, which is for the people it answers.
        f.debug_struct("Reply")
            .field("embeds", &self.embeds.len())
            .field("components", &self.components.len())
            .field("files", &self.files.len())
            .field("is_ephemeral", &self.is_ephemeral)
            .finish_non_exhaustive()
    }
}
