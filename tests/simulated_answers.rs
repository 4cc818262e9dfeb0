//! The simulated Discord keeps to what was promised, tells who asked and where, and who may what.

mod stage;

use cordial::prelude::*;
use cordial::testing::{Happening, Simulator};
use cordial::twilight::http::{Error, Response};
use cordial::twilight::model::application::interaction::{
    Interaction, InteractionContextType, InteractionType,
};
use cordial::twilight::model::channel::Message;
use cordial::twilight::model::channel::message::MessageFlags;
use cordial::twilight::model::guild::Permissions;
use cordial::twilight::model::http::attachment::Attachment;
use cordial::twilight::model::id::Id;
use cordial::twilight::model::id::marker::AttachmentMarker;
use serde_json::json;

use crate::stage::{Stage, command, refusal};

const EPHEMERAL: u64 = 1 << 6;
const LAYOUT: u64 = 1 << 15;

/// Returns what the bot said, each with whom alone it said it to.
fn sent(sim: &Simulator) -> Vec<(String, Option<String>)> {
    let transcript = sim.transcript();
    let sent = transcript.iter().filter_map(|happening| match happening {
        Happening::Sent {
            content, only_for, ..
        } => Some((content.clone(), only_for.clone())),
        _ => None,
    });
    sent.collect()
}

fn said(content: &str, only_for: Option<&str>) -> (String, Option<String>) {
    (content.to_owned(), only_for.map(str::to_owned))
}

// Promises.

