//! A bot that remembers: it knows earlier versions of messages, and who may do what, without asking
//! Discord.
//!
//! What it teaches:
//!
//! - `Updated<Message>` and `Deleted<Message>` are events that say what a message was before. A handler
//!   that takes one makes the bot keep messages; you need not set anything else.
//! - `Cached<VoiceState>` as an argument looks up who is in a voice channel. It returns snapshots, which
//!   you may hold across an `.await`.
//! - `MemberPermissions` computes what somebody may do in a channel.
//! - `ctx.cache()` looks up the resources that `.cache(..)` keeps.
//! - What happened before the bot connected is not known: you get a `None`, never a guess.
//!
//! ```text
//! cargo run --example cache
//! ```
//!
//! Type something, then `/voice` or `/guild`.

use cordial::cache::{MemberPermissions, Resource, VoiceState};
use cordial::prelude::*;
use cordial::testing::run_or_simulate;

/// Shows what an edited message said before.
#[listener]
async fn edited(ctx: &Context, message: &Updated<Message>) -> Result<()> {
    let Some(before) = &message.before else {
        return Ok(());
    };
    // Discord edits messages by itself, too: it adds the preview of a link.
    if before.content != message.after.content {
        ctx.reply(format!("It said: {}", before.content)).await?;
    }
    Ok(())
}

/// Shows what a deleted message said.
#[listener]
async fn deleted(ctx: &Context, message: &Deleted<Message>) -> Result<()> {
    match &message.value {
        Some(known) => {
            ctx.reply(format!("{} took something back.", known.author.name))
                .await?
        }
        None => ctx.reply("Something old is gone.").await?,
    };
    Ok(())
}

/// Who is in a voice channel?
#[command(guild_only)]
async fn voice(ctx: &CommandContext, states: Cached<VoiceState>, guild: GuildId) -> Result<()> {
    let states = states.within(*guild).into_iter();
    // For users who were there before the bot, Discord sends only the id.
    let names: Vec<_> = states
        .map(|state| format!("<@{}>", state.user_id))
        .collect();
    let text = names.join(", ");
    ctx.reply(if names.is_empty() { "Nobody." } else { &text })
        .await?;
    Ok(())
}

/// What is this guild called, and whose is it?
#[command(guild_only)]
async fn guild(ctx: &CommandContext, guild: GuildId) -> Result<()> {
    let text = match ctx.cache().guild(*guild)? {
        Some(guild) => format!("{}, owned by <@{}>.", guild.name, guild.owner_id),
        None => "I was not told.".to_owned(),
    };
    ctx.reply(text).await?;
    Ok(())
}

/// Says so when somebody posts a link without the permission to embed links.
#[listener]
async fn links(ctx: &Context, message: &GuildMessage, may: MemberPermissions) -> Result<()> {
    if message.author.bot || !message.content.contains("https://") {
        return Ok(());
    }
    let allowed = may.in_channel(message.channel_id, message.author.id)?;
    if !allowed.contains(Permissions::EMBED_LINKS) {
        ctx.reply("Links are not shown here.").await?;
    }
    Ok(())
}

fn bot() -> BotBuilder {
    Bot::builder()
        .intents(Intents::MESSAGE_CONTENT)
        .cache(Resource::Guilds)
        .cache_messages(200, 20_000)
        .add(handlers![edited, deleted, voice, guild, links])
}

#[tokio::main]
async fn main() -> Result<()> {
    run_or_simulate(bot()).await
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use cordial::testing::Simulator;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_was_edited_is_remembered() {
        let sim = Simulator::start(bot()).await;
        let alice = sim.join("alice").await;

        let message = alice.say("I like cats").await;
        alice.edit(message, "I like dogs").await;

        sim.stop().await.assert_replies(&["It said: I like cats"]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_said_before_the_bot_came_is_not_known() {
        let sim = Simulator::start(bot()).await;
        let alice = sim.join("alice").await;
        let old = alice.said(Duration::from_secs(3_600), "long ago");
        let new = alice.say("just now").await;

        alice.delete(old).await;
        alice.delete(new).await;

        let transcript = sim.stop().await;
        transcript.assert_replies(&["Something old is gone.", "alice took something back."]);
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_in_a_voice_channel_is_known() {
        let sim = Simulator::start(bot()).await;
        let alice = sim.join("alice").await;

        alice.run("/voice").await;
        alice.enter_voice("lounge").await;
        alice.run("/voice").await;

        let name = format!("<@{}>", alice.id());
        sim.stop().await.assert_replies(&["Nobody.", &name]);
    }

    #[tokio::test(start_paused = true)]
    async fn the_guild_is_known_by_its_newest_name() {
        let sim = Simulator::start(bot()).await;
        let alice = sim.join("alice").await;

        sim.rename_guild("Castle").await;
        alice.run("/guild").await;

        let transcript = sim.stop().await;
        let replies = transcript.replies();
        assert!(replies[0].starts_with("Castle, owned by"), "{replies:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn links_are_remarked_on_where_they_are_not_shown() {
        let sim = Simulator::start(bot()).await;
        let alice = sim.join("alice").await;

        alice.say("https://example.com").await;
        let silent = Permissions::VIEW_CHANNEL | Permissions::SEND_MESSAGES;
        sim.change_role("@everyone", silent).await;
        alice.say("https://example.com").await;

        sim.stop()
            .await
            .assert_replies(&["Links are not shown here."]);
    }
}
