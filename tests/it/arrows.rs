//! The shape of the house, kept by machine: who may name whom, and how long a file may be.

mod source;

use std::{
    fs,
    path::{Path, PathBuf},
};

use source::{code_of, named_paths};

/// Each room and what it may name: whole rooms, or single items of one. Only of rooms further down,
/// so that no circle can be.
///
/// `feed` and `store` do not know each other: the poller joins them. Of `store`, `web` knows what its
/// readers hand out and nothing that writes.
const MAY_NAME: [(&str, &[&str]); 12] = [
    ("main", &["app", "cli", "config"]),
    (
        "app",
        &[
            "cli",
            "web",
            "poller",
            "feed",
            "store",
            "config",
            "airspace",
            "telemetry",
            "fault",
            "domain",
        ],
    ),
    ("cli", &["config"]),
    ("web", &["poller", "telemetry", "domain", "store::FlightHistory", "store::StoreError"]),
    ("poller", &["feed", "store", "config", "airspace", "telemetry", "fault", "domain"]),
    ("feed", &["config", "telemetry", "domain"]),
    ("store", &["config", "telemetry", "fault", "domain"]),
    ("config", &[]),
    ("airspace", &["domain"]),
    ("telemetry", &[]),
    ("fault", &[]),
    ("domain", &[]),
];

/// What the pure core must not know either.
const NOT_IN_DOMAIN: [&str; 12] = [
    "serde",
    "tokio",
    "tracing",
    "diesel",
    "reqwest",
    "prometheus",
    "actix",
    "std::fs",
    "std::net",
    "std::env",
    "Instant",
    "Utc::now",
];

const MOST_LINES: usize = 300;

/// What is wrong with a source in this room.
fn wrong_arrows(room: &str, source: &str, depth: usize) -> Vec<String> {
    let Some((_, allowed)) = MAY_NAME.iter().find(|(name, _)| *name == room) else {
        return vec![format!("{room} is not in the table of rooms")];
    };
    let code = code_of(source);
    let is_room = |name: &str| MAY_NAME.iter().any(|(room, _)| *room == name);
    let may = |path: &str, head: &str| {
        let is_inside = |item: &str| path == item || path.starts_with(&format!("{item}::"));
        head == room || !is_room(head) || allowed.iter().any(|item| is_inside(item))
    };
    let mut wrong = Vec::new();
    for path in named_paths(&code, depth) {
        let (head, _) = path.split_once("::").unwrap_or((&path, ""));
        if !may(&path, head) {
            wrong.push(format!("{room} → {path}"));
        }
    }
    if room == "domain" {
        let banned = NOT_IN_DOMAIN.iter().filter(|word| code.contains(**word));
        wrong.extend(banned.map(|word| format!("domain → {word}")));
    }
    wrong
}

/// Rust files below a folder of the project.
fn rust_files(folder: &str) -> Vec<PathBuf> {
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut files = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).expect("read a folder");
            open.extend(entries.map(|entry| entry.expect("an entry").path()));
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
    assert!(!files.is_empty(), "no sources in {folder}");
    files
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("read a source")
}

