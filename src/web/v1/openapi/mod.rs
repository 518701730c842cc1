//! The document of the API, made from its handlers and its table, and a page for people made from the document.

mod document;
mod page;
mod parameters;
mod rows;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, VARY},
    web::Data,
};
use bytes::Bytes;

use super::failure;
use crate::web::{
    WebState,
    coding::Coding,
    endpoint::Endpoint,
    page::CONTENT_SECURITY_POLICY as POLICY,
    portions::Portions,
    problem::{Code, Problem},
};

/// Both documents of a table of endpoints in each coding, made when they are first asked for: they never change.
pub struct Documents {
    endpoints: &'static [Endpoint],
    json: OnceLock<Option<[Bytes; 4]>>,
    page: OnceLock<Option<[Bytes; 4]>>,
}

impl Documents {
    /// Those of this table.
    pub fn of(endpoints: &'static [Endpoint]) -> Self {
        Self { endpoints, json: OnceLock::new(), page: OnceLock::new() }
    }

    fn json(&self) -> &Option<[Bytes; 4]> {
        self.json.get_or_init(|| {
            in_all_codings(&serde_json::to_vec_pretty(&document::document(self.endpoints)).ok()?)
        })
    }

    fn page(&self) -> &Option<[Bytes; 4]> {
        self.page.get_or_init(|| {
            let document = serde_json::to_value(document::document(self.endpoints)).ok()?;
            in_all_codings(page::page(&document).into_string().as_bytes())
        })
    }
}

/// The document as OpenAPI 3.1.
pub async fn json(state: Data<WebState>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    answer(&request, state.documents.json(), "application/json")
}

/// The page for people, without scripts.
pub async fn page(state: Data<WebState>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let mut answer = answer(&request, state.documents.page(), "text/html; charset=utf-8")?;
    if let Ok(policy) = HeaderValue::from_str(&POLICY) {
        answer.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    Ok(answer)
}

fn answer(
    request: &HttpRequest,
    document: &Option<[Bytes; 4]>,
    content_type: &'static str,
) -> Result<HttpResponse, Problem> {
    let coding = Coding::wanted(request).map_err(|_| {
        let detail = "An answer is packed as gzip, br or zstd, or not at all.";
        Problem::new(Code::NotAcceptable, detail)
    })?;
    let Some(document) = document else {
        return Err(failure::internal("the document of the API cannot be made"));
    };
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, content_type)).insert_header((VARY, "accept-encoding"));
    if coding != Coding::Identity {
        answer.insert_header((CONTENT_ENCODING, coding.as_str()));
    }
    Ok(answer.body(Portions::of(document[coding.index()].clone())))
}

fn in_all_codings(plain: &[u8]) -> Option<[Bytes; 4]> {
    let packed = Coding::ALL.map(|coding| coding.pack(plain).ok().map(Bytes::from));
    let [Some(identity), Some(gzip), Some(brotli), Some(zstd)] = packed else { return None };
    Some([identity, gzip, brotli, zstd])
}
