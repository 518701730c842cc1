//! One ring: checked, closed, unwrapped.

use geo::{Coord, LineString};
use sectorwatch_core::geometry::signed_area;

use crate::import::draft::Line;

/// How the sides of a format's rings run from one point to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import) enum Edges {
    /// Straight in degrees, however long, as RFC 7946 says.
    AsDrawn,
    /// The short way round the globe: a side of more than 180° crosses the antimeridian.
    Unwrapped,
}

/// What was mended in the rings of one volume.
#[derive(Debug, Default)]
pub(super) struct Mended {
    closed: usize,
    repeated: usize,
    unwrapped: usize,
    round_pole: usize,
    pub crossing: usize,
}

impl Mended {
    /// One line, or none when there was nothing to mend.
    pub fn summary(&self) -> Option<String> {
        let kinds = [
            (self.closed, "unclosed ring(s) closed"),
            (self.repeated, "repeated point(s) dropped"),
            (self.unwrapped, "ring(s) unwrapped across ±180°"),
            (self.round_pole, "ring(s) led over the pole that they go round"),
            (self.crossing, "polygon(s) whose lines cross or touch split by the even-odd rule"),
        ];
        let done = kinds.iter().filter(|(number, _)| *number > 0);
        let done: Vec<String> = done.map(|(number, what)| format!("{number} {what}")).collect();
        (!done.is_empty()).then(|| done.join("; "))
    }
}

/// The ring, closed, with at least three different points.
pub(super) fn read(line: &Line, edges: Edges, mended: &mut Mended) -> Result<Line, String> {
    if let Some(index) = line.iter().position(|point| !is_on_globe(point)) {
        let Coord { x, y } = line[index];
        return Err(format!("point {index} is off the globe: latitude {y}, longitude {x}"));
    }
    // A sign of zero would make one point two.
    let mut ring: Line = line.iter().map(|it| Coord { x: it.x + 0.0, y: it.y + 0.0 }).collect();
    if ring.len() > 2 && ring.first() != ring.last() {
        ring.extend(ring.first().copied());
        mended.closed += 1;
    }
    let before = ring.len();
    ring.dedup();
    mended.repeated += before - ring.len();
    if ring.len() < 4 {
        return Err(format!(
            "a ring of {} different point(s) encloses nothing",
            ring.len().max(1) - 1
        ));
    }
    if edges == Edges::Unwrapped
        && let Some(unwrapped) = unwrapped(&ring, mended)?
    {
        return Ok(unwrapped);
    }
    Ok(ring)
}

fn is_on_globe(point: &Coord) -> bool {
    (-180.0..=360.0).contains(&point.x) && (-90.0..=90.0).contains(&point.y)
}

/// The ring with each side going the short way; `None` when it does so already, or when nothing would be left of it:
/// then it was cut at ±180°, and the sides along the cut are meant as they are drawn.
fn unwrapped(ring: &Line, mended: &mut Mended) -> Result<Option<Line>, String> {
    if ring.windows(2).all(|side| (side[1].x - side[0].x).abs() <= 180.0) {
        return Ok(None);
    }
    let mut x = ring[0].x;
    let mut short: Line = ring
        .windows(2)
        .map(|side| {
            let step = side[1].x - side[0].x;
            x += step - 360.0 * (step / 360.0).round();
            Coord { x, y: side[1].y }
        })
        .collect();
    short.insert(0, ring[0]);
    short.dedup();
    let turns = ((short[short.len() - 1].x - short[0].x) / 360.0).round();
    let (short, is_round_pole) = match turns as i32 {
        0 => (short, false),
        1 => (over_pole(short)?, true),
        -1 => {
            short.reverse();
            (over_pole(short)?, true)
        }
        more => return Err(format!("a ring that goes {} times round the globe", more.abs())),
    };
    if short.len() < 4 || signed_area(&LineString::new(short.clone())) == 0.0 {
        return Ok(None);
    }
    let short = within_range(short)?;
    mended.unwrapped += usize::from(!is_round_pole);
    mended.round_pole += usize::from(is_round_pole);
    Ok(Some(short))
}

/// A ring that runs eastwards once round the globe, cut at a meridian that it crosses once, and led along it over the
/// nearer pole.
fn over_pole(round: Line) -> Result<Line, String> {
    let mean = round.iter().map(|point| point.y).sum::<f64>() / round.len() as f64;
    let pole = 90.0_f64.copysign(mean);
    let meridians = (0..=180).map(|degree| f64::from(degree) - 180.0);
    let Some((meridian, side)) =
        meridians.into_iter().find_map(|it| Some((it, crossed_once(&round, it)?)))
    else {
        return Err("a ring round a pole that crosses every meridian more than once".to_owned());
    };
    let (a, b) = (round[side], round[side + 1]);
    let turn = ((a.x - meridian) / 360.0).ceil() * 360.0;
    let share = (meridian + turn - a.x) / (b.x - a.x);
    let latitude = a.y + share * (b.y - a.y);
    // From the cut on to the end of the list, then from its start, one turn further, to the cut again.
    let (before, after) = round.split_at(side + 1);
    let mut ring = vec![Coord { x: meridian, y: latitude }];
    ring.extend(after.iter().map(|it| Coord { x: it.x - turn, y: it.y }));
    let again = before.iter().skip(1).map(|it| Coord { x: it.x - turn + 360.0, y: it.y });
    ring.extend(again);
    ring.push(Coord { x: meridian + 360.0, y: latitude });
    ring.push(Coord { x: meridian + 360.0, y: pole });
    ring.push(Coord { x: meridian, y: pole });
    ring.push(Coord { x: meridian, y: latitude });
    ring.dedup();
    Ok(ring)
}

/// The only side that crosses the meridian.
fn crossed_once(round: &Line, meridian: f64) -> Option<usize> {
    let turn = |x: f64| ((x - meridian) / 360.0).floor();
    let mut sides = (0..round.len() - 1).filter(|&at| turn(round[at].x) != turn(round[at + 1].x));
    let side = sides.next()?;
    sides.next().is_none().then_some(side)
}

/// The same ring where longitudes may be: −180 … 360.
fn within_range(ring: Line) -> Result<Line, String> {
    let west = ring.iter().map(|point| point.x).fold(f64::INFINITY, f64::min);
    let east = ring.iter().map(|point| point.x).fold(f64::NEG_INFINITY, f64::max);
    let turn = ((west + 180.0) / 360.0).floor() * 360.0;
    let shift =
        [turn, turn + 360.0].into_iter().find(|it| west - it >= -180.0 && east - it <= 360.0);
    match shift {
        Some(0.0) => Ok(ring),
        Some(shift) => Ok(shifted(ring, -shift)),
        None => Err(format!("a ring that is {:.0}° wide across ±180°", east - west)),
    }
}

fn shifted(ring: Line, degrees: f64) -> Line {
    ring.into_iter().map(|point| Coord { x: point.x + degrees, y: point.y }).collect()
}

/// A hole on the same turn of the globe as its exterior.
pub(super) fn beside(hole: Line, exterior: &Line) -> Line {
    let middle = |ring: &Line| {
        let longitudes = ring.iter().map(|point| point.x);
        let (west, east) = longitudes
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(west, east), x| (west.min(x), east.max(x)));
        west.midpoint(east)
    };
    let turns = ((middle(exterior) - middle(&hole)) / 360.0).round();
    if turns == 0.0 { hole } else { shifted(hole, turns * 360.0) }
}
