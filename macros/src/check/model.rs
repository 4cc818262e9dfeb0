//! What a `#[check]` means.

use syn::LitStr;

use crate::interaction::Parameters;
use crate::paths::Cordial;

/// A check.
pub(crate) struct Check {
    pub(crate) cordial: Cordial,
    pub(crate) parameters: Parameters,
    pub(crate) name: Option<LitStr>,
}
