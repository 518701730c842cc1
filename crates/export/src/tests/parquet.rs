//! Parquet, as the library itself reads it. That other programs read the same is for the tests of the service.

use bytes::Bytes;
use parquet::{
    basic::{Compression, ConvertedType, LogicalType, Repetition, TimeUnit, Type},
    file::reader::{FileReader as _, SerializedFileReader},
    record::{Field, RowAccessor as _},
};
use serde_json::{Value, json};

use super::{Column, Encoder, Format, Row, Table, file, table};

const MIB: i64 = 1024 * 1024;

type Reader = SerializedFileReader<Bytes>;

fn read(file: Vec<u8>) -> Reader {
    SerializedFileReader::new(Bytes::from(file)).unwrap()
}

#[test]
fn columns_have_the_types_of_their_values_and_are_null_only_where_they_can_be() {
    let reader = read(file(Format::Parquet, table().with_points(Row::place), &[&[]]));
    let time = Some(LogicalType::timestamp(true, TimeUnit::MICROS));
    let types = [
        (Type::INT64, None),
        (Type::INT32, None),
        (Type::INT32, None),
        (Type::DOUBLE, None),
        (Type::INT64, time.clone()),
        (Type::BYTE_ARRAY, Some(LogicalType::String)),
        (Type::BOOLEAN, None),
        (Type::INT64, None),
        (Type::INT32, None),
        (Type::DOUBLE, None),
        (Type::INT64, time),
        (Type::BYTE_ARRAY, Some(LogicalType::String)),
        (Type::BOOLEAN, None),
        (Type::BYTE_ARRAY, None),
    ];
    let schema = reader.metadata().file_metadata().schema_descr();
    assert_eq!(schema.num_columns(), types.len());
    for (index, (column, (physical, logical))) in schema.columns().iter().zip(types).enumerate() {
        assert_eq!(column.physical_type(), physical, "{}", column.name());
        assert_eq!(column.logical_type_ref(), logical.as_ref(), "{}", column.name());
        let expected = match (7..13).contains(&index) {
            true => Repetition::OPTIONAL,
            false => Repetition::REQUIRED,
        };
        assert_eq!(column.self_type().get_basic_info().repetition(), expected, "{}", column.name());
    }
    assert_eq!(schema.column(4).converted_type(), ConvertedType::TIMESTAMP_MICROS);
    assert_eq!(reader.metadata().num_row_groups(), 0);
}

#[test]
fn rows_are_read_back() {
    let rows = [Row::whole(), Row::without(), Row::whole()];
    let reader = read(file(Format::Parquet, table(), &[&rows]));
    let read: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
    assert_eq!(read.len(), rows.len());
    for (read, row) in read.iter().zip(&rows) {
        let fields: Vec<_> = read.get_column_iter().map(|(_, field)| field.clone()).collect();
        let or_null = |field: Option<Field>| field.unwrap_or(Field::Null);
        let micros = |at: super::Time| Field::TimestampMicros(at.timestamp_micros());
        let expected = [
            Field::Long(row.id),
            Field::Int(row.count),
            Field::Int(row.heading.into()),
            Field::Double(row.latitude),
            micros(row.at),
            Field::Str(row.callsign.clone()),
            Field::Bool(row.is_open),
            or_null(row.other_id.map(Field::Long)),
            or_null(row.altitude.map(Field::Int)),
            or_null(row.longitude.map(Field::Double)),
            or_null(row.until.map(micros)),
            or_null(row.route.clone().map(Field::Str)),
            or_null(row.is_primary.map(Field::Bool)),
        ];
        assert_eq!(fields, expected);
    }
}

