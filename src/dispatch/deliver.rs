//! From a shard to the invocations: an event is handled at once, or waits for its turn, or is shed.
//!
//! Nothing here blocks, so a shard that delivers an event keeps reading whatever happens.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::time::{Instant, sleep_until};
use twilight_model::gateway::event::{Event, EventType};

use crate::context::Scene;
use crate::dispatch::intake::{Due, Postponed, Prepared, Seat, Turn};
use crate::dispatch::{Dispatcher, Hold, Ready};
use crate::event::{ConnectionEvent, Occurrence, RawEvent};
use crate::exception::{MalformedEvent, Overloaded};
use crate::failure::IntoFailure;
use crate::health::Load;
use crate::sabotage::{self, Sabotage};

/// An event in hand: what its invocations share until the last of them has ended.
struct InHand {
    dispatcher: Arc<Dispatcher>,
    seat: Seat,
    _hold: Hold,
}

impl Drop for InHand {
    fn drop(&mut self) {
        if self.dispatcher.intake.leave(self.seat) {
            self.dispatcher.serve_waiting();
        }
    }
}

impl Dispatcher {
    /// Takes an event from a shard, with its length as text. Returns the handlers to run now.
    pub(crate) fn deliver(
        self: &Arc<Self>,
        event: Event,
        surroundings: Scene,
        bytes: usize,
    ) -> Option<Ready> {
        let scene = surroundings.with_event(event);
        self.take_in(self.prepare(scene, false, bytes, None)?)
    }

    /// Takes an event that cannot be read. Returns the handlers to run now.
    pub(crate) fn deliver_raw(
        self: &Arc<Self>,
        event: RawEvent,
        surroundings: Scene,
        hold: Hold,
    ) -> Option<Ready> {
        self.take_in(self.prepare_raw(event, surroundings, hold)?)
    }

    /// Takes a message that should be an event, but is not. Returns the handlers to run now.
    pub(crate) fn deliver_malformed(
        self: &Arc<Self>,
        error: MalformedEvent,
        json: String,
        surroundings: Scene,
        hold: Hold,
    ) -> Option<Ready> {
        self.take_in(self.malformed(error, json, surroundings, hold)?)
    }

    /// Finds the handlers of an event that cannot be read.
    pub(crate) fn prepare_raw(
        &self,
        event: RawEvent,
        surroundings: Scene,
        hold: Hold,
    ) -> Option<Prepared> {
        let bytes = event.json().len();
        let occurrence = Some(Occurrence::Raw(Arc::new(event)));
        let scene = Scene {
            occurrence,
            ..surroundings
        };
        self.prepare(scene, false, bytes, hold)
    }

    /// Finds the handlers of an event, if there are any. `hold` is dropped once all its invocations have
    /// ended (but not the tasks that they left), or once it is shed.
    pub(crate) fn prepare(
        &self,
        scene: Scene,
        is_shown: bool,
        bytes: usize,
        hold: Hold,
    ) -> Option<Prepared> {
        let (handlers, scene) = self.find(scene, is_shown);
        if handlers.is_empty() {
            self.engine.announce(&scene, 0);
            return None;
        }
        Some(Prepared {
            scene,
            handlers,
            hold,
            bytes,
        })
    }

    /// Tells listeners of a change of the connection, at once.
    pub(crate) fn tell(&self, event: ConnectionEvent, surroundings: Scene) {
        let occurrence = Some(Occurrence::Connection(Arc::new(event)));
        let scene = Scene {
            occurrence,
            ..surroundings
        };
        let (handlers, scene) = self.find(scene, false);
        self.engine.announce(&scene, handlers.len());
        self.start(handlers, &scene, &None).for_each(drop);
    }

    /// Takes an event that was read in hand, or lets it wait if there is no room.
    pub(crate) fn take_in(self: &Arc<Self>, prepared: Prepared) -> Option<Ready> {
        let kind = kind(&prepared.scene);
        if let Some(seat) = self.intake.admit(kind) {
            return Some(self.seated(prepared, seat));
        }
        self.intake.enqueue(Postponed::Read(prepared));
        self.serve();
        None
    }

    /// Gives an event that was read its seat.
    fn seated(self: &Arc<Self>, prepared: Prepared, seat: Seat) -> Ready {
        let hold = Some(self.in_hand(seat, prepared.hold));
        Ready::new(Prepared { hold, ..prepared })
    }

    /// Returns what an event holds that was given a seat.
    pub(crate) fn in_hand(self: &Arc<Self>, seat: Seat, hold: Hold) -> Arc<dyn Send + Sync> {
        Arc::new(InHand {
            dispatcher: Arc::clone(self),
            seat,
            _hold: hold,
        })
    }

    /// Gives up all waiting events, and reports what was shed and what the log left out. Events with a hold
    /// are not shed but left to the next run. Returns whether there was anything to report.
    pub(crate) fn close(&self) -> bool {
        let mut left = 0;
        while let Some(rest) = self.intake.rest() {
            if rest.hold().is_some() {
                left += 1;
                self.leave(rest);
            } else {
                self.count_shed(&rest);
            }
        }
        if left > 0 {
            tracing::warn!(
                events = left,
                "events are left to the next run, because there was no time for them"
            );
        }
        self.engine.log_hidden();
        self.tell_of_shed()
    }

