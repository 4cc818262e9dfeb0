//! A listener: a function that runs for an event, with its options.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use twilight_model::gateway::Intents;
use twilight_model::gateway::event::EventType;

use crate::context::Context;
use crate::error::{Entry, own_methods};
use crate::event::{
    EventKinds, EventPayload, EventText, EventView, Occurrence, Part, Presence, View,
};
use crate::exception::MalformedEvent;
use crate::extract::Requirements;
use crate::failure::{Failure, IntoFailure};
use crate::handler::{BoxFuture, Call, ListenerFn, TimeLimit};
use crate::meta::{HandlerKind, Meta, Place};

/// A function that runs for an event, with its options.
///
/// `#[listener]` makes one; so does [`Listener::new`] from any function with the right signature.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use cordial::prelude::*;
///
/// async fn welcome(ctx: &Context, joined: &MemberAdd) -> Result<()> {
///     Ok(())
/// }
///
/// let listener = Listener::new(welcome).timeout(Duration::from_secs(5));
/// let bot = Bot::builder().listener(listener);
/// ```
#[must_use = "a listener does nothing until it is added to a bot or a plugin"]
pub struct Listener {
    pub(crate) meta: Meta,
    /// Where it was added to a bot or a plugin.
    pub(crate) added: Option<Place>,
    pub(crate) time: TimeLimit,
    pub(crate) event: EventNeed,
    pub(crate) requirements: Requirements,
    pub(crate) on_error: Vec<Entry>,
    pub(crate) call: Box<dyn Call>,
}

/// What a listener asks of the gateway.
#[derive(Clone, Copy)]
pub(crate) struct EventNeed {
    pub(crate) name: &'static str,
    pub(crate) kinds: EventKinds,
    pub(crate) intents: Intents,
    pub(crate) matches: fn(&Occurrence) -> bool,
    pub(crate) carries: fn(Part) -> Presence,
    /// Whether it takes parts of the event alone.
    pub(crate) is_view: bool,
}

impl Listener {
    /// Creates a listener from a function, and names it after the function.
    #[track_caller]
    pub fn new<F, E, Args>(function: F) -> Self
    where
        F: for<'a> ListenerFn<'a, E, Args>,
        E: EventPayload,
        Args: 'static,
    {
        Self::of(Meta::of_function::<F>(HandlerKind::Listener), function)
    }

    fn of<F, E, Args>(meta: Meta, function: F) -> Self
    where
        F: for<'a> ListenerFn<'a, E, Args>,
        E: EventPayload,
        Args: 'static,
    {
        let mut requirements = Requirements::default();
        F::require(&mut requirements);
        #[cfg(feature = "cache")]
        requirements.caches(E::resources());
        Self {
            meta,
            added: None,
            time: TimeLimit::OfBot,
            event: EventNeed::of::<E>(),
            requirements,
            on_error: Vec::new(),
            call: Box::new(Function(function, PhantomData)),
        }
    }

    /// Sets the name, instead of the function's.
    pub fn name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.meta = self.meta.renamed(name);
        self
    }

    own_methods!(|builder| builder);
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listener")
            .field("meta", &self.meta)
            .field("event", &self.event.name)
            .finish_non_exhaustive()
    }
}

/// Something that you can add as a listener: a function, or a [`Listener`].
///
/// The compiler infers `M`.
#[diagnostic::on_unimplemented(
    message = "this value cannot be a listener",
    label = "not a listener",
    note = "a listener is `async fn(ctx: &Context, event: &MessageCreate) -> Result<()>`, with any event of Discord's gateway",
    note = "after the event it may take extractors by value, such as `State<T>` or `Author`"
)]
pub trait IntoListener<M> {
    /// Converts it into a listener.
    #[track_caller]
    fn into_listener(self) -> Listener;
}

/// Marks existing listeners.
#[derive(Debug)]
pub struct ViaBuiltListener;

/// Marks functions, by their signature.
#[derive(Debug)]
pub struct ViaListenerFn<E, Args>(PhantomData<(E, Args)>);

