//! What an error is-a: bases, umbrellas, facets, and edges between types of other crates.

use std::error::Error;
use std::num::ParseIntError;
use std::sync::Arc;

use cordial::bot::Mistake;
use cordial::prelude::*;
use cordial::testing::{Log, Simulator, Transcript};

/// Runs a bot, lets somebody join, and returns who was asked, in order.
async fn asked(bot: BotBuilder) -> Vec<String> {
    let transcript = joined(bot).await;
    let report = transcript.reports().next().expect("something failed");
    report
        .tried
        .iter()
        .map(|tried| tried.handler.name().to_owned())
        .collect()
}

async fn joined(bot: BotBuilder) -> Transcript {
    let sim = Simulator::start(bot).await;
    sim.join("alice").await;
    sim.stop().await
}

fn not_a_number() -> ParseIntError {
    "many".parse::<u8>().expect_err("no number")
}

/// Declares error handlers that propagate.
macro_rules! propagate {
    ($($name:ident: $error:ty),* $(,)?) => {$(
        #[error_handler]
        async fn $name(_: &ErrorContext, _: &$error) -> bool {
            false
        }
    )*};
}

propagate! {
    any: Failure,
    discord: Discord,
    http: Http404,
    not_found: NotFound,
    number: ParseIntError,
    storage: StorageError,
    app: AppError,
    closed: Closed,
}

// Bases.

#[derive(Debug, thiserror::Error, Exception)]
#[error("discord said no")]
struct Discord;

#[derive(Debug, thiserror::Error, Exception)]
#[error("status 404")]
struct Http404 {
    #[base]
    discord: Discord,
}

