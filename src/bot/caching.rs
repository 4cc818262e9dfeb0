//! What the cache keeps: what the author asks for, and what handlers take.

use std::sync::Arc;

use twilight_model::gateway::Intents;

use crate::bot::assembly::Assembly;
use crate::bot::builder::IntentChoice;
use crate::bot::{BotBuilder, Mistake};
use crate::cache::{Bounds, Resource, Resources};
use crate::dispatch::Engine;
use crate::extract::Requirements;
use crate::meta::Meta;

impl BotBuilder {
    /// Keeps what the gateway sends about some resources, for handlers to look up with
    /// [`Context::cache`](crate::Context::cache).
    ///
    /// It also asks for the intents that this needs. The bot keeps what a handler takes as an argument, with
    /// [`Cached`](crate::cache::Cached) or [`Updated`](crate::cache::Updated), in any case. See
    /// [`cache`](crate::cache).
    ///
    /// # Examples
    ///
    /// ```
    /// use cordial::cache::Resource;
    /// use cordial::prelude::*;
    ///
    /// let bot = Bot::builder().cache([Resource::Guilds, Resource::VoiceStates]).build()?;
    ///
    /// assert_eq!(bot.intents(), Intents::GUILDS | Intents::GUILD_VOICE_STATES);
    /// # Ok::<(), cordial::BuildError>(())
    /// ```
    pub fn cache(mut self, resources: impl Into<Resources>) -> Self {
        self.cache.resources = self.cache.resources | resources.into();
        self
    }

    /// Keeps the newest messages: up to so many of each channel, and so many in all.
    ///
    /// Unless set, and if messages are kept, that is 100 and 10,000. Zero is a mistake.
    ///
    /// # Examples
    ///
    /// ```
    /// use cordial::prelude::*;
    ///
    /// let bot = Bot::builder().cache_messages(20, 1_000);
    /// ```
    pub fn cache_messages(mut self, per_channel: usize, in_all: usize) -> Self {
        self.cache.messages = Bounds {
            per_place: per_channel,
            in_all,
        };
        self.cache(Resource::Messages)
    }
}

/// The resources that handlers ask the cache to keep.
#[derive(Default)]
pub(crate) struct Caching(Vec<(Meta, Resources)>);

impl Caching {
    /// Notes what a handler asks the cache to keep.
    pub(crate) fn ask(&mut self, handler: &Meta, requirements: &Requirements) {
        if !requirements.resources.is_empty() {
            self.0.push((handler.clone(), requirements.resources));
        }
    }

    /// Lets it be kept.
    pub(crate) fn begin(&self, engine: &Engine) {
        let asked = self.0.iter().map(|(_, resources)| *resources);
        engine
            .cache
            .begin(asked.fold(Resources::NONE, Resources::union));
        // Whoever asks for the health of a bot keeps nothing of it alive.
        let cache = Arc::downgrade(&engine.cache);
        let usage = move || cache.upgrade().map(|cache| cache.usage());
        engine
            .health
            .counts_cache(move || usage().unwrap_or_default());
    }
}

impl Assembly<'_> {
    /// Works out the intents that the cache asks for, and refuses what leaves them out. Returns those that
    /// no handler asks for.
    pub(crate) fn ask_for_cache(&mut self, choice: IntentChoice) -> Intents {
        let needed = |resources: Resources| match choice {
            IntentChoice::Derived { .. } => resources.intents(),
            IntentChoice::Only(chosen) => resources.lack(chosen),
        };
        let asking = self.caching.0.iter();
        let asking = asking.map(|(meta, resources)| (meta.clone(), needed(*resources)));
        self.asking
            .extend(asking.filter(|(_, intents)| !intents.is_empty()));
        let plan = self.engine.cache.plan();
        if plan.messages.per_place == 0 || plan.messages.in_all == 0 {
            self.mistakes.push(Mistake::CacheWithoutRoom);
        }
        let by_author = needed(plan.resources);
        if let IntentChoice::Only(_) = choice
            && !by_author.is_empty()
        {
            self.mistakes.push(Mistake::UncachedIntents {
                resources: plan.resources,
                needed: by_author,
            });
        }
        by_author
    }
}
