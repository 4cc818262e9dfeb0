//! From twilight's one error type to the exception that it is.

use std::any::Any;
use std::error::Error as _;
use std::sync::Arc;

use twilight_http::error::ErrorType;
use twilight_http::response::DeserializeBodyError;

use crate::exception::http::body::{Body, ErrorCode};
use crate::exception::http::call::Call;
use crate::exception::http::family::{
    ArchivedThread, BadGateway, BadRequest, BlockedByAutoMod, CannotMessageUser, Conflict,
    Forbidden, GatewayTimeout, InvalidForm, InvalidWebhookToken, LimitReached, MissingAccess,
    MissingPermissions, NotFound, RateLimited, ServerError, Unauthorized, Unavailable, UnknownBan,
    UnknownChannel, UnknownGuild, UnknownInteraction, UnknownInvite, UnknownMember, UnknownMessage,
    UnknownRole, UnknownUser, UnknownWebhook, UpgradeRequired,
};
use crate::exception::http::{
    Answer, CircuitOpen, HttpError, InvalidRequest, Original, RequestTimedOut, TransportError,
    Trouble, UnreadableResponse,
};
use crate::exception::{Declaration, Erased, Lattice};

inventory::submit! {
    Declaration(declare)
}

/// Declares what twilight's errors are: made from one that somebody holds, and kept in those made.
fn declare(lattice: &mut Lattice) {
    lattice.refine::<twilight_http::Error>(|error| refine(error, &Original::default()));
    lattice.base(|error: &HttpError| error.original.0.as_deref());
    lattice.base(|error: &TransportError| error.original.0.as_deref());
    lattice.base(|error: &CircuitOpen| error.original.0.as_deref());
    lattice.base(|error: &InvalidRequest| error.original.0.as_deref());
    lattice.base(|error: &UnreadableResponse| error.original.0.as_deref());
    lattice
        .refine::<DeserializeBodyError>(|_| Box::new(UnreadableResponse::new(Original::default())));
    lattice.base(|error: &UnreadableResponse| error.body.as_deref());
}

/// Turns an error of twilight's into the exception that it is. Any other is given back.
pub(crate) fn promoted<E: Any>(error: E) -> Result<Box<dyn Erased>, E> {
    let mut error = Some(error);
    if let Some(error) = take::<_, twilight_http::Error>(&mut error) {
        let error = Arc::new(error);
        return Ok(refine(&error, &Original(Some(Arc::clone(&error)))));
    }
    if let Some(trouble) = take::<_, Trouble>(&mut error) {
        return Ok(trouble.into_exception(Original::default()));
    }
    if let Some(error) = take::<_, DeserializeBodyError>(&mut error) {
        return Ok(Box::new(UnreadableResponse::of_body(error)));
    }
    error.map_or_else(|| unreachable!("taken only where it is returned"), Err)
}

/// Takes a value out, if it is of a type.
fn take<E: Any, T: Any>(value: &mut Option<E>) -> Option<T> {
    (value as &mut dyn Any).downcast_mut::<Option<T>>()?.take()
}

pub(crate) fn refine(error: &twilight_http::Error, original: &Original) -> Box<dyn Erased> {
    match error.kind() {
        ErrorType::Response { body, status, .. } => match Trouble::from_told(body) {
            Some(trouble) => trouble.into_exception(original.clone()),
            None => unknown_call(status.get(), Body::read(status.get(), body), original),
        },
        ErrorType::Unauthorized => {
            let body = Body {
                message: "401: Unauthorized".to_owned(),
                ..Body::default()
            };
            unknown_call(401, body, original)
        }
        ErrorType::RequestTimedOut => {
            let base = TransportError::of_twilight(original.clone());
            Box::new(RequestTimedOut::new(base, None))
        }
        ErrorType::Parsing { .. } => Box::new(UnreadableResponse::new(original.clone())),
        ErrorType::BuildingRequest
        | ErrorType::CreatingHeader { .. }
        | ErrorType::Json
        | ErrorType::Validation => {
            let problem = error
                .source()
                .map_or_else(|| error.to_string(), ToString::to_string);
            Box::new(InvalidRequest::new(problem, original.clone()))
        }
        _ => Box::new(TransportError::of_twilight(original.clone())),
    }
}

/// Takes an answer of which twilight's client alone knows what it was the answer to.
fn unknown_call(status: u16, body: Body, original: &Original) -> Box<dyn Erased> {
    let answer = Answer {
        status,
        body,
        scope: None,
        call: Call::default(),
    };
    answered(HttpError::new(answer, original.clone()))
}

/// Finds the type of an answer.
pub(crate) fn answered(error: HttpError) -> Box<dyn Erased> {
    let code = match error.code() {
        Some(ErrorCode::Number(code)) => *code,
        _ => 0,
    };
    match (error.status(), code) {
        (_, 50007 | 50278) => boxed::<CannotMessageUser>(error),
        (400, code) => bad_request(error, code),
        (401, 50027) => boxed::<InvalidWebhookToken>(error),
        (401, _) => boxed::<Unauthorized>(error),
        (403, 50001) => boxed::<MissingAccess>(error),
        (403, 50013) => boxed::<MissingPermissions>(error),
        (403, _) => boxed::<Forbidden>(error),
        (404, code) => not_found(error, code),
        (409, _) => boxed::<Conflict>(error),
        (426, _) => boxed::<UpgradeRequired>(error),
        (429, _) => boxed::<RateLimited>(error),
        (502, _) => boxed::<BadGateway>(error),
        (503, _) => boxed::<Unavailable>(error),
        (504, _) => boxed::<GatewayTimeout>(error),
        (500.., _) => boxed::<ServerError>(error),
        _ => Box::new(error),
    }
}

fn bad_request(error: HttpError, code: u64) -> Box<dyn Erased> {
    match code {
        30001..=30999 => boxed::<LimitReached>(error),
        50035 => boxed::<InvalidForm>(error),
        50083 => boxed::<ArchivedThread>(error),
        200_000 | 200_001 | 240_000 => boxed::<BlockedByAutoMod>(error),
        _ => boxed::<BadRequest>(error),
    }
}

fn not_found(error: HttpError, code: u64) -> Box<dyn Erased> {
    match code {
        10003 => boxed::<UnknownChannel>(error),
        10004 => boxed::<UnknownGuild>(error),
        10006 => boxed::<UnknownInvite>(error),
        10007 => boxed::<UnknownMember>(error),
        10008 => boxed::<UnknownMessage>(error),
        10011 => boxed::<UnknownRole>(error),
        10013 => boxed::<UnknownUser>(error),
        10015 => boxed::<UnknownWebhook>(error),
        10026 => boxed::<UnknownBan>(error),
        10062 => boxed::<UnknownInteraction>(error),
        _ => boxed::<NotFound>(error),
    }
}

fn boxed<E: From<HttpError> + Erased>(error: HttpError) -> Box<dyn Erased> {
    Box::new(E::from(error))
}
