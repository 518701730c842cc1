//! The style sheet inside the document, and the policy that allows nothing else.

use std::sync::LazyLock;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use maud::{Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

const STYLE: &str = include_str!("style.css");

/// No script, no request other than the page itself (its form requests another view of it), and no embedding in
/// another page. The browser accepts
/// only the style sheet with this text.
pub static CONTENT_SECURITY_POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = BASE64_STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src data:; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'"
    )
});

/// The element in the head of the page.
pub fn element() -> Markup {
    html! { style { (PreEscaped(STYLE)) } }
}
