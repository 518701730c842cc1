//! The sheet that a region is drawn on: where a position is, and which lines are in view.

use crate::{
    Bounds, Point, Position, Projection,
    line::{clipped, in_steps},
    projection::degrees_of,
};

/// The width of the sheet in its own units. The height follows within limits.
const WIDTH: f64 = 1000.0;
const HEIGHTS: (f64, f64) = (220.0, 900.0);
const MARGIN: f64 = 14.0;
/// The turns by which a shape may be written away from the region.
const TURNS: [f64; 5] = [0.0, -360.0, 360.0, -720.0, 720.0];

/// A sheet over a region of the globe, north up.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    projection: Projection,
    degrees: Bounds,
    scale: f64,
    /// The middle of the projected region.
    middle: (f64, f64),
    height: f64,
}

impl Frame {
    /// A sheet that holds the rings; `None` without any position.
    pub fn over(rings: &[&[Position]]) -> Option<Self> {
        let (projection, degrees) = Projection::over(degrees_of(rings)?);
        let bounds = match projection {
            Projection::Plain { longitude } => degrees.moved_east(-longitude),
            Projection::Azimuthal { .. } => {
                let lines = rings.iter().flat_map(|ring| in_steps(ring));
                Bounds::of(lines.map(|position| projection.project(position)))?
            }
        };
        let room = (WIDTH - 2.0 * MARGIN, HEIGHTS.1 - 2.0 * MARGIN);
        let scale = (room.0 / bounds.width().max(1e-9)).min(room.1 / bounds.height().max(1e-9));
        let height = (bounds.height() * scale + 2.0 * MARGIN).max(HEIGHTS.0);
        Some(Self { projection, degrees, scale, middle: bounds.middle(), height })
    }

    /// The width of the sheet.
    pub fn width(&self) -> f64 {
        WIDTH
    }

    /// The height of the sheet.
    pub fn height(&self) -> f64 {
        self.height
    }

    /// The sheet itself.
    pub fn sheet(&self) -> Bounds {
        Bounds { west: 0.0, east: WIDTH, south: 0.0, north: self.height }
    }

    /// The region in degrees, without its margin.
    pub fn degrees(&self) -> Bounds {
        self.degrees
    }

    /// Whether the sheet is wide and shows a large part of the globe, so that small sectors need all the
    /// width of a page.
    pub fn is_broad(&self) -> bool {
        self.height < 0.7 * WIDTH && self.degrees.width() > 90.0
    }

    /// The place of a position on the sheet, or beyond its edge.
    pub fn place(&self, position: Position) -> Point {
        self.on_sheet(self.projection.project(position))
    }

    fn on_sheet(&self, (x, y): (f64, f64)) -> Point {
        let (right, down) = ((x - self.middle.0) * self.scale, (self.middle.1 - y) * self.scale);
        (WIDTH / 2.0 + right, self.height / 2.0 + down)
    }

    /// The clockwise rotation that turns an upward mark to a heading, because meridians are not vertical
    /// everywhere.
    pub fn turn(&self, (longitude, latitude): Position, heading_deg: f64) -> f64 {
        const AHEAD_DEGREES: f64 = 0.01;
        let heading = heading_deg.to_radians();
        let parallel = latitude.to_radians().cos().max(0.01);
        let ahead = (
            longitude + AHEAD_DEGREES * heading.sin() / parallel,
            latitude + AHEAD_DEGREES * heading.cos(),
        );
        let (from, to) = (self.place((longitude, latitude)), self.place(ahead));
        (to.0 - from.0).atan2(from.1 - to.1).to_degrees()
    }

    /// The drawings of a line or ring that are in view: one, or one at either edge for what lies across the
    /// edge of a map of the whole globe.
    pub fn copies(&self, line: &[Position]) -> Vec<Vec<Point>> {
        self.moves(line)
            .map(|by| {
                let steps = in_steps(line).into_iter();
                steps.map(|at| self.on_sheet(self.projection.project_moved(at, by))).collect()
            })
            .collect()
    }

    /// The degrees by which a line is moved east to come into view.
    fn moves(&self, line: &[Position]) -> impl Iterator<Item = f64> {
        let around = Bounds::of(line.iter().copied());
        let (is_azimuthal, view) =
            (matches!(self.projection, Projection::Azimuthal { .. }), self.degrees);
        TURNS.into_iter().filter(move |turn| match around {
            // Every turn is the same place.
            _ if is_azimuthal => *turn == 0.0,
            Some(around) => around.moved_east(*turn).overlaps(&view),
            None => false,
        })
    }

    /// The parts of a line that are in view, for lines that go round the globe, such as coasts.
    pub fn parts(&self, line: &[Position]) -> Vec<Vec<Point>> {
        let sheet = self.sheet();
        let mut parts = Vec::new();
        for by in self.moves(line) {
            let near = line.iter().map(|position| {
                let is_near = self.projection.is_near(*position);
                is_near.then(|| self.on_sheet(self.projection.project_moved(*position, by)))
            });
            parts.extend(clipped(near, &sheet));
        }
        parts
    }
}
