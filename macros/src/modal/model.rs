//! What a `#[modal]` means.

use syn::{LitInt, LitStr};

use crate::interaction::{Handling, Parameters, Routing};
use crate::paths::Cordial;

/// A modal, and its handler.
pub(crate) struct Modal {
    pub(crate) cordial: Cordial,
    pub(crate) parameters: Parameters,
    pub(crate) routing: Routing,
    pub(crate) title: String,
    /// By parameter; nothing for those that are no fields.
    pub(crate) fields: Vec<Option<Field>>,
    pub(crate) handling: Handling,
}

/// A field of a modal.
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) description: Option<LitStr>,
    pub(crate) placeholder: Option<LitStr>,
    pub(crate) value: Option<LitStr>,
    pub(crate) is_paragraph: bool,
    pub(crate) min_length: Option<LitInt>,
    pub(crate) max_length: Option<LitInt>,
    pub(crate) most: Option<LitInt>,
}
