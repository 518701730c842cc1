//! What a table of every type looks like in each format.

mod geojson;
mod parquet;
mod texts;

use serde::Serialize;

use super::{Column, Encoder, Format, Position, Table, Time};

/// A row with a cell of every type, and one of every type that can be null.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Row {
    id: i64,
    count: i32,
    heading: i16,
    latitude: f64,
    at: Time,
    callsign: String,
    is_open: bool,
    other_id: Option<i64>,
    altitude: Option<i32>,
    longitude: Option<f64>,
    until: Option<Time>,
    route: Option<String>,
    is_primary: Option<bool>,
}

impl Row {
    fn whole() -> Self {
        Self {
            id: i64::MAX,
            count: i32::MIN,
            heading: 359,
            latitude: -33.946_111,
            at: "2026-11-29T12:00:00.25Z".parse().unwrap(),
            callsign: "QFA1".to_owned(),
            is_open: true,
            other_id: Some(-7),
            altitude: Some(0),
            longitude: Some(151.0),
            until: Some("2026-11-29T12:00:01.000001Z".parse().unwrap()),
            route: Some("DCT, \"TESAT\"\r\nÅ =1+1".to_owned()),
            is_primary: Some(false),
        }
    }

    fn without() -> Self {
        Self {
            other_id: None,
            altitude: None,
            longitude: None,
            until: None,
            route: None,
            is_primary: None,
            ..Self::whole()
        }
    }

    fn place(&self) -> Position {
        (self.longitude.unwrap_or_default(), self.latitude)
    }
}

fn table() -> Table<Row> {
    Table::of(vec![
        Column::of("id", |row: &Row| row.id),
        Column::of("count", |row| row.count),
        Column::of("heading", |row| row.heading),
        Column::of("latitude", |row| row.latitude),
        Column::of("at", |row| row.at),
        Column::text("callsign", |row| &row.callsign),
        Column::of("is_open", |row| row.is_open),
        Column::of("other_id", |row| row.other_id),
        Column::of("altitude", |row| row.altitude),
        Column::of("longitude", |row| row.longitude),
        Column::of("until", |row| row.until),
        Column::text_or_null("route", |row| row.route.as_deref()),
        Column::of("is_primary", |row| row.is_primary),
    ])
}

/// The file of these pages.
fn file<R: 'static>(format: Format, table: Table<R>, pages: &[&[R]]) -> Vec<u8> {
    let mut encoder = Encoder::new(format, table).unwrap();
    let mut file = encoder.begin().unwrap().to_vec();
    for page in pages {
        file.extend(encoder.page(page).unwrap());
    }
    assert_eq!(encoder.rows(), pages.iter().map(|page| page.len() as u64).sum::<u64>());
    file.extend(encoder.end().unwrap());
    file
}

fn text<R: 'static>(format: Format, table: Table<R>, pages: &[&[R]]) -> String {
    String::from_utf8(file(format, table, pages)).unwrap()
}

#[test]
fn a_format_is_found_by_its_extension_in_lower_case_alone() {
    for format in Format::ALL {
        assert_eq!(Format::of_extension(format.extension()), Some(format));
    }
    for other in ["", "CSV", "json", ".csv", "csv ", "xlsx"] {
        assert_eq!(Format::of_extension(other), None, "{other}");
    }
}

#[test]
fn how_rows_come_in_pages_does_not_matter() {
    let rows = [Row::whole(), Row::without(), Row::whole()];
    for format in Format::ALL {
        let table = || table().with_points(Row::place);
        let whole = file(format, table(), &[&rows]);
        assert_eq!(file(format, table(), &[&rows[..1], &[], &rows[1..]]), whole, "{format:?}");
    }
}
