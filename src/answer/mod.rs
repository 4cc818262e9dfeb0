//! Answers: messages, modals, and the responder that answers an interaction once.

mod age;
mod line;
mod modal;
mod reply;
mod responder;
mod state;

pub use self::modal::Modal;
pub use self::reply::Reply;
pub use self::responder::Responder;

pub(crate) use self::responder::Attendant;
pub(crate) use self::state::PutOff;
