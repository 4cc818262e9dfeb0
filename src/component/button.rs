//! Buttons.

use std::fmt;

use twilight_model::channel::message::component::{self, ButtonStyle};
use twilight_model::channel::message::{Component, EmojiReactionType};

use crate::component::CustomId;

/// A button on a message.
///
/// # Examples
///
/// ```
/// use cordial::prelude::*;
///
/// #[component]
/// async fn stop(ctx: &ComponentContext) -> Result<()> {
///     ctx.update("Stopped.").await
/// }
///
/// let stop = stop::id().button("Stop").danger();
/// let reply = Reply::new("It is playing.").row([stop, Button::link("https://example.com", "More")]);
/// ```
#[derive(Clone, PartialEq, Eq)]
#[must_use = "it does nothing until it is part of a message"]
pub struct Button(component::Button);

impl CustomId {
    /// Creates a button with this custom id, and a label of at most 80 characters.
    pub fn button(self, label: impl Into<String>) -> Button {
        let button = Button::plain(ButtonStyle::Secondary);
        Button(component::Button {
            custom_id: Some(self.0),
            label: Some(label.into()),
            ..button.0
        })
    }
}

impl Button {
    /// Creates a button that opens a URL, and runs no handler.
    pub fn link(url: impl Into<String>, label: impl Into<String>) -> Self {
        let button = Self::plain(ButtonStyle::Link);
        Self(component::Button {
            url: Some(url.into()),
            label: Some(label.into()),
            ..button.0
        })
    }

    fn plain(style: ButtonStyle) -> Self {
        Self(component::Button {
            custom_id: None,
            disabled: false,
            emoji: None,
            id: None,
            label: None,
            sku_id: None,
            style,
            url: None,
        })
    }

    /// Styles it as the most important button.
    pub fn primary(self) -> Self {
        self.style(ButtonStyle::Primary)
    }

    /// Styles it as a button that confirms.
    pub fn success(self) -> Self {
        self.style(ButtonStyle::Success)
    }

    /// Styles it as a button to be careful with.
    pub fn danger(self) -> Self {
        self.style(ButtonStyle::Danger)
    }

    fn style(mut self, style: ButtonStyle) -> Self {
        self.0.style = style;
        self
    }

    /// Shows an emoji before the label.
    pub fn emoji(mut self, emoji: impl Into<String>) -> Self {
        let name = emoji.into();
        self.0.emoji = Some(EmojiReactionType::Unicode { name });
        self
    }

    /// Disables it.
    pub fn disabled(mut self) -> Self {
        self.0.disabled = true;
        self
    }
}

impl fmt::Debug for Button {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the custom id, which may hold what somebody wrote.
        f.write_str("Button(..)")
    }
}

impl From<Button> for Component {
    fn from(button: Button) -> Self {
        Self::Button(button.0)
    }
}
