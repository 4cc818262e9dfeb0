//! The one answer of an interaction, kept by what Discord's rules let happen next.
//!
//! Discord: Interactions, Receiving and Responding. The first answer decides: a message, a promise of
//! one, or a change to the message with the component. What comes after can only change that answer,
//! or follow it up.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tracing::Dispatch;
use twilight_http::Client;
use twilight_http::client::InteractionClient;
use twilight_model::application::command::CommandOptionChoice;
use twilight_model::application::interaction::Interaction;
use twilight_model::channel::Message;
use twilight_model::channel::message::{Component, MessageFlags};
use twilight_model::http::interaction::{
    InteractionResponse, InteractionResponseData, InteractionResponseType,
};
use twilight_model::id::Id;
use twilight_model::id::marker::{ApplicationMarker, InteractionMarker};

use crate::answer::Reply;
use crate::answer::pace::Pace;
use crate::exception::{
    AlreadyAnswered, ErrorCode, Expired, HttpError, NotAnswered, UnknownInteraction,
};
use crate::failure::{Failure, Result};
use crate::meta::Place;

/// How long an interaction waits for its first answer.
const FIRST: Duration = Duration::from_secs(3);
/// How long it can be answered at all.
const LAST: Duration = Duration::from_secs(15 * 60);

/// What Discord answers to a second first answer. (Discord: Opcodes and Status Codes, JSON.)
const ALREADY_ACKNOWLEDGED: ErrorCode = ErrorCode::Number(40060);

/// Answers one interaction.
///
/// It is shared by every handler of the interaction, and by their error handlers: whoever comes
/// second is told where it was answered first, and nothing is sent.
///
/// # Examples
///
/// ```
/// use cordial::prelude::*;
///
/// #[listener]
/// async fn answers(ctx: &Context, _: &InteractionCreate) -> Result<()> {
///     if let Some(responder) = ctx.responder() {
///         responder.defer().await?;
///         responder.reply("That took a while.").await?;
///     }
///     Ok(())
/// }
/// ```
pub struct Responder {
    application: Id<ApplicationMarker>,
    id: Id<InteractionMarker>,
    token: String,
    received: Instant,
    state: Mutex<State>,
    pace: Pace,
    client: Arc<Client>,
}

/// What has become of an interaction.
#[derive(Clone, Copy)]
enum State {
    /// It waits for its answer.
    Open,
    Answered(Place, Answer),
    /// Discord knows it no more.
    Gone,
}

/// What an interaction was answered with first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// A message.
    Message,
    /// A promise of a message.
    Promise,
    /// A change to the message with the component, or the promise of one.
    Change,
    /// A modal, or what an option could be set to.
    Other,
}

impl Responder {
    pub(crate) fn new(interaction: &Interaction, client: Arc<Client>) -> Self {
        Self {
            application: interaction.application_id,
            id: interaction.id,
            token: interaction.token.clone(),
            received: Instant::now(),
            state: Mutex::new(State::Open),
            pace: Pace::default(),
            client,
        }
    }

    /// Answers with a message, or keeps the promise of one. After a change to the message with the
    /// component it sends another message.
    ///
    /// # Errors
    ///
    /// [`AlreadyAnswered`] if there is a message already, [`Expired`] if it is too late, and what the
    /// request fails with.
    ///
    /// # Cancel safety
    ///
    /// If this is dropped before it has ended, the interaction counts as answered.
    #[track_caller]
    pub fn reply(&self, reply: impl Into<Reply>) -> impl Future<Output = Result<Message>> + Send {
        let (reply, place) = (reply.into(), Place::caller());
        at(place, self.reply_at(reply, place))
    }

    pub(crate) async fn reply_at(&self, reply: Reply, place: Place) -> Result<Message> {
        match self.state() {
            State::Answered(_, Answer::Promise) => {
                let message = self.change(reply).await?;
                self.set(State::Answered(place, Answer::Message));
                Ok(message)
            }
            State::Answered(_, Answer::Change) => self.add(reply).await,
            _ => {
                let kind = InteractionResponseType::ChannelMessageWithSource;
                let (data, answer) = (Some(reply.into_data()), Answer::Message);
                match self.answer(kind, data, answer, place).await? {
                    Some(message) => Ok(message),
                    None => self.original().await,
                }
            }
        }
    }

    /// Tells somebody something, whatever was answered before: by the answer, or after it.
    pub(crate) async fn tell_at(&self, reply: Reply, place: Place) -> Result<Message> {
        match self.state() {
            State::Answered(_, Answer::Message | Answer::Other) => self.add(reply).await,
            _ => self.reply_at(reply, place).await,
        }
    }

