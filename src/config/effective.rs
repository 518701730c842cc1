//! The effective value of a setting, and its source.

use std::fmt;

use super::error::Problem;

/// The effective value of one setting, redacted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective {
    pub key: String,
    /// The given or default text; `None` when unset.
    pub value: Option<String>,
    /// The meaning of an unset value, for settings that can be unset.
    pub unset_means: &'static str,
    /// The source of the value.
    pub origin: Origin,
    /// The source in words: which flag, variable or file.
    pub given_as: String,
}

/// The source of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The command line.
    Flag,
    Environment,
    File,
    /// The value was not given.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Flag => "flag",
            Self::Environment => "environment",
            Self::File => "file",
            Self::Default => "default",
        })
    }
}

/// The problem of a value that is not allowed; `allowed` describes the allowed values.
pub(super) fn not_allowed(effective: &Effective, allowed: String) -> Problem {
    Problem::Value {
        key: effective.key.clone(),
        value: effective.value.clone().unwrap_or_default(),
        origin: effective.given_as.clone(),
        allowed,
    }
}
