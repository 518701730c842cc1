//! Whatever documents, sources and the Makefile name of tests exists, so that a rename leaves no pointer behind.

use std::collections::BTreeSet;

use crate::support::sources::{project, read, rust_files};

const DOCUMENTS: [&str; 8] = [
    "Makefile",
    "README.md",
    "CONTRIBUTING.md",
    "clippy.toml",
    "docs/architecture.md",
    "docs/operations.md",
    "docs/runbooks.md",
    "docs/surprises.md",
];

/// The paths below `tests/` that a text names.
fn paths(text: &str) -> BTreeSet<&str> {
    let is_path = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    let begins = |at: usize| !text[..at].ends_with(is_path);
    let starts = text.match_indices("tests/").map(|(at, _)| at).filter(|&at| begins(at));
    let whole = starts.map(|at| {
        let end = text[at..].find(|c| !is_path(c)).map_or(text.len(), |length| at + length);
        // A name before a `*` or a placeholder is cut at its folder.
        let path = &text[at..end];
        match text[end..].starts_with(['*', '{', '<']) {
            true => path.rsplit_once('/').map_or(path, |(folder, _)| folder),
            false => path.trim_end_matches(['.', '/']),
        }
    });
    // In prose, `tests/…` of a crate may be meant; here are three targets.
    let targets = ["tests/it", "tests/ops", "tests/compile"];
    whole.filter(|path| targets.iter().any(|target| path.starts_with(target))).collect()
}

/// What a text asks `cargo test` to run: a target, if it says one, and a part of a test's name.
fn filters(text: &str) -> BTreeSet<(Option<&str>, &str)> {
    let mut found = BTreeSet::new();
    for command in text.split(['`', '\n']) {
        let quick = command.strip_prefix("QUICK :=").map(|names| (Some("it"), names));
        let (target, words) = match (quick, command.split_once("--test ")) {
            (Some(list), _) => list,
            (_, Some((_, rest))) => match rest.split_once(' ') {
                Some((target, words)) => (Some(target), words),
                None => continue,
            },
            (_, None) if command.contains("cargo test") => (None, command),
            _ => continue,
        };
        let is_name = |word: &&str| {
            let named = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_:".contains(c);
            word.chars().all(named) && (target.is_some() || word.contains("::"))
        };
        found.extend(words.split_whitespace().filter(is_name).map(|word| (target, word)));
    }
    found
}

/// The modules and functions of a folder's sources, as the harness names tests.
fn names(folder: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for file in rust_files(folder) {
        let inner = file.strip_prefix(project().join(folder)).expect("inside").with_extension("");
        let mut modules: Vec<_> = inner.iter().filter_map(|part| part.to_str()).collect();
        modules.retain(|module| !["mod", "main", "lib"].contains(module));
        for line in read(&file).lines().map(str::trim_start) {
            let line = line.strip_prefix("async ").unwrap_or(line);
            if let Some((name, _)) = line.strip_prefix("fn ").and_then(|rest| rest.split_once('('))
            {
                names.insert([&modules[..], &[name]].concat().join("::"));
            }
        }
    }
    names
}

#[test]
fn what_is_named_of_tests_exists() {
    let [it, ops, compile] = ["tests/it", "tests/ops", "tests/compile"].map(names);
    let mut units: BTreeSet<String> = names("src");
    for entry in std::fs::read_dir(project().join("crates")).expect("the crates").flatten() {
        units.extend(names(&format!("crates/{}/src", entry.file_name().to_string_lossy())));
    }
    let exists = |(target, filter): (Option<&str>, &str)| match target {
        Some("it") => it.iter().any(|name| name.contains(filter)),
        Some("ops") => ops.iter().any(|name| name.contains(filter)),
        Some("compile") => compile.iter().any(|name| name.contains(filter)),
        _ => units.iter().chain(&it).any(|name| name.contains(filter)),
    };
    let mut wrong = Vec::new();
    let documents = DOCUMENTS.map(|name| project().join(name)).into_iter();
    let sources = ["src", "crates", "tests", "benches"].into_iter().flat_map(rust_files);
    let mut commands = 0;
    for file in documents.chain(sources).filter(|file| !file.ends_with(file!())) {
        let text = read(&file);
        let name = file.strip_prefix(project()).expect("of the project").display();
        let missing = paths(&text).into_iter().filter(|path| !project().join(path).exists());
        wrong.extend(missing.map(|path| format!("{name}: {path}")));
        if file.extension().is_none_or(|end| end != "rs") {
            let asked = filters(&text);
            commands += asked.len();
            let unknown = asked.into_iter().filter(|asked| !exists(*asked));
            wrong.extend(unknown.map(|(_, filter)| format!("{name}: no test is called {filter}")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(commands > 40, "only {commands} names of tests were found in commands");
}

#[test]
fn paths_and_names_are_found() {
    let text = "(`tests/it/a.rs`, tests/ops/b). See tests/it/c/*.rs, and src/web/tests/it.rs";
    let expected = ["tests/it/a.rs", "tests/it/c", "tests/ops/b"];
    assert_eq!(paths(text), BTreeSet::from(expected));
    let text = "`cargo test -p x web::`, then `… --test it a:: b`, `… --test ops`\nQUICK := c:: d";
    let it = Some("it");
    let expected = [(None, "web::"), (it, "a::"), (it, "b"), (it, "c::"), (it, "d")];
    assert_eq!(filters(text), BTreeSet::from(expected));
}
