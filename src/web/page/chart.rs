//! The chart below the aircraft: boundary, sectors, coast and graticule as SVG paths.
//!
//! It is drawn once for an airspace, and holds what can be selected for an answer: the volumes of a level, and
//! the labels by traffic.

mod lettering;
mod sector;

use std::sync::Arc;

use arc_swap::ArcSwap;
use sectorwatch_map::{Frame, Point, Position, Shape, coast, in_steps, path_of};

pub use lettering::{Labels, letterings};
pub use sector::{DrawnSector, SectorShape};

use crate::{status::Outlines, web::level::FlightLevel};

/// The distance of meridians, and of parallels, on the map of a region and on one of the globe.
const GRATICULE_DEGREES: (i32, i32) = (10, 30);

/// What is drawn of one airspace.
#[derive(Debug)]
pub struct Chart {
    frame: Frame,
    /// `d` of the boundary's path; empty when the sectors together are the boundary.
    pub boundary: String,
    /// `d` of the meridians and parallels.
    pub graticule: String,
    /// `d` of the coasts in view.
    pub coast: String,
    /// In the order of the airspace file.
    sectors: Vec<SectorShape>,
}

/// The chart of the airspace in use. It is drawn again when another airspace is published.
pub struct Charts(ArcSwap<(Arc<Outlines>, Option<Arc<Chart>>)>);

impl Charts {
    /// Draws the chart of these lines.
    pub fn of(outlines: &Arc<Outlines>) -> Self {
        Self(ArcSwap::from_pointee(Self::drawn(outlines)))
    }

    /// The chart of these lines; `None` if there are none to draw.
    pub fn chart(&self, outlines: &Arc<Outlines>) -> Option<Arc<Chart>> {
        let kept = self.0.load_full();
        if Arc::ptr_eq(&kept.0, outlines) {
            return kept.1.clone();
        }
        let drawn = Self::drawn(outlines);
        let chart = drawn.1.clone();
        self.0.store(Arc::new(drawn));
        chart
    }

    fn drawn(outlines: &Arc<Outlines>) -> (Arc<Outlines>, Option<Arc<Chart>>) {
        (Arc::clone(outlines), Chart::of(outlines).map(Arc::new))
    }
}

impl Chart {
    /// Draws the lines; `None` without any.
    pub fn of(outlines: &Outlines) -> Option<Self> {
        let volumes = outlines.sectors.iter().flat_map(|sector| &sector.volumes);
        let shapes = volumes.flat_map(|volume| &volume.polygons);
        let exteriors = outlines.boundary.iter().chain(shapes).filter_map(|it| it.first());
        let exteriors: Vec<&[Position]> = exteriors.map(Vec::as_slice).collect();
        let frame = Frame::over(&exteriors)?;
        let mut boundary = String::new();
        for shape in outlines.boundary.iter().flat_map(|polygon| Shape::drawn(&frame, polygon)) {
            shape.add_to(&mut boundary);
        }
        let letterings = letterings(&frame);
        let sectors = outlines.sectors.iter();
        let sectors = sectors.map(|sector| SectorShape::of(sector, &frame, &letterings)).collect();
        let (graticule, coast) = (graticule(&frame), coast::path(&frame));
        Some(Self { boundary, graticule, coast, sectors, frame })
    }

    /// The sheet that it is drawn on.
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// The place of a position on the drawing, from its upper left corner.
    pub fn place(&self, position: Position) -> Point {
        self.frame.place(position)
    }

    /// The sectors of a level, or all; the largest first, so that smaller ones are drawn above.
    pub fn sectors(&self, level: Option<FlightLevel>) -> Vec<DrawnSector<'_>> {
        let drawn = self.sectors.iter().filter_map(|sector| sector.at(level));
        let mut drawn: Vec<_> = drawn.collect();
        // Of equal ones, the first in the file is recorded, so it lies above.
        drawn.reverse();
        drawn.sort_by(|a, b| b.area.total_cmp(&a.area));
        drawn
    }

    /// The labels of the drawn sectors for each width of a page. Those with more flights have precedence,
    /// then larger ones.
    pub fn labels(
        &self,
        sectors: &[DrawnSector<'_>],
        flights: impl Fn(&str) -> u64,
    ) -> [Labels; 3] {
        let mut by_flights: Vec<(u64, &DrawnSector<'_>)> =
            sectors.iter().map(|sector| (flights(sector.id), sector)).collect();
        by_flights.sort_by_key(|(flights, _)| std::cmp::Reverse(*flights));
        let sheet = self.frame.sheet();
        let mut at = 0..;
        letterings(&self.frame).map(|lettering| {
            let at = at.next().unwrap_or(0);
            let subjects: Vec<_> =
                by_flights.iter().map(|(_, sector)| sector.subject(at)).collect();
            Labels::of(&subjects, lettering, &sheet)
        })
    }
}

fn graticule(frame: &Frame) -> String {
    let degrees = frame.degrees();
    let step = if degrees.width() > 180.0 { GRATICULE_DEGREES.1 } else { GRATICULE_DEGREES.0 };
    let beyond = f64::from(step);
    let lines = |from: f64, to: f64| {
        let first = (from / beyond).floor() as i32;
        let last = (to / beyond).ceil() as i32;
        (first..=last).map(move |index| f64::from(index * step))
    };
    let (south, north) = (degrees.south.max(-89.0), degrees.north.min(89.0));
    let (lowest, highest) = ((south - beyond).max(-89.0), (north + beyond).min(89.0));
    let meridians = lines(degrees.west, degrees.east).map(|it| [(it, lowest), (it, highest)]);
    let parallels = lines(south, north).filter(|parallel| parallel.abs() < 90.0);
    let (west, east) = (degrees.west - beyond, degrees.east + beyond);
    let parallels = parallels.map(|parallel| [(west, parallel), (east, parallel)]);
    let mut path = String::new();
    for line in meridians.chain(parallels) {
        for part in frame.parts(&in_steps(&line)) {
            path_of(&mut path, &sectorwatch_map::simplified(&part, 0.2), false);
        }
    }
    path
}

#[cfg(test)]
mod tests;
