//! What is found of a bot before it connects: the faults C1 to C9 of configuration, by their numbers,
//! and whatever else keeps a bot silent.

use std::time::Duration;

use cordial::bot::{Endpoints, Finding, NotReady, Preflight, Severity};
use cordial::exception::{
    ConnectionClosed, DisallowedIntents, InsecureTransport, ServerError, Unauthorized,
};
use cordial::prelude::*;
use cordial::testing::{Fault, Log, RequestRecord, Simulator, SimulatorBuilder};
use cordial::twilight::model::guild::Permissions;
use cordial::{Token, TokenError};
use serde_json::{Value, json};
use tracing::Level;

const APPLICATION: &str = "/applications/@me";
const TOKEN: &str = "c2VudGluZWw.c2VudGluZWw.c2VudGluZWw";
/// What stands in every wrong token of these tests.
const SENTINEL: &str = "c2VudGluZWw";

#[listener]
async fn greets(_: &Context, _: &MemberAdd) {}

#[listener]
async fn reads(_: &Context, _: &GuildMessage, _: Content) {}

#[listener]
async fn counts(_: &Context, _: &MessageCreate) {}

/// Ban somebody.
#[command(bot_permissions = BAN_MEMBERS)]
async fn ban(ctx: &CommandContext) -> Result<()> {
    ctx.reply("Banned.").await?;
    Ok(())
}

/// A Discord beside whose own bot others are looked at.
fn discord() -> SimulatorBuilder {
    Simulator::builder(Bot::builder())
}

/// Looks at a bot, and returns what was asked for that.
async fn look(sim: &Simulator, bot: BotBuilder) -> (Preflight, Vec<RequestRecord>) {
    let before = sim.requests().len();
    let bot = sim.beside(bot).build().expect("a bot");
    let preflight = bot.check().await.expect("it can ask");
    (preflight, sim.requests().split_off(before))
}

/// Looks at a bot of which Discord says something else of the application.
async fn look_at_changed(bot: BotBuilder, change: impl FnOnce(&mut Value)) -> Preflight {
    let sim = discord().start().await;
    let answer = sim.http().current_user_application().await.expect("it");
    let mut application = serde_json::to_value(answer.model().await.expect("it")).expect("JSON");
    change(&mut application);
    sim.answer_next("GET", APPLICATION, 200, application.to_string());
    look(&sim, bot).await.0
}

fn codes(preflight: &Preflight) -> Vec<&'static str> {
    preflight.findings().iter().map(Finding::code).collect()
}

/// Returns the paths of what was asked.
fn paths(asked: &[RequestRecord]) -> Vec<&str> {
    asked.iter().map(RequestRecord::path).collect()
}

fn told_of_application(sim: &Simulator) -> usize {
    let asked = sim.requests().into_iter();
    asked.filter(|record| record.path() == APPLICATION).count()
}

// C1 and C2: no token, or none that can be one.

#[test]
fn c1_each_form_that_a_token_does_not_have_is_named_without_its_value() {
    let forms = [
        (String::new(), "is not set"),
        ("  \n".to_owned(), "is not set"),
        ("Bot ".to_owned(), "is not set"),
        (format!("\"{TOKEN}\""), "quotation marks"),
        (format!("'{TOKEN}'"), "quotation marks"),
        (format!("Bot Bot {TOKEN}"), "`Bot` twice"),
        (format!("Bearer {TOKEN}"), "starts with `Bearer`"),
        (format!("{TOKEN}\n{TOKEN}"), "a line break"),
        (TOKEN.replace('.', " "), "white space"),
        (format!("DISCORD_TOKEN={TOKEN}"), "name of the variable"),
    ];
    for (written, expected) in forms {
        let error = Token::new(&written).expect_err("no token");

        let shown = format!("{error} {error:?}");
        assert!(shown.contains(expected), "{written:?}: {shown}");
        assert!(error.to_string().contains("`DISCORD_TOKEN`"), "{shown}");
        assert!(!shown.contains(SENTINEL), "{shown}");
    }
}

#[test]
fn c1_what_is_merely_around_a_token_is_dropped() {
    for written in [
        format!(" {TOKEN}\r\n"),
        format!("Bot {TOKEN}"),
        format!("Bot  {TOKEN} "),
    ] {
        assert!(Token::new(&written) == Token::new(TOKEN), "{written:?}");
    }
}

