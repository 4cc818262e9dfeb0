//! What connects: with the TLS that cordial was built with.

use std::io;

use hyper_util::client::legacy::connect::HttpConnector;

/// Whether cordial was built with some TLS.
pub(crate) const HAS_TLS: bool = cfg!(any(feature = "__rustls", feature = "native-tls"));

/// What connects.
#[cfg(feature = "__rustls")]
pub(crate) type Connector = hyper_rustls::HttpsConnector<HttpConnector>;
/// What connects.
#[cfg(all(feature = "native-tls", not(feature = "__rustls")))]
pub(crate) type Connector = hyper_tls::HttpsConnector<HttpConnector>;
/// What connects.
#[cfg(not(any(feature = "native-tls", feature = "__rustls")))]
pub(crate) type Connector = HttpConnector;

/// Makes what connects out of what connects in plain text.
///
/// # Errors
///
/// Why certificates cannot be verified on this machine.
#[cfg(feature = "__rustls")]
pub(crate) fn connector(http: HttpConnector) -> io::Result<Connector> {
    use hyper_rustls::HttpsConnectorBuilder;

    install_crypto_provider();
    Ok(HttpsConnectorBuilder::new()
        .with_tls_config(config()?)
        .https_or_http()
        .enable_http1()
        .enable_http2()
        .wrap_connector(http))
}

/// Says which certificates are trusted. Where there is a choice, it is twilight's.
#[cfg(feature = "__rustls")]
#[cfg_attr(
    not(any(feature = "rustls-native-roots", feature = "rustls-platform-verifier")),
    expect(
        clippy::unnecessary_wraps,
        reason = "with the certificates of the machine it can fail"
    )
)]
fn config() -> io::Result<rustls::ClientConfig> {
    use hyper_rustls::ConfigBuilderExt;

    let config = rustls::ClientConfig::builder();
    #[cfg(feature = "rustls-platform-verifier")]
    let config = config
        .try_with_platform_verifier()
        .map_err(io::Error::other)?;
    #[cfg(all(
        feature = "rustls-native-roots",
        not(feature = "rustls-platform-verifier")
    ))]
    let config = config.with_native_roots()?;
    #[cfg(not(any(feature = "rustls-native-roots", feature = "rustls-platform-verifier")))]
    let config = config.with_webpki_roots();
    Ok(config.with_no_client_auth())
}

/// Makes what connects out of what connects in plain text.
#[expect(clippy::unnecessary_wraps, reason = "with rustls it can fail")]
#[cfg(all(feature = "native-tls", not(feature = "__rustls")))]
pub(crate) fn connector(http: HttpConnector) -> io::Result<Connector> {
    Ok(hyper_tls::HttpsConnector::new_with_connector(http))
}

/// Makes what connects out of what connects in plain text.
#[expect(clippy::unnecessary_wraps, reason = "with rustls it can fail")]
#[cfg(not(any(feature = "native-tls", feature = "__rustls")))]
pub(crate) fn connector(http: HttpConnector) -> io::Result<Connector> {
    Ok(http)
}

/// Chooses ring for rustls, unless the program has chosen already. twilight 0.18 chooses none, and
/// panics where there is none.
#[cfg(any(feature = "testing", feature = "__rustls"))]
pub(crate) fn install_crypto_provider() {
    #[cfg(feature = "__rustls")]
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Fails only if somebody else was faster, which is as good.
        drop(rustls::crypto::ring::default_provider().install_default());
    }
}
