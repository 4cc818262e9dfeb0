//! Discord's HTTP interface, and how requests get there.
//!
//! twilight builds the requests, and cordial carries them: it keeps to rate limits, retries where that helps
//! and can do no harm, and stops before Discord blocks the bot. cordial's own requests go out directly.
//! Requests that authors make with twilight's client first go to a port on this machine, and then the same
//! way.

mod call;
mod carrier;
mod circuit;
mod clock;
mod connection;
mod conversations;
mod files;
mod headers;
mod lane;
mod limits;
mod permissions;
mod policy;
mod request;
mod target;
mod tickets;
mod tls;
mod within;

pub use self::within::RequestExt;

pub(crate) use self::files::allow_many;
pub(crate) use self::headers::waits;
pub(crate) use self::policy::Policy;
#[cfg(feature = "testing")]
pub(crate) use self::tickets::interaction_of;
pub(crate) use self::tls::HAS_TLS;
#[cfg(feature = "testing")]
pub(crate) use self::tls::install_crypto_provider;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::de::DeserializeOwned;
use tokio::runtime;
use twilight_http::Client;
use twilight_http::client::ClientBuilder;
use twilight_http::request::TryIntoRequest;
use twilight_model::application::interaction::Interaction;
use twilight_model::id::Id;
use twilight_model::id::marker::ApplicationMarker;

use crate::exception::{End, InsecureTransport, NoTransport, Route, Trouble};
use crate::failure::{Failure, Result};
use crate::http::call::carry;
use crate::http::carrier::Carrier;
use crate::http::connection::{Answer, Connection};
use crate::http::conversations::Conversations;
use crate::http::lane::Lane;
use crate::http::request::Request;
use crate::snowflake::made;

/// twilight's client for Discord's HTTP interface, with cordial carrying its requests.
///
/// cordial keeps to rate limits, and waits for them only as long as that is of use. It retries after problems on
/// Discord's side if no request can take effect twice. A request that fails does so with one of the
/// [exceptions](crate::exception). Cheap to clone.
///
/// # Examples
///
/// ```
/// use cordial::prelude::*;
///
/// #[listener]
/// async fn greets(_: &Context, joined: &MemberAdd, http: Http) -> Result<()> {
///     let channel = http.create_private_channel(joined.user.id).await?.model().await?;
///     http.create_message(channel.id).content("Welcome!").await?;
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct Http(Arc<Ways>);

/// The ways to Discord.
struct Ways {
    carrier: Arc<Carrier>,
    /// For authors. It has no way to Discord but the lane.
    client: Arc<Client>,
    lane: Lane,
    conversations: Conversations,
}

impl Http {
    /// Prepares to ask Discord, or a proxy on this machine. Nothing is connected yet.
    ///
    /// twilight 0.18 built without TLS sends requests to `https` addresses in plain text, so without it
    /// Discord is not asked.
    ///
    /// # Errors
    ///
    /// [`InsecureTransport`] if the token would travel in plain text, and [`NoTransport`] if this
    /// machine has no ports, or no certificates.
    ///
    /// # Panics
    ///
    /// Panics outside of a tokio runtime.
    pub(crate) fn new(
        token: Option<&str>,
        proxy: Option<SocketAddr>,
        policy: Policy,
    ) -> Result<Self> {
        match proxy {
            Some(address) if !address.ip().is_loopback() => {
                return Err(InsecureTransport::remote_proxy().into());
            }
            None if !HAS_TLS => return Err(InsecureTransport::no_tls().into()),
            _ => {}
        }
        let connection = Connection::new(token, proxy).map_err(NoTransport::new)?;
        let carrier = Arc::new(Carrier::new(connection, policy));
        let lane = Lane::open(Arc::clone(&carrier)).map_err(NoTransport::new)?;
        Ok(Self(Arc::new(Ways {
            client: Arc::new(client(&lane, policy).map_err(NoTransport::new)?),
            carrier,
            lane,
            conversations: Conversations::default(),
        })))
    }

    /// Returns the client in an `Arc` that you can keep.
    ///
    /// It works for as long as the bot runs: after that nothing carries its requests.
    #[must_use]
    pub fn into_inner(self) -> Arc<Client> {
        Arc::clone(&self.0.client)
    }

    /// Returns twilight's client.
    pub(crate) fn client(&self) -> &Arc<Client> {
        &self.0.client
    }

    /// Asks for something, and reads the answer.
    ///
    /// # Errors
    ///
    /// What Discord answers instead, and
    /// [`UnreadableResponse`](crate::exception::UnreadableResponse) if its answer is something else.
    #[track_caller]
    pub(crate) fn ask<T: DeserializeOwned>(
        &self,
        builder: impl TryIntoRequest,
    ) -> impl Future<Output = Result<T>> + Send {
        let request = Request::of(builder);
        async move {
            let request = request?;
            let route = request.route();
            let answer = carry(&self.0.carrier, request).await?;
            let read = serde_json::from_slice(&answer.body);
            Ok(read.map_err(|_| unreadable(route, &answer))?)
        }
    }

