//! What an observer was told, and whether it is what had to come of a schedule.

use std::fmt::Display;
use std::sync::Mutex;

use cordial::exception::{MalformedEvent, Panicked, TimedOut};
use cordial::outcome::{Invocation, Observer, Outcome, Report, Resolution};
use cordial::twilight::model::gateway::ShardId;
use cordial::twilight::model::gateway::event::EventType;

use crate::campaign_kit::schedule::Expected;

/// What was told.
#[derive(Default)]
pub(crate) struct Record(Mutex<Told>);

#[derive(Default)]
struct Told {
    taken: Vec<(u64, usize)>,
    shed: usize,
    entries: Vec<String>,
    finished: Vec<String>,
    reports: Vec<String>,
    ids: Vec<String>,
    /// All of it, in order, without what differs from run to run.
    trace: Vec<String>,
}

impl Record {
    fn note(&self, what: impl Display, note: impl FnOnce(&mut Told)) {
        let mut told = self.0.lock().expect("no panic");
        told.trace.push(what.to_string());
        note(&mut told);
    }

    /// Notes that a listener entered. Returns whether it is the first time.
    pub(crate) fn enter(&self, key: &str, who: &str) -> bool {
        let entry = format!("{key} {who}");
        let mut is_first = false;
        self.note(format!("entered {entry}"), |told| {
            is_first = !told.entries.contains(&entry);
            told.entries.push(entry);
        });
        is_first
    }

    pub(crate) fn trace(&self) -> Vec<String> {
        self.0.lock().expect("no panic").trace.clone()
    }

    /// Returns what is not as it should be.
    pub(crate) fn violations(&self, expected: &Expected) -> Vec<String> {
        let told = self.0.lock().expect("no panic");
        let mut violations = Vec::new();
        if told.taken != expected.taken || told.shed > 0 {
            let (all, taken) = (expected.taken.len(), told.taken.len());
            violations.push(format!(
                "I1: {taken} of {all} events were taken in as they came"
            ));
        }
        let mut ids = told.ids.clone();
        ids.sort();
        ids.dedup();
        if ids.len() != told.ids.len() {
            violations.push("I2: a failure was reported twice".to_owned());
        }
        compare("I1", &told.finished, &expected.finished, &mut violations);
        compare("I2", &told.reports, &expected.reports, &mut violations);
        let (missing, more) = difference(&told.entries, &expected.entries);
        violations.extend(missing.map(|entry| format!("I3: nobody entered: {entry}")));
        violations.extend(more.map(|entry| format!("I4: entered too often: {entry}")));
        violations
    }
}

impl Observer for Record {
    fn dispatched(&self, _: ShardId, sequence: u64, _: Option<EventType>, invocations: usize) {
        self.note(format!("taken {sequence} by {invocations}"), |told| {
            told.taken.push((sequence, invocations));
        });
    }

    fn shed(&self, _: ShardId, sequence: u64, _: Option<EventType>) {
        self.note(format!("shed {sequence}"), |told| told.shed += 1);
    }

    fn finished(&self, _: ShardId, sequence: u64, invocation: &Invocation) {
        let outcome = match &invocation.outcome {
            Outcome::Completed => "completed".to_owned(),
            Outcome::Handled { by } => format!("handled by {}", by.name()),
            _ => "unhandled".to_owned(),
        };
        let (who, attempts) = (invocation.handler.name(), invocation.attempts);
        let finished = format!("{sequence} {who} {outcome} {attempts}");
        self.note(format!("finished {finished}"), |told| {
            told.finished.push(finished);
        });
    }

    fn reported(&self, report: &Report) {
        let reported = format!("{}: {}", what(report), how(report));
        self.note(format!("reported {reported}"), |told| {
            told.reports.push(reported);
            told.ids.push(report.failure.id().to_string());
        });
    }
}

fn what(report: &Report) -> String {
    let failure = &report.failure;
    if let Some(panicked) = failure.find::<Panicked>() {
        return format!("panic {}", panicked.message());
    }
    if failure.is::<TimedOut>() {
        return "timeout".to_owned();
    }
    if failure.is::<MalformedEvent>() {
        return "malformed".to_owned();
    }
    failure.error().to_string()
}

fn how(report: &Report) -> String {
    match &report.resolution {
        Resolution::Handled { by } => format!("handled by {}", by.name()),
        Resolution::Retried { by, .. } => format!("retried by {}", by.name()),
        Resolution::Unhandled => "unhandled".to_owned(),
        Resolution::LastResort => "last resort".to_owned(),
        _ => "something else".to_owned(),
    }
}

fn compare(invariant: &str, told: &[String], expected: &[String], violations: &mut Vec<String>) {
    let (missing, more) = difference(told, expected);
    violations.extend(missing.map(|one| format!("{invariant}: missing: {one}")));
    violations.extend(more.map(|one| format!("{invariant}: too often: {one}")));
}

/// Returns what is missing, and what is there too often, in whatever order.
fn difference(
    told: &[String],
    expected: &[String],
) -> (impl Iterator<Item = String>, impl Iterator<Item = String>) {
    let (mut missing, mut more) = (expected.to_vec(), told.to_vec());
    missing.sort();
    more.sort();
    let both = more.clone();
    more = without(more, &missing);
    missing = without(missing, &both);
    (missing.into_iter(), more.into_iter())
}

/// Returns what is in one sorted list and not in another, as often as it is there more often.
fn without(all: Vec<String>, others: &[String]) -> Vec<String> {
    let mut others = others.iter().peekable();
    let is_left = |one: &String| {
        while others.next_if(|other| *other < one).is_some() {}
        others.next_if(|other| *other == one).is_none()
    };
    let mut all = all;
    all.retain(is_left);
    all
}
