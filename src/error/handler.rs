//! An error handler with its options.

use std::any::{TypeId, type_name};
use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use twilight_model::gateway::Intents;

use crate::context::Context;
use crate::error::entry::Run;
use crate::error::target::{Seen, any, find_facet, is_any};
use crate::error::{Entry, ErrorContext, ErrorHandlerFn, Flow, Key, Subject, Target};
use crate::event::{Occurrence, Part, Presence, View};
use crate::exception::Lattice;
use crate::extract::{FromContext, Requirements};
use crate::failure::Failure;
use crate::handler::{BoxFuture, TimeLimit};
use crate::meta::{HandlerKind, Meta, Place};

/// An error handler: a function for failures whose error is an `E`, with its options.
///
/// `#[error_handler]` makes one; so does [`ErrorHandler::new`] from any function with the right signature.
///
/// # Examples
///
/// ```
/// use cordial::prelude::*;
///
/// async fn missing(ctx: &ErrorContext, error: &std::io::Error) -> bool {
///     tracing::warn!(%error, "a file is missing");
///     true
/// }
///
/// let handler = ErrorHandler::new(missing).when(|error: &std::io::Error| {
///     error.kind() == std::io::ErrorKind::NotFound
/// });
/// let bot = Bot::builder().error_handler(handler);
/// ```
#[must_use = "an error handler does nothing until it is added to a bot, a plugin or a listener"]
pub struct ErrorHandler<E: ?Sized> {
    meta: Meta,
    time: TimeLimit,
    requirements: Requirements,
    target: Find<E>,
    takes_causes: bool,
    guard: Option<Guard<E>>,
    depth: u8,
    event: &'static str,
    event_intents: Intents,
    carries: fn(Part) -> Presence,
    matches: fn(Option<&Occurrence>) -> bool,
    function: Box<dyn Call<E>>,
}

type Guard<E> = Box<dyn Fn(&E) -> bool + Send + Sync>;

/// How an `E` is found in a failure.
struct Find<E: ?Sized> {
    key: TypeId,
    name: &'static str,
    register: fn(&mut Lattice),
    see: for<'a> fn(Seen<'a>) -> Option<&'a E>,
}

/// Calls the author's function.
trait Call<E: ?Sized>: Send + Sync {
    fn call<'a>(
        &'a self,
        ctx: &'a ErrorContext,
        error: &'a E,
    ) -> BoxFuture<'a, Result<Flow, Failure>>;
}

impl<E: Target + ?Sized> ErrorHandler<E> {
    /// Creates an error handler from a function, and names it after the function.
    #[track_caller]
    pub fn new<F, S, Args>(function: F) -> Self
    where
        F: for<'a> ErrorHandlerFn<'a, S, E, Args>,
        S: Subject,
        Args: 'static,
    {
        Self::of(
            Meta::of_function::<F>(HandlerKind::ErrorHandler),
            function,
            Find::typed(),
        )
    }
}

