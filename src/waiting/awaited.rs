//! The events that handlers waited for.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use twilight_model::gateway::event::EventType;

use crate::context::{Context, Scene};
use crate::event::{EventPayload, View};
use crate::exception::MalformedEvent;
use crate::failure::{IntoFailure, Result};

/// An event that a handler waited for, which derefs to its payload.
pub struct Awaited<E> {
    ctx: Context,
    /// The payload, if it is not a part of the event.
    owned: Option<Box<E>>,
}

impl<E: EventPayload> Awaited<E> {
    /// Views what happened as the awaited event, if it is one.
    pub(crate) fn see(scene: &Arc<Scene>) -> Option<Result<View<'_, E>>> {
        let occurrence = scene.occurrence.as_ref()?;
        let is_whole = E::IS_VIEW || E::matches(occurrence);
        let seen = is_whole.then(|| E::read(occurrence)).flatten()?;
        Some(seen.map_err(|error| {
            let name = occurrence.kind().and_then(EventType::name);
            let name = name.map(str::to_owned);
            MalformedEvent::new(name, Some(scene.sequence), &error).into_failure()
        }))
    }

    /// Creates it for the handler that waited.
    pub(crate) fn new(waiting: &Context, scene: &Arc<Scene>, seen: View<'_, E>) -> Self {
        let owned = match seen {
            View::Borrowed(_) => None,
            View::Owned(payload) => Some(payload),
        };
        let ctx = waiting.awaited(Arc::clone(scene));
        Self { ctx, owned }
    }

    /// Returns a context for this event: its [`reply`](Context::reply) answers the event.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.ctx
    }

    fn payload(&self) -> Option<&E> {
        if let Some(owned) = &self.owned {
            return Some(owned);
        }
        match self.ctx.occurrence().and_then(E::read)? {
            Ok(View::Borrowed(payload)) => Some(payload),
            _ => None,
        }
    }
}

impl<E: EventPayload> Deref for Awaited<E> {
    type Target = E;

    fn deref(&self) -> &E {
        self.payload()
            .unwrap_or_else(|| unreachable!("it was seen as this before"))
    }
}

impl<E: EventPayload> fmt::Debug for Awaited<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the payload, which may hold tokens and what people wrote.
        f.debug_tuple("Awaited").field(&E::NAME).finish()
    }
}
