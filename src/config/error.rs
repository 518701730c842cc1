//! Why settings cannot be used.

use std::path::PathBuf;

/// All that is wrong with the settings, so that it can be mended at once.
#[derive(Debug, thiserror::Error)]
#[error("the settings cannot be used:{}", listed(.problems))]
pub struct ConfigError {
    pub problems: Vec<Problem>,
}

impl ConfigError {
    /// The one word for logs.
    pub fn kind(&self) -> &'static str {
        "config"
    }
}

/// One thing that is wrong with the settings. Secrets in it are redacted.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// A value that cannot be parsed, or is out of bounds.
    #[error("{key} = {value:?} ({origin}); allowed: {allowed}")]
    Value {
        key: String,
        value: String,
        /// By what it was given.
        origin: String,
        /// What may be given.
        allowed: String,
    },
    /// A key of the file that is no setting.
    #[error("{key} in {} is no setting{}", .path.display(), did_you_mean(.similar.as_deref()))]
    UnknownKey {
        key: String,
        path: PathBuf,
        /// The setting that was probably meant.
        similar: Option<String>,
    },
    /// The file cannot be read, or is not TOML.
    #[error("the file {} cannot be used: {reason}", .path.display())]
    File {
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

fn listed(problems: &[Problem]) -> String {
    problems.iter().map(|p| format!("\n  {p}")).collect()
}

/// `; did you mean X?`, or nothing.
pub(super) fn did_you_mean(similar: Option<&str>) -> String {
    similar.map_or_else(String::new, |name| format!("; did you mean {name}?"))
}

/// The candidate that `given` was probably meant to be.
pub(super) fn similar<'a>(
    given: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    candidates
        .map(|name| (strsim::normalized_damerau_levenshtein(given, name), name))
        .filter(|(likeness, _)| *likeness > 0.6)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name)
}