#[derive(Debug, thiserror::Error, Exception)]
#[error("no such channel")]
struct NotFound(#[base] Http404);

#[listener]
async fn finds_nothing(_: &Context, _: &MemberAdd) -> Result<()> {
    Err(NotFound(Http404 { discord: Discord }).into())
}

#[tokio::test(start_paused = true)]
async fn an_error_is_a_all_its_bases_the_more_specific_first() {
    let bot = Bot::builder().add(handlers![
        any,
        discord,
        not_found,
        http,
        number,
        finds_nothing
    ]);

    assert_eq!(asked(bot).await, ["not_found", "http", "discord", "any"]);
}

#[test]
fn a_failure_can_be_asked_what_it_is() {
    let failure = Failure::new(NotFound(Http404 { discord: Discord }));

    assert!(failure.is::<NotFound>());
    assert!(failure.is::<Discord>());
    assert!(!failure.is::<ParseIntError>());
    assert_eq!(
        failure
            .find::<Http404>()
            .map(ToString::to_string)
            .as_deref(),
        Some("status 404")
    );
}

#[test]
fn rank_counts_what_a_type_is_a_itself_and_dyn_error_included() {
    let bot = Bot::builder()
        .add(handlers![any, discord, not_found, http])
        .build()
        .expect("a bot");

    let ranks: Vec<_> = bot
        .error_handlers()
        .into_iter()
        .map(|info| (info.handler.name().to_owned(), info.rank))
        .collect();
    let expected = [("not_found", 4), ("http", 3), ("discord", 2), ("any", 1)];
    assert_eq!(ranks, expected.map(|(name, rank)| (name.to_owned(), rank)));
}

#[derive(Debug, thiserror::Error, Exception)]
#[error("left")]
struct Left {
    #[base]
    discord: Box<Discord>,
}

#[derive(Debug, thiserror::Error, Exception)]
#[error("right")]
struct Right {
    #[base]
    discord: Arc<Discord>,
}

#[derive(Debug, thiserror::Error, Exception)]
#[error("both")]
struct Diamond {
    #[base]
    left: Left,
    #[base]
    right: Right,
}

propagate! {
    left: Left,
    right: Right,
    diamond: Diamond,
}

#[tokio::test(start_paused = true)]
async fn two_ways_to_one_base_count_once_and_equals_go_by_name() {
    #[listener]
    async fn fails(_: &Context, _: &MemberAdd) -> Result<()> {
        let left = Left {
            discord: Box::new(Discord),
        };
        let right = Right {
            discord: Arc::new(Discord),
        };
        Err(Diamond { left, right }.into())
    }

    let bot = Bot::builder().add(handlers![discord, right, left, diamond, fails]);
    let built = Bot::builder()
        .add(handlers![diamond])
        .build()
        .expect("a bot");

    assert_eq!(asked(bot).await, ["diamond", "left", "right", "discord"]);
    assert_eq!(built.error_handlers()[0].rank, 5);
}

// Umbrellas.

#[derive(Debug, thiserror::Error, Exception)]
enum StorageError {
    #[error("not a number")]
    Number(#[from] ParseIntError),
    #[error("closed")]
    Closed(#[source] Closed),
    #[error("hidden")]
    #[opaque]
    Hidden(#[from] Discord),
}

#[derive(Debug, thiserror::Error, Exception)]
#[error("the connection was closed")]
struct Closed;

#[derive(Debug, thiserror::Error, Exception)]
enum AppError {
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error("something boxed")]
    Boxed(#[from] Box<dyn Error + Send + Sync>),
    #[error("something else")]
    Other(#[from] anyhow::Error),
}

#[listener]
async fn fails_inside_two_umbrellas(_: &Context, _: &MemberAdd) -> Result<(), AppError> {
    Err(StorageError::from(not_a_number()).into())
}

#[tokio::test(start_paused = true)]
async fn what_an_umbrella_holds_is_narrower_than_it() {
    let bot = Bot::builder().add(handlers![
        app,
        storage,
        number,
        closed,
        any,
        fails_inside_two_umbrellas
    ]);

    assert_eq!(asked(bot).await, ["number", "storage", "app", "any"]);
}

#[tokio::test(start_paused = true)]
async fn an_opaque_variant_keeps_to_itself() {
    #[listener]
    async fn fails(_: &Context, _: &MemberAdd) -> Result<(), StorageError> {
        Err(Discord.into())
    }

    let bot = Bot::builder().add(handlers![discord, storage, fails]);

    assert_eq!(asked(bot).await, ["storage"]);
}

#[tokio::test(start_paused = true)]
async fn an_umbrella_sees_into_boxes_and_reports() {
    #[listener]
    async fn boxed(_: &Context, _: &MemberAdd) -> Result<()> {
        let boxed: Box<dyn Error + Send + Sync> = not_a_number().into();
        Err(AppError::from(boxed).into())
    }

    #[listener]
    async fn reported(_: &Context, _: &MemberAdd) -> Result<()> {
        let report = anyhow::Error::new(not_a_number()).context("while counting");
        Err(AppError::from(report).into())
    }

    for bot in [
        Bot::builder().add(handlers![boxed]),
        Bot::builder().add(handlers![reported]),
    ] {
        let bot = bot.add(handlers![app, number, any]);

        assert_eq!(asked(bot).await, ["number", "app", "any"]);
    }
}

#[tokio::test(start_paused = true)]
async fn the_same_error_outside_of_its_umbrella_is_no_umbrella() {
    #[listener]
    async fn fails(_: &Context, _: &MemberAdd) -> Result<()> {
        Err(not_a_number().into())
    }

    let bot = Bot::builder().add(handlers![app, storage, number, fails]);

    assert_eq!(asked(bot).await, ["number"]);
}

// Causes.

#[listener]
async fn fails_because_closed(_: &Context, _: &MemberAdd) -> Result<(), AppError> {
    Err(StorageError::Closed(Closed).into())
}

#[error_handler(cause)]
async fn closed_as_cause(_: &ErrorContext, _: &Closed) -> bool {
    false
}

#[tokio::test(start_paused = true)]
async fn a_cause_is_for_those_who_ask_for_it_and_comes_last() {
    let bot = Bot::builder().add(handlers![
        any,
        app,
        closed,
        closed_as_cause,
        storage,
        fails_because_closed
    ]);

    assert_eq!(
        asked(bot).await,
        ["storage", "app", "any", "closed_as_cause"]
    );
}

#[tokio::test(start_paused = true)]
async fn who_asks_for_causes_is_asked_about_the_error_itself_too_and_once() {
    #[listener]
    async fn fails(_: &Context, _: &MemberAdd) -> Result<()> {
        Err(Closed.into())
    }

    assert_eq!(
        asked(Bot::builder().add(handlers![closed_as_cause, any, fails])).await,
        ["closed_as_cause", "any"]
    );
}

// Facets.

trait UserFacing: Send + Sync {
    fn text(&self) -> String;
}

#[derive(Debug, thiserror::Error, Exception)]
#[error("too many")]
#[facet(dyn UserFacing)]
struct TooMany {
    #[base]
    discord: Discord,
}

impl UserFacing for TooMany {
    fn text(&self) -> String {
        "That is too many.".to_owned()
    }
}

#[listener]
async fn takes_too_many(_: &Context, _: &MemberAdd) -> Result<()> {
    Err(TooMany { discord: Discord }.into())
}

#[error_handler]
async fn user_facing(_: &ErrorContext, error: &dyn UserFacing) -> bool {
    error.text() == "That is too many."
}

#[tokio::test(start_paused = true)]
async fn a_facet_is_a_base_without_a_field() {
    let transcript = joined(Bot::builder().add(handlers![any, user_facing, takes_too_many])).await;

    transcript.assert_handled_by("takes_too_many", "user_facing");
}

#[tokio::test(start_paused = true)]
async fn a_facet_in_its_other_spelling_is_the_same() {
    #[error_handler]
    async fn spelled_out(_: &ErrorContext, error: &(dyn UserFacing + Send + Sync)) -> bool {
        error.text() == "That is too many."
    }

    let transcript = joined(Bot::builder().add(handlers![spelled_out, takes_too_many])).await;

    transcript.assert_handled_by("takes_too_many", "spelled_out");
}

#[tokio::test(start_paused = true)]
async fn a_facet_is_asked_for_in_any_spelling() {
    trait Loud: Sync {}

    #[derive(Debug, thiserror::Error, Exception)]
    #[error("loud")]
    #[facet(dyn Loud + Send + Sync)]
    struct Bang;

    impl Loud for Bang {}

    #[listener]
    async fn bangs(_: &Context, _: &MemberAdd) -> Result<()> {
        Err(Bang.into())
    }

    #[error_handler]
    async fn plain(_: &ErrorContext, _: &dyn Loud) -> bool {
        false
    }

    #[error_handler]
    async fn sendable(_: &ErrorContext, _: &(dyn Loud + Send)) -> bool {
        false
    }

    #[error_handler]
    async fn shareable(_: &ErrorContext, _: &(dyn Loud + Sync)) -> bool {
        false
    }

    let bot = Bot::builder().add(handlers![bangs, plain, sendable, shareable]);
    let mut asked = asked(bot).await;

    asked.sort_unstable();
    assert_eq!(asked, ["plain", "sendable", "shareable"]);
}

#[test]
fn a_facet_that_nobody_declares_is_warned_of() {
    trait Silent: Sync {}

    #[error_handler]
    async fn never(_: &ErrorContext, _: &dyn Silent) -> bool {
        true
    }

    let log = Log::listen(tracing::Level::WARN);
    Bot::builder()
        .add(handlers![never, user_facing])
        .build()
        .expect("a bot");

    let text = log.text();
    assert_eq!(text.matches("never runs").count(), 1, "{text}");
    assert!(text.contains("never (error handler)"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_facet_has_a_plain_form() {
    async fn plain(_: &ErrorContext, error: &(dyn UserFacing + 'static)) -> bool {
        error.text() == "That is too many."
    }

    let bot = Bot::builder()
        .error_handler(ErrorHandler::facet(plain))
        .add(handlers![takes_too_many]);

    joined(bot)
        .await
        .assert_handled_by("takes_too_many", "plain");
}

#[test]
fn a_facet_counts_in_the_rank() {
    #[error_handler]
    async fn too_many(_: &ErrorContext, _: &TooMany) -> bool {
        true
    }

    let bot = Bot::builder()
        .add(handlers![discord, user_facing, too_many])
        .build()
        .expect("a bot");

    // The error, its base, its facet and `dyn Error`; the facet, and the base, and `dyn Error`.
    let ranks: Vec<_> = bot
        .error_handlers()
        .iter()
        .map(|info| (info.handler.name().to_owned(), info.rank))
        .collect();
    assert_eq!(ranks[0], ("too_many".to_owned(), 4));
    assert_eq!((ranks[1].1, ranks[2].1), (2, 2));
}

#[derive(Debug, thiserror::Error, Exception)]
#[error("too many, and late")]
#[facet(dyn UserFacing)]
struct TooManyTooLate {
    #[base]
    base: TooMany,
}

impl UserFacing for TooManyTooLate {
    fn text(&self) -> String {
        "That is too many, and too late.".to_owned()
    }
}

#[tokio::test(start_paused = true)]
async fn a_facet_is_that_of_the_most_specific_error() {
    #[listener]
    async fn comes_late(_: &Context, _: &MemberAdd) -> Result<()> {
        let base = TooMany { discord: Discord };
        Err(TooManyTooLate { base }.into())
    }

    #[error_handler]
    async fn specific(_: &ErrorContext, error: &dyn UserFacing) -> bool {
        error.text() == "That is too many, and too late."
    }

    let transcript = joined(Bot::builder().add(handlers![specific, comes_late])).await;

    transcript.assert_handled_by("comes_late", "specific");
}

// Errors in errors of their own type, and of types that nobody declared.

#[tokio::test(start_paused = true)]
async fn what_lies_in_an_error_of_the_same_type_counts() {
    #[listener]
    async fn nested(_: &Context, _: &MemberAdd) -> Result<()> {
        let inner = AppError::from(StorageError::from(not_a_number()));
        let inner: Box<dyn Error + Send + Sync> = inner.into();
        Err(AppError::from(inner).into())
    }

    let bot = Bot::builder().add(handlers![app, storage, number, any, nested]);

    assert_eq!(asked(bot).await, ["number", "storage", "app", "any"]);
}

#[test]
fn what_is_in_a_box_is_found_though_nobody_declared_it() {
    #[derive(Debug, thiserror::Error)]
    #[error("declared by nobody")]
    struct Undeclared;

    let boxed: Box<dyn Error + Send + Sync> = Undeclared.into();
    let reported = anyhow::Error::new(Undeclared).context("while counting");

    for error in [AppError::from(boxed), AppError::from(reported)] {
        let failure = Failure::new(error);
        assert!(failure.is::<Undeclared>(), "{failure:?}");
        assert!(!failure.is::<Discord>());
    }
}

// Types of other crates.

#[derive(Debug, thiserror::Error)]
#[error("from elsewhere")]
struct Foreign {
    cause: ForeignBase,
}

#[derive(Debug, thiserror::Error)]
#[error("the base of it")]
struct ForeignBase;

#[derive(Debug, thiserror::Error)]
#[error("one of many")]
enum ForeignUmbrella {
    One(Foreign),
}

propagate! {
    foreign: Foreign,
    foreign_base: ForeignBase,
    foreign_umbrella: ForeignUmbrella,
}

#[listener]
async fn fails_elsewhere(_: &Context, _: &MemberAdd) -> Result<()> {
    Err(ForeignUmbrella::One(Foreign { cause: ForeignBase }).into())
}

#[tokio::test(start_paused = true)]
async fn an_error_of_another_crate_is_handled_as_itself() {
    let bot = Bot::builder().add(handlers![
        foreign,
        foreign_base,
        foreign_umbrella,
        any,
        fails_elsewhere
    ]);

    assert_eq!(asked(bot).await, ["foreign_umbrella", "any"]);
}

#[tokio::test(start_paused = true)]
async fn one_line_adds_an_edge_for_errors_of_other_crates() {
    let bot = Bot::builder()
        .is_a(|foreign: &Foreign| Some(&foreign.cause))
        .umbrella(|ForeignUmbrella::One(foreign)| Some(foreign))
        .add(handlers![
            foreign,
            foreign_base,
            foreign_umbrella,
            any,
            fails_elsewhere
        ]);

    assert_eq!(
        asked(bot).await,
        ["foreign", "foreign_base", "foreign_umbrella", "any"]
    );
}

// The catch-all.

#[tokio::test(start_paused = true)]
async fn every_error_is_a_dyn_error_and_that_comes_last() {
    #[error_handler]
    async fn any_error(_: &ErrorContext, error: &(dyn Error + Send + Sync)) -> bool {
        error.to_string() == "from nowhere"
    }

    #[listener]
    async fn fails(_: &Context, _: &MemberAdd) -> Result<(), Box<dyn Error + Send + Sync>> {
        Err("from nowhere".into())
    }

    let transcript = joined(Bot::builder().add(handlers![any_error, fails])).await;

    transcript.assert_handled_by("fails", "any_error");
}

// Circles.

#[derive(Debug, thiserror::Error, Exception)]
#[error("chicken")]
struct Chicken {
    #[base]
    egg: Box<Egg>,
}

#[derive(Debug, thiserror::Error)]
#[error("egg")]
struct Egg;

#[test]
fn a_circle_is_a_build_error_that_names_it() {
    // Only where it is declared: other bots of this program have no such circle.
    fn hatched(_: &Egg) -> Option<&Chicken> {
        None
    }

    let error = Bot::builder().is_a(hatched).build().expect_err("a circle");

    let [Mistake::Cycle { types }] = error.mistakes() else {
        panic!("{error}");
    };
    assert_eq!(types.len(), 3);
    assert_eq!(types.first(), types.last());
    assert!(
        error
            .to_string()
            .contains("`lattice::Chicken` is-a `lattice::Egg`"),
        "{error}"
    );
}

#[test]
fn every_circle_is_told_of_and_each_once() {
    fn hatched(_: &Egg) -> Option<&Chicken> {
        None
    }

    fn broken(_: &Closed) -> Option<&Nested> {
        None
    }

    fn mended(_: &Nested) -> Option<&Closed> {
        None
    }

    let bot = Bot::builder().is_a(hatched).is_a(broken).is_a(mended);
    let error = bot.build().expect_err("two circles");

    assert_eq!(error.mistakes().len(), 2, "{error}");
}

/// Only here is it a base of something.
#[derive(Debug, thiserror::Error)]
#[error("nested")]
struct Nested;
