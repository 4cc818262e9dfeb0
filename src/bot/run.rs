//! Running a bot: it connects, dispatches events, and at the end lets running handlers finish.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use twilight_model::gateway::connection_info::BotConnectionInfo;

use crate::bot::application::application_if_needed;
use crate::bot::assembly::Assembled;
use crate::bot::registration::is_enough_for_today;
use crate::bot::vigil::Vigil;
use crate::bot::{Endpoints, TokenError, preflight};
use crate::context::{Scene, Shard};
use crate::dispatch::{Dispatcher, Engine, Route};
use crate::exception::InsecureTransport;
use crate::failure::{Failure, Result};
use crate::gateway::{Gateway, Keeper, Keeping, Owner, Shards, application_of};
use crate::handler::logged;
use crate::http::{Http, allow_many};

/// How long error handlers may take for handlers that were cut off.
const FAREWELL: Duration = Duration::from_secs(5);
/// How long a store may take for the last save, in a hurry.
const LAST_SAVE: Duration = Duration::from_secs(5);
const HURRIED_SAVE: Duration = Duration::from_millis(300);
/// How long handlers that were cut off may take to end. Those that take longer block their thread.
const LAST: Duration = Duration::from_secs(1);

/// Runs a bot until `shutdown` ends or it cannot go on. Once `hurry` is cancelled, there is no more
/// grace.
pub(crate) async fn run(
    bot: Assembled,
    shutdown: impl Future<Output = ()> + Send,
    hurry: CancellationToken,
) -> Result<()> {
    let dispatcher = Arc::clone(&bot.dispatcher);
    let engine = &dispatcher.engine;
    // Whoever drops this future wants nothing to go on behind it.
    let _handlers = engine.stop.clone().drop_guard();
    let _error_handlers = engine.resolver.stop.clone().drop_guard();
    let (grace, tasks) = (bot.grace, Arc::clone(&bot.tasks));
    let _tasks_of_the_end = tasks.cut_off.clone().drop_guard();
    // It tells of the stop, too.
    let _vigil = Vigil::begin(bot.lookout, &engine.health).await?;
    let mut left = Left::default();
    let result = serve(bot, shutdown, &hurry, &mut left).await;
    let (told, of_others) = (Instant::now(), tasks.grace_of_others(grace));
    drain(&dispatcher, &engine.stop, of_others, &hurry).await;
    let grace = grace.saturating_sub(told.elapsed().min(of_others));
    if let Some(keeping) = left.keeping {
        finish(keeping, engine, &hurry).await;
    }
    if let Some(http) = left.http
        && tasks.stop(&http)
    {
        drain(&dispatcher, &tasks.cut_off, grace, &hurry).await;
    }
    result
}

/// The steps that are left at the end.
#[derive(Default)]
struct Left {
    keeping: Option<Keeping>,
    /// The client for tasks on stop, if tasks on start were begun.
    http: Option<Http>,
}

async fn serve(
    mut bot: Assembled,
    shutdown: impl Future<Output = ()> + Send,
    hurry: &CancellationToken,
    left: &mut Left,
) -> Result<()> {
    let mut shutdown = std::pin::pin!(shutdown);
    allow_many();
    let http = http(&bot)?;
    let connection = tokio::select! {
        biased;
        () = &mut shutdown => return Ok(()),
        connection = connect(&bot, &http) => connection,
    };
    let connection = connection.inspect_err(|failure| ask_about(failure, &bot, &http));
    let (connection, keeper) = connection?;
    left.keeping = keeper.map(Keeper::start);
    left.http = Some(http.clone());
    tokio::select! {
        biased;
        () = &mut shutdown => return Ok(()),
        failure = unhandled(&mut bot.fatal) => return Err(failure),
        () = bot.tasks.start(&http) => {}
    }
    let mut shards = Shards::start(&connection);
    let ticking = bot.tasks.tick(&http);
    let result = tokio::select! {
        biased;
        () = shutdown => Ok(()),
        failure = shards.failed() => {
            ask_about(&failure, &bot, &http);
            Err(failure)
        }
        failure = unhandled(&mut bot.fatal) => Err(failure),
        failure = http.refused_token() => {
            ask_about(&failure, &bot, &http);
            Err(failure)
        }
    };
    ticking.stop().await;
    tokio::select! {
        () = shards.stop() => {}
        () = hurry.cancelled() => {}
    }
    // A failure may have come while the shards were closing.
    result.and_then(|()| bot.fatal.try_recv().map_or(Ok(()), Err))
}

/// Asks the error handlers about a failure of the connection. They cannot prevent the end of the bot, but may tell
/// somebody.
fn ask_about(failure: &Failure, bot: &Assembled, http: &Http) {
    let surroundings = Scene::new(Shard::apart(), 0, http.clone());
    bot.dispatcher
        .connection_failed(failure.clone(), surroundings);
}

