//! Who plays: listeners that do what an event says, and error handlers of every kind.

use std::sync::Arc;
use std::time::Duration;

use cordial::prelude::*;

use crate::campaign_kit::record::Record;
use crate::campaign_kit::schedule::Deed;

/// How long a listener may take, and how long the slow ones do.
const LIMIT: Duration = Duration::from_secs(5);
const SLOW: Duration = Duration::from_millis(700);

#[derive(Debug, thiserror::Error, Exception)]
#[error("broad {0}")]
struct Broad(u64);

#[derive(Debug, thiserror::Error, Exception)]
#[error("narrow {}", .broad.0)]
struct Narrow {
    #[base]
    broad: Broad,
}

#[derive(Debug, thiserror::Error, Exception)]
#[error("lonely {0}")]
struct Lonely(u64);

#[derive(Debug, thiserror::Error, Exception)]
#[error("unlucky {0}")]
struct Unlucky(u64);

#[derive(Debug, thiserror::Error, Exception)]
#[error("cursed {0}")]
struct Cursed(u64);

#[derive(Debug, thiserror::Error, Exception)]
#[error("again {0}")]
struct Again(u64);

/// Does what a text says, at one place of it.
async fn act(record: &Record, who: &str, text: &str, place: usize) -> Result<()> {
    let (key, deeds) = text.split_once(' ').expect("a key");
    let deed = deeds.chars().nth(place).and_then(Deed::of);
    let is_first = record.enter(key, who);
    let key: u64 = key.parse()?;
    match deed.expect("a deed") {
        Deed::Again if is_first => Err(Again(key).into()),
        Deed::Succeed | Deed::Again => Ok(()),
        Deed::Sleep => {
            tokio::time::sleep(SLOW).await;
            Ok(())
        }
        Deed::Broad => Err(Broad(key).into()),
        Deed::Narrow => Err(Narrow { broad: Broad(key) }.into()),
        Deed::Lonely => Err(Lonely(key).into()),
        Deed::Unlucky => Err(Unlucky(key).into()),
        Deed::Cursed => Err(Cursed(key).into()),
        // No message: the hook that prints it would be heard too often.
        Deed::Panic => std::panic::resume_unwind(Box::new(key.to_string())),
        Deed::Hang => std::future::pending().await,
    }
}

#[listener]
async fn first(_: &Context, message: &MessageCreate, record: State<Arc<Record>>) -> Result<()> {
    act(&record, "first", &message.content, 0).await
}

#[listener]
async fn second(_: &Context, message: &MessageCreate, record: State<Arc<Record>>) -> Result<()> {
    act(&record, "second", &message.content, 1).await
}

#[listener]
async fn third(_: &Context, message: &MessageCreate, record: State<Arc<Record>>) -> Result<()> {
    act(&record, "third", &message.content, 2).await
}

#[listener]
async fn greets(_: &Context, joined: &MemberAdd, record: State<Arc<Record>>) -> Result<()> {
    act(&record, "greets", &joined.user.name, 0).await
}

#[listener]
async fn watches(_: &Context, typing: &TypingStart, record: State<Arc<Record>>) {
    record.enter(&typing.timestamp.to_string(), "watches");
}

#[error_handler]
async fn broad(_: &ErrorContext, _: &Broad) -> bool {
    true
}

#[error_handler]
async fn narrow(_: &ErrorContext, _: &Narrow) -> bool {
    false
}

#[error_handler]
async fn unlucky(_: &ErrorContext, error: &Unlucky) -> Result<bool> {
    Err(Lonely(error.0).into())
}

#[error_handler]
async fn cursed(_: &ErrorContext, error: &Cursed) -> bool {
    std::panic::resume_unwind(Box::new(error.0.to_string()))
}

#[error_handler]
async fn again(_: &ErrorContext, _: &Again) -> Flow {
    let after = Duration::from_millis(30);
    Flow::Retry { after }
}

pub(crate) fn bot(record: &Arc<Record>) -> BotBuilder {
    Bot::builder()
        .timeout(LIMIT)
        .state(Arc::clone(record))
        .observer(Arc::clone(record) as Arc<_>)
        .add(handlers![first, second, third, greets, watches])
        .add(handlers![broad, narrow, unlucky, cursed, again])
}
