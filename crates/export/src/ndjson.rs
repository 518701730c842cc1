//! NDJSON: a JSON object a line.

use super::{
    encode::{Encode, ExportError},
    json,
    table::Column,
};

/// The last line says that all rows are there, and how many they are.
pub struct Ndjson<R> {
    columns: Vec<Column<R>>,
}

impl<R> Ndjson<R> {
    pub fn of(columns: Vec<Column<R>>) -> Self {
        Self { columns }
    }
}

impl<R> Encode<R> for Ndjson<R> {
    fn begin(&mut self, _: &mut Vec<u8>) -> Result<(), ExportError> {
        Ok(())
    }

    fn page(&mut self, out: &mut Vec<u8>, rows: &[R]) -> Result<(), ExportError> {
        for row in rows {
            out.push(b'{');
            json::members(out, &self.columns, row)?;
            out.extend_from_slice(b"}\n");
        }
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<u8>, rows: u64) -> Result<(), ExportError> {
        out.extend_from_slice(format!("{{\"end\":true,\"rows\":{rows}}}\n").as_bytes());
        Ok(())
    }
}
