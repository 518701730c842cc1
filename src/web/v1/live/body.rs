//! The body of the stream: one event after another, in small portions of bytes that all clients share.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use actix_web::{
    HttpRequest,
    body::{BodySize, MessageBody},
};
use bytes::Bytes;
use futures_util::{
    StreamExt as _,
    stream::{self, LocalBoxStream},
};
use tokio::time::{Interval, MissedTickBehavior, interval_at};

use super::{
    follower::{Follower, Next, Pending},
    frame::{COMMENT, RETRY},
    metrics::{Client, Dropped},
};
use crate::web::{
    connections::{Backlog, Follows},
    portions::{PORTION_BYTES, TooSlow},
};

/// How often a comment is sent.
const COMMENT_EVERY: Duration = Duration::from_secs(10);

/// A body that ends only with the service, or with a client that is too slow.
pub struct EventBody {
    rest: Bytes,
    frames: LocalBoxStream<'static, Result<Bytes, TooSlow>>,
    pending: Arc<Pending>,
    client: Client,
    _follows: Follows,
}

impl EventBody {
    /// The body of the answer to this request.
    pub fn of(request: &HttpRequest, follower: Follower, client: Client) -> Self {
        let pending = follower.pending();
        let dropped = client.dropped();
        let follows =
            Follows::begin(request, pending.clone(), move || dropped.count(Dropped::Slow));
        Self {
            rest: Bytes::from_static(RETRY),
            frames: frames(follower).boxed_local(),
            pending,
            client,
            _follows: follows,
        }
    }
}

/// The events, and comments between them.
fn frames(follower: Follower) -> impl futures_util::Stream<Item = Result<Bytes, TooSlow>> {
    let mut comments = interval_at((Instant::now() + COMMENT_EVERY).into(), COMMENT_EVERY);
    comments.set_missed_tick_behavior(MissedTickBehavior::Skip);
    stream::unfold((follower, comments), async |(mut follower, mut comments)| {
        let frame = frame(&mut follower, &mut comments).await?;
        Some((frame, (follower, comments)))
    })
}

async fn frame(follower: &mut Follower, comments: &mut Interval) -> Option<Result<Bytes, TooSlow>> {
    loop {
        match follower.next() {
            Next::Frame(bytes) => return Some(Ok(bytes)),
            Next::Lost => return Some(Err(TooSlow)),
            Next::Over => return None,
            Next::Nothing => {}
        }
        tokio::select! {
            biased;
            () = follower.changed() => {}
            _ = comments.tick() => return Some(Ok(Bytes::from_static(COMMENT))),
        }
    }
}

impl MessageBody for EventBody {
    type Error = TooSlow;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TooSlow>>> {
        let this = self.get_mut();
        if this.pending.is_too_long(Instant::now(), None) {
            this.client.dropped().count(Dropped::Slow);
            return Poll::Ready(Some(Err(TooSlow)));
        }
        if this.rest.is_empty() {
            match ready!(this.frames.poll_next_unpin(context)) {
                Some(Ok(frame)) => this.rest = frame,
                Some(Err(error)) => {
                    this.client.dropped().count(Dropped::Slow);
                    return Poll::Ready(Some(Err(error)));
                }
                None => {
                    this.client.dropped().count(Dropped::Shutdown);
                    return Poll::Ready(None);
                }
            }
        }
        let portion = this.rest.split_to(this.rest.len().min(PORTION_BYTES));
        Poll::Ready(Some(Ok(portion)))
    }
}
