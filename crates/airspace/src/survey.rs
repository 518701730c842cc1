//! Warns about overlaps, hidden sectors and gaps, which the author of a file may not have intended.

use geo::{Area, BooleanOps, Coord, Intersects, LineString, Rect, Translate};

use sectorwatch_core::{
    airspace::{Airspace, Sector, Volume},
    geometry::{Polygon, Ring},
    level::Level,
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

/// One line per warning.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Survey {
    pub overlaps: Vec<String>,
    pub never_reported: Vec<String>,
    pub gaps: Vec<String>,
}

impl Survey {
    pub fn of(airspace: &Airspace) -> Self {
        let levels = levels(airspace);
        let mut survey = Self::default();
        let order: Vec<&Sector> = airspace.smallest_first().collect();
        for (index, sector) in order.iter().enumerate() {
            let bounds = bounds(sector);
            let preferred = order[..index].iter().copied();
            let rivals: Vec<&Sector> = preferred.filter(|rival| meet(&bounds, rival)).collect();
            for rival in &rivals {
                let how = overlap(rival, sector);
                survey
                    .overlaps
                    .extend(how.map(|how| format!("{} and {}: {how}", rival.id, sector.id)));
            }
            if !can_be_reported(airspace, sector, &rivals, &levels) {
                survey.never_reported.push(format!(
                    "{}: smaller sectors hold all of it, or it is outside the boundary",
                    sector.id
                ));
            }
        }
        survey.gaps = gaps(airspace, &levels);
        survey
    }
}

/// The box around each polygon of a sector, and the same boxes one turn to either side.
fn bounds(sector: &Sector) -> Vec<Rect> {
    let polygons = sector.volumes.iter().flat_map(|volume| &volume.polygons);
    polygons
        .flat_map(|polygon| TURNS.map(|turn| polygon.exterior.bounds().translate(turn, 0.0)))
        .collect()
}

fn meet(bounds: &[Rect], sector: &Sector) -> bool {
    let mut polygons = sector.volumes.iter().flat_map(|volume| &volume.polygons);
    polygons
        .any(|polygon| bounds.iter().any(|bounds| bounds.intersects(&polygon.exterior.bounds())))
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
) -> bool {
    sector.volumes.iter().any(|volume| {
        let held = levels.iter().copied().map(Level::standard);
        let held: Vec<Level> = held.filter(|&level| volume.holds(level, 0.0)).collect();
        let mut points = volume.polygons.iter().flat_map(samples);
        points.any(|at| {
            let taken = |level| rivals.iter().any(|rival| rival.holds(at.y, at.x, level, 0.0));
            held.iter().any(|&level| !taken(level)) && airspace.contains(at.y, at.x)
        })
    })
}

fn gaps(airspace: &Airspace, levels: &[i32]) -> Vec<String> {
    let (mut inside, mut uncovered, mut partly) = (0_u32, Vec::new(), Vec::new());
    let boxes = airspace.boundary().iter().map(|polygon| polygon.exterior.bounds());
    let Some(bounds) = boxes.reduce(around) else {
        return Vec::new();
    };
    for at in grid(bounds).filter(|at| airspace.contains(at.y, at.x)) {
        inside += 1;
        let mut volumes = airspace.sectors().iter().flat_map(|sector| &sector.volumes);
        if !volumes.any(|volume| volume.contains(at.y, at.x)) {
            uncovered.push(at);
        } else if levels
            .iter()
            .any(|&level| airspace.primary_sector(at.y, at.x, level, None).is_none())
        {
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
    none.into_iter().chain(line(partly, "in no sector at some altitudes")).collect()
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