    /// Promises a message, which everybody will see. [`reply`](Self::reply) keeps the promise, within
    /// 15 minutes.
    ///
    /// # Errors
    ///
    /// As for [`reply`](Self::reply).
    #[track_caller]
    pub fn defer(&self) -> impl Future<Output = Result<()>> + Send {
        let kind = InteractionResponseType::DeferredChannelMessageWithSource;
        self.respond(kind, None, Answer::Promise, Place::caller())
    }

    /// Promises a message, which nobody else will see. [`reply`](Self::reply) keeps the promise,
    /// within 15 minutes.
    ///
    /// # Errors
    ///
    /// As for [`reply`](Self::reply).
    #[track_caller]
    pub fn defer_ephemeral(&self) -> impl Future<Output = Result<()>> + Send {
        let kind = InteractionResponseType::DeferredChannelMessageWithSource;
        let data = InteractionResponseData {
            flags: Some(MessageFlags::EPHEMERAL),
            ..InteractionResponseData::default()
        };
        self.respond(kind, Some(data), Answer::Promise, Place::caller())
    }

    /// Answers by changing the message with the component that was used.
    ///
    /// # Errors
    ///
    /// As for [`reply`](Self::reply).
    #[track_caller]
    pub fn update(&self, reply: impl Into<Reply>) -> impl Future<Output = Result<()>> + Send {
        let (kind, data) = (
            InteractionResponseType::UpdateMessage,
            reply.into().into_data(),
        );
        self.respond(kind, Some(data), Answer::Change, Place::caller())
    }

    /// Takes note of the use of a component. The message with it can be changed later, by
    /// [`edit`](Self::edit).
    ///
    /// # Errors
    ///
    /// As for [`reply`](Self::reply).
    #[track_caller]
    pub fn defer_update(&self) -> impl Future<Output = Result<()>> + Send {
        let kind = InteractionResponseType::DeferredUpdateMessage;
        self.respond(kind, None, Answer::Change, Place::caller())
    }

    /// Answers the typing of an option with what it could be set to: at most 25 choices.
    ///
    /// # Errors
    ///
    /// As for [`reply`](Self::reply).
    #[track_caller]
    pub fn suggest(
        &self,
        choices: impl IntoIterator<Item = CommandOptionChoice>,
    ) -> impl Future<Output = Result<()>> + Send {
        let kind = InteractionResponseType::ApplicationCommandAutocompleteResult;
        let data = InteractionResponseData {
            choices: Some(choices.into_iter().collect()),
            ..InteractionResponseData::default()
        };
        self.respond(kind, Some(data), Answer::Other, Place::caller())
    }

    /// Answers by showing a modal, which is sent back as an interaction with the same custom id.
    ///
    /// # Errors
    ///
    /// As for [`reply`](Self::reply).
    #[track_caller]
    pub fn show_modal(
        &self,
        custom_id: impl Into<String>,
        title: impl Into<String>,
        components: Vec<Component>,
    ) -> impl Future<Output = Result<()>> + Send {
        let data = InteractionResponseData {
            custom_id: Some(custom_id.into()),
            title: Some(title.into()),
            components: Some(components),
            ..InteractionResponseData::default()
        };
        let kind = InteractionResponseType::Modal;
        self.respond(kind, Some(data), Answer::Other, Place::caller())
    }

    /// Gives a first answer that is no message.
    fn respond(
        &self,
        kind: InteractionResponseType,
        data: Option<InteractionResponseData>,
        answer: Answer,
        place: Place,
    ) -> impl Future<Output = Result<()>> + Send {
        at(place, async move {
            self.answer(kind, data, answer, place).await?;
            Ok(())
        })
    }

    /// Changes the answer.
    ///
    /// # Errors
    ///
    /// [`NotAnswered`] if there is none, [`Expired`] if it is too late, and what the request fails
    /// with.
    #[track_caller]
    pub fn edit(&self, reply: impl Into<Reply>) -> impl Future<Output = Result<Message>> + Send {
        let (reply, place) = (reply.into(), Place::caller());
        at(place, async move { self.change(reply).await })
    }

    /// Sends another message, after the answer.
    ///
    /// # Errors
    ///
    /// As for [`edit`](Self::edit).
    #[track_caller]
    pub fn follow_up(
        &self,
        reply: impl Into<Reply>,
    ) -> impl Future<Output = Result<Message>> + Send {
        let (reply, place) = (reply.into(), Place::caller());
        at(place, async move { self.add(reply).await })
    }

    /// Deletes the answer.
    ///
    /// # Errors
    ///
    /// As for [`edit`](Self::edit).
    #[track_caller]
    pub fn delete(&self) -> impl Future<Output = Result<()>> + Send {
        at(Place::caller(), async move {
            self.refuse_unanswered()?;
            self.pace.turn().await;
            let client = self.client();
            quietly(|| client.delete_response(&self.token).into_future()).await?;
            Ok(())
        })
    }

