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

#[test]
fn no_other_room_can_name_the_pool() {
    let copy = Copy::whole("rooms");
    let files = files_outside_store();
    assert!(files.len() > 10, "{files:?}");
    let (main, rooms): (Vec<_>, Vec<_>) = files.iter().partition(|file| *file == "src/main.rs");
    // The program is looked at only when the library, still as it is, compiles.
    let insert = |file: &str, root: &str| {
        let line = copy.append(file, &format!("use {root}::store::pool::Pool;"));
        format!("{file}:{line}: E0603")
    };
    let found = || -> Vec<_> { copy.findings("check").iter().map(ToString::to_string).collect() };
    let expected: Vec<_> = main.into_iter().map(|file| insert(file, "sectorwatch")).collect();
    assert_eq!(found(), expected);
    let expected: Vec<_> = rooms.into_iter().map(|file| insert(file, "crate")).collect();
    assert_eq!(found(), expected);
}
