//! What a `#[derive(Choice)]` means.

use syn::{Ident, Lit};

use crate::interaction::Translations;
use crate::paths::Cordial;

/// An enum that is one of a few things.
pub(crate) struct Choice {
    pub(crate) cordial: Cordial,
    pub(crate) name: Ident,
    pub(crate) variants: Vec<Variant>,
}

/// One of them.
pub(crate) struct Variant {
    pub(crate) ident: Ident,
    /// What people see.
    pub(crate) name: String,
    pub(crate) translations: Translations,
    /// What Discord is sent: text, or a whole number.
    pub(crate) value: Lit,
}
