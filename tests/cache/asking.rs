//! How a bot asks for what is kept, and what it brings.

use crate::*;

#[tokio::test(start_paused = true)]
async fn what_is_not_kept_says_how_to_keep_it() {
    let bot = looking(|ctx| {
        let guild = ctx.event().and_then(cordial::event::guild_id).unwrap();
        let error = ctx.cache().guild(guild).expect_err("nothing is kept");
        assert_eq!(error.resource(), Resource::Guilds);
        error.to_string()
    });
    let (sim, seen) = simulator(bot).await;

    look(&sim).await;

    let text = seen.take().remove(0);
    assert!(text.contains("guilds are not cached"), "{text}");
    assert!(text.contains(".cache(Resource::Guilds)"), "{text}");
    sim.stop().await;
}

#[listener]
async fn takes_roles(_: &Context, _: &TypingStart, _: Cached<Role>) {}

#[listener]
async fn takes_update(_: &Context, _: &Updated<Message>) {}

#[test]
fn what_a_handler_takes_is_asked_for_and_nothing_else() {
    let bot = Bot::builder().add(handlers![takes_roles]).build().unwrap();

    let typing = Intents::GUILD_MESSAGE_TYPING | Intents::DIRECT_MESSAGE_TYPING;
    assert_eq!(bot.intents(), Intents::GUILDS | typing);
    let kinds = [
        EventType::TypingStart,
        EventType::Ready,
        EventType::GuildCreate,
        EventType::GuildDelete,
        EventType::RoleCreate,
        EventType::RoleUpdate,
        EventType::RoleDelete,
    ];
    assert_eq!(bot.wanted(), EventKinds::from_iter(kinds));

    let bot = Bot::builder().add(handlers![takes_update]).build().unwrap();
    let messages = Intents::GUILD_MESSAGES | Intents::DIRECT_MESSAGES;
    assert_eq!(bot.intents(), Intents::GUILDS | messages);
}

#[test]
fn a_bot_that_takes_nothing_of_the_cache_keeps_nothing() {
    #[listener]
    async fn joined(_: &Context, _: &MemberAdd) {}

    let bot = Bot::builder().add(handlers![joined]).build().unwrap();

    assert_eq!(bot.intents(), Intents::GUILD_MEMBERS);
    assert_eq!(bot.wanted(), EventKinds::of(EventType::MemberAdd));
    assert_eq!(bot.health().cache(), []);
}

#[test]
fn intents_that_leave_out_what_is_kept_are_a_mistake() {
    let bot = Bot::builder()
        .only_intents(Intents::GUILDS)
        .cache([Resource::Guilds, Resource::Members]);
    let error = bot.build().expect_err("members never come");
    let expected = Mistake::UncachedIntents {
        resources: Resources::from([Resource::Guilds, Resource::Members]),
        needed: Intents::GUILD_MEMBERS,
    };
    assert_eq!(error.mistakes(), [expected]);
    assert!(error.to_string().contains("GUILD_MEMBERS"), "{error}");

    let bot = Bot::builder()
        .only_intents(Intents::GUILD_MESSAGE_TYPING)
        .add(handlers![takes_roles]);
    let error = bot.build().expect_err("roles never come");
    assert!(error.to_string().contains("takes_roles"), "{error}");
    assert!(error.to_string().contains("GUILDS"), "{error}");
}

#[test]
fn messages_of_guilds_alone_may_be_kept() {
    let chosen = Intents::GUILDS | Intents::GUILD_MESSAGES;
    let bot = Bot::builder()
        .only_intents(chosen)
        .cache(Resource::Messages);

    assert!(bot.build().is_ok());
}

#[tokio::test(start_paused = true)]
async fn what_is_to_be_read_alone_leaves_the_cache_what_it_needs() {
    let bot = looking(|ctx| ctx.cache().of::<Role>().unwrap().len().to_string());
    let bot = bot.only_wants([EventType::TypingStart]);
    let (sim, seen) = simulator(bot.cache(Resource::Roles)).await;

    look(&sim).await;

    seen.assert(&["2"]);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn an_error_handler_may_take_what_was_before() {
    #[derive(Debug, thiserror::Error, Exception)]
    #[error("no")]
    struct No;

    #[listener]
    async fn fails(_: &Context, _: &MessageUpdate) -> Result<()> {
        Err(No.into_failure())
    }

    #[error_handler]
    async fn notes(edit: &Updated<Message>, _: &No, seen: State<Seen>) -> bool {
        seen.note(before(edit.before.as_ref(), |message| {
            message.content.clone()
        }));
        true
    }

    let bot = Bot::builder().intents(Intents::MESSAGE_CONTENT);
    let (sim, seen) = simulator(bot.add(handlers![fails, notes])).await;
    let alice = sim.person("alice");

    let message = alice.say("one").await;
    alice.edit(message, "two").await;

    seen.assert(&["one"]);
    sim.stop().await;
}
