//! Declaring what a handler requests from guilds.

use std::convert::Infallible;
use std::fmt;
use std::marker::PhantomData;

use twilight_model::gateway::Intents;

use crate::context::Context;
use crate::extract::{FromContext, Requirements};

/// An argument of a handler that sends requests over the gateway: it makes the bot ask for the intent they
/// need.
///
/// It holds no value. `N` is [`AllMembers`], [`Presences`] or [`VoiceStates`].
///
/// # Examples
///
/// ```
/// use cordial::guild::{AllMembers, Needs};
/// use cordial::prelude::*;
///
/// /// How many of us are bots?
/// #[command(guild_only)]
/// async fn bots(ctx: &CommandContext, guild: GuildId, _: Needs<AllMembers>) -> Result<()> {
///     let found = ctx.request_members(guild.0).await?;
///     let bots = found.members.iter().filter(|member| member.user.bot).count();
///     ctx.reply(format!("{bots} of {}", found.members.len())).await?;
///     Ok(())
/// }
///
/// let bot = Bot::builder().add(handlers![bots]).build()?;
/// assert!(bot.intents().contains(Intents::GUILD_MEMBERS));
/// # Ok::<(), cordial::BuildError>(())
/// ```
pub struct Needs<N>(PhantomData<fn() -> N>);

/// A request that needs an intent: [`AllMembers`], [`Presences`] or [`VoiceStates`].
pub trait GatewayNeed: Send + Sync + 'static {
    /// Its name.
    const NAME: &'static str;

    /// The intent that it needs.
    const INTENT: Intents;
}

/// Requests for all members of a guild.
#[derive(Clone, Copy, Debug)]
pub struct AllMembers;

/// Requests for the presences of members.
#[derive(Clone, Copy, Debug)]
pub struct Presences;

/// Joining and leaving voice channels.
#[derive(Clone, Copy, Debug)]
pub struct VoiceStates;

impl GatewayNeed for AllMembers {
    const NAME: &'static str = "AllMembers";
    const INTENT: Intents = Intents::GUILD_MEMBERS;
}

impl GatewayNeed for Presences {
    const NAME: &'static str = "Presences";
    const INTENT: Intents = Intents::GUILD_PRESENCES;
}

impl GatewayNeed for VoiceStates {
    const NAME: &'static str = "VoiceStates";
    const INTENT: Intents = Intents::GUILD_VOICE_STATES;
}

impl<N: GatewayNeed> FromContext for Needs<N> {
    type Rejection = Infallible;

    async fn from_context(_: &Context) -> Result<Self, Infallible> {
        Ok(Self(PhantomData))
    }

    fn require(requirements: &mut Requirements) {
        requirements.intents(N::INTENT);
    }
}

impl<N: GatewayNeed> fmt::Debug for Needs<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Needs").field(&N::NAME).finish()
    }
}
