//! One read: a connection, a snapshot, and the facts that go with what is read.

use sectorwatch_core::Time;

use super::{Span, SpanError};
use crate::{Owner, Store, StoreError};

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// The API.
    Api,
    /// The exports.
    Export,
}

/// What the API and the exports may read. Clones share the store.
#[derive(Clone)]
pub struct Reads {
    store: Store,
    owner: Owner,
}

impl Store {
    /// What may be read for the API or for exports.
    pub fn reads(&self, reader: Reader) -> Reads {
        let owner = match reader {
            Reader::Api => Owner::Api,
            Reader::Export => todo!(),
        };
        Reads { store: self.clone(), owner }
    }
}

/// What was read, with what it was read at.
#[derive(Debug, Clone, PartialEq)]
pub struct Read<T> {
    /// What was read.
    pub data: T,
    /// What it was read at.
    pub facts: Facts,
}

/// What a read was made at: all of one snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The mark; `None` before the first snapshot was stored. The first page's is the bound of the walk.
    pub mark: Option<Time>,
    /// The span that was read, without absent bounds that are filled in.
    pub span: Span,
    /// Whether the end of the span is closed: what is before it does not change any more but with
    /// [`Facts::data_version`].
    pub is_closed: bool,
    /// `collector_state.data_version`.
    pub data_version: i64,
}

/// Why nothing was read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The span, after absent bounds were filled in.
    #[error(transparent)]
    Span(#[from] SpanError),
    /// The span has more steps than allowed.
    #[error("the span has too many steps")]
    TooManySteps,
    /// The time zone is not known.
    #[error("the time zone is not known")]
    UnknownZone,
    /// There is no such flight, sector, airport or position.
    #[error("there is no such thing")]
    Unknown,
    /// The bound of the walk is newer than what this server has stored.
    #[error("this server has not stored yet what the walk began with")]
    Behind,
    /// The server ended a statement at its time limit, or nothing was answered in time.
    #[error("the database took too long")]
    Timeout(#[source] StoreError),
}

impl Reads {
    /// The key of the MAC of cursors: 32 bytes, the same on every instance.
    ///
    /// # Errors
    /// The errors of the database.
    pub async fn cursor_key(&self) -> Result<Vec<u8>, ReadError> {
        todo!()
    }

    /// Whether a sector was ever stored.
    ///
    /// # Errors
    /// The errors of the database.
    pub async fn sector_known(&self, sector: String) -> Result<bool, ReadError> {
        todo!("{sector}")
    }
}
