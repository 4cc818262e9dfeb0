//! A process with a bot, as its test sees it: Discord is the simulator's, in the process of the test.

use std::env;
use std::io::Write;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::time::Duration;

use cordial::bot::Endpoints;
use cordial::prelude::*;
use cordial::testing::{ConnectionRecord, GatewayFault, Person, Simulator};
use futures_util::FutureExt;
use tokio::time::{sleep, timeout};

use crate::bot::{GATEWAY, HTTP, LOGS};

/// The way of a message.
pub(crate) const MESSAGES: &str = "/channels/*/messages";
/// How long after a session another may be begun. (Discord: Gateway, Rate Limiting.)
const PACE: Duration = Duration::from_secs(5);
/// How long anything may take, which is far less where nothing is wrong.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is looked whether it has happened.
const LOOK: Duration = Duration::from_millis(10);

/// A bot in a process of its own.
pub(crate) struct Process {
    pub(crate) sim: Simulator,
    child: Child,
    alice: Person,
}

/// How a process is started.
pub(crate) struct Start {
    sim: Simulator,
    command: Command,
}

impl Start {
    /// Prepares a bot that says nothing, and is told nothing but by Discord. Time is real from then on: it
    /// is that of another process, too.
    pub(crate) async fn new() -> Self {
        tokio::time::pause();
        let often = GatewayFault::hello_interval(1_000).always();
        let sim = Simulator::builder(Bot::builder()).misbehave(often);
        let mut sim = sim.member("alice").start().await;
        sim.quit().await;
        // The simulator's own bot has begun a session, and another is not begun sooner.
        sleep(PACE).await;
        tokio::time::resume();
        Self {
            command: command(&sim, Command::new(env::current_exe().unwrap())),
            sim,
        }
    }

    /// Returns where Discord is.
    pub(crate) fn endpoints(&self) -> Endpoints {
        self.sim.endpoints()
    }

    /// Lets a shell start it, which is told to do something with its files.
    pub(crate) fn by_shell(mut self, files: &str) -> Self {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("exec \"$0\" \"$@\" {files}")]);
        shell.arg(env::current_exe().unwrap());
        self.command = command(&self.sim, shell);
        self
    }

    /// Lets it log.
    pub(crate) fn logs(mut self) -> Self {
        self.command.env(LOGS, "1");
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn stdin(mut self, stdin: impl Into<Stdio>) -> Self {
        self.command.stdin(stdin);
        self
    }

    pub(crate) fn stdout(mut self, stdout: impl Into<Stdio>) -> Self {
        self.command.stdout(stdout);
        self
    }

    pub(crate) fn stderr(mut self, stderr: impl Into<Stdio>) -> Self {
        self.command.stderr(stderr);
        self
    }

    /// Starts it, and waits until the bot is there.
    pub(crate) async fn start(mut self) -> Process {
        let process = Process {
            alice: self.sim.person("alice"),
            child: self.command.spawn().unwrap(),
            sim: self.sim,
        };
        // What is said before there is a session is told to nobody.
        process
            .until(|| {
                process.tell("say here");
                process.has_said("here")
            })
            .await;
        process
    }
}

fn command(sim: &Simulator, mut command: Command) -> Command {
    let endpoints = sim.endpoints();
    command
        .args(["a_bot_in_a_process_of_its_own", "--exact", "--nocapture"])
        .env(GATEWAY, endpoints.gateway.to_string())
        .env(HTTP, endpoints.http.to_string())
        .env("DISCORD_TOKEN", sim.token())
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

impl Process {
    /// Writes a message, and waits for nothing: nobody in this process would tell that it was heard.
    pub(crate) fn tell(&self, text: &str) {
        let _not_yet = self.alice.say(text).now_or_never();
    }

    /// Tells the bot to say something, and waits until it has: it is there, and does its work.
    pub(crate) async fn says(&self, text: &str) {
        self.tell(&format!("say {text}"));
        self.has_answered(text).await;
    }

    /// Waits until the bot has said something.
    pub(crate) async fn has_answered(&self, text: &str) {
        self.until(|| self.has_said(text)).await;
    }

    pub(crate) fn has_said(&self, text: &str) -> bool {
        self.sim.transcript().replies().contains(&text)
    }

    /// Waits until something is so.
    pub(crate) async fn until(&self, is_so: impl Fn() -> bool + Send + Sync) {
        let seen = async {
            while !is_so() {
                sleep(LOOK).await;
            }
        };
        timeout(PATIENCE, seen).await.expect("it took too long");
    }

    /// Waits until the bot has given so many signs of life more.
    pub(crate) async fn lives_on(&self, beats: usize) {
        let given = || {
            let connections = self.sim.connections();
            connections.last().map_or(0, ConnectionRecord::heartbeats)
        };
        let before = given();
        self.until(|| given() >= before + beats).await;
    }

    /// Sends the process a signal, by its name.
    pub(crate) fn signal(&self, name: &str) {
        let kill = format!("kill -s {name} {}", self.child.id());
        let told = Command::new("sh").args(["-c", &kill]).status();
        assert!(told.unwrap().success(), "{kill}");
    }

    /// Waits until the process has ended, and returns how.
    pub(crate) async fn ended(mut self) -> ExitStatus {
        let ended = async {
            loop {
                if let Some(status) = self.child.try_wait().unwrap() {
                    return status;
                }
                sleep(LOOK).await;
            }
        };
        timeout(PATIENCE, ended).await.expect("it does not end")
    }

    /// Tells the bot to stop, as a system does, and asserts that it did as it should.
    pub(crate) async fn stops(self) {
        self.signal("TERM");
        let status = self.ended().await;

        assert!(status.success(), "{status}");
    }

    /// Writes to its standard input.
    pub(crate) fn write(&mut self, byte: u8) {
        let stdin: &mut Option<ChildStdin> = &mut self.child.stdin;
        stdin.as_mut().unwrap().write_all(&[byte]).unwrap();
    }

    /// Takes what it prints: nobody else reads it, and it is closed when that is dropped.
    pub(crate) fn stdout(&mut self) -> ChildStdout {
        self.child.stdout.take().unwrap()
    }

    pub(crate) fn stderr(&mut self) -> ChildStderr {
        self.child.stderr.take().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It has ended already, unless its test has failed.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
