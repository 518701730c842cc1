//! The map of a track: coasts, the sectors around it, and the line that was flown.

use maud::{Markup, PreEscaped, html};
use sectorwatch_map::{Frame, Point, Position, coast, in_steps, path_of, simplified};

use crate::status::Outlines;

/// How many degrees are shown around either end, so that a short track has surroundings.
const AROUND: f64 = 0.6;
/// How far a line may be from what was drawn of it, in units of the sheet.
const TOLERANCE: f64 = 0.3;

/// The map of these positions; `None` without any.
pub fn map(track: &[Position], outlines: &Outlines, desc: &str) -> Option<Markup> {
    let (first, last) = (*track.first()?, *track.last()?);
    let around: Vec<Vec<Position>> = [first, last].map(square).into_iter().collect();
    let rings: Vec<&[Position]> =
        [track].into_iter().chain(around.iter().map(Vec::as_slice)).collect();
    let frame = Frame::over(&rings)?;
    let size = format!("0 0 {:.0} {:.0}", frame.width(), frame.height());
    let (from, to) = (frame.place(first), frame.place(last));
    Some(html! {
        svg.track role="img" viewBox=(size) {
            title { "Map of the track" }
            desc { (desc) }
            path.edges d=(PreEscaped(edges(&frame, outlines))) {}
            path.coast d=(PreEscaped(coast::path(&frame))) {}
            path.flown d=(PreEscaped(line(&frame, track))) {}
            (mark("from", from, "First stored position"))
            (mark("to", to, "Last stored position"))
        }
    })
}

fn square((longitude, latitude): Position) -> Vec<Position> {
    let parallel = AROUND / latitude.to_radians().cos().max(0.1);
    [(-1.0, -1.0), (1.0, 1.0)]
        .map(|(east, north)| {
            (longitude + east * parallel, (latitude + north * AROUND).clamp(-89.0, 89.0))
        })
        .to_vec()
}

fn mark(class: &str, (x, y): Point, title: &str) -> Markup {
    html! { circle.(class) cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="7" { title { (title) } } }
}

/// The outlines of all sectors in view.
fn edges(frame: &Frame, outlines: &Outlines) -> String {
    let volumes = outlines.sectors.iter().flat_map(|sector| &sector.volumes);
    let rings = volumes.flat_map(|volume| &volume.polygons).flatten();
    let mut path = String::new();
    for ring in rings {
        let mut ring = ring.clone();
        ring.extend(ring.first().copied());
        path += &line(frame, &ring);
    }
    path
}

/// The parts of a line that are in view.
fn line(frame: &Frame, line: &[Position]) -> String {
    let mut path = String::new();
    for part in frame.parts(&in_steps(line)) {
        path_of(&mut path, &simplified(&part, TOLERANCE), false);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_track_is_drawn_with_its_ends_and_the_coast() {
        let track = [(151.2, -33.9), (149.1, -35.3), (144.8, -37.7)];
        let svg = map(&track, &Outlines::built_in(), "From Sydney").expect("a map").into_string();
        for part in [
            "<desc>From Sydney</desc>",
            "class=\"flown\" d=\"M",
            "class=\"coast\" d=\"M",
            "class=\"edges\" d=\"M",
        ] {
            assert!(svg.contains(part), "{part}");
        }
        assert_eq!(svg.matches("<circle").count(), 2);
        assert!(!svg.contains("NaN"), "{svg:.500}");
    }

    #[test]
    fn a_single_position_and_a_track_across_180_degrees_are_maps_too() {
        for track in
            [&[(151.2, -33.9)][..], &[(179.5, -17.0), (-179.5, -18.0)], &[(0.0, 90.0), (1.0, 89.9)]]
        {
            let svg = map(track, &Outlines::default(), "").expect("a map").into_string();
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{track:?}");
            let is_near_land = track[0].1 < 0.0;
            assert_eq!(svg.contains("class=\"coast\" d=\"M"), is_near_land, "{track:?}");
        }
        assert!(map(&[], &Outlines::default(), "").is_none());
    }
}
