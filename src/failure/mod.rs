//! What went wrong, and where: an error with everything known about its circumstances.

mod details;
mod id;
mod into;
mod payload;
mod print;
mod wrapped;

pub use self::details::WithDetail;
pub use self::id::FailureId;
#[cfg(feature = "anyhow")]
pub use self::into::ViaAnyhow;
#[cfg(feature = "eyre")]
pub use self::into::ViaEyre;
pub use self::into::{IntoFailure, ViaBox, ViaError, ViaFailure};

pub(crate) use self::into::rejected;
pub(crate) use self::print::Background;

use std::any::{Any, TypeId};
use std::backtrace::Backtrace;
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::exception::{Held, Lattice, Refined, Views};
use crate::failure::details::Details;
use crate::failure::payload::Payload;
use crate::meta::{Meta, Place};

/// A result that fails with a [`Failure`]: `?` converts any error into one.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

/// The error that a handler returned, or its panic, timeout or cancellation, with the circumstances.
///
/// `?` converts any [`std::error::Error`] into a failure, and notes its own place in the source. Like
/// `anyhow::Error`, a failure is not itself an [`Error`]; its [`error`](Self::error) is. `?` also converts a
/// failure into a boxed error, an `anyhow::Error` or an `eyre::Report`. To get the same failure back out of
/// one of these, write `.map_err(IntoFailure::into_failure)?`.
///
/// Cheap to clone: clones share the error and keep the [`id`](Self::id).
///
/// # Examples
///
/// ```
/// use cordial::Failure;
///
/// fn parse(text: &str) -> Result<u8, Failure> {
///     Ok(text.parse::<u8>()?)
/// }
///
/// let failure = parse("many").unwrap_err();
/// assert!(failure.is::<std::num::ParseIntError>());
/// assert!(failure.place().is_some());
/// ```
#[derive(Clone)]
pub struct Failure(Arc<Circumstances>);

/// The parts of a failure that can still be added to, beside those that never change.
#[derive(Clone)]
struct Circumstances {
    origin: Arc<Origin>,
    handler: Option<Meta>,
    details: Details,
    during: Option<Failure>,
    /// What the bot in which it happened declares of error types, over what is derived.
    lattice: Option<Arc<Lattice>>,
}

/// What is known from the start.
struct Origin {
    id: FailureId,
    payload: Payload,
    place: Option<Place>,
    backtrace: Backtrace,
    refined: Refined,
}

