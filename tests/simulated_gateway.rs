//! What goes wrong with the gateway of the simulated Discord arrives as it was asked for, frame by frame,
//! and is recorded. A client that knows nothing but frames looks at it: a better one would set things
//! right.

use std::time::Duration;

use cordial::prelude::*;
use cordial::testing::{
    Chaos, ConnectionEnd, ConnectionRecord, GatewayFault, Received, SentRecord, Simulator,
    SimulatorBuilder, UNKNOWN_EVENTS,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{advance, sleep, timeout};

/// How long nothing arrives before a connection counts as silent.
const PATIENCE: Duration = Duration::from_secs(30);

/// What arrives over a connection.
#[derive(Debug, PartialEq, Eq)]
enum Arrived {
    Text(String),
    /// A text that is not UTF-8, or bytes.
    Bytes(Vec<u8>),
    Close(Option<u16>),
    Pong,
    /// The connection is over, in the middle of a frame after so many bytes of it.
    End(usize),
    Nothing,
}

impl Arrived {
    #[track_caller]
    fn text(self) -> String {
        match self {
            Self::Text(text) => text,
            other => panic!("a text was expected, and not {other:?}"),
        }
    }
}

/// A client that knows nothing but frames.
struct Raw {
    stream: TcpStream,
    token: String,
}

impl Raw {
    /// Connects, and returns what is answered before there are frames.
    async fn open(sim: &Simulator) -> (Self, String) {
        let address = sim.gateway_address();
        let mut stream = TcpStream::connect(address).await.expect("connected");
        // Time is virtual, and would not wait for what is held back.
        stream.set_nodelay(true).expect("a connection");
        let request = "GET /?v=10&encoding=json HTTP/1.1\r\nhost: discord\r\nupgrade: websocket\r\n\
            connection: upgrade\r\nsec-websocket-version: 13\r\n\
            sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        // A connection that is cut at once may not take it.
        drop(stream.write_all(request.as_bytes()).await);
        let mut head = Vec::new();
        let read = async {
            while !head.ends_with(b"\r\n\r\n") {
                match stream.read_u8().await {
                    Ok(byte) => head.push(byte),
                    Err(_) => return,
                }
            }
        };
        drop(timeout(PATIENCE, read).await);
        let head = String::from_utf8(head).expect("a head");
        let token = sim.http().token().expect("a token").to_owned();
        (Self { stream, token }, head)
    }

    async fn connect(sim: &Simulator) -> Self {
        let (client, head) = Self::open(sim).await;
        assert!(head.starts_with("HTTP/1.1 101"), "{head}");
        client
    }

    /// Connects and says who it is, once it was said Hello.
    async fn identified(sim: &Simulator) -> Self {
        let mut client = Self::connect(sim).await;
        client.next().await;
        client.identify().await;
        client
    }

    async fn identify(&mut self) {
        let token = &self.token;
        let text = format!(r#"{{"op":2,"d":{{"token":"{token}","intents":3}}}}"#);
        self.say(&text).await;
    }

    async fn resume(&mut self, session: &str, after: u64) {
        let token = &self.token;
        let text = format!(
            r#"{{"op":6,"d":{{"token":"{token}","session_id":"{session}","seq":{after}}}}}"#
        );
        self.say(&text).await;
    }

    async fn say(&mut self, text: &str) {
        self.frame(0x81, text.as_bytes()).await;
    }

    async fn frame(&mut self, first: u8, payload: &[u8]) {
        let mut frame = vec![first];
        match u8::try_from(payload.len()) {
            Ok(length) if length < 126 => frame.push(0x80 | length),
            _ => {
                frame.push(0xfe);
                frame.extend(u16::try_from(payload.len()).expect("short").to_be_bytes());
            }
        }
        frame.extend([0; 4]);
        frame.extend(payload);
        self.stream.write_all(&frame).await.expect("sent");
    }

    /// Returns the next that arrives.
    async fn next(&mut self) -> Arrived {
        let Ok(arrived) = timeout(PATIENCE, self.read()).await else {
            return Arrived::Nothing;
        };
        arrived
    }

    async fn read(&mut self) -> Arrived {
        loop {
            // What only tells that something arrived is nothing.
            match self.any().await {
                Arrived::Pong => {}
                arrived => return arrived,
            }
        }
    }

    async fn any(&mut self) -> Arrived {
        let mut read = 0;
        let Some(head) = self.bytes(2, &mut read).await else {
            return Arrived::End(read);
        };
        let extended = match head[1] {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        let Some(length) = self.bytes(extended, &mut read).await else {
            return Arrived::End(read);
        };
        let length = match extended {
            0 => usize::from(head[1]),
            _ => length
                .iter()
                .fold(0, |sum, byte| sum << 8 | usize::from(*byte)),
        };
        let Some(payload) = self.bytes(length, &mut read).await else {
            return Arrived::End(read);
        };
        match head[0] {
            0x81 => String::from_utf8(payload)
                .map_or_else(|error| Arrived::Bytes(error.into_bytes()), Arrived::Text),
            0x82 => Arrived::Bytes(payload),
            0x88 => Arrived::Close(payload.first_chunk().map(|code| u16::from_be_bytes(*code))),
            0x8a => Arrived::Pong,
            other => panic!("a frame of {other:#x}"),
        }
    }

    async fn bytes(&mut self, count: usize, read: &mut usize) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        while bytes.len() < count {
            bytes.push(self.stream.read_u8().await.ok()?);
            *read += 1;
        }
        Some(bytes)
    }

    /// Returns the next event, with its type and its number.
    async fn event(&mut self) -> String {
        self.next().await.text()
    }
}

/// Starts the simulator with a bot that has been told to stop: the gateway is for the test alone.
async fn quiet() -> Simulator {
    quiet_of(Simulator::builder(Bot::builder())).await
}

async fn quiet_of(builder: SimulatorBuilder) -> Simulator {
    let sim = builder.start().await;
    sim.close_connections(4004);
    while sim.connections()[0].ended_at().is_none() {
        sleep(Duration::from_millis(1)).await;
    }
    // The bot has given up, and its session is no more.
    sim.invalidate_sessions();
    advance(Duration::from_secs(6)).await;
    sim
}

fn last(sim: &Simulator) -> ConnectionRecord {
    sim.connections().pop().expect("a connection")
}

/// Returns the record of the last connection once it has ended.
async fn ended(sim: &Simulator) -> ConnectionRecord {
    for _ in 0..1_000 {
        let record = last(sim);
        if record.ended_at().is_some() {
            return record;
        }
        sleep(Duration::from_millis(1)).await;
    }
    panic!("the connection is open:\n{}", last(sim));
}

/// Returns the session that a `READY` begins.
fn session(ready: &str) -> String {
    let (_, rest) = ready.split_once(r#""session_id":""#).expect("READY");
    rest.split_once('"').expect("an id").0.to_owned()
}

fn is_event(text: &str, name: &str, sequence: u64) -> bool {
    text.starts_with(&format!(r#"{{"t":"{name}","s":{sequence},"op":0,"#))
}

// On connecting.

#[tokio::test(start_paused = true)]
async fn a_connection_is_closed_before_it_is_a_websocket() {
    let sim = quiet().await;
    sim.misbehave(GatewayFault::hang_up());

    let (_, head) = Raw::open(&sim).await;

    assert_eq!(head, "");
    assert_eq!(ended(&sim).await.end(), Some(ConnectionEnd::Dropped));
    assert_eq!(last(&sim).path(), None);
    Raw::connect(&sim).await;
    assert_eq!(last(&sim).path(), Some("/?v=10&encoding=json"));
}

#[tokio::test(start_paused = true)]
async fn nobody_listens_for_a_while_and_then_somebody_does_where_it_was() {
    let sim = quiet().await;
    let address = sim.gateway_address();
    let is_refused = async || {
        // It is told of the door when it is its turn.
        sleep(Duration::from_millis(1)).await;
        let error = TcpStream::connect(address).await.err();
        error.map(|error| error.kind()) == Some(std::io::ErrorKind::ConnectionRefused)
    };
    let mut open = Raw::connect(&sim).await;

    sim.misbehave(GatewayFault::refused().lasting(Duration::from_secs(60)));
    assert!(is_refused().await);
    open.next().await.text();
    sleep(Duration::from_secs(58)).await;
    assert!(is_refused().await);
    sleep(Duration::from_secs(2)).await;
    Raw::connect(&sim).await.next().await.text();

    sim.misbehave(GatewayFault::refused());
    sleep(Duration::from_secs(3_600)).await;
    assert!(is_refused().await);
    sim.mend();
    sleep(Duration::from_millis(1)).await;
    Raw::connect(&sim).await.next().await.text();
}

#[tokio::test(start_paused = true)]
async fn a_handshake_is_stalled_or_refused() {
    let sim = quiet().await;
    sim.misbehave(GatewayFault::stalled_handshake());
    sim.misbehave(GatewayFault::refused_handshake(503));

    let (client, stalled) = Raw::open(&sim).await;
    drop(client);
    let stalled_end = ended(&sim).await.end();
    let (_, refused) = Raw::open(&sim).await;

    assert_eq!(stalled, "");
    assert_eq!(stalled_end, Some(ConnectionEnd::LostByClient));
    assert!(refused.starts_with("HTTP/1.1 503 "), "{refused}");
}

#[tokio::test(start_paused = true)]
async fn hello_does_not_come_or_is_odd() {
    let sim = quiet().await;
    sim.misbehave(GatewayFault::no_hello());
    sim.misbehave(GatewayFault::reconnect_instead_of_hello());
    for odd in ["0", "1", "-1", "1.5", "1000000000000", "null"] {
        sim.misbehave(GatewayFault::hello_interval(odd));
    }

    let mut silent = Raw::connect(&sim).await;
    assert_eq!(silent.next().await, Arrived::Nothing);
    silent.say(r#"{"op":1,"d":null}"#).await;
    assert_eq!(silent.next().await.text(), r#"{"op":11}"#);
    let reconnect = Raw::connect(&sim).await.next().await.text();
    assert!(reconnect.starts_with(r#"{"op":7,"#), "{reconnect}");
    for odd in ["0", "1", "-1", "1.5", "1000000000000", "null"] {
        let hello = Raw::connect(&sim).await.next().await.text();
        assert!(
            hello.contains(&format!(r#""heartbeat_interval":{odd}}}"#)),
            "{hello}"
        );
    }
    let hello = Raw::connect(&sim).await.next().await.text();
    assert!(hello.contains("41250"), "{hello}");
}

#[tokio::test(start_paused = true)]
async fn a_storm_closes_each_connection_until_it_is_over() {
    let sim = quiet().await;
    sim.misbehave(GatewayFault::close_instead_of_hello(4000).lasting(Duration::from_secs(60)));

    for _ in 0..3 {
        let mut client = Raw::connect(&sim).await;
        assert_eq!(client.next().await, Arrived::Close(Some(4000)));
    }
    let end = last(&sim).end();
    advance(Duration::from_secs(60)).await;

    assert_eq!(end, Some(ConnectionEnd::Closed(Some(4000))));
    Raw::connect(&sim).await.next().await.text();
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_closed_with_any_code_or_none_or_breaks() {
    let sim = quiet().await;
    let codes = [1000, 1001, 4000, 4009, 4014, 4999].map(Some);
    for code in codes.into_iter().chain([None]) {
        sim.misbehave(GatewayFault::close_instead_of_hello(code));
        sim.misbehave(GatewayFault::close_on_identify(code));
        sim.misbehave(GatewayFault::close_on_resume(code));

        assert_eq!(Raw::connect(&sim).await.next().await, Arrived::Close(code));
        let mut client = Raw::identified(&sim).await;
        assert_eq!(client.next().await, Arrived::Close(code));
        let mut client = Raw::connect(&sim).await;
        client.next().await;
        client.resume("session-1", 1).await;
        assert_eq!(client.next().await, Arrived::Close(code));
        assert_eq!(last(&sim).end(), Some(ConnectionEnd::Closed(code)));
    }
    sim.misbehave(GatewayFault::drop_instead_of_hello());
    sim.misbehave(GatewayFault::drop_on_identify());

    assert_eq!(Raw::connect(&sim).await.next().await, Arrived::End(0));
    assert_eq!(Raw::identified(&sim).await.next().await, Arrived::End(0));
    assert_eq!(last(&sim).end(), Some(ConnectionEnd::Dropped));
}

// Sessions.

#[tokio::test(start_paused = true)]
async fn identify_is_not_answered_or_refused_and_heartbeats_are_acknowledged() {
    let sim = quiet().await;
    sim.misbehave(GatewayFault::no_ready());
    sim.misbehave(GatewayFault::invalid_on_identify(true));
    sim.misbehave(GatewayFault::invalid_on_identify(false));

    let mut silent = Raw::identified(&sim).await;
    assert_eq!(silent.next().await, Arrived::Nothing);
    silent.say(r#"{"op":1,"d":null}"#).await;
    assert_eq!(silent.next().await.text(), r#"{"op":11}"#);
    for answer in ["true", "false"] {
        let mut client = Raw::identified(&sim).await;
        let invalid = client.next().await.text();
        assert!(invalid.contains(&format!(r#""d":{answer}"#)), "{invalid}");
        advance(Duration::from_secs(5)).await;
    }
    assert!(last(&sim).is_identified());
}

#[tokio::test(start_paused = true)]
async fn a_session_is_resumed_as_it_should_be_and_not() {
    let sim = quiet().await;
    let mut client = Raw::identified(&sim).await;
    let session = session(&client.event().await);
    client.event().await;
    drop(client);
    sleep(Duration::from_secs(1)).await;
    sim.send_raw("TEST", "{}").await;
    sim.misbehave(GatewayFault::no_resumed());
    sim.misbehave(GatewayFault::invalid_on_resume(true));
    sim.misbehave(GatewayFault::replay_without_resumed());
    sim.misbehave(GatewayFault::resumed_without_replay());

    let mut client = Raw::connect(&sim).await;
    client.next().await;
    client.resume(&session, 2).await;
    assert_eq!(client.next().await, Arrived::Nothing);
    client.resume(&session, 2).await;
    assert_eq!(client.next().await.text(), r#"{"d":true,"op":9}"#);
    client.resume(&session, 2).await;
    assert!(is_event(&client.event().await, "TEST", 3));
    assert_eq!(client.next().await, Arrived::Nothing);
    let record = last(&sim);
    let resume = &record.received()[0].1;
    assert!(
        matches!(resume, Received::Resume { session: known, sequence: Some(2), .. }
            if *known == session),
        "{resume:?}"
    );

    let mut client = Raw::connect(&sim).await;
    client.next().await;
    client.resume(&session, 2).await;
    assert!(is_event(&client.event().await, "RESUMED", 4));
    let mut client = Raw::connect(&sim).await;
    client.next().await;
    client.resume(&session, 2).await;
    assert!(is_event(&client.event().await, "TEST", 3));
    assert!(is_event(&client.event().await, "RESUMED", 4));
    assert!(is_event(&client.event().await, "RESUMED", 5));
}

#[tokio::test(start_paused = true)]
async fn a_session_can_be_resumed_for_five_minutes() {
    for (minutes, is_there) in [(4, true), (6, false)] {
        let sim = quiet().await;
        let mut client = Raw::identified(&sim).await;
        let session = session(&client.event().await);
        client.event().await;
        drop(client);
        ended(&sim).await;

        sleep(Duration::from_secs(minutes * 60)).await;
        let mut client = Raw::connect(&sim).await;
        client.next().await;
        client.resume(&session, 2).await;

        let answer = client.event().await;
        assert_eq!(is_event(&answer, "RESUMED", 3), is_there, "{answer}");
        assert_eq!(answer == r#"{"d":false,"op":9}"#, !is_there, "{answer}");
    }
}

#[tokio::test(start_paused = true)]
async fn sessions_are_begun_as_fast_and_as_often_as_discord_lets_them() {
    let sim = quiet().await;

    Raw::identified(&sim).await.event().await;
    let fast = Raw::identified(&sim).await.event().await;
    advance(Duration::from_secs(5)).await;
    let slow = Raw::identified(&sim).await.event().await;

    assert_eq!(fast, r#"{"d":false,"op":9}"#);
    assert!(is_event(&slow, "READY", 1), "{slow}");
}

#[tokio::test(start_paused = true)]
async fn who_begins_one_session_too_many_loses_all_until_the_day_is_over() {
    let builder = Simulator::builder(Bot::builder());
    let sim = quiet_of(builder.session_starts(2, 10, Duration::from_secs(3_600))).await;
    let mut first = Raw::identified(&sim).await;
    first.event().await;
    first.event().await;
    advance(Duration::from_secs(5)).await;

    let mut second = Raw::identified(&sim).await;

    assert_eq!(second.next().await, Arrived::Close(Some(4004)));
    assert_eq!(first.next().await, Arrived::Close(Some(4004)));
    advance(Duration::from_secs(3_600)).await;
    let ready = Raw::identified(&sim).await.event().await;
    assert!(is_event(&ready, "READY", 1), "{ready}");
}

#[tokio::test(start_paused = true)]
async fn as_many_shards_begin_at_once_as_are_let() {
    for (at_once, seconds) in [(1, 15), (2, 5), (4, 0)] {
        let builder = Simulator::builder(Bot::builder()).shards(4);
        let sim = builder.max_concurrency(at_once).start().await;

        let connections = sim.connections();
        assert_eq!(connections.len(), 4);
        let last = connections.iter().flat_map(ConnectionRecord::received);
        let identified = last.filter(|(_, received)| matches!(received, Received::Identify { .. }));
        let last = identified.map(|(at, _)| at.as_secs()).max();
        assert_eq!(last, Some(seconds));
    }
}

#[tokio::test(start_paused = true)]
async fn ready_says_to_resume_anywhere() {
    let sim = quiet().await;
    let odd = "http://user:secret@elsewhere.example";
    sim.misbehave(GatewayFault::resume_url(odd));

    let ready = Raw::identified(&sim).await.event().await;

    assert!(
        ready.contains(&format!(r#""resume_gateway_url":"{odd}""#)),
        "{ready}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_mended_goes_wrong_no_more() {
    let sim = quiet().await;
    sim.misbehave(GatewayFault::no_hello().always());
    sim.mend();

    Raw::connect(&sim).await.next().await.text();
}

#[tokio::test(start_paused = true)]
async fn a_session_outlives_the_connection_that_another_replaced() {
    let sim = quiet().await;
    let mut old = Raw::identified(&sim).await;
    let session = session(&old.event().await);
    old.event().await;
    let mut new = Raw::connect(&sim).await;
    new.next().await;
    new.resume(&session, 2).await;
    new.event().await;

    drop(old);
    sleep(Duration::from_secs(1)).await;
    sim.send_raw("TEST", "{}").await;

    assert!(is_event(&new.event().await, "TEST", 4));
}

#[tokio::test(start_paused = true)]
async fn who_says_too_much_or_too_often_is_disconnected() {
    let sim = quiet().await;
    let mut long = Raw::connect(&sim).await;
    long.next().await;
    long.say(&" ".repeat(4_097)).await;
    assert_eq!(long.next().await, Arrived::Close(Some(4002)));
    assert_eq!(last(&sim).received()[0].1, Received::Unreadable(4_097));

    let mut often = Raw::connect(&sim).await;
    often.next().await;
    for _ in 0..120 {
        often.say(r#"{"op":1,"d":null}"#).await;
        assert_eq!(often.next().await.text(), r#"{"op":11}"#);
    }
    often.say(r#"{"op":1,"d":null}"#).await;

    assert_eq!(often.next().await, Arrived::Close(Some(4008)));
    assert_eq!(last(&sim).heartbeats(), 121);
}

// Later.

#[tokio::test(start_paused = true)]
async fn heartbeats_are_not_acknowledged_and_events_still_come() {
    let sim = quiet().await;
    sim.misbehave(GatewayFault::no_ack().times(2));
    let mut client = Raw::identified(&sim).await;
    client.event().await;
    client.event().await;

    client.say(r#"{"op":1,"d":2}"#).await;
    assert_eq!(client.next().await, Arrived::Nothing);
    client.say(r#"{"op":1,"d":2}"#).await;
    sim.send_raw("TEST", "{}").await;
    assert!(is_event(&client.event().await, "TEST", 3));
    client.say(r#"{"op":1,"d":3}"#).await;
    assert_eq!(client.next().await.text(), r#"{"op":11}"#);
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_half_open() {
    let sim = quiet().await;
    let mut client = Raw::identified(&sim).await;
    client.event().await;
    client.event().await;

    sim.misbehave(GatewayFault::half_open());
    sim.send_raw("TEST", "{}").await;
    client.say(r#"{"op":1,"d":2}"#).await;
    assert_eq!(client.next().await, Arrived::Nothing);
    client.frame(0x88, &4000_u16.to_be_bytes()).await;
    assert_eq!(client.next().await, Arrived::Nothing);
    assert_eq!(last(&sim).ended_at(), None);
    drop(client);

    let record = ended(&sim).await;
    assert_eq!(record.end(), Some(ConnectionEnd::LostByClient));
    assert_eq!(record.heartbeats(), 1);
    let last = record.received().last().map(|(_, received)| received);
    assert_eq!(last, Some(&Received::Close(Some(4000))));
}

#[tokio::test(start_paused = true)]
async fn a_close_frame_is_answered_unless_it_is_not_to_be() {
    let sim = quiet().await;
    sim.misbehave(GatewayFault::never_answers_close());

    let mut client = Raw::connect(&sim).await;
    client.next().await;
    client.frame(0x88, &1000_u16.to_be_bytes()).await;
    assert_eq!(client.next().await, Arrived::Nothing);
    let mut client = Raw::connect(&sim).await;
    client.next().await;
    client.frame(0x88, &1000_u16.to_be_bytes()).await;
    assert_eq!(client.next().await, Arrived::Close(Some(1000)));
    assert_eq!(
        ended(&sim).await.end(),
        Some(ConnectionEnd::ClosedByClient(Some(1000)))
    );
}

// Events.

/// Sends an event that something goes wrong with, and returns what arrives.
async fn struck(fault: GatewayFault) -> Vec<Arrived> {
    let sim = quiet().await;
    let mut client = Raw::identified(&sim).await;
    client.event().await;
    client.event().await;
    sim.misbehave(fault);
    for name in ["FIRST", "SECOND"] {
        sim.send_raw(name, "{}").await;
    }
    let mut arrived = Vec::new();
    while arrived.last() != Some(&Arrived::Nothing)
        && !matches!(arrived.last(), Some(Arrived::End(_)))
    {
        arrived.push(client.next().await);
    }
    arrived
}

const FIRST: &str = r#"{"t":"FIRST","s":3,"op":0,"d":{}}"#;
const SECOND: &str = r#"{"t":"SECOND","s":4,"op":0,"d":{}}"#;

#[tokio::test(start_paused = true)]
async fn an_event_is_cut_at_any_byte() {
    for bytes in 0..FIRST.len() + 2 {
        assert_eq!(
            struck(GatewayFault::cut_event(bytes)).await,
            [Arrived::End(bytes)]
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_is_changed() {
    let unknown = r#"{"t":"SIMULATED_FIRST","s":3,"op":0,"d":{}}"#;
    let changed: [(GatewayFault, &[&str]); 7] = [
        (GatewayFault::repeated_event(), &[FIRST, FIRST]),
        (GatewayFault::skipped_event(), &[]),
        (
            GatewayFault::backwards(2),
            &[r#"{"t":"FIRST","s":1,"op":0,"d":{}}"#],
        ),
        (
            GatewayFault::without_sequence(),
            &[r#"{"t":"FIRST","op":0,"d":{}}"#],
        ),
        (GatewayFault::without_type(), &[r#"{"s":3,"op":0,"d":{}}"#]),
        (GatewayFault::unknown_type(), &[unknown]),
        (
            GatewayFault::malformed_json(),
            &[r#"{"t":"MESSAGE_CREATE","s":"#, FIRST],
        ),
    ];
    for (fault, expected) in changed {
        let mut expected: Vec<_> = expected
            .iter()
            .map(|text| Arrived::Text((*text).into()))
            .collect();
        expected.extend([Arrived::Text(SECOND.into()), Arrived::Nothing]);

        assert_eq!(struck(fault).await, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_field_of_an_event_is_changed() {
    let event = r#"{"a":{"b":[1,2]},"c":"d"}"#;
    let changed = [
        (
            GatewayFault::changed_field("/c", "99"),
            r#"{"a":{"b":[1,2]},"c":99}"#,
        ),
        (
            GatewayFault::changed_field("/a/e", "null"),
            r#"{"a":{"b":[1,2],"e":null},"c":"d"}"#,
        ),
        (
            GatewayFault::changed_field("/a/b/1", "{}"),
            r#"{"a":{"b":[1,{}]},"c":"d"}"#,
        ),
        (GatewayFault::missing_field("/a"), r#"{"c":"d"}"#),
        (GatewayFault::missing_field("/nowhere/a"), event),
        (
            GatewayFault::nested_event(3),
            r#"{"simulated":[[[]]],"a":{"b":[1,2]},"c":"d"}"#,
        ),
    ];
    for (fault, expected) in changed {
        let sim = quiet().await;
        let mut client = Raw::identified(&sim).await;
        client.event().await;
        client.event().await;
        sim.misbehave(fault.only("SECOND"));

        sim.send_raw("FIRST", event).await;
        sim.send_raw("SECOND", event).await;

        let first = client.event().await;
        assert!(first.ends_with(&format!(r#""d":{event}}}"#)), "{first}");
        let second = client.event().await;
        assert!(
            second.ends_with(&format!(r#""d":{expected}}}"#)),
            "{second}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_is_nested_however_deep() {
    let depth = 20_000;

    let arrived = struck(GatewayFault::nested_event(depth)).await;

    let nested = "[".repeat(depth) + &"]".repeat(depth);
    let expected = FIRST.replace("{}}", &format!(r#"{{"simulated":{nested}}}}}"#));
    assert_eq!(arrived[0], Arrived::Text(expected));
}

#[test]
#[should_panic(expected = "this is not a fault of an event")]
fn only_what_is_about_events_can_be_kept_to_some() {
    drop(GatewayFault::no_ack().only("MESSAGE_CREATE"));
}

#[tokio::test(start_paused = true)]
async fn members_are_refused_as_discord_refuses_them() {
    let sim = quiet().await;
    let mut client = Raw::identified(&sim).await;
    client.event().await;
    client.event().await;
    sim.misbehave(GatewayFault::members_rate_limited(Duration::from_millis(
        1_500,
    )));

    let ask = r#"{"op":8,"d":{"guild_id":"5","query":"","limit":0,"nonce":"n"}}"#;
    client.say(ask).await;
    client.say(ask).await;

    assert_eq!(
        client.event().await,
        r#"{"t":"RATE_LIMITED","s":3,"op":0,"d":{"meta":{"guild_id":"5","nonce":"n"},"opcode":8,"retry_after":1.5}}"#
    );
    assert_eq!(client.next().await, Arrived::Nothing);
}

#[tokio::test(start_paused = true)]
async fn a_sign_of_life_is_asked_for() {
    let sim = quiet().await;
    let mut client = Raw::identified(&sim).await;
    client.event().await;
    client.event().await;

    sim.ask_for_heartbeat();

    let asked = client.event().await;
    assert!(asked.starts_with(r#"{"op":1,"#), "{asked}");
}

#[tokio::test(start_paused = true)]
async fn guilds_come_and_go_in_numbers_each_to_its_shard() {
    let sim = quiet().await;
    let mut client = Raw::identified(&sim).await;
    client.event().await;
    client.event().await;

    sim.flood_of_guilds(20, 5_000).await;
    sim.flood_of_outages(20).await;

    let mut known = Vec::new();
    for number in 3..23 {
        let guild = client.event().await;
        assert!(is_event(&guild, "GUILD_CREATE", number), "{guild}");
        assert!((5_000..10_000).contains(&guild.len()), "{}", guild.len());
        let guild: serde_json::Value = serde_json::from_str(&guild).expect("JSON");
        known.push(guild["d"]["id"].as_str().expect("an id").to_owned());
    }
    for (number, id) in (23..).zip(&known) {
        let outage = format!(
            r#"{{"t":"GUILD_DELETE","s":{number},"op":0,"d":{{"id":"{id}","unavailable":true}}}}"#
        );
        assert_eq!(client.event().await, outage);
    }
    known.dedup();
    assert_eq!(known.len(), 20);
}

#[tokio::test(start_paused = true)]
async fn something_else_comes_before_an_event() {
    let utf8 = struck(GatewayFault::invalid_utf8()).await;
    let binary = struck(GatewayFault::binary(*b"\0\x01")).await;
    let unknown = struck(GatewayFault::unknown_op()).await;
    let huge = struck(GatewayFault::huge_event(100_000)).await;

    assert!(matches!(utf8[0], Arrived::Bytes(_)), "{utf8:?}");
    assert_eq!(binary[0], Arrived::Bytes(vec![0, 1]));
    assert!(matches!(&unknown[0], Arrived::Text(text) if text.contains(r#""op":99"#)));
    for after in [utf8, binary, unknown] {
        assert_eq!(after[1], Arrived::Text(FIRST.into()));
    }
    assert!(matches!(&huge[0], Arrived::Text(text) if text.len() == FIRST.len() + 100_000));
}

// With a bot.

#[listener]
async fn greets(_: &Context, _: &MemberAdd) {}

#[tokio::test(start_paused = true)]
async fn a_bot_loses_nothing_by_what_breaks_its_connection() {
    let faults = [
        GatewayFault::cut_event(20),
        GatewayFault::half_open(),
        GatewayFault::invalid_utf8(),
        GatewayFault::huge_event(1_000_000),
        GatewayFault::repeated_event().times(0),
        GatewayFault::unknown_op(),
    ];
    for fault in faults {
        let sim = Simulator::start(Bot::builder().add(handlers![greets])).await;
        sim.misbehave(fault.clone());

        sim.join("alice").await;

        let resumed = sim
            .connections()
            .iter()
            .filter(|known| known.is_resumed())
            .count();
        assert_eq!(resumed, sim.connections().len() - 1, "{fault:?}");
        let transcript = sim.stop().await;
        assert_eq!(transcript.invocations("greets").len(), 1, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_bot_that_is_kept_away_is_not_waited_for_for_ever() {
    let builder = Simulator::builder(Bot::builder().add(handlers![greets]));
    let sim = builder
        .misbehave(GatewayFault::no_ready().always())
        .start()
        .await;

    sim.settle().await;

    let records = sim.connections();
    let records: Vec<_> = records.iter().map(ToString::to_string).collect();
    assert!(last(&sim).is_identified(), "{}", records.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn a_bot_is_told_what_is_odd_of_where_to_connect_to() {
    let odd = r#"{"shards":1,"session_start_limit":{"remaining":0,"reset_after":60000}}"#;
    let builder = Simulator::builder(Bot::builder());
    let sim = builder
        .misbehave(GatewayFault::connection_info(odd))
        .start()
        .await;

    let record = last(&sim);
    let is_identify =
        |received: &&(Duration, Received)| matches!(received.1, Received::Identify { .. });
    let (at, _) = record
        .received()
        .iter()
        .find(is_identify)
        .expect("a session");
    assert!(*at >= Duration::from_secs(60), "{record}");
}

#[tokio::test(start_paused = true)]
async fn the_record_tells_no_token() {
    let sim = Simulator::start(Bot::builder()).await;

    let record = format!("{:?} {}", sim.connections(), last(&sim));

    assert!(record.contains("Identify"), "{record}");
    assert!(!record.contains("c2ltdWxhdGVk"), "{record}");
}

// What was sent.

fn of<'a>(sent: &'a [SentRecord], event: &str) -> &'a SentRecord {
    let mut found = sent.iter().filter(|sent| sent.event() == event);
    found.next_back().expect("it was sent")
}

#[tokio::test(start_paused = true)]
async fn it_is_known_what_became_of_each_event() {
    let sim = Simulator::start(Bot::builder().add(handlers![greets])).await;
    sim.misbehave(GatewayFault::cut_event(20));

    sim.join("alice").await;
    sim.send_raw("TEST", "{}").await;
    sim.misbehave(GatewayFault::skipped_event().only("LOST"));
    sim.send_raw("LOST", "{}").await;
    sim.send_raw("GUILD_MEMBER_ADD", "{}").await;

    let sent = sim.sent();
    let numbers: Vec<_> = sent.iter().map(SentRecord::sequence).collect();
    assert_eq!(numbers, (1..=6).collect::<Vec<_>>());
    assert!(sent.iter().all(|one| one.session() == sent[0].session()));
    let joined = &sent[1];
    let connections: Vec<_> = joined.written().iter().map(|(_, place)| *place).collect();
    assert_eq!(connections, [0, 1]);
    assert!(joined.taken_at() >= Some(joined.at()));
    assert_eq!((joined.invocations(), joined.ended()), (1, 1));
    assert_eq!(
        (of(&sent, "TEST").invocations(), of(&sent, "TEST").ended()),
        (0, 0)
    );
    assert!(of(&sent, "TEST").taken_at().is_some());
    assert!(of(&sent, "LOST").is_lost() && of(&sent, "LOST").written().is_empty());
    let unreadable = of(&sent, "GUILD_MEMBER_ADD");
    assert_eq!((unreadable.invocations(), unreadable.ended()), (1, 1));
    assert!(unreadable.to_string().contains("#6), written"));
    sim.assert_nothing_lost();
}

#[tokio::test(start_paused = true)]
async fn an_event_is_lost_with_its_session_and_not_without() {
    for (loses_session, is_lost) in [(false, false), (true, true)] {
        let sim = Simulator::start(Bot::builder().add(handlers![greets])).await;
        sim.misbehave(GatewayFault::cut_event(0).only("TEST"));
        if loses_session {
            sim.misbehave(GatewayFault::invalid_on_resume(false));
        }

        sim.send_raw("TEST", "{}").await;

        let sent = sim.sent();
        assert_eq!(of(&sent, "TEST").is_lost(), is_lost);
        let is_begun_again = of(&sent, "READY").session() != sent[0].session();
        assert_eq!(is_begun_again, loses_session);
        sim.assert_nothing_lost();
    }
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "was not taken in: ")]
async fn a_client_that_does_not_take_in_what_it_was_sent_is_found_out() {
    let sim = quiet().await;
    Raw::identified(&sim).await.event().await;

    sim.assert_nothing_lost();
}

#[tokio::test(start_paused = true)]
async fn all_that_happened_has_its_time() {
    let sim = Simulator::start(Bot::builder().add(handlers![greets])).await;
    sleep(Duration::from_secs(60)).await;
    sim.join("alice").await;

    let transcript = sim.stop().await;

    let times: Vec<_> = transcript.timed().map(|(at, _)| at).collect();
    assert_eq!(times.len(), transcript.iter().count());
    assert!(times.is_sorted());
    assert!(times.first() < Some(&Duration::from_secs(60)));
    assert!(times.last() >= Some(&Duration::from_secs(60)));
}

// By chance.

/// Counts the connections that were open when something went wrong with them.
fn broken(sim: &Simulator) -> usize {
    let connections = sim.connections();
    let broken = connections.iter().filter(|one| one.ended_at().is_some());
    broken.count()
}

#[tokio::test(start_paused = true)]
async fn chaos_lasts_as_long_as_it_should_or_until_it_is_mended() {
    let chaos = Chaos::new(3).lasting(Duration::from_secs(300));
    let sim = Simulator::start(Bot::builder().add(handlers![greets])).await;

    sim.chaos(chaos.clone());
    sleep(chaos.duration() + Duration::from_secs(330)).await;
    let in_chaos = broken(&sim);
    sleep(Duration::from_secs(3_600)).await;
    assert!(in_chaos > 2, "{in_chaos}: {chaos}");
    assert_eq!(broken(&sim), in_chaos);

    sim.chaos(chaos);
    sim.mend();
    sleep(Duration::from_secs(3_600)).await;
    assert_eq!(broken(&sim), in_chaos);
}

#[tokio::test(start_paused = true)]
async fn the_events_that_twilight_does_not_know_are_taken_in() {
    let sim = Simulator::start(Bot::builder().add(handlers![greets])).await;

    for (name, data) in UNKNOWN_EVENTS {
        serde_json::from_str::<serde_json::Value>(data).expect("JSON");
        sim.send_raw(name, data).await;
    }

    assert_eq!(sim.connections().len(), 1);
    sim.assert_nothing_lost();
}
