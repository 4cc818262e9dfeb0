//! Commands as Discord knows them: what it allows, and what has to change for it to know them.

mod plan;
mod rules;

pub use self::plan::Plan;
pub use self::rules::{Flaw, flaws};

pub(crate) use self::plan::{is_ours, is_same};
pub(crate) use self::rules::flaws_of_all;
