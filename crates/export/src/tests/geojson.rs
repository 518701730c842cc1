//! GeoJSON.

use serde_json::{Value, json};

use super::{Column, Encoder, Format, Row, Table, file, table};
use crate::{ExportError, Shape};

fn collection<R: 'static>(table: Table<R>, rows: &[R]) -> Value {
    serde_json::from_slice(&file(Format::GeoJson, table, &[rows])).unwrap()
}

#[test]
fn a_row_is_a_feature_with_all_its_columns() {
    let rows = [Row::whole(), Row::without()];
    let collection = collection(table().with_points(Row::place), &rows);
    let feature = |row: &Row, longitude: f64| {
        json!({
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [longitude, row.latitude]},
            "properties": row,
        })
    };
    let features = json!([feature(&rows[0], 151.0), feature(&rows[1], 0.0)]);
    assert_eq!(collection, json!({"type": "FeatureCollection", "features": features}));
}

#[test]
fn a_line_across_the_antimeridian_is_cut_there() {
    let table = || Table::of(Vec::<Column<Shape>>::new()).with_shapes(|shape| *shape);
    let geometry = |shape| collection(table(), &[shape])["features"][0]["geometry"].clone();
    let line = |from, to| geometry(Shape::Line(from, to));
    assert_eq!(geometry(Shape::Point((1.5, 2.0)))["coordinates"], json!([1.5, 2.0]));
    assert_eq!(
        line((1.0, 2.0), (3.0, 4.0)),
        json!({"type": "LineString", "coordinates": [[1.0, 2.0], [3.0, 4.0]]})
    );
    assert_eq!(
        line((170.0, 10.0), (-160.0, 40.0)),
        json!({"type": "MultiLineString", "coordinates":
            [[[170.0, 10.0], [180.0, 20.0]], [[-180.0, 20.0], [-160.0, 40.0]]]})
    );
    assert_eq!(
        line((-160.0, 40.0), (170.0, 10.0)),
        json!({"type": "MultiLineString", "coordinates":
            [[[-160.0, 40.0], [-180.0, 20.0]], [[180.0, 20.0], [170.0, 10.0]]]})
    );
    assert_eq!(line((-90.0, 0.0), (90.0, 0.0))["type"], "LineString", "half a turn is not more");
}

#[test]
fn rows_without_a_place_are_refused() {
    let refused = Encoder::new(Format::GeoJson, table());
    assert!(matches!(refused, Err(ExportError::NoPlaces)));
}
