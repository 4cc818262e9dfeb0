//! The first argument of an error handler: how it sees the failed invocation.

use twilight_model::gateway::Intents;
use twilight_model::gateway::event::Event;

use crate::error::ErrorContext;
#[cfg(feature = "cache")]
use crate::event::Resources;
use crate::event::{EventPayload, Occurrence, Part, Presence, View};
use crate::interaction::{
    self, AutocompleteContext, CommandContext, ComponentContext, InteractionContext,
    InteractionKind, MenuContext, MessageMenuContext, ModalContext, UserMenuContext,
};

/// A type that an error handler may take first: [`ErrorContext`], an event, or the context of a kind of
/// interaction.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the first argument of an error handler",
    label = "neither `ErrorContext` nor an event",
    note = "take `&ErrorContext`, or an event such as `&MessageCreate` to handle only failures of that event's handlers",
    note = "or take the context of one kind of interaction, such as `&CommandContext` or `&ComponentContext`"
)]
pub trait Subject: Sized + Send + Sync + 'static {
    /// How narrow it is: nothing for whatever failed, more for an event, and more still for one sort of
    /// interactions, or a sort of that.
    const DEPTH: u8;

    /// What the event is called.
    const NAME: &'static str;

    /// Returns the intents that bring the event: all, if it can be any.
    fn intents() -> Intents;

    /// Returns whether a failure of a handler of this event is one to be asked about.
    fn matches(occurrence: Option<&Occurrence>) -> bool;

    /// Returns whether the event has a part, as far as its type tells.
    fn carries(part: Part) -> Presence;

    /// Sees the failed invocation as this type.
    fn view(ctx: &ErrorContext) -> Option<View<'_, Self>>;

    /// Returns what the cache must keep for it.
    #[cfg(feature = "cache")]
    #[doc(hidden)]
    #[must_use]
    fn resources() -> Resources {
        Resources::NONE
    }
}

impl Subject for ErrorContext {
    const DEPTH: u8 = 0;
    const NAME: &'static str = "any event";

    fn intents() -> Intents {
        Intents::all()
    }

    fn matches(_: Option<&Occurrence>) -> bool {
        true
    }

    fn carries(_: Part) -> Presence {
        Presence::Sometimes
    }

    fn view(ctx: &ErrorContext) -> Option<View<'_, Self>> {
        Some(View::Borrowed(ctx))
    }
}

/// Implements it for the contexts of interactions.
macro_rules! interactions {
    ($($context:ident: $depth:literal),*) => {
        $(impl Subject for $context {
            const DEPTH: u8 = $depth;
            const NAME: &'static str = <$context as InteractionKind>::NAME;

            fn intents() -> Intents {
                Intents::empty()
            }

            fn matches(occurrence: Option<&Occurrence>) -> bool {
                match occurrence.and_then(Occurrence::event).map(|event| &**event) {
                    Some(Event::InteractionCreate(interaction)) => {
                        <$context as InteractionKind>::matches(interaction)
                    }
                    _ => false,
                }
            }

            fn carries(part: Part) -> Presence {
                interaction::carries(part)
            }

            fn view(ctx: &ErrorContext) -> Option<View<'_, Self>> {
                <$context as InteractionKind>::of(ctx.context()).map(Box::new).map(View::Owned)
            }
        })*
    };
}

interactions!(
    InteractionContext: 1,
    CommandContext: 2,
    AutocompleteContext: 2,
    MenuContext: 2,
    UserMenuContext: 3,
    MessageMenuContext: 3,
    ComponentContext: 2,
    ModalContext: 2
);

#[diagnostic::do_not_recommend]
impl<P: EventPayload> Subject for P {
    const DEPTH: u8 = 1;
    const NAME: &'static str = P::NAME;

    fn intents() -> Intents {
        P::intents()
    }

    fn matches(occurrence: Option<&Occurrence>) -> bool {
        occurrence.is_some_and(P::matches)
    }

    fn carries(part: Part) -> Presence {
        P::carries(part)
    }

    fn view(ctx: &ErrorContext) -> Option<View<'_, Self>> {
        ctx.context().occurrence().and_then(P::view)
    }

    #[cfg(feature = "cache")]
    fn resources() -> Resources {
        P::resources()
    }
}
