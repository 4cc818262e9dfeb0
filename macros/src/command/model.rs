//! What a `#[command]` means.

use syn::{Expr, Ident, LitInt, LitStr, Path};

use crate::interaction::{Documentation, Handling, Parameters, Translations};
use crate::paths::Cordial;

/// A slash command, or what is in a menu.
pub(crate) struct Command {
    pub(crate) cordial: Cordial,
    pub(crate) parameters: Parameters,
    pub(crate) kind: Kind,
    pub(crate) translations: Translations,
    pub(crate) is_nsfw: bool,
    pub(crate) contexts: Vec<Ident>,
    pub(crate) integration_types: Vec<Ident>,
    pub(crate) handling: Handling,
}

/// Where it is found.
pub(crate) enum Kind {
    Slash {
        name: String,
        description: String,
        /// By parameter; nothing for those that are extractors.
        options: Vec<Option<SlashOption>>,
    },
    Menu {
        name: LitStr,
    },
}

/// An option of a slash command.
pub(crate) struct SlashOption {
    pub(crate) name: String,
    pub(crate) description: Documentation,
    pub(crate) translations: Translations,
    pub(crate) min: Option<Expr>,
    pub(crate) max: Option<Expr>,
    pub(crate) min_length: Option<LitInt>,
    pub(crate) max_length: Option<LitInt>,
    pub(crate) channel_types: Vec<Ident>,
    pub(crate) choices: Vec<Expr>,
    pub(crate) autocomplete: Option<Path>,
    pub(crate) default: Option<Expr>,
}
