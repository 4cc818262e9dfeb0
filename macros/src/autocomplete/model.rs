//! What an `#[autocomplete]` means.

use crate::interaction::Parameters;
use crate::paths::Cordial;

/// A function that completes an option.
pub(crate) struct Autocomplete {
    pub(crate) cordial: Cordial,
    pub(crate) parameters: Parameters,
}
