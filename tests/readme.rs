//! The README says what is there.

use std::collections::BTreeMap;

const README: &str = include_str!("../README.md");
const MANIFEST: &str = include_str!("../Cargo.toml");

/// Returns the features of the manifest that have a line of documentation, with it.
fn documented() -> BTreeMap<&'static str, &'static str> {
    let lines: Vec<_> = MANIFEST.lines().collect();
    let documented = lines.windows(2).filter_map(|pair| {
        let text = pair[0].strip_prefix("## ")?;
        Some((pair[1].split(" = ").next()?, text))
    });
    documented.collect()
}

/// Returns the features of the manifest.
fn features() -> Vec<&'static str> {
    let section = MANIFEST.split("[features]").nth(1).expect("features");
    let section = section.split("\n[").next().expect("an end");
    let names = section
        .lines()
        .filter_map(|line| line.split_once(" = ").map(|(name, _)| name));
    names
        .filter(|name| *name != "default" && !name.starts_with("__"))
        .collect()
}

fn defaults() -> &'static str {
    MANIFEST
        .lines()
        .find(|line| line.starts_with("default = "))
        .expect("defaults")
}

#[test]
fn every_feature_is_documented_in_the_manifest() {
    for feature in features() {
        assert!(
            documented().contains_key(feature),
            "`{feature}` has no `##` line above it"
        );
    }
}

#[test]
fn every_feature_has_a_row_with_its_default() {
    for (feature, text) in documented() {
        let default = if defaults().contains(&format!("\"{feature}\"")) {
            "yes"
        } else {
            "no"
        };
        let row = format!("| `{feature}` | {default} | {text} |");

        assert!(README.contains(&row), "the README has no row\n{row}");
    }
}

#[test]
fn there_are_exactly_two_commands_to_set_up() {
    let section = README.split("## Try it").nth(1).expect("a section");
    let block = section.split("```").nth(1).expect("commands");

    let commands: Vec<_> = block
        .lines()
        .filter(|line| line.starts_with("cargo "))
        .collect();
    assert_eq!(
        commands,
        ["cargo run --example quickstart", "cargo test --workspace"]
    );
}
