//! The page about reliability says which faults have tests, and they are there.
//!
//! What it counts is written by `CORDIAL_OVERWRITE=1 cargo test --test reliability`.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read its files fails"
)]
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// The page, from the root of the crate.
const PAGE: &str = "docs/reliability.md";

/// The letters of the faults, what they are about, and how many there are.
const FAULTS: [(char, &str, usize); 9] = [
    ('G', "the gateway", 40),
    ('R', "requests", 24),
    ('H', "handlers", 17),
    ('E', "error handlers", 9),
    ('Y', "the registry", 7),
    ('S', "stopping and starting", 10),
    ('O', "overload", 8),
    ('C', "configuration", 9),
    ('X', "secrets", 13),
];
/// The letter of the invariants, and how many there are.
const INVARIANTS: (char, usize) = ('I', 12);

/// What stands before and after what is counted.
const BEGIN: &str = "<!-- counted by tests/reliability.rs -->\n";
const END: &str = "<!-- until here -->";

/// What a row without a test says, and one whose tests are not all.
const NOT_COVERED: &str = "not covered: ";
const IN_PART: &str = "in part: ";

#[test]
fn every_fault_and_every_invariant_has_a_row() {
    let page = page();
    let faults = FAULTS.map(|(letter, _, count)| (letter, count));
    for (letter, count) in faults.into_iter().chain([INVARIANTS]) {
        let rows = rows(&page).into_iter().filter(|row| row.letter == letter);
        let numbers: Vec<_> = rows.map(|row| row.number).collect();

        assert_eq!(numbers, (1..=count).collect::<Vec<_>>(), "{letter}");
    }
}

#[test]
fn every_test_that_is_named_is_there() {
    let (page, tests) = (page(), tests());
    for row in rows(&page) {
        for Named { test, file } in row.named() {
            let is_own = test.starts_with(&row.prefix());
            assert!(
                file.is_some() || is_own || row.is_invariant(),
                "{}{}: where is `{test}`?",
                row.letter,
                row.number
            );
            let is_there = tests.iter().any(|there| {
                there.name == test && file.is_none_or(|file| there.file.ends_with(file))
            });
            assert!(is_there, "no test `{test}` in {file:?}");
        }
    }
}

#[test]
fn every_test_with_a_number_is_named_in_its_row() {
    let page = page();
    let rows = rows(&page);
    for test in tests() {
        let Some((letter, number)) = number(&test.name) else {
            continue;
        };
        let row = rows
            .iter()
            .find(|row| (row.letter, row.number) == (letter, number));
        let row = row.unwrap_or_else(|| panic!("there is no {letter}{number}: {}", test.name));

        assert!(
            row.named().iter().any(|named| named.test == test.name),
            "{letter}{number} does not name `{}`",
            test.name
        );
    }
}

#[test]
fn a_row_without_tests_says_that_it_is_not_covered() {
    let page = page();
    for row in rows(&page).iter().filter(|row| !row.is_invariant()) {
        let says_so = row.tests.starts_with(NOT_COVERED);
        let is_alone = says_so && !row.tests.contains(IN_PART);

        assert_eq!(
            row.named().is_empty(),
            is_alone,
            "{}{}",
            row.letter,
            row.number
        );
    }
}

#[test]
fn what_is_counted_is_what_there_is() {
    let page = page();
    let (before, rest) = page.split_once(BEGIN).expect("where it begins");
    let (counted, after) = rest.split_once(END).expect("where it ends");
    let expected = summary(&rows(&page));

    if std::env::var_os("CORDIAL_OVERWRITE").is_some() {
        let written = format!("{before}{BEGIN}{expected}{END}{after}");
        fs::write(root().join(PAGE), written).unwrap();
    } else {
        assert_eq!(counted, expected, "write it with CORDIAL_OVERWRITE=1");
    }
}

/// A row of a fault or an invariant.
struct Row<'a> {
    letter: char,
    number: usize,
    /// Its last column.
    tests: &'a str,
}

/// A test that a row names, and the file that it names with it.
struct Named<'a> {
    test: &'a str,
    file: Option<&'a str>,
}

