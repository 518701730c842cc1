use geo::Coord;

use super::{Edges, repaired};
use crate::import::{
    Findings,
    draft::{DraftVolume, Line, Outline},
};

mod random;

fn line(points: &[[f64; 2]]) -> Line {
    points.iter().map(|&[x, y]| Coord { x, y }).collect()
}

fn volume(outlines: Vec<Outline>) -> DraftVolume {
    DraftVolume { element: "volume A".to_owned(), outlines, ..DraftVolume::default() }
}

/// The repaired outlines of one ring, and what the report says of it.
fn repair(points: &[[f64; 2]], edges: Edges) -> (Vec<Outline>, Option<String>) {
    let mut findings = Findings::default();
    let volume = volume(vec![Outline::solid(line(points))]);
    let outlines = repaired(&volume, edges, &mut findings).unwrap();
    (outlines, findings.repaired.pop().map(|repaired| repaired.what))
}

#[test]
fn a_clean_ring_stays_as_it_is() {
    let ring = [[0.0, 0.0], [2.0, 0.0], [2.0, 1.0], [0.0, 0.0]];
    let (outlines, what) = repair(&ring, Edges::Unwrapped);
    assert_eq!(outlines, [Outline::solid(line(&ring))]);
    assert_eq!(what, None);
}

#[test]
fn an_open_ring_is_closed_and_loses_repeated_points() {
    let (outlines, what) =
        repair(&[[0.0, 0.0], [2.0, 0.0], [2.0, 0.0], [2.0, 1.0]], Edges::AsDrawn);
    assert_eq!(outlines[0].exterior.len(), 4);
    assert_eq!(what.unwrap(), "1 unclosed ring(s) closed; 1 repeated point(s) dropped");
}

#[test]
fn a_bow_tie_becomes_two_triangles() {
    let (outlines, what) =
        repair(&[[0.0, 0.0], [2.0, 2.0], [2.0, 0.0], [0.0, 2.0], [0.0, 0.0]], Edges::AsDrawn);
    let triangles = [
        line(&[[0.0, 0.0], [1.0, 1.0], [0.0, 2.0], [0.0, 0.0]]),
        line(&[[1.0, 1.0], [2.0, 0.0], [2.0, 2.0], [1.0, 1.0]]),
    ];
    assert_eq!(outlines.len(), 2, "{outlines:?}");
    for triangle in triangles {
        let same = |outline: &Outline| {
            triangle.iter().all(|point| outline.exterior.contains(point))
                && outline.exterior.len() == 4
        };
        assert!(outlines.iter().any(same), "{outlines:?}");
    }
    assert_eq!(what.unwrap(), "1 polygon(s) whose lines cross or touch split by the even-odd rule");
}

#[test]
fn what_is_gone_round_twice_is_outside() {
    // A pentagram: its middle is gone round twice.
    let star: Vec<[f64; 2]> = (0..=5)
        .map(|point| {
            let angle = f64::from(point % 5 * 2) * std::f64::consts::TAU / 5.0;
            [angle.cos(), angle.sin()]
        })
        .collect();
    let (outlines, _) = repair(&star, Edges::AsDrawn);
    assert_eq!(outlines.len(), 5, "{outlines:?}");
    assert!(outlines.iter().all(|outline| outline.exterior.len() == 4), "{outlines:#?}");
}

#[test]
fn a_ring_across_the_antimeridian_runs_on_beyond_it() {
    let (outlines, what) = repair(
        &[[170.0, -10.0], [-170.0, -10.0], [-170.0, 0.0], [170.0, 0.0], [170.0, -10.0]],
        Edges::Unwrapped,
    );
    let whole = [[170.0, -10.0], [190.0, -10.0], [190.0, 0.0], [170.0, 0.0], [170.0, -10.0]];
    assert_eq!(outlines, [Outline::solid(line(&whole))]);
    assert_eq!(what.unwrap(), "1 ring(s) unwrapped across ±180°");
}

#[test]
fn a_side_of_geojson_goes_the_long_way_as_it_is_drawn() {
    let ring = [[-170.0, -10.0], [170.0, -10.0], [170.0, 0.0], [-170.0, 0.0], [-170.0, -10.0]];
    assert_eq!(repair(&ring, Edges::AsDrawn), (vec![Outline::solid(line(&ring))], None));
}

#[test]
fn a_ring_that_was_cut_at_the_antimeridian_stays_whole() {
    let world = [[-180.0, -90.0], [180.0, -90.0], [180.0, -60.0], [-180.0, -60.0], [-180.0, -90.0]];
    let (outlines, _) = repair(&world, Edges::Unwrapped);
    assert_eq!(outlines, [Outline::solid(line(&world))]);
}

#[test]
fn a_ring_round_a_pole_is_led_over_it() {
    for (latitude, pole) in [(-70.0, -90.0), (70.0, 90.0)] {
        for sign in [1.0, -1.0] {
            let ring: Vec<[f64; 2]> =
                [0.0, 100.0, -160.0, -60.0, 0.0].map(|x| [sign * x, latitude]).to_vec();
            let (outlines, what) = repair(&ring, Edges::Unwrapped);
            let exterior = &outlines[0].exterior;
            for x in [-180.0, 180.0] {
                assert!(exterior.contains(&Coord { x, y: pole }), "{exterior:?}");
                assert!(exterior.contains(&Coord { x, y: latitude }), "{exterior:?}");
            }
            assert_eq!(exterior.len(), 4 + 5, "{exterior:?}");
            assert_eq!(what.unwrap(), "1 ring(s) led over the pole that they go round");
        }
    }
}

#[test]
fn what_encloses_nothing_is_refused() {
    let refused = |points: &[[f64; 2]]| {
        let volume = volume(vec![Outline::solid(line(points))]);
        repaired(&volume, Edges::Unwrapped, &mut Findings::default()).unwrap_err()
    };
    assert_eq!(
        refused(&[[0.0, 0.0], [1.0, 1.0], [0.0, 0.0]]),
        "a ring of 2 different point(s) encloses nothing"
    );
    assert_eq!(refused(&[[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [0.0, 0.0]]), "has no area");
    assert_eq!(
        refused(&[[0.0, 0.0], [1.0, 91.0], [2.0, 2.0], [0.0, 0.0]]),
        "point 1 is off the globe: latitude 91, longitude 1"
    );
}

#[test]
fn drawings_of_one_shape_are_united() {
    let square = |west: f64| {
        let ring = [[west, 0.0], [west + 2.0, 0.0], [west + 2.0, 2.0], [west, 2.0], [west, 0.0]];
        Outline::solid(line(&ring))
    };
    let volume = DraftVolume { unite: true, ..volume(vec![square(0.1), square(1.1)]) };
    let united = repaired(&volume, Edges::Unwrapped, &mut Findings::default()).unwrap();
    assert_eq!(united.len(), 1);
    let corners = united[0].exterior.iter().filter(|it| [0.1, 3.1].contains(&it.x)).count();
    assert!(corners >= 4, "{united:?}");
}
