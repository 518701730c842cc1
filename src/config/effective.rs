//! What a setting's value is, and where it came from.

use std::fmt;

use super::error::Problem;

/// One setting's effective value, redacted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective {
    pub key: String,
    /// The text that was given or is the default; `None` when unset.
    pub value: Option<String>,
    /// What it means that the setting is unset, where it can be.
    pub unset_means: &'static str,
    /// Where it came from.
    pub source: Source,
    /// The same in words: which flag, variable or file.
    pub origin: String,
}

/// Where a value came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The command line.
    Flag,
    Environment,
    File,
    /// It was not given.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Flag => "flag",
            Self::Environment => "environment",
            Self::File => "file",
            Self::Default => "default",
        })
    }
}

/// This value is not allowed; `allowed` says what is.
pub(super) fn not_allowed(effective: &Effective, allowed: String) -> Problem {
    Problem::Value {
        key: effective.key.clone(),
        value: effective.value.clone().unwrap_or_default(),
        origin: effective.origin.clone(),
        allowed,
    }
}
