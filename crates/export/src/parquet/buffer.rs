//! The values of a column for the next row group.

use std::mem;

use bytes::Bytes;
use parquet::{
    data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type},
    errors::ParquetError,
    file::writer::SerializedColumnWriter,
};

use super::super::cell::{Kind, Value};

/// Texts are given to the writer so many at a time: each costs it some 40 bytes beside its own.
const TEXTS_AT_ONCE: usize = 1024;
/// The bytes in which the length of a text is written.
const LENGTH_BYTES: usize = 4;

/// Values in order, without nulls.
pub struct Buffer {
    values: Values,
    /// For a column that can be null: 1 for each row with a value, 0 for each without.
    levels: Option<Vec<i16>>,
}

enum Values {
    Int64(Vec<i64>),
    Int32(Vec<i32>),
    Double(Vec<f64>),
    Boolean(Vec<bool>),
    Bytes(Joined),
}

/// Texts one after the other, and where each ends.
#[derive(Default)]
struct Joined {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Buffer {
    /// An empty buffer for a column.
    pub fn of(kind: Kind, may_be_null: bool) -> Self {
        let values = match kind {
            Kind::Int64 | Kind::Time => Values::Int64(Vec::new()),
            Kind::Int32 => Values::Int32(Vec::new()),
            Kind::Double => Values::Double(Vec::new()),
            Kind::Boolean => Values::Boolean(Vec::new()),
            Kind::Text => Values::Bytes(Joined::default()),
        };
        Self { values, levels: may_be_null.then(Vec::new) }
    }

    /// An empty buffer for bytes that are never null.
    pub fn of_bytes() -> Self {
        Self::of(Kind::Text, false)
    }

    /// Adds a cell, and returns the bytes of its value.
    pub fn push(&mut self, value: Value<'_>) -> usize {
        if let Some(levels) = &mut self.levels {
            levels.push(i16::from(value != Value::Null));
        }
        match (&mut self.values, value) {
            (Values::Int64(values), Value::Int64(value)) => {
                values.push(value);
                size_of_val(&value)
            }
            (Values::Int64(values), Value::Time(at)) => {
                values.push(at.timestamp_micros());
                size_of::<i64>()
            }
            (Values::Int32(values), Value::Int32(value)) => {
                values.push(value);
                size_of_val(&value)
            }
            (Values::Double(values), Value::Double(value)) => {
                values.push(value);
                size_of_val(&value)
            }
            (Values::Boolean(values), Value::Boolean(value)) => {
                values.push(value);
                size_of_val(&value)
            }
            (Values::Bytes(_), Value::Text(text)) => self.push_bytes(text.as_bytes()),
            // The type of a column is that of its values, so that only null is left.
            _ => 0,
        }
    }

    /// Adds a value to a column of texts or bytes, and returns its bytes.
    pub fn push_bytes(&mut self, value: &[u8]) -> usize {
        if let Values::Bytes(Joined { bytes, ends }) = &mut self.values {
            bytes.extend_from_slice(value);
            ends.push(bytes.len());
        }
        value.len() + LENGTH_BYTES
    }

    /// Writes all values to a column, and forgets them.
    pub fn write(&mut self, column: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let levels = self.levels.as_mut().map(mem::take);
        let levels = levels.as_deref();
        match &mut self.values {
            Values::Int64(values) => whole::<Int64Type>(column, &mem::take(values), levels),
            Values::Int32(values) => whole::<Int32Type>(column, &mem::take(values), levels),
            Values::Double(values) => whole::<DoubleType>(column, &mem::take(values), levels),
            Values::Boolean(values) => whole::<BoolType>(column, &mem::take(values), levels),
            Values::Bytes(joined) => mem::take(joined).write(column, levels),
        }
    }
}

fn whole<T: DataType>(
    column: &mut SerializedColumnWriter<'_>,
    values: &[T::T],
    levels: Option<&[i16]>,
) -> Result<(), ParquetError> {
    column.typed::<T>().write_batch(values, levels, None).map(drop)
}

impl Joined {
    fn write(
        self,
        column: &mut SerializedColumnWriter<'_>,
        levels: Option<&[i16]>,
    ) -> Result<(), ParquetError> {
        let bytes = Bytes::from(self.bytes);
        let mut begin = 0;
        let mut values = self.ends.into_iter().map(|end| {
            let value = bytes.slice(begin..end);
            begin = end;
            ByteArray::from(value)
        });
        let writer = column.typed::<ByteArrayType>();
        let Some(levels) = levels else {
            loop {
                let part: Vec<_> = values.by_ref().take(TEXTS_AT_ONCE).collect();
                if part.is_empty() {
                    return Ok(());
                }
                writer.write_batch(&part, None, None)?;
            }
        };
        for levels in levels.chunks(TEXTS_AT_ONCE) {
            let present = levels.iter().filter(|level| **level == 1).count();
            let part: Vec<_> = values.by_ref().take(present).collect();
            writer.write_batch(&part, Some(levels), None)?;
        }
        Ok(())
    }
}
