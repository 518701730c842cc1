//! The room `app` decides nothing: it builds, joins, starts and stops what other rooms own.
//!
//! The test finds the decisions that can be seen in a text: time limits, clocks, and errors that are
//! distinguished by variant or kind.

use crate::{
    arrows::source::code_of,
    support::sources::{read, rust_files},
};

/// Uses of time. The names of the types alone are allowed, because `app` passes settings on.
const TIMES: [&str; 5] =
    ["Duration::", "TimeDelta::", "Instant::", "time::sleep", "time::interval"];
/// Methods that distinguish one error from another.
const KINDS: [&str; 5] = [".kind()", ".class()", ".is_connect", ".is_away", ".is_acquire_timeout"];

/// The decisions in the code of `app`.
fn decisions(source: &str) -> Vec<String> {
    let code = code_of(source);
    let words = TIMES.into_iter().chain(KINDS).filter(|word| code.contains(word));
    let variants = code.match_indices("Error::").filter_map(|(at, head)| {
        let name = code[at + head.len()..].split(|c: char| !c.is_alphanumeric()).next()?;
        // A variant, and no function such as `from`.
        name.starts_with(char::is_uppercase).then(|| format!("{head}{name}"))
    });
    words.map(str::to_owned).chain(variants).collect()
}

#[test]
fn app_decides_nothing() {
    let mut found = Vec::new();
    for file in rust_files("src/app") {
        found.extend(decisions(&read(&file)).iter().map(|it| format!("{}: {it}", file.display())));
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_decision_is_seen() {
    for (source, expected) in [
        ("runtime.shutdown_timeout(Duration::from_secs(2));", "Duration::"),
        ("const LONGEST: Duration = std::time::Duration::from_mins(1);", "Duration::"),
        ("let gone = Instant::now() - begun;", "Instant::"),
        ("TimeDelta::from_std(skew)?", "TimeDelta::"),
        // This is text to scan and no wait.
        ("tokio::time::sleep(pause).await;", "time::sleep"),
        ("Err(StoreError::LockedOut { .. }) => Ok(()),", "Error::LockedOut"),
        ("match error { EmbeddedError::Halted => None }", "Error::Halted"),
        ("if error.is_connect() {}", ".is_connect"),
        ("let restarts = error.kind() == \"io\";", ".kind()"),
    ] {
        assert_eq!(decisions(source), [expected], "{source}");
    }
    for source in [
        "use std::time::Duration;\nfn keep(audit_interval: Duration) {}",
        "let said = health::check(url).map_err(anyhow::Error::from);",
        "// Duration::from_secs(2)\nlet a = \"StoreError::Locked\";",
    ] {
        assert_eq!(decisions(source), [""; 0], "{source}");
    }
}