impl<E: Sync + ?Sized + 'static> ErrorHandler<E> {
    /// Creates an error handler for a facet, `dyn Trait`, from a function, and names it after the function.
    ///
    /// # Examples
    ///
    /// ```
    /// use cordial::prelude::*;
    ///
    /// trait UserFacing: Send + Sync {
    ///     fn text(&self) -> String;
    /// }
    ///
    /// async fn tell(ctx: &ErrorContext, error: &(dyn UserFacing + 'static)) -> bool {
    ///     ctx.reply(error.text()).await.is_ok()
    /// }
    ///
    /// let bot = Bot::builder().error_handler(ErrorHandler::facet(tell));
    /// ```
    #[track_caller]
    pub fn facet<F, S, Args>(function: F) -> Self
    where
        F: for<'a> ErrorHandlerFn<'a, S, E, Args>,
        S: Subject,
        Args: 'static,
    {
        Self::of(
            Meta::of_function::<F>(HandlerKind::ErrorHandler),
            function,
            Find::facet(),
        )
    }

    fn of<F, S, Args>(meta: Meta, function: F, target: Find<E>) -> Self
    where
        F: for<'a> ErrorHandlerFn<'a, S, E, Args>,
        S: Subject,
        Args: 'static,
    {
        let mut requirements = Requirements::default();
        F::require(&mut requirements);
        #[cfg(feature = "cache")]
        requirements.caches(S::resources());
        Self {
            meta,
            time: TimeLimit::OfBot,
            requirements,
            target,
            takes_causes: false,
            guard: None,
            depth: S::DEPTH,
            event: S::NAME,
            event_intents: S::intents(),
            carries: S::carries,
            matches: S::matches,
            function: Box::new(Function::<F, S, Args>(function, PhantomData)),
        }
    }

    /// Sets the name, instead of the function's.
    pub fn name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.meta = self.meta.renamed(name);
        self
    }

    /// Sets how long it may run, instead of the bot's limit for error handlers.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.time = TimeLimit::Own(limit);
        self
    }

    /// Removes the time limit.
    pub fn no_timeout(mut self) -> Self {
        self.time = TimeLimit::None;
        self
    }

    /// Asks it about causes too: failures whose error is not an `E`, but was caused by one.
    ///
    /// About those it is asked after every error handler for a type that the error is.
    pub fn cause(mut self) -> Self {
        self.takes_causes = true;
        self
    }

    /// Asks it only about errors for which `guard` returns `true`, and before error handlers without a guard.
    pub fn when(mut self, guard: impl Fn(&E) -> bool + Send + Sync + 'static) -> Self {
        self.guard = Some(Box::new(guard));
        self
    }

    /// Adds the requirements of an extractor, for generated code.
    #[doc(hidden)]
    pub fn requires<X: FromContext>(mut self) -> Self {
        X::require(&mut self.requirements);
        self
    }

    pub(crate) fn into_entry(self) -> Entry {
        Entry {
            key: Key {
                takes_causes: self.takes_causes,
                is_guarded: self.guard.is_some(),
                depth: self.depth,
                event: self.event,
                type_name: self.target.name,
            },
            meta: self.meta,
            added: None,
            time: self.time,
            intents: self.requirements.intents_for(self.event_intents),
            requirements: self.requirements,
            target: self.target.key,
            event: self.event,
            carries: self.carries,
            matches: self.matches,
            register: self.target.register,
            run: Box::new(Guarded {
                see: self.target.see,
                guard: self.guard,
                function: self.function,
            }),
        }
    }
}

impl<E: ?Sized> fmt::Debug for ErrorHandler<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorHandler")
            .field("meta", &self.meta)
            .field("for", &self.target.name)
            .finish_non_exhaustive()
    }
}

/// Something that you can add as an error handler: a function, or an [`ErrorHandler`].
///
/// The compiler infers `M`.
#[diagnostic::on_unimplemented(
    message = "this value cannot be an error handler",
    label = "not an error handler",
    note = "an error handler is `async fn(ctx: &ErrorContext, error: &MyError) -> bool`: return `true` if the error is handled, `false` to pass it on",
    note = "it can take an event instead of `&ErrorContext`, and `&Failure` instead of `&MyError`; after these it takes extractors by value",
    note = "it returns `bool`, `Flow`, or a `Result` of either"
)]
pub trait IntoErrorHandler<M> {
    /// The error type that it is for.
    type Error: Sync + ?Sized + 'static;

    /// Converts it into an error handler.
    #[track_caller]
    fn into_error_handler(self) -> ErrorHandler<Self::Error>;
}

/// Marks existing error handlers.
#[derive(Debug)]
pub struct ViaBuilt;

/// Marks functions, by their signature.
#[derive(Debug)]
pub struct ViaFunction<S, E: ?Sized, Args>(PhantomData<(S, Args)>, PhantomData<E>);

