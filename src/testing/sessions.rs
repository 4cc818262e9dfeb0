//! The sessions of the bot's shards, with what each was sent, so that it can be sent again.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::Instant;
use twilight_model::gateway::{Intents, ShardId};

/// How long a session without a connection can be resumed. Discord says a few minutes.
const RESUMABLE: Duration = Duration::from_secs(5 * 60);

/// What is sent over a connection.
#[derive(Clone, Debug)]
pub(crate) enum Outgoing {
    Text(String),
    Event(Arc<Dispatch>),
    Close(u16),
    /// The connection breaks without a close frame.
    Drop,
    /// Nothing more is sent or read, and the connection stays open.
    Silence,
}

/// An event, with its number in the session.
#[derive(Debug)]
pub(crate) struct Dispatch {
    pub(crate) sequence: u64,
    pub(crate) name: String,
    pub(crate) data: String,
}

impl Dispatch {
    /// Returns its text. The type comes before the data, as from Discord: the client parses from the
    /// front.
    pub(crate) fn text(&self) -> String {
        let Self {
            sequence,
            name,
            data,
        } = self;
        format!(r#"{{"t":"{name}","s":{sequence},"op":0,"d":{data}}}"#)
    }
}

/// A session.
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) shard: ShardId,
    pub(crate) intents: Intents,
    sequence: u64,
    /// Everything sent so far, for when the session is resumed.
    sent: Vec<Arc<Dispatch>>,
    /// The numbers of the events that the client cannot deal with, unless they are sent again.
    lost: Vec<u64>,
    /// The connection, while there is one.
    connection: Option<UnboundedSender<Outgoing>>,
    /// Since when there is no connection.
    alone: Option<Instant>,
}

impl Session {
    pub(crate) fn new(
        id: String,
        shard: ShardId,
        intents: Intents,
        connection: UnboundedSender<Outgoing>,
    ) -> Self {
        Self {
            id,
            shard,
            intents,
            sequence: 0,
            sent: Vec::new(),
            lost: Vec::new(),
            connection: Some(connection),
            alone: None,
        }
    }

    /// Sends an event, now or when the session is resumed. Returns its number.
    pub(crate) fn send(&mut self, name: &str, data: &str) -> u64 {
        self.sequence += 1;
        let event = Arc::new(Dispatch {
            sequence: self.sequence,
            name: name.to_owned(),
            data: data.to_owned(),
        });
        self.sent.push(Arc::clone(&event));
        self.write(Outgoing::Event(event));
        self.sequence
    }

    /// Continues over a new connection.
    pub(crate) fn connect(&mut self, connection: UnboundedSender<Outgoing>) {
        self.connection = Some(connection);
        self.alone = None;
    }

    /// Goes on without a connection, if it is still that one.
    pub(crate) fn disconnect(&mut self, connection: &UnboundedSender<Outgoing>) {
        let own = self.connection.as_ref();
        if own.is_some_and(|own| own.same_channel(connection)) {
            self.go_alone();
        }
    }

    /// Goes on without its client, which has ended and may not have dealt with what it was sent.
    pub(crate) fn abandon(&mut self) {
        if self.is_connected() {
            self.go_alone();
        }
        self.lost = self.sent.iter().map(|event| event.sequence).collect();
    }

    fn go_alone(&mut self) {
        self.connection = None;
        self.alone = Some(Instant::now());
    }

    pub(crate) fn is_connected(&self) -> bool {
        self.connection.is_some()
    }

    /// Returns whether it was without a connection for too long.
    pub(crate) fn is_expired(&self) -> bool {
        self.alone.is_some_and(|alone| alone.elapsed() > RESUMABLE)
    }

    /// Sends the events after a number again. Returns those that the client can deal with only now.
    pub(crate) fn replay(&mut self, after: u64) -> Vec<Arc<Dispatch>> {
        let missed = self.missed(after);
        for event in &missed {
            self.write(Outgoing::Event(Arc::clone(event)));
        }
        let mut found = missed;
        found.retain(|event| self.lost.contains(&event.sequence));
        self.lost.retain(|lost| *lost <= after);
        found
    }

    /// Returns the events after a number.
    pub(crate) fn missed(&self, after: u64) -> Vec<Arc<Dispatch>> {
        let missed = self.sent.iter().filter(|event| event.sequence > after);
        missed.cloned().collect()
    }

    /// Notes that the client cannot deal with an event, unless it is sent again.
    pub(crate) fn lose(&mut self, sequence: u64) {
        self.lost.push(sequence);
    }

    /// Writes to the connection, if there is one.
    pub(crate) fn write(&mut self, outgoing: Outgoing) {
        let is_over = self
            .connection
            .as_ref()
            .is_some_and(|connection| connection.send(outgoing).is_err());
        if is_over {
            self.go_alone();
        }
    }

    pub(crate) fn sequence(&self) -> u64 {
        self.sequence
    }
}

/// Returns the shard that is to identify.
pub(crate) fn shard_of(data: &Value) -> Option<ShardId> {
    let Some(shard) = data["shard"].as_array() else {
        return Some(ShardId::ONE);
    };
    let number = u32::try_from(shard.first()?.as_u64()?).ok()?;
    let total = u32::try_from(shard.get(1)?.as_u64()?).ok()?;
    ShardId::new_checked(number, total)
}
