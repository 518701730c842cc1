//! No room but `store` can name the pool.

use std::{collections::BTreeSet, fs};

use crate::copy::{Copy, project};

/// A file of each room but `store`, and the root of the crate.
fn files_outside_store() -> BTreeSet<String> {
    let src = project().join("src");
    let entries = fs::read_dir(&src).expect("read src");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let names = names.map(|name| name.into_string().expect("a name in UTF-8"));
    let file = |name: String| match name.ends_with(".rs") {
        true => format!("src/{name}"),
        false => format!("src/{name}/mod.rs"),
    };
    names.filter(|name| name != "store").map(file).collect()
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
    let copy = Copy::whole("rooms");
    let files = files_outside_store();
    assert!(files.len() > 10, "{files:?}");
    let (program, rooms): (Vec<_>, Vec<_>) = files.iter().partition(|it| *it == "src/main.rs");
    let insert = |file: &String, root: &str| {
        let line = copy.append(file, &format!("use {root}::store::pool::Pool;"));
        format!("{file}:{line}: E0603")
    };
    // First the program: it is looked at only where the library, still as it is, compiles.
    for (files, root) in [(program, "sectorwatch"), (rooms, "crate")] {
        let expected: Vec<_> = files.into_iter().map(|file| insert(file, root)).collect();
        assert_eq!(errors(&copy), expected);
    }
}
