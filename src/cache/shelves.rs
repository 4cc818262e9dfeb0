//! The storage of all types.

use std::sync::{Arc, OnceLock};

use twilight_model::channel::{Channel, Message};
use twilight_model::gateway::presence::Presence;
use twilight_model::guild::{Member, Role};
use twilight_model::voice::VoiceState;

use crate::cache::{Cacheable, Guild, Plan, Shelf};
use crate::event::{EventKinds, Resource, Resources};
use crate::health::CacheUsage;

/// The storage of all types: a shelf for each.
#[derive(Debug, Default)]
pub struct Shelves {
    /// What the author asks for.
    plan: Plan,
    /// The resources to keep, once it is known what handlers take, and the events that these need.
    kept: OnceLock<(Resources, EventKinds)>,
    pub(crate) guilds: Shelf<Guild>,
    pub(crate) channels: Shelf<Channel>,
    pub(crate) roles: Shelf<Role>,
    pub(crate) members: Shelf<Member>,
    pub(crate) messages: Shelf<Message>,
    pub(crate) voice_states: Shelf<VoiceState>,
    pub(crate) presences: Shelf<Presence>,
}

impl Shelves {
    pub(crate) fn new(plan: Plan) -> Self {
        Self {
            plan,
            ..Self::default()
        }
    }

    /// Returns what the author asks for.
    pub(crate) fn plan(&self) -> Plan {
        self.plan
    }

    /// Sets what handlers take beside that.
    pub(crate) fn begin(&self, taken: Resources) {
        let all = self.plan.resources | taken;
        // Set once, when the bot is built.
        self.kept.get_or_init(|| (all, all.kinds()));
    }

    /// Returns the resources that are kept.
    pub(crate) fn kept(&self) -> Resources {
        self.kept.get().map_or(Resources::NONE, |(kept, _)| *kept)
    }

    /// Returns the events that they need.
    pub(crate) fn kinds(&self) -> EventKinds {
        self.kept
            .get()
            .map_or(EventKinds::EMPTY, |(_, kinds)| *kinds)
    }

    /// Returns how much is kept of each resource.
    pub(crate) fn usage(&self) -> Vec<CacheUsage> {
        let usage = |resource| match resource {
            Resource::Guilds => self.guilds.usage(),
            Resource::Channels => self.channels.usage(),
            Resource::Roles => self.roles.usage(),
            Resource::Members => self.members.usage(),
            Resource::Messages => self.messages.usage(),
            Resource::VoiceStates => self.voice_states.usage(),
            Resource::Presences => self.presences.usage(),
        };
        let kept = self.kept().iter();
        kept.map(|resource| {
            let (entries, bytes) = usage(resource);
            CacheUsage::new(resource.name(), entries, bytes)
        })
        .collect()
    }

    /// Returns the shelf of a type, if it is kept.
    pub(crate) fn shelf<T: Cacheable>(&self) -> Option<&Shelf<T>> {
        self.kept().contains(T::RESOURCE).then(|| T::shelf(self))
    }

    /// Inserts a value if its type is kept, and returns it with the one that it replaced.
    pub(crate) fn put<T: Cacheable>(
        &self,
        (place, key): (T::Place, T::Key),
        value: impl FnOnce() -> T,
    ) -> Option<(Arc<T>, Option<Arc<T>>)> {
        let kept = self.shelf::<T>()?;
        let value = Arc::new(value());
        let before = if T::RESOURCE == Resource::Messages {
            kept.put_within(self.plan.messages, (place, key), Arc::clone(&value))
        } else {
            kept.put(place, key, Arc::clone(&value))
        };
        Some((value, before))
    }
}
