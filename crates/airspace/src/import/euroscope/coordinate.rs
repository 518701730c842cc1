//! Coordinates of sector files, and the offsets that shift them.

use geo::Coord;

use crate::import::coordinate::{number, on_globe, sexagesimal};

/// A point of two fields, `N051.28.39.000` (or `N51.4775`) and `W000.27.41.000`.
pub(super) fn point(latitude: &str, longitude: &str) -> Option<Coord> {
    let y = degrees(latitude, ['N', 'S'], 90.0)?;
    let x = degrees(longitude, ['E', 'W'], 180.0)?;
    Some(Coord { x, y })
}

/// Degrees behind the letter of their half of the globe: with three or two points `DDD.MM.SS.sss`, else decimal.
fn degrees(text: &str, [positive, negative]: [char; 2], most: f64) -> Option<f64> {
    let mut rest = text.trim().chars();
    let half = rest.next()?.to_ascii_uppercase();
    (half == positive || half == negative).then_some(())?;
    let digits = rest.as_str();
    let degrees = match digits.matches('.').count() {
        0 | 1 => number(digits)?,
        2 | 3 => {
            let mut parts = digits.splitn(3, '.');
            let mut part = || number(parts.next()?);
            sexagesimal(part()?, part()?, part()?)
        }
        _ => return None,
    };
    on_globe(degrees, half == negative, most)
}

/// How far the coordinates behind an `OFFSET` are shifted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Offset {
    north: f64,
    east: f64,
}

impl Offset {
    /// Of the fields behind `OFFSET`: two of degrees to the north and to the east, or two points of which the first
    /// is shifted onto the second.
    pub(super) fn of(fields: &[&str]) -> Option<Self> {
        match *fields {
            [north, east] => {
                let (north, east) = (shift(north, ['N', 'S'])?, shift(east, ['E', 'W'])?);
                Some(Self { north, east })
            }
            [latitude, longitude, to_latitude, to_longitude] => {
                let from = point(latitude, longitude)?;
                let to = point(to_latitude, to_longitude)?;
                Some(Self { north: to.y - from.y, east: to.x - from.x })
            }
            _ => None,
        }
    }

    /// The shifted point; `None` beyond a pole.
    pub(super) fn shifted(self, point: Coord) -> Option<Coord> {
        let y = point.y + self.north;
        let x = point.x + self.east;
        let x = match x {
            _ if x > 180.0 => x - 360.0,
            _ if x < -180.0 => x + 360.0,
            _ => x,
        };
        (y.abs() <= 90.0 && x.abs() <= 180.0).then_some(Coord { x, y })
    }
}

fn shift(text: &str, halves: [char; 2]) -> Option<f64> {
    let text = text.trim();
    let signed = || text.parse::<f64>().ok().filter(|degrees| degrees.abs() <= 360.0);
    degrees(text, halves, 180.0).or_else(signed)
}
