//! The one answer of an interaction.

mod steps;

use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use twilight_model::application::command::CommandOptionChoice;
use twilight_model::application::interaction::{Interaction, InteractionType};
use twilight_model::channel::Message;
use twilight_model::channel::message::MessageFlags;
use twilight_model::http::interaction::{InteractionResponseData, InteractionResponseType as Kind};

use crate::answer::age::Age;
use crate::answer::line::Line;
use crate::answer::state::{Answer, First, Next, PutOff, State};
use crate::answer::{Modal, Reply};
use crate::exception::AlreadyAnswered;
use crate::failure::Result;
use crate::http::Http;
use crate::meta::Place;

/// How long an interaction waits for its first answer.
const FIRST: Duration = Duration::from_secs(3);
/// How long it can be answered at all.
const LAST: Duration = Duration::from_secs(15 * 60);

/// Answers one interaction.
///
/// All handlers of the interaction share it, and their error handlers, too. A second answer fails with
/// the place where the first was given, and is not sent.
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
    line: Line,
    kind: InteractionType,
    age: Age,
    state: Mutex<State>,
    /// One request at a time: a follow-up must not overtake the first answer.
    turn: tokio::sync::Mutex<()>,
    /// How many may still answer: the running handlers, and the tasks that they left.
    attending: AtomicUsize,
}

/// A handler or task that may still answer.
pub(crate) struct Attendant(Option<Arc<Responder>>);

impl Attendant {
    /// Leaves. Returns whether this was the last one, and the author gave no answer.
    pub(crate) fn leaves_unanswered(mut self) -> bool {
        let responder = self.0.take();
        responder.is_some_and(|responder| responder.left() && !responder.state().is_answered())
    }
}

impl Drop for Attendant {
    fn drop(&mut self) {
        if let Some(responder) = self.0.take() {
            responder.left();
        }
    }
}

impl Responder {
    /// Creates the responder of an interaction, which may have been on its way for some time.
    pub(crate) fn new(interaction: &Interaction, http: Http, before: Duration) -> Self {
        Self {
            line: Line::new(interaction, http),
            kind: interaction.kind,
            age: Age::new(before),
            state: Mutex::new(State::Open),
            turn: tokio::sync::Mutex::new(()),
            attending: AtomicUsize::new(0),
        }
    }

    /// Answers with a message, or completes a deferred answer.
    ///
    /// After a change to the message with the component, it sends another message.
    ///
    /// An ephemeral message never completes a public deferral, whether cordial deferred because time was
    /// running out or you called [`defer`](Self::defer). The deferred message is deleted, and the
    /// ephemeral one is sent in its place.
    ///
    /// # Errors
    ///
    /// [`AlreadyAnswered`] if there is a message already, [`Expired`](crate::exception::Expired) if it
    /// is too late, or the failure of the request.
    ///
    /// # Cancel safety
    ///
    /// If you drop the future before it completes, the interaction counts as answered.
    #[track_caller]
    pub fn reply(&self, reply: impl Into<Reply>) -> impl Future<Output = Result<Message>> + Send {
        let (reply, place) = (reply.into(), Place::caller());
        at(place, self.reply_at(reply, Some(place)))
    }

    /// Answers on behalf of the author or, without a place, of cordial.
    pub(crate) async fn reply_at(&self, reply: Reply, place: Option<Place>) -> Result<Message> {
        self.refuse_typing()?;
        // A second answer need not wait to fail.
        if let Next::Refuse(first) = self.state().next(reply.is_ephemeral) {
            return Err(AlreadyAnswered::new(first.place).into());
        }
        let _turn = self.turn.lock().await;
        match self.state().next(reply.is_ephemeral) {
            Next::Refuse(first) => Err(AlreadyAnswered::new(first.place).into()),
            Next::Answer => self.answer_with(reply, place).await,
            next => self.continue_with(next, reply, place).await,
        }
    }

    /// Completes a deferred answer, or follows an answer.
    async fn continue_with(
        &self,
        next: Next,
        reply: Reply,
        place: Option<Place>,
    ) -> Result<Message> {
        match next {
            Next::Keep => self.keep(reply, place).await,
            Next::Instead => {
                // Until the other message arrives, the person still waits.
                self.withdraw(None).await?;
                self.add(reply, place).await
            }
            _ => self.add(reply, place).await,
        }
    }

    /// Tells somebody something, whatever was answered before: as the answer, or after it.
    ///
    /// After an ephemeral answer this is ephemeral, too.
    pub(crate) async fn tell_at(&self, mut reply: Reply, place: Option<Place>) -> Result<Message> {
        self.refuse_typing()?;
        let _turn = self.turn.lock().await;
        reply.is_ephemeral |= self.state().was_secret();
        match self.state().next(reply.is_ephemeral) {
            Next::Answer => self.answer_with(reply, place).await,
            next => self.continue_with(next, reply, place).await,
        }
    }

