//! Warns about overlaps, hidden sectors and gaps, which the author of a file may not have intended.

use std::collections::BTreeSet;

use geo::{Area, BooleanOps, Coord, Intersects, LineString, Rect, Translate};
use rstar::{
    AABB, RTree,
    primitives::{GeomWithData, Rectangle},
};

use sectorwatch_core::{
    airspace::{Airspace, Sector, Volume},
    geometry::{Polygon, Ring},
    level::Level,
    meetings::{Effort, Tangled},
};

/// A shared area below this many square degrees comes from two drawings of one border.
const SLIVER: f64 = 1e-4;
/// The number of sampled points along each side of a polygon's box.
const GRID: u32 = 48;
/// The degrees that may be added to a longitude of the same place.
const TURNS: [f64; 3] = [0.0, 360.0, -360.0];
/// The altitudes that a pilot record can have, in feet.
const LOWEST_FT: i32 = -2_000;
const HIGHEST_FT: i32 = 100_000;
/// Enough to compare the sectors of the whole world; a file of a hundred thousand that overlap would take for ever.
const MOST_TESTS: usize = 400_000_000;
/// What a vertex costs when two shapes are cut, in tests of a point.
const CUT: usize = 40;

/// One line per warning.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Survey {
    pub overlaps: Vec<String>,
    pub never_reported: Vec<String>,
    pub gaps: Vec<String>,
    /// Whether there was more to compare than could be, so that the lists are not whole.
    pub is_partial: bool,
}

impl Survey {
    pub fn of(airspace: &Airspace) -> Self {
        let mut survey = Self::default();
        survey.is_partial = survey.fill(airspace, &mut Effort::of(MOST_TESTS)).is_err();
        survey
    }

    fn fill(&mut self, airspace: &Airspace, effort: &mut Effort) -> Result<(), Tangled> {
        let levels = levels(airspace);
        let order: Vec<&Sector> = airspace.smallest_first().collect();
        let boxes = boxes(&order);
        for (rank, sector) in order.iter().enumerate() {
            let rivals: Vec<&Sector> =
                preferred(&boxes, rank, sector).into_iter().map(|rank| order[rank]).collect();
            for rival in &rivals {
                let pairs = rival.volumes.len() * sector.volumes.len();
                effort.spend(pairs + CUT * (vertices(rival) + vertices(sector)))?;
                let how = overlap(rival, sector);
                self.overlaps
                    .extend(how.map(|how| format!("{} and {}: {how}", rival.id, sector.id)));
            }
            if !can_be_reported(airspace, sector, &rivals, &levels, effort)? {
                self.never_reported.push(format!(
                    "{}: smaller sectors hold all of it, or it is outside the boundary",
                    sector.id
                ));
            }
        }
        self.gaps = gaps(airspace, &levels, effort)?;
        Ok(())
    }
}

/// The boxes of all polygons, each with the rank of its sector.
type Boxes = RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>;

fn boxes(order: &[&Sector]) -> Boxes {
    let boxes = order.iter().enumerate().flat_map(|(rank, sector)| {
        let polygons = sector.volumes.iter().flat_map(|volume| &volume.polygons);
        polygons.map(move |polygon| {
            let [least, most] = corners(polygon.exterior.bounds());
            GeomWithData::new(Rectangle::from_corners(least, most), rank)
        })
    });
    RTree::bulk_load(boxes.collect())
}

fn corners(bounds: Rect) -> [[f64; 2]; 2] {
    [bounds.min(), bounds.max()].map(|corner| [corner.x, corner.y])
}

/// The ranks of the sectors that are recorded before this one, and whose boxes meet one of its own.
fn preferred(boxes: &Boxes, rank: usize, sector: &Sector) -> BTreeSet<usize> {
    let around = bounds(sector).into_iter().flat_map(|bounds| {
        let [least, most] = corners(bounds);
        boxes.locate_in_envelope_intersecting(&AABB::from_corners(least, most))
    });
    around.map(|boxed| boxed.data).filter(|&other| other < rank).collect()
}

fn vertices(sector: &Sector) -> usize {
    let polygons = sector.volumes.iter().flat_map(|volume| &volume.polygons);
    polygons.map(|polygon| polygon.exterior.vertices().len()).sum()
}

/// The box around each polygon of a sector, and the same boxes one turn to either side.
fn bounds(sector: &Sector) -> Vec<Rect> {
    let polygons = sector.volumes.iter().flat_map(|volume| &volume.polygons);
    polygons
        .flat_map(|polygon| TURNS.map(|turn| polygon.exterior.bounds().translate(turn, 0.0)))
        .collect()
}

/// How two sectors overlap in area and altitude; `None` when they do not overlap in both.
fn overlap(small: &Sector, large: &Sector) -> Option<String> {
    let (mut shared, mut floor, mut ceiling) = (0.0, f64::INFINITY, f64::NEG_INFINITY);
    for a in &small.volumes {
        for b in &large.volumes {
            let bottom = lowest(a).max(lowest(b));
            let top = highest(a).min(highest(b));
            // Stacked sectors share the altitude at which one ends and the other begins.
            if bottom >= top {
                continue;
            }
            let area = shared_area(a, b);
            if area > SLIVER {
                (shared, floor, ceiling) = (shared + area, bottom.min(floor), top.max(ceiling));
            }
        }
    }
    (shared > SLIVER).then(|| {
        let share = 100.0 * shared / small.area();
        let altitudes = match (floor.is_finite(), ceiling.is_finite()) {
            (false, false) => "at all altitudes".to_owned(),
            (true, false) => format!("from {floor} ft"),
            (false, true) => format!("up to {ceiling} ft"),
            (true, true) => format!("from {floor} to {ceiling} ft"),
        };
        format!("{shared:.4} square degrees ({share:.1} % of {}), {altitudes}", small.id)
    })
}

