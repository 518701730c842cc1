//! The allowed imports between the crates and between the rooms of `src/`.

pub mod source;
mod tables;

use std::fs;

use source::{code_of, named_paths};
use tables::{MAY_DEPEND, MAY_NAME, NOT_IN_CORE};

use crate::support::sources::{project, read, rust_files};

/// The forbidden imports of a source in this room.
fn wrong_arrows(room: &str, source: &str, depth: usize) -> Vec<String> {
    let Some((_, allowed)) = MAY_NAME.iter().find(|(name, _)| *name == room) else {
        return vec![format!("{room} is not in the table of rooms")];
    };
    let code = code_of(source);
    let is_room = |name: &str| {
        MAY_NAME.iter().any(|(room, _)| *room == name) || name.starts_with("sectorwatch_")
    };
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
    wrong
}

/// The forbidden names in a source of `core`.
fn impure(source: &str) -> Vec<&'static str> {
    let code = code_of(source);
    NOT_IN_CORE.into_iter().filter(|word| code.contains(word)).collect()
}

/// The crates of this workspace in a manifest, except for those of its tests.
fn depended_on(manifest: &str) -> Vec<String> {
    let mut of_tests = false;
    let mut names = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            of_tests = line == "[dev-dependencies]";
        } else if let Some(rest) = line.strip_prefix("sectorwatch-") {
            let name = rest.split(['.', ' ', '=']).next().unwrap_or(rest);
            if !(of_tests && name == "seed") {
                names.push(name.to_owned());
            }
        }
    }
    names
}

fn unexpected_dependencies(name: &str, manifest: &str) -> Vec<String> {
    let Some((_, allowed)) = MAY_DEPEND.iter().find(|(crate_, _)| *crate_ == name) else {
        return vec![format!("{name} is not in the table of crates")];
    };
    let named = depended_on(manifest).into_iter().filter(|name| !allowed.contains(&&**name));
    named.map(|other| format!("{name} → {other}")).collect()
}

#[test]
fn arrows_point_one_way() {
    for (i, (room, allowed)) in MAY_NAME.iter().enumerate() {
        for name in allowed.iter().filter(|name| !name.starts_with("sectorwatch_")) {
            let place = MAY_NAME.iter().position(|(room, _)| room == name);
            assert!(place.is_some_and(|place| place > i), "{room} → {name}");
        }
    }
    let src = project().join("src");
    let mut wrong = Vec::new();
    for file in rust_files("src") {
        let inner = file.strip_prefix(&src).expect("below src").with_extension("");
        let mut modules: Vec<_> = inner.iter().filter_map(|part| part.to_str()).collect();
        modules.retain(|module| *module != "mod");
        // It declares the rooms, and is in none of them.
        if modules != ["lib"] {
            let found = wrong_arrows(modules[0], &read(&file), modules.len());
            wrong.extend(found.iter().map(|arrow| format!("{}: {arrow}", inner.display())));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn crates_depend_one_way_and_core_on_nothing() {
    for (i, (name, allowed)) in MAY_DEPEND.iter().enumerate() {
        for below in *allowed {
            let place = MAY_DEPEND.iter().position(|(name, _)| name == below);
            assert!(place.is_some_and(|place| place > i), "{name} → {below}");
        }
    }
    let crates = project().join("crates");
    let mut wrong = Vec::new();
    for folder in fs::read_dir(&crates).expect("the crates") {
        let folder = folder.expect("a folder");
        let manifest = read(&folder.path().join("Cargo.toml"));
        wrong.extend(unexpected_dependencies(&folder.file_name().to_string_lossy(), &manifest));
    }
    // The service gets its leases from `store`.
    let service = read(&project().join("Cargo.toml"));
    if service.lines().any(|line| line.starts_with("sectorwatch-pg.")) {
        wrong.push("the service → pg".to_owned());
    }
    for file in rust_files("crates/core/src") {
        let named = impure(&read(&file)).into_iter();
        wrong.extend(named.map(|word| format!("{}: {word}", file.display())));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_added_arrow_is_seen() {
    for (room, depth, source, expected) in [
        (
            "web",
            1,
            "use sectorwatch_store::{\n    FlightHistory,\n    Owner, StoreError,\n};",
            "web → sectorwatch_store::Owner",
        ),
        ("web", 1, "use sectorwatch_store;", "web → sectorwatch_store"),
        ("config", 1, "use sectorwatch_store::Store;", "config → sectorwatch_store::Store"),
        ("cli", 2, "let x = sectorwatch_feed::decode(b\"\");", "cli → sectorwatch_feed::decode"),
        ("main", 1, "sectorwatch_store::open()", "main → sectorwatch_store::open"),
        ("main", 1, "sectorwatch::web::serve()", "main → web::serve"),
        ("cli", 1, "crate::app::run()", "cli → app::run"),
        ("collector", 1, "use super::web;", "collector → web"),
        ("collector", 1, "use crate::jobs::housekeeping;", "collector → jobs::housekeeping"),
        ("jobs", 2, "use super::super::collector;", "jobs → collector"),
        ("collector", 2, "use super::super::{web::routes, status};", "collector → web::routes"),
        (
            "status",
            2,
            "mod tests {\n    use super::super::super::collector;\n}",
            "status → collector",
        ),
        ("attic", 1, "", "attic is not in the table of rooms"),
    ] {
        assert_eq!(wrong_arrows(room, source, depth), [expected], "{source}");
    }
    for (room, depth, source) in [
        (
            "web",
            1,
            "// see crate::app\nlet a = (\"sectorwatch_feed\", \"//\");\nuse crate::{status::Time};",
        ),
        ("collector", 1, "use sectorwatch_feed::decode;\nuse self::web;"),
        ("web", 2, "use super::super::web::Page; use super::app;"),
        ("web", 1, "use sectorwatch_store::FlightHistory;"),
    ] {
        assert_eq!(wrong_arrows(room, source, depth), [""; 0], "{source}");
    }
    let manifest = "[dependencies]\nserde.workspace = true\nsectorwatch-store.workspace = true\n";
    assert_eq!(unexpected_dependencies("feed", manifest), ["feed → store"]);
    let seed = "sectorwatch-seed.workspace = true\n";
    for (section, expected) in [("dependencies", &["core → seed"][..]), ("dev-dependencies", &[])]
    {
        let manifest = format!("[{section}]\n{seed}");
        assert_eq!(unexpected_dependencies("core", &manifest), expected);
    }
    assert_eq!(unexpected_dependencies("attic", manifest), ["attic is not in the table of crates"]);
    assert_eq!(impure("#[derive(serde::Serialize)]"), ["serde"]);
}

/// A connection is used only inside of `store` and `pg`, and nothing there can request another service. The
/// phases before storing (fetch, decode, filter, collect) know neither store nor pool: `feed`, `core` and
/// `airspace` do not depend on `store` according to [`MAY_DEPEND`].
#[test]
fn no_lease_waits_for_another_service() {
    let mut wrong = Vec::new();
    for file in ["crates/store/src", "crates/pg/src"].into_iter().flat_map(rust_files) {
        let code = code_of(&read(&file));
        let services = ["reqwest", "actix", "hyper"].into_iter().filter(|it| code.contains(it));
        wrong.extend(services.map(|service| format!("{}: {service}", file.display())));
    }
    let fetch = code_of(&read(&project().join("src/collector/snapshot_source.rs")));
    let names = ["super::", "store", "Pool", "Connection"];
    wrong.extend(
        names.into_iter().filter(|it| fetch.contains(it)).map(|it| format!("fetch → {it}")),
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
}
