//! What is pending for a client that follows a stream, as its connection sees it.

use std::{
    fmt::Debug,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use actix_web::HttpRequest;

use super::{
    parts::{SentInParts, exchange},
    register::Entry,
};

/// The events that a client does not have yet.
pub trait Backlog: Debug + Send + Sync {
    /// Whether nothing is pending that was pending before this time.
    fn is_empty_since(&self, time: Instant) -> bool;

    /// Whether the client must be dropped, of which the kernel has accepted no byte since then.
    fn is_too_long(&self, now: Instant, blocked_since: Option<Instant>) -> bool;
}

type OnDrop = Arc<dyn Fn() + Send + Sync>;

/// The place of a backlog in the entry of a connection.
#[derive(Default)]
pub struct Followed(Mutex<Option<(Arc<dyn Backlog>, OnDrop)>>);

impl Followed {
    /// Whether the connection follows a stream.
    pub fn is_any(&self) -> bool {
        self.with(|_, _| ()).is_some()
    }

    /// Whether the connection follows a stream of which nothing is pending since this time.
    pub fn is_up_to_date(&self, time: Instant) -> bool {
        self.with(|backlog, _| backlog.is_empty_since(time)).unwrap_or(false)
    }

    /// Whether the client must be dropped. Then the stream is told so.
    pub fn is_too_long(&self, now: Instant, blocked_since: Option<Instant>) -> bool {
        let is_too_long = |backlog: &dyn Backlog, on_drop: &OnDrop| {
            let is_too_long = backlog.is_too_long(now, blocked_since);
            if is_too_long {
                on_drop();
            }
            is_too_long
        };
        self.with(is_too_long).unwrap_or(false)
    }

    fn with<T>(&self, look: impl FnOnce(&dyn Backlog, &OnDrop) -> T) -> Option<T> {
        let followed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        followed.as_ref().map(|(backlog, on_drop)| look(backlog.as_ref(), on_drop))
    }

    fn set(&self, followed: Option<(Arc<dyn Backlog>, OnDrop)>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = followed;
    }
}

impl Debug for Followed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Followed").field(&self.is_any()).finish()
    }
}

/// Held by a body that sends events as they come: its connection looks at the backlog, and is not idle.
pub struct Follows {
    entry: Option<Arc<Entry>>,
    _sent_in_parts: SentInParts,
}

impl Follows {
    /// Begins for the answer to this request. `on_drop` is called when the connection is ended for its backlog.
    pub fn begin(
        request: &HttpRequest,
        backlog: Arc<dyn Backlog>,
        on_drop: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        let entry = exchange(request).map(|exchange| exchange.entry().clone());
        if let Some(entry) = &entry {
            entry.followed.set(Some((backlog, Arc::new(on_drop))));
        }
        Self { entry, _sent_in_parts: SentInParts::begin(request) }
    }
}

impl Drop for Follows {
    fn drop(&mut self) {
        self.entry.iter().for_each(|entry| entry.followed.set(None));
    }
}
