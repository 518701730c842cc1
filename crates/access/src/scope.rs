//! What a request may do.

use std::fmt;

use strum::{EnumString, IntoStaticStr, VariantArray};

/// A right that a token, or a request without one, can have.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, EnumString, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "lowercase")]
pub enum Scope {
    /// To read the API.
    Read,
    /// To download exports, which needs [`Scope::Read`] too.
    Export,
    /// To see members' ids, remarks and the texts of controllers.
    Personal,
}

impl Scope {
    /// The name in settings, in the file of tokens and in the document of the API.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A set of scopes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Scopes(u8);

/// A text that names no scope.
#[derive(Debug, PartialEq, Eq)]
pub struct UnknownScope;

impl Scopes {
    /// No scope.
    pub const NONE: Self = Self(0);

    /// The set of these.
    pub fn of(scopes: &[Scope]) -> Self {
        scopes.iter().copied().collect()
    }

    /// Whether the scope is in the set.
    pub fn has(self, scope: Scope) -> bool {
        self.0 & bit(scope) != 0
    }

    /// Whether the set is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// A number for each set, which stays the same for ever: cursors and tags are made of it.
    pub fn bits(self) -> u8 {
        self.0
    }

    /// Reads names that are separated by commas. The empty text is the empty set.
    ///
    /// # Errors
    /// A name is that of no scope.
    pub fn read(text: &str) -> Result<Self, UnknownScope> {
        let names = text.split(',').map(str::trim).filter(|_| !text.trim().is_empty());
        names.map(|name| name.parse::<Scope>().map_err(|_| UnknownScope)).collect()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |bits, scope| bits | bit(scope)))
    }
}

/// The names, separated by commas.
impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scopes = Scope::VARIANTS.iter().filter(|scope| self.has(**scope));
        let names: Vec<_> = scopes.map(|scope| scope.as_str()).collect();
        f.write_str(&names.join(","))
    }
}

fn bit(scope: Scope) -> u8 {
    match scope {
        Scope::Read => 1,
        Scope::Export => 2,
        Scope::Personal => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_read_as_it_is_written() {
        for (text, expected) in [
            ("", Ok("")),
            (" ", Ok("")),
            ("read", Ok("read")),
            ("export, read", Ok("read,export")),
            ("personal,read,read", Ok("read,personal")),
            ("Read", Err(UnknownScope)),
            ("read,", Err(UnknownScope)),
            (",", Err(UnknownScope)),
            ("write", Err(UnknownScope)),
        ] {
            let read = Scopes::read(text).map(|scopes| scopes.to_string());
            assert_eq!(read.as_deref(), expected.as_ref().map(|text| *text), "{text:?}");
        }
    }

    #[test]
    fn a_set_has_what_is_in_it_and_nothing_else() {
        let scopes = Scopes::of(&[Scope::Read, Scope::Personal]);
        assert!(scopes.has(Scope::Read) && scopes.has(Scope::Personal));
        assert!(!scopes.has(Scope::Export));
        assert_eq!(scopes.bits(), 5);
        assert!(Scopes::NONE.is_empty() && !scopes.is_empty());
    }
}
