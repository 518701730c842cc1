//! CSV and NDJSON.

use serde_json::Value;

use super::{Column, Format, Row, Table, file, table, text};

#[test]
fn csv_has_a_header_quotes_where_needed_and_nothing_for_null() {
    let mut empty = Row::without();
    empty.route = Some(String::new());
    let rows = [Row::whole(), Row::without(), empty];
    let header = "id,count,heading,latitude,at,callsign,is_open,other_id,altitude,longitude,until,route,is_primary";
    let always =
        "9223372036854775807,-2147483648,359,-33.946111,2026-11-29T12:00:00.250Z,QFA1,true";
    let expected = [
        header.to_owned(),
        format!(
            "{always},-7,0,151.0,2026-11-29T12:00:01.000001Z,\"DCT, \"\"TESAT\"\"\r\nÅ =1+1\",false"
        ),
        format!("{always},,,,,,"),
        format!("{always},,,,,\"\","),
        String::new(),
    ];
    assert_eq!(text(Format::Csv, table(), &[&rows]), expected.join("\r\n"));
}

#[test]
fn each_of_the_special_characters_of_csv_is_quoted() {
    let table = || Table::of(vec![Column::text("name", |name: &String| name)]);
    for (name, cell) in [
        ("plain text", "plain text"),
        ("'", "'"),
        ("=1+1", "=1+1"),
        (",", "\",\""),
        ("\"", "\"\"\"\""),
        ("a\nb", "\"a\nb\""),
        ("a\rb", "\"a\rb\""),
        ("", "\"\""),
    ] {
        let csv = text(Format::Csv, table(), &[&[name.to_owned()]]);
        assert_eq!(csv, format!("name\r\n{cell}\r\n"), "{name:?}");
    }
}

#[test]
fn a_double_in_csv_is_that_of_json_and_read_back_the_same() {
    let table = || Table::of(vec![Column::of("value", |value: &f64| *value)]);
    for value in [0.0, -0.0, 52.0, 0.1 + 0.2, 1e-7, 1e21, f64::MIN_POSITIVE, -179.999_999_9] {
        let csv = text(Format::Csv, table(), &[&[value]]);
        let cell = csv.strip_prefix("value\r\n").unwrap().trim_end();
        assert_eq!(cell, serde_json::to_string(&value).unwrap());
        assert_eq!(cell.parse::<f64>().unwrap().to_bits(), value.to_bits());
    }
    assert_eq!(text(Format::Csv, table(), &[&[f64::NAN]]), "value\r\n\r\n");
}

#[test]
fn a_line_of_ndjson_is_the_row_as_json_has_it_and_the_last_one_counts_them() {
    let rows = [Row::whole(), Row::without()];
    let ndjson = text(Format::Ndjson, table(), &[&rows]);
    let lines: Vec<_> = ndjson.split_terminator('\n').collect();
    assert_eq!(lines.len(), 3);
    for (line, row) in lines.iter().zip(&rows) {
        assert_eq!(*line, serde_json::to_string(row).unwrap());
        assert!(line.contains("\"other_id\":null") == row.other_id.is_none());
    }
    assert_eq!(lines[2], r#"{"end":true,"rows":2}"#);
}

#[test]
fn a_table_without_rows_is_still_a_whole_file() {
    let header = "id,count,heading,latitude,at,callsign,is_open,other_id,altitude,longitude,until,route,is_primary\r\n";
    assert_eq!(text(Format::Csv, table(), &[]), header);
    assert_eq!(text(Format::Ndjson, table(), &[]), "{\"end\":true,\"rows\":0}\n");
    let geojson = file(Format::GeoJson, table().with_points(Row::place), &[&[]]);
    let geojson: Value = serde_json::from_slice(&geojson).unwrap();
    assert_eq!(geojson["features"], serde_json::json!([]));
}
