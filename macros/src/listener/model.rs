//! What a `#[listener]` means.

use syn::{LitStr, Path};

use crate::duration::Limit;
use crate::paths::Cordial;
use crate::signature::Signature;

/// A listener.
pub(crate) struct Listener {
    pub(crate) cordial: Cordial,
    pub(crate) signature: Signature,
    pub(crate) name: Option<LitStr>,
    pub(crate) limit: Option<Limit>,
    pub(crate) on_error: Vec<Path>,
}