    /// Defers the answer, in public.
    ///
    /// Everybody sees that the bot is thinking. [`reply`](Self::reply) completes the answer within 15
    /// minutes.
    ///
    /// # Errors
    ///
    /// As for [`reply`](Self::reply).
    #[track_caller]
    pub fn defer(&self) -> impl Future<Output = Result<()>> + Send {
        self.promise(PutOff::Message {
            is_ephemeral: false,
        })
    }

    /// Defers the answer, as an ephemeral one.
    ///
    /// Nobody else sees it. [`reply`](Self::reply) completes the answer within 15 minutes.
    ///
    /// # Errors
    ///
    /// As for [`reply`](Self::reply).
    #[track_caller]
    pub fn defer_ephemeral(&self) -> impl Future<Output = Result<()>> + Send {
        self.promise(PutOff::Message { is_ephemeral: true })
    }

    /// Acknowledges the use of a component.
    ///
    /// [`update`](Self::update) can change the message with the component later.
    ///
    /// # Errors
    ///
    /// As for [`reply`](Self::reply).
    #[track_caller]
    pub fn defer_update(&self) -> impl Future<Output = Result<()>> + Send {
        self.promise(PutOff::Change)
    }

    #[track_caller]
    fn promise(&self, wanted: PutOff) -> impl Future<Output = Result<()>> + Send {
        let place = Place::caller();
        at(place, async move {
            let _turn = self.turn.lock().await;
            match (self.state().put_off(), wanted) {
                (None, _) => self.put_off_by(wanted, Some(place)).await,
                // A public deferral becomes an ephemeral message.
                (
                    Some(Answer::Promise {
                        is_ephemeral: false,
                    }),
                    PutOff::Message { is_ephemeral: true },
                ) => self.withdraw_for(true).await,
                (Some(_), _) => Ok(()),
            }
        })
    }

    /// Defers the answer because time is running out, unless there is one by now.
    pub(crate) async fn put_off(&self, wanted: PutOff) -> Result<()> {
        let _turn = self.turn.lock().await;
        if self.state() == State::Open {
            self.put_off_by(wanted, None).await?;
        }
        Ok(())
    }

    /// Deletes an answer that cordial deferred, if nobody completed it, and nobody still can.
    pub(crate) async fn take_back(&self) -> Result<()> {
        let _turn = self.turn.lock().await;
        match self.state() {
            State::Answered(First {
                place: None,
                answer: Answer::Promise { .. },
            }) if !self.is_attended() => self.withdraw(None).await,
            _ => Ok(()),
        }
    }

    async fn put_off_by(&self, wanted: PutOff, place: Option<Place>) -> Result<()> {
        let (kind, flags) = match wanted {
            PutOff::Change => (Kind::DeferredUpdateMessage, None),
            PutOff::Message { is_ephemeral } => (
                Kind::DeferredChannelMessageWithSource,
                is_ephemeral.then_some(MessageFlags::EPHEMERAL),
            ),
        };
        let data = flags.map(|flags| InteractionResponseData {
            flags: Some(flags),
            ..InteractionResponseData::default()
        });
        let answer = wanted.answer();
        self.first(kind, data, First { place, answer }).await?;
        Ok(())
    }

    /// Answers by changing the message with the component that was used.
    ///
    /// The reply replaces all of the message, including its buttons; only files stay.
    ///
    /// # Errors
    ///
    /// As for [`reply`](Self::reply).
    #[track_caller]
    pub fn update(&self, reply: impl Into<Reply>) -> impl Future<Output = Result<()>> + Send {
        let (reply, place) = (reply.into().laid_out(), Place::caller());
        at(place, async move {
            let _turn = self.turn.lock().await;
            let answer = Answer::Change { is_promised: false };
            if let State::Answered(First {
                answer: Answer::Change { is_promised: true },
                ..
            }) = self.state()
            {
                self.keep_as(reply, answer, Some(place)).await?;
                return Ok(());
            }
            let (data, place) = (Some(reply.into_change()), Some(place));
            self.first(Kind::UpdateMessage, data, First { place, answer })
                .await?;
            Ok(())
        })
    }

    /// Answers the typing of an option with suggestions: at most 25 choices.
    ///
    /// # Errors
    ///
    /// As for [`reply`](Self::reply).
    #[track_caller]
    pub fn suggest(
        &self,
        choices: impl IntoIterator<Item = CommandOptionChoice>,
    ) -> impl Future<Output = Result<()>> + Send {
        let data = InteractionResponseData {
            choices: Some(choices.into_iter().collect()),
            ..InteractionResponseData::default()
        };
        self.respond(Kind::ApplicationCommandAutocompleteResult, data)
    }

