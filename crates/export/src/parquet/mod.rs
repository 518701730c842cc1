//! Parquet, a row group at a time.
//!
//! The bytes of a row group leave when it is full, so that no file is held: neither in memory nor on a disk. What
//! readers need to find the row groups is at the end of a file of this format, and says that all of it is there.

mod buffer;
mod geometry;
mod schema;

use std::{mem, sync::Arc};

use ::parquet::file::{metadata::KeyValue, writer::SerializedFileWriter};

use super::{
    encode::{Encode, ExportError},
    table::{Column, Places, Position},
};
use buffer::Buffer;
use geometry::Extent;

/// A row group is written when its values have this many bytes, before they are encoded. What encoding may add,
/// and one more row, still fit into 4 MiB.
const ROW_GROUP_BYTES: usize = 3 * 1024 * 1024;

/// Writes row groups to memory, from where they are taken.
pub struct Parquet<R> {
    file: SerializedFileWriter<Vec<u8>>,
    columns: Vec<Column<R>>,
    buffers: Vec<Buffer>,
    points: Option<Points<R>>,
    /// The rows of the row group that is not written yet, and the bytes of their values.
    rows: usize,
    bytes: usize,
}

/// The column of geometries, which comes after the others.
struct Points<R> {
    point: fn(&R) -> Position,
    buffer: Buffer,
    extent: Extent,
}

impl<R> Parquet<R> {
    pub fn of(columns: Vec<Column<R>>, places: Places<R>) -> Result<Self, ExportError> {
        let point = match places {
            Places::Points(point) => Some(point),
            Places::Nowhere | Places::Shapes(_) => None,
        };
        let schema = schema::of(&columns, point.is_some())?;
        let properties = schema::properties(&columns);
        let buffers = columns.iter().map(|column| Buffer::of(column.kind, column.may_be_null));
        Ok(Self {
            file: SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties))?,
            buffers: buffers.collect(),
            points: point.map(|point| Points {
                point,
                buffer: Buffer::of_bytes(),
                extent: Extent::default(),
            }),
            columns,
            rows: 0,
            bytes: 0,
        })
    }

    fn add(&mut self, row: &R) {
        for (column, buffer) in self.columns.iter().zip(&mut self.buffers) {
            self.bytes += buffer.push((column.cell)(row));
        }
        if let Some(points) = &mut self.points {
            let at = (points.point)(row);
            points.extent.take(at);
            self.bytes += points.buffer.push_bytes(&geometry::point(at));
        }
        self.rows += 1;
    }

    fn write_row_group(&mut self) -> Result<(), ExportError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.file.next_row_group()?;
        let geometries = self.points.as_mut().map(|points| &mut points.buffer);
        for buffer in self.buffers.iter_mut().chain(geometries) {
            let Some(mut column) = group.next_column()? else { break };
            buffer.write(&mut column)?;
            column.close()?;
        }
        group.close()?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }

    fn take(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        self.file.flush()?;
        let written = mem::take(self.file.inner_mut());
        match out.is_empty() {
            true => *out = written,
            false => out.extend(written),
        }
        Ok(())
    }
}

impl<R> Encode<R> for Parquet<R> {
    fn begin(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        self.take(out)
    }

    fn page(&mut self, out: &mut Vec<u8>, rows: &[R]) -> Result<(), ExportError> {
        for row in rows {
            self.add(row);
            if self.bytes >= ROW_GROUP_BYTES {
                self.write_row_group()?;
            }
        }
        self.take(out)
    }

    fn end(&mut self, out: &mut Vec<u8>, _: u64) -> Result<(), ExportError> {
        self.write_row_group()?;
        if let Some(points) = &self.points {
            let metadata = geometry::metadata(points.extent);
            let metadata = KeyValue { key: "geo".to_owned(), value: Some(metadata) };
            self.file.append_key_value_metadata(metadata);
        }
        self.file.finish()?;
        self.take(out)
    }
}
