//! The style sheet inside the document, and the policy that allows nothing else.

use std::sync::LazyLock;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use maud::{Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// No script, no request other than the page itself (its form requests another view of it), and no embedding in
/// another page. The browser accepts
/// only the style sheet with this text.
pub static CONTENT_SECURITY_POLICY: LazyLock<String> = LazyLock::new(|| {
    format!(
        "default-src 'none'; style-src {}; img-src data:; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'",
        hash(STYLE)
    )
});

/// The same for a page that updates itself: the one script with this text, and requests to the service itself.
pub static UPDATING_POLICY: LazyLock<String> = LazyLock::new(|| {
    format!("{}; script-src {}; connect-src 'self'", *CONTENT_SECURITY_POLICY, hash(SCRIPT))
});

fn hash(text: &str) -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)))
}

/// The script of a page that updates itself.
pub fn script() -> Markup {
    html! { script { (PreEscaped(SCRIPT)) } }
}

/// The element in the head of the page.
pub fn element() -> Markup {
    html! { style { (PreEscaped(STYLE)) } }
}
