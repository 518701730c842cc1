//! A URL as a setting gives it.

/// A URL that can be left to its default, switched off, or given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OptionalUrl {
    /// Not set: the built-in URL, or what discovery says.
    Default,
    /// Set to the empty text: off.
    Off,
    /// Set: this one, never replaced by discovery.
    Given(url::Url),
}
