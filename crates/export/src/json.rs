//! Values and rows in JSON.

use super::{cell::Value, encode::ExportError, table::Column, time};

/// Appends the members of an object: a name and a value for each column.
pub fn members<R>(out: &mut Vec<u8>, columns: &[Column<R>], row: &R) -> Result<(), ExportError> {
    for (index, column) in columns.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        // Names of columns need no escape.
        out.push(b'"');
        out.extend_from_slice(column.name.as_bytes());
        out.extend_from_slice(b"\":");
        value(out, (column.cell)(row))?;
    }
    Ok(())
}

fn value(out: &mut Vec<u8>, value: Value<'_>) -> Result<(), ExportError> {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Time(at) => {
            out.push(b'"');
            time::append(out, at);
            out.push(b'"');
        }
        Value::Text(text) => serde_json::to_writer(out, text)?,
        number => self::number(out, number)?,
    }
    Ok(())
}

/// Appends a number or a truth value as JSON has it. A double that is no number is `null`.
pub fn number(out: &mut Vec<u8>, value: Value<'_>) -> Result<(), ExportError> {
    match value {
        Value::Int64(number) => serde_json::to_writer(out, &number)?,
        Value::Int32(number) => serde_json::to_writer(out, &number)?,
        Value::Double(number) => serde_json::to_writer(out, &number)?,
        Value::Boolean(whether) => serde_json::to_writer(out, &whether)?,
        Value::Null | Value::Time(_) | Value::Text(_) => {}
    }
    Ok(())
}
