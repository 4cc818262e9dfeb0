//! Values that an author adds to a failure, and that an error handler retrieves by type.

use std::any::{Any, type_name};
use std::sync::Arc;

use crate::failure::{Failure, IntoFailure};

/// Values added to a failure. Those nobody asks for stay where they are.
#[derive(Clone, Default)]
pub(crate) struct Details(Vec<Detail>);

#[derive(Clone)]
struct Detail {
    type_name: &'static str,
    value: Arc<dyn Any + Send + Sync>,
}

impl Details {
    pub(crate) fn add<T: Any + Send + Sync>(&mut self, value: T) {
        self.0.push(Detail {
            type_name: type_name::<T>(),
            value: Arc::new(value),
        });
    }

    pub(crate) fn get<T: Any + Send + Sync>(&self) -> Option<&T> {
        let mut latest_first = self.0.iter().rev();
        latest_first.find_map(|detail| detail.value.downcast_ref())
    }

    pub(crate) fn type_names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|detail| detail.type_name)
    }
}

/// Adds a detail to the error of a result, just before `?`.
///
/// # Examples
///
/// ```
/// use cordial::{Failure, WithDetail};
///
/// #[derive(Debug, PartialEq)]
/// struct Line(u32);
///
/// fn read(text: &str) -> Result<u8, Failure> {
///     let number = text.parse::<u8>().detail(Line(7))?;
///     Ok(number)
/// }
///
/// let failure = read("many").unwrap_err();
/// assert_eq!(failure.detail(), Some(&Line(7)));
/// ```
pub trait WithDetail<T, M> {
    /// Adds a value that an error handler can retrieve by its type.
    ///
    /// # Errors
    ///
    /// The error of the result, as a failure that carries the value.
    #[track_caller]
    fn detail<D: Any + Send + Sync>(self, detail: D) -> Result<T, Failure>;
}

impl<T, E: IntoFailure<M>, M> WithDetail<T, M> for Result<T, E> {
    #[track_caller]
    fn detail<D: Any + Send + Sync>(self, detail: D) -> Result<T, Failure> {
        match self {
            Ok(value) => Ok(value),
            Err(error) => Err(error.into_failure().at_caller().with_detail(detail)),
        }
    }
}
