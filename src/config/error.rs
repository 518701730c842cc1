//! Errors in settings.

use std::path::PathBuf;

/// All errors in the settings, so that they can be corrected at once.
#[derive(Debug, thiserror::Error)]
#[error("the settings cannot be used:{}", listed(.problems))]
pub struct ConfigError {
    pub problems: Vec<Problem>,
}

impl ConfigError {
    /// The cause, for logs.
    pub fn kind(&self) -> &'static str {
        "config"
    }
}

/// An error in the settings. Secrets are redacted.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// A value cannot be parsed, or is out of bounds.
    #[error("{key} = {value:?} ({origin}); allowed: {allowed}")]
    Value {
        key: String,
        value: String,
        /// The flag, variable or file that gave it.
        origin: String,
        /// The allowed values.
        allowed: String,
    },
    /// A key of the file is not a setting.
    #[error("{key} in {} is no setting{}", .path.display(), did_you_mean(.similar.as_deref()))]
    UnknownKey {
        key: String,
        path: PathBuf,
        /// A setting with a similar name.
        similar: Option<String>,
    },
    /// The file cannot be read, or is not TOML.
    #[error("the file {} cannot be used: {reason}", .path.display())]
    File {
        path: PathBuf,
        /// The cause.
        reason: String,
    },
}

fn listed(problems: &[Problem]) -> String {
    problems.iter().map(|p| format!("\n  {p}")).collect()
}

/// `; did you mean X?`, or empty.
pub(super) fn did_you_mean(similar: Option<&str>) -> String {
    similar.map_or_else(String::new, |name| format!("; did you mean {name}?"))
}

/// The candidate most similar to `given`, if one is similar enough.
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
