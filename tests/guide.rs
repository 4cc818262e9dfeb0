//! The guide is whole: its pages are listed, tested and linked.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read its files fails"
)]
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const INDEX: &str = include_str!("../docs/guide/README.md");
const MODULES: &str = include_str!("../src/guide.rs");

/// The page that shows a bot which has a crate of its own, and does not compile in here.
const SHOWN: &str = "database";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide")
}

/// Returns the names of the pages, without their ends.
fn pages() -> BTreeSet<String> {
    let files = fs::read_dir(folder()).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let pages = names.filter_map(|name| Some(name.strip_suffix(".md")?.to_owned()));
    pages.filter(|name| name != "README").collect()
}

/// Returns the text of all pages and of the index, each with its name.
fn texts() -> Vec<(String, String)> {
    let names = pages().into_iter().chain(["README".to_owned()]);
    let read = |name: &String| fs::read_to_string(folder().join(format!("{name}.md"))).unwrap();
    names.map(|name| (name.clone(), read(&name))).collect()
}

/// Returns what stands behind each fence that opens a block of code.
fn blocks(text: &str) -> Vec<&str> {
    let fences = text.lines().filter_map(|line| line.strip_prefix("```"));
    fences.step_by(2).collect()
}

/// Returns what stands in the blocks of code that open by a fence.
fn code<'a>(text: &'a str, fence: &str) -> Vec<&'a str> {
    let opened = text.split(fence).skip(1);
    opened
        .map(|rest| rest.split("```").next().unwrap())
        .collect()
}

/// Returns the files of the bot that a page shows, each with its name.
fn shown() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/notes");
    let names = ["schema.sql", "src/store.rs", "src/main.rs"];
    let read = |name: &str| fs::read_to_string(root.join(name)).unwrap();
    names.map(|name| (name.to_owned(), read(name))).into()
}

/// Returns the names that a page gives to what it links to, each with where that is.
fn definitions(text: &str) -> Vec<(&str, &str)> {
    let defined = text
        .lines()
        .filter_map(|line| line.strip_prefix('[')?.split_once("]: "));
    defined.collect()
}

#[test]
fn every_page_is_in_the_index() {
    for page in pages() {
        let entry = format!("][{page}]");

        assert!(INDEX.contains(&entry), "the index does not list `{page}`");
    }
}

#[test]
fn every_page_is_a_module() {
    for page in pages() {
        let module = page.replace('-', "_");
        let entry = format!("    {module}: \"guide/{page}.md\";");

        assert!(MODULES.contains(&entry), "no line\n{entry}");
    }
}

#[test]
fn every_page_can_be_linked_from_every_other() {
    for (page, text) in texts() {
        for (name, _) in definitions(&text) {
            let entry = format!("[{name}]: crate::guide::");

            assert!(MODULES.contains(&entry), "`{page}` links to `{name}`");
        }
    }
}

#[test]
fn every_link_leads_to_a_file() {
    for (page, text) in texts() {
        for (name, target) in definitions(&text) {
            let file = target.split('#').next().unwrap();

            assert!(
                folder().join(file).is_file(),
                "`{page}`: [{name}]: {target}"
            );
        }
    }
}

#[test]
fn every_piece_of_rust_is_compiled_and_runs_unless_it_needs_a_token() {
    for (page, text) in texts() {
        for block in blocks(&text) {
            let is_known = ["rust,test_harness", "rust,no_run", "text", "toml", "python"];
            let is_shown = page == SHOWN && ["rust,ignore", "sql"].contains(&block);
            assert!(
                is_known.contains(&block) || is_shown,
                "`{page}` has a block of `{block}`"
            );
        }
        for code in code(&text, "```rust,no_run\n") {
            assert!(
                code.contains("Token::from_env()"),
                "`{page}`: it can run\n{code}"
            );
        }
    }
}

#[test]
fn what_is_shown_of_a_bot_stands_in_it_to_the_letter() {
    let page = fs::read_to_string(folder().join(format!("{SHOWN}.md"))).unwrap();
    let shown = shown();
    let mut blocks = code(&page, "```rust,ignore\n");
    blocks.extend(code(&page, "```sql\n"));

    assert!(!blocks.is_empty());
    for block in blocks {
        let is_there = shown.iter().any(|(_, text)| text.contains(block));
        assert!(is_there, "no file has this:\n{block}");
    }
}

#[test]
fn a_bot_that_is_shown_is_shown_whole() {
    let page = fs::read_to_string(folder().join(format!("{SHOWN}.md"))).unwrap();
    let lines: BTreeSet<_> = page.lines().collect();

    for (name, text) in shown() {
        // What a file is about is said by the page.
        for line in text.lines().filter(|line| !line.starts_with("//!")) {
            assert!(
                lines.contains(line),
                "the page lacks a line of {name}:\n{line}"
            );
        }
    }
}