#[test]
fn every_column_is_compressed_and_all_but_the_geometry_have_statistics() {
    let rows = [Row::without(), Row::whole()];
    let reader = read(file(Format::Parquet, table().with_points(Row::place), &[&rows]));
    let group = reader.metadata().row_group(0);
    for column in group.columns() {
        let name = column.column_descr().name();
        assert!(matches!(column.compression(), Compression::ZSTD(_)), "{name}");
        assert_eq!(column.statistics().is_some(), name != "geometry", "{name}");
    }
    let nulls = |index: usize| group.column(index).statistics().unwrap().null_count_opt();
    assert_eq!((nulls(0), nulls(7)), (Some(0), Some(1)));
}

#[test]
fn points_are_wkb_and_described_as_geoparquet_wants_it() {
    let mut west = Row::whole();
    (west.longitude, west.latitude) = (Some(-10.5), 64.0);
    let table = || table().with_points(Row::place);
    let reader = read(file(Format::Parquet, table(), &[&[Row::whole(), west]]));
    let row = reader.get_row_iter(None).unwrap().next().unwrap().unwrap();
    let mut wkb = vec![1, 1, 0, 0, 0];
    wkb.extend(151.0_f64.to_le_bytes());
    wkb.extend((-33.946_111_f64).to_le_bytes());
    assert_eq!(row.get_bytes(13).unwrap().data(), wkb);
    let geometry = json!({
        "encoding": "WKB", "geometry_types": ["Point"], "bbox": [-10.5, -33.946_111, 151.0, 64.0],
    });
    let expected = json!({
        "version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": geometry},
    });
    assert_eq!(geo(&reader), Some(expected));
    let empty = geo(&read(file(Format::Parquet, table(), &[]))).unwrap();
    assert_eq!(empty["columns"]["geometry"].get("bbox"), None, "{empty}");
    assert_eq!(geo(&read(file(Format::Parquet, super::table(), &[]))), None);
}

fn geo(reader: &Reader) -> Option<Value> {
    let metadata = reader.metadata().file_metadata().key_value_metadata()?;
    let geo = metadata.iter().find(|entry| entry.key == "geo")?;
    Some(serde_json::from_str(geo.value.as_deref()?).unwrap())
}

/// A number and a text of this length that are no other row's, so that a dictionary only adds to them.
fn noise(number: i64, length: usize) -> (i64, String) {
    let id = number.wrapping_mul(6_364_136_223_846_793_005);
    let mut text = format!("{id:020}").repeat(length.div_ceil(20));
    text.truncate(length);
    (id, text)
}

#[test]
fn a_row_group_has_four_mib_at_most_and_leaves_when_it_is_full() {
    for (length, pages) in [(0, 200), (12, 100), (8 * 1024, 2)] {
        let table = Table::of(vec![
            Column::of("id", |row: &(i64, String)| row.0),
            Column::text("text", |row| &row.1),
            Column::of("none", |row| (row.0 < 0).then_some(row.0)),
            Column::text_or_null("same", |row| Some(&row.1)),
        ]);
        let mut encoder = Encoder::new(Format::Parquet, table).unwrap();
        let mut file = encoder.begin().unwrap().to_vec();
        assert_eq!(file, b"PAR1");
        let mut left = 0;
        for page in 0..pages {
            let rows: Vec<_> = (0..1000).map(|row| noise(page * 1000 + row, length)).collect();
            let bytes = encoder.page(&rows).unwrap();
            left += usize::from(!bytes.is_empty());
            file.extend(bytes);
        }
        file.extend(encoder.end().unwrap());
        let reader = read(file);
        let groups = reader.metadata().row_groups();
        // The last one leaves with the end.
        assert_eq!(left, (groups.len() - 1).min(usize::try_from(pages).unwrap()), "{length}");
        for (index, group) in groups.iter().enumerate() {
            assert!(group.total_byte_size() <= 4 * MIB, "{length}: {}", group.total_byte_size());
            let is_last = index + 1 == groups.len();
            assert!(is_last || group.total_byte_size() > MIB, "{}", group.total_byte_size());
        }
        let rows: i64 = groups.iter().map(|group| group.num_rows()).sum();
        assert_eq!(rows, pages * 1000);
    }
}
