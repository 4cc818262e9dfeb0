//! The page about requests says which tests there are, and they are there.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read its files fails"
)]
use std::fs;
use std::path::Path;

const PAGE: &str = include_str!("../docs/reliability.md");

/// How many faults there are.
const FAULTS: usize = 24;

#[test]
fn every_fault_has_a_row() {
    let numbers: Vec<_> = rows().map(|(number, _)| number).collect();

    assert_eq!(numbers, (1..=FAULTS).collect::<Vec<_>>());
}

#[test]
fn every_fault_has_a_test() {
    let tests = tests();
    for fault in 1..=FAULTS {
        let prefix = format!("r{fault}_");

        assert!(
            tests.iter().any(|test| test.starts_with(&prefix)),
            "R{fault} has no test"
        );
    }
}

#[test]
fn every_test_that_is_named_is_there_and_is_of_its_fault() {
    let tests = tests();
    for (number, row) in rows() {
        let named = named(row);
        assert!(!named.is_empty(), "R{number} names no test");
        for test in named {
            assert!(
                test.starts_with(&format!("r{number}_")),
                "R{number}: {test}"
            );
            assert!(tests.iter().any(|there| there == test), "no test `{test}`");
        }
    }
}

/// Returns the rows of the faults, each with its number.
fn rows() -> impl Iterator<Item = (usize, &'static str)> {
    PAGE.lines().filter_map(|line| {
        let (number, row) = line.strip_prefix("| R")?.split_once(" | ")?;
        Some((number.parse().ok()?, row))
    })
}

/// Returns the tests that a row names, in its last column.
fn named(row: &str) -> Vec<&str> {
    let column = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
    let quoted = column.split('`').skip(1).step_by(2);
    quoted.filter(|text| !text.contains('/')).collect()
}

/// Returns the names of the functions that are tests, in all files that may have some of a fault.
fn tests() -> Vec<String> {
    let mut found = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = vec![root.join("tests/rest"), root.join("src/http")];
    while let Some(path) = paths.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).unwrap();
            paths.extend(entries.map(|entry| entry.unwrap().path()));
        } else {
            found.extend(tests_of(&path));
        }
    }
    found
}

fn tests_of(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap();
    let mut is_test = false;
    let mut found = Vec::new();
    for line in text.lines().map(str::trim) {
        is_test |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
        let is_function = line.starts_with("fn ") || line.starts_with("async fn ");
        if is_function && std::mem::take(&mut is_test) {
            let (_, function) = line.split_once("fn ").unwrap();
            found.extend(function.split('(').next().map(str::to_owned));
        }
    }
    found
}