#[tokio::test(start_paused = true)]
async fn a_promise_can_be_taken_back_and_what_follows_is_a_message_of_its_own() {
    for (promised, followed) in [(EPHEMERAL, 0), (0, EPHEMERAL)] {
        let stage = Stage::new().await;
        let run = stage.run().await;
        let promise = stage.answer(&run, 5, json!({ "flags": promised })).await;
        promise.expect("promised");
        let client = stage.http.interaction(run.application_id);

        client.delete_response(&run.token).await.expect("deleted");
        let again = stage.answer(&run, 4, json!({ "content": "again" })).await;
        let original = client.response(&run.token).await.map(drop);
        let flags = MessageFlags::from_bits_truncate(followed);
        let follow = client.create_followup(&run.token).content("next");
        follow.flags(flags).await.expect("sent");

        assert_eq!(again.expect_err("answered"), "40060");
        assert_eq!(refusal(&original.expect_err("gone")), "10008");
        let alone = (followed == EPHEMERAL).then_some("alice");
        assert_eq!(sent(&stage.sim), [said("next", alone)]);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_promised_is_shown_to_whom_it_was_promised() {
    for (promised, kept) in [(EPHEMERAL, 0), (0, EPHEMERAL)] {
        let stage = Stage::new().await;
        let run = stage.run().await;
        let promise = stage.answer(&run, 5, json!({ "flags": promised })).await;
        promise.expect("promised");
        let client = stage.http.interaction(run.application_id);
        let flags = MessageFlags::from_bits_truncate(kept);

        let edit = client.update_response(&run.token).content(Some("one"));
        edit.flags(flags).await.expect("kept");
        let edit = client.update_response(&run.token).content(Some("two"));
        let edited = edit.flags(flags).await.expect("changed").model().await;

        let alone = (promised == EPHEMERAL).then_some("alice");
        assert_eq!(sent(&stage.sim), [said("one", alone)]);
        let flags = edited.expect("a message").flags.expect("flags");
        assert_eq!(flags.bits(), promised);
    }
}

#[tokio::test(start_paused = true)]
async fn only_who_is_shown_it_is_said_of_a_promise() {
    let stage = Stage::new().await;
    let run = stage.run().await;

    let refused = stage.answer(&run, 5, json!({ "flags": LAYOUT })).await;

    assert_eq!(
        refused.expect_err("refused"),
        "data.flags: BASE_TYPE_CHOICES"
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_put_off_changes_the_message_with_the_component() {
    let stage = Stage::new().await;
    let button = json!({ "type": 2, "style": 1, "label": "Press", "custom_id": "press" });
    let rows = json!([{ "type": 1, "components": [button] }]);
    stage
        .show(json!({ "content": "before", "components": rows }))
        .await;
    let message = stage.sim.newest_message().expect("a message");
    stage.alice.click(message, "Press").await;
    let press = stage.told();
    let put_off = stage.answer(&press, 6, json!(null)).await;
    put_off.expect("put off");

    let client = stage.http.interaction(press.application_id);
    let edit = client.update_response(&press.token).content(Some("after"));
    edit.await.expect("changed");

    assert_eq!(stage.sim.content(message).as_deref(), Some("after"));
    assert_eq!(sent(&stage.sim), [said("before", None)]);
}

// Files.

type Changed = Result<Response<Message>, Error>;

/// Returns the files that a message has after a change.
async fn files(changed: Changed) -> Vec<(String, Id<AttachmentMarker>)> {
    let message = changed.expect("changed").model().await.expect("a message");
    let files = message.attachments.into_iter();
    files.map(|file| (file.filename, file.id)).collect()
}

#[tokio::test(start_paused = true)]
async fn files_are_added_and_kept_by_a_change() {
    let stage = Stage::new().await;
    let run = stage.show(json!({ "content": "files" })).await;
    let client = stage.http.interaction(run.application_id);
    let file = |name: &str| [Attachment::from_bytes(name.to_owned(), vec![1], 0)];
    let (one, two, three) = (file("1.txt"), file("2.txt"), file("3.txt"));
    let first = files(client.update_response(&run.token).attachments(&one).await).await;
    let edit = client.update_response(&run.token).attachments(&two);
    let second = files(edit.keep_attachment_ids(&[first[0].1]).await).await;
    let edit = client.update_response(&run.token).attachments(&three);
    let third = files(edit.keep_attachment_ids(&[second[1].1]).await).await;
    let same = files(client.update_response(&run.token).content(Some("x")).await).await;
    let none = client.update_response(&run.token).keep_attachment_ids(&[]);
    let none = files(none.await).await;

    let named = [first, second, third, same, none].map(|files| {
        let names = files.into_iter().map(|(name, _)| name);
        names.collect::<Vec<_>>()
    });
    let expected: [&[&str]; 5] = [
        &["1.txt"],
        &["1.txt", "2.txt"],
        &["2.txt", "3.txt"],
        &["2.txt", "3.txt"],
        &[],
    ];
    assert_eq!(named, expected);
}

// Direct messages.

#[tokio::test(start_paused = true)]
async fn what_is_done_privately_is_told_without_the_guild() {
    let stage = Stage::new().await;
    let private = stage.alice.privately();

    let written = private.say("psst").await;
    private.run("/go").await;
    let run = stage.told();
    let answered = stage.answer(&run, 4, json!({ "content": "here" })).await;

    answered.expect("answered");
    assert_eq!(run.context, Some(InteractionContextType::BotDm));
    assert_eq!(run.user.map(|user| user.name).as_deref(), Some("alice"));
    assert_eq!((run.member, run.guild_id), (None, None));
    let channel = run.channel.map(|channel| channel.id);
    assert_eq!(channel, Some(written.channel_id()));
    let permissions = run.app_permissions.expect("permissions");
    assert!(!permissions.contains(Permissions::BAN_MEMBERS));
    let message = stage.sim.newest_message().expect("a message");
    assert_eq!(message.channel_id(), written.channel_id());
    assert_eq!(private.id(), stage.alice.id());
}

#[tokio::test(start_paused = true)]
async fn who_left_the_guild_still_writes_to_the_bot() {
    let stage = Stage::new().await;
    stage.alice.leave().await;

    stage.alice.privately().run("/go").await;

    assert_eq!(stage.told().context, Some(InteractionContextType::BotDm));
}

#[tokio::test(start_paused = true)]
async fn commands_are_shown_where_they_are_for() {
    let places = |contexts: &[u8]| json!({ "contexts": contexts });
    for (name, said, is_in_guild, is_direct) in [
        ("anywhere", json!({}), true, true),
        ("everywhere", places(&[0, 1]), true, true),
        ("guild", places(&[0]), true, false),
        ("direct", places(&[1]), false, true),
        ("others", places(&[2]), false, false),
        ("older", json!({ "dm_permission": false }), true, false),
        (
            "mods",
            json!({ "default_member_permissions": "4" }),
            false,
            true,
        ),
    ] {
        let line = format!("/{name}");
        for (is_private, is_shown) in [(false, is_in_guild), (true, is_direct)] {
            let stage = Stage::with(|builder| builder.knows(command(name, &said))).await;
            let person = if is_private {
                stage.alice.privately()
            } else {
                stage.alice.clone()
            };
            let line = line.clone();

            let ran = tokio::spawn(async move { person.run(&line).await }).await;

            assert_eq!(ran.is_ok(), is_shown, "{name}, private: {is_private}");
        }
    }
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "`alice` cannot run that: there is no command `here`")]
async fn commands_of_the_guild_are_not_shown_privately() {
    /// Says that it is here.
    #[command]
    async fn here(ctx: &CommandContext) -> Result<()> {
        ctx.reply("here").await?;
        Ok(())
    }

    let bot = Bot::builder().add(handlers![here]);
    let sim = Simulator::builder(bot).in_development().start().await;
    let alice = sim.join("alice").await;
    alice.run("/here").await;

    alice.privately().run("/here").await;
}

// Who may what, and who asked.

#[tokio::test(start_paused = true)]
async fn permissions_are_granted_to_one_alone() {
    let stage = Stage::new().await;
    let bob = stage.sim.join("bob").await;
    let permissions = |run: Interaction| {
        let member = run.member.expect("a member");
        member.permissions.expect("permissions")
    };
    assert!(!permissions(stage.run().await).contains(Permissions::BAN_MEMBERS));

    stage.sim.grant(&stage.alice, Permissions::BAN_MEMBERS);
    stage.sim.deny(Permissions::BAN_MEMBERS);

    assert!(permissions(stage.run().await).contains(Permissions::BAN_MEMBERS));
    bob.run("/go").await;
    let of_bob = stage.told();
    let of_application = of_bob.app_permissions.expect("permissions");
    assert!(!of_application.contains(Permissions::BAN_MEMBERS));
    assert!(!permissions(of_bob).contains(Permissions::BAN_MEMBERS));
    stage.sim.grant(&bob, Permissions::ADMINISTRATOR);
    bob.run("/go").await;
    assert_eq!(permissions(stage.told()), Permissions::all());
    let transcript = stage.sim.stop().await;
    assert!(transcript.events().contains(&"INTERACTION_CREATE"));
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "`stranger` is not in the guild, and has no permissions there")]
async fn nobody_outside_of_the_guild_is_granted_anything() {
    let stage = Stage::new().await;

    let stranger = stage.sim.person("stranger");
    stage.sim.grant(&stranger, Permissions::BAN_MEMBERS);
}

#[tokio::test(start_paused = true)]
async fn the_application_is_the_owners() {
    let stage = Stage::new().await;

    let application = stage.http.current_user_application().await;

    let application = application.expect("answered").model().await.expect("read");
    let owner = application.owner.expect("an owner");
    assert_eq!(owner.name, "owner");
    assert_eq!(owner.id, stage.sim.person("owner").id());
}

#[tokio::test(start_paused = true)]
async fn an_answer_tells_who_asked_and_how() {
    let stage = Stage::new().await;
    let button = json!({ "type": 2, "style": 1, "label": "Ask", "custom_id": "ask" });
    let rows = json!([{ "type": 1, "components": [button] }]);
    let input = json!({ "type": 4, "style": 1, "custom_id": "why", "required": false });
    let fields = json!([{ "type": 18, "label": "Why?", "component": input }]);
    let newest = async || {
        let newest = stage.sim.newest_message().expect("a message");
        let found = stage.http.message(newest.channel_id(), newest.id()).await;
        let found = found.expect("found").model().await.expect("a message");
        (newest, *found.interaction_metadata.expect("an answer"))
    };

    let run = stage
        .show(json!({ "content": "a", "components": rows }))
        .await;
    let (message, of_run) = newest().await;
    let client = stage.http.interaction(run.application_id);
    let follow = client.create_followup(&run.token).content("b");
    follow.await.expect("sent");
    let (_, of_follow_up) = newest().await;
    stage.alice.click(message, "Ask").await;
    let press = stage.told();
    let modal = json!({ "custom_id": "form", "title": "A form", "components": fields });
    stage.answer(&press, 9, modal).await.expect("shown");
    stage.alice.submit(&[]).await;
    let answer = json!({ "content": "c" });
    stage.answer(&stage.told(), 4, answer).await.expect("sent");
    let (_, of_modal) = newest().await;

    assert_eq!(of_run.kind, InteractionType::ApplicationCommand);
    assert_eq!((of_run.id, of_run.user.id), (run.id, stage.alice.id()));
    assert_eq!(of_run.original_response_message_id, None);
    let original = of_follow_up.original_response_message_id;
    assert_eq!(original, Some(message.id()));
    assert_eq!(of_modal.kind, InteractionType::ModalSubmit);
    let trigger = of_modal.triggering_interaction_metadata.expect("the press");
    assert_eq!(trigger.interacted_message_id, Some(message.id()));
    assert_eq!(trigger.id, press.id);
}
