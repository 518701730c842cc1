//! Selects the form of the status for a client.

use actix_web::{
    HttpRequest,
    http::header::{ACCEPT, Accept, Header as _, QualityItem, q},
};

/// A form of the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Json,
    Html,
    Text,
}

/// A `format` that does not exist.
#[derive(Debug, PartialEq, Eq)]
pub struct UnknownFormat;

/// A client without a preference gets the first of these that it accepts, or else the first.
const AT_STATUS: [Form; 3] = [Form::Json, Form::Text, Form::Html];
const AT_ROOT: [Form; 3] = [Form::Text, Form::Html, Form::Json];

impl Form {
    /// Selects by `?format=`, or else by `Accept`. People request the root, programs everything else.
    pub fn wanted(request: &HttpRequest) -> Result<Self, UnknownFormat> {
        if let Some(format) = parameter(request, "format") {
            return match format.as_str() {
                "json" => Ok(Form::Json),
                "html" => Ok(Form::Html),
                "text" => Ok(Form::Text),
                _ => Err(UnknownFormat),
            };
        }
        Ok(Self::accepted(request))
    }

    /// Selects by `Accept` alone.
    pub fn accepted(request: &HttpRequest) -> Self {
        let ours = if request.path() == "/" { AT_ROOT } else { AT_STATUS };
        let accepted = match request.headers().contains_key(ACCEPT) {
            true => Accept::parse(request).map(|accept| accept.0).unwrap_or_default(),
            false => Vec::new(),
        };
        preferred(ours, &accepted)
    }

    /// The content type of the form.
    pub fn content_type(self) -> &'static str {
        match self {
            Form::Json => "application/json",
            Form::Html => "text/html; charset=utf-8",
            Form::Text => "text/plain; charset=utf-8",
        }
    }

    /// The value of `?format=`.
    pub fn as_str(self) -> &'static str {
        match self {
            Form::Json => "json",
            Form::Html => "html",
            Form::Text => "text",
        }
    }

    fn media_type(self) -> (&'static str, &'static str) {
        match self {
            Form::Json => ("application", "json"),
            Form::Html => ("text", "html"),
            Form::Text => ("text", "plain"),
        }
    }

    /// The quality that the most specific range gives to this form.
    fn quality(self, accepted: &[QualityItem<mime::Mime>]) -> actix_web::http::header::Quality {
        let (kind, subtype) = self.media_type();
        let specificity = |range: &mime::Mime| match (range.type_(), range.subtype()) {
            (t, s) if t == kind && s == subtype => Some(2),
            (t, s) if t == kind && s == mime::STAR => Some(1),
            (t, s) if t == mime::STAR && s == mime::STAR => Some(0),
            _ => None,
        };
        let fitting = accepted.iter().filter_map(|a| Some((specificity(&a.item)?, a.quality)));
        fitting.max_by_key(|(specificity, _)| *specificity).map_or(q(0.0), |(_, quality)| quality)
    }
}

fn preferred(ours: [Form; 3], accepted: &[QualityItem<mime::Mime>]) -> Form {
    let mut best = (ours[0], q(0.0));
    for form in ours {
        let quality = form.quality(accepted);
        if quality > best.1 {
            best = (form, quality);
        }
    }
    best.0
}

/// The first value of a query parameter.
pub fn parameter(request: &HttpRequest, name: &str) -> Option<String> {
    url::form_urlencoded::parse(request.query_string().as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    const CHROME: &str =
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

    #[test]
    fn the_form_is_chosen_by_query_then_by_accept() {
        // Path with query, Accept, name of the form; `None` is refused.
        let rows = [
            ("/api/status", None, Some("json")),
            ("/api/status", Some("*/*"), Some("json")),
            ("/api/status", Some("image/png"), Some("json")),
            ("/api/status", Some("no media type"), Some("json")),
            ("/api/status", Some("application/json, text/plain, */*"), Some("json")),
            ("/api/status", Some(CHROME), Some("html")),
            ("/api/status", Some("text/plain"), Some("text")),
            ("/api/status", Some("text/*"), Some("text")),
            ("/api/status", Some("text/html;q=0.5, text/plain;q=0.4"), Some("html")),
            ("/api/status", Some("text/html;q=0, */*;q=0.1"), Some("json")),
            (
                "/api/status",
                Some("application/json;q=0, text/*;q=0.3, text/plain;q=0"),
                Some("html"),
            ),
            ("/api/status?format=text", Some(CHROME), Some("text")),
            ("/api/status?always200=1&format=html", None, Some("html")),
            ("/api/status?format=json", Some("text/html"), Some("json")),
            ("/api/status?format=xml", None, None),
            ("/api/status?format=", Some("text/html"), None),
            ("/", None, Some("text")),
            ("/", Some("*/*"), Some("text")),
            ("/", Some(CHROME), Some("html")),
            ("/", Some("application/json"), Some("json")),
            ("/?format=json", Some(CHROME), Some("json")),
        ];
        for (uri, accept, form) in rows {
            let mut request = TestRequest::with_uri(uri);
            if let Some(accept) = accept {
                request = request.insert_header((ACCEPT, accept));
            }
            let wanted = Form::wanted(&request.to_http_request());
            assert_eq!(wanted.ok().map(Form::as_str), form, "{uri} {accept:?}");
        }
    }
}