impl<E: Sync + ?Sized + 'static> IntoErrorHandler<ViaBuilt> for ErrorHandler<E> {
    type Error = E;

    fn into_error_handler(self) -> Self {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<F, S, E, Args> IntoErrorHandler<ViaFunction<S, E, Args>> for F
where
    F: for<'a> ErrorHandlerFn<'a, S, E, Args>,
    S: Subject,
    E: Target + ?Sized,
    Args: 'static,
{
    type Error = E;

    #[track_caller]
    fn into_error_handler(self) -> ErrorHandler<E> {
        ErrorHandler::new(self)
    }
}

/// Creates an error handler for a type, for generated code.
pub fn typed<S: Subject, E: Target + ?Sized>(
    name: &'static str,
    place: Place,
    run: impl for<'a> Fn(&'a S, &'a E, &'a Context) -> BoxFuture<'a, Result<Flow, Failure>>
    + Send
    + Sync
    + 'static,
) -> ErrorHandler<E> {
    let meta = Meta::new(HandlerKind::ErrorHandler, name, place);
    ErrorHandler::of::<_, S, _>(meta, Generated(run), Find::typed())
}

/// Creates an error handler for a facet, for generated code.
pub fn facet<S: Subject, E: Sync + ?Sized + 'static>(
    name: &'static str,
    place: Place,
    run: impl for<'a> Fn(&'a S, &'a E, &'a Context) -> BoxFuture<'a, Result<Flow, Failure>>
    + Send
    + Sync
    + 'static,
) -> ErrorHandler<E> {
    let meta = Meta::new(HandlerKind::ErrorHandler, name, place);
    ErrorHandler::of::<_, S, _>(meta, Generated(run), Find::facet())
}

impl<E: Target + ?Sized> Find<E> {
    fn typed() -> Self {
        Self {
            key: E::key(),
            name: E::name(),
            register: E::register,
            see: E::find,
        }
    }
}

impl<E: ?Sized + 'static> Find<E> {
    fn facet() -> Self {
        let is_any = is_any::<E>();
        Self {
            key: if is_any { any() } else { TypeId::of::<E>() },
            name: if is_any {
                type_name::<dyn Error>()
            } else {
                type_name::<E>()
            },
            register: |_| {},
            see: find_facet,
        }
    }
}

/// A function found by its signature.
struct Function<F, S, Args>(F, PhantomData<fn() -> (S, Args)>);

impl<F, S, E, Args> Call<E> for Function<F, S, Args>
where
    F: for<'a> ErrorHandlerFn<'a, S, E, Args>,
    S: Subject,
    E: Sync + ?Sized,
    Args: 'static,
{
    fn call<'a>(
        &'a self,
        ctx: &'a ErrorContext,
        error: &'a E,
    ) -> BoxFuture<'a, Result<Flow, Failure>> {
        match S::view(ctx) {
            Some(View::Borrowed(subject)) => self.0.run(subject, error, ctx.context()),
            Some(View::Owned(subject)) => {
                Box::pin(async move { self.0.run(&subject, error, ctx.context()).await })
            }
            None => Box::pin(async { Ok(Flow::Propagate) }),
        }
    }
}

/// A closure made by generated code, which has made the extractors' arguments itself.
struct Generated<F>(F);

impl<'a, F, S, E> ErrorHandlerFn<'a, S, E, Generated<()>> for Generated<F>
where
    F: for<'b> Fn(&'b S, &'b E, &'b Context) -> BoxFuture<'b, Result<Flow, Failure>>
        + Send
        + Sync
        + 'static,
    E: ?Sized,
{
    fn run(
        &'a self,
        subject: &'a S,
        error: &'a E,
        ctx: &'a Context,
    ) -> BoxFuture<'a, Result<Flow, Failure>> {
        self.0(subject, error, ctx)
    }

    fn require(_: &mut Requirements) {}
}

/// An error handler behind its guard.
struct Guarded<E: ?Sized> {
    see: for<'a> fn(Seen<'a>) -> Option<&'a E>,
    guard: Option<Guard<E>>,
    function: Box<dyn Call<E>>,
}

impl<E: Sync + ?Sized + 'static> Run for Guarded<E> {
    fn run<'a>(
        &'a self,
        ctx: &'a ErrorContext,
        seen: Seen<'a>,
    ) -> BoxFuture<'a, Result<Option<Flow>, Failure>> {
        Box::pin(async move {
            let Some(error) = (self.see)(seen) else {
                return Ok(None);
            };
            if self.guard.as_ref().is_some_and(|guard| !guard(error)) {
                return Ok(None);
            }
            self.function.call(ctx, error).await.map(Some)
        })
    }
}