#[test]
fn arrows_point_one_way() {
    for (i, (room, allowed)) in MAY_NAME.iter().enumerate() {
        for name in *allowed {
            let (below, _) = name.split_once("::").unwrap_or((name, ""));
            let place = MAY_NAME.iter().position(|(room, _)| *room == below);
            assert!(place.is_some_and(|place| place > i), "{room} → {name}");
        }
    }
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for file in rust_files("src") {
        let inner = file.strip_prefix(&src).expect("below src").with_extension("");
        let mut modules: Vec<_> = inner.iter().filter_map(|part| part.to_str()).collect();
        modules.retain(|module| *module != "mod");
        // It declares the rooms, and lives in none.
        if modules != ["lib"] {
            let found = wrong_arrows(modules[0], &read(&file), modules.len());
            wrong.extend(found.iter().map(|arrow| format!("{}: {arrow}", inner.display())));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_added_arrow_is_seen() {
    for (room, depth, source, expected) in [
        ("feed", 1, "use crate::store::Store;", "feed → store::Store"),
        ("store", 2, "let x = crate::feed::decode(b\"\");", "store → feed::decode"),
        (
            "web",
            1,
            "use crate::{\n    domain::Time,\n    store::{Owner, StoreError},\n};",
            "web → store::Owner",
        ),
        ("web", 1, "use crate::store;", "web → store"),
        ("domain", 1, "use crate::{config, domain};", "domain → config"),
        ("domain", 1, "#[derive(serde::Serialize)]", "domain → serde"),
        ("main", 1, "sectorwatch::store::open()", "main → store::open"),
        ("cli", 1, "crate::app::run()", "cli → app::run"),
        ("poller", 1, "use super::web;", "poller → web"),
        ("poller", 2, "use super::super::{web::routes, poller};", "poller → web::routes"),
        ("poller", 2, "mod tests {\n    use super::super::super::web;\n}", "poller → web"),
        ("attic", 1, "", "attic is not in the table of rooms"),
    ] {
        assert_eq!(wrong_arrows(room, source, depth), [expected], "{source}");
    }
    for (room, depth, source) in [
        (
            "store",
            1,
            "// see crate::feed\nlet a = (\"sectorwatch::feed\", \"//\");\nuse crate::{domain::Time, store::{Owner}};",
        ),
        ("domain", 2, "mod tests {\n    use super::super::airspace;\n}"),
        ("poller", 1, "use crate::{feed, store};\nuse self::web;"),
        ("web", 2, "use super::super::web::Page; use super::store;"),
        ("web", 1, "use crate::store::FlightHistory;"),
    ] {
        assert_eq!(wrong_arrows(room, source, depth), [""; 0], "{source}");
    }
}

/// Whether a room may name another, itself or through those that it may name.
fn reaches(room: &str, other: &str) -> bool {
    let Some((_, allowed)) = MAY_NAME.iter().find(|(name, _)| *name == room) else { return false };
    let mut named = allowed.iter().map(|item| item.split("::").next().unwrap_or(item));
    named.any(|name| name == other || reaches(name, other))
}

/// A connection is in use only inside of `store`, and nothing there can ask another service. What a
/// cycle does before it stores (fetch, decode, filter, collect) knows neither store nor pool.
#[test]
fn no_lease_waits_for_another_service() {
    let mut wrong = Vec::new();
    for file in rust_files("src/store") {
        let code = code_of(&read(&file));
        let services = ["reqwest", "actix", "hyper"].into_iter().filter(|it| code.contains(it));
        wrong.extend(services.map(|service| format!("{}: {service}", file.display())));
    }
    let rooms = ["feed", "domain", "airspace", "config"].into_iter();
    let that_know = rooms.filter(|room| reaches(room, "store"));
    wrong.extend(that_know.map(|room| format!("{room} → … → store")));
    let fetch = code_of(&read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/poller/source.rs")));
    let names = ["super::", "store", "Pool", "Connection"];
    wrong.extend(
        names.into_iter().filter(|it| fetch.contains(it)).map(|it| format!("fetch → {it}")),
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Lines that a reader can hold, no test that is not run, and no lint without a reason.
#[test]
fn files_are_short_and_silence_nothing() {
    // In parts, or this file would be the first that is found.
    let banned = [concat!("#[", "ignore"), concat!("#[", "allow("), concat!("#![", "allow(")];
    let mut wrong = Vec::new();
    for file in rust_files("src").into_iter().chain(rust_files("tests")) {
        let source = read(&file);
        let lines = source.lines().count();
        if lines > MOST_LINES {
            wrong.push(format!("{}: {lines} lines", file.display()));
        }
        for word in banned.iter().filter(|word| source.contains(**word)) {
            wrong.push(format!("{}: {word}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