    /// Returns whether it was answered, be it with a promise.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        matches!(self.state(), State::Answered(..))
    }

    /// Gives the first answer.
    async fn answer(
        &self,
        kind: InteractionResponseType,
        data: Option<InteractionResponseData>,
        answer: Answer,
        place: Place,
    ) -> Result<Option<Message>> {
        self.claim(State::Answered(place, answer))?;
        let response = InteractionResponse { kind, data };
        let client = self.client();
        let request = client.create_response(self.id, &self.token, &response);
        let answered = quietly(|| request.with_response().into_future()).await;
        let answered = match answered {
            Ok(answered) => answered,
            Err(error) => return Err(self.unanswered(error.into())),
        };
        let resource = answered.model().await?.resource;
        Ok(resource.and_then(|resource| resource.message))
    }

    /// Takes the one answer there may be.
    fn claim(&self, answered: State) -> Result<(), Failure> {
        let mut state = self.lock();
        match *state {
            State::Answered(first, _) => Err(AlreadyAnswered::new(first).into()),
            State::Gone => Err(self.expired(FIRST, true).into()),
            State::Open if self.received.elapsed() > FIRST => Err(self.expired(FIRST, true).into()),
            State::Open => {
                *state = answered;
                Ok(())
            }
        }
    }

    /// Notes that the first answer did not arrive, so that another may be tried; unless it turns out
    /// that an earlier one had arrived after all.
    fn unanswered(&self, failure: Failure) -> Failure {
        let code = failure.find::<HttpError>().and_then(HttpError::code);
        if code == Some(&ALREADY_ACKNOWLEDGED) {
            return failure;
        }
        let is_gone = failure.is::<UnknownInteraction>();
        self.set(if is_gone { State::Gone } else { State::Open });
        failure
    }

    /// Asks for the message that answered.
    async fn original(&self) -> Result<Message> {
        self.pace.turn().await;
        let client = self.client();
        let request = quietly(|| client.response(&self.token).into_future());
        Ok(request.await?.model().await?)
    }

    async fn change(&self, reply: Reply) -> Result<Message> {
        self.refuse_unanswered()?;
        self.pace.turn().await;
        let client = self.client();
        let request = client
            .update_response(&self.token)
            .allowed_mentions(Some(&reply.mentions))
            .attachments(&reply.files)
            .content(reply.content.as_deref());
        let request = request.embeds(Some(&reply.embeds));
        let request = request.components(Some(&reply.components));
        Ok(quietly(|| request.into_future()).await?.model().await?)
    }

    async fn add(&self, reply: Reply) -> Result<Message> {
        self.refuse_unanswered()?;
        self.pace.turn().await;
        let client = self.client();
        let mut request = client
            .create_followup(&self.token)
            .allowed_mentions(Some(&reply.mentions))
            .attachments(&reply.files)
            .embeds(&reply.embeds)
            .components(&reply.components);
        if let Some(content) = &reply.content {
            request = request.content(content);
        }
        if reply.is_ephemeral {
            request = request.flags(MessageFlags::EPHEMERAL);
        }
        Ok(quietly(|| request.into_future()).await?.model().await?)
    }

    fn refuse_unanswered(&self) -> Result<(), Failure> {
        match self.state() {
            State::Answered(..) if self.received.elapsed() <= LAST => Ok(()),
            State::Answered(..) | State::Gone => Err(self.expired(LAST, false).into()),
            State::Open => Err(NotAnswered::new().into()),
        }
    }

    fn expired(&self, limit: Duration, is_first: bool) -> Expired {
        Expired::new(self.received.elapsed(), limit, is_first)
    }

    fn client(&self) -> InteractionClient<'_> {
        self.client.interaction(self.application)
    }

    fn state(&self) -> State {
        *self.lock()
    }

    fn set(&self, state: State) {
        *self.lock() = state;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Responder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the token: whoever has it can answer.
        f.debug_struct("Responder")
            .field("id", &self.id)
            .field("is_answered", &self.is_answered())
            .finish_non_exhaustive()
    }
}

/// Notes where an author asked for something as the place where it failed.
async fn at<T>(place: Place, asked: impl Future<Output = Result<T>>) -> Result<T> {
    asked.await.map_err(|failure| failure.at(place))
}

/// Makes a request without the span that twilight would log: it holds the interaction's token.
fn quietly<F>(request: impl FnOnce() -> F) -> F {
    tracing::dispatcher::with_default(&Dispatch::none(), request)
}
