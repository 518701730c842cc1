//! Web pages of other sites.

use std::fmt;

use url::Url;

/// The origin of a web page, exactly as a browser sends it, such as `https://division.example`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// Reads an origin: scheme, host in lower case, and the port unless it is the scheme's own. Neither `*` nor `null`
    /// is one, nor a URL with a path.
    pub fn read(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let is_web = matches!(url.scheme(), "http" | "https");
        let is_exact = !text.contains('*') && url.origin().ascii_serialization() == text;
        (is_web && is_exact).then(|| Self(text.to_owned()))
    }

    /// The value of the header `Origin`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_what_a_browser_sends() {
        for good in ["https://a.example", "http://localhost:3000", "https://[2001:db8::1]:8443"] {
            assert_eq!(Origin::read(good).as_ref().map(Origin::as_str), Some(good));
        }
        for bad in [
            "*",
            "null",
            "",
            "a.example",
            "https://a.example/",
            "https://a.example/path",
            "https://A.example",
            "https://a.example:443",
            "http://a.example:80",
            "https://*.example",
            "https://u@a.example",
            "ftp://a.example",
            "file:///",
        ] {
            assert_eq!(Origin::read(bad), None, "{bad}");
        }
    }
}
