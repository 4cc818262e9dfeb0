//! A handler's identity: its name, kind and place in the source, as plain data.

use std::any::type_name;
use std::borrow::Cow;
use std::fmt;
use std::panic::Location;
use std::sync::Arc;

/// A handler's identity, which reports, logs and build errors show.
///
/// Cheap to clone.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Meta(Arc<Identity>);

#[derive(PartialEq, Eq, Hash)]
struct Identity {
    name: Cow<'static, str>,
    kind: HandlerKind,
    place: Option<Place>,
}

impl Meta {
    /// Creates the identity of a handler.
    pub fn new(
        kind: HandlerKind,
        name: impl Into<Cow<'static, str>>,
        place: impl Into<Option<Place>>,
    ) -> Self {
        Self(Arc::new(Identity {
            name: name.into(),
            kind,
            place: place.into(),
        }))
    }

    /// Creates the identity of a plain function: its own name, and the caller as the place.
    #[track_caller]
    pub(crate) fn of_function<F>(kind: HandlerKind) -> Self {
        Self::new(kind, function_name::<F>(), Place::caller())
    }

    /// Returns the handler's name: the function's name, unless you chose another.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Returns the kind of handler.
    #[must_use]
    pub fn kind(&self) -> HandlerKind {
        self.0.kind
    }

    /// Returns where the handler was written or registered.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        self.0.place
    }

    /// Returns whether it is the very same: two tasks that one handler leaves may be alike.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Returns the same handler under another name.
    #[must_use]
    pub(crate) fn renamed(&self, name: impl Into<Cow<'static, str>>) -> Self {
        Self::new(self.kind(), name, self.place())
    }
}

impl fmt::Debug for Meta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self} ({})", self.kind())?;
        match self.place() {
            Some(place) => write!(f, " at {place}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Meta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The kind of a handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HandlerKind {
    /// Runs for an event of the gateway.
    Listener,
    /// Runs for a failure.
    ErrorHandler,
    /// Runs for a slash command, or for a command in a context menu.
    Command,
    /// Runs while somebody types an option.
    Autocomplete,
    /// Runs for a button or a select menu.
    Component,
    /// Runs for a modal that somebody submitted.
    Modal,
    /// Decides whether another handler may run.
    Check,
    /// Runs on a schedule, when the bot starts or stops, or after a handler spawned it.
    Task,
    /// The connection to Discord itself.
    Gateway,
}

impl HandlerKind {
    /// Returns the name of the kind, in lower case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Listener => "listener",
            Self::ErrorHandler => "error handler",
            Self::Command => "command",
            Self::Autocomplete => "autocomplete",
            Self::Component => "component",
            Self::Modal => "modal",
            Self::Check => "check",
            Self::Task => "task",
            Self::Gateway => "gateway",
        }
    }
}

impl fmt::Display for HandlerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A place in the source: file, line and column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    file: &'static str,
    line: u32,
    column: u32,
}

impl Place {
    /// Creates a place from `file!()`, `line!()` and `column!()`.
    #[must_use]
    pub const fn new(file: &'static str, line: u32, column: u32) -> Self {
        Self { file, line, column }
    }

    /// Returns the place where the calling function was called.
    #[must_use]
    #[track_caller]
    pub fn caller() -> Self {
        Location::caller().into()
    }

    /// Returns the path of the file, as it was given to the compiler.
    #[must_use]
    pub const fn file(&self) -> &'static str {
        self.file
    }

    /// Returns the line, counted from 1.
    #[must_use]
    pub const fn line(&self) -> u32 {
        self.line
    }

    /// Returns the column, counted from 1.
    #[must_use]
    pub const fn column(&self) -> u32 {
        self.column
    }
}

impl From<&'static Location<'static>> for Place {
    fn from(location: &'static Location<'static>) -> Self {
        Self::new(location.file(), location.line(), location.column())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// Returns the name of a function without the path to it; of a closure, the function it is in.
fn function_name<F>() -> &'static str {
    let path = type_name::<F>();
    let path = path.trim_end_matches("::{{closure}}");
    let path = path.split_once('<').map_or(path, |(path, _)| path);
    path.rsplit("::").next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name_of<F>(_: F) -> &'static str {
        function_name::<F>()
    }

    #[test]
    fn functions_go_by_their_own_name_and_closures_by_that_of_their_function() {
        fn generic<T>() {}

        assert_eq!(name_of(generic::<Vec<u8>>), "generic");
        assert_eq!(
            name_of(|| ()),
            "functions_go_by_their_own_name_and_closures_by_that_of_their_function"
        );
    }
}
