//! What was written in channels is read page by page, and deleted as far as Discord lets it; and messages
//! go to any channel, and to one person.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use cordial::channel::{Left, Purged};
use cordial::exception::{
    CannotMessageUser, HttpError, InvalidForm, MissingPermissions, Panicked, UnknownChannel,
};
use cordial::prelude::*;
use cordial::snowflake;
use cordial::testing::{Person, Simulator};
use cordial::twilight::model::id::Id;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const MINUTE: Duration = Duration::from_secs(60);

/// What a test does with its context, once somebody says `go`.
struct Act(Box<dyn Fn(Context, Message) -> Acting + Send + Sync>);

type Acting = Pin<Box<dyn Future<Output = Result<String>> + Send>>;

#[listener]
async fn acts(ctx: &Context, message: &MessageCreate, act: State<Act>) -> Result<()> {
    if message.content == "go" {
        let said = (act.0)(ctx.clone(), Message::clone(message)).await?;
        ctx.reply(said).await?;
    }
    Ok(())
}

fn bot<F>(act: impl Fn(Context, Message) -> F + Send + Sync + 'static) -> BotBuilder
where
    F: Future<Output = Result<String>> + Send + 'static,
{
    let act = Act(Box::new(move |ctx, message| Box::pin(act(ctx, message))));
    let intents = Intents::MESSAGE_CONTENT;
    Bot::builder()
        .intents(intents)
        .state(act)
        .add(handlers![acts])
}

/// Has written so many messages, `0` being the oldest.
fn write(person: &Person, count: u64) {
    for index in 0..count {
        let ago = Duration::from_secs(count - index);
        person.said(ago, index.to_string());
    }
}

fn contents(messages: &[Message]) -> String {
    let contents: Vec<_> = messages.iter().map(|message| &*message.content).collect();
    contents.join(" ")
}

fn numbers(numbers: impl Iterator<Item = u64>) -> String {
    let numbers: Vec<_> = numbers.map(|number| number.to_string()).collect();
    numbers.join(" ")
}

/// Counts what was asked.
fn asked(sim: &Simulator, method: &str, end: &str) -> usize {
    let requests = sim.requests();
    let is_meant = |path: &str| {
        path.trim_end_matches(|c: char| c.is_ascii_digit())
            .ends_with(end)
    };
    let requests = requests.iter().filter(|request| request.method() == method);
    requests.filter(|request| is_meant(request.path())).count()
}

/// Starts a bot, with alice, and returns what the bot replied to her.
async fn replied(sim: &Simulator, alice: &Person) -> String {
    let before = sim.transcript().replies().len();
    alice.say("go").await;
    sim.settle().await;
    let transcript = sim.transcript();
    let replies = transcript.replies();
    replies.get(before..).unwrap_or_default().join("|")
}

// History.

#[tokio::test(start_paused = true)]
async fn history_is_read_from_the_newest_in_pages_of_a_hundred() {
    let sim = Simulator::start(bot(|ctx, go| async move {
        let messages = ctx.history(go.channel_id).before(&go).read().await?;
        Ok(contents(&messages))
    }))
    .await;
    let alice = sim.join("alice").await;
    write(&alice, 250);

    assert_eq!(replied(&sim, &alice).await, numbers((0..250).rev()));
    assert_eq!(asked(&sim, "GET", "/messages"), 3);
}

#[tokio::test(start_paused = true)]
async fn history_is_read_from_the_oldest_within_bounds() {
    let sim = Simulator::start(bot(|ctx, go| async move {
        let all = ctx.history(go.channel_id).oldest_first().read().await?;
        let history = ctx.history(go.channel_id).oldest_first();
        let some = history.after(&all[9]).before(&all[130]).read().await?;
        let newest_first = ctx.history(go.channel_id).after(&all[9]).before(&all[130]);
        let reversed = newest_first.read().await?;
        Ok(format!("{}/{}", contents(&some), contents(&reversed)))
    }))
    .await;
    let alice = sim.join("alice").await;
    write(&alice, 150);

    let (some, reversed) = (numbers(10..130), numbers((10..130).rev()));
    assert_eq!(replied(&sim, &alice).await, format!("{some}/{reversed}"));
}

#[tokio::test(start_paused = true)]
async fn history_is_read_around_a_message() {
    let sim = Simulator::start(bot(|ctx, go| async move {
        let all = ctx
            .history(go.channel_id)
            .before(&go)
            .oldest_first()
            .read()
            .await?;
        let around = ctx.history(go.channel_id).around(&all[20]).limit(5);
        let oldest_first = ctx
            .history(go.channel_id)
            .around(all[20].id)
            .limit(5)
            .oldest_first();
        let (around, oldest_first) = (around.read().await?, oldest_first.read().await?);
        Ok(format!("{}/{}", contents(&around), contents(&oldest_first)))
    }))
    .await;
    let alice = sim.join("alice").await;
    write(&alice, 40);

    assert_eq!(replied(&sim, &alice).await, "22 21 20 19 18/18 19 20 21 22");
}

#[tokio::test(start_paused = true)]
async fn history_is_read_from_a_time_on() {
    let sim = Simulator::start(bot(|ctx, go| async move {
        let time = snowflake::made_at(go.id) - 90 * MINUTE;
        let since = ctx
            .history(go.channel_id)
            .after(time)
            .before(&go)
            .read()
            .await?;
        let until = ctx.history(go.channel_id).before(time).read().await?;
        let from = ctx
            .history(go.channel_id)
            .after(until[0].timestamp)
            .before(time);
        Ok(format!(
            "{}/{}/{}",
            contents(&since),
            contents(&until),
            contents(&from.read().await?)
        ))
    }))
    .await;
    let alice = sim.join("alice").await;
    for hours in [3, 2, 1] {
        alice.said(hours * 60 * MINUTE, hours.to_string());
    }

    assert_eq!(replied(&sim, &alice).await, "1/2 3/2");
}

#[tokio::test(start_paused = true)]
async fn history_asks_for_no_more_than_is_wanted() {
    let sim = Simulator::start(bot(|ctx, go| async move {
        let none = ctx.history(go.channel_id).limit(0).read().await?;
        let some = ctx
            .history(go.channel_id)
            .before(&go)
            .limit(101)
            .read()
            .await?;
        Ok(format!("{} {}", none.len(), some.len()))
    }))
    .await;
    let alice = sim.join("alice").await;
    write(&alice, 300);

    assert_eq!(replied(&sim, &alice).await, "0 101");
    assert_eq!(asked(&sim, "GET", "/messages"), 2);
}

#[tokio::test(start_paused = true)]
async fn history_asks_nothing_after_its_end() {
    let sim = Simulator::start(bot(|ctx, go| async move {
        let mut history = ctx.history(go.channel_id).before(&go);
        let mut count = 0;
        while let Some(message) = history.next().await {
            message?;
            count += 1;
        }
        let again = history.next().await.is_none() && history.next().await.is_none();
        Ok(format!("{count} {again}"))
    }))
    .await;
    let alice = sim.join("alice").await;
    write(&alice, 200);

    assert_eq!(replied(&sim, &alice).await, "200 true");
    assert_eq!(asked(&sim, "GET", "/messages"), 3, "the last page was full");
}

#[tokio::test(start_paused = true)]
async fn the_history_of_an_empty_channel_has_nothing_in_it() {
    let sim = Simulator::start(bot(|ctx, go| async move {
        let history = ctx.history(go.channel_id).before(&go).read().await?;
        Ok(history.len().to_string())
    }))
    .await;
    let alice = sim.join("alice").await;

    assert_eq!(replied(&sim, &alice).await, "0");
}

#[tokio::test(start_paused = true)]
async fn an_error_is_the_last_item_of_a_history() {
    let sim = Simulator::start(bot(|ctx, _| async move {
        let mut history = ctx.history(Id::new(404));
        let first = history.next().await.expect("an item");
        let failure = first.expect_err("no such channel");
        let here = failure.place().expect("a place").file() == file!();
        let is_over = history.next().await.is_none();
        Ok(format!(
            "{} {here} {is_over}",
            failure.is::<UnknownChannel>()
        ))
    }))
    .await;
    let alice = sim.join("alice").await;

    assert_eq!(replied(&sim, &alice).await, "true true true");
    assert_eq!(asked(&sim, "GET", "/messages"), 1);
}

#[tokio::test(start_paused = true)]
async fn without_the_permission_discord_tells_of_no_history() {
    let sim = Simulator::start(bot(|ctx, go| async move {
        let history = ctx.history(go.channel_id).read().await?;
        ctx.send(go.channel_id, history.len().to_string()).await?;
        Err(Failure::new(std::fmt::Error))
    }))
    .await;
    let alice = sim.join("alice").await;
    write(&alice, 3);
    sim.deny(Permissions::READ_MESSAGE_HISTORY);

    assert_eq!(replied(&sim, &alice).await, "0");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_lost_of_a_history_that_is_not_waited_for() {
    let sim = Simulator::start(bot(|ctx, go| async move {
        let mut history = ctx.history(go.channel_id).before(&go);
        let mut waits = 0;
        let mut messages = Vec::new();
        loop {
            match tokio::time::timeout(Duration::from_millis(100), history.next()).await {
                Ok(Some(message)) => messages.push(message?),
                Ok(None) => break,
                Err(_) => waits += 1,
            }
        }
        Ok(format!("{} {}", waits > 10, contents(&messages)))
    }))
    .await;
    let alice = sim.join("alice").await;
    write(&alice, 5);
    sim.delay("GET", "/channels/*/messages", Duration::from_secs(2));

    assert_eq!(replied(&sim, &alice).await, "true 4 3 2 1 0");
    assert_eq!(asked(&sim, "GET", "/messages"), 1);
}

// Deletion.

/// Says what was deleted, and what was left.
fn told(purged: &Purged) -> String {
    let (mut old, mut system, mut failed) = (0, 0, 0);
    for (_, left) in purged.left() {
        match left {
            Left::Old => old += 1,
            Left::System => system += 1,
            _ => failed += 1,
        }
    }
    let deleted = purged.deleted().len();
    format!("{deleted} deleted, {old} old, {system} of the system, {failed} failed")
}

fn deleting(takes_old: bool) -> BotBuilder {
    bot(move |ctx, go| async move {
        let of_alice = ctx.history(go.channel_id).before(&go);
        let deletion = of_alice
            .delete(|message| message.content != "keep")
            .reason("spam");
        let deletion = if takes_old {
            deletion.old_too()
        } else {
            deletion
        };
        Ok(told(&deletion.run().await?))
    })
}

#[tokio::test(start_paused = true)]
async fn young_messages_are_deleted_at_once_and_old_ones_left() {
    let sim = Simulator::start(deleting(false)).await;
    let alice = sim.join("alice").await;
    let old = alice.said(15 * DAY, "old");
    write(&alice, 150);
    let kept = alice.said(MINUTE, "keep");

    let reply = replied(&sim, &alice).await;

    assert_eq!(reply, "150 deleted, 1 old, 0 of the system, 0 failed");
    assert_eq!(asked(&sim, "POST", "/bulk-delete"), 2);
    assert_eq!(asked(&sim, "DELETE", "/messages/"), 0);
    assert_eq!(sim.content(old).as_deref(), Some("old"));
    assert_eq!(sim.content(kept).as_deref(), Some("keep"));
}

#[tokio::test(start_paused = true)]
async fn old_messages_are_deleted_one_by_one_if_that_is_wanted() {
    let sim = Simulator::start(deleting(true)).await;
    let alice = sim.join("alice").await;
    alice.said(100 * DAY, "older");
    alice.said(14 * DAY, "just old enough");
    write(&alice, 2);

    let reply = replied(&sim, &alice).await;

    assert_eq!(reply, "4 deleted, 0 old, 0 of the system, 0 failed");
    assert_eq!(asked(&sim, "POST", "/bulk-delete"), 1);
    assert_eq!(asked(&sim, "DELETE", "/messages/"), 2);
}

#[tokio::test(start_paused = true)]
async fn one_message_is_deleted_by_itself_and_none_by_nothing() {
    let sim = Simulator::start(deleting(false)).await;
    let alice = sim.join("alice").await;
    alice.said(MINUTE, "0");

    assert!(replied(&sim, &alice).await.starts_with("1 deleted"));
    assert_eq!(asked(&sim, "DELETE", "/messages/"), 1);
    let empty = Simulator::start(deleting(true)).await;
    let bob = empty.join("bob").await;
    assert!(replied(&empty, &bob).await.starts_with("0 deleted, 0 old"));
    assert_eq!(asked(&empty, "DELETE", "/messages/"), 0);
    assert_eq!(asked(&sim, "POST", "/bulk-delete"), 0);
}

#[tokio::test(start_paused = true)]
async fn a_message_that_is_gone_is_deleted_and_one_of_the_system_is_left() {
    let sim = Simulator::start(deleting(true)).await;
    let alice = sim.join("alice").await;
    for days in [20, 30, 40] {
        alice.said(days * DAY, "old");
    }
    let message = "/channels/*/messages/*";
    let gone = r#"{"code": 10008, "message": "Unknown Message"}"#;
    let refused = r#"{"code": 50021, "message": "Cannot execute action on a system message"}"#;
    sim.answer_next("DELETE", message, 404, gone);
    sim.answer_next("DELETE", message, 403, refused);

    let reply = replied(&sim, &alice).await;

    assert_eq!(reply, "2 deleted, 0 old, 1 of the system, 0 failed");
}

#[tokio::test(start_paused = true)]
async fn without_the_permission_deletion_fails_and_nothing_more_is_asked() {
    #[error_handler]
    async fn lacks(ctx: &ErrorContext, error: &MissingPermissions) -> bool {
        let needed = error.needed().contains(Permissions::MANAGE_MESSAGES);
        ctx.reply(format!("needed: {needed}")).await.is_ok()
    }
    let sim = Simulator::start(deleting(true).add(handlers![lacks])).await;
    let alice = sim.join("alice").await;
    alice.said(20 * DAY, "old");
    write(&alice, 250);
    sim.deny(Permissions::MANAGE_MESSAGES);

    assert_eq!(replied(&sim, &alice).await, "needed: true");
    assert_eq!(asked(&sim, "POST", "/bulk-delete"), 1);
    assert_eq!(asked(&sim, "DELETE", "/messages/"), 0);
}

#[tokio::test(start_paused = true)]
async fn what_was_deleted_before_a_failure_is_told() {
    let sim = Simulator::start(deleting(true)).await;
    let alice = sim.join("alice").await;
    for days in [20, 30] {
        alice.said(days * DAY, "old");
    }
    write(&alice, 101);
    let refused = r#"{"code": 50013, "message": "Missing Permissions"}"#;
    sim.answer_next("DELETE", "/channels/*/messages/*", 403, refused);

    let reply = replied(&sim, &alice).await;

    assert_eq!(reply, "100 deleted, 0 old, 0 of the system, 3 failed");
}

#[tokio::test(start_paused = true)]
async fn a_function_that_panics_fails_its_handler_before_anything_is_deleted() {
    let sim = Simulator::start(bot(|ctx, go| async move {
        let all = ctx.history(go.channel_id).before(&go);
        let deletion = all.delete(|message| match &*message.content {
            "1" => panic!("not this one"),
            _ => true,
        });
        Ok(told(&deletion.run().await?))
    }))
    .await;
    let alice = sim.join("alice").await;
    write(&alice, 5);

    assert_eq!(replied(&sim, &alice).await, "");

    assert_eq!(asked(&sim, "POST", "/bulk-delete"), 0);
    let transcript = sim.transcript();
    let report = transcript.reports().next().expect("a report");
    assert!(report.failure.is::<Panicked>());
    let other = Simulator::start(deleting(false)).await;
    let bob = other.join("bob").await;
    assert!(replied(&other, &bob).await.starts_with("0 deleted"));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_deleted_for_a_reason_that_is_too_long_or_in_no_channel() {
    let sim = Simulator::start(bot(|ctx, go| async move {
        let all = || ctx.history(go.channel_id).before(&go).delete(|_| true);
        let wordy = all().reason("a".repeat(513)).run().await;
        let nowhere = ctx.history(Id::new(404)).delete(|_| true).run().await;
        let unknown = nowhere.is_err_and(|failure| failure.is::<UnknownChannel>());
        Ok(format!("{} {unknown}", wordy.is_err()))
    }))
    .await;
    let alice = sim.join("alice").await;
    write(&alice, 5);

    assert_eq!(replied(&sim, &alice).await, "true true");
    assert_eq!(asked(&sim, "POST", "/bulk-delete"), 0);
}

// Sending.

#[tokio::test(start_paused = true)]
async fn a_message_goes_to_any_channel_and_mentions_nobody_unless_it_may() {
    let sim = Simulator::start(bot(|ctx, go| async move {
        let elsewhere = ctx.direct_channel(go.author.id).await?;
        let text = format!("<@{}>", go.author.id);
        let calm = ctx.send(go.channel_id, &text).await?;
        let allowed = AllowedMentionsOf(go.author.id).into();
        let loud = ctx
            .send(elsewhere, Reply::new(&text).mentioning(allowed))
            .await?;
        let is_answer = calm.reference.is_some();
        Ok(format!(
            "{} {} {is_answer}",
            calm.mentions.len(),
            loud.mentions.len()
        ))
    }))
    .await;
    let alice = sim.join("alice").await;

    assert!(replied(&sim, &alice).await.ends_with("0 1 false"));
}

/// Lets one user be mentioned.
struct AllowedMentionsOf(Id<UserMarker>);

impl From<AllowedMentionsOf> for cordial::twilight::model::channel::message::AllowedMentions {
    fn from(AllowedMentionsOf(user): AllowedMentionsOf) -> Self {
        Self {
            users: vec![user],
            ..Self::default()
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_that_cannot_be_sent_fails_where_it_was_sent() {
    let sim = Simulator::start(bot(|ctx, go| async move {
        let nowhere = ctx
            .send(Id::new(404), "hello")
            .await
            .expect_err("no such channel");
        let empty = ctx
            .send(go.channel_id, " ")
            .await
            .expect_err("nothing in it");
        let here = nowhere.place().expect("a place").file() == file!();
        let is_refused = empty
            .find::<HttpError>()
            .is_some_and(|error| error.status() == 400);
        Ok(format!(
            "{} {here} {is_refused}",
            nowhere.is::<UnknownChannel>()
        ))
    }))
    .await;
    let alice = sim.join("alice").await;

    assert_eq!(replied(&sim, &alice).await, "true true true");
}

#[tokio::test(start_paused = true)]
async fn a_conversation_is_opened_once() {
    let sim = Simulator::start(bot(|ctx, go| async move {
        for text in ["one", "two"] {
            ctx.send_direct(go.author.id, text).await?;
        }
        Ok("done".to_owned())
    }))
    .await;
    let alice = sim.join("alice").await;

    assert_eq!(replied(&sim, &alice).await, "one|two|done");
    assert_eq!(replied(&sim, &alice).await, "one|two|done");
    assert_eq!(asked(&sim, "POST", "/users/@me/channels"), 1);
}

#[tokio::test(start_paused = true)]
async fn somebody_who_takes_no_messages_is_an_error_of_its_type() {
    #[error_handler]
    async fn closed(ctx: &ErrorContext, _: &CannotMessageUser) -> bool {
        ctx.reply("your messages are closed").await.is_ok()
    }
    let bot = bot(|ctx, go| async move {
        ctx.send_direct(go.author.id, "psst").await?;
        Ok("done".to_owned())
    });
    let sim = Simulator::start(bot.add(handlers![closed])).await;
    let alice = sim.join("alice").await;
    alice.close_messages();

    assert_eq!(replied(&sim, &alice).await, "your messages are closed");
}

#[tokio::test(start_paused = true)]
async fn nobody_can_be_written_to_who_does_not_exist() {
    let sim = Simulator::start(bot(|ctx, _| async move {
        let sent = ctx.send_direct(Id::new(404), "hello").await;
        let is_refused = sent.is_err_and(|failure| failure.is::<InvalidForm>());
        Ok(is_refused.to_string())
    }))
    .await;
    let alice = sim.join("alice").await;

    assert_eq!(replied(&sim, &alice).await, "true");
}

#[tokio::test(start_paused = true)]
async fn a_conversation_that_discord_has_given_up_is_opened_again() {
    let sim = Simulator::start(bot(|ctx, go| async move {
        ctx.send_direct(go.author.id, "hello").await?;
        Ok("done".to_owned())
    }))
    .await;
    let alice = sim.join("alice").await;
    replied(&sim, &alice).await;
    let gone = r#"{"code": 10003, "message": "Unknown Channel"}"#;
    sim.answer_next("POST", "/channels/*/messages", 404, gone);

    assert_eq!(replied(&sim, &alice).await, "hello|done");
    assert_eq!(asked(&sim, "POST", "/users/@me/channels"), 2);
}