impl<'a> Row<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let (name, row) = line.strip_prefix("| ")?.split_once(" | ")?;
        let mut letters = name.chars();
        let letter = letters.next().filter(char::is_ascii_uppercase)?;
        let (_, tests) = row.strip_suffix(" |")?.rsplit_once(" | ")?;
        Some(Self {
            letter,
            number: letters.as_str().parse().ok()?,
            tests,
        })
    }

    /// Returns what the names of its tests begin with.
    fn prefix(&self) -> String {
        format!("{}{}_", self.letter.to_ascii_lowercase(), self.number)
    }

    fn is_invariant(&self) -> bool {
        self.letter == INVARIANTS.0
    }

    fn is_in_part(&self) -> bool {
        self.tests.contains(IN_PART)
    }

    /// Returns the tests that it names, up to where it says what they leave out. Those before a semicolon
    /// are of one file, if there is one.
    fn named(&self) -> Vec<Named<'a>> {
        let end = [IN_PART, NOT_COVERED].map(|word| self.tests.find(word));
        let end = end.into_iter().flatten().min().unwrap_or(self.tests.len());
        let groups = self.tests[..end].split("; ");
        let named = groups.flat_map(|group| {
            let quoted = || group.split('`').skip(1).step_by(2);
            let file = quoted().find(|text| text.contains('/'));
            let is_test = |text: &&str| text.contains('_') && !text.contains(['/', ':']);
            quoted()
                .filter(is_test)
                .map(move |test| Named { test, file })
        });
        named.collect()
    }
}

/// Returns what the page counts.
fn summary(rows: &[Row<'_>]) -> String {
    let mut text = String::from("| | faults | covered | in part | not covered |\n");
    text.push_str("|---|---:|---:|---:|---:|\n");
    let mut all = [0; 4];
    for (letter, about, count) in FAULTS {
        let of_letter = || rows.iter().filter(|row| row.letter == letter);
        let in_part = of_letter().filter(|row| row.is_in_part()).count();
        let not = of_letter().filter(|row| row.named().is_empty()).count();
        let counts = [count, count - in_part - not, in_part, not];
        for (all, count) in all.iter_mut().zip(counts) {
            *all += count;
        }
        let [count, full, in_part, not] = counts;
        let row = format!("| {letter}: {about} | {count} | {full} | {in_part} | {not} |");
        writeln!(text, "{row}").unwrap();
    }
    let [count, full, in_part, not] = all;
    writeln!(text, "| all | {count} | {full} | {in_part} | {not} |").unwrap();
    let faults = || rows.iter().filter(|row| !row.is_invariant());
    let in_part = list(faults().filter(|row| row.is_in_part()));
    let not = list(faults().filter(|row| row.named().is_empty()));
    writeln!(text, "\nCovered in part: {in_part}.\n\nNot covered: {not}.").unwrap();
    text
}

fn list<'a>(rows: impl Iterator<Item = &'a Row<'a>>) -> String {
    let names: Vec<_> = rows
        .map(|row| format!("{}{}", row.letter, row.number))
        .collect();
    match names.as_slice() {
        [] => "none".to_owned(),
        names => names.join(", "),
    }
}

/// Returns the fault or invariant that a test is named after.
fn number(test: &str) -> Option<(char, usize)> {
    let (name, _) = test.split_once('_')?;
    let mut letters = name.chars();
    let letter = letters.next()?.to_ascii_uppercase();
    Some((letter, letters.as_str().parse().ok()?))
}

/// Returns the rows of all faults and invariants.
fn rows(page: &str) -> Vec<Row<'_>> {
    page.lines().filter_map(Row::read).collect()
}

fn page() -> String {
    fs::read_to_string(root().join(PAGE)).unwrap()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A function that is a test.
struct Test {
    name: String,
    file: PathBuf,
}

/// Returns the tests of all files.
fn tests() -> Vec<Test> {
    let mut found = Vec::new();
    let mut paths: Vec<_> = ["examples", "src", "tests"]
        .map(|folder| root().join(folder))
        .into();
    while let Some(path) = paths.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).unwrap();
            paths.extend(entries.map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.extend(tests_of(&path));
        }
    }
    found
}

fn tests_of(file: &Path) -> Vec<Test> {
    let text = fs::read_to_string(file).unwrap();
    let mut is_test = false;
    let mut found = Vec::new();
    for line in text.lines().map(str::trim) {
        is_test |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
        let is_function = line.starts_with("fn ") || line.starts_with("async fn ");
        if is_function && std::mem::take(&mut is_test) {
            let (_, function) = line.split_once("fn ").unwrap();
            let name = function.split('(').next().map(str::to_owned);
            found.extend(name.map(|name| Test {
                name,
                file: file.to_owned(),
            }));
        }
    }
    found
}
