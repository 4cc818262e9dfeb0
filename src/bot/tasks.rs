//! Assembly of tasks.

use std::sync::Arc;

use crate::bot::Mistake;
use crate::bot::assembly::{Assembly, Surroundings};
use crate::bot::validate::Need;
use crate::dispatch::{EventNeed, Pace, Route};
use crate::event::Presence;
use crate::handler::TimeLimit;
use crate::outcome::Level;
use crate::task::{Schedule, Scheduled, Task};

impl Assembly<'_> {
    /// Adds a task.
    pub(crate) fn add_task(&mut self, task: Task, around: &Surroundings) {
        let need = Need {
            handler: &task.meta,
            event: "Task",
            carries: |_| Presence::Never,
        };
        self.refuse_unmet(&need, &task.requirements, &around.states);
        let Some(schedule) = self.schedule(&task) else {
            return;
        };
        let levels = self.levels(
            (Level::Handler, Some(task.meta.clone())),
            task.on_error,
            &around.states,
            &around.levels,
        );
        let event = EventNeed::nothing();
        let more_intents = task.requirements.intents_for(event.intents);
        if !more_intents.is_empty() {
            self.asking.push((task.meta.clone(), more_intents));
        }
        let engine = self.engine;
        let time = task.time.or(engine.policy.task_time);
        let stop = match schedule {
            Schedule::Stop => &self.tasks.cut_off,
            _ => &engine.stop,
        };
        let route = Route {
            meta: task.meta,
            time: time.map_or(TimeLimit::None, TimeLimit::Own),
            event,
            more_intents,
            call: task.call,
            levels,
            states: Arc::clone(&around.states),
            engine: Arc::clone(engine),
            stop: stop.clone(),
            conduct: None,
            pace: Pace::default(),
        };
        self.tasks.all.push(Arc::new(Scheduled {
            route: Arc::new(route),
            schedule,
            jitter: task.jitter,
        }));
    }

    /// Works out when a task runs, unless something is wrong with that.
    fn schedule(&mut self, task: &Task) -> Option<Schedule> {
        let mistake = |flaw| Mistake::Task {
            task: task.meta.clone(),
            flaw,
        };
        let schedule = task.schedule();
        schedule
            .map_err(|flaws| self.mistakes.extend(flaws.into_iter().map(mistake)))
            .ok()
    }
}
