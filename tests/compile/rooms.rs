//! Imports that the compiler refuses: nothing outside of `store` can name the pool, and no crate can name one
//! that is not in its manifest.

use std::{collections::BTreeSet, fs};

use crate::copy::{Copy, project};

/// A file of each room, and the roots of library and program.
fn files_of_rooms() -> BTreeSet<String> {
    let src = project().join("src");
    let entries = fs::read_dir(&src).expect("read src");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let names = names.map(|name| name.into_string().expect("a name in UTF-8"));
    let file = |name: String| match name.ends_with(".rs") {
        true => format!("src/{name}"),
        false => format!("src/{name}/mod.rs"),
    };
    names.map(file).collect()
}

/// The errors, sorted by place.
fn errors(copy: &Copy) -> Vec<String> {
    let errors = copy.findings("check").into_iter().filter(|it| it.code.starts_with("E0"));
    let mut errors: Vec<_> = errors.map(|it| format!("{}: {}", it.place, it.code)).collect();
    errors.sort();
    errors
}

#[test]
fn no_other_room_can_name_the_pool() {
    let copy = Copy::whole();
    let files = files_of_rooms();
    assert!(files.len() > 5, "{files:?}");
    let (program, rooms): (Vec<_>, Vec<_>) = files.iter().partition(|it| *it == "src/main.rs");
    let insert = |file: &String| {
        let line = copy.append(file, "use sectorwatch_store::pool::Pool;");
        let next = copy.append(file, "use sectorwatch_pg::Lease;");
        [format!("{file}:{line}: E0603"), format!("{file}:{next}: E0432")]
    };
    // The program first: it is checked only if the library, still unchanged, compiles.
    for files in [program, rooms] {
        let mut expected: Vec<_> = files.into_iter().flat_map(insert).collect();
        expected.sort();
        assert_eq!(errors(&copy), expected);
    }
}

#[test]
fn no_crate_can_name_one_that_is_not_below_it() {
    let copy = Copy::whole();
    // Crates on which others depend come last.
    for forbidden in [
        &[("feed", "sectorwatch_store::Store"), ("store", "sectorwatch_feed::decode")][..],
        &[
            ("telemetry", "sectorwatch_core::Time"),
            ("core", "sectorwatch_airspace::AUSTRALIA"),
            ("pg", "sectorwatch_fault::point"),
            ("pg-embedded", "sectorwatch_store::Secret"),
        ],
    ] {
        let mut expected = Vec::new();
        for (name, path) in forbidden {
            let file = format!("crates/{name}/src/lib.rs");
            let line = copy.append(&file, &format!("use {path};"));
            expected.push(format!("{file}:{line}: E0432"));
        }
        expected.sort();
        assert_eq!(errors(&copy), expected);
    }
}
