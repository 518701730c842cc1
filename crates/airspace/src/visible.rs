//! Texts that labels, logs and pages can hold: those without control characters.

/// Whether a text is one.
pub(crate) fn is_visible(text: &str) -> bool {
    !text.contains(char::is_control)
}

/// The text with its control characters escaped, so that a terminal prints them and does not obey.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter.is_control() {
            true => escaped.extend(letter.escape_default()),
            false => escaped.push(letter),
        }
    }
    escaped
}
