//! The body of an answer, sent as a fault says: whole, in pieces, or never to its end.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::Frame;
use tokio::time::Sleep;

use crate::testing::rest::record::Open;

/// The body of an answer.
///
/// It never announces its length: the headers do, and may be wrong.
pub(crate) struct Body {
    steps: VecDeque<Step>,
    /// The wait that it is in.
    wait: Option<Pin<Box<Sleep>>>,
    /// The request is not answered until this is sent.
    _open: Open,
}

/// What is done next.
pub(crate) enum Step {
    /// Something is sent.
    Send(Bytes),
    /// What was handed over leaves the machine before anything else is done.
    Flush,
    /// Some time passes.
    Wait(Duration),
    /// Nothing more happens, for ever.
    Stall,
    /// The connection closes.
    Cut,
}

/// The connection is to be closed before the body is whole.
#[derive(Debug, thiserror::Error)]
#[error("the body is cut off")]
pub(crate) struct CutOff;

impl Body {
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>, open: Open) -> Self {
        Self {
            steps: steps.into_iter().collect(),
            wait: None,
            _open: open,
        }
    }
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = CutOff;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, CutOff>>> {
        let this = self.get_mut();
        loop {
            if let Some(wait) = &mut this.wait {
                ready!(wait.as_mut().poll(context));
                this.wait = None;
            }
            match this.steps.pop_front() {
                None => return Poll::Ready(None),
                Some(Step::Send(bytes)) => return Poll::Ready(Some(Ok(Frame::data(bytes)))),
                Some(Step::Cut) => return Poll::Ready(Some(Err(CutOff))),
                Some(Step::Wait(by)) => this.wait = Some(Box::pin(tokio::time::sleep(by))),
                Some(Step::Flush) => {
                    // Whoever asks for the next frame flushes when there is none yet.
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Some(Step::Stall) => {
                    this.steps.push_front(Step::Stall);
                    return Poll::Pending;
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.steps.is_empty() && self.wait.is_none()
    }
}
