//! What many ask for at once is rendered and packed once, and its bytes are shared.

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

/// One representation, as it was last rendered. Who asks while it is rendered waits for that.
pub struct Kept {
    name: &'static str,
    time: Duration,
    last: Mutex<Option<Arc<Rendering>>>,
}

/// One rendering: its plain bytes, and its packed ones as they are first asked for.
pub struct Rendering {
    name: &'static str,
    /// Unless the client wants another.
    pub code: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    plain: Bytes,
    packed: [OnceCell<Bytes>; Coding::ALL.len()],
    done: Instant,
}

/// What a renderer makes.
pub struct Draft {
    /// Unless the client wants another.
    pub code: StatusCode,
    /// But those of the coding.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Not compressed.
    pub body: Vec<u8>,
}

impl Kept {
    /// Nothing yet; each rendering is served for this `time`.
    pub fn empty(name: &'static str, time: Duration) -> Self {
        Self { name, time, last: Mutex::new(None) }
    }

    /// The last rendering, while it is fresh, or else another.
    ///
    /// # Errors
    /// Those of `render`, which are not kept.
    pub async fn get<E>(
        &self,
        metrics: &HttpMetrics,
        render: impl FnOnce() -> Result<Draft, E>,
    ) -> Result<Arc<Rendering>, E> {
        let mut last = self.last.lock().await;
        // Since its end: one that takes long is shared all the same.
        if let Some(rendering) = last.as_ref().filter(|last| last.done.elapsed() < self.time) {
            return Ok(rendering.clone());
        }
        let draft = render()?;
        count(metrics, self.name, Coding::Identity);
        let rendering = Arc::new(Rendering {
            name: self.name,
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
    /// An answer of it.
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

    /// `None` for the plain bytes. The work is done where it holds up no other request.
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
