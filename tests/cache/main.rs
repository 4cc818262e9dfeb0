//! The cache: what it keeps, what it forgets, and what handlers see of it.

#![expect(
    clippy::unwrap_used,
    reason = "a test that finds nothing to look at fails"
)]

mod asking;
mod channels;
mod guilds;
mod members;
mod messages;
mod presences;
mod roles;
mod serving;
mod voice_states;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cordial::bot::{FileStore, Mistake};
use cordial::cache::{
    BulkDeleted, CacheOff, Channel, Guild, Member, Presence, Resource, Resources, VoiceState,
};
use cordial::dispatch::Order;
use cordial::event::EventKinds;
use cordial::exception::{MalformedEvent, SessionLost};
use cordial::prelude::*;
use cordial::testing::{Person, Simulator};
use cordial::twilight::model::gateway::event::EventType;
use cordial::twilight::model::gateway::presence::Status;

/// What handlers saw, in order.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<String>>>);

impl Seen {
    fn note(&self, text: impl Into<String>) {
        self.0.lock().unwrap().push(text.into());
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    #[track_caller]
    fn assert(&self, expected: &[&str]) {
        assert_eq!(self.take(), expected);
    }
}

/// Puts a bot with a [`Seen`] on the simulated Discord, with alice and bob in the guild.
async fn simulator(bot: BotBuilder) -> (Simulator, Seen) {
    let seen = Seen::default();
    let bot = bot.state(seen.clone());
    let sim = Simulator::builder(bot).member("alice").member("bob");
    (sim.start().await, seen)
}

/// Asks the cache from outside of events: a listener that runs when somebody types.
fn looking<F>(look: F) -> BotBuilder
where
    F: Fn(&Context) -> String + Send + Sync + 'static,
{
    type Look = Box<dyn Fn(&Context) -> String + Send + Sync>;

    #[listener]
    async fn looks(ctx: &Context, _: &TypingStart, look: State<Look>, seen: State<Seen>) {
        seen.note(look(ctx));
    }

    let boxed: Look = Box::new(look);
    Bot::builder().state(boxed).add(handlers![looks])
}

async fn look(sim: &Simulator) {
    sim.person("alice").type_something().await;
}

fn before<T>(before: Option<&Arc<T>>, show: impl Fn(&T) -> String) -> String {
    before.map_or_else(|| "?".to_owned(), |before| show(before))
}
