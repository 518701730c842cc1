//! Reading SQLSTATE off the wire.
//!
//! diesel-async 0.9 keeps the code of a database error in a private type and hands on its kind
//! alone, which tells class 22 from class 53 by nothing. Both mean opposite things here: a bad
//! record, or a full disk. So the stream is watched for `ErrorResponse` messages.

use std::{
    fmt, io,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Five characters, for example `23505`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SqlState([u8; 5]);

impl SqlState {
    /// The code.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("?????")
    }

    /// The class, from the closed set of the label `sqlstate_class`.
    pub fn class(&self) -> &'static str {
        class_of(self.as_str())
    }
}

impl fmt::Display for SqlState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The class of a code, from the closed set of the label `sqlstate_class`.
pub fn class_of(code: &str) -> &'static str {
    const CLASSES: [&str; 9] = ["08", "22", "23", "28", "3D", "40", "42", "53", "57"];
    CLASSES.into_iter().find(|class| code.starts_with(class)).unwrap_or("other")
}

/// The SQLSTATE of the newest error of one session.
#[derive(Debug, Clone, Default)]
pub struct LastError(Arc<Mutex<Option<SqlState>>>);

impl LastError {
    /// Takes it, so that it is never read for a later failure.
    pub fn take(&self) -> Option<SqlState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn set(&self, state: SqlState) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(state);
    }
}

/// A socket whose incoming messages are watched.
pub struct Watched<S> {
    socket: S,
    frames: Frames,
    last_error: LastError,
}

impl<S> Watched<S> {
    pub fn new(socket: S, last_error: LastError) -> Self {
        Self { socket, frames: Frames::default(), last_error }
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
        if let Some(state) = this.frames.feed(&buf.filled()[before..]) {
            this.last_error.set(state);
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
        Pin::new(&mut self.socket).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}

/// Cuts the incoming bytes into messages: a kind, a length that counts itself, a body.
#[derive(Default)]
struct Frames {
    head: Vec<u8>,
    body_left: usize,
    error: Option<Vec<u8>>,
}

impl Frames {
    const ERROR_BYTES_KEPT: usize = 4096;

    /// The SQLSTATE of the newest error that ends in these bytes.
    fn feed(&mut self, mut bytes: &[u8]) -> Option<SqlState> {
        let mut newest = None;
        while !bytes.is_empty() {
            if self.body_left == 0 {
                let wanted = 5 - self.head.len();
                let (head, rest) = bytes.split_at(wanted.min(bytes.len()));
                self.head.extend_from_slice(head);
                bytes = rest;
                if let [kind, a, b, c, d] = self.head[..] {
                    self.body_left = (u32::from_be_bytes([a, b, c, d]) as usize).saturating_sub(4);
                    self.error = (kind == b'E').then(Vec::new);
                    self.head.clear();
                }
            }
            let (body, rest) = bytes.split_at(self.body_left.min(bytes.len()));
            self.body_left -= body.len();
            bytes = rest;
            if let Some(error) = &mut self.error {
                let room = Self::ERROR_BYTES_KEPT - error.len();
                error.extend_from_slice(&body[..body.len().min(room)]);
            }
            if self.body_left == 0 && self.head.is_empty() {
                newest = self.error.take().and_then(|error| code(&error)).or(newest);
            }
        }
        newest
    }
}

/// The field `C` of an `ErrorResponse`: fields of a kind and a text that ends with NUL.
fn code(error: &[u8]) -> Option<SqlState> {
    error
        .split(|byte| *byte == 0)
        .find_map(|field| field.strip_prefix(b"C"))
        .and_then(|code| code.try_into().ok())
        .map(SqlState)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: u8, body: &[u8]) -> Vec<u8> {
        let mut bytes = vec![kind];
        bytes.extend_from_slice(&(body.len() as u32 + 4).to_be_bytes());
        bytes.extend_from_slice(body);
        bytes
    }

    #[test]
    fn finds_the_code_however_the_bytes_are_cut() {
        let mut stream = message(b'Z', b"I");
        stream.extend(message(b'2', b""));
        stream.extend(message(b'E', b"SERROR\0VERROR\0C53100\0Mdisk full\0\0"));
        stream.extend(message(b'Z', b"E"));
        for size in 1..=stream.len() {
            let mut frames = Frames::default();
            let found: Vec<_> = stream.chunks(size).filter_map(|part| frames.feed(part)).collect();
            assert_eq!(found, [SqlState(*b"53100")], "in pieces of {size}");
        }
    }

    #[test]
    fn a_row_that_looks_like_an_error_is_none() {
        let row = message(b'D', &message(b'E', b"C23505\0\0"));
        assert_eq!(Frames::default().feed(&row), None);
    }

    #[test]
    fn the_newest_of_two_errors_counts_and_a_long_one_is_cut() {
        let mut stream = message(b'E', b"C23505\0\0");
        let mut long = b"SERROR\0C22003\0M".to_vec();
        long.resize(1 << 20, b'x');
        stream.extend(message(b'E', &long));
        assert_eq!(Frames::default().feed(&stream), Some(SqlState(*b"22003")));
        assert_eq!((class_of("22003"), class_of("P0001")), ("22", "other"));
    }
}