    /// Asks for something, and reads the answer as far as it can be read: with success, it is done.
    ///
    /// # Errors
    ///
    /// What Discord answers instead.
    pub(crate) async fn ask_anyway<T: DeserializeOwned>(
        &self,
        builder: impl TryIntoRequest,
    ) -> Result<Option<T>> {
        let answer = carry(&self.0.carrier, Request::of(builder)?).await?;
        Ok(serde_json::from_slice(&answer.body).ok())
    }

    /// Asks for something to be done.
    ///
    /// # Errors
    ///
    /// What Discord answers instead.
    pub(crate) fn tell(
        &self,
        builder: impl TryIntoRequest,
    ) -> impl Future<Output = Result<()>> + Send {
        let request = Request::of(builder);
        async move {
            carry(&self.0.carrier, request?).await?;
            Ok(())
        }
    }

    /// Takes the token out of an interaction, and notes what else it says that is of use here.
    pub(crate) fn take_in(&self, interaction: &mut Interaction) {
        self.0.carrier.tickets.take(interaction);
        self.0.carrier.allowed.learn(interaction);
    }

    /// Returns how old something is at least that was made with an id, by Discord's own clock.
    pub(crate) fn age(&self, id: u64) -> Duration {
        self.0.carrier.clock.age(id)
    }

    /// Returns how old something is by its id, however old, by Discord's own clock; and by that of this
    /// machine until Discord has said what time it is.
    pub(crate) fn full_age(&self, id: u64) -> Duration {
        self.now().saturating_sub(Duration::from_millis(made(id)))
    }

    /// Returns how long it is since 1970, by the same clock.
    pub(crate) fn now(&self) -> Duration {
        let own = || {
            SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default()
        };
        let now = self.0.carrier.clock.now().map(Duration::from_millis);
        now.unwrap_or_else(own)
    }

    /// Returns the channels of direct messages that are known.
    pub(crate) fn conversations(&self) -> &Conversations {
        &self.0.conversations
    }

    /// Returns whether twilight's client leads nowhere any more, because its runtime has ended.
    pub(crate) fn is_closed(&self) -> bool {
        self.0.lane.is_closed()
    }

    /// Notes whose bot it is.
    pub(crate) fn belongs_to(&self, application: Id<ApplicationMarker>) {
        self.0.carrier.tickets.belong_to(application.get());
    }

    /// Replaces the token of a webhook with a ticket, which you give to twilight's client instead.
    ///
    /// The ticket reveals nothing to people who see it, for instance in the tracing spans of twilight's
    /// client, which contain the path of each request. It is valid for as long as the bot runs.
    ///
    /// # Examples
    ///
    /// ```
    /// use cordial::prelude::*;
    ///
    /// #[listener]
    /// async fn tells(_: &Context, joined: &MemberAdd, http: Http) -> Result<()> {
    ///     let ticket = http.ticket(&std::env::var("WEBHOOK_TOKEN")?);
    ///     let name = &joined.user.name;
    ///     http.execute_webhook(Id::new(1), &ticket).content(name).await?;
    ///     Ok(())
    /// }
    /// ```
    #[must_use]
    pub fn ticket(&self, token: &str) -> String {
        self.0.carrier.tickets.issue(token)
    }

    /// Returns the token that was taken out of an interaction, while it is good for something.
    pub(crate) fn token_of(&self, ticket: &str) -> Option<String> {
        let token = self.0.carrier.tickets.token(ticket)?;
        Some(token.as_ref().to_owned())
    }

    /// Waits until Discord refuses the bot's token.
    pub(crate) async fn refused_token(&self) -> Failure {
        self.0.carrier.refused_token().await.into()
    }
}

impl Deref for Http {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.0.client
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Http(..)")
    }
}

/// Makes twilight's client, which finds Discord at the end of a lane.
fn client(lane: &Lane, policy: Policy) -> io::Result<Client> {
    /// How much longer than a call takes at most its answer is waited for.
    const MARGIN: Duration = Duration::from_secs(10);

    let client = client_without_task()?
        .proxy(lane.address.to_string(), true)
        .default_headers([(lane::KEY, lane.key.clone())].into_iter().collect())
        .token(lane::NO_TOKEN.to_owned())
        .remember_invalid_token(false)
        .timeout(policy.call + MARGIN)
        .build();
    Ok(client)
}

/// Begins to make a client that has no task. twilight 0.18 starts one that keeps limits, and that never
/// ends, whether it is wanted or not: so it is started where it ends at once.
fn client_without_task() -> io::Result<ClientBuilder> {
    let elsewhere = runtime::Builder::new_current_thread().build()?;
    let builder = {
        let _elsewhere = elsewhere.enter();
        Client::builder().ratelimiter(None)
    };
    elsewhere.shutdown_background();
    Ok(builder)
}

fn unreadable(route: Route, answer: &Answer) -> Trouble {
    Trouble {
        route,
        attempts: 1,
        allowed: None,
        end: End::Unreadable {
            status: answer.status.as_u16(),
        },
    }
}