#[test]
fn c2_what_else_the_portal_has_to_copy_is_known_for_what_it_is() {
    let others = [
        ("1".repeat(19), "the application's id"),
        ("ab".repeat(32), "public key"),
        ("a_".repeat(16), "client secret"),
        (SENTINEL.to_owned(), "three parts"),
        (format!("{SENTINEL}.{SENTINEL}"), "three parts"),
        (format!("{TOKEN}."), "three parts"),
        (format!("{SENTINEL}..{SENTINEL}"), "three parts"),
        (format!("{SENTINEL}.ä.{SENTINEL}"), "three parts"),
    ];
    for (written, expected) in others {
        let error = Token::new(&written).expect_err("no token");

        let shown = format!("{error} {error:?}");
        assert!(shown.contains(expected), "{written:?}: {shown}");
        assert!(!shown.contains(&written), "{shown}");
    }
}

#[tokio::test(start_paused = true)]
async fn c1_without_a_token_nobody_is_asked() {
    let sim = discord().start().await;
    let before = sim.requests().len();
    let bot = || {
        let endpoints = Endpoints {
            gateway: sim.gateway_address(),
            http: sim.http_address(),
        };
        Bot::builder()
            .endpoints(endpoints)
            .add(handlers![greets, ban])
    };

    let preflight = bot().build().expect("a bot").check().await.expect("a look");
    let ended = bot().run_until(std::future::pending()).await;

    assert_eq!(codes(&preflight), ["no_token"]);
    let fix = preflight.findings()[0].fix();
    assert!(fix.contains("`DISCORD_TOKEN`"), "{fix}");
    assert!(ended.expect_err("no token").is::<TokenError>());
    assert_eq!(sim.requests().len(), before);
}

// C3: a token that Discord refuses.

