//! The steps to an answer, and the order in which they may come.

use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use twilight_model::channel::Message;
use twilight_model::http::interaction::{
    InteractionResponse, InteractionResponseData, InteractionResponseType as Kind,
};

use crate::answer::Reply;
use crate::answer::line::ALREADY_ACKNOWLEDGED;
use crate::answer::responder::{FIRST, LAST, Responder};
use crate::answer::state::{Answer, First, State};
use crate::exception::{
    AlreadyAnswered, Expired, HttpError, NotAnswered, OnlySuggestions, UnknownInteraction,
};
use crate::failure::{Failure, Result};
use crate::meta::Place;

impl Responder {
    pub(crate) async fn answer_with(&self, reply: Reply, place: Option<Place>) -> Result<Message> {
        let answer = Answer::Message {
            is_ephemeral: reply.is_ephemeral,
        };
        let first = First { place, answer };
        let data = Some(reply.laid_out().into_data());
        match self
            .first(Kind::ChannelMessageWithSource, data, first)
            .await?
        {
            Some(message) => Ok(message),
            None => self.line.original().await,
        }
    }

    /// Gives the first answer.
    pub(crate) async fn first(
        &self,
        kind: Kind,
        data: Option<InteractionResponseData>,
        first: First,
    ) -> Result<Option<Message>> {
        self.claim(first)?;
        let response = InteractionResponse { kind, data };
        let answered = self.line.answer(&response).await;
        answered.map_err(|failure| self.unanswered(failure))
    }

    /// Claims the one first answer.
    pub(crate) fn claim(&self, first: First) -> Result<(), Failure> {
        let mut state = self.lock();
        match *state {
            State::Answered(earlier) => Err(AlreadyAnswered::new(earlier.place).into()),
            State::Gone => Err(self.expired(FIRST, true).into()),
            State::Open if self.age.now() > FIRST => Err(self.expired(FIRST, true).into()),
            State::Open => {
                *state = State::Answered(first);
                Ok(())
            }
        }
    }

    /// Notes that the first answer did not arrive, so that another may be tried; unless an earlier one
    /// turns out to have arrived after all.
    pub(crate) fn unanswered(&self, failure: Failure) -> Failure {
        let code = failure.find::<HttpError>().and_then(HttpError::code);
        if code == Some(&ALREADY_ACKNOWLEDGED) {
            return failure;
        }
        let is_gone = failure.is::<UnknownInteraction>();
        self.set(if is_gone { State::Gone } else { State::Open });
        failure
    }

    /// Edits the answer, or completes a deferred one.
    pub(crate) async fn keep(&self, reply: Reply, place: Option<Place>) -> Result<Message> {
        let answer = match self.state() {
            State::Answered(First {
                answer: Answer::Change { .. },
                ..
            }) => Answer::Change { is_promised: false },
            State::Answered(First {
                answer: Answer::Promise { is_ephemeral } | Answer::Message { is_ephemeral },
                ..
            }) => Answer::Message { is_ephemeral },
            _ => Answer::Message {
                is_ephemeral: reply.is_ephemeral,
            },
        };
        self.keep_as(reply, answer, place).await
    }

    pub(crate) async fn keep_as(
        &self,
        reply: Reply,
        answer: Answer,
        place: Option<Place>,
    ) -> Result<Message> {
        self.refuse_unanswered()?;
        let message = self.line.change(&reply.laid_out()).await?;
        self.settle(answer, place);
        Ok(message)
    }

    pub(crate) async fn add(&self, mut reply: Reply, place: Option<Place>) -> Result<Message> {
        self.refuse_unanswered()?;
        reply.is_ephemeral |= self.state().is_secret();
        let message = self.line.add(&reply.laid_out()).await?;
        // The deferred change has been answered by another message.
        if let State::Answered(First {
            place: None,
            answer,
        }) = self.state()
        {
            self.settle(answer, place);
        }
        Ok(message)
    }

    /// Deletes the answer, or a deferred one.
    pub(crate) async fn withdraw(&self, place: Option<Place>) -> Result<()> {
        self.refuse_unanswered()?;
        self.line.delete().await?;
        if let State::Answered(First {
            answer: Answer::Promise { .. },
            ..
        }) = self.state()
        {
            let answer = Answer::Withdrawn {
                is_ephemeral: false,
            };
            self.settle(answer, place);
        }
        Ok(())
    }

    /// Deletes the public answer that cordial deferred, for a message that replaces it.
    pub(crate) async fn withdraw_for(&self, is_ephemeral: bool) -> Result<()> {
        self.withdraw(None).await?;
        self.settle(Answer::Withdrawn { is_ephemeral }, None);
        Ok(())
    }

    /// Notes what a deferred answer has become.
    pub(crate) fn settle(&self, answer: Answer, place: Option<Place>) {
        self.set(State::Answered(First { place, answer }));
    }

    pub(crate) fn refuse_unanswered(&self) -> Result<(), Failure> {
        match self.state() {
            State::Answered(_) if self.age.now() <= LAST => Ok(()),
            State::Answered(_) | State::Gone => Err(self.expired(LAST, false).into()),
            State::Open => Err(NotAnswered::new().into()),
        }
    }

    pub(crate) fn refuse_typing(&self) -> Result<(), Failure> {
        if self.is_typing() {
            Err(OnlySuggestions::new().into())
        } else {
            Ok(())
        }
    }

    pub(crate) fn expired(&self, limit: Duration, is_first: bool) -> Expired {
        let could_wait = is_first && self.age.before() < limit;
        Expired::new(self.age.now(), limit, could_wait)
    }

    pub(crate) fn state(&self) -> State {
        *self.lock()
    }

    pub(crate) fn set(&self, state: State) {
        *self.lock() = state;
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
