//! The stream below actix-http. It passes on one head at a time, because actix-http would accept as many
//! requests as fit into 128 KiB and write all their answers to memory. It sees what is written, and replaces
//! actix-http's own answers.

use std::{
    io,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
    time::Duration,
};

use nix::libc::{MSG_EOR, MSG_NOSIGNAL};
use socket2::SockRef;
use tokio::{
    io::{AsyncRead, AsyncWrite, Interest, ReadBuf},
    net::TcpStream,
};

use super::{exchange::Exchange, refusal::Refusal};

/// Bytes that are read ahead, so that a disconnect is noticed while a request is served.
const AHEAD_BYTES: usize = 2 * 1024;

pub struct Stream {
    tcp: TcpStream,
    exchange: Rc<Exchange>,
    ahead: Vec<u8>,
    is_at_end: bool,
}

impl Stream {
    pub fn new(tcp: TcpStream, exchange: Rc<Exchange>) -> Self {
        Self { tcp, exchange, ahead: Vec::new(), is_at_end: false }
    }

    /// The state that it shares with the handlers of its requests.
    pub fn exchange(&self) -> &Rc<Exchange> {
        &self.exchange
    }

    /// Passes on bytes that were read ahead, up to the end of a head.
    fn hand_on(&mut self, buf: &mut ReadBuf<'_>) -> io::Result<()> {
        let most = self.ahead.len().min(buf.remaining());
        let taken = self.exchange.hand_on(&self.ahead[..most]);
        buf.put_slice(&self.ahead[..taken]);
        match taken == self.ahead.len() {
            // An idle connection keeps no buffer.
            true => self.ahead = Vec::new(),
            false => drop(self.ahead.drain(..taken)),
        }
        if !self.exchange.is_too_large() {
            return Ok(());
        }
        if self.exchange.can_refuse() {
            self.exchange.refused(Refusal::HeadTooLarge);
            let _ = self.tcp.try_write(Refusal::HeadTooLarge.answer().as_bytes());
        }
        Err(io::Error::new(io::ErrorKind::InvalidData, "a request is too large"))
    }

    /// Sends the bytes as a separate record, which ends a segment: the kernel checks the size of its buffer
    /// only at the start of a segment, and would let one grow to 64 KiB.
    fn poll_send(&self, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let send = || SockRef::from(&self.tcp).send_with_flags(bytes, MSG_EOR | MSG_NOSIGNAL);
        loop {
            ready!(self.tcp.poll_write_ready(context))?;
            match self.tcp.try_io(Interest::WRITABLE, send) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                done => return Poll::Ready(done),
            }
        }
    }

    /// Reads ahead. Ready when there are more bytes, or when the client has disconnected.
    fn poll_ahead(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut bytes = [0; AHEAD_BYTES];
        let mut buf = ReadBuf::new(&mut bytes[self.ahead.len()..]);
        ready!(Pin::new(&mut self.tcp).poll_read(context, &mut buf))?;
        self.is_at_end = buf.filled().is_empty();
        self.ahead.extend_from_slice(buf.filled());
        self.exchange.moved();
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            if self.ahead.is_empty() && self.is_at_end {
                return Poll::Ready(Ok(()));
            }
            if self.exchange.may_read() && !self.ahead.is_empty() {
                return Poll::Ready(self.hand_on(buf));
            }
            if self.is_at_end || self.ahead.len() == AHEAD_BYTES {
                self.exchange.is_held_back();
                return Poll::Pending;
            }
            if self.poll_ahead(context)?.is_pending() {
                if !self.ahead.is_empty() {
                    self.exchange.is_held_back();
                }
                return Poll::Pending;
            }
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let refusal = self.exchange.refusal(bytes);
        let answer = refusal.map(Refusal::answer);
        let written = answer.as_ref().map_or(bytes, |answer| answer.as_bytes());
        let written = self.poll_send(context, written);
        self.exchange.set_blocked(written.is_pending());
        let written = ready!(written)?;
        self.exchange.moved();
        Poll::Ready(Ok(match refusal {
            // The kernel has no bytes before it, so all of it fits.
            Some(refusal) => {
                self.exchange.refused(refusal);
                bytes.len()
            }
            None => written,
        }))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(context)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        if self.exchange.is_cut() {
            let _ = SockRef::from(&self.tcp).set_linger(Some(Duration::ZERO));
        }
    }
}
