//! Tests of what moderators, members and Discord may do, and what everybody is told.

use cordial::testing::{MessageHandle, Simulator, SimulatorBuilder};

use super::*;

/// A guild with its `owner`, the moderators `mia` and `max`, and the member `bob`.
fn guild() -> SimulatorBuilder {
    let moderate = Permissions::MODERATE_MEMBERS | Permissions::BAN_MEMBERS;
    Simulator::builder(bot())
        .role("moderators", moderate, ["mia", "max"])
        .member("bob")
}

async fn start() -> Simulator {
    guild().start().await
}

mod warnings {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn are_counted_listed_and_taken_back() {
        let sim = start().await;
        let mia = sim.person("mia");

        mia.run("/warn member:@bob reason:spam").await;
        mia.run("/warn member:@bob reason:more spam").await;
        mia.run("/pardon member:@bob number:1").await;
        sim.person("bob").run("/warnings member:@bob").await;

        sim.stop().await.assert_replies(&[
            "bob has been warned: spam (warning 1)",
            "bob has been warned: more spam (warning 2)",
            "bob has been pardoned for: spam",
            "1. more spam",
        ]);
    }

    #[tokio::test(start_paused = true)]
    async fn that_are_not_there_cannot_be_taken_back() {
        let sim = start().await;

        sim.person("mia").run("/pardon member:@bob number:7").await;

        let transcript = sim.stop().await;
        transcript.assert_handled_by("pardon", "no_such_warning");
        transcript.assert_replies(&["I am sorry, there is no warning 7: see `/warnings`."]);
    }

