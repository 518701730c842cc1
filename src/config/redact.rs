//! How a value is shown where others may read it.

use url::Url;

const MASK: &str = "***";

/// The text as it is.
pub(super) fn plain(text: &str) -> String {
    text.to_owned()
}

/// A URL with its password, and the values of telling query parameters, masked.
pub(super) fn url(text: &str) -> String {
    let Ok(mut url) = Url::parse(text) else {
        return if text.contains('@') { MASK } else { text }.to_owned();
    };
    let has_password = url.password().is_some();
    let has_telling_parameter = url.query_pairs().any(|(name, _)| is_telling(&name));
    if !has_password && !has_telling_parameter {
        return text.to_owned();
    }
    if has_password && url.set_password(Some(MASK)).is_err() {
        return MASK.to_owned();
    }
    if has_telling_parameter {
        url.set_query(Some(&masked_query(url.query().unwrap_or_default())));
    }
    url.into()
}

/// A database's URL. What cannot be taken apart with certainty is masked as a whole.
pub(super) fn database_url(text: &str) -> String {
    match Url::parse(text) {
        // An `@` without a user: a slash in the password moved it out of the user's part.
        Ok(parsed) if !text.contains('@') || !parsed.username().is_empty() => url(text),
        _ => MASK.to_owned(),
    }
}

fn masked_query(query: &str) -> String {
    let pairs = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if is_telling(name) => format!("{name}={MASK}"),
        _ => pair.to_owned(),
    });
    pairs.collect::<Vec<_>>().join("&")
}

fn is_telling(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["pass", "token", "secret", "key"].iter().any(|part| name.contains(part))
}
