//! What the task that renders shares with the handlers.

use std::{sync::Arc, time::Duration};

use actix_web::{
    HttpResponse,
    http::StatusCode,
    http::header::{CONTENT_TYPE, HeaderValue},
};
use tokio::{
    sync::{Semaphore, watch},
    time::timeout,
};

use super::{
    follower::Follower,
    frame,
    metrics::{Client, LiveMetrics},
    picture::{LiveNow, Picture, behind_seconds},
    window::{Event, Shown, Window},
};
use crate::web::{
    coding::Coding,
    metrics::HttpMetrics,
    rendered::{Draft, RenderCache},
    v1::answer::One,
};
use sectorwatch_core::Time;

/// How long a request waits for the first rendering, or for that of a snapshot that has just been stored.
const RENDERED_WITHIN: Duration = Duration::from_secs(2);

/// Reads the mark that was stored last by this instance, without waiting.
pub type NewestStored = Arc<dyn Fn() -> Option<Time> + Send + Sync>;

/// The live stream. Clones share it.
#[derive(Clone)]
pub struct LiveStream(Arc<Inner>);

struct Inner {
    window: watch::Sender<Window>,
    places: Arc<Semaphore>,
    metrics: LiveMetrics,
    answers: RenderCache,
    newest_stored: NewestStored,
}

impl LiveStream {
    /// A stream for this many clients, which shows nothing yet.
    pub fn new(clients: usize, metrics: LiveMetrics, newest_stored: NewestStored) -> Self {
        Self(Arc::new(Inner {
            window: watch::Sender::default(),
            places: Arc::new(Semaphore::new(clients.min(Semaphore::MAX_PERMITS))),
            metrics,
            answers: RenderCache::empty("live", Duration::MAX),
            newest_stored,
        }))
    }

    /// The newest picture; `None` before the first.
    pub fn shown(&self) -> Option<Arc<Shown>> {
        self.0.window.borrow().shown().cloned()
    }

    /// Shows the next picture, to which an event leads.
    pub fn push(&self, event: Event, shown: Shown) {
        self.0.metrics.renders.inc();
        self.0.window.send_modify(|window| window.push(event, shown));
    }

    /// Shows a picture to which no event leads. All clients get it.
    pub fn replace(&self, shown: Shown) {
        self.0.metrics.renders.inc();
        self.0.window.send_modify(|window| window.replace(shown));
    }

    /// Ends all streams.
    pub fn close(&self) {
        self.0.window.send_modify(Window::close);
    }

    /// A place for one more client; `None` if there is none.
    pub fn client(&self) -> Option<Client> {
        let place = Arc::clone(&self.0.places).try_acquire_owned().ok()?;
        Some(Client::new(self.0.metrics.clone(), place))
    }

    /// A client that has everything up to the event with this id, or nothing.
    pub fn follower(&self, last_id: Option<i64>) -> Follower {
        Follower::new(self.0.window.subscribe(), last_id)
    }

    /// Answers with the newest picture, which requests share; `None` if there is none yet. `fetched` is when the newest
    /// publication was published that was fetched.
    pub async fn answer(
        &self,
        metrics: &HttpMetrics,
        fetched: impl FnOnce() -> Option<Time>,
        coding: Coding,
    ) -> Option<HttpResponse> {
        let (number, shown) = self.newest().await?;
        let behind_seconds = behind_seconds(fetched(), shown.picture.mark);
        let key = format!("{number} {behind_seconds}");
        let draft = || {
            let now = LiveNow { behind_seconds: Some(behind_seconds), ..shown.picture.now.clone() };
            let one = One { data: now, mark: shown.picture.mark };
            let headers = vec![(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
            Ok::<_, serde_json::Error>(Draft {
                code: StatusCode::OK,
                headers,
                body: serde_json::to_vec(&one)?,
            })
        };
        let rendering = self.0.answers.get(metrics, &key, draft).await.ok()?;
        Some(rendering.answer(metrics, StatusCode::OK, coding).await)
    }

    /// The newest picture with its number. Whoever knows that a snapshot is stored, gets it: its rendering is awaited.
    async fn newest(&self) -> Option<(u64, Arc<Shown>)> {
        let mut window = self.0.window.subscribe();
        let stored = (self.0.newest_stored)();
        let is_newest =
            |window: &Window| window.shown().is_some_and(|shown| shown.picture.mark >= stored);
        let _ = timeout(RENDERED_WITHIN, window.wait_for(is_newest)).await;
        let window = window.borrow();
        Some((window.renders(), window.shown()?.clone()))
    }
}

impl Shown {
    /// Renders a picture.
    ///
    /// # Errors
    /// It is no JSON.
    pub fn of(picture: Picture) -> serde_json::Result<Self> {
        let one = One { data: &picture.now, mark: picture.mark };
        let snapshot = frame::event("snapshot", picture.id(), &one)?;
        Ok(Self { picture, snapshot })
    }
}
