//! What a shard of twilight's hands over, and its heartbeats.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use futures_util::StreamExt as _;
use twilight_gateway::error::ReceiveMessageError;
use twilight_gateway::{Message, Shard as Socket};

use crate::gateway::opening::{Opening, Pace};
use crate::gateway::pulse::{Beat, Pulse};
use crate::gateway::turn::Turns;

/// What a shard was found to have.
pub(crate) enum Polled {
    Message(Option<Result<Message, ReceiveMessageError>>),
    Beat(Beat),
}

/// Waits for what a shard hands over, or until it would connect again.
pub(crate) async fn receive(
    socket: &mut Socket<Turns>,
    opening: &mut Opening,
    pulse: &mut Pulse,
) -> Polled {
    loop {
        let polled = poll_fn(|cx| {
            if let Some(beat) = pulse.look(socket.latency()) {
                return Poll::Ready(Ok(Polled::Beat(beat)));
            }
            match socket.poll_next_unpin(cx) {
                Poll::Pending => opening.look(socket.state()).map(Err),
                Poll::Ready(received) => Poll::Ready(Ok(Polled::Message(received))),
            }
        });
        match polled.await {
            Ok(polled) => return polled,
            Err(Pace::Slower(wait)) => tokio::time::sleep(wait).await,
            Err(Pace::Over) => return Polled::Message(None),
        }
    }
}

/// Returns what comes of something at once, if anything does. The task is woken when there may be more.
pub(crate) async fn at_once<T>(something: impl Future<Output = T>) -> Option<T> {
    let mut something = pin!(something);
    poll_fn(|task| match something.as_mut().poll(task) {
        Poll::Ready(result) => Poll::Ready(Some(result)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}
