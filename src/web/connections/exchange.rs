//! The state shared by the stream of a connection, the handlers of its requests and the task that serves it.
//! All three are on one thread.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

use actix_http::{HttpMessage as _, Request};
use actix_web::http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};

use super::{
    Limits, head::Head, metrics::CloseReason, place::Place, refusal::Refusal, register::Entry,
};

/// More than the head of any legitimate client.
const LARGEST_HEAD: usize = 16 * 1024;
/// The largest part of an unread body before the connection ends.
const LARGEST_BODY: usize = 1024 * 1024;

/// How often the backlog of a blocked connection is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// The state of one connection.
pub struct Exchange {
    place: Place,
    limits: Limits,
    /// Requests that were passed to a handler.
    served: Cell<u32>,
    /// Whether a handler has answered since the turn began, so that its answer is what is written.
    is_answered: Cell<bool>,
    /// Since when the kernel accepts no more bytes. Bytes that the client sends meanwhile are no progress.
    blocked_since: Cell<Option<Instant>>,
    /// The route of the request that was passed to a handler last.
    route: Cell<Option<&'static str>>,
    /// Whether the stream may pass on the rest of one head in this turn.
    may_read: Cell<bool>,
    /// Whether the stream held bytes back.
    has_held_back: Cell<bool>,
    /// Whether a body follows the last head.
    has_body: Cell<bool>,
    reason: Cell<Option<CloseReason>>,
    head: RefCell<Head>,
}

impl Exchange {
    /// Creates the state of a connection that has this place.
    pub fn new(place: Place, limits: Limits) -> Rc<Self> {
        Rc::new(Self {
            place,
            limits,
            served: Cell::new(0),
            is_answered: Cell::new(false),
            blocked_since: Cell::new(None),
            route: Cell::new(None),
            may_read: Cell::new(true),
            has_held_back: Cell::new(false),
            has_body: Cell::new(false),
            reason: Cell::new(None),
            head: RefCell::default(),
        })
    }

    /// The connection's entry in the register.
    pub fn entry(&self) -> &Arc<Entry> {
        self.place.entry()
    }

    /// Begins a turn of actix-http. If no answer is pending, one more head may be read.
    pub fn begin_turn(&self) {
        if self.is_idle() {
            self.is_answered.set(false);
            self.may_read.set(true);
        }
    }

    /// Whether another turn is due at once.
    pub fn wants_turn(&self) -> bool {
        self.is_idle() && self.has_held_back.take()
    }

    fn is_idle(&self) -> bool {
        self.served.get() == 0 && self.blocked_since.get().is_none()
    }

    /// Records that a handler has the request.
    pub fn begin(&self, request: &Request) {
        self.served.set(self.served.get() + 1);
        let headers = request.headers();
        let length = headers.get(CONTENT_LENGTH).is_some_and(|length| length.as_bytes() != b"0");
        self.has_body.set(length || headers.contains_key(TRANSFER_ENCODING));
    }

    /// Records that the handler answered.
    pub fn answered(&self) {
        self.served.set(self.served.get().saturating_sub(1));
        self.is_answered.set(true);
    }

    /// Whether the stream may pass bytes on.
    pub fn may_read(&self) -> bool {
        self.may_read.get()
    }

    /// Records that there may be more to read or to pass on.
    pub fn is_held_back(&self) {
        self.has_held_back.set(true);
    }

    /// How many of these bytes are passed on: up to the end of a head, which is the last of this turn.
    pub fn hand_on(&self, bytes: &[u8]) -> usize {
        self.may_read.set(false);
        self.has_held_back.set(true);
        self.head.borrow_mut().take(bytes, Instant::now())
    }

    /// Whether more was passed on than a request may have.
    pub fn is_too_large(&self) -> bool {
        let most = if self.has_body.get() { LARGEST_BODY } else { LARGEST_HEAD };
        self.head.borrow().bytes > most
    }

    /// Whether the client would read a refusal as the answer to its current request.
    pub fn can_refuse(&self) -> bool {
        self.is_idle() && !self.has_body.get()
    }

    /// The refusal that replaces the bytes that actix-http is about to write, if no handler made them.
    pub fn refusal(&self, written: &[u8]) -> Option<Refusal> {
        if self.is_answered.get() { None } else { Refusal::of(written) }
    }

    /// Records that a refusal is being sent, and ends the connection after it.
    pub fn refused(&self, refusal: Refusal) {
        self.is_answered.set(true);
        if self.reason.replace(Some(refusal.reason())).is_none()
            && refusal.reason() == CloseReason::Malformed
        {
            self.place.malformed();
        }
    }

    /// Records progress: bytes were sent or received.
    pub fn moved(&self) {
        self.place.moved();
    }

    /// Sets whether the kernel accepts no more bytes.
    pub fn set_blocked(&self, is_blocked: bool) {
        let since = is_blocked.then(|| self.blocked_since.get().unwrap_or_else(Instant::now));
        self.blocked_since.set(since);
    }

    /// Sets the route of the request that is being served.
    pub fn set_route(&self, route: &'static str) {
        self.route.set(Some(route));
    }

    /// Records that an answer is sent in parts that are still being made. The connection is not idle until then.
    pub fn begin_parts(&self) {
        self.served.set(self.served.get() + 1);
    }

    /// Records that all parts were sent, or none more will be.
    pub fn end_parts(&self) {
        self.served.set(self.served.get().saturating_sub(1));
    }

    /// Whether the client follows a stream of which too much is pending for too long.
    pub fn is_too_far_behind(&self, now: Instant) -> bool {
        self.entry().followed.is_too_long(now, self.blocked_since.get())
    }

    /// When to look again whether it is. Only a client that takes nothing is not looked at by its stream.
    pub fn next_look(&self, now: Instant) -> Option<Instant> {
        let is_blocked = self.blocked_since.get().is_some();
        (is_blocked && self.entry().followed.is_any()).then(|| now + LOOK_EVERY)
    }

    /// When the connection times out without progress, and the reason.
    pub fn deadline(&self) -> Option<(Instant, CloseReason)> {
        if let Some(since) = self.blocked_since.get() {
            return Some((since + self.limits.write_timeout, CloseReason::WriteTimeout));
        }
        let begun = self.head.borrow().begun.filter(|_| self.served.get() == 0)?;
        Some((begun + self.limits.head_timeout, CloseReason::SlowRequest))
    }

    /// Closes the connection, for this reason unless it has another one already.
    pub fn close(&self, reason: CloseReason) {
        let reason = self.reason.get().unwrap_or(reason);
        self.reason.set(Some(reason));
        self.place.set_reason(reason);
        if let (CloseReason::WriteTimeout, Some(route)) = (reason, self.route.get()) {
            self.place.stalled(route);
        }
    }

    /// Whether unsent bytes in the kernel are discarded.
    pub fn is_cut(&self) -> bool {
        matches!(self.reason.get(), Some(CloseReason::WriteTimeout | CloseReason::Evicted))
    }
}
