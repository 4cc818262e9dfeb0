//! Interactions that handlers have waited for: a handler answers them as it would answer its own.

use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::answer::{Attendant, Responder};
use crate::context::{Context, Home, Scene};
use crate::meta::Meta;

/// The interactions that the handlers of an event have waited for.
#[derive(Default)]
pub(crate) struct Claims {
    /// Whether there have been any: most handlers wait for none, and need not take the lock to find out.
    is_used: AtomicBool,
    list: Mutex<Vec<Claim>>,
}

/// An interaction that a handler has waited for.
struct Claim {
    /// Where it belongs: to the handler, or to a task that the handler left.
    home: Arc<dyn Home>,
    handler: Meta,
    scene: Arc<Scene>,
    /// `None` once the handler has ended without an answer.
    attendant: Option<Attendant>,
}

impl Claims {
    /// Returns those that there are, if there have been any.
    fn used(&self) -> Option<MutexGuard<'_, Vec<Claim>>> {
        self.is_used.load(Ordering::Acquire).then(|| self.list())
    }

    fn add(&self, claim: Claim) {
        let mut list = self.list();
        list.push(claim);
        self.is_used.store(true, Ordering::Release);
    }

    fn list(&self) -> MutexGuard<'_, Vec<Claim>> {
        // Nothing is changed halfway by a panic.
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clone for Claims {
    /// What is copied are the surroundings of an event, before anybody handles it.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Claim {
    fn new(ctx: &Context, handler: &Meta, scene: &Arc<Scene>) -> Self {
        Self {
            home: Arc::clone(&ctx.home),
            handler: handler.clone(),
            scene: Arc::clone(scene),
            attendant: scene.responder.as_ref().map(Responder::attend),
        }
    }

    fn is_of(&self, ctx: &Context) -> bool {
        let is_at_home = std::ptr::addr_eq(Arc::as_ptr(&self.home), Arc::as_ptr(&ctx.home));
        is_at_home && self.handler.is_same(&ctx.handler)
    }
}

impl Context {
    /// Notes that the handler was given an interaction, and is to answer it.
    pub(crate) fn claim(&self, scene: &Arc<Scene>) {
        let claim = Claim::new(self, &self.handler, scene);
        self.origin().claims.add(claim);
    }

    /// Notes that the handler was not given it after all.
    pub(crate) fn disclaim(&self, scene: &Arc<Scene>) {
        let mut list = self.origin().claims.list();
        list.retain(|claim| !(claim.is_of(self) && Arc::ptr_eq(&claim.scene, scene)));
    }

    /// Notes that a task which the handler spawns may answer the interactions that the handler was given.
    pub(crate) fn share_claims(&self, task: &Meta) {
        let Some(mut list) = self.origin().claims.used() else {
            return;
        };
        let shared = list.iter().filter(|claim| claim.is_of(self));
        let shared = shared.map(|claim| Claim::new(self, task, &claim.scene));
        let shared: Vec<_> = shared.collect();
        list.extend(shared);
    }

    /// Notes that the handler has ended. Returns whether it was the last that could have answered an
    /// interaction which nobody has answered: such claims stay until they are [taken](Self::take_claims).
    pub(crate) fn leaves_unanswered(&self) -> bool {
        let Some(mut list) = self.origin().claims.used() else {
            return false;
        };
        let mut is_any_left = false;
        list.retain_mut(|claim| {
            if !claim.is_of(self) {
                return true;
            }
            let attendant = claim.attendant.take();
            let is_left = attendant.is_some_and(Attendant::leaves_unanswered);
            is_any_left |= is_left;
            is_left
        });
        is_any_left
    }

    /// Returns the contexts of all interactions that the handler was given and will not answer any more.
    pub(crate) fn take_claims(&self) -> Vec<Self> {
        let Some(mut list) = self.origin().claims.used() else {
            return Vec::new();
        };
        let (own, others) = mem::take(&mut *list)
            .into_iter()
            .partition::<Vec<_>, _>(|claim| claim.is_of(self));
        *list = others;
        drop(list);
        let scenes = own.into_iter().map(|claim| claim.scene);
        scenes.map(|scene| self.awaited(scene)).collect()
    }
}
