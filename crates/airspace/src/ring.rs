//! One ring: checked, then repaired, then read.

use geo::Coord;
use geojson::Position;

use super::error::RingFault;
use sectorwatch_core::{
    geometry::{NoRing, Ring, signed_area},
    meetings::Effort,
};

/// The range of positions. To cross the antimeridian, longitudes continue beyond 180.
const AXES: [(&str, (f64, f64)); 2] = [("longitude", (-180.0, 360.0)), ("latitude", (-90.0, 90.0))];

/// The repairs of one feature, and notes on it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Repairs {
    closed: usize,
    duplicates: usize,
    touching: usize,
    turned: usize,
    long_edges: usize,
}

impl Repairs {
    /// One line; `None` when nothing was repaired.
    pub fn summary(&self) -> Option<String> {
        let kinds = [
            (self.closed, "ring(s) closed"),
            (self.duplicates, "repeated point(s) dropped"),
            (
                self.touching,
                "ring(s) that cross or touch themselves, all that they go round is inside (non-zero rule)",
            ),
            (self.turned, "ring(s) turned (exterior counter-clockwise, holes clockwise)"),
        ];
        let done: Vec<String> = kinds
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        (!done.is_empty()).then(|| done.join("; "))
    }

    /// A warning about long edges, which may not be intended.
    pub fn long_edges(&self) -> Option<String> {
        let number = self.long_edges;
        (number > 0).then(|| {
            format!(
                "{number} edge(s) of more than 180° go the long way round, as drawn: to cross the antimeridian, cut it at ±180° or write longitudes beyond 180"
            )
        })
    }
}

/// Reads a ring, and notes its repairs.
pub(super) fn read(
    positions: &[Position],
    is_exterior: bool,
    repairs: &mut Repairs,
    effort: &mut Effort,
) -> Result<Ring, RingFault> {
    if positions.len() < 4 {
        return Err(RingFault::TooFew { found: positions.len() });
    }
    let mut vertices = vertices(positions)?;
    if vertices.first() != vertices.last() {
        vertices.push(vertices[0]);
        repairs.closed += 1;
    }
    let before = vertices.len();
    vertices.dedup();
    repairs.duplicates += before - vertices.len();

    let ring = Ring::within(vertices, effort).map_err(|fault| match fault {
        NoRing::NoArea => RingFault::NoArea,
        NoRing::Tangled => RingFault::Tangled,
    })?;
    repairs.long_edges += ring.vertices().windows(2).filter(|edge| is_long(edge)).count();
    repairs.touching += usize::from(ring.touches_itself());
    // Only for uniformity: the non-zero rule reads a ring in either direction.
    let counter_clockwise = signed_area(ring.line()) > 0.0;
    if counter_clockwise == is_exterior || ring.touches_itself() {
        return Ok(ring);
    }
    repairs.turned += 1;
    Ok(ring.reversed())
}

/// The points of a ring as the file has them.
pub(super) fn vertices(positions: &[Position]) -> Result<Vec<Coord>, RingFault> {
    positions.iter().enumerate().map(|(index, position)| vertex(index, position)).collect()
}

fn vertex(index: usize, position: &Position) -> Result<Coord, RingFault> {
    let &[x, y, ..] = position.as_slice() else {
        return Err(RingFault::ShortPosition { position: index });
    };
    on_globe(index, Coord { x, y })
}

/// The point, if it is within the range of positions.
pub(super) fn on_globe(index: usize, point: Coord) -> Result<Coord, RingFault> {
    for ((axis, allowed), value) in AXES.into_iter().zip([point.x, point.y]) {
        if !(allowed.0..=allowed.1).contains(&value) {
            return Err(RingFault::OffTheGlobe { axis, value, position: index, allowed });
        }
    }
    Ok(point)
}

/// An edge of more than half a turn. In GeoJSON an edge is straight in degrees, and does not take the short
/// way.
fn is_long(edge: &[Coord]) -> bool {
    (edge[0].x - edge[1].x).abs() > 180.0
}
