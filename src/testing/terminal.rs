//! A bot in the terminal, without a token or a network.

use std::io::{self, Write};
use std::time::SystemTime;

use futures_util::{Stream, StreamExt as _, stream};
use tokio::io::{AsyncBufRead, AsyncBufReadExt};
use tokio::sync::mpsc::channel;
use twilight_model::guild::Permissions;

use crate::bot::{BotBuilder, Token};
use crate::failure::Result;
use crate::testing::builder::SimulatorBuilder;
use crate::testing::discord::State;
use crate::testing::people::{MessageHandle, Person};
use crate::testing::simulator::Simulator;
use crate::testing::transcript::Happening;
use crate::testing::world::BOT;

const HELP: &str = "\
  some text        write a message
  /command a:1     run a slash command with its options
  click BUTTON     press the newest button with that name
  select MENU: a, b
                   choose from the newest menu with that name
  submit FIELD: text; FIELD: text
                   fill in the modal that is shown to you
  !join NAME       let somebody join
  !leave NAME      let somebody leave
  !as NAME text    write a message as somebody else
  !whisper text    write a direct message to the bot
  !react EMOJI     react to the newest message
  !edit text       change your newest message
  !delete          delete your newest message
  !help            show this list
  !quit            quit";

/// Runs a bot on Discord if `DISCORD_TOKEN` is set, and otherwise offline in the terminal.
///
/// # Errors
///
/// Fails if `DISCORD_TOKEN` is not a token, if the bot cannot be built, or with the failure that it ends
/// with.
///
/// # Examples
///
/// ```no_run
/// use cordial::prelude::*;
/// use cordial::testing::run_or_simulate;
///
/// #[tokio::main]
/// async fn main() -> Result<()> {
///     run_or_simulate(Bot::builder()).await
/// }
/// ```
pub async fn run_or_simulate(bot: BotBuilder) -> Result<()> {
    let token = std::env::var_os("DISCORD_TOKEN").unwrap_or_default();
    if !token.to_string_lossy().trim().is_empty() {
        return bot.token(Token::from_env()?).run().await;
    }
    let bot = Simulator::builder(bot).begins_at(SystemTime::now());
    perform(bot, std::pin::pin!(typed()), io::stdout()).await
}

/// Reads standard input on a thread of its own, which does not keep the program alive.
fn typed() -> impl Stream<Item = io::Result<String>> + Send {
    let (typed, lines) = channel(1);
    std::thread::spawn(move || {
        let mut lines = io::stdin().lines();
        while lines
            .next()
            .is_some_and(|line| typed.blocking_send(line).is_ok())
        {}
    });
    stream::unfold(lines, async |mut lines| Some((lines.recv().await?, lines)))
}

/// Runs a bot offline: reads what people do line by line, and writes what the bot does.
///
/// It ends at `!quit`, at the end of the input, or when the bot ends. A reader of its output that goes
/// away is no failure.
///
/// # Errors
///
/// Fails if the bot cannot be built, or with the failure that it ends with, or if the bot makes a
/// request that the simulator does not know.
pub async fn terminal(
    bot: BotBuilder,
    input: impl AsyncBufRead + Unpin + Send,
    output: impl Write + Send,
) -> Result<()> {
    let lines = stream::unfold(input.lines(), async |mut lines| {
        Some((lines.next_line().await.transpose()?, lines))
    });
    perform(Simulator::builder(bot), std::pin::pin!(lines), output).await
}

async fn perform(
    bot: SimulatorBuilder,
    mut lines: impl Stream<Item = io::Result<String>> + Unpin + Send,
    output: impl Write + Send,
) -> Result<()> {
    let sim = bot
        .role("operators", Permissions::all(), ["you"])
        .try_start()
        .await?;
    let mut screen = Screen { output, shown: 0 };
    screen.line(
        "`DISCORD_TOKEN` is not set: this is a simulated Discord, and you are its user `you`.",
    );
    screen.line("Type a message, or `!help`.");
    let mut stage = Stage {
        you: sim.person("you"),
        written: None,
    };
    loop {
        let changed = sim.changed();
        screen.show(&sim);
        if sim.has_ended() {
            break;
        }
        let line = tokio::select! {
            biased;
            line = lines.next() => line,
            () = changed => continue,
        };
        let Some(line) = line.transpose()? else {
            break;
        };
        match stage.act(&sim, line.trim()).await {
            Act::Done => {}
            Act::Say(text) => screen.line(&text),
            Act::Quit => break,
        }
    }
    let (transcript, result) = sim.finish().await;
    screen.show_all(&transcript.happened);
    result
}

