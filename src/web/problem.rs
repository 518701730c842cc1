//! Error answers of the API, as RFC 9457 writes them.

mod code;

use std::{borrow::Cow, fmt};

use actix_web::{
    HttpResponse, ResponseError,
    body::{BoxBody, MessageBody},
    dev::ServiceResponse,
    http::{
        StatusCode,
        header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, VARY},
    },
};
use serde::Serialize;

pub use code::Code;

use super::{pages, trace_id::TraceId};

/// The content type of a problem.
pub const CONTENT_TYPE_OF_PROBLEMS: &str = "application/problem+json";

/// Whether errors at this path are problems. The older endpoints keep their errors.
pub fn has_problems(path: &str) -> bool {
    is_of_v1(path) || path == "/api/openapi.json" || path == "/api/docs" || pages::is_page(path)
}

/// Whether the path is one of version 1 of the API, which needs a scope.
pub fn is_of_v1(path: &str) -> bool {
    path.strip_prefix("/api/v1").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Why a request of the API cannot be answered.
///
/// A handler returns it as its error. The path and the id of the trace are added by [`complete`], which every
/// answer passes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    code: Code,
    detail: Cow<'static, str>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Problem {
    /// A problem with a sentence for people. It holds no SQL, no URL, and nothing that is personal.
    pub fn new(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { code, detail: detail.into(), headers: Vec::new() }
    }

    /// The same with another header.
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The same with the time after which to ask again, in whole seconds.
    pub fn retry_after(self, seconds: u64) -> Self {
        self.with_header(RETRY_AFTER, HeaderValue::from(seconds.max(1)))
    }

    /// The code for programs.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The sentence for people.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The answer of an endpoint of the API, which [`complete`] writes.
    pub fn response(self) -> HttpResponse {
        let mut response = HttpResponse::new(self.code.status());
        response.extensions_mut().insert(self);
        response
    }

    /// What is known of an error that a library answered.
    fn of_status(status: StatusCode) -> Self {
        let code = Code::of_status(status);
        Self::new(code, format!("{}.", code.title()))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    fn error_response(&self) -> HttpResponse {
        self.clone().response()
    }
}

/// Writes the problem of an answer, if it has one. An error of the API that a library answered becomes a problem.
pub fn complete(answer: ServiceResponse<impl MessageBody + 'static>) -> ServiceResponse<BoxBody> {
    let mut answer = answer.map_into_boxed_body();
    let problem = answer.response_mut().extensions_mut().remove::<Problem>();
    let (status, path) = (answer.status(), answer.request().path());
    let is_error = status.is_client_error() || status.is_server_error();
    let Some(problem) =
        problem.or_else(|| (is_error && has_problems(path)).then(|| Problem::of_status(status)))
    else {
        return answer;
    };
    let trace_id = TraceId::of(answer.request());
    let is_of_page = pages::is_page(answer.request().path());
    let is_for_people = pages::refuses_in_html(answer.request());
    let body = match is_for_people {
        true => pages::refusal(&problem, &trace_id).into_string().into_bytes(),
        false => body(&problem, answer.request().path(), &trace_id),
    };
    let mut answer = answer.map_body(|_, _| BoxBody::new(body));
    *answer.response_mut().status_mut() = problem.code.status();
    let headers = answer.headers_mut();
    if is_for_people {
        for (name, value) in pages::OF_EVERY_PAGE.iter() {
            headers.insert(name.clone(), value.clone());
        }
    } else {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE_OF_PROBLEMS));
    }
    if is_of_page {
        headers.append(VARY, HeaderValue::from_static("accept"));
    }
    for (name, value) in problem.headers {
        headers.insert(name, value);
    }
    answer
}

fn body(problem: &Problem, instance: &str, trace_id: &TraceId) -> Vec<u8> {
    #[derive(Serialize)]
    struct Body<'a> {
        r#type: &'static str,
        title: &'static str,
        status: u16,
        detail: &'a str,
        instance: &'a str,
        code: &'static str,
        trace_id: &'a str,
    }
    let body = Body {
        r#type: "about:blank",
        title: problem.code.title(),
        status: problem.code.status().as_u16(),
        detail: &problem.detail,
        instance,
        code: problem.code.as_str(),
        trace_id: trace_id.as_str(),
    };
    serde_json::to_vec(&body).unwrap_or_default()
}
