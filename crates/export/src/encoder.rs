//! Turns pages of rows into bytes.

use bytes::Bytes;

use super::{
    csv::Csv,
    encode::{Encode, ExportError},
    format::Format,
    geojson::GeoJson,
    ndjson::Ndjson,
    parquet::Parquet,
    table::Table,
};

/// Writes one file. The bytes of all calls, in order, are the file.
pub struct Encoder<R> {
    encode: Box<dyn Encode<R> + Send>,
    rows: u64,
}

impl<R: 'static> Encoder<R> {
    /// An encoder for a file of this table.
    ///
    /// # Errors
    /// [`ExportError::NoPlaces`] for GeoJSON of a table whose rows have none; [`ExportError::Parquet`] for a
    /// table without columns.
    pub fn new(format: Format, table: Table<R>) -> Result<Self, ExportError> {
        let Table { columns, places } = table;
        let encode: Box<dyn Encode<R> + Send> = match format {
            Format::Csv => Box::new(Csv::of(columns)),
            Format::Ndjson => Box::new(Ndjson::of(columns)),
            Format::Parquet => Box::new(Parquet::of(columns, places)?),
            Format::GeoJson => Box::new(GeoJson::of(columns, places)?),
        };
        Ok(Self { encode, rows: 0 })
    }

    /// What comes before all rows. It can be empty.
    ///
    /// # Errors
    /// See [`ExportError`].
    pub fn begin(&mut self) -> Result<Bytes, ExportError> {
        let mut out = Vec::new();
        self.encode.begin(&mut out)?;
        Ok(out.into())
    }

    /// What these rows add. It is empty if the format waits for more of them, and then the encoder keeps less
    /// than 4 MiB of them.
    ///
    /// # Errors
    /// See [`ExportError`]. The file cannot be continued then.
    pub fn page(&mut self, rows: &[R]) -> Result<Bytes, ExportError> {
        let mut out = Vec::new();
        self.encode.page(&mut out, rows)?;
        self.rows += rows.len() as u64;
        Ok(out.into())
    }

    /// What comes after all rows. It can be empty.
    ///
    /// # Errors
    /// See [`ExportError`].
    pub fn end(mut self) -> Result<Bytes, ExportError> {
        let mut out = Vec::new();
        self.encode.end(&mut out, self.rows)?;
        Ok(out.into())
    }

    /// The rows of all pages so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }
}
