//! The body of an answer, passed to the connection in small portions of bytes that all clients share.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use actix_web::body::{BodySize, MessageBody};
use bytes::Bytes;
use tokio::sync::OwnedSemaphorePermit;

/// A connection holds at most two portions of an answer that its client does not read.
pub const PORTION_BYTES: usize = 4 * 1024;
/// A client that takes longer for one answer is reset, because it keeps the answer in memory.
const LONGEST: Duration = Duration::from_secs(60);

/// A body that is not copied for its client.
pub struct Portions {
    rest: Bytes,
    begun: Instant,
    _room: Option<OwnedSemaphorePermit>,
}

/// The client reads the answer too slowly.
#[derive(Debug, thiserror::Error)]
#[error("the answer was not taken in time")]
pub struct TooSlow;

impl Portions {
    /// A body of bytes that other answers share.
    pub fn of(bytes: Bytes) -> Self {
        Self { rest: bytes, begun: Instant::now(), _room: None }
    }

    /// A body of bytes for one client, with their part of the budget until the last byte is sent.
    pub fn of_its_own(bytes: Bytes, room: OwnedSemaphorePermit) -> Self {
        Self { _room: Some(room), ..Self::of(bytes) }
    }
}

impl MessageBody for Portions {
    type Error = TooSlow;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.rest.len() as u64)
    }

    fn poll_next(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TooSlow>>> {
        let this = self.get_mut();
        if this.rest.is_empty() {
            return Poll::Ready(None);
        }
        if this.begun.elapsed() > LONGEST {
            return Poll::Ready(Some(Err(TooSlow)));
        }
        let portion = this.rest.split_to(this.rest.len().min(PORTION_BYTES));
        Poll::Ready(Some(Ok(portion)))
    }
}
