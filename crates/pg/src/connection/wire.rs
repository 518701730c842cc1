//! Reads the server's messages from the wire.
//!
//! diesel-async 0.9 keeps the code of a database error in a private type and passes on only its kind, so that
//! class 22 (a bad record) and class 53 (a full disk) look the same. tokio-postgres drops the byte in which
//! the server reports an open transaction, so that a raw `BEGIN` is not seen. The stream is therefore watched
//! for these messages, for requests without an answer, for the process id of the startup, and for the request
//! for a password, which is not always answered.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::{Duration, Instant},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, TlsStream};

use super::{SqlState, pending_requests::PendingRequests};

/// The observations of one session. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Wire(Arc<Mutex<Observed>>);

#[derive(Debug, Default)]
struct Observed {
    error: Option<SqlState>,
    /// `None` between an error and the end of the answer.
    transaction: Option<bool>,
    requests: PendingRequests,
    /// Whether the server was late with an answer, and the session was given up.
    is_late: bool,
    /// The process id of the startup.
    greeted_as: Option<i32>,
    /// Whether others could read the traffic, so that a password must not be sent in clear text.
    is_exposed: bool,
    /// How the server requested a password.
    password_request: Option<PasswordRequest>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PasswordRequest {
    ClearText,
    Md5,
}

/// The interval at which an idle session is checked. No limit is shorter.
const CHECK_EVERY: Duration = Duration::from_secs(1);

impl Wire {
    /// Sets the server's statement timeout; `None` means no limit.
    pub fn limit(&self, limit: Option<Duration>) {
        self.observed().requests.limit(limit);
    }

    /// Waits until an answer is late, and records it.
    pub async fn late(&self) {
        loop {
            let (now, due) = (Instant::now(), self.observed().requests.due());
            if due.is_some_and(|due| due <= now) {
                self.observed().is_late = true;
                return;
            }
            let next = now + CHECK_EVERY;
            tokio::time::sleep_until(due.map_or(next, |due| due.min(next)).into()).await;
        }
    }

    /// Whether the session was given up because the server was late.
    pub fn is_late(&self) -> bool {
        self.observed().is_late
    }

    /// The process id of the startup, which may be a pooler's.
    pub fn greeted_as(&self) -> Option<i32> {
        self.observed().greeted_as
    }

    /// The wire of a session that others could read. When the server requests the password in clear text,
    /// reading fails, so that the request is not answered.
    pub fn exposed() -> Self {
        let wire = Self::default();
        wire.observed().is_exposed = true;
        wire
    }

    /// Whether the server requested a password in clear text that must not be sent.
    pub fn refused_cleartext(&self) -> bool {
        self.observed().is_refused()
    }

    /// Whether the server requested the password's MD5 digest.
    pub fn was_asked_for_md5(&self) -> bool {
        self.observed().password_request == Some(PasswordRequest::Md5)
    }

    /// The SQLSTATE of the newest error. It is kept.
    pub fn error(&self) -> Option<SqlState> {
        self.observed().error
    }

    /// Takes the SQLSTATE of the newest error, so that it is not attributed to a later failure.
    pub fn take_error(&self) -> Option<SqlState> {
        self.observed().error.take()
    }

    /// Whether the server's last report was an open transaction.
    pub fn is_in_transaction(&self) -> bool {
        self.observed().transaction == Some(true)
    }

    fn observed(&self) -> MutexGuard<'_, Observed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observed {
    fn message(&mut self, kind: u8, body: &[u8]) {
        match (kind, body) {
            (b'E', fields) => {
                self.error = code(fields).or(self.error);
                self.transaction = None;
            }
            (b'R', [0, 0, 0, 3, ..]) => self.password_request = Some(PasswordRequest::ClearText),
            (b'R', [0, 0, 0, 5, ..]) => self.password_request = Some(PasswordRequest::Md5),
            (b'K', [a, b, c, d, ..]) => {
                self.greeted_as = Some(i32::from_be_bytes([*a, *b, *c, *d]))
            }
            (b'Z', [status, ..]) => {
                self.transaction = Some(*status != b'I');
                self.requests.answered();
            }
            _ => {}
        }
    }

    fn is_refused(&self) -> bool {
        self.is_exposed && self.password_request == Some(PasswordRequest::ClearText)
    }
}

/// The field `C` of an `ErrorResponse`, whose fields are a kind and a text that ends with NUL.
fn code(error: &[u8]) -> Option<SqlState> {
    error
        .split(|byte| *byte == 0)
        .find_map(|field| field.strip_prefix(b"C"))
        .and_then(|code| code.try_into().ok())
        .map(SqlState)
}

/// A socket with observed incoming messages.
pub struct Watched<S> {
    socket: S,
    frames: Frames,
    wire: Wire,
}

impl<S> Watched<S> {
    pub fn new(socket: S, wire: Wire) -> Self {
        Self { socket, frames: Frames::default(), wire }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.socket).poll_read(cx, buf);
        let this = &mut *self;
        let bytes = &buf.filled()[before..];
        if !bytes.is_empty() {
            let mut observed = this.wire.observed();
            this.frames.feed(bytes, &mut observed);
            if observed.is_refused() {
                buf.set_filled(before);
                let reason = "the password is asked for in clear text";
                return Poll::Ready(Err(io::Error::new(io::ErrorKind::PermissionDenied, reason)));
            }
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.wire.observed().requests.sending();
        let polled = Pin::new(&mut self.socket).poll_write(cx, buf);
        if let Poll::Ready(Ok(sent)) = polled {
            self.wire.observed().requests.sent(&buf[..sent]);
        }
        polled
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}

impl<S: TlsStream> TlsStream for Watched<S>
where
    Self: AsyncRead + AsyncWrite,
{
    fn channel_binding(&self) -> ChannelBinding {
        self.socket.channel_binding()
    }
}

/// Splits the incoming bytes into messages: a kind, a length that includes itself, a body.
#[derive(Default)]
struct Frames {
    head: Vec<u8>,
    kind: u8,
    body_left: usize,
    /// The beginning of a body of interest.
    body: Vec<u8>,
}

impl Frames {
    const BODY_BYTES_KEPT: usize = 4096;

    fn feed(&mut self, mut bytes: &[u8], observed: &mut Observed) {
        while !bytes.is_empty() {
            if self.body_left == 0 {
                let wanted = 5 - self.head.len();
                let (head, rest) = bytes.split_at(wanted.min(bytes.len()));
                self.head.extend_from_slice(head);
                bytes = rest;
                let [kind, a, b, c, d] = self.head[..] else { continue };
                self.kind = kind;
                self.body_left = (u32::from_be_bytes([a, b, c, d]) as usize).saturating_sub(4);
                self.body.clear();
                self.head.clear();
            }
            let (body, rest) = bytes.split_at(self.body_left.min(bytes.len()));
            self.body_left -= body.len();
            bytes = rest;
            if matches!(self.kind, b'E' | b'K' | b'R' | b'Z') {
                let room = Self::BODY_BYTES_KEPT - self.body.len();
                self.body.extend_from_slice(&body[..body.len().min(room)]);
                if self.body_left == 0 {
                    observed.message(self.kind, &self.body);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
