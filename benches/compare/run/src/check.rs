//! How long `cargo check` takes for a bot on cordial.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Instant, SystemTime};

use anyhow::{Context as _, Result, bail};

use crate::options::Options;
use crate::subject::cargo;
use crate::table::{Rounds, table};

const CORDIAL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../..");
const EXAMPLE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../examples/quickstart.rs"
);

/// Checks the example from nothing, and then after a change to it, once in each round.
pub(crate) fn measure(options: &Options) -> Result<String> {
    let target = std::env::temp_dir().join(format!("compare-check-{}", std::process::id()));
    let result = in_target(&target, options);
    // It may be that nothing was put there.
    drop(fs::remove_dir_all(&target));
    result
}

fn in_target(target: &Path, options: &Options) -> Result<String> {
    run(target, &["fetch"])?;
    let (mut cold, mut incremental) = (Rounds::default(), Rounds::default());
    for _ in 0..options.rounds {
        if target.exists() {
            fs::remove_dir_all(target)?;
        }
        cold.add(check(target)?);
        // Its content stays: cargo goes by the time.
        let example = File::options().append(true).open(EXAMPLE)?;
        example.set_modified(SystemTime::now())?;
        incremental.add(check(target)?);
    }
    let rows = [
        ["from nothing".to_owned(), cold.write(1)],
        ["after a change to it".to_owned(), incremental.write(2)],
    ];
    let title = format!(
        "### check: `cargo check --example quickstart`, median of {} (least–most)",
        options.rounds,
    );
    Ok(format!("{title}\n\n{}", table(["", "seconds"], &rows)))
}

/// Returns how many seconds it took.
fn check(target: &Path) -> Result<f64> {
    let began = Instant::now();
    run(target, &["check", "--quiet", "--example", "quickstart"])?;
    Ok(began.elapsed().as_secs_f64())
}

fn run(target: &Path, arguments: &[&str]) -> Result<()> {
    let mut cargo = cargo();
    cargo.args(arguments).current_dir(CORDIAL);
    cargo.env("CARGO_TARGET_DIR", target);
    // As it is for whoever sets nothing.
    cargo.env("CARGO_INCREMENTAL", "1");
    let status = cargo.status().context("cargo cannot be run")?;
    if !status.success() {
        bail!("`cargo {}` failed: it says above why", arguments.join(" "));
    }
    Ok(())
}
