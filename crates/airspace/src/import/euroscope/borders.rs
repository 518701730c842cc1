//! The outline of a sector.

use std::collections::HashMap;

use geo::{Coord, Destination, Haversine, Point};

use super::{
    chain,
    fixes::Fixes,
    records::{Centre, Shape},
};
use crate::import::{Findings, Line, named::Named};

const METRES_PER_NM: f64 = 1852.0;
/// Corners of a circle: within a thousandth of its radius.
const CORNERS: u32 = 72;

/// What borders are made of, by name.
#[derive(Debug)]
pub(super) struct Borders(HashMap<String, Option<Part>>);

#[derive(Debug)]
enum Part {
    Line(Vec<Coord>),
    Circle(Line),
}

/// Why a sector has no outline.
#[derive(Debug)]
pub(super) enum NoOutline {
    /// Its border is at fault.
    Border(String),
    /// A line of it was left out, and told, before.
    Told,
}

impl Borders {
    /// Draws the circles. One around a fix that is not known is left out.
    pub(super) fn new(shapes: Named<Shape>, fixes: &Fixes, findings: &mut Findings) -> Self {
        let mut part = |name: &str, shape| match shape {
            Shape::Line(points) => Some(Part::Line(points)),
            Shape::Circle(Centre::At(centre), radius) => Some(Part::Circle(circle(centre, radius))),
            Shape::Circle(Centre::Fix(fix), radius) => match fixes.place(&fix) {
                Ok(centre) => Some(Part::Circle(circle(centre, radius))),
                Err(reason) => {
                    findings.leave_out(format!("CIRCLE_SECTORLINE {name}"), reason);
                    None
                }
            },
        };
        let parts = shapes.into_sorted().into_iter().map(|(name, shape)| {
            let part = shape.and_then(|shape| part(&name, shape));
            (name, part)
        });
        Self(parts.collect())
    }

    /// How many points the lines of a border have together.
    pub(super) fn points(&self, names: &[String]) -> usize {
        let parts = names.iter().filter_map(|name| self.0.get(name)?.as_ref());
        parts.map(|(Part::Line(points) | Part::Circle(points))| points.len()).sum()
    }

    /// # Errors
    ///
    /// Says what is wrong with the border.
    pub(super) fn outline(&self, names: &[String]) -> Result<Line, NoOutline> {
        let mut lines: Vec<(&str, &[Coord])> = Vec::new();
        let mut is_told = false;
        for name in names {
            match self.0.get(name) {
                None => return Err(NoOutline::Border(format!("there is no line {name}"))),
                Some(None) => is_told = true,
                Some(Some(Part::Line(points))) => lines.push((name, points)),
                Some(Some(Part::Circle(outline))) if names.len() == 1 => return Ok(outline.clone()),
                Some(Some(Part::Circle(_))) => {
                    let reason = format!("circle {name} is one line of several in its border");
                    return Err(NoOutline::Border(reason));
                }
            }
        }
        match is_told {
            true => Err(NoOutline::Told),
            false => chain::ring(&lines).map_err(NoOutline::Border),
        }
    }
}

fn circle(centre: Coord, radius_nm: f64) -> Line {
    let corner = |number: u32| {
        let bearing = f64::from(number % CORNERS) * 360.0 / f64::from(CORNERS);
        Haversine.destination(Point(centre), bearing, radius_nm * METRES_PER_NM).0
    };
    (0..=CORNERS).map(corner).collect()
}
