//! The guide: pages to read in order, on how to write, test and run a bot.
//!
//! [getting-started]: crate::guide::getting_started
//! [handlers]: crate::guide::handlers
//! [errors]: crate::guide::errors
//! [commands]: crate::guide::commands
//! [components]: crate::guide::components
//! [waiting]: crate::guide::waiting
//! [tasks]: crate::guide::tasks
//! [state-and-plugins]: crate::guide::state_and_plugins
//! [cache]: crate::guide::cache
//! [testing]: crate::guide::testing
//! [database]: crate::guide::database
//! [deployment]: crate::guide::deployment
//! [from-poise]: crate::guide::from_poise
//! [from-serenity]: crate::guide::from_serenity
//! [from-discord-py]: crate::guide::from_discord_py
//! [from-hikari]: crate::guide::from_hikari
#![doc = ""]
#![doc = include_str!("../docs/guide/README.md")]

/// Declares a page for each file: a module that is only documentation.
///
/// Pages say at their end which files their links lead to. What is said before that counts, so that here
/// the links lead to modules.
macro_rules! pages {
    ($($page:ident: $file:literal;)*) => {$(
        #[doc = "[getting-started]: crate::guide::getting_started"]
        #[doc = "[handlers]: crate::guide::handlers"]
        #[doc = "[errors]: crate::guide::errors"]
        #[doc = "[commands]: crate::guide::commands"]
        #[doc = "[components]: crate::guide::components"]
        #[doc = "[waiting]: crate::guide::waiting"]
        #[doc = "[tasks]: crate::guide::tasks"]
        #[doc = "[state-and-plugins]: crate::guide::state_and_plugins"]
        #[doc = "[cache]: crate::guide::cache"]
        #[doc = "[testing]: crate::guide::testing"]
        #[doc = "[database]: crate::guide::database"]
        #[doc = "[deployment]: crate::guide::deployment"]
        #[doc = "[from-poise]: crate::guide::from_poise"]
        #[doc = "[from-serenity]: crate::guide::from_serenity"]
        #[doc = "[from-discord-py]: crate::guide::from_discord_py"]
        #[doc = "[from-hikari]: crate::guide::from_hikari"]
        #[doc = "[by-what-discord-answers]: crate::guide::errors_for_people_who_move#by-what-discord-answers"]
        #[doc = "[errors-from-discord-py]: crate::guide::errors_for_people_who_move#discordpy"]
        #[doc = "[errors-from-hikari]: crate::guide::errors_for_people_who_move#hikari-and-lightbulb"]
        #[doc = "[errors-from-poise]: crate::guide::errors_for_people_who_move#poise"]
        #[doc = "[errors-from-serenity]: crate::guide::errors_for_people_who_move#serenity"]
        #[doc = "[people-who-move]: crate::guide::errors_for_people_who_move"]
        #[doc = "[reliability]: crate::guide::reliability"]
        #[doc = ""]
        #[doc = include_str!(concat!("../docs/", $file))]
        pub mod $page {}
    )*};
}

pages! {
    getting_started: "guide/getting-started.md";
    handlers: "guide/handlers.md";
    errors: "guide/errors.md";
    commands: "guide/commands.md";
    components: "guide/components.md";
    waiting: "guide/waiting.md";
    tasks: "guide/tasks.md";
    state_and_plugins: "guide/state-and-plugins.md";
    cache: "guide/cache.md";
    testing: "guide/testing.md";
    database: "guide/database.md";
    deployment: "guide/deployment.md";
    from_poise: "guide/from-poise.md";
    from_serenity: "guide/from-serenity.md";
    from_discord_py: "guide/from-discord-py.md";
    from_hikari: "guide/from-hikari.md";
    errors_for_people_who_move: "errors.md";
    reliability: "reliability.md";
}
