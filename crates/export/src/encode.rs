//! What a format does, and why it may fail.

/// A format.
pub trait Encode<R> {
    fn begin(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError>;
    fn page(&mut self, out: &mut Vec<u8>, rows: &[R]) -> Result<(), ExportError>;
    fn end(&mut self, out: &mut Vec<u8>, rows: u64) -> Result<(), ExportError>;
}

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The format needs rows that have a place on a map.
    #[error("rows of this table have no place on a map")]
    NoPlaces,
    /// A value cannot be written as JSON.
    #[error("a value could not be written as JSON")]
    Json(#[from] serde_json::Error),
    /// A row group or the footer could not be written.
    #[error("the Parquet file could not be written")]
    Parquet(#[from] ::parquet::errors::ParquetError),
    /// Bytes were not written to memory.
    #[error("the Parquet file could not be flushed")]
    Flush(#[from] std::io::Error),
}
