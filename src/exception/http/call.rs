//! What was asked for, and how often, as far as it is known.

use twilight_model::guild::Permissions;

use crate::exception::http::Route;

/// What was asked for, and how often, as far as it is known.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// Not known where an author's own client was used.
    pub(crate) route: Option<Route>,
    pub(crate) attempts: u32,
    /// What the bot may do where it asked for this.
    pub(crate) allowed: Option<Permissions>,
}

/// A call by a client of an author's own: it was made, and that is all.
impl Default for Call {
    fn default() -> Self {
        Self {
            route: None,
            attempts: 1,
            allowed: None,
        }
    }
}

impl Call {
    /// Writes what was asked for after a word, if it is known: ` to GET /users/@me (attempt 2)`.
    pub(crate) fn after(&self, word: &str) -> String {
        let Some(route) = &self.route else {
            return String::new();
        };
        match self.attempts {
            0 => format!(" {word} {route} (not sent)"),
            1 => format!(" {word} {route}"),
            attempts => format!(" {word} {route} (attempt {attempts})"),
        }
    }
}
