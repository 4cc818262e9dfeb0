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
            assert!(
                is_known.contains(&block),
                "`{page}` has a block of `{block}`"
            );
        }
        let compiled = text.split("```rust,no_run\n").skip(1);
        for code in compiled.map(|rest| rest.split("```").next().unwrap()) {
            assert!(
                code.contains("Token::from_env()"),
                "`{page}`: it can run\n{code}"
            );
        }
    }
}
