//! GeoJSON by RFC 7946: one feature a row, with all columns as its properties.

use super::{
    cell::Value,
    encode::{Encode, ExportError},
    json,
    table::{Column, Places, Position, Shape},
};

/// Half of the globe, in degrees: lines that are longer cross the antimeridian.
const HALF_TURN: f64 = 180.0;

/// A `FeatureCollection`, with a feature on each line.
pub struct GeoJson<R> {
    columns: Vec<Column<R>>,
    places: Places<R>,
    has_features: bool,
}

impl<R> GeoJson<R> {
    /// Fails for a table whose rows have no place.
    pub fn of(columns: Vec<Column<R>>, places: Places<R>) -> Result<Self, ExportError> {
        match places {
            Places::Nowhere => Err(ExportError::NoPlaces),
            _ => Ok(Self { columns, places, has_features: false }),
        }
    }

    fn shape(&self, row: &R) -> Option<Shape> {
        match self.places {
            Places::Nowhere => None,
            Places::Points(point) => Some(Shape::Point(point(row))),
            Places::Shapes(shape) => Some(shape(row)),
        }
    }
}

impl<R> Encode<R> for GeoJson<R> {
    fn begin(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        out.extend_from_slice(b"{\"type\":\"FeatureCollection\",\"features\":[");
        Ok(())
    }

    fn page(&mut self, out: &mut Vec<u8>, rows: &[R]) -> Result<(), ExportError> {
        for row in rows {
            out.extend_from_slice(if self.has_features { b",\n" } else { b"\n" });
            self.has_features = true;
            out.extend_from_slice(b"{\"type\":\"Feature\",\"geometry\":");
            match self.shape(row) {
                Some(shape) => geometry(out, shape)?,
                None => out.extend_from_slice(b"null"),
            }
            out.extend_from_slice(b",\"properties\":{");
            json::members(out, &self.columns, row)?;
            out.extend_from_slice(b"}}");
        }
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<u8>, _: u64) -> Result<(), ExportError> {
        out.extend_from_slice(b"\n]}\n");
        Ok(())
    }
}

fn geometry(out: &mut Vec<u8>, shape: Shape) -> Result<(), ExportError> {
    let kind: &[u8] = match shape {
        Shape::Point(_) => b"Point",
        Shape::Line(from, to) if is_across(from, to) => b"MultiLineString",
        Shape::Line(..) => b"LineString",
    };
    out.extend_from_slice(b"{\"type\":\"");
    out.extend_from_slice(kind);
    out.extend_from_slice(b"\",\"coordinates\":");
    match shape {
        Shape::Point(at) => position(out, at)?,
        Shape::Line(from, to) if is_across(from, to) => {
            let [before, after] = at_the_antimeridian(from, to);
            out.push(b'[');
            line(out, from, before)?;
            out.push(b',');
            line(out, after, to)?;
            out.push(b']');
        }
        Shape::Line(from, to) => line(out, from, to)?,
    }
    out.push(b'}');
    Ok(())
}

fn is_across(from: Position, to: Position) -> bool {
    (to.0 - from.0).abs() > HALF_TURN
}

/// Where a line is cut, as RFC 7946 (3.1.9) wants it: the same point on either side of the antimeridian.
fn at_the_antimeridian(from: Position, to: Position) -> [Position; 2] {
    let side = HALF_TURN.copysign(from.0);
    let (before, after) = (side - from.0, side + to.0);
    // How far the line has come when it is there. Both parts have one sign, and are not both 0.
    let part = before / (before + after);
    let latitude = from.1 + part * (to.1 - from.1);
    [(side, latitude), (-side, latitude)]
}

fn line(out: &mut Vec<u8>, from: Position, to: Position) -> Result<(), ExportError> {
    out.push(b'[');
    position(out, from)?;
    out.push(b',');
    position(out, to)?;
    out.push(b']');
    Ok(())
}

fn position(out: &mut Vec<u8>, (longitude, latitude): Position) -> Result<(), ExportError> {
    out.push(b'[');
    json::number(out, Value::Double(longitude))?;
    out.push(b',');
    json::number(out, Value::Double(latitude))?;
    out.push(b']');
    Ok(())
}
