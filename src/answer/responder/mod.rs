//! The one answer of an interaction, and who gives it.

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
    line: Line,
    kind: InteractionType,
    age: Age,
    state: Mutex<State>,
    /// One request at a time: what follows the first answer must not overtake it.
    turn: tokio::sync::Mutex<()>,
    /// How many are running that may still answer: the handler, and the tasks that it left.
    attending: AtomicUsize,
}

/// Somebody who may still answer.
pub(crate) struct Attendant(Option<Arc<Responder>>);

impl Attendant {
    /// Goes. Returns whether that was the last, and there is no answer of the author's.
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
    /// Makes that of an interaction, which may have been on its way for some time.
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

    /// Answers with a message, or keeps the promise of one. After a change to the message with the
    /// component it sends another message.
    ///
    /// An ephemeral message never keeps a promise that everybody sees, if cordial made it because
    /// time was running out or the author by [`defer`](Self::defer): it comes in its place.
    ///
    /// # Errors
    ///
    /// [`AlreadyAnswered`] if there is a message already, [`Expired`](crate::exception::Expired) if it
    /// is too late, and what the request fails with.
    ///
    /// # Cancel safety
    ///
    /// If this is dropped before it has ended, the interaction counts as answered.
    #[track_caller]
    pub fn reply(&self, reply: impl Into<Reply>) -> impl Future<Output = Result<Message>> + Send {
        let (reply, place) = (reply.into(), Place::caller());
        at(place, self.reply_at(reply, Some(place)))
    }

    /// Answers on behalf of the author, or, without a place, of cordial.
    pub(crate) async fn reply_at(&self, reply: Reply, place: Option<Place>) -> Result<Message> {
        self.refuse_typing()?;
        // Who comes second need not wait to hear so.
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

    /// Keeps a promise, or follows what was answered.
    async fn continue_with(
        &self,
        next: Next,
        reply: Reply,
        place: Option<Place>,
    ) -> Result<Message> {
        match next {
            Next::Keep => self.keep(reply, place).await,
            Next::Instead => {
                // Until the other has arrived, somebody waits.
                self.withdraw(None).await?;
                self.add(reply, place).await
            }
            _ => self.add(reply, place).await,
        }
    }

    /// Tells somebody something, whatever was answered before: by the answer, or after it.
    ///
    /// What follows an answer for one person alone is for them alone, too.
    pub(crate) async fn tell_at(&self, mut reply: Reply, place: Option<Place>) -> Result<Message> {
        self.refuse_typing()?;
        let _turn = self.turn.lock().await;
        reply.is_ephemeral |= self.state().was_secret();
        match self.state().next(reply.is_ephemeral) {
            Next::Answer => self.answer_with(reply, place).await,
            next => self.continue_with(next, reply, place).await,
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
        self.promise(PutOff::Message {
            is_ephemeral: false,
        })
    }

    /// Promises a message, which nobody else will see. [`reply`](Self::reply) keeps the promise,
    /// within 15 minutes.
    ///
    /// # Errors
    ///
    /// As for [`reply`](Self::reply).
    #[track_caller]
    pub fn defer_ephemeral(&self) -> impl Future<Output = Result<()>> + Send {
        self.promise(PutOff::Message { is_ephemeral: true })
    }

    /// Takes note of the use of a component. The message with it can be changed later, by
    /// [`update`](Self::update).
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
                // What everybody was promised becomes something for one person alone.
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

    /// Puts the answer off, because time is running out, unless there is one by now.
    pub(crate) async fn put_off(&self, wanted: PutOff) -> Result<()> {
        let _turn = self.turn.lock().await;
        if self.state() == State::Open {
            self.put_off_by(wanted, None).await?;
        }
        Ok(())
    }

    /// Takes a promise back that cordial made, if nobody kept it, nor is going to.
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

    /// Answers by changing the message with the component that was used. What the reply does not have,
    /// such as buttons, the message has no more; only its files stay.
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
        let data = InteractionResponseData {
            choices: Some(choices.into_iter().collect()),
            ..InteractionResponseData::default()
        };
        self.respond(Kind::ApplicationCommandAutocompleteResult, data)
    }

    /// Answers by showing a modal, which is sent back as an interaction with the same custom id.
    ///
    /// # Errors
    ///
    /// As for [`reply`](Self::reply). A modal can only be the first answer: not even after an answer
    /// was put off because time was running out.
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

    /// Gives a first answer that is no message.
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

    /// Changes the answer. As for [`reply`](Self::reply), an ephemeral message never takes the place
    /// that everybody was promised.
    ///
    /// # Errors
    ///
    /// [`NotAnswered`](crate::exception::NotAnswered) if there is none,
    /// [`Expired`](crate::exception::Expired) if it is too late, and what the request fails with.
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

    /// Sends another message, after the answer. If one was promised, it is that.
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
            // What was promised comes first. (Discord: Followup Messages.)
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

    /// Returns whether it was answered, be it with a promise.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        matches!(self.state(), State::Answered(_))
    }

    /// Returns the interaction's token, for whoever answers it without cordial: another process, or a
    /// client of the author's own. After 15 minutes there is none.
    ///
    /// Whoever has it can answer, so it is a secret. The event has a ticket in its place, which says
    /// nothing, and which `ctx.http()` takes for the token.
    #[must_use]
    pub fn token(&self) -> Option<String> {
        self.line.token()
    }

    /// Counts somebody who may still answer.
    pub(crate) fn attend(self: &Arc<Self>) -> Attendant {
        self.attending.fetch_add(1, Ordering::AcqRel);
        Attendant(Some(Arc::clone(self)))
    }

    /// Returns whether anybody runs who may still answer.
    pub(crate) fn is_attended(&self) -> bool {
        self.attending.load(Ordering::Acquire) > 0
    }

    /// Returns whether nobody else is left.
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
        // Without the token: whoever has it can answer.
        f.debug_struct("Responder")
            .field("id", &self.line.id)
            .field("is_answered", &self.is_answered())
            .finish_non_exhaustive()
    }
}

/// Notes where an author asked for something as the place where it failed.
async fn at<T>(place: Place, asked: impl Future<Output = Result<T>>) -> Result<T> {
    // Boxed: twilight's requests are large, and would be part of every handler.
    Box::pin(asked).await.map_err(|failure| failure.at(place))
}
