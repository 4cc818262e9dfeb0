//! What is compared: programs of their own, which are built here and run one at a time.

use std::env;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use anyhow::{Context as _, Result, bail};
use compare_client::{Arguments, Figures};

/// A program that does what a bot does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    TwilightInline,
    TwilightSpawned,
    Cordial,
    CordialView,
    Serenity,
    Poise,
}

impl Subject {
    /// All of them; what the others are held against comes first.
    ///
    /// One more subject needs a line in each of the three places here, and a program.
    pub(crate) const ALL: [Self; 6] = [
        Self::TwilightInline,
        Self::TwilightSpawned,
        Self::Cordial,
        Self::CordialView,
        Self::Serenity,
        Self::Poise,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::TwilightInline => "twilight-inline",
            Self::TwilightSpawned => "twilight-spawned",
            Self::Cordial => "cordial",
            Self::CordialView => "cordial-view",
            Self::Serenity => "serenity",
            Self::Poise => "poise",
        }
    }

    fn package(self) -> &'static str {
        match self {
            Self::TwilightInline | Self::TwilightSpawned => "compare-twilight",
            Self::Cordial | Self::CordialView => "compare-cordial",
            Self::Serenity => "compare-serenity",
            Self::Poise => "compare-poise",
        }
    }

    /// Builds it, by itself: none is to have features of a crate that only another asks for.
    pub(crate) fn build(self) -> Result<()> {
        let mut build = cargo();
        build.args(["build", "--release", "--quiet", "--package", self.package()]);
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
        build.args(["--manifest-path", manifest]);
        let status = build.status().context("cargo cannot be run")?;
        if !status.success() {
            bail!("{} cannot be built: cargo says above why", self.name());
        }
        Ok(())
    }

    /// Runs it until it ends by itself.
    pub(crate) fn run(self, arguments: &Arguments) -> Result<Figures> {
        let output = self.start(arguments)?.wait_with_output()?;
        let figures = figures(&output).with_context(|| self.told(&output))?;
        if figures.taken == 0 {
            bail!("no event arrived: {}", self.told(&output));
        }
        Ok(figures)
    }

    /// Runs it, for as long as the caller wants.
    pub(crate) fn start(self, arguments: &Arguments) -> Result<Child> {
        // Beside the runner: where cargo has put both.
        let here = env::current_exe()?;
        let program = format!("compare-{}{}", self.name(), env::consts::EXE_SUFFIX);
        let program: PathBuf = here.with_file_name(program);
        let child = Command::new(&program)
            .args(arguments.write())
            // A proxy of the machine has no part in this.
            .env("NO_PROXY", "127.0.0.1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        child.with_context(|| format!("{} cannot be run", program.display()))
    }

    /// Says what it printed before it ended too early.
    pub(crate) fn told(self, output: &Output) -> String {
        let printed = String::from_utf8_lossy(&output.stderr);
        let lines: Vec<_> = printed.lines().collect();
        let last = lines[lines.len().saturating_sub(20)..].join("\n  ");
        let (name, status) = (self.name(), output.status);
        if last.is_empty() {
            format!("{name} ended ({status}), and printed nothing of use")
        } else {
            format!("{name} ended ({status}), after it printed\n  {last}")
        }
    }
}

/// The cargo that this was built with. It is not told that cargo runs this: some build scripts look at the
/// variables of that, and everything would be built again.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_"]
            .iter()
            .any(|one| name.starts_with(one))
        {
            cargo.env_remove(&*name);
        }
    }
    cargo
}

fn figures(output: &Output) -> Result<Figures> {
    let printed = String::from_utf8_lossy(&output.stdout);
    let line = printed.lines().last().context("it printed no result")?;
    serde_json::from_str(line).context("what it printed is no result")
}
