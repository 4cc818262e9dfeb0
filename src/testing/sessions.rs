//! The sessions of the bot's shards: what each was sent, so that it can be sent again.

use tokio::sync::mpsc::UnboundedSender;
use twilight_model::gateway::{Intents, ShardId};

/// What is sent over a connection.
#[derive(Clone, Debug)]
pub(crate) enum Outgoing {
    Text(String),
    Close(u16),
    /// The connection breaks without a word.
    Drop,
}

/// A session.
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) shard: ShardId,
    pub(crate) intents: Intents,
    sequence: u64,
    /// Everything sent so far, for when the session is resumed.
    sent: Vec<(u64, String)>,
    /// The connection, while there is one.
    pub(crate) connection: Option<UnboundedSender<Outgoing>>,
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
            connection: Some(connection),
        }
    }

    /// Sends an event, now or when the session is resumed. Returns its number.
    pub(crate) fn send(&mut self, name: &str, data: &str) -> u64 {
        self.sequence += 1;
        // In Discord's order, what it is before what it holds: the client looks from the front.
        let event = format!(
            r#"{{"t":"{name}","s":{},"op":0,"d":{data}}}"#,
            self.sequence
        );
        self.sent.push((self.sequence, event.clone()));
        self.write(Outgoing::Text(event));
        self.sequence
    }

    /// Sends again what was sent after a number, over a new connection.
    pub(crate) fn replay(&mut self, after: u64, connection: UnboundedSender<Outgoing>) {
        self.connection = Some(connection);
        let missed: Vec<_> = self
            .sent
            .iter()
            .filter(|(sequence, _)| *sequence > after)
            .cloned()
            .collect();
        for (_, event) in missed {
            self.write(Outgoing::Text(event));
        }
    }

    /// Writes to the connection, if there is one.
    pub(crate) fn write(&mut self, outgoing: Outgoing) {
        let is_over = self
            .connection
            .as_ref()
            .is_some_and(|connection| connection.send(outgoing).is_err());
        if is_over {
            self.connection = None;
        }
    }

    pub(crate) fn sequence(&self) -> u64 {
        self.sequence
    }
}