    #[tokio::test(start_paused = true)]
    async fn are_not_for_peers_superiors_or_oneself() {
        for name in ["max", "owner", "mia"] {
            let sim = start().await;

            let line = format!("/warn member:@{name} reason:envy");
            sim.person("mia").run(&line).await;

            let transcript = sim.stop().await;
            transcript.assert_handled_by("warn", "tell");
            transcript.assert_replies(&[&format!("You do not outrank {name}.")]);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn are_for_members_only() {
        let sim = start().await;
        let stranger = sim.person("stranger");

        let line = format!("/warn member:{} reason:who?", stranger.mention());
        sim.person("mia").run(&line).await;

        let transcript = sim.stop().await;
        transcript.assert_replies(&["`member`: they are not in this server."]);
    }

    #[tokio::test(start_paused = true)]
    #[should_panic(expected = "the command `warn` is shown only to members with")]
    async fn are_not_offered_to_members() {
        let sim = start().await;

        sim.person("bob").run("/warn member:@bob reason:fun").await;
    }
}

mod bans {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn take_members_out_of_the_guild() {
        let sim = start().await;

        sim.person("mia").run("/ban member:@bob reason:spam").await;

        assert!(sim.person("bob").is_banned());
        sim.stop()
            .await
            .assert_replies(&["bob has been banned: spam"]);
    }

    #[tokio::test(start_paused = true)]
    async fn are_not_for_superiors() {
        let sim = start().await;

        sim.person("mia").run("/ban member:@owner").await;

        assert!(!sim.person("owner").is_banned());
        sim.stop()
            .await
            .assert_replies(&["You do not outrank owner."]);
    }

    #[tokio::test(start_paused = true)]
    async fn need_a_permission_of_the_bot() {
        let sim = guild().deny(Permissions::BAN_MEMBERS).start().await;

        sim.person("mia").run("/ban member:@bob").await;

        assert!(!sim.person("bob").is_banned());
        let transcript = sim.stop().await;
        transcript.assert_handled_by("ban", "tell");
        transcript.assert_replies(&["I need Ban Members to do that."]);
    }

    #[tokio::test(start_paused = true)]
    async fn that_discord_refuses_are_explained() {
        let sim = start().await;
        let refusal = r#"{"code": 50013, "message": "Missing Permissions"}"#;
        sim.answer_next("PUT", "/guilds/*/bans/*", 403, refusal);

        sim.person("mia").run("/ban member:@bob").await;

        let transcript = sim.stop().await;
        transcript.assert_handled_by("ban", "refused");
        transcript.assert_replies(&["Discord does not let me: is my role above all of theirs?"]);
    }
}

mod reports {
    use super::*;

    /// Opens the channel of the moderators, and lets `ann` report a message of somebody there.
    async fn report(sim: &Simulator, author: &str) -> MessageHandle {
        let owner = sim.person("owner");
        owner.say_in("reports", "Let us see what comes in.").await;
        complain(sim, author).await;
        sim.newest_message_in("reports").expect("a report")
    }

    async fn complain(sim: &Simulator, author: &str) {
        let message = sim.person(author).say("Buy my things!").await;
        let ann = sim.join("ann").await;
        ann.menu("Report", message).await;
        assert_eq!(ann.modal(), Some(format!("Report {author}")));
        ann.submit(&[("What is wrong with it?", "an ad")]).await;
    }

    fn text(sim: &Simulator, message: MessageHandle) -> String {
        sim.content(message).expect("a message")
    }

    #[tokio::test(start_paused = true)]
    async fn arrive_in_the_channel_of_the_moderators() {
        let sim = start().await;

        let report = text(&sim, report(&sim, "bob").await);

        assert!(report.starts_with("ann reports <@"), "{report}");
        assert!(report.ends_with(": an ad"), "{report}");
        let transcript = sim.stop().await;
        assert_eq!(
            transcript.replies().last(),
            Some(&"Thank you. The moderators know.")
        );
    }

    #[tokio::test(start_paused = true)]
    async fn lead_to_a_ban_by_a_button() {
        let sim = start().await;
        let report = report(&sim, "bob").await;

        sim.person("mia").click(report, "Ban author").await;

        assert!(sim.person("bob").is_banned());
        assert!(text(&sim, report).ends_with("\nmia banned the author."));
    }

    #[tokio::test(start_paused = true)]
    async fn outlive_the_bot_that_posted_them() {
        let sim = start().await;
        let report = report(&sim, "bob").await;

        let sim = sim.restart(bot()).await;
        sim.person("mia").click(report, "Ban author").await;

        assert!(sim.person("bob").is_banned());
    }

    #[tokio::test(start_paused = true)]
    async fn can_be_dismissed() {
        let sim = start().await;
        let report = report(&sim, "bob").await;

        sim.person("mia").click(report, "Dismiss").await;

        assert!(!sim.person("bob").is_banned());
        assert!(text(&sim, report).ends_with("\nmia dismissed it."));
    }

    #[tokio::test(start_paused = true)]
    async fn are_not_decided_by_members() {
        for (button, handler) in [("Ban author", "ban_author"), ("Dismiss", "dismiss")] {
            let sim = start().await;
            let report = report(&sim, "bob").await;

            sim.person("bob").click(report, button).await;

            assert!(text(&sim, report).ends_with(": an ad"));
            let transcript = sim.stop().await;
            transcript.assert_handled_by(handler, "tell");
            let told = transcript.replies().pop();
            assert_eq!(told, Some("You need Ban Members to do that."));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn of_superiors_are_for_those_above_them() {
        let sim = start().await;
        let report = report(&sim, "max").await;

        sim.person("mia").click(report, "Ban author").await;
        let told = sim.transcript().replies().pop().map(str::to_owned);
        assert_eq!(told.as_deref(), Some("You do not outrank max."));
        sim.person("owner").click(report, "Ban author").await;

        assert!(sim.person("max").is_banned());
    }

    #[tokio::test(start_paused = true)]
    async fn are_closed_when_the_author_has_left() {
        let sim = start().await;
        let report = report(&sim, "bob").await;
        sim.person("bob").leave().await;

        sim.person("mia").click(report, "Ban author").await;

        assert!(text(&sim, report).ends_with("\nmia found that the author has left."));
        sim.stop().await.assert_handled_by("ban_author", "has_left");
    }

    #[tokio::test(start_paused = true)]
    async fn need_a_channel_to_arrive_in() {
        let sim = start().await;

        complain(&sim, "bob").await;

        let transcript = sim.stop().await;
        transcript.assert_handled_by("complaint", "tell");
        transcript.assert_replies(&["The moderators have to make a channel `#reports` first."]);
    }

    #[tokio::test(start_paused = true)]
    async fn are_not_about_oneself() {
        let sim = start().await;
        let bob = sim.person("bob");

        let message = bob.say("I am sorry.").await;
        bob.menu("Report", message).await;

        assert_eq!(bob.modal(), None);
        let transcript = sim.stop().await;
        transcript.assert_replies(&["That message is yours: you can delete it."]);
    }
}
