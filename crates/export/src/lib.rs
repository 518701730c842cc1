//! Writes rows as CSV, NDJSON, GeoJSON and Parquet, part by part, so that a table of any size needs the memory of
//! a page.
//!
//! It knows no table, no database and no HTTP: a [`Table`] says how a cell is read from a row, an [`Encoder`]
//! takes pages of rows and returns bytes. Add a format as a value of [`Format`] and a file of its own.
//!
//! ```
//! use sectorwatch_export::{Column, Encoder, Format, Table};
//!
//! struct Flight { id: i64, callsign: String }
//!
//! let table = Table::of(vec![
//!     Column::of("id", |flight: &Flight| flight.id),
//!     Column::text("callsign", |flight| &flight.callsign),
//! ]);
//! let mut encoder = Encoder::new(Format::Csv, table)?;
//! let mut csv = encoder.begin()?.to_vec();
//! csv.extend(encoder.page(&[Flight { id: 7, callsign: "QFA1".into() }])?);
//! csv.extend(encoder.end()?);
//! assert_eq!(csv, b"id,callsign\r\n7,QFA1\r\n");
//! # Ok::<(), sectorwatch_export::ExportError>(())
//! ```

#![warn(missing_docs)]
#![cfg_attr(not(test), deny(clippy::expect_used, clippy::unwrap_used))]

mod cell;
mod csv;
mod encode;
mod encoder;
mod format;
mod geojson;
mod json;
mod ndjson;
mod parquet;
mod table;
#[cfg(test)]
mod tests;
mod time;

pub use cell::{CellType, Time};
pub use encode::ExportError;
pub use encoder::Encoder;
pub use format::Format;
pub use table::{Column, Position, Shape, Table};
