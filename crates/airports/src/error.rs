//! Why a list of airports cannot be used.

use std::{fmt, io};

use crate::HEADER;

/// Why a list of airports cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {reason}")]
pub struct AirportsError {
    /// The file.
    pub file: String,
    /// What is wrong with it.
    pub reason: Reason,
}

/// What is wrong with a list of airports. Lines are counted from 1, the header.
#[derive(Debug, thiserror::Error)]
pub enum Reason {
    /// The file cannot be opened or read.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It is not UTF-8, or a line has another number of fields than the header.
    #[error("{}", told(.0))]
    Csv(#[from] csv::Error),
    /// The columns are other ones.
    #[error("line 1: the header is `{given}`; allowed: `{}`", HEADER.join(","))]
    Header {
        /// The header of the file.
        given: String,
    },
    /// A field is not what its column holds.
    #[error("line {line}: {field}")]
    Field {
        /// The line.
        line: u64,
        /// The field.
        field: Field,
    },
    /// Two lines have one code.
    #[error("line {line}: {icao} is already on line {first}; allowed: one line for each airport")]
    Twice {
        /// The line.
        line: u64,
        /// The code.
        icao: String,
        /// The first line with this code.
        first: u64,
    },
    /// It has no line but the header.
    #[error("it holds no airport")]
    Empty,
}

/// A field that is not what its column holds.
#[derive(Debug)]
pub struct Field {
    name: &'static str,
    given: String,
    allowed: String,
}

impl Field {
    pub(crate) fn new(name: &'static str, given: &str, allowed: String) -> Self {
        // A file of another kind may be one long line.
        Self { name, given: given.chars().take(40).collect(), allowed }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, given, allowed } = self;
        write!(f, "{name} is `{given}`; allowed: {allowed}")
    }
}

fn told(error: &csv::Error) -> String {
    let line = error.position().map_or(1, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::UnequalLengths { len, expected_len, .. } => {
            format!(
                "line {line}: it has {len} fields; allowed: {expected_len}, `{}`",
                HEADER.join(",")
            )
        }
        csv::ErrorKind::Utf8 { .. } => format!("line {line}: it is not UTF-8"),
        _ => error.to_string(),
    }
}
