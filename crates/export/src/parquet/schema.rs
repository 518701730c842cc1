//! The schema of a file, and how its columns are encoded.

use std::sync::Arc;

use parquet::{
    basic::{
        Compression, Encoding, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel,
    },
    errors::ParquetError,
    file::properties::{EnabledStatistics, WriterProperties},
    schema::types::{ColumnPath, Type, TypePtr},
};

use super::{
    super::{cell::Kind, table::Column},
    geometry,
};

/// The names, types and nullability of the columns, and of the column of geometries if there is one.
pub fn of<R>(columns: &[Column<R>], has_points: bool) -> Result<TypePtr, ParquetError> {
    let fields = columns.iter().map(|column| {
        let (physical, logical) = match column.kind {
            Kind::Int64 => (Physical::INT64, None),
            Kind::Int32 => (Physical::INT32, None),
            Kind::Double => (Physical::DOUBLE, None),
            Kind::Time => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS))),
            Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Kind::Boolean => (Physical::BOOLEAN, None),
        };
        field(column.name, physical, logical, column.may_be_null)
    });
    let geometry = has_points.then(|| field(geometry::COLUMN, Physical::BYTE_ARRAY, None, false));
    let fields = fields.chain(geometry).collect::<Result<_, _>>()?;
    Type::group_type_builder("schema").with_fields(fields).build().map(Arc::new)
}

fn field(
    name: &str,
    physical: Physical,
    logical: Option<LogicalType>,
    may_be_null: bool,
) -> Result<TypePtr, ParquetError> {
    let repetition = if may_be_null { Repetition::OPTIONAL } else { Repetition::REQUIRED };
    Type::primitive_type_builder(name, physical)
        .with_logical_type(logical)
        .with_repetition(repetition)
        .build()
        .map(Arc::new)
}

/// Everything is compressed with zstd, and has statistics for each row group. Values that repeat are looked up
/// in a dictionary; for times and places one would only be in the way.
pub fn properties<R>(columns: &[Column<R>]) -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .set_column_dictionary_enabled(geometry::COLUMN.into(), false)
        .set_column_statistics_enabled(geometry::COLUMN.into(), EnabledStatistics::None);
    for column in columns {
        let path = || ColumnPath::from(column.name);
        properties = match column.kind {
            Kind::Time => properties
                .set_column_dictionary_enabled(path(), false)
                .set_column_encoding(path(), Encoding::DELTA_BINARY_PACKED),
            Kind::Double => properties.set_column_dictionary_enabled(path(), false),
            _ => properties,
        };
    }
    properties.build()
}
