//! CSV by RFC 4180.

use super::{
    cell::Value,
    encode::{Encode, ExportError},
    json,
    table::Column,
    time,
};

/// Lines end in CR and LF. Null is empty, and an empty text is `""`. Other values are as in JSON, without quotes
/// unless they need them.
pub struct Csv<R> {
    columns: Vec<Column<R>>,
}

impl<R> Csv<R> {
    pub fn of(columns: Vec<Column<R>>) -> Self {
        Self { columns }
    }
}

impl<R> Encode<R> for Csv<R> {
    fn begin(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        for (index, column) in self.columns.iter().enumerate() {
            separate(out, index);
            text(out, column.name);
        }
        out.extend_from_slice(b"\r\n");
        Ok(())
    }

    fn page(&mut self, out: &mut Vec<u8>, rows: &[R]) -> Result<(), ExportError> {
        for row in rows {
            for (index, column) in self.columns.iter().enumerate() {
                separate(out, index);
                match (column.cell)(row) {
                    Value::Null => {}
                    Value::Text(cell) => text(out, cell),
                    Value::Time(at) => time::append(out, at),
                    // The only doubles of JSON's `null` are no numbers, and stay empty here.
                    Value::Double(number) if !number.is_finite() => {}
                    number => json::number(out, number)?,
                }
            }
            out.extend_from_slice(b"\r\n");
        }
        Ok(())
    }

    fn end(&mut self, _: &mut Vec<u8>, _: u64) -> Result<(), ExportError> {
        Ok(())
    }
}

fn separate(out: &mut Vec<u8>, index: usize) {
    if index > 0 {
        out.push(b',');
    }
}

fn text(out: &mut Vec<u8>, text: &str) {
    let needs_quotes = |byte: u8| matches!(byte, b',' | b'"' | b'\r' | b'\n');
    if !text.is_empty() && !text.bytes().any(needs_quotes) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    for byte in text.bytes() {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}
