//! What an `#[error_handler]` means.

use syn::{Expr, LitStr};

use crate::duration::Limit;
use crate::paths::Cordial;
use crate::signature::Signature;

/// An error handler.
pub(crate) struct ErrorHandler {
    pub(crate) cordial: Cordial,
    pub(crate) signature: Signature,
    pub(crate) name: Option<LitStr>,
    pub(crate) limit: Option<Limit>,
    pub(crate) takes_causes: bool,
    pub(crate) guard: Option<Expr>,
}

impl ErrorHandler {
    /// Returns whether it is for a trait object rather than for an error type.
    pub(crate) fn is_for_facet(&self) -> bool {
        matches!(self.signature.second, syn::Type::TraitObject(_))
    }
}
