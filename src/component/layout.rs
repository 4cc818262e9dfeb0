//! Layouts: messages that consist of components alone.
//!
//! A [`Reply`](crate::Reply) becomes a layout if one of these is among its components. (Discord:
//! Components Reference.)
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

/// Creates a text with markdown.
#[must_use]
pub fn text(content: impl Into<String>) -> TextDisplay {
    TextDisplay {
        content: content.into(),
        id: None,
    }
}

/// Creates a section: a text beside a button or a thumbnail.
#[must_use]
pub fn section(content: impl Into<String>, beside: impl Into<Component>) -> Section {
    Section {
        accessory: Box::new(beside.into()),
        components: vec![text(content).into()],
        id: None,
    }
}

/// Creates a box around components.
#[must_use]
pub fn container(components: impl IntoIterator<Item = Component>) -> Container {
    Container {
        accent_color: None,
        components: components.into_iter().collect(),
        id: None,
        spoiler: None,
    }
}

/// Creates a line between components.
#[must_use]
pub fn separator() -> Separator {
    Separator {
        divider: Some(true),
        id: None,
        spacing: None,
    }
}

/// Creates a small picture beside a text, in a [`section`].
#[must_use]
pub fn thumbnail(url: impl Into<String>) -> Thumbnail {
    Thumbnail {
        description: None,
        id: None,
        media: media(url),
        spoiler: None,
    }
}

/// Creates a gallery of at most ten pictures.
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

/// Creates a row of at most five buttons, or one select menu.
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
