//! Cuts texts to their stored length.

/// The text without NUL, which PostgreSQL cannot store, and at most this long.
pub(super) fn cut(text: &str, limit_bytes: usize) -> String {
    let mut kept = String::with_capacity(text.len().min(limit_bytes));
    push_cut(&mut kept, text, limit_bytes);
    kept
}

/// Appends the part of the text that fits, and returns whether that is all of it.
pub(super) fn push_cut(kept: &mut String, text: &str, limit_bytes: usize) -> bool {
    for part in text.split('\0') {
        let room = limit_bytes.saturating_sub(kept.len());
        kept.push_str(&part[..part.floor_char_boundary(room)]);
        if part.len() > room {
            return false;
        }
    }
    true
}
