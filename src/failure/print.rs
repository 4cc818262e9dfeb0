//! A failure as text: a line for people, the whole story for whoever has to mend it.

use std::backtrace::BacktraceStatus;
use std::error::Error;
use std::fmt;

use crate::failure::Failure;

/// The error's own text, and nothing else.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.error(), f)
    }
}

/// The whole story, over several lines: what `main` prints when it returns a failure.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self} [{} {}]", self.code(), self.id())?;
        if let Some(handler) = self.handler() {
            write!(f, "\n  in {handler:?}")?;
        }
        if let Some(place) = self.place() {
            write!(f, "\n  at {place}")?;
        }
        fmt::Display::fmt(&Background(self), f)?;
        match self.during() {
            Some(earlier) => write!(f, "\nwhile handling: {earlier:?}"),
            None => Ok(()),
        }
    }
}

/// What led to a failure: its causes, details and backtrace, each on lines of its own.
pub(crate) struct Background<'a>(pub(crate) &'a Failure);

impl fmt::Display for Background<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(failure) = self;
        for cause in causes(failure.error()) {
            write!(f, "\n  caused by: {cause}")?;
        }
        for detail in failure.detail_types() {
            write!(f, "\n  with {detail}")?;
        }
        let backtrace = failure.backtrace();
        match backtrace.status() {
            BacktraceStatus::Captured => write!(f, "\n{backtrace}"),
            _ => Ok(()),
        }
    }
}

/// Returns the causes of an error, nearest first. One that its parent's text repeats to the letter
/// is left out.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = String> + 'a {
    let mut said = error.to_string();
    let next = |cause: &&'a (dyn Error + 'static)| (**cause).source();
    let chain = std::iter::successors(error.source(), next);
    chain.map(ToString::to_string).filter(move |text| {
        let is_new = !said.ends_with(text.as_str());
        said.clone_from(text);
        is_new
    })
}
