//! Built without TLS, cordial speaks to this machine only:
//! `cargo test --no-default-features --test without_tls`.
#![cfg(not(any(
    feature = "rustls-webpki-roots",
    feature = "rustls-native-roots",
    feature = "rustls-platform-verifier",
    feature = "native-tls",
)))]

use cordial::Token;
use cordial::exception::InsecureTransport;
use cordial::prelude::*;
use cordial::testing::Simulator;

const TOKEN: &str = "c2ltdWxhdGVk.c2ltdWxhdGVk.c2ltdWxhdGVk";

fn bot() -> BotBuilder {
    #[listener]
    async fn asks(_: &Context, joined: &MemberAdd, http: Http) -> Result<()> {
        http.user(joined.user.id).await?;
        Ok(())
    }

    let token = Token::new(TOKEN).expect("a token");
    Bot::builder().token(token).add(handlers![asks])
}

fn assert_refused(failure: &Failure) {
    assert!(failure.is::<InsecureTransport>(), "{failure:?}");
    let text = failure.to_string();
    assert!(text.contains("rustls-webpki-roots"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_to_discord() {
    assert_refused(&bot().run().await.expect_err("refused"));
}

#[tokio::test(start_paused = true)]
async fn the_simulator_is_spoken_to() {
    let sim = Simulator::start(bot()).await;

    sim.join("alice").await;

    sim.stop().await.assert_completed("asks");
}
