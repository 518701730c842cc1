//! A URL in a setting.

/// A URL that can be left at its default, switched off, or given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OptionalUrl {
    /// Not set: the discovered or the built-in URL.
    Default,
    /// Set to the empty text: off.
    Off,
    /// Set: this URL, which discovery never replaces.
    Given(url::Url),
}
