//! What can go wrong before and after the first byte.

use sectorwatch_export::ExportError;
use sectorwatch_store::api::ReadError;

/// Why an export did not begin.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// It has more rows than allowed.
    #[error("there are more than {most} rows; ask for less")]
    TooManyRows {
        /// How many are allowed.
        most: u64,
    },
    /// Its rows cannot be read.
    #[error("the rows cannot be read")]
    Read(#[from] ReadError),
    /// Its rows cannot be written in this format.
    #[error("the rows cannot be written in this format")]
    Encode(#[from] ExportError),
}

/// Why an export broke off. What was written of it is not whole.
#[derive(Debug, thiserror::Error)]
pub enum WalkError {
    /// A page could not be read.
    #[error("a page of rows cannot be read")]
    Read(#[from] ReadError),
    /// A page could not be written.
    #[error("a page of rows cannot be written")]
    Encode(#[from] ExportError),
    /// It took longer than ten minutes.
    #[error("the export took longer than ten minutes")]
    TooLong,
    /// A task that read or wrote a page panicked, or the service stops.
    #[error("a page was abandoned")]
    Abandoned,
}