/// The simulator, and the people who do what is typed.
struct Stage {
    you: Person,
    /// Your newest message.
    written: Option<MessageHandle>,
}

/// What a line does.
enum Act {
    Done,
    Say(String),
    Quit,
}

impl Stage {
    async fn act(&mut self, sim: &Simulator, line: &str) -> Act {
        let Some(command) = line.strip_prefix('!') else {
            return match line.split_once(' ') {
                _ if line.is_empty() => Act::Done,
                _ if line.starts_with('/') => self.run(line).await,
                Some(("click", button)) => self.click(sim, button.trim()).await,
                Some(("select", chosen)) => self.select(sim, chosen).await,
                Some(("submit", fields)) => self.submit(fields).await,
                _ => self.say(line).await,
            };
        };
        let (command, rest) = command.split_once(' ').unwrap_or((command, ""));
        let rest = rest.trim();
        match (command, rest) {
            ("quit", _) => return Act::Quit,
            ("help", _) => return Act::Say(HELP.to_owned()),
            ("delete", "") => return self.delete(sim).await,
            ("join" | "leave" | "as" | "whisper" | "react" | "edit", "") => {
                return Act::Say(format!("`!{command}` needs an argument: see `!help`"));
            }
            ("join" | "leave", BOT) => {
                return Act::Say(format!("`{BOT}` stays as long as it runs"));
            }
            ("join", name) => return join(&sim.person(name)).await,
            ("leave", name) => sim.person(name).leave().await,
            ("as", rest) => return say_as(sim, rest).await,
            ("whisper", text) => self.written = Some(self.you.whisper(text).await),
            ("react", emoji) => return self.react(sim, emoji).await,
            ("edit", text) => return self.edit(sim, text).await,
            (unknown, _) => return Act::Say(format!("there is no `!{unknown}`: see `!help`")),
        }
        Act::Done
    }

    async fn say(&mut self, text: &str) -> Act {
        match say(&self.you, text).await {
            Ok(written) => self.written = Some(written),
            Err(refusal) => return refusal,
        }
        Act::Done
    }

    async fn react(&self, sim: &Simulator, emoji: &str) -> Act {
        let Some(message) = sim.newest_message() else {
            return Act::Say("there is no message to react to yet".to_owned());
        };
        if !self.you.may_speak() {
            return absent(&self.you);
        }
        self.you.react(message, emoji).await;
        Act::Done
    }

    async fn run(&self, line: &str) -> Act {
        if !self.you.may_speak() {
            return absent(&self.you);
        }
        if let Some(reason) = self.you.refusal(line) {
            return Act::Say(reason);
        }
        self.you.run(line).await;
        Act::Done
    }

    async fn click(&self, sim: &Simulator, button: &str) -> Act {
        let you = self.you.id().get();
        let has = |state: &State, place| state.button(you, place, button).is_ok();
        let Some(message) = sim.newest_with(has) else {
            return Act::Say(format!(
                "there is no button `{button}` that you could press"
            ));
        };
        if !self.you.may_speak() {
            return absent(&self.you);
        }
        self.you.click(message, button).await;
        Act::Done
    }

