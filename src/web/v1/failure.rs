//! What a failed read is for the client.

use super::params::{known::TZ, span_refused};
use crate::web::problem::{Code, Problem};
use sectorwatch_store::{
    StoreError,
    api::{Asked, ReadError},
    chain,
};

/// After how many seconds to ask again.
const LATER_SECONDS: u64 = 5;

/// The problem of a failed read. Its cause is logged, and never told.
pub fn problem(error: ReadError) -> Problem {
    match error {
        ReadError::Span(error) => span_refused(error, Asked::LONGEST_OF_A_LIST),
        ReadError::TooManySteps => {
            let detail =
                "The span has more than 2,000 steps; ask for a longer step or a shorter span.";
            Problem::new(Code::SpanTooWide, detail)
        }
        ReadError::UnknownZone => TZ.refused(),
        ReadError::Unknown => unknown(),
        ReadError::Behind => {
            let detail = "This server has not stored yet what the first page was read at.";
            Problem::new(Code::ReplicaBehind, detail).retry_after(LATER_SECONDS)
        }
        ReadError::Timeout(error) => {
            tracing::warn!(error = %chain(&error), "a read of the API took too long");
            Problem::new(Code::Timeout, "The database took too long; ask for less.")
        }
        ReadError::Store(error) => of_store(&error),
    }
}

/// Nothing has the id that the path names.
pub fn unknown() -> Problem {
    Problem::new(Code::NotFound, "There is none of this name or id.")
}

/// A failure of the service itself.
pub fn internal(what: &'static str) -> Problem {
    tracing::error!("{what}");
    Problem::new(Code::InternalError, "The answer could not be made; the log says why.")
}

/// All answers that clients have not yet taken fill their memory.
pub fn not_taken() -> Problem {
    let detail = "Too many clients have not yet taken their answer.";
    Problem::new(Code::Busy, detail).retry_after(LATER_SECONDS)
}

/// There is no database yet.
pub fn no_database() -> Problem {
    Problem::new(Code::DatabaseError, "The database cannot be read now.").retry_after(LATER_SECONDS)
}

/// Errors that many clients cause at once are logged at level debug only, because they are counted anyway.
fn of_store(error: &StoreError) -> Problem {
    if error.is_acquire_timeout() {
        tracing::debug!(error = %chain(error), "the API is busy");
        let detail = "All connections are in use.";
        return Problem::new(Code::Busy, detail).retry_after(LATER_SECONDS);
    }
    match error {
        // The panic hook reports the panic itself.
        StoreError::Panicked => internal("a read of the API panicked"),
        StoreError::Overdue => {
            tracing::debug!(error = %chain(error), "the API is busy");
            Problem::new(Code::Timeout, "The database took too long; ask for less.")
        }
        error => {
            tracing::warn!(error = %chain(error), "the API cannot read");
            no_database()
        }
    }
}
