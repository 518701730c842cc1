//! The body of an export: parts as they are made, compressed, and passed to the connection in small portions.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Instant,
};

use actix_web::{
    HttpRequest,
    body::{BodySize, MessageBody},
    rt::task::spawn_blocking,
};
use bytes::Bytes;
use futures_util::{
    StreamExt as _,
    stream::{self, LocalBoxStream},
};

use super::{
    coding::Coding,
    connections::SentInParts,
    packer::Packer,
    portions::{PORTION_BYTES, TooSlow},
};
use crate::export::{LONGEST, Part, Parts, WalkError};
use sectorwatch_store::chain;

type Failure = Box<dyn std::error::Error>;

/// A body of unknown length. If it fails, its last chunk is never sent, so that the client knows.
pub struct ExportBody {
    /// What of the current part is not sent yet.
    rest: Bytes,
    parts: LocalBoxStream<'static, Result<Bytes, WalkError>>,
    begun: Instant,
    _sent_in_parts: SentInParts,
}

impl ExportBody {
    /// The body of the answer to this request.
    ///
    /// # Errors
    /// There is no memory to compress it.
    pub fn of(request: &HttpRequest, parts: Parts, coding: Coding) -> std::io::Result<Self> {
        Ok(Self {
            rest: Bytes::new(),
            parts: packed(parts, Packer::of(coding)?).boxed_local(),
            begun: Instant::now(),
            _sent_in_parts: SentInParts::begin(request),
        })
    }
}

/// The compressed parts, and what comes after the last one, which can be empty.
fn packed(
    parts: Parts,
    packer: Packer,
) -> impl futures_util::Stream<Item = Result<Bytes, WalkError>> {
    stream::unfold(Some((parts, packer)), async |state| {
        let (mut parts, packer) = state?;
        match parts.next().await {
            Some(Err(error)) => Some((Err(error), None)),
            Some(Ok(part)) => Some(match pack(packer, part).await {
                Ok((bytes, packer)) => (Ok(bytes), Some((parts, packer))),
                Err(error) => (Err(error), None),
            }),
            None => Some((packer.finish().map_err(|_| WalkError::Abandoned), None)),
        }
    })
}

/// Compressing takes longer than other clients of this thread should wait.
async fn pack(mut packer: Packer, part: Part) -> Result<(Bytes, Packer), WalkError> {
    if matches!(packer, Packer::Identity) {
        return Ok((part.bytes, packer));
    }
    let packing = spawn_blocking(move || Some((packer.pack(part.bytes).ok()?, packer)));
    packing.await.ok().flatten().ok_or(WalkError::Abandoned)
}

impl MessageBody for ExportBody {
    type Error = Failure;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Failure>>> {
        let this = self.get_mut();
        if this.begun.elapsed() > LONGEST {
            return Poll::Ready(Some(Err(TooSlow.into())));
        }
        // An empty chunk would be the last one.
        while this.rest.is_empty() {
            match ready!(this.parts.poll_next_unpin(context)) {
                Some(Ok(part)) => this.rest = part,
                Some(Err(error)) => {
                    tracing::warn!(error = %chain(&error), "an export broke off");
                    return Poll::Ready(Some(Err(error.into())));
                }
                None => return Poll::Ready(None),
            }
        }
        let portion = this.rest.split_to(this.rest.len().min(PORTION_BYTES));
        Poll::Ready(Some(Ok(portion)))
    }
}
