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
    Message { is_ephemeral: bool },
    /// A promise of a message.
    Promise { is_ephemeral: bool },
    /// A promise of a message that was taken back. Whether what comes in its place is for one person
    /// alone, whatever it says of itself.
    Withdrawn { is_ephemeral: bool },
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
            Answer::Withdrawn { .. } | Answer::Change { .. } => Next::Add,
            Answer::Message { .. } | Answer::Other => Next::Refuse(first),
        }
    }

    /// Returns what cordial promised, if it did.
    pub(crate) fn put_off(self) -> Option<Answer> {
        match self {
            Self::Answered(First {
                place: None,
                answer: promised @ (Answer::Promise { .. } | Answer::Change { is_promised: true }),
            }) => Some(promised),
            _ => None,
        }
    }

    /// Returns whether the author answered: by more than a promise. To take note of a component is an
    /// answer, if the author does it.
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

    /// Returns whether what follows is for one person alone, whatever it says of itself.
    pub(crate) fn is_secret(self) -> bool {
        matches!(
            self,
            Self::Answered(First {
                answer: Answer::Withdrawn { is_ephemeral: true },
                ..
            })
        )
    }

    /// Returns whether the message that answered is for one person alone.
    pub(crate) fn was_secret(self) -> bool {
        matches!(
            self,
            Self::Answered(First {
                answer: Answer::Message { is_ephemeral: true },
                ..
            })
        )
    }

    /// Returns whether the person sees nothing of an answer yet, and can still be shown one.
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