impl Failure {
    /// Creates a failure from an error, with the caller as its place.
    #[track_caller]
    pub fn new<E: Error + Send + Sync + 'static>(error: E) -> Self {
        Self::from_payload(Payload::of(error), Some(Place::caller()))
    }

    fn from_payload(payload: Payload, place: Option<Place>) -> Self {
        Self(Arc::new(Circumstances {
            origin: Arc::new(Origin {
                id: FailureId::next(),
                payload,
                place,
                backtrace: Backtrace::capture(),
                refined: Refined::default(),
            }),
            handler: None,
            details: Details::default(),
            during: None,
            lattice: None,
        }))
    }

    /// Returns the error.
    #[must_use]
    pub fn error(&self) -> &(dyn Error + Send + Sync + 'static) {
        self.0.origin.payload.as_error()
    }

    /// Returns whether the error is-a `T`, according to what its type and those inside it derive.
    #[must_use]
    pub fn is<T: Error + Send + Sync + 'static>(&self) -> bool {
        self.find::<T>().is_some()
    }

    /// Returns the `T` that the error is-a, according to what its type and those inside it derive.
    ///
    /// It ignores causes: a failure is not what caused it.
    #[must_use]
    pub fn find<T: Error + Send + Sync + 'static>(&self) -> Option<&T> {
        let payload = &self.0.origin.payload;
        payload.downcast().or_else(|| {
            let views = self.views(self.lattice(), false);
            views.find()
        })
    }

    /// Returns the error as a facet such as `dyn UserFacing`, if it is an exception that has it.
    #[must_use]
    pub fn facet<T: ?Sized + 'static>(&self) -> Option<&T> {
        let lattice = self.lattice();
        let views = self.views(lattice, false);
        let key = lattice.spelled(TypeId::of::<T>());
        let mut views = views.iter().copied();
        let view = views.find(|view| view.type_id == key)?;
        lattice.see(view.value)
    }

    /// Returns the id, which the log contains and which you may show to users.
    #[must_use]
    pub fn id(&self) -> FailureId {
        self.0.origin.id
    }

    /// Returns the code: stable text that names the kind of error.
    ///
    /// The most specific exception that the error is declares it. By default it is the type's name in snake
    /// case, for an enum followed by the variant's. If no exception declares a code, it is the type's name. It
    /// contains nothing of the error's text.
    #[must_use]
    pub fn code(&self) -> &'static str {
        // What the author says of errors may panic. Whoever reports a failure cannot help it.
        let declared = || self.views(self.lattice(), false).code();
        let declared = catch_unwind(AssertUnwindSafe(declared)).ok().flatten();
        declared.unwrap_or_else(|| self.0.origin.payload.type_name())
    }

    /// Returns the place of the `?` that made this failure, if one did.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        self.0.origin.place
    }

    /// Returns the handler that failed.
    #[must_use]
    pub fn handler(&self) -> Option<&Meta> {
        self.0.handler.as_ref()
    }

    /// Returns the backtrace, which is captured if `RUST_BACKTRACE` or `RUST_LIB_BACKTRACE` asks for it.
    pub fn backtrace(&self) -> &Backtrace {
        let origin = &self.0.origin;
        origin.payload.backtrace().unwrap_or(&origin.backtrace)
    }

    /// Returns the failure that was being handled when this one occurred.
    #[must_use]
    pub fn during(&self) -> Option<&Self> {
        self.0.during.as_ref()
    }

    /// Returns the detail of type `T` that was added last.
    #[must_use]
    pub fn detail<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.0.details.get()
    }

    /// Returns the type names of all details, in the order in which they were added.
    pub fn detail_types(&self) -> impl Iterator<Item = &'static str> {
        self.0.details.type_names()
    }

    /// Adds a value that an error handler can retrieve by its type.
    #[must_use]
    pub fn with_detail<T: Any + Send + Sync>(mut self, detail: T) -> Self {
        Arc::make_mut(&mut self.0).details.add(detail);
        self
    }

    /// Notes the handler that failed, unless one is noted already.
    #[must_use]
    pub(crate) fn in_handler(mut self, handler: &Meta) -> Self {
        if self.0.handler.is_none() {
            Arc::make_mut(&mut self.0).handler = Some(handler.clone());
        }
        self
    }

    /// Links the failure that was being handled, behind any that is linked already.
    #[must_use]
    pub(crate) fn arisen_during(mut self, earlier: &Self) -> Self {
        if self.id() == earlier.id() {
            return self;
        }
        let during = match self.during() {
            Some(linked) => linked.clone().arisen_during(earlier),
            None => earlier.clone(),
        };
        Arc::make_mut(&mut self.0).during = Some(during);
        self
    }

    /// Lets a bot's declarations tell what the error is.
    #[must_use]
    pub(crate) fn seen_by(mut self, lattice: &Arc<Lattice>) -> Self {
        if self.0.lattice.is_none() {
            Arc::make_mut(&mut self.0).lattice = Some(Arc::clone(lattice));
        }
        self
    }

    fn lattice(&self) -> &Lattice {
        let of_bot = self.0.lattice.as_deref();
        of_bot.unwrap_or_else(|| Lattice::of_program())
    }

    /// Returns what the error is, by how much is known of its type.
    pub(crate) fn held(&self) -> Held<'_> {
        self.0.origin.payload.held()
    }

    /// Returns everything that the error can be handled as, and its causes if they matter.
    pub(crate) fn views<'a>(&'a self, lattice: &'a Lattice, with_causes: bool) -> Views<'a> {
        let origin = &*self.0.origin;
        let views = Views::of(lattice, &origin.refined, origin.payload.held());
        if with_causes {
            views.with_causes(self.error().source())
        } else {
            views
        }
    }
}

// A failure must not be an `Error` itself: then this would be the same as `From<T> for T`.
impl<E: Error + Send + Sync + 'static> From<E> for Failure {
    #[track_caller]
    fn from(error: E) -> Self {
        Self::new(error)
    }
}