    /// Returns the current load.
    pub(crate) fn load(&self) -> Load {
        Load {
            running: self.engine.tasks.len(),
            ..self.intake.load()
        }
    }

    /// Starts waiting events as long as there is room, and sheds those without room.
    pub(crate) fn serve(self: &Arc<Self>) {
        self.serve_waiting();
        while let Some(excess) = self.intake.excess() {
            self.shed(&excess);
        }
    }

    /// Starts waiting events as long as there is room.
    fn serve_waiting(self: &Arc<Self>) {
        let mut is_server = false;
        while let Some(turn) = self.intake.turn(&mut is_server) {
            match turn {
                Turn::Start(event, seat) if self.can_start() => {
                    self.start_waiting(event, seat)
                        .into_iter()
                        .for_each(Ready::spawn);
                }
                Turn::Start(event, seat) => {
                    self.shed(&event);
                    self.intake.leave(seat);
                }
                Turn::Shed(event) => self.shed(&event),
            }
        }
    }

    /// Takes a waiting event in hand. Returns the handlers to run.
    fn start_waiting(self: &Arc<Self>, event: Postponed, seat: Seat) -> Option<Ready> {
        match event {
            Postponed::Unread(unread) => unread.start(seat),
            Postponed::Read(prepared) => Some(self.seated(prepared, seat)),
        }
    }

    /// Returns whether anything can be started still.
    fn can_start(&self) -> bool {
        !self.engine.stop.is_cancelled() && Handle::try_current().is_ok()
    }

    /// Sheds an event, which is reported later.
    fn shed(self: &Arc<Self>, event: &Postponed) {
        match self.count_shed(event) {
            Due::Now => {
                self.tell_of_shed();
            }
            Due::At(time) => self.tell_of_shed_at(time),
            Due::Awaited => {}
        }
    }

    /// Leaves an event undone for ever.
    fn leave(&self, event: Postponed) {
        let Scene {
            shard, sequence, ..
        } = event.surroundings();
        self.engine
            .observe(|observer| observer.left(shard.id(), *sequence, event.kind()));
        event.leave();
    }

    fn count_shed(&self, event: &Postponed) -> Due {
        if sabotage::is(Sabotage::KeepShed) {
            event.keep();
        }
        let Scene {
            shard,
            sequence,
            http,
            ..
        } = event.surroundings();
        self.engine
            .observe(|observer| observer.shed(shard.id(), *sequence, event.kind()));
        let surroundings = || Scene::new(shard.clone(), 0, http.clone());
        self.intake.tally.add(event.kind(), surroundings)
    }

    /// Reports to the error handlers what was shed since the last report. Returns whether there was anything.
    fn tell_of_shed(&self) -> bool {
        // Without a runtime there is nobody left to be told.
        if Handle::try_current().is_err() {
            return false;
        }
        let Some(shed) = self.intake.tally.take() else {
            return false;
        };
        let overloaded = Overloaded::new(shed.counts, shed.within, self.load());
        self.connection_failed(overloaded.into_failure(), shed.surroundings);
        true
    }

    /// Reports it at a time, or when the bot stops, without blocking.
    fn tell_of_shed_at(self: &Arc<Self>, time: Instant) {
        if Handle::try_current().is_err() {
            return;
        }
        let dispatcher = Arc::clone(self);
        tokio::spawn(async move {
            let stop = &dispatcher.engine.stop;
            stop.run_until_cancelled(sleep_until(time)).await;
            dispatcher.tell_of_shed();
        });
    }
}

