//! Exports: a table of a span of time as a file, for HTTP and for the command line alike.
//!
//! A walk reads a page, gives the connection back, and only then turns the page into bytes. A client that takes
//! them slowly therefore holds no connection, and a page is read while the one before it is sent. The room
//! knows no HTTP: [`Exports::begin`] returns a stream of parts, and [`save`] writes it to a file. A new table is a row in
//! `table.rs`, its columns in `columns.rs` and how it is read in `source.rs`.

mod columns;
mod error;
mod file;
mod source;
mod table;
#[cfg(test)]
mod tests;
mod walk;

use std::sync::Arc;

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

pub use error::{BeginError, WalkError};
pub use file::{SaveError, is_for_nobody, save};
pub use source::Wanted;
pub use table::ExportTable;
pub use walk::{LONGEST, Part, Parts};

use sectorwatch_export::Format;
use sectorwatch_store::api::Reads;

/// The most rows of one export.
pub const MOST_ROWS: u64 = 5_000_000;
/// How many exports run in the process at once.
const AT_ONCE: usize = 2;

/// What exports are read from, and their limits. Clones share it.
#[derive(Clone)]
pub struct Exports {
    reads: Reads,
    most_rows: u64,
    places: Arc<Semaphore>,
}

/// One of the exports that may run at once. Dropping it makes room for another one.
pub struct Place {
    _permit: OwnedSemaphorePermit,
}

/// An export that has begun: its rows are counted, and its first page is read.
pub struct Begun {
    /// How many rows there were when it began.
    pub rows: u64,
    /// The file.
    pub parts: Parts,
}

impl Exports {
    /// Exports of what `reads` reads, of at most this many rows each.
    pub fn new(reads: Reads, most_rows: u64) -> Self {
        Self { reads, most_rows, places: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Takes a place; `None` when as many exports run as may at once.
    pub fn place(&self) -> Option<Place> {
        let permit = self.places.clone().try_acquire_owned().ok()?;
        Some(Place { _permit: permit })
    }

    /// Counts the rows, reads the first page and returns the file as a stream. All of it shows the rows up to the
    /// mark at the begin.
    ///
    /// # Errors
    /// [`BeginError`]. Nothing was written then.
    pub async fn begin(
        &self,
        wanted: Wanted,
        format: Format,
        place: Place,
    ) -> Result<Begun, BeginError> {
        let deadline = Instant::now() + LONGEST;
        match wanted {
            Wanted::Flights(filter) => self.walk(filter, format, place, deadline).await,
            Wanted::Visits(filter) => self.walk(filter, format, place, deadline).await,
            Wanted::Positions(filter) => self.walk(filter, format, place, deadline).await,
            Wanted::Contacts(filter) => self.walk(filter, format, place, deadline).await,
            Wanted::Controllers(filter) => self.walk(filter, format, place, deadline).await,
            Wanted::Movements(filter) => self.walk(filter, format, place, deadline).await,
        }
    }

    async fn walk<S: source::Source>(
        &self,
        source: S,
        format: Format,
        place: Place,
        deadline: Instant,
    ) -> Result<Begun, BeginError> {
        let counted = source.clone().count(self.reads.clone(), self.most_rows).await?;
        if counted.data > self.most_rows {
            return Err(BeginError::TooManyRows { most: self.most_rows });
        }
        let reads = self.reads.clone();
        let walk = walk::Walk::new(reads, source, format, counted.facts.mark, deadline)?;
        Ok(Begun { rows: counted.data, parts: walk.begin(place).await? })
    }
}
