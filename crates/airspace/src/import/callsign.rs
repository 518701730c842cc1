//! Callsigns as they are compared.

/// A callsign or a part of one: upper case, without space around it, each run of `_` one.
pub(super) fn normalised(callsign: &str) -> String {
    let mut normalised = String::with_capacity(callsign.len());
    for letter in callsign.trim().chars().flat_map(char::to_uppercase) {
        if letter != '_' || !normalised.ends_with('_') {
            normalised.push(letter);
        }
    }
    normalised
}
