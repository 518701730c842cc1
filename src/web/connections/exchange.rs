//! What the stream of a connection, the handlers of its requests and the task that serves it know of
//! each other. All three are on one thread.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

use actix_http::{HttpMessage as _, Request};
use actix_web::http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};

use super::{Limits, head::Head, metrics::Reason, place::Place, refusal::Refusal, register::Entry};

/// More than any client of ours has to say.
const LARGEST_HEAD: usize = 16 * 1024;
/// Of a body that nobody reads, until the connection ends.
const LARGEST_BODY: usize = 1024 * 1024;

/// The state of one connection.
pub struct Exchange {
    place: Place,
    limits: Limits,
    /// Requests that a handler has.
    served: Cell<u32>,
    /// A handler answered since the last turn began, so what is written is its answer.
    is_answered: Cell<bool>,
    /// The kernel takes no more for now.
    is_blocked: Cell<bool>,
    /// The stream may hand on the rest of one head in this turn.
    may_read: Cell<bool>,
    /// The stream held something back.
    is_hungry: Cell<bool>,
    /// What follows the last head is its body.
    has_body: Cell<bool>,
    reason: Cell<Option<Reason>>,
    head: RefCell<Head>,
}

impl Exchange {
    /// Of a connection that has this place.
    pub fn new(place: Place, limits: Limits) -> Rc<Self> {
        Rc::new(Self {
            place,
            limits,
            served: Cell::new(0),
            is_answered: Cell::new(false),
            is_blocked: Cell::new(false),
            may_read: Cell::new(true),
            is_hungry: Cell::new(false),
            has_body: Cell::new(false),
            reason: Cell::new(None),
            head: RefCell::default(),
        })
    }

    /// As others see it.
    pub fn entry(&self) -> &Arc<Entry> {
        self.place.entry()
    }

    /// actix-http is about to be polled. Where nothing is left to answer, one more head may be read.
    pub fn begin_turn(&self) {
        if self.is_idle() {
            self.is_answered.set(false);
            self.may_read.set(true);
        }
    }

    /// Whether another turn is due at once.
    pub fn wants_turn(&self) -> bool {
        self.is_idle() && self.is_hungry.take()
    }

    fn is_idle(&self) -> bool {
        self.served.get() == 0 && !self.is_blocked.get()
    }

    /// A handler has the request.
    pub fn begin(&self, request: &Request) {
        self.served.set(self.served.get() + 1);
        let headers = request.headers();
        let length = headers.get(CONTENT_LENGTH).is_some_and(|length| length.as_bytes() != b"0");
        self.has_body.set(length || headers.contains_key(TRANSFER_ENCODING));
    }

    /// The handler answered.
    pub fn answered(&self) {
        self.served.set(self.served.get().saturating_sub(1));
        self.is_answered.set(true);
    }

    /// Whether the stream may hand bytes on.
    pub fn may_read(&self) -> bool {
        self.may_read.get()
    }

    /// There may be more to read, or to hand on.
    pub fn is_held_back(&self) {
        self.is_hungry.set(true);
    }

    /// How many of these bytes are handed on: up to the end of a head, after which it is over for
    /// this turn.
    pub fn hand_on(&self, bytes: &[u8]) -> usize {
        self.may_read.set(false);
        self.is_hungry.set(true);
        self.head.borrow_mut().take(bytes, Instant::now())
    }

    /// Whether what was handed on is more than a request may have.
    pub fn is_too_large(&self) -> bool {
        let most = if self.has_body.get() { LARGEST_BODY } else { LARGEST_HEAD };
        self.head.borrow().bytes > most
    }

    /// Whether a refusal would be read as an answer to what is being read.
    pub fn can_refuse(&self) -> bool {
        self.is_idle() && !self.has_body.get()
    }

    /// What stands for the bytes that actix-http is about to write, when no handler made them.
    pub fn refusal(&self, written: &[u8]) -> Option<Refusal> {
        if self.is_answered.get() { None } else { Refusal::of(written) }
    }

    /// A refusal is on its way, and the end of the connection.
    pub fn refused(&self, refusal: Refusal) {
        self.is_answered.set(true);
        if self.reason.replace(Some(refusal.reason())).is_none()
            && refusal.reason() == Reason::Malformed
        {
            self.place.malformed();
        }
    }

    /// Bytes went one way or the other.
    pub fn moved(&self) {
        self.place.moved();
    }

    /// Whether the kernel took what was written.
    pub fn set_blocked(&self, is_blocked: bool) {
        self.is_blocked.set(is_blocked);
    }

    /// When somebody will have waited for too long, if nothing moves, and for what.
    pub fn deadline(&self) -> Option<(Instant, Reason)> {
        if self.is_blocked.get() {
            let moved_at: Duration = self.entry().moved_at();
            let deadline = self.place.began() + moved_at + self.limits.write_timeout;
            return Some((deadline, Reason::WriteTimeout));
        }
        let begun = self.head.borrow().begun.filter(|_| self.served.get() == 0)?;
        Some((begun + self.limits.head_timeout, Reason::SlowRequest))
    }

    /// It is over, for this reason unless there was one already.
    pub fn close(&self, reason: Reason) {
        let reason = self.reason.get().unwrap_or(reason);
        self.reason.set(Some(reason));
        self.place.set_reason(reason);
    }

    /// What the kernel still has for the client is thrown away.
    pub fn is_cut(&self) -> bool {
        matches!(self.reason.get(), Some(Reason::WriteTimeout | Reason::Evicted))
    }
}
