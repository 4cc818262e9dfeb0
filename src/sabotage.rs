//! What is wrong on purpose, so that tests can be seen to notice it: nothing, unless a test says so.

#[cfg(feature = "testing")]
use std::cell::Cell;

/// Something that is wrong. Each is so at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sabotage {
    /// An event that was repeated is taken for a new one.
    ForgetRepeats,
    /// Some events are dropped.
    DropEvents,
    /// Every failure is reported twice.
    ReportTwice,
    /// No failure is reported.
    ReportNever,
    /// A session is resumed behind an event that did not come.
    ResumeTooHigh,
    /// Sessions are begun without a turn.
    IdentifyAtOnce,
    /// What no gateway understands is sent once a session has begun.
    SendGarbage,
    /// What was asked for too often is asked for again at once.
    AskAtOnce,
    /// What was shed stays in memory.
    KeepShed,
    /// Some events are dropped, each time others.
    DropAtRandom,
    /// A shard that has lost its connection makes no other.
    NeverReconnect,
}

#[cfg(feature = "testing")]
thread_local! {
    static NOW: Cell<Option<Sabotage>> = const { Cell::new(None) };
}

/// Lets something be wrong on this thread, or nothing.
#[cfg(feature = "testing")]
pub fn commit(what: Option<Sabotage>) {
    NOW.set(what);
}

/// Returns whether something is wrong.
#[cfg(feature = "testing")]
pub(crate) fn is(what: Sabotage) -> bool {
    NOW.get() == Some(what)
}

/// Returns whether something is wrong.
#[cfg(not(feature = "testing"))]
pub(crate) const fn is(_: Sabotage) -> bool {
    false
}