/// Returns which event it is about, if that could be read.
pub(crate) fn kind(scene: &Scene) -> Option<EventType> {
    scene.occurrence.as_ref()?.kind()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::Weak;
    use std::time::Duration;

    use tokio::runtime::Builder;
    use tokio::sync::mpsc::unbounded_channel;
    use tokio::time::sleep;
    use tokio_util::sync::CancellationToken;
    use tokio_util::task::TaskTracker;
    use twilight_model::gateway::Intents;

    use super::*;
    use crate::clock::Clock;
    use crate::context::{Context, Fleet, Owners, Shard, StateMap};
    use crate::dispatch::{
        Engine, Fresh, Interactions, Listener, Pace, Policy, Route, Routes, Rules, Shed, Unread,
        Wanted,
    };
    use crate::error::{Flood, Resolver, Unhandled};
    use crate::event::{Changes, EventKinds, Resumed};
    use crate::exception::Lattice;
    use crate::failure::Result;
    use crate::health::Health;
    use crate::http::{Http, Policy as HttpPolicy};

    const SECOND: Duration = Duration::from_secs(1);

    /// Takes a second, and leaves a task that takes an hour.
    async fn takes_a_second(ctx: &Context, _: &Resumed) {
        ctx.spawn("later", async {
            sleep(SECOND * 3600).await;
            Ok(())
        });
        sleep(SECOND).await;
    }

    fn engine() -> Arc<Engine> {
        let (fatal, _) = unbounded_channel();
        Arc::new(Engine {
            resolver: Resolver {
                lattice: Arc::new(Lattice::collected()),
                time: None,
                stop: CancellationToken::new(),
            },
            policy: Policy {
                listener_time: None,
                interaction_time: None,
                task_time: None,
                defer_after: None,
                max_retries: 0,
                unhandled: Unhandled::default(),
                log_limit: 20,
                shows_failures: false,
            },
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
            fatal,
            observers: Vec::new(),
            owners: Owners::new(Vec::new()),
            clock: Clock::default(),
            health: Health::default(),
            fleet: Fleet::default(),
            apology: Box::new(|_, _| None),
            flood: Flood::default(),
            watchers: Arc::default(),
            #[cfg(feature = "cache")]
            cache: Arc::default(),
        })
    }

    fn route(engine: &Arc<Engine>) -> Arc<Route> {
        let listener = Listener::new(takes_a_second);
        Arc::new(Route {
            meta: listener.meta,
            time: listener.time,
            event: listener.event,
            more_intents: Intents::empty(),
            call: listener.call,
            levels: Vec::new(),
            states: Arc::new(StateMap::default()),
            engine: Arc::clone(engine),
            stop: engine.stop.clone(),
            conduct: None,
            pace: Pace::default(),
        })
    }

    /// Makes one with so many listeners of [`Resumed`], room for one event in hand, and for so many that
    /// wait.
    fn dispatcher(listeners: usize, queued: usize) -> Arc<Dispatcher> {
        let engine = engine();
        let wanted = Wanted::Derived {
            more: EventKinds::EMPTY,
        };
        let routes = Routes::new((0..listeners).map(|_| route(&engine)), wanted);
        let connection = Route::of_connection(Vec::new(), Arc::new(StateMap::default()), &engine);
        let mut rules = Rules {
            most_in_hand: 1,
            sheds: HashMap::from([(Event::Resumed.kind(), Shed::Last)]),
            ..Rules::default()
        };
        rules.bounds.events = queued;
        let dispatcher = Dispatcher::new(engine, routes, Interactions::default(), connection);
        Arc::new(dispatcher.within(rules))
    }

    fn http() -> Result<Http> {
        Http::new(
            None,
            Some(([127, 0, 0, 1], 1).into()),
            HttpPolicy::default(),
        )
    }

    /// Lets an event come, and returns what is kept with it.
    fn come(dispatcher: &Arc<Dispatcher>, http: &Http) -> Weak<()> {
        let done = Arc::new(());
        let kept = Arc::downgrade(&done);
        let resumed = Unread {
            dispatcher: Arc::clone(dispatcher),
            kind: EventType::Resumed,
            json: r#"{"t":"RESUMED","s":1,"op":0,"d":{}}"#.to_owned(),
            usual: None,
            surroundings: Scene::new(Shard::apart(), 1, http.clone()),
            hold: Some(done),
            is_shown: false,
            event: None,
            changes: Changes::default(),
        };
        Fresh::Unread(resumed).run();
        kept
    }

    fn is_kept(kept: &Weak<()>) -> bool {
        kept.strong_count() > 0
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_kept_with_an_event_goes_once_its_last_handler_has_ended() -> Result<()> {
        let dispatcher = dispatcher(2, 1);

        let kept = come(&dispatcher, &http()?);

        sleep(SECOND / 2).await;
        assert!(is_kept(&kept));
        sleep(SECOND).await;
        assert!(!is_kept(&kept));
        assert_eq!(dispatcher.load().in_hand, 0);
        Ok(())
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_kept_with_an_event_goes_once_it_is_shed() -> Result<()> {
        let (dispatcher, http) = (dispatcher(1, 1), http()?);

        let [first, second, third] = [(); 3].map(|()| come(&dispatcher, &http));

        assert_eq!([&first, &second, &third].map(is_kept), [true, false, true]);
        let Load {
            in_hand,
            queued,
            shed,
            ..
        } = dispatcher.load();
        assert_eq!((in_hand, queued, shed), (1, 1, 1));
        sleep(SECOND * 3 / 2).await;
        assert_eq!([&first, &third].map(is_kept), [false, true]);
        sleep(SECOND).await;
        assert!(!is_kept(&third));
        Ok(())
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_kept_with_an_event_that_nobody_wants_goes_at_once() -> Result<()> {
        let kept = come(&dispatcher(0, 1), &http()?);

        assert!(!is_kept(&kept));
        Ok(())
    }

    #[test]
    fn a_runtime_that_ends_while_much_waits_needs_no_more_stack_for_that() {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        let dispatcher = dispatcher(1, 10_000);
        runtime.block_on(async {
            let http = http().expect("a port");
            (0..10_000).for_each(|_| drop(come(&dispatcher, &http)));
        });
        assert!(dispatcher.load().queued > 9_000);

        drop(runtime);

        assert_eq!(dispatcher.load().queued, 0);
    }
}