fn lowest(volume: &Volume) -> f64 {
    volume.floor_ft.unwrap_or(f64::NEG_INFINITY)
}

fn highest(volume: &Volume) -> f64 {
    volume.ceiling_ft.unwrap_or(f64::INFINITY)
}

fn shared_area(a: &Volume, b: &Volume) -> f64 {
    let mut shared = 0.0;
    for first in &a.polygons {
        for second in &b.polygons {
            for turn in TURNS {
                let bounds = second.exterior.bounds().translate(turn, 0.0);
                if bounds.intersects(&first.exterior.bounds()) {
                    let second = outline(second).translate(turn, 0.0);
                    shared += outline(first).intersection(&second).unsigned_area();
                }
            }
        }
    }
    shared
}

fn outline(polygon: &Polygon) -> geo::Polygon {
    let line = |ring: &Ring| LineString::new(ring.vertices().to_vec());
    geo::Polygon::new(line(&polygon.exterior), polygon.holes.iter().map(line).collect())
}

/// The altitudes at which the result can change, and their neighbours.
fn levels(airspace: &Airspace) -> Vec<i32> {
    let volumes = airspace.sectors().iter().flat_map(|sector| &sector.volumes);
    let limits = volumes.flat_map(|volume| [volume.floor_ft, volume.ceiling_ft]).flatten();
    let mut levels: Vec<i32> = limits
        // A limit beyond the range of i32 saturates, and is outside the range anyway.
        .flat_map(|limit| [limit.floor() as i32, limit.ceil() as i32])
        .flat_map(|limit| [limit.saturating_sub(1), limit, limit.saturating_add(1)])
        .chain([0, LOWEST_FT, HIGHEST_FT])
        .filter(|level| (LOWEST_FT..=HIGHEST_FT).contains(level))
        .collect();
    levels.sort_unstable();
    levels.dedup();
    levels
}

/// Whether a sampled point and altitude of the sector is in the boundary and in no rival sector.
fn can_be_reported(
    airspace: &Airspace,
    sector: &Sector,
    rivals: &[&Sector],
    levels: &[i32],
    effort: &mut Effort,
) -> Result<bool, Tangled> {
    for volume in &sector.volumes {
        let held = levels.iter().copied().map(Level::standard);
        let held: Vec<Level> = held.filter(|&level| volume.holds(level, 0.0)).collect();
        for at in volume.polygons.iter().flat_map(samples) {
            let over: Vec<&Sector> =
                rivals.iter().copied().filter(|rival| rival.covers(at.y, at.x)).collect();
            let taken = |level| over.iter().any(|rival| rival.holds(at.y, at.x, level, 0.0));
            effort.spend(1 + rivals.len() + over.len() * held.len())?;
            if held.iter().any(|&level| !taken(level)) && airspace.contains(at.y, at.x) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn gaps(airspace: &Airspace, levels: &[i32], effort: &mut Effort) -> Result<Vec<String>, Tangled> {
    let (mut inside, mut uncovered, mut partly) = (0_u32, Vec::new(), Vec::new());
    let boxes = airspace.boundary().iter().map(|polygon| polygon.exterior.bounds());
    let Some(bounds) = boxes.reduce(around) else {
        return Ok(Vec::new());
    };
    for at in grid(bounds).filter(|at| airspace.contains(at.y, at.x)) {
        inside += 1;
        let over: Vec<&Sector> = airspace.sectors_over(at.y, at.x).collect();
        effort.spend(1 + over.len() * levels.len())?;
        let is_held = |&level: &i32| {
            let level = Level::standard(level);
            over.iter().any(|sector| sector.holds(at.y, at.x, level, 0.0))
        };
        if over.is_empty() {
            uncovered.push(at);
        } else if !levels.iter().all(is_held) {
            partly.push(at);
        }
    }
    let line = |points: Vec<Coord>, what: &str| {
        let first = points.first().copied()?;
        let share = 100.0 * points.len() as f64 / f64::from(inside);
        Some(format!(
            "{share:.1} % of the boundary is {what}, such as {:.3}, {:.3}",
            first.y, first.x
        ))
    };
    let none = line(uncovered, "in no sector");
    Ok(none.into_iter().chain(line(partly, "in no sector at some altitudes")).collect())
}

/// Points of a polygon: a grid over its box, and its vertices in case the polygon is too thin for the grid.
fn samples(polygon: &Polygon) -> impl Iterator<Item = Coord> {
    let grid = grid(polygon.exterior.bounds()).filter(|at| polygon.contains(at.y, at.x));
    grid.chain(polygon.exterior.vertices().iter().copied())
}

fn around(a: Rect, b: Rect) -> Rect {
    let (low, high) = (a.min(), a.max());
    let (other_low, other_high) = (b.min(), b.max());
    Rect::new(
        Coord { x: low.x.min(other_low.x), y: low.y.min(other_low.y) },
        Coord { x: high.x.max(other_high.x), y: high.y.max(other_high.y) },
    )
}

fn grid(bounds: Rect) -> impl Iterator<Item = Coord> {
    let step = |size: f64, index: u32| size * (f64::from(index) + 0.5) / f64::from(GRID);
    let (from, width, height) = (bounds.min(), bounds.width(), bounds.height());
    (0..GRID * GRID).map(move |cell| Coord {
        x: from.x + step(width, cell % GRID),
        y: from.y + step(height, cell / GRID),
    })
}
