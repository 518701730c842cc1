//! Renders and compresses an answer once for concurrent requests, and shares its bytes.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{CONTENT_ENCODING, HeaderName, HeaderValue},
    },
    rt::task::spawn_blocking,
};
use bytes::Bytes;
use tokio::sync::{Mutex, OnceCell};

use super::{coding::Coding, metrics::HttpMetrics, portions::Portions};

/// How long a rendering is served.
pub const RENDERED_FOR: Duration = Duration::from_millis(250);

/// The latest rendering of one representation, for one key. Requests wait while it is rendered.
pub struct RenderCache {
    name: &'static str,
    time: Duration,
    last: Mutex<Option<Arc<Rendering>>>,
}

/// A rendering: its plain bytes, and its compressed bytes once they are requested.
pub struct Rendering {
    name: &'static str,
    key: String,
    /// The status code, unless the client asks for another.
    pub code: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    plain: Bytes,
    packed: [OnceCell<Bytes>; Coding::ALL.len()],
    done: Instant,
}

/// The result of a renderer.
pub struct Draft {
    /// The status code, unless the client asks for another.
    pub code: StatusCode,
    /// The headers, without those of the coding.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The body, not compressed.
    pub body: Vec<u8>,
}

impl RenderCache {
    /// Creates an empty cache whose renderings are served for `time`.
    pub fn empty(name: &'static str, time: Duration) -> Self {
        Self { name, time, last: Mutex::new(None) }
    }

    /// Returns the last rendering while it is fresh and of the same key, or else a new one.
    ///
    /// # Errors
    /// The errors of `render`, which are not cached.
    pub async fn get<E>(
        &self,
        metrics: &HttpMetrics,
        key: &str,
        render: impl FnOnce() -> Result<Draft, E>,
    ) -> Result<Arc<Rendering>, E> {
        let mut last = self.last.lock().await;
        // Measured from its end, so that a slow rendering is shared too.
        let is_same = |last: &&Arc<Rendering>| last.key == key && last.done.elapsed() < self.time;
        if let Some(rendering) = last.as_ref().filter(is_same) {
            return Ok(rendering.clone());
        }
        let draft = render()?;
        count(metrics, self.name, Coding::Identity);
        let rendering = Arc::new(Rendering {
            name: self.name,
            key: key.to_owned(),
            code: draft.code,
            headers: draft.headers,
            plain: draft.body.into(),
            packed: Default::default(),
            done: Instant::now(),
        });
        *last = Some(rendering.clone());
        Ok(rendering)
    }
}

impl Rendering {
    /// Makes an answer of the rendering.
    pub async fn answer(
        &self,
        metrics: &HttpMetrics,
        code: StatusCode,
        coding: Coding,
    ) -> HttpResponse {
        let mut answer = HttpResponse::build(code);
        for header in &self.headers {
            answer.append_header(header.clone());
        }
        match self.packed(metrics, coding).await {
            Some(packed) => {
                answer.insert_header((CONTENT_ENCODING, coding.as_str()));
                answer.body(Portions::of(packed))
            }
            None => answer.body(Portions::of(self.plain.clone())),
        }
    }

    /// `None` for the plain bytes. Compresses where it delays no other request.
    async fn packed(&self, metrics: &HttpMetrics, coding: Coding) -> Option<Bytes> {
        if coding == Coding::Identity {
            return None;
        }
        let pack = async || {
            let plain = self.plain.clone();
            let packed = spawn_blocking(move || coding.pack(&plain)).await.ok()?.ok()?;
            count(metrics, self.name, coding);
            Some(Bytes::from(packed))
        };
        let cell = &self.packed[coding.index()];
        cell.get_or_try_init(|| async { pack().await.ok_or(()) }).await.ok().cloned()
    }
}

fn count(metrics: &HttpMetrics, representation: &str, coding: Coding) {
    metrics.rendered.with_label_values(&[representation, coding.as_str()]).inc();
}