    /// Answers by showing a modal.
    ///
    /// When it is sent, it arrives as an interaction with the same custom id.
    ///
    /// # Errors
    ///
    /// As for [`reply`](Self::reply). A modal must be the first answer: it cannot follow one that was
    /// deferred, not even by cordial because time was running out.
    #[track_caller]
    pub fn show_modal(&self, modal: Modal) -> impl Future<Output = Result<()>> + Send {
        let data = InteractionResponseData {
            custom_id: Some(modal.custom_id),
            title: Some(modal.title),
            components: Some(modal.components),
            ..InteractionResponseData::default()
        };
        self.respond(Kind::Modal, data)
    }

    /// Gives a first answer that is not a message.
    #[track_caller]
    fn respond(
        &self,
        kind: Kind,
        data: InteractionResponseData,
    ) -> impl Future<Output = Result<()>> + Send {
        let place = Place::caller();
        let first = First {
            place: Some(place),
            answer: Answer::Other,
        };
        at(place, async move {
            let _turn = self.turn.lock().await;
            self.first(kind, Some(data), first).await?;
            Ok(())
        })
    }

    /// Edits the answer.
    ///
    /// As for [`reply`](Self::reply), an ephemeral message never completes a public deferral.
    ///
    /// # Errors
    ///
    /// [`NotAnswered`](crate::exception::NotAnswered) if there is no answer,
    /// [`Expired`](crate::exception::Expired) if it is too late, or the failure of the request.
    #[track_caller]
    pub fn edit(&self, reply: impl Into<Reply>) -> impl Future<Output = Result<Message>> + Send {
        let (reply, place) = (reply.into().laid_out(), Place::caller());
        at(place, async move {
            let _turn = self.turn.lock().await;
            match self.state().next(reply.is_ephemeral) {
                Next::Instead => self.continue_with(Next::Instead, reply, Some(place)).await,
                _ => self.keep(reply, Some(place)).await,
            }
        })
    }

    /// Sends another message after the answer.
    ///
    /// If the answer was deferred, this completes it.
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
        at(place, async move {
            // A deferred answer comes first. (Discord: Followup Messages.)
            let _turn = self.turn.lock().await;
            let next = self.state().next(reply.is_ephemeral);
            self.continue_with(next, reply, Some(place)).await
        })
    }

    /// Deletes the answer.
    ///
    /// # Errors
    ///
    /// As for [`edit`](Self::edit).
    #[track_caller]
    pub fn delete(&self) -> impl Future<Output = Result<()>> + Send {
        let place = Place::caller();
        at(place, async move {
            let _turn = self.turn.lock().await;
            self.withdraw(Some(place)).await
        })
    }

    /// Returns whether the interaction has been answered or deferred.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        matches!(self.state(), State::Answered(_))
    }

    /// Returns the interaction's token, for answering it without cordial: from another process, or with
    /// a client of your own.
    ///
    /// After 15 minutes there is none.
    ///
    /// Anybody with the token can answer, so keep it secret. The event holds a meaningless ticket in its
    /// place, which `ctx.http()` exchanges for the token.
    #[must_use]
    pub fn token(&self) -> Option<String> {
        self.line.token()
    }

    /// Counts a handler or task that may still answer.
    pub(crate) fn attend(self: &Arc<Self>) -> Attendant {
        self.attending.fetch_add(1, Ordering::AcqRel);
        Attendant(Some(Arc::clone(self)))
    }

    /// Returns whether any handler or task may still answer.
    pub(crate) fn is_attended(&self) -> bool {
        self.attending.load(Ordering::Acquire) > 0
    }

    /// Returns whether this was the last.
    fn left(&self) -> bool {
        self.attending.fetch_sub(1, Ordering::AcqRel) == 1
    }

    /// Returns whether the person still waits for an answer, and can be given one.
    pub(crate) fn is_waiting(&self) -> bool {
        let state = self.state();
        let limit = if state == State::Open { FIRST } else { LAST };
        state.is_waiting() && self.age.now() <= limit
    }

    /// Returns whether somebody is typing an option, and waits for suggestions.
    pub(crate) fn is_typing(&self) -> bool {
        self.kind == InteractionType::ApplicationCommandAutocomplete
    }

    /// Returns how long the person has waited.
    pub(crate) fn age(&self) -> Age {
        self.age
    }
}

impl fmt::Debug for Responder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the token, which lets anybody answer.
        f.debug_struct("Responder")
            .field("id", &self.line.id)
            .field("is_answered", &self.is_answered())
            .finish_non_exhaustive()
    }
}

/// Records the author's call as the place of a failure.
async fn at<T>(place: Place, asked: impl Future<Output = Result<T>>) -> Result<T> {
    // Boxed: twilight's requests are large, and would be part of every handler.
    Box::pin(asked).await.map_err(|failure| failure.at(place))
}
