//! What has become of an interaction, and what may become of it next.
//!
//! Discord: Interactions, Receiving and Responding. The first answer decides: a message, a promise of
//! one, or a change to the message with the component. What comes after can only change that answer,
//! or follow it up.

use crate::meta::Place;

/// What has become of an interaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It waits for its answer.
    Open,
    Answered(First),
    /// Discord knows it no more.
    Gone,
}

/// The first answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct First {
    /// Where the author gave it; nothing if cordial did, because time was running out.
    pub(crate) place: Option<Place>,
    pub(crate) answer: Answer,
}

/// What an interaction is answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// A message.
    Message,
    /// A promise of a message.
    Promise { is_ephemeral: bool },
    /// A promise of a message that was taken back.
    Withdrawn,
    /// A change to the message with the component, or the promise of one.
    Change { is_promised: bool },
    /// A modal, or what an option could be set to.
    Other,
}

/// How an interaction is put off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PutOff {
    /// By the promise of a message.
    Message { is_ephemeral: bool },
    /// By the promise of a change to the message with the component.
    Change,
}

impl PutOff {
    pub(crate) fn answer(self) -> Answer {
        match self {
            Self::Message { is_ephemeral } => Answer::Promise { is_ephemeral },
            Self::Change => Answer::Change { is_promised: true },
        }
    }
}

/// What becomes of a message for somebody who used something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// It is the first answer.
    Answer,
    /// It keeps the promise.
    Keep,
    /// The promise is taken back, and it comes in its place: what is for one person alone must not be
    /// put where everybody was promised something.
    Instead,
    /// It follows what was answered.
    Add,
    /// It was answered already.
    Refuse(First),
}

impl State {
    /// Returns what becomes of a message.
    pub(crate) fn next(self, is_ephemeral: bool) -> Next {
        let Self::Answered(first) = self else {
            return Next::Answer;
        };
        match first.answer {
            Answer::Promise {
                is_ephemeral: false,
            } if is_ephemeral => Next::Instead,
            Answer::Promise { .. } => Next::Keep,
            Answer::Withdrawn | Answer::Change { .. } => Next::Add,
            Answer::Message | Answer::Other => Next::Refuse(first),
        }
    }

    /// Returns whether it was put off already, by cordial, in a way that does for this one.
    pub(crate) fn is_put_off(self, wanted: PutOff) -> bool {
        let Self::Answered(First {
            place: None,
            answer,
        }) = self
        else {
            return false;
        };
        // After the promise of a change, a message can still follow, of any visibility.
        answer == wanted.answer() || answer == PutOff::Change.answer()
    }

    /// Returns whether the author answered: by more than what cordial promised in time.
    pub(crate) fn is_answered(self) -> bool {
        match self {
            Self::Open => false,
            Self::Gone => true,
            Self::Answered(First { place, answer }) => match answer {
                Answer::Promise { .. } | Answer::Change { is_promised: true } => place.is_some(),
                _ => true,
            },
        }
    }

    /// Returns whether the person sees nothing of an answer yet, and can still be shown one.
    pub(crate) fn is_waiting(self) -> bool {
        match self {
            Self::Open => true,
            Self::Gone => false,
            Self::Answered(First { place, answer }) => match answer {
                Answer::Promise { .. } => true,
                Answer::Change { is_promised } => is_promised && place.is_none(),
                Answer::Message | Answer::Withdrawn | Answer::Other => false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place = Place::new("bot.rs", 7, 9);

    fn by_author(answer: Answer) -> State {
        State::Answered(First {
            place: Some(PLACE),
            answer,
        })
    }

    fn by_cordial(wanted: PutOff) -> State {
        State::Answered(First {
            place: None,
            answer: wanted.answer(),
        })
    }

    #[test]
    fn a_secret_never_keeps_a_public_promise() {
        let public = by_cordial(PutOff::Message {
            is_ephemeral: false,
        });
        let secret = by_cordial(PutOff::Message { is_ephemeral: true });

        assert_eq!(public.next(true), Next::Instead);
        assert_eq!(public.next(false), Next::Keep);
        assert_eq!(secret.next(true), Next::Keep);
        assert_eq!(secret.next(false), Next::Keep);
    }

    #[test]
    fn a_promise_of_cordials_is_no_answer_of_the_authors() {
        for wanted in [
            PutOff::Change,
            PutOff::Message { is_ephemeral: true },
            PutOff::Message {
                is_ephemeral: false,
            },
        ] {
            assert!(!by_cordial(wanted).is_answered());
            assert!(by_cordial(wanted).is_waiting());
            assert!(by_author(wanted.answer()).is_answered());
        }
    }

    #[test]
    fn an_author_may_put_off_what_cordial_has_put_off() {
        let public = PutOff::Message {
            is_ephemeral: false,
        };
        let secret = PutOff::Message { is_ephemeral: true };

        assert!(by_cordial(public).is_put_off(public));
        assert!(!by_cordial(public).is_put_off(secret));
        assert!(by_cordial(PutOff::Change).is_put_off(secret));
        assert!(!by_author(public.answer()).is_put_off(public));
    }
}
