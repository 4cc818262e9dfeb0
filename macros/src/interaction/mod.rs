//! What the attributes for handlers of interactions have in common.

mod limits;
mod parameters;
mod rules;
mod run;
mod state;
mod text;

pub(crate) use self::parameters::{Allowed, Parameter, Parameters, Role, is_plain};
pub(crate) use self::rules::{HANDLER_OPTIONS, Handling};
pub(crate) use self::run::{Sort, call, called, requirements, run};
pub(crate) use self::state::{MAX_STATE, ROUTE_OPTIONS, Routing, State};
pub(crate) use self::text::{DESCRIPTION, Documentation, Translations, check_name, check_text};
