//! What a `#[component]` means.

use crate::duration::Limit;
use crate::interaction::{Handling, Parameters, Routing};
use crate::paths::Cordial;

/// A handler of components.
pub(crate) struct Component {
    pub(crate) cordial: Cordial,
    pub(crate) parameters: Parameters,
    pub(crate) routing: Routing,
    pub(crate) expires: Option<Limit>,
    pub(crate) handling: Handling,
}