/// Asks Discord what it recommends.
async fn connect(bot: &Assembled, http: &Http) -> Result<(Gateway, Option<Keeper>)> {
    let token = bot.token.as_ref().ok_or(TokenError::Missing)?;
    say_who_asked(bot);
    preflight::tell(&preflight::at_bot(bot));
    prepare(bot, http).await?;
    let info: BotConnectionInfo = http.ask(http.client().gateway().authed()).await?;
    preflight::tell(&preflight::at_gateway(&info));
    tracing::info!(
        shards = info.shards,
        sessions_left = info.session_start_limit.remaining,
        "connecting",
    );
    let proxy = bot.endpoints.map(|endpoints| endpoints.gateway);
    let keeper = match &bot.store {
        None => None,
        Some(store) => {
            let owner = Owner {
                application: application_of(token.reveal()),
                intents: bot.intents.bits(),
                shards: info.shards.max(1),
                gateway: proxy,
            };
            Some(Keeper::open(Arc::clone(store), owner, &bot.dispatcher, http).await)
        }
    };
    let gateway = Gateway {
        token: token.reveal().to_owned(),
        intents: bot.intents,
        proxy,
        info,
        http: http.clone(),
        dispatcher: Arc::clone(&bot.dispatcher),
        ledger: keeper.as_ref().map(|keeper| Arc::clone(keeper.ledger())),
        health: bot.dispatcher.engine.health.clone(),
        threads: bot.threads,
    };
    Ok((gateway, keeper))
}

/// Checks what Discord says of the application, and registers the commands. If Discord takes no more commands
/// today, the bot goes on with those that it knows. (Discord: Application Commands, Registering a Command.)
async fn prepare(bot: &Assembled, http: &Http) -> Result<()> {
    match look_and_register(bot, http).await {
        Err(failure) if is_enough_for_today(&failure) => {
            ask_about(&failure, bot, http);
            Ok(())
        }
        result => result,
    }
}

async fn look_and_register(bot: &Assembled, http: &Http) -> Result<()> {
    let Some(application) = application_if_needed(bot, http).await? else {
        return Ok(());
    };
    preflight::tell(&preflight::at_application(bot, &application));
    preflight::refuse(bot, &application)?;
    bot.registration.apply(http, &application).await
}

/// Makes what carries the requests of a bot.
pub(crate) fn http(bot: &Assembled) -> Result<Http> {
    if bot
        .endpoints
        .is_some_and(|endpoints| !endpoints.are_local())
    {
        return Err(InsecureTransport::remote_proxy().into());
    }
    let token = bot.token.as_ref().map(crate::bot::Token::reveal);
    let proxy = bot.endpoints.map(|Endpoints { http, .. }| http);
    Http::new(token, proxy, bot.requests)
}

/// Logs which listeners make the bot ask for which intents.
fn say_who_asked(bot: &Assembled) {
    for listener in &bot.listeners {
        let Route { meta, event, .. } = &**listener;
        let intents = listener.intents();
        tracing::info!(listener = %meta, event = event.name, ?intents, "listening");
    }
    for (meta, intents) in &bot.asking {
        tracing::info!(handler = %meta, ?intents, "an argument of the handler needs intents");
    }
    #[cfg(feature = "cache")]
    tracing::info!(resources = ?bot.dispatcher.engine.cache.kept(), "caching");
    tracing::info!(intents = ?bot.intents, "requesting intents");
}

async fn unhandled(fatal: &mut UnboundedReceiver<Failure>) -> Failure {
    match fatal.recv().await {
        Some(failure) => failure,
        None => std::future::pending().await,
    }
}

/// Saves the sessions for the last time, now that it is known which events are done.
async fn finish(keeping: Keeping, engine: &Engine, hurry: &CancellationToken) {
    let is_over = async {
        tokio::select! {
            () = sleep(LAST_SAVE) => {}
            () = async {
                hurry.cancelled().await;
                sleep(HURRIED_SAVE).await;
            } => {}
        }
    };
    tokio::select! {
        biased;
        () = keeping.finish() => {}
        () = is_over => tracing::error!("sessions could not be saved in time"),
    }
    // Error handlers may have been told that they were not.
    drop(timeout(LAST, engine.tasks.wait()).await);
}

/// Lets handlers finish within the grace, including those of waiting events. Then cuts them off, and sheds
/// the events that still wait.
async fn drain(
    dispatcher: &Dispatcher,
    cut_off: &CancellationToken,
    grace: Duration,
    hurry: &CancellationToken,
) {
    let engine = &dispatcher.engine;
    engine.tasks.close();
    let ended = async {
        tokio::select! {
            biased;
            () = engine.tasks.wait() => true,
            () = hurry.cancelled() => false,
            () = sleep(grace) => false,
        }
    };
    if ended.await {
        if !dispatcher.close() {
            return;
        }
    } else {
        let (running, queued) = (engine.tasks.len(), dispatcher.load().queued);
        logged(|| tracing::warn!(running, queued, "cutting off handlers"));
        dispatcher.close();
        cut_off.cancel();
    }
    if timeout(FAREWELL, engine.tasks.wait()).await.is_ok() {
        return;
    }
    engine.resolver.stop.cancel();
    if timeout(LAST, engine.tasks.wait()).await.is_err() {
        let running = engine.tasks.len();
        logged(|| {
            tracing::error!(
                running,
                "handlers block their threads and cannot be cut off"
            );
        });
    }
}
