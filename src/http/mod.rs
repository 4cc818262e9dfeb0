//! What carries requests: twilight's client, made so that a token never leaves in plain text.

use std::net::SocketAddr;
use std::sync::Arc;

use twilight_http::Client;
use twilight_http::client::ClientBuilder;

use crate::context::Clients;
use crate::exception::InsecureTransport;

/// Whether cordial was built with some TLS.
pub(crate) const HAS_TLS: bool = cfg!(any(feature = "__rustls", feature = "native-tls"));

/// Makes the clients for Discord, or for a proxy on this machine.
///
/// # Errors
///
/// As [`client`].
///
/// # Panics
///
/// As [`client`].
pub(crate) fn clients(
    token: Option<&str>,
    proxy: Option<SocketAddr>,
) -> Result<Clients, InsecureTransport> {
    let http = client(token, proxy)?;
    let answers = builder(None, proxy)?.ratelimiter(None).build();
    Ok(Clients {
        http,
        answers: Arc::new(answers),
    })
}

/// Makes the client for Discord, or for a proxy on this machine.
///
/// twilight 0.18 built without TLS sends requests to `https` addresses in plain text, so without it
/// there is no client for Discord.
///
/// # Errors
///
/// [`InsecureTransport`] if the token would travel in plain text.
///
/// # Panics
///
/// Panics outside of a tokio runtime, as twilight's rate limiter does.
pub(crate) fn client(
    token: Option<&str>,
    proxy: Option<SocketAddr>,
) -> Result<Arc<Client>, InsecureTransport> {
    Ok(Arc::new(builder(token, proxy)?.build()))
}

fn builder(
    token: Option<&str>,
    proxy: Option<SocketAddr>,
) -> Result<ClientBuilder, InsecureTransport> {
    install_crypto_provider();
    let mut builder = Client::builder();
    if let Some(token) = token {
        builder = builder.token(token.to_owned());
    }
    match proxy {
        Some(address) if address.ip().is_loopback() => {
            builder = builder.proxy(address.to_string(), true);
        }
        Some(_) => return Err(InsecureTransport::remote_proxy()),
        None if !HAS_TLS => return Err(InsecureTransport::no_tls()),
        None => {}
    }
    Ok(builder)
}

/// Chooses ring for rustls, unless the program has chosen already. twilight 0.18 chooses none, and
/// panics where there is none.
pub(crate) fn install_crypto_provider() {
    #[cfg(feature = "__rustls")]
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Fails only if somebody else was faster, which is as good.
        drop(rustls::crypto::ring::default_provider().install_default());
    }
}
