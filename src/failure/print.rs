//! A failure as text: a line for people, the whole story for whoever has to mend it.

use std::backtrace::BacktraceStatus;
use std::error::Error;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::exception::withheld;
use crate::failure::Failure;

/// The error's own text, and nothing else; without what an answer of Discord's holds.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Texts::of(self).show(self.error()))
    }
}

/// The texts of a failure's errors, fit to be seen.
struct Texts {
    /// What must not be seen, with what is shown instead.
    withheld: Vec<(String, String)>,
}

impl Texts {
    fn of(failure: &Failure) -> Self {
        // The author's code tells what an error holds, and may panic.
        let look = || {
            let views = failure.views(failure.lattice(), false);
            views.iter().flat_map(|view| withheld(view.value)).collect()
        };
        Self {
            withheld: catch_unwind(AssertUnwindSafe(look)).unwrap_or_default(),
        }
    }

    fn show(&self, error: &(dyn Error + 'static)) -> String {
        let text = catch_unwind(AssertUnwindSafe(|| error.to_string()));
        let text = text.unwrap_or_else(|_| "an error whose own text panics".to_owned());
        let replace =
            |text: String, (hidden, shown): &(String, String)| text.replace(hidden, shown);
        self.withheld.iter().fold(text, replace)
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
        for cause in causes(failure) {
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
fn causes<'a>(failure: &'a Failure) -> impl Iterator<Item = String> + 'a {
    let texts = Texts::of(failure);
    let error: &'a (dyn Error + 'static) = failure.error();
    let mut said = texts.show(error);
    let next = |cause: &&'a (dyn Error + 'static)| (**cause).source();
    let chain = std::iter::successors(error.source(), next);
    chain
        .map(move |cause| texts.show(cause))
        .filter(move |text| {
            let is_new = !said.ends_with(text.as_str());
            said.clone_from(text);
            is_new
        })
}
