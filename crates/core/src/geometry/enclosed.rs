//! The area inside a ring that crosses or touches itself.

use geo::{Line, LineString};

use crate::meetings::{Effort, Tangled};

/// The area inside a line that meets itself at the latitudes `contacts`, in square degrees, by the non-zero rule. No
/// sides cross between successive latitudes of vertices and contacts, so that each strip consists of trapezia.
///
/// # Errors
///
/// When the effort is used up.
pub(super) fn area(
    line: &LineString,
    contacts: Vec<f64>,
    effort: &mut Effort,
) -> Result<f64, Tangled> {
    let mut latitudes = contacts;
    latitudes.extend(line.0.iter().map(|vertex| vertex.y));
    latitudes.sort_by(f64::total_cmp);
    latitudes.dedup();
    let mut sides: Vec<Line> = line.lines().collect();
    sides.sort_by(|a, b| south(a).total_cmp(&south(b)));
    let mut coming = sides.into_iter().peekable();
    let mut crossed: Vec<Line> = Vec::new();
    let mut area = 0.0;
    for strip in latitudes.windows(2) {
        let latitude = strip[0].midpoint(strip[1]);
        crossed.extend(std::iter::from_fn(|| coming.next_if(|side| south(side) <= latitude)));
        effort.spend(1 + crossed.len())?;
        crossed.retain(|side| side.start.y.max(side.end.y) > latitude);
        area += (strip[1] - strip[0]) * width(&crossed, latitude);
    }
    Ok(area)
}

fn south(side: &Line) -> f64 {
    side.start.y.min(side.end.y)
}

/// The degrees of longitude inside the line along a latitude without vertices, which `sides` cross.
fn width(sides: &[Line], latitude: f64) -> f64 {
    let crossing = |side: &Line| {
        let along = (latitude - side.start.y) / side.dy();
        (side.start.x + along * side.dx(), if side.dy() > 0.0 { 1 } else { -1 })
    };
    let mut crossings: Vec<(f64, i32)> = sides.iter().map(crossing).collect();
    crossings.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut winding = 0;
    let mut width = 0.0;
    for pair in crossings.windows(2) {
        winding += pair[0].1;
        if winding != 0 {
            width += pair[1].0 - pair[0].0;
        }
    }
    width
}