impl IntoListener<ViaBuiltListener> for Listener {
    fn into_listener(self) -> Listener {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<F, E, Args> IntoListener<ViaListenerFn<E, Args>> for F
where
    F: for<'a> ListenerFn<'a, E, Args>,
    E: EventPayload,
    Args: 'static,
{
    #[track_caller]
    fn into_listener(self) -> Listener {
        Listener::new(self)
    }
}

/// Creates a listener, for generated code.
pub fn generated<E: EventPayload>(
    name: &'static str,
    place: Place,
    run: impl for<'a> Fn(&'a Context, &'a E) -> BoxFuture<'a, Result<(), Failure>>
    + Send
    + Sync
    + 'static,
) -> Listener {
    Listener::of(
        Meta::new(HandlerKind::Listener, name, place),
        Generated(run),
    )
}

/// Creates a listener of a view, for generated code.
pub fn generated_view<V: EventView>(
    name: &'static str,
    place: Place,
    run: impl for<'a> Fn(&'a Context, V::At<'a>) -> BoxFuture<'a, Result<(), Failure>>
    + Send
    + Sync
    + 'static,
) -> Listener {
    Listener {
        meta: Meta::new(HandlerKind::Listener, name, place),
        added: None,
        time: TimeLimit::OfBot,
        event: EventNeed::of_view::<V>(),
        requirements: Requirements::default(),
        on_error: Vec::new(),
        call: Box::new(OfView::<_, V>(run, PhantomData)),
    }
}

impl EventNeed {
    /// Asks for nothing.
    pub(crate) fn nothing() -> Self {
        Self {
            name: "",
            kinds: EventKinds::EMPTY,
            intents: Intents::empty(),
            matches: |_| false,
            carries: |_| Presence::Never,
            is_view: false,
        }
    }

    /// Asks for interactions, of a sort that has certain parts.
    pub(crate) fn interaction(name: &'static str, carries: fn(Part) -> Presence) -> Self {
        Self {
            name,
            kinds: EventKinds::of(EventType::InteractionCreate),
            carries,
            ..Self::nothing()
        }
    }

    pub(crate) fn of<E: EventPayload>() -> Self {
        Self {
            name: E::NAME,
            kinds: E::kinds(),
            intents: E::intents(),
            matches: E::matches,
            carries: E::carries,
            is_view: E::IS_VIEW,
        }
    }

    fn of_view<V: EventView>() -> Self {
        Self {
            name: V::NAME,
            // Whoever asks has the event read as a whole, and only its kind brings it here.
            matches: |_| true,
            is_view: true,
            ..Self::of::<V::Of>()
        }
    }
}

/// A function found by its signature.
struct Function<F, E, Args>(F, PhantomData<fn() -> (E, Args)>);

impl<F, E, Args> Call for Function<F, E, Args>
where
    F: for<'a> ListenerFn<'a, E, Args>,
    E: EventPayload,
    Args: 'static,
{
    fn call<'a>(&'a self, ctx: &'a Context) -> BoxFuture<'a, Result<(), Failure>> {
        match ctx.occurrence().and_then(E::read) {
            Some(Ok(View::Borrowed(event))) => self.0.run(ctx, event),
            Some(Ok(View::Owned(event))) => Box::pin(async move { self.0.run(ctx, &event).await }),
            Some(Err(error)) => unreadable(ctx, &error),
            // Only events that match are brought here.
            None => Box::pin(async { Ok(()) }),
        }
    }
}

/// A closure made by generated code, for a part of an event that it is handed.
struct OfView<F, V>(F, PhantomData<fn() -> V>);

impl<F, V> Call for OfView<F, V>
where
    F: for<'a> Fn(&'a Context, V::At<'a>) -> BoxFuture<'a, Result<(), Failure>> + Send + Sync,
    V: EventView,
{
    fn call<'a>(&'a self, ctx: &'a Context) -> BoxFuture<'a, Result<(), Failure>> {
        match ctx
            .occurrence()
            .and_then(Occurrence::text)
            .map(EventText::view)
        {
            Some(Ok(view)) => self.0(ctx, view),
            Some(Err(error)) => unreadable(ctx, &error),
            // Only events whose text is kept are brought here.
            None => Box::pin(async { Ok(()) }),
        }
    }
}

/// Fails because an event is of another form than a view of it.
fn unreadable<'a>(ctx: &Context, error: &serde_json::Error) -> BoxFuture<'a, Result<(), Failure>> {
    let kind = ctx.occurrence().and_then(Occurrence::kind);
    let name = kind.and_then(EventType::name).map(str::to_owned);
    let malformed = MalformedEvent::new(name, Some(ctx.scene.sequence), error);
    Box::pin(async { Err(malformed.into_failure()) })
}

/// A closure made by generated code, which has made the extractors' arguments itself.
struct Generated<F>(F);

impl<'a, F, E> ListenerFn<'a, E, Generated<()>> for Generated<F>
where
    F: for<'b> Fn(&'b Context, &'b E) -> BoxFuture<'b, Result<(), Failure>> + Send + Sync + 'static,
{
    fn run(&'a self, ctx: &'a Context, event: &'a E) -> BoxFuture<'a, Result<(), Failure>> {
        self.0(ctx, event)
    }

    fn require(_: &mut Requirements) {}
}
