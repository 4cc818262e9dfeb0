//! What the bot has still to do for the events that it was sent.

use std::collections::HashMap;

use twilight_model::gateway::ShardId;

/// A shard, and the number of an event in one of its sessions.
type Event = (ShardId, u64);

/// What the bot has still to do.
#[derive(Default)]
pub(crate) struct Backlog {
    /// The events with a number, one at most for each session of the shard, in the order they came. A
    /// handler may outlive the session that brought its event.
    pending: HashMap<Event, Vec<Pending>>,
    /// How many invocations for the events with a number wait for another event.
    paused: HashMap<Event, usize>,
}

/// What the bot has still to do for one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pending {
    /// To take it in.
    Sent(String),
    /// To finish so many invocations.
    Running(usize, String),
}

impl Pending {
    pub(crate) fn is_running(&self) -> bool {
        matches!(self, Self::Running(..))
    }
}

impl Backlog {
    /// Notes that an event was sent, or is sent again.
    pub(crate) fn send(&mut self, shard: ShardId, sequence: u64, name: &str) {
        let pending = self.pending.entry((shard, sequence)).or_default();
        if pending.last().is_none_or(Pending::is_running) {
            pending.push(Pending::Sent(name.to_owned()));
        }
    }

    /// Notes that the bot took in an event, for so many invocations.
    pub(crate) fn take(&mut self, shard: ShardId, sequence: u64, invocations: usize) {
        if invocations == 0 {
            return self.lose(shard, sequence);
        }
        if let Some(pending) = self.newest(shard, sequence)
            && let Pending::Sent(name) = pending
        {
            *pending = Pending::Running(invocations, name.clone());
        }
    }

    /// Notes that the bot will not take in an event.
    pub(crate) fn lose(&mut self, shard: ShardId, sequence: u64) {
        let Some(pending) = self.pending.get_mut(&(shard, sequence)) else {
            return;
        };
        if pending.pop_if(|newest| !newest.is_running()).is_some() && pending.is_empty() {
            self.pending.remove(&(shard, sequence));
        }
    }

    /// Notes that the bot left an event to its next run.
    pub(crate) fn leave(&mut self, shard: ShardId, sequence: u64) {
        if let Some(pending) = self.newest(shard, sequence) {
            let (Pending::Sent(name) | Pending::Running(_, name)) = &*pending;
            *pending = Pending::Sent(name.clone());
        }
    }

    /// Notes that an invocation has ended. If events of two sessions have the same number, it counts for
    /// the first.
    pub(crate) fn finish(&mut self, shard: ShardId, sequence: u64) {
        let Some(pending) = self.pending.get_mut(&(shard, sequence)) else {
            return;
        };
        let first = pending.iter().position(Pending::is_running);
        if let Some(first) = first
            && let Pending::Running(running, _) = &mut pending[first]
        {
            *running -= 1;
            if *running == 0 {
                pending.remove(first);
            }
        }
        if pending.is_empty() {
            self.pending.remove(&(shard, sequence));
        }
    }

    /// Notes that an invocation waits for another event, or goes on.
    pub(crate) fn pause(&mut self, shard: ShardId, sequence: u64, waits: bool) {
        let paused = self.paused.entry((shard, sequence)).or_default();
        if waits {
            *paused += 1;
        } else {
            *paused -= 1;
        }
    }

    /// Notes that a shard's session has ended: what it was still to bring will never be taken in.
    pub(crate) fn end_session(&mut self, shard: ShardId) {
        self.pending.retain(|(of, _), pending| {
            if *of == shard {
                pending.retain(Pending::is_running);
            }
            !pending.is_empty()
        });
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.pending.clear();
        self.paused.clear();
    }

    /// Returns what the bot has to do without anything else happening first.
    pub(crate) fn open(&self) -> impl Iterator<Item = (&Event, &Pending)> {
        self.pending.iter().flat_map(|(event, pending)| {
            let running = pending.iter().map(|pending| match pending {
                Pending::Running(running, _) => *running,
                Pending::Sent(_) => 0,
            });
            let paused = self.paused.get(event).copied().unwrap_or_default();
            let is_going = running.sum::<usize>() > paused;
            let open = pending.iter();
            let open = open.filter(move |pending| is_going || !pending.is_running());
            open.map(move |pending| (event, pending))
        })
    }

    fn newest(&mut self, shard: ShardId, sequence: u64) -> Option<&mut Pending> {
        self.pending.get_mut(&(shard, sequence))?.last_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARD: ShardId = ShardId::ONE;

    fn open(backlog: &Backlog) -> Vec<Pending> {
        backlog.open().map(|(_, pending)| pending.clone()).collect()
    }

    fn running(name: &str) -> Pending {
        Pending::Running(1, name.to_owned())
    }

    #[test]
    fn a_handler_outlives_the_session_that_brought_its_event() {
        let mut backlog = Backlog::default();
        backlog.send(SHARD, 2, "MESSAGE_CREATE");
        backlog.take(SHARD, 2, 1);

        backlog.end_session(SHARD);
        backlog.send(SHARD, 2, "GUILD_CREATE");
        backlog.take(SHARD, 2, 0);

        assert_eq!(open(&backlog), [running("MESSAGE_CREATE")]);
        backlog.finish(SHARD, 2);
        assert_eq!(open(&backlog), []);
    }

    #[test]
    fn what_a_session_did_not_bring_is_not_waited_for() {
        let mut backlog = Backlog::default();
        backlog.send(SHARD, 1, "READY");

        backlog.end_session(SHARD);

        assert_eq!(open(&backlog), []);
    }

    #[test]
    fn one_that_waits_for_another_does_not_hide_one_that_runs() {
        let mut backlog = Backlog::default();
        for name in ["MESSAGE_CREATE", "GUILD_CREATE"] {
            backlog.send(SHARD, 2, name);
            backlog.take(SHARD, 2, 1);
            backlog.end_session(SHARD);
        }

        backlog.pause(SHARD, 2, true);
        assert_eq!(open(&backlog).len(), 2);
        backlog.pause(SHARD, 2, true);
        assert_eq!(open(&backlog), []);
    }

    #[test]
    fn what_is_sent_again_is_to_be_taken_in_once() {
        let mut backlog = Backlog::default();
        backlog.send(SHARD, 2, "MESSAGE_CREATE");
        backlog.send(SHARD, 2, "MESSAGE_CREATE");

        backlog.take(SHARD, 2, 0);

        assert_eq!(open(&backlog), []);
    }
}
