//! The walk over the pages of a table.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt as _, stream, stream::BoxStream};
use tokio::{
    task::{JoinSet, spawn_blocking},
    time::{Instant, timeout_at},
};

use super::{BeginError, Place, WalkError, source::Source};
use sectorwatch_core::Time;
use sectorwatch_export::{Encoder, Format};
use sectorwatch_store::api::{PageOf, Read, ReadError, Reads, Rows};

/// How long an export may take, from the count of its rows to its last byte.
pub const LONGEST: Duration = Duration::from_mins(10);

/// A part of a file, which is never empty.
#[derive(Debug)]
pub struct Part {
    pub bytes: Bytes,
    /// The rows of this part and of all before it.
    pub rows: u64,
}

/// A file in parts. An error is the last item: what came before is no whole file.
pub type Parts = BoxStream<'static, Result<Part, WalkError>>;

type Page<S> = Rows<<S as Source>::Row, <S as Source>::Key>;

/// An export of one table. Between two parts, a page is read ahead and no more.
pub struct Walk<S: Source> {
    reads: Reads,
    source: S,
    encoder: Encoder<S::Row>,
    /// The mark at the begin: no row of later is in the file.
    bound: Option<Time>,
    /// The page that is being read; none when the last one was.
    reading: JoinSet<Result<Read<Page<S>>, ReadError>>,
    deadline: Instant,
}

impl<S: Source> Walk<S> {
    pub fn new(
        reads: Reads,
        source: S,
        format: Format,
        bound: Option<Time>,
        deadline: Instant,
    ) -> Result<Self, BeginError> {
        let encoder = Encoder::new(format, source.table())?;
        let reading = JoinSet::new();
        Ok(Self { reads, source, encoder, bound, reading, deadline })
    }

    /// Reads the first page, so that what fails at once fails before the first byte. The place is returned when the
    /// last part was taken.
    pub async fn begin(mut self, place: Place) -> Result<Parts, BeginError> {
        let (source, reads) = (self.source.clone(), self.reads.clone());
        let first = source.page(reads, self.page_after(None)).await?.data;
        let head = self.encoder.begin()?;
        let stage = Stage::Page(Box::new(self), head, Some(first));
        let walk = stream::unfold((stage, place), async |(stage, place)| {
            let (part, stage) = stage.step().await?;
            Some((part, (stage, place)))
        });
        // A format that waits for more rows gives nothing for some pages.
        let parts = walk.filter(|part| {
            let is_something = part.as_ref().map_or(true, |part| !part.bytes.is_empty());
            std::future::ready(is_something)
        });
        Ok(parts.boxed())
    }

    fn page_after(&self, after: Option<S::Key>) -> PageOf<S::Key> {
        PageOf { after, bound: self.bound, limit: S::PAGE_ROWS }
    }

    /// Begins to read the page after this key. The task ends when the walk is dropped.
    fn read_ahead(&mut self, after: S::Key) {
        let (source, reads) = (self.source.clone(), self.reads.clone());
        let page = self.page_after(Some(after));
        self.reading.spawn(async move { source.page(reads, page).await });
    }

    /// Waits for the page that is being read.
    async fn next_page(&mut self) -> Result<Page<S>, WalkError> {
        let read = timeout_at(self.deadline, self.reading.join_next()).await;
        match read.map_err(|_| WalkError::TooLong)? {
            Some(Ok(read)) => Ok(read?.data),
            Some(Err(_)) | None => Err(WalkError::Abandoned),
        }
    }
}

/// Where a walk is.
enum Stage<S: Source> {
    /// These bytes come before this page, or before the one that is being read.
    Page(Box<Walk<S>>, Bytes, Option<Page<S>>),
    /// The last part, or an error, was given.
    Over,
}

impl<S: Source> Stage<S> {
    async fn step(self) -> Option<(Result<Part, WalkError>, Self)> {
        let Self::Page(walk, head, page) = self else { return None };
        Some(match Self::advance(walk, head, page).await {
            Ok((part, stage)) => (Ok(part), stage),
            Err(error) => (Err(error), Self::Over),
        })
    }

    async fn advance(
        mut walk: Box<Walk<S>>,
        head: Bytes,
        page: Option<Page<S>>,
    ) -> Result<(Part, Self), WalkError> {
        let Rows { rows, next } = match page {
            Some(page) => page,
            None => walk.next_page().await?,
        };
        if Instant::now() > walk.deadline {
            return Err(WalkError::TooLong);
        }
        let is_last = next.is_none();
        if let Some(after) = next {
            walk.read_ahead(after);
        }
        // Rendering a page takes milliseconds, which other clients of this thread would wait for.
        let rendering = spawn_blocking(move || {
            let page = walk.encoder.page(&rows)?;
            drop(rows);
            let count = walk.encoder.rows();
            let (end, stage) = match is_last {
                true => (walk.encoder.end()?, Self::Over),
                false => (Bytes::new(), Self::Page(walk, Bytes::new(), None)),
            };
            Ok((Part { bytes: joined([head, page, end]), rows: count }, stage))
        });
        rendering.await.map_err(|_| WalkError::Abandoned)?
    }
}

/// The bytes one after the other, copied only if there is more than one of them.
fn joined(parts: [Bytes; 3]) -> Bytes {
    let mut parts = parts.into_iter().filter(|part| !part.is_empty());
    let Some(first) = parts.next() else { return Bytes::new() };
    let mut rest = parts.peekable();
    if rest.peek().is_none() {
        return first;
    }
    let mut all = BytesMut::from(&first[..]);
    rest.for_each(|part| all.extend_from_slice(&part));
    all.freeze()
}
