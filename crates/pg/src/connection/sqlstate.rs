//! The codes of PostgreSQL's errors.

use std::fmt;

/// An SQLSTATE of five characters, for example `23505`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SqlState(pub(super) [u8; 5]);

impl SqlState {
    /// The code.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("?????")
    }

    /// The class, a value of the label `sqlstate_class`.
    pub fn class(&self) -> &'static str {
        class_of(self.as_str())
    }
}

impl fmt::Display for SqlState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The class of a code, a value of the label `sqlstate_class`.
pub fn class_of(code: &str) -> &'static str {
    const CLASSES: [&str; 9] = ["08", "22", "23", "28", "3D", "40", "42", "53", "57"];
    CLASSES.into_iter().find(|class| code.starts_with(class)).unwrap_or("other")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_class_or_is_other() {
        assert_eq!((class_of("22003"), class_of("P0001")), ("22", "other"));
        assert_eq!(SqlState(*b"57014").class(), "57");
    }
}
