//! SQL that changes a session for its next user, which no compiler or lint can see: explicit transactions,
//! `set` beyond its transaction, locks and listeners of the session.

mod literals;

use std::collections::BTreeSet;

use literals::literals;

use crate::support::sources::{project, read, rust_files};

/// The allowed places, with the reason.
const EXCEPTIONS: [(&str, &str, &str); 8] = [
    (
        "crates/pg/src/connection/observed.rs",
        "transaction by hand",
        "a label: how a transaction ended",
    ),
    (
        "crates/pg/src/connection/statements.rs",
        "transaction by hand",
        "a label: how a transaction ended",
    ),
    (
        "src/web/v1/params/known.rs",
        "transaction by hand",
        "names of parameters: what from and to are called elsewhere",
    ),
    ("crates/pg/src/connection/pinned.rs", "set for the session", "what every session is set to"),
    (
        "crates/pg/src/connection/observed.rs",
        "set for the session",
        "the limit of migrations, and back",
    ),
    ("crates/pg/src/connection/observed.rs", "limit of one side alone", "the place that sets both"),
    (
        "crates/pg/src/connection/pooler.rs",
        "transaction by hand",
        "a session of its own, closed after it",
    ),
    (
        "crates/store/src/writer/lock.rs",
        "lock of the session",
        "a session of its own, which holds it",
    ),
];

/// The changes that a text makes to a session.
fn session_changes(text: &str) -> Vec<&'static str> {
    let text = text.to_lowercase();
    let mut changes: Vec<_> = text.split(';').filter_map(changed_by_statement).collect();
    let locks = ["pg_advisory_lock", "pg_try_advisory_lock", "pg_advisory_unlock"];
    if locks.iter().any(|name| text.contains(name)) {
        changes.push("lock of the session");
    }
    if text.split("set_config(").skip(1).any(|call| !ends_with_transaction(call)) {
        changes.push("set for the session");
    }
    changes
}

fn changed_by_statement(statement: &str) -> Option<&'static str> {
    let words: Vec<_> = statement.split_whitespace().collect();
    match words[..] {
        ["begin" | "commit" | "end" | "abort" | "rollback"]
        | [
            "begin" | "commit" | "end" | "abort" | "rollback",
            "work" | "transaction" | "to" | "and" | "isolation" | "read" | "prepared",
            ..,
        ]
        | ["start" | "prepare", "transaction", ..]
        | ["savepoint", _]
        | ["release", "savepoint", _] => Some("transaction by hand"),
        ["set", "local", "statement_timeout", ..] => Some("limit of one side alone"),
        ["set", "local" | "transaction" | "constraints", ..] => None,
        ["set", "session" | "role" | "time", ..] | ["set", _, "=" | "to", ..] => {
            Some("set for the session")
        }
        ["set", name, ..] if name.contains('=') => Some("set for the session"),
        ["reset" | "discard", _] => Some("set for the session"),
        ["listen", _] => Some("listener of the session"),
        ["create", "temp" | "temporary", ..] => Some("table of the session"),
        _ => None,
    }
}

/// The third argument of `set_config`.
fn ends_with_transaction(call: &str) -> bool {
    let arguments = call.split(')').next().unwrap_or(call);
    arguments.rsplit(',').next().is_some_and(|last| last.trim() == "true")
}

#[test]
fn no_sql_changes_a_session() {
    let (mut wrong, mut used) = (Vec::new(), BTreeSet::new());
    for path in ["src", "crates"].into_iter().flat_map(rust_files) {
        let file = path.strip_prefix(project()).expect("of the project").display().to_string();
        for (line, text) in literals(&read(&path)) {
            for change in session_changes(&text) {
                match EXCEPTIONS.iter().find(|it| (it.0, it.1) == (file.as_str(), change)) {
                    Some(exception) => drop(used.insert(exception)),
                    None => wrong.push(format!("{file}:{line}: {change}: {text}")),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(used.len(), EXCEPTIONS.len(), "only these exceptions are needed: {used:?}");
}

#[test]
fn a_session_change_is_seen() {
    for (text, changes) in [
        ("BEGIN", "transaction by hand"),
        ("begin isolation level serializable", "transaction by hand"),
        ("select 1; Commit", "transaction by hand"),
        ("ROLLBACK TO SAVEPOINT a", "transaction by hand"),
        ("start transaction read only", "transaction by hand"),
        ("savepoint a", "transaction by hand"),
        ("set statement_timeout = 0", "set for the session"),
        ("set statement_timeout=0", "set for the session"),
        ("SET SESSION x TO 1", "set for the session"),
        ("select set_config('a', 'b', false)", "set for the session"),
        ("select pg_try_advisory_lock_shared($1)", "lock of the session"),
        ("listen changes", "listener of the session"),
        ("create temp table a ()", "table of the session"),
        ("set local lock_timeout = '2s'", ""),
        ("set local statement_timeout = '5min'", "limit of one side alone"),
        ("select set_config('a', 'b', true), pg_advisory_xact_lock($1)", ""),
        ("update flights set altitude = 1", ""),
        ("set up the store", ""),
        ("begin where the last run ended", ""),
    ] {
        assert_eq!(session_changes(text).concat(), changes, "{text}");
    }
}

#[test]
fn texts_are_found() {
    let source = r##"
        // "no" and 'no'
        fn f<'a>(c: &'a str) { /* "no" */ g('"', '\'', '\u{22}', b'"', "one", for_r, "");
            h("a \"b\" \
               c", r"d\", r#"e"f"#, br"g", b"h\n");
        }
        "##;
    let found = literals(source);
    let texts: Vec<_> = found.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(texts, ["one", "", "a \"b\" c", "d\\", "e\"f", "g", "h\n"]);
    let lines: Vec<_> = found.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [3, 3, 4, 5, 5, 5, 5]);
}
