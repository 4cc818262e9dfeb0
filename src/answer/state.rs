//! The state of an interaction, and the answers that it still allows.
//!
//! Discord: Interactions, Receiving and Responding. The first answer decides: a message, a deferred one,
//! or a change to the message with the component. Later answers can only change that one, or follow it
//! up.

use crate::meta::Place;

/// The state of an interaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It waits for its answer.
    Open,
    Answered(First),
    /// It is unknown to Discord by now.
    Gone,
}

/// The first answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct First {
    /// Where the author gave it; `None` if cordial deferred, because time was running out.
    pub(crate) place: Option<Place>,
    pub(crate) answer: Answer,
}

/// What an interaction is answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// A message.
    Message { is_ephemeral: bool },
    /// A deferred message.
    Promise { is_ephemeral: bool },
    /// A deferred message that was withdrawn. Discord decides by this flag who sees the message that
    /// replaces it, whatever that message says.
    Withdrawn { is_ephemeral: bool },
    /// A change to the message with the component, or a deferred one.
    Change { is_promised: bool },
    /// A modal, or suggestions for an option.
    Other,
}

/// How an interaction is deferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PutOff {
    /// By deferring a message.
    Message { is_ephemeral: bool },
    /// By deferring a change to the message with the component.
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

/// What becomes of a message that answers somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// It is the first answer.
    Answer,
    /// It completes the deferred answer.
    Keep,
    /// The deferred answer is withdrawn, and the message replaces it: an ephemeral message must not
    /// complete a public deferral.
    Instead,
    /// It follows the answer.
    Add,
    /// There is an answer already.
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
            Answer::Withdrawn { .. } | Answer::Change { .. } => Next::Add,
            Answer::Message { .. } | Answer::Other => Next::Refuse(first),
        }
    }

    /// Returns how cordial deferred the answer, if it did.
    pub(crate) fn put_off(self) -> Option<Answer> {
        match self {
            Self::Answered(First {
                place: None,
                answer: promised @ (Answer::Promise { .. } | Answer::Change { is_promised: true }),
            }) => Some(promised),
            _ => None,
        }
    }

    /// Returns whether the author answered, and did not only defer. To acknowledge a component counts as
    /// an answer if the author does it.
    pub(crate) fn is_answered(self) -> bool {
        match self {
            Self::Open => false,
            Self::Gone => true,
            Self::Answered(First { place, answer }) => match answer {
                Answer::Promise { .. } => false,
                Answer::Change { is_promised: true } | Answer::Withdrawn { .. } => place.is_some(),
                _ => true,
            },
        }
    }

    /// Returns whether Discord makes the next message ephemeral, whatever it says.
    pub(crate) fn is_secret(self) -> bool {
        matches!(
            self,
            Self::Answered(First {
                answer: Answer::Withdrawn { is_ephemeral: true },
                ..
            })
        )
    }

    /// Returns whether the answer is ephemeral.
    pub(crate) fn was_secret(self) -> bool {
        matches!(
            self,
            Self::Answered(First {
                answer: Answer::Message { is_ephemeral: true },
                ..
            })
        )
    }

    /// Returns whether the person has seen no answer yet, and can still be given one.
    pub(crate) fn is_waiting(self) -> bool {
        match self {
            Self::Open => true,
            Self::Gone => false,
            Self::Answered(First { place, answer }) => match answer {
                Answer::Promise { .. } => true,
                Answer::Change { is_promised } => is_promised && place.is_none(),
                Answer::Withdrawn { .. } => place.is_none(),
                Answer::Message { .. } | Answer::Other => false,
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
    fn a_promise_of_a_message_is_no_answer() {
        for wanted in [
            PutOff::Message { is_ephemeral: true },
            PutOff::Message {
                is_ephemeral: false,
            },
        ] {
            for state in [by_cordial(wanted), by_author(wanted.answer())] {
                assert!(!state.is_answered());
                assert!(state.is_waiting());
            }
        }
    }

    #[test]
    fn to_take_note_of_a_component_is_an_answer_of_the_authors_alone() {
        assert!(!by_cordial(PutOff::Change).is_answered());
        assert!(by_author(PutOff::Change.answer()).is_answered());
    }

    #[test]
    fn what_was_taken_back_and_not_replaced_leaves_somebody_waiting() {
        let withdrawn = Answer::Withdrawn {
            is_ephemeral: false,
        };
        let first = First {
            place: None,
            answer: withdrawn,
        };

        assert!(State::Answered(first).is_waiting());
        assert!(!by_author(withdrawn).is_waiting());
    }
}
