//! Answers: JSON or a file, compressed, with what a client may keep.

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::header::{
        CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderName, HeaderValue,
        IF_NONE_MATCH, VARY,
    },
    rt::task::spawn_blocking,
};
use bytes::Bytes;
use serde::Serialize;
use utoipa::ToSchema;

use super::{caching::Kept, failure, request::Request};
use crate::web::{coding::Coding, portions::Portions, problem::Problem};
use chrono::{DateTime, Utc};
use sectorwatch_store::api::{Facts, Read};

/// Answers to another caller may differ, and so may those to a client that accepts another coding.
const VARIES: &str = "Authorization, Accept-Encoding";
/// A closed answer may be kept for an hour by the client itself, and then asked for again.
const KEPT: &str = "private, max-age=3600";
const JSON: &str = "application/json";

/// A page of a list.
#[derive(Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows, in the order of the list.
    pub data: Vec<T>,
    /// Path and query of the next page; null when this one is the last.
    pub next: Option<String>,
    /// When the newest snapshot was published that the list shows. All pages of a walk have that of the first one.
    /// Null before the first snapshot was stored.
    pub mark: Option<DateTime<Utc>>,
}

/// One thing.
#[derive(Serialize, ToSchema)]
pub struct One<T> {
    /// The thing.
    pub data: T,
    /// When the newest snapshot was published that it was read at; null before the first one was stored.
    pub mark: Option<DateTime<Utc>>,
}

/// An answer before it is compressed.
pub struct Draft {
    /// What it is.
    pub content_type: &'static str,
    /// Headers beside those of every answer.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// What the client may keep; `None` for nothing.
    pub kept: Option<Kept>,
}

impl Draft {
    /// JSON that nobody keeps.
    pub fn json() -> Self {
        Self { content_type: JSON, headers: Vec::new(), kept: None }
    }
}

impl Request {
    /// Answers with one thing that was read.
    ///
    /// # Errors
    /// There is no memory for more answers.
    pub async fn one<T: Serialize + Send + 'static>(
        &self,
        read: Read<T>,
    ) -> Result<HttpResponse, Problem> {
        let kept = self.kept(&read.facts).await?;
        let one = One { data: read.data, mark: read.facts.mark };
        self.answer(Draft { kept, ..Draft::json() }, move || serde_json::to_vec(&one)).await
    }

    /// Answers with what `render` makes, which may take long.
    ///
    /// # Errors
    /// It cannot be rendered, or there is no memory for more answers.
    pub async fn answer(
        &self,
        draft: Draft,
        render: impl FnOnce() -> serde_json::Result<Vec<u8>> + Send + 'static,
    ) -> Result<HttpResponse, Problem> {
        let coding = self.coding;
        let packed = spawn_blocking(move || coding.pack(&render()?)).await;
        let Ok(Ok(body)) = packed else {
            return Err(failure::internal("an answer cannot be rendered"));
        };
        let kib = u32::try_from(body.len().div_ceil(1024)).unwrap_or(u32::MAX);
        let room = self.state.room.clone().try_acquire_many_owned(kib);
        let room = room.map_err(|_| failure::not_taken())?;
        let mut answer = HttpResponse::Ok();
        answer.insert_header((CONTENT_TYPE, draft.content_type));
        for header in draft.headers {
            answer.insert_header(header);
        }
        if coding != Coding::Identity {
            answer.insert_header((CONTENT_ENCODING, coding.as_str()));
        }
        mark_kept(&mut answer, draft.kept);
        Ok(answer.body(Portions::of_its_own(Bytes::from(body), room)))
    }

    /// What the client may keep of an answer that was read at `facts`.
    pub async fn kept(&self, facts: &Facts) -> Result<Option<Kept>, Problem> {
        if !facts.is_closed {
            return Ok(None);
        }
        let key = self.api()?.key().await?;
        Ok(Some(Kept::of(self, &key, facts.data_version)))
    }

    /// The answer to a client that has kept what would be answered; `None` if it has not, or that cannot be known.
    pub async fn unchanged(&self) -> Option<HttpResponse> {
        // Only a span with an end can be closed. Without a tag nothing was kept.
        if !self.http.headers().contains_key(IF_NONE_MATCH) || !self.may_be_closed() {
            return None;
        }
        let seal = self.api().ok()?.seal().await.ok()?;
        let kept = Kept::of(self, &seal.key, seal.data_version);
        if !kept.is_named_by(&self.http) {
            return None;
        }
        let mut answer = HttpResponse::NotModified();
        mark_kept(&mut answer, Some(kept));
        Some(answer.finish())
    }
}

fn mark_kept(answer: &mut HttpResponseBuilder, kept: Option<Kept>) {
    answer.insert_header((VARY, VARIES));
    if let Some(kept) = kept {
        answer.insert_header((ETAG, kept.tag())).insert_header((CACHE_CONTROL, KEPT));
    }
}
