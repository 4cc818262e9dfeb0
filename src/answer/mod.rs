//! What a bot answers with, and the one answer that an interaction may have.

mod pace;
mod reply;
mod responder;

pub use self::reply::Reply;
pub use self::responder::Responder;
