//! The rooms of `src/` stand above each other, and nothing imports from a room above its own.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read its files fails"
)]
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms, from the lowest. Those on one floor do not import from each other.
const FLOORS: &[&[&str]] = &[
    &[
        "clock",
        "meta",
        "health",
        "sabotage",
        "guide",
        "snowflake",
        "text",
    ],
    &["event"],
    &["exception"],
    &["failure"],
    &["outcome"],
    &["http", "metrics"],
    &["answer", "cache"],
    &["context"],
    &["channel"],
    &["interaction"],
    &["extract"],
    &["handler"],
    &["waiting"],
    &["check", "guild"],
    &["error"],
    &["command"],
    &["component"],
    &["dispatch"],
    &["gateway", "task"],
    &["bot"],
    &["report"],
    &["testing"],
];

/// What anybody may import, and what imports from anywhere: the front doors.
const DOORS: &[&str] = &["lib", "prelude", "private", "twilight"];

#[test]
fn nothing_imports_from_a_room_above_its_own() {
    let floors = floors();
    let mut wrong = Vec::new();
    for file in sources() {
        let room = room_of(&file);
        if DOORS.contains(&room.as_str()) {
            continue;
        }
        let own = *floors
            .get(room.as_str())
            .unwrap_or_else(|| panic!("`{room}` has no floor: add it to `FLOORS`"));
        for imported in imports(&file) {
            let is_below = floors
                .get(imported.as_str())
                .is_none_or(|floor| *floor < own);
            if imported != room && !is_below {
                wrong.push(format!("{} imports from `{imported}`", file.display()));
            }
        }
    }

    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_floor_has_its_rooms() {
    let rooms: Vec<_> = sources().iter().map(|file| room_of(file)).collect();

    for room in FLOORS.iter().copied().flatten() {
        assert!(
            rooms.iter().any(|found| found == room),
            "there is no room `{room}`"
        );
    }
}

#[test]
fn no_path_climbs_by_two_steps() {
    for file in sources() {
        let text = code_of(&file);

        assert!(!text.contains("super::super"), "{}", file.display());
    }
}

fn floors() -> BTreeMap<&'static str, usize> {
    let numbered = FLOORS.iter().enumerate();
    numbered
        .flat_map(|(floor, rooms)| rooms.iter().map(move |room| (*room, floor)))
        .collect()
}

/// Returns every source file, relative to `src/`.
fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path.strip_prefix(root()).unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Returns the room of a file: its folder, or its own name.
fn room_of(file: &Path) -> String {
    let first = file.components().next().unwrap();
    let name = Path::new(first.as_os_str()).file_stem().unwrap();
    name.to_str().unwrap().to_owned()
}

/// Returns the text of a file without its comments and without its unit tests.
fn code_of(file: &Path) -> String {
    let text = fs::read_to_string(root().join(file)).unwrap();
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    let lines = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns the rooms that are named after a `crate::`, nested in braces or not.
fn imports(file: &Path) -> Vec<String> {
    let code = code_of(file);
    let mut rooms = Vec::new();
    for (start, found) in code.match_indices("crate::") {
        if code[..start].ends_with('$') {
            continue;
        }
        let rest = &code[start + found.len()..];
        assert!(
            !rest.starts_with('{'),
            "{}: one `use` for each room, please",
            file.display(),
        );
        let end = rest.find(|character: char| !character.is_alphanumeric() && character != '_');
        let name = &rest[..end.unwrap_or(rest.len())];
        if name.starts_with(char::is_lowercase) {
            rooms.push(name.to_owned());
        }
    }
    rooms
}
