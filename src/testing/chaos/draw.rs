//! Drawing faults: which there are, and how often, how long and with what each strikes.

use std::time::Duration;

use fastrand::Rng;

use crate::exception::Scope;
use crate::testing::chaos::Deed;
use crate::testing::gateway::{GatewayFault, UNKNOWN_EVENTS};
use crate::testing::rest::Fault;

/// The longest that one fault goes on.
const LONGEST: u64 = 60;
/// How often one strikes at most.
const MOST: usize = 3;
/// Close codes that leave the session alive.
const RESUMABLE: [u16; 5] = [4000, 4001, 4002, 4008, 4999];
/// Close codes that end the session.
const SESSION_OVER: [u16; 6] = [1000, 1001, 4003, 4005, 4007, 4009];
/// The statuses of Discord's own trouble.
const TROUBLE: [u16; 4] = [500, 502, 503, 504];

/// A fault with its name.
type Drawn = (String, Vec<Deed>);

/// Draws a fault, for the time that is left.
pub(super) fn draw(rng: &mut Rng, left: Duration, spares_requests: bool) -> Drawn {
    match rng.u8(..100) {
        0..20 => while_connecting(rng, left),
        20..35 => with_an_event(rng, left),
        35..50 => with_sessions(rng, left),
        50..75 if !spares_requests => with_requests(rng, left),
        _ => now(rng),
    }
}

/// Faults of open connections.
fn now(rng: &mut Rng) -> Drawn {
    match rng.u8(..6) {
        0 => named("dropped", [Deed::Drop]),
        1 => {
            let code = chosen(rng, &RESUMABLE);
            (format!("closed {code}"), vec![Deed::Close(code)])
        }
        2 => named("asked to reconnect", [Deed::Reconnect]),
        3 => named("half open", [Deed::Gateway(GatewayFault::half_open())]),
        4 => named("asked for a heartbeat", [Deed::Heartbeat]),
        _ => {
            let which = rng.usize(..UNKNOWN_EVENTS.len());
            let (name, _) = UNKNOWN_EVENTS[which];
            (name.to_owned(), vec![Deed::Unknown(which)])
        }
    }
}

/// Faults that keep connections from being made for a while, with those that break the open ones.
fn while_connecting(rng: &mut Rng, left: Duration) -> Drawn {
    let (name, fault) = match rng.u8(..11) {
        0 => return refused(rng, left),
        1 => ("hung up", GatewayFault::hang_up()),
        2 => ("stalled handshake", GatewayFault::stalled_handshake()),
        3 => ("refused handshake", GatewayFault::refused_handshake(503)),
        4 => ("no hello", GatewayFault::no_hello()),
        5 => (
            "reconnect for hello",
            GatewayFault::reconnect_instead_of_hello(),
        ),
        6 => (
            "closed for hello",
            GatewayFault::close_instead_of_hello(4000),
        ),
        7 => ("dropped for hello", GatewayFault::drop_instead_of_hello()),
        8 => ("dropped on resume", GatewayFault::drop_on_resume()),
        9 => ("closed on resume", GatewayFault::close_on_resume(4000)),
        _ => ("invalid on resume", GatewayFault::invalid_on_resume(true)),
    };
    let (times, fault) = some(rng, left, fault);
    (
        format!("{name} ×{times}"),
        vec![Deed::Gateway(fault), Deed::Drop],
    )
}

fn refused(rng: &mut Rng, left: Duration) -> Drawn {
    let lasting = Duration::from_secs(rng.u64(1..=LONGEST)).min(left);
    let refused = GatewayFault::refused().lasting(lasting);
    (
        format!("refused for {:.1}s", lasting.as_secs_f64()),
        vec![Deed::Gateway(refused), Deed::Drop],
    )
}

/// Faults of events and answers that do not change them.
fn with_an_event(rng: &mut Rng, left: Duration) -> Drawn {
    let (name, fault) = match rng.u8(..9) {
        0 => {
            let bytes = rng.usize(..300);
            let cut = once(left, GatewayFault::cut_event(bytes));
            return (format!("cut after {bytes}"), vec![cut]);
        }
        1 => ("repeated", GatewayFault::repeated_event()),
        2 => ("huge", GatewayFault::huge_event(100_000)),
        3 => ("malformed", GatewayFault::malformed_json()),
        4 => ("unknown opcode", GatewayFault::unknown_op()),
        5 => ("no text", GatewayFault::invalid_utf8()),
        6 => ("nested", GatewayFault::nested_event(200)),
        7 => ("no acknowledgement", GatewayFault::no_ack()),
        _ => {
            let deaf = once(left, GatewayFault::never_answers_close());
            return named("no goodbye", [deaf, Deed::Reconnect]);
        }
    };
    let (times, fault) = some(rng, left, fault);
    (format!("{name} ×{times}"), vec![Deed::Gateway(fault)])
}

/// Faults of requests.
fn with_requests(rng: &mut Rng, left: Duration) -> Drawn {
    let seconds = Duration::from_secs(rng.u64(1..=5)).min(left);
    let (name, fault) = match rng.u8(..8) {
        0..3 => {
            let status = chosen(rng, &TROUBLE);
            let times = rng.usize(1..=MOST);
            let fault = Fault::status(status).times(times).lasting(left);
            return (format!("{status} ×{times}"), vec![Deed::Request(fault)]);
        }
        3 => ("a page", Fault::html(502)),
        4 => ("429", Fault::rate_limited(Scope::User, seconds)),
        5 => ("429 for all", Fault::rate_limited(Scope::Global, seconds)),
        6 => ("slow", Fault::slow_headers(seconds)),
        _ => ("no answer", Fault::hang_up()),
    };
    named(name, [Deed::Request(fault.times(1).lasting(left))])
}

/// Faults that end sessions.
fn with_sessions(rng: &mut Rng, left: Duration) -> Drawn {
    let (name, fault, then) = match rng.u8(..8) {
        0 => return named("invalidated", [Deed::Invalidate]),
        1 => {
            let code = chosen(rng, &SESSION_OVER);
            return (format!("closed {code}"), vec![Deed::Close(code)]);
        }
        2 => (
            "over on resume",
            GatewayFault::invalid_on_resume(false),
            Deed::Drop,
        ),
        3 => (
            "timed out on resume",
            GatewayFault::close_on_resume(4009),
            Deed::Drop,
        ),
        4 => (
            "RESUMED missing",
            GatewayFault::replay_without_resumed(),
            Deed::Drop,
        ),
        5 => (
            "invalid on identify",
            GatewayFault::invalid_on_identify(false),
            Deed::Invalidate,
        ),
        6 => (
            "dropped on identify",
            GatewayFault::drop_on_identify(),
            Deed::Invalidate,
        ),
        _ => (
            "nobody at the resume URL",
            GatewayFault::resume_url("ws://127.0.0.1:1"),
            Deed::Invalidate,
        ),
    };
    named(name, [once(left, fault), then])
}

fn named<const N: usize>(name: &str, deeds: [Deed; N]) -> Drawn {
    (name.to_owned(), deeds.into())
}

fn once(left: Duration, fault: GatewayFault) -> Deed {
    Deed::Gateway(fault.times(1).lasting(left))
}

/// Makes a fault strike some times.
fn some(rng: &mut Rng, left: Duration, fault: GatewayFault) -> (usize, GatewayFault) {
    let times = rng.usize(1..=MOST);
    (times, fault.times(times).lasting(left))
}

fn chosen<T: Copy>(rng: &mut Rng, choices: &[T]) -> T {
    choices[rng.usize(..choices.len())]
}