#[tokio::test(start_paused = true)]
async fn c3_a_refused_token_is_found_by_one_request() {
    let sim = discord().start().await;
    let before = sim.requests().len();
    let token = Token::new(TOKEN).expect("the form of a token");
    let bot = sim.beside(Bot::builder().add(handlers![greets, ban]));

    let preflight = bot
        .token(token)
        .build()
        .expect("a bot")
        .check()
        .await
        .expect("it can ask");

    assert_eq!(codes(&preflight), ["token_refused"]);
    assert_eq!(paths(&sim.requests().split_off(before)), [APPLICATION]);
    let shown = format!("{preflight} {preflight:?}");
    assert!(shown.contains("Reset Token"), "{shown}");
    assert!(!shown.contains(SENTINEL), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn c3_a_refused_token_ends_the_bot_by_one_request() {
    let sim = discord().start().await;
    for bot in [Bot::builder(), Bot::builder().add(handlers![greets, ban])] {
        let before = sim.requests().len();
        let token = Token::new(TOKEN).expect("the form of a token");

        let ended = sim.beside(bot).token(token);
        let ended = ended.run_until(std::future::pending()).await;

        assert!(ended.expect_err("refused").is::<Unauthorized>());
        assert_eq!(sim.requests().len() - before, 1);
    }
}

// C4: privileged intents that are not switched on.

#[tokio::test(start_paused = true)]
async fn c4_a_privileged_intent_that_is_off_is_named_with_who_needs_it() {
    let sim = discord().refuse_privileged_intents().start().await;
    let bot = Bot::builder()
        .add(handlers![greets, reads])
        .intents(Intents::GUILD_PRESENCES);

    let (preflight, _) = look(&sim, bot).await;

    assert!(!preflight.is_ready());
    assert_eq!(codes(&preflight), ["intent_off"; 3]);
    let said: Vec<_> = preflight
        .findings()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(said[0].contains("Server Members Intent"), "{said:?}");
    assert!(
        said[0].contains("greets (listener) at tests/preflight.rs"),
        "{said:?}"
    );
    assert!(said[1].contains("Presence Intent"), "{said:?}");
    assert!(said[1].contains("`intents(..)`"), "{said:?}");
    assert!(said[2].contains("Message Content Intent"), "{said:?}");
    assert!(said[2].contains("reads (listener)"), "{said:?}");
    let fix = preflight.findings()[0].fix();
    assert!(fix.contains("Privileged Gateway Intents"), "{fix}");
}

#[tokio::test(start_paused = true)]
async fn c4_only_what_is_off_is_named_be_the_bot_large_or_small() {
    let off = |flags: u64| {
        let bot = Bot::builder().add(handlers![greets, reads]);
        look_at_changed(bot, move |application| application["flags"] = json!(flags))
    };

    assert_eq!(codes(&off(1 << 15 | 1 << 19).await), [""; 0]);
    assert_eq!(codes(&off(1 << 14 | 1 << 18).await), [""; 0]);
    let one = off(1 << 14 | 1 << 13).await;
    assert_eq!(codes(&one), ["intent_off"]);
    assert!(matches!(
        &one.findings()[0],
        Finding::IntentOff { intent, needed_by }
            if *intent == Intents::MESSAGE_CONTENT && needed_by[0].name() == "reads"
    ));
}

#[tokio::test(start_paused = true)]
async fn c4_a_bot_that_would_be_turned_away_does_not_connect() {
    let sim = discord().refuse_privileged_intents().start().await;
    let (connections, requests) = (sim.connections().len(), sim.requests().len());
    let log = Log::listen(Level::WARN);
    let bot = sim.beside(Bot::builder().add(handlers![greets, ban]));

    let failure = bot
        .run_until(std::future::pending())
        .await
        .expect_err("turned away");

    let disallowed = failure.find::<DisallowedIntents>().expect("the reason");
    assert_eq!(disallowed.intents(), ["Server Members Intent"]);
    assert!(disallowed.is_foreseen());
    let text = failure.to_string();
    assert!(
        text.starts_with("the gateway would close the connection with 4014. "),
        "{text}"
    );
    let log = log.text();
    assert!(
        log.contains("greets (listener) at tests/preflight.rs"),
        "{log}"
    );
    assert_eq!(sim.connections().len(), connections);
    // Nor is Discord told of its commands.
    assert_eq!(paths(&sim.requests().split_off(requests)), [APPLICATION]);
}

#[tokio::test(start_paused = true)]
async fn c4_if_the_application_cannot_be_asked_about_the_gateway_decides() {
    let fault = || Fault::status(500).always();
    let bot = || Bot::builder().add(handlers![greets]);
    let log = Log::listen(Level::WARN);

    let granted = Simulator::builder(bot()).inject("GET", APPLICATION, fault());
    let granted = granted.try_start().await;
    let refused = Simulator::builder(bot())
        .inject("GET", APPLICATION, fault())
        .refuse_privileged_intents()
        .try_start()
        .await;

    granted.expect("it runs").stop().await;
    let refused = refused.expect_err("turned away");
    let closed = refused.find::<ConnectionClosed>().expect("a close code");
    assert_eq!((closed.code(), closed.is_foreseen()), (4014, false));
    let text = log.text();
    let told = text
        .matches("cannot tell whether the privileged intents")
        .count();
    assert_eq!(told, 2, "{text}");
}

#[tokio::test(start_paused = true)]
async fn c4_an_answer_that_never_comes_does_not_keep_the_bot_from_running() {
    let bot = Bot::builder().add(handlers![greets]);
    let began = tokio::time::Instant::now();

    let sim = Simulator::builder(bot)
        .inject("GET", APPLICATION, Fault::stalled().always())
        .start()
        .await;

    assert!(began.elapsed() < Duration::from_secs(11));
    sim.join("alice").await;
    sim.stop().await.assert_completed("greets");
}

#[tokio::test(start_paused = true)]
async fn a_bot_asks_about_the_application_once_or_not_at_all() {
    /// Stop the bot.
    #[command(owner_only)]
    async fn stop(ctx: &CommandContext) -> Result<()> {
        ctx.reply("Done.").await?;
        Ok(())
    }

    let plain = Simulator::start(Bot::builder()).await;
    let privileged = Simulator::start(Bot::builder().add(handlers![greets])).await;
    let all = Simulator::start(Bot::builder().add(handlers![greets, ban, stop])).await;
    all.person("owner").run("/stop").await;

    assert_eq!(told_of_application(&plain), 0);
    assert_eq!(told_of_application(&privileged), 1);
    assert_eq!(told_of_application(&all), 1);
    all.stop().await.assert_replies(&["Done."]);
}

// C5: handlers that the chosen intents leave silent are mistakes of `build()`: `tests/bot.rs`.

// C6: messages whose text is blank.

#[tokio::test(start_paused = true)]
async fn c6_listeners_of_messages_whose_text_is_blank_are_named() {
    let sim = discord().start().await;

    let (preflight, _) = look(&sim, Bot::builder().add(handlers![counts])).await;

    assert_eq!(codes(&preflight), ["blank_content"]);
    let said = preflight.findings()[0].to_string();
    assert!(
        said.contains("counts (listener) at tests/preflight.rs"),
        "{said}"
    );
    assert!(preflight.is_ready());
}

#[tokio::test(start_paused = true)]
async fn c6_whoever_asks_for_the_text_or_does_without_it_is_not_told() {
    #[listener]
    async fn answers(_: &Context, _: &DirectMessage) {}
    #[listener]
    async fn watches(_: &Context, _: &Event) {}

    let sim = discord().start().await;
    let quiet = [
        Bot::builder().add(handlers![counts, reads]),
        Bot::builder()
            .add(handlers![counts])
            .intents(Intents::MESSAGE_CONTENT),
        Bot::builder()
            .add(handlers![counts])
            .only_intents(Intents::GUILD_MESSAGES),
        Bot::builder().add(handlers![answers, watches]),
    ];
    for bot in quiet {
        let (preflight, _) = look(&sim, bot).await;

        assert_eq!(codes(&preflight), [""; 0], "{preflight}");
    }
}

#[tokio::test(start_paused = true)]
async fn c6_what_was_found_is_logged_once_when_the_bot_starts() {
    let log = Log::listen(Level::WARN);

    let sim = Simulator::start(Bot::builder().add(handlers![counts])).await;
    sim.drop_connections();
    sim.settle().await;
    sim.stop().await;

    let text = log.text();
    assert_eq!(text.matches("blank_content").count(), 1, "{text}");
}

// C7: commands that Discord would refuse are mistakes of `build()`: `tests/registration.rs`.

// C8: tokens go to no proxy elsewhere.

#[tokio::test(start_paused = true)]
async fn c8_a_token_is_not_sent_elsewhere_to_be_looked_at() {
    let elsewhere = Endpoints {
        gateway: ([192, 0, 2, 1], 80).into(),
        http: ([192, 0, 2, 1], 80).into(),
    };
    let token = Token::new(TOKEN).expect("the form of a token");

    let looked = Bot::builder().token(token).endpoints(elsewhere);
    let failure = looked
        .build()
        .expect("a bot")
        .check()
        .await
        .expect_err("in plain text");

    assert!(failure.is::<InsecureTransport>(), "{failure:?}");
}

// C9: Discord cannot be reached, or has trouble.

#[tokio::test(start_paused = true)]
async fn c9_what_cannot_be_asked_is_told_of_and_the_rest_is_found_nevertheless() {
    let sim = discord().start().await;
    sim.inject("GET", APPLICATION, Fault::status(500).always());

    let (without, _) = look(&sim, Bot::builder().add(handlers![counts])).await;
    let (with, _) = look(&sim, Bot::builder().add(handlers![ban])).await;

    assert_eq!(codes(&without), ["cannot_ask", "blank_content"]);
    assert!(without.is_ready());
    assert_eq!(without.shards(), Some(1));
    assert_eq!(codes(&with), ["cannot_ask"]);
    assert!(!with.is_ready());
    assert!(matches!(
        &with.findings()[0],
        Finding::CannotAsk { failure, .. } if failure.is::<ServerError>()
    ));
}

#[tokio::test(start_paused = true)]
async fn c9_commands_that_cannot_be_looked_at_today_stop_no_bot() {
    let limit = r#"{"message":"You are being rate limited.","retry_after":86400.0,"global":false}"#;
    let limited = Fault::answer(429, limit).header("retry-after", "86400");
    let sim = discord().start().await;
    sim.inject("GET", "/applications/*/commands", limited.always());

    let (preflight, _) = look(&sim, Bot::builder().add(handlers![ban])).await;

    assert_eq!(codes(&preflight), ["cannot_ask"]);
    assert!(preflight.is_ready(), "{preflight}");
}

#[tokio::test(start_paused = true)]
async fn c9_nobody_there_is_told_of_with_what_to_look_for() {
    let sim = discord().start().await;
    sim.inject("GET", "/**", Fault::hang_up().always());

    let (preflight, _) = look(&sim, Bot::builder()).await;

    assert_eq!(codes(&preflight), ["cannot_ask"; 2]);
    let fix = preflight.findings()[0].fix();
    assert!(
        fix.contains("`HTTPS_PROXY`") && fix.contains("clock"),
        "{fix}"
    );
}

// Sessions.

#[tokio::test(start_paused = true)]
async fn a_day_without_sessions_left_is_told_of_with_its_end() {
    let hours = Duration::from_secs(3 * 3_600);
    let sim = discord().start().await;
    let cases = [
        (
            0,
            1,
            "sessions_short",
            "begin 0 sessions within the next 3 hours",
        ),
        (3, 4, "sessions_short", "begin 3 sessions"),
        (
            99,
            1,
            "few_sessions",
            "the bot may begin only 99 more of its 1000 sessions a day",
        ),
    ];
    for (remaining, shards, code, text) in cases {
        let info = json!({
            "url": "wss://gateway.discord.gg",
            "shards": shards,
            "session_start_limit": {
                "total": 1000,
                "remaining": remaining,
                "reset_after": hours.as_millis(),
                "max_concurrency": 1,
            },
        });
        sim.answer_next("GET", "/gateway/bot", 200, info.to_string());

        let (preflight, _) = look(&sim, Bot::builder()).await;

        assert_eq!(codes(&preflight), [code]);
        assert_eq!(preflight.shards(), Some(shards));
        let said = preflight.findings()[0].to_string();
        assert!(said.contains(text), "{said}");
        assert!(preflight.is_ready());
    }
}

#[tokio::test(start_paused = true)]
async fn a_tenth_of_the_sessions_is_enough() {
    let sim = discord()
        .session_starts(101, 1000, Duration::from_secs(3_600))
        .start()
        .await;

    let (preflight, _) = look(&sim, Bot::builder()).await;

    // The bot of this Discord has begun one.
    assert_eq!(codes(&preflight), [""; 0], "{preflight}");
}

// What the application is like.

#[tokio::test(start_paused = true)]
async fn a_bot_in_no_guild_is_given_the_link_into_one() {
    let sim = discord().counts_guilds(0).start().await;

    let (preflight, _) = look(&sim, Bot::builder().add(handlers![ban])).await;

    assert_eq!(codes(&preflight), ["no_guild", "commands_differ"]);
    let invite = preflight.invite().expect("a link").to_owned();
    assert!(preflight.findings()[0].fix().ends_with(&invite));
    let needed = Permissions::BAN_MEMBERS | Permissions::VIEW_CHANNEL | Permissions::SEND_MESSAGES;
    assert_eq!(preflight.permissions(), needed);
    assert!(
        invite.starts_with("https://discord.com/oauth2/authorize?client_id=")
            && invite.contains("&scope=bot+applications.commands&")
            && invite.ends_with(&format!("&permissions={}", needed.bits())),
        "{invite}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_bot_that_people_installed_for_themselves_needs_no_guild() {
    let preflight = look_at_changed(Bot::builder(), |application| {
        application["approximate_guild_count"] = json!(0);
        application["approximate_user_install_count"] = json!(5);
    });

    assert_eq!(codes(&preflight.await), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn the_link_asks_for_what_every_check_and_every_reply_needs() {
    #[listener]
    async fn answers(_: &Context, _: &MessageCreate, _: Content) {}
    #[component(bot_permissions = MANAGE_ROLES)]
    async fn take(_: &ComponentContext) {}

    let plugin = Plugin::new("part")
        .bot_permissions(Permissions::KICK_MEMBERS)
        .add(handlers![ban]);
    let sim = discord().start().await;

    let bot = Bot::builder().plugin(plugin).add(handlers![answers, take]);
    let (preflight, _) = look(&sim, bot).await;

    assert_eq!(
        preflight.permissions(),
        Permissions::BAN_MEMBERS
            | Permissions::KICK_MEMBERS
            | Permissions::MANAGE_ROLES
            | Permissions::READ_MESSAGE_HISTORY
            | Permissions::SEND_MESSAGES
            | Permissions::SEND_MESSAGES_IN_THREADS
            | Permissions::VIEW_CHANNEL
    );
}

#[tokio::test(start_paused = true)]
async fn interactions_that_are_sent_elsewhere_are_told_of_by_host_alone() {
    let url = "https://user:c2VudGluZWw@old.example/hook/c2VudGluZWw";
    let sim = discord().interactions_endpoint(url).start().await;

    let (deaf, _) = look(&sim, Bot::builder().add(handlers![ban])).await;
    let (unconcerned, _) = look(&sim, Bot::builder().add(handlers![greets])).await;

    assert_eq!(codes(&deaf), ["interactions_elsewhere", "commands_differ"]);
    let shown = format!("{deaf} {deaf:?}");
    assert!(
        shown.contains("sends interactions to old.example, so"),
        "{shown}"
    );
    assert!(shown.contains("Interactions Endpoint URL"), "{shown}");
    assert!(!shown.contains(SENTINEL), "{shown}");
    assert_eq!(codes(&unconcerned), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn interactions_that_are_sent_elsewhere_do_not_reach_the_bot_which_says_why() {
    let log = Log::listen(Level::WARN);
    let bot = Bot::builder().add(handlers![ban]);
    let sim = Simulator::builder(bot)
        .interactions_endpoint("https://old.example/hook")
        .start()
        .await;

    sim.join("alice").await.run("/ban").await;

    sim.stop().await.assert_not_run("ban");
    let text = log.text();
    assert_eq!(text.matches("interactions_elsewhere").count(), 1, "{text}");
}

#[tokio::test(start_paused = true)]
async fn an_application_that_no_link_lets_in_is_told_of() {
    let preflight = look_at_changed(Bot::builder(), |application| {
        application["bot_require_code_grant"] = json!(true);
    });

    let preflight = preflight.await;
    assert_eq!(codes(&preflight), ["code_grant"]);
    assert!(
        preflight.findings()[0]
            .fix()
            .contains("Requires OAuth2 Code Grant")
    );
}

#[tokio::test(start_paused = true)]
async fn commands_that_discord_does_not_know_are_worth_knowing_and_nothing_is_changed() {
    let sim = discord().start().await;

    let (preflight, asked) = look(&sim, Bot::builder().add(handlers![ban])).await;

    assert_eq!(codes(&preflight), ["commands_differ"]);
    assert_eq!(preflight.findings()[0].severity(), Severity::Notice);
    assert!(asked.iter().all(|request| request.method() == "GET"));
    assert_eq!(asked.len(), 3);
    assert!(sim.commands(None).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_development_guild_that_the_bot_is_not_in_would_stop_it() {
    let sim = discord().start().await;
    let bot = Bot::builder()
        .add(handlers![ban])
        .development_guild(Id::new(5));

    let (preflight, _) = look(&sim, bot).await;

    assert_eq!(codes(&preflight), ["cannot_ask"]);
    assert!(!preflight.is_ready());
    let fix = preflight.findings()[0].fix();
    assert!(fix.contains("development guild"), "{fix}");
}

// All of it.

#[tokio::test(start_paused = true)]
async fn all_of_it_reads_as_a_list_of_what_to_do_the_worst_first() {
    let sim = discord()
        .refuse_privileged_intents()
        .counts_guilds(0)
        .interactions_endpoint("https://old.example/hook")
        .start()
        .await;

    let bot = Bot::builder().add(handlers![greets, counts, ban]);
    let bot = sim.beside(bot).build().expect("a bot");

    let preflight = bot.check().await.expect("it can ask");

    let invite = preflight.invite().expect("a link");
    let client = invite.split(['=', '&']).nth(1).expect("an id");
    let mut shown = preflight.to_string().replace(client, "ID");
    for listener in bot.listeners() {
        let place = listener.place().expect("a place").to_string();
        shown = shown.replace(&place, "PLACE");
    }
    let expected = include_str!("preflight.txt");
    assert_eq!(shown, expected.trim_end(), "\n{shown}\n");
}

#[tokio::test(start_paused = true)]
async fn a_bot_with_which_all_is_well_has_nothing_to_fix() {
    let sim = discord().start().await;

    let (preflight, asked) = look(&sim, Bot::builder().add(handlers![greets])).await;

    assert_eq!(codes(&preflight), [""; 0]);
    assert!(preflight.is_ready());
    assert!(
        preflight
            .to_string()
            .contains("it would run\nintents: GUILD_MEMBERS\n"),
        "{preflight}"
    );
    assert_eq!(paths(&asked), [APPLICATION, "/gateway/bot"]);
    preflight.refuse(Severity::Notice).expect("nothing");
}

#[tokio::test(start_paused = true)]
async fn a_machine_may_be_as_strict_as_it_likes() {
    let sim = discord().start().await;
    let (preflight, _) = look(&sim, Bot::builder().add(handlers![counts])).await;

    preflight.clone().refuse(Severity::Error).expect("no error");
    let not_ready = preflight.refuse(Severity::Warning).expect_err("a warning");

    let failure = Failure::from(not_ready);
    let not_ready = failure.find::<NotReady>().expect("the findings");
    assert_eq!(codes(not_ready.preflight()), ["blank_content"]);
    assert!(
        failure.to_string().starts_with("the bot is not ready\n"),
        "{failure}"
    );
}
