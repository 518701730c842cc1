//! Runs the commands of `docs/operations.md` as they are written there.

use std::{
    collections::BTreeSet,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use super::{file, project};
use crate::support::scratch;

/// Blocks that a test runs, by the word after ```` ```sh ````.
const RUN: [&str; 16] = [
    "analyst",
    "back-up",
    "back-up-embedded",
    "check",
    "forget",
    "give",
    "grafana",
    "key-lost",
    "leave-out-texts",
    "restore",
    "roles",
    "stop-and-switch",
    "token",
    "undo",
    "versions",
    "widths",
];
/// Blocks that are not run, because they need Docker, the system's root or a person.
const NOT_RUN: [&str; 2] = ["containers", "by-hand"];

/// All blocks of the manual in one language, as their word and text.
pub fn blocks(language: &str) -> Vec<(String, String)> {
    let manual = file("docs/operations.md");
    let mut blocks = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in manual.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => open = Some((info.to_owned(), String::new())),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some((_, text)), None) => *text += &format!("{line}\n"),
            (None, None) => {}
        }
    }
    let of_language = |(info, text): (String, String)| {
        let (this, word) = info.split_once(' ').unwrap_or((&info, ""));
        (this == language).then(|| (word.to_owned(), text))
    };
    blocks.into_iter().filter_map(of_language).collect()
}

/// The text of the only block with this word.
pub fn block(language: &str, word: &str) -> String {
    let mut found: Vec<_> = blocks(language).into_iter().filter(|(w, _)| w == word).collect();
    assert_eq!(found.len(), 1, "blocks of {language} {word} in docs/operations.md");
    found.swap_remove(0).1
}

/// A directory like a checkout of the project, in which commands can leave files.
pub struct Desk {
    /// The working directory of the commands.
    pub dir: PathBuf,
    environment: Vec<(String, String)>,
}

impl Desk {
    /// Creates a directory with these variables, and with the service's program on the path.
    pub fn with(environment: &[(&str, &str)]) -> Self {
        let dir = scratch::dir("desk");
        for name in ["scripts", "migrations"] {
            symlink(project().join(name), dir.join(name)).expect("a link");
        }
        let owned = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
        Self { dir, environment: environment.iter().map(owned).collect() }
    }

    /// Runs a block of the manual, and returns its output.
    pub fn run(&self, word: &str) -> String {
        self.run_text(&block("sh", word))
    }

    /// Runs commands, and returns their output.
    pub fn run_text(&self, script: &str) -> String {
        let ours = Path::new(env!("CARGO_BIN_EXE_sectorwatch")).parent().expect("a folder");
        let path = std::env::var("PATH").unwrap_or_default();
        let output = Command::new("bash")
            .args(["-euo", "pipefail", "-c", script])
            .current_dir(&self.dir)
            .env_clear()
            .env("PATH", format!("{}:{path}", ours.display()))
            .envs(self.environment.iter().cloned())
            .output()
            .expect("bash");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
        assert!(output.status.success(), "{script}\n{stdout}{stderr}");
        stdout
    }
}

#[test]
fn every_command_is_run_or_says_that_it_is_not() {
    let words: Vec<_> = blocks("sh").into_iter().map(|(word, _)| word).collect();
    let unknown: Vec<_> = words
        .iter()
        .filter(|word| !RUN.iter().chain(&NOT_RUN).any(|known| known == word))
        .collect();
    assert!(unknown.is_empty(), "blocks that no test runs: {unknown:?}");
    let words: BTreeSet<_> = words.iter().map(String::as_str).collect();
    let gone: Vec<_> = RUN.iter().filter(|word| !words.contains(**word)).collect();
    assert!(gone.is_empty(), "blocks that are no more: {gone:?}");
}
