//! Errors of pages, for people who look at them.

use std::sync::LazyLock;

use actix_web::{
    HttpRequest,
    http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue},
};
use maud::{DOCTYPE, Markup, html};

use super::{document, is_page};
use crate::web::{
    form::Form,
    page::{self, style_sheet},
    problem::Problem,
    trace_id::TraceId,
};

/// The headers of each page.
pub static OF_EVERY_PAGE: LazyLock<Vec<(HeaderName, HeaderValue)>> = LazyLock::new(|| {
    let policy = HeaderValue::from_str(&page::CONTENT_SECURITY_POLICY);
    let policy = policy.unwrap_or(HeaderValue::from_static("default-src 'none'"));
    vec![
        (CONTENT_TYPE, HeaderValue::from_static(Form::Html.content_type())),
        (CONTENT_SECURITY_POLICY, policy),
    ]
});

/// Whether an error of this request is a page, too: the path is one of a page, and the client prefers HTML.
pub fn refuses_in_html(request: &HttpRequest) -> bool {
    // `format` is no parameter of a page, and says nothing here.
    is_page(request.path()) && Form::accepted(request) == Form::Html
}

/// The page of an error.
pub fn refusal(problem: &Problem, trace_id: &TraceId) -> Markup {
    let code = problem.code();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                (document::meta())
                title { (code.title()) " · sectorwatch" }
                (style_sheet())
            }
            body {
                header { div.name { h1 { (code.title()) } (document::places()) } }
                main {
                    section {
                        h2 { "What is wrong" }
                        p { (problem.detail()) }
                        p.small {
                            code { (code.as_str()) } ", status " (code.status().as_u16())
                            ", trace " code { (trace_id.as_str()) }
                        }
                    }
                }
            }
        }
    }
}
