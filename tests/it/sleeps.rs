//! Tests wait for events. Whoever waits for nothing but time says on the line above why.

use crate::support::sources::{project, read, rust_files};

/// The lines that sleep without a comment on the line above.
fn without_a_reason(source: &str) -> Vec<usize> {
    let lines: Vec<_> = source.lines().map(str::trim).collect();
    let sleeps = |line: &str| {
        ["sleep(", "sleep_until("].iter().any(|call| {
            let before = line.split_once(call).map(|(before, _)| before);
            // Neither a statement of SQL nor a function of our own.
            before.is_some_and(|it| !it.ends_with(['_', '"']) && !it.ends_with("fn "))
        })
    };
    let is_bare = |(at, line): (usize, &&str)| {
        let reason = at.checked_sub(1).is_some_and(|above| lines[above].starts_with("// "));
        (sleeps(line) && !line.starts_with("//") && !reason).then_some(at + 1)
    };
    lines.iter().enumerate().filter_map(is_bare).collect()
}

/// What of a file are tests: all of it, the module at its end, or nothing.
fn tests_of<'a>(name: &str, source: &'a str) -> &'a str {
    let is_whole = name.contains("tests/") || name.ends_with("/tests.rs");
    let module = source.find("\nmod tests {").or_else(|| source.find("\nmod test {"));
    if is_whole { source } else { module.map_or("", |at| &source[at..]) }
}

#[test]
fn a_test_that_sleeps_says_why() {
    let mut bare = Vec::new();
    for file in ["src", "crates", "tests"].into_iter().flat_map(rust_files) {
        let name = file.strip_prefix(project()).expect("of the project").display().to_string();
        if name == file!() {
            continue;
        }
        let source = read(&file);
        let tests = tests_of(&name, &source);
        let skipped = source.lines().count() - tests.lines().count();
        bare.extend(
            without_a_reason(tests).iter().map(|line| format!("{name}:{}", skipped + line)),
        );
    }
    assert!(bare.is_empty(), "wait for an event, or say why not on the line above: {bare:#?}");
}

#[test]
fn a_bare_sleep_is_seen() {
    for (source, bare) in [
        ("go();\nthread::sleep(pause);", vec![2]),
        ("// So long it stands still.\nthread::sleep(pause);", vec![]),
        ("// Far above.\n\ntokio::time::sleep(pause).await;", vec![3]),
        ("let _ = timeout(a, sleep(b)).await;", vec![1]),
        ("sleep_until(due).await;\nsleep(pause);", vec![1, 2]),
        ("/// For readers, no reason.\nsleep(pause);", vec![2]),
        ("run(\"select pg_sleep(3)\");\nfn sleep() {}\n// sleep(a)\n", vec![]),
    ] {
        assert_eq!(without_a_reason(source), bare, "{source}");
    }
    assert_eq!(tests_of("src/a.rs", "sleep(a);\n#[cfg(test)]\nmod tests {\n}").lines().count(), 3);
    for name in ["tests/a.rs", "crates/a/src/tests/b.rs", "src/a/tests.rs"] {
        assert_eq!(tests_of(name, "sleep(a);"), "sleep(a);", "{name}");
    }
    assert_eq!(tests_of("src/a.rs", "sleep(a);"), "");
}