    async fn select(&self, sim: &Simulator, line: &str) -> Act {
        let Some((menu, chosen)) = pair(line) else {
            return Act::Say("`select` needs a menu and options: see `!help`".to_owned());
        };
        let chosen: Vec<_> = chosen.split(", ").filter(|one| !one.is_empty()).collect();
        let you = self.you.id().get();
        let has = |state: &State, place| state.menu(you, place, menu, &chosen).is_ok();
        let Some(message) = sim.newest_with(has) else {
            return Act::Say(format!(
                "there is no menu `{menu}` where you could choose that"
            ));
        };
        if !self.you.may_speak() {
            return absent(&self.you);
        }
        self.you.select(message, menu, &chosen).await;
        Act::Done
    }

    async fn submit(&self, line: &str) -> Act {
        let fields: Option<Vec<_>> = line.split(';').map(pair).collect();
        let Some(fields) = fields else {
            return Act::Say("`submit` needs fields and their values: see `!help`".to_owned());
        };
        if let Some(reason) = self.you.unsubmittable(&fields) {
            return Act::Say(reason);
        }
        self.you.submit(&fields).await;
        Act::Done
    }

    async fn edit(&self, sim: &Simulator, text: &str) -> Act {
        let Some(message) = self.still_written(sim) else {
            return Act::Say("there is no message of yours to edit".to_owned());
        };
        self.you.edit(message, text).await;
        Act::Done
    }

    /// Returns your newest message, unless it is gone.
    fn still_written(&self, sim: &Simulator) -> Option<MessageHandle> {
        self.written
            .filter(|message| sim.content(*message).is_some())
    }

    async fn delete(&self, sim: &Simulator) -> Act {
        let Some(message) = self.still_written(sim) else {
            return Act::Say("there is no message of yours to delete".to_owned());
        };
        self.you.delete(message).await;
        Act::Done
    }
}

/// Splits a name from what follows it.
fn pair(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once(": ")?;
    Some((name.trim(), value.trim()))
}

async fn join(person: &Person) -> Act {
    if person.is_banned() {
        return Act::Say(format!("`{}` is banned", person.name()));
    }
    person.join().await;
    Act::Done
}

async fn say_as(sim: &Simulator, rest: &str) -> Act {
    let Some((name, text)) = rest.split_once(' ') else {
        return Act::Say("`!as` needs a name and a text: see `!help`".to_owned());
    };
    if name == BOT {
        return Act::Say(format!("`{BOT}` speaks for itself"));
    }
    match say(&sim.person(name), text).await {
        Ok(_) => Act::Done,
        Err(refusal) => refusal,
    }
}

async fn say(person: &Person, text: &str) -> Result<MessageHandle, Act> {
    if person.may_speak() {
        Ok(person.say(text).await)
    } else {
        Err(absent(person))
    }
}

fn absent(person: &Person) -> Act {
    let name = person.name();
    Act::Say(format!(
        "`{name}` is not here, or may not speak: `!join {name}` lets them join"
    ))
}

/// Where everything is shown.
struct Screen<W> {
    output: W,
    /// How much of what happened has been shown.
    shown: usize,
}

impl<W: Write> Screen<W> {
    fn show(&mut self, sim: &Simulator) {
        self.show_all(&sim.transcript().happened);
    }

    fn show_all(&mut self, happened: &[Happening]) {
        for happening in &happened[self.shown.min(happened.len())..] {
            match happening {
                Happening::Sent {
                    content,
                    only_for: Some(name),
                    ..
                } => self.line(&format!("bot, to {name} alone: {content}")),
                Happening::Sent { content, .. } => self.line(&format!("bot: {content}")),
                Happening::Showed { to, title, fields } => {
                    let fields = fields.join(", ");
                    self.line(&format!("bot showed {to} the modal `{title}`: {fields}"));
                }
                Happening::Edited { by, content } if by == BOT => {
                    self.line(&format!("bot changed a message to: {content}"));
                }
                Happening::Reacted { by, emoji } if by == BOT => {
                    self.line(&format!("bot reacted: {emoji}"));
                }
                Happening::Reported(report) => self.line(&report.to_string()),
                _ => {}
            }
        }
        self.shown = happened.len();
    }

    fn line(&mut self, text: &str) {
        // The reader may have gone: a closed pipe is not the bot's failure.
        drop(writeln!(self.output, "{text}"));
        drop(self.output.flush());
    }
}
