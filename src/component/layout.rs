//! Layouts: messages that are made of components alone, and shown as they are put together.
//!
//! A [`Reply`](crate::Reply) with one of these among its components is a layout. (Discord: Components
//! Reference.)
//!
//! # Examples
//!
//! ```
//! use cordial::component::layout::{container, section, separator, text, thumbnail};
//! use cordial::prelude::*;
//!
//! let card = container([
//!     section("## Night Drive", thumbnail("https://example.com/cover.png")).into(),
//!     separator().into(),
//!     text("Three minutes, by nobody in particular.").into(),
//! ]);
//! let reply = Reply::default().component(card);
//! ```

use twilight_model::channel::message::Component;
use twilight_model::channel::message::component::{
    ActionRow, Container, MediaGallery, MediaGalleryItem, Section, Separator, TextDisplay,
    Thumbnail, UnfurledMediaItem,
};

/// Shows a text, with markdown.
#[must_use]
pub fn text(content: impl Into<String>) -> TextDisplay {
    TextDisplay {
        content: content.into(),
        id: None,
    }
}

/// Shows a text with something beside it: a button or a thumbnail.
#[must_use]
pub fn section(content: impl Into<String>, beside: impl Into<Component>) -> Section {
    Section {
        accessory: Box::new(beside.into()),
        components: vec![text(content).into()],
        id: None,
    }
}

/// Shows components in a box.
#[must_use]
pub fn container(components: impl IntoIterator<Item = Component>) -> Container {
    Container {
        accent_color: None,
        components: components.into_iter().collect(),
        id: None,
        spoiler: None,
    }
}

/// Shows a line between components.
#[must_use]
pub fn separator() -> Separator {
    Separator {
        divider: Some(true),
        id: None,
        spacing: None,
    }
}

/// Shows a small picture beside a text, in a [`section`].
#[must_use]
pub fn thumbnail(url: impl Into<String>) -> Thumbnail {
    Thumbnail {
        description: None,
        id: None,
        media: media(url),
        spoiler: None,
    }
}

/// Shows pictures: at most ten.
#[must_use]
pub fn gallery<U: Into<String>>(urls: impl IntoIterator<Item = U>) -> MediaGallery {
    let items = urls.into_iter().map(|url| MediaGalleryItem {
        description: None,
        media: media(url),
        spoiler: None,
    });
    MediaGallery {
        id: None,
        items: items.collect(),
    }
}

/// Shows buttons beside each other, at most five, or one select menu.
#[must_use]
pub fn row<C: Into<Component>>(components: impl IntoIterator<Item = C>) -> ActionRow {
    ActionRow {
        components: components.into_iter().map(Into::into).collect(),
        id: None,
    }
}

fn media(url: impl Into<String>) -> UnfurledMediaItem {
    UnfurledMediaItem {
        url: url.into(),
        proxy_url: None,
        height: None,
        width: None,
        content_type: None,
    }
}
