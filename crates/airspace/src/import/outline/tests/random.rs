use geo::Coord;
use proptest::prelude::*;

use super::{Edges, repaired, volume};
use crate::import::{
    Findings,
    draft::{Line, Outline},
};

/// Square degrees inside lines by the even-odd rule, strip by strip: another way than that of the repair.
fn even_odd_area(rings: &[Line]) -> f64 {
    let sides: Vec<[Coord; 2]> =
        rings.iter().flat_map(|ring| ring.windows(2)).map(|ends| [ends[0], ends[1]]).collect();
    let mut latitudes: Vec<f64> = sides.iter().map(|side| side[0].y).collect();
    for (place, a) in sides.iter().enumerate() {
        for b in &sides[place + 1..] {
            latitudes.extend(crossing(*a, *b));
        }
    }
    latitudes.sort_by(f64::total_cmp);
    latitudes.dedup();
    let width = |y: f64| {
        let mut xs: Vec<f64> = sides
            .iter()
            .filter(|[a, b]| (a.y > y) != (b.y > y))
            .map(|[a, b]| a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x))
            .collect();
        xs.sort_by(f64::total_cmp);
        xs.chunks_exact(2).map(|pair| pair[1] - pair[0]).sum::<f64>()
    };
    latitudes.windows(2).map(|it| (it[1] - it[0]) * width(it[0].midpoint(it[1]))).sum()
}

fn crossing([a, b]: [Coord; 2], [c, d]: [Coord; 2]) -> Option<f64> {
    let (u, v) = (b - a, d - c);
    let cross = u.x * v.y - u.y * v.x;
    let share = ((c.x - a.x) * v.y - (c.y - a.y) * v.x) / cross;
    (cross != 0.0 && (0.0..=1.0).contains(&share)).then_some(a.y + share * u.y)
}

/// Points on a coarse grid meet often; points anywhere do not.
fn rings() -> impl Strategy<Value = Vec<Line>> {
    let grid = (-3..=3_i32, -3..=3_i32).prop_map(|(x, y)| Coord { x: x.into(), y: y.into() });
    let free = (-3.0..3.0_f64, -3.0..3.0_f64).prop_map(|(x, y)| Coord { x, y });
    let ring = |point| prop::collection::vec(point, 4..14);
    prop::collection::vec(prop_oneof![ring(grid.boxed()), ring(free.boxed())], 1..3)
}

proptest! {
    #[test]
    fn a_repair_keeps_the_even_odd_area(rings in rings()) {
        let mut closed = rings.clone();
        for ring in &mut closed {
            ring.push(ring[0]);
        }
        let outline = Outline { exterior: rings[0].clone(), holes: rings[1..].to_vec() };
        let Ok(outlines) = repaired(&volume(vec![outline]), Edges::AsDrawn, &mut Findings::default()) else {
            // A ring of too few different points, or one without an area.
            let few = |ring: &Line| { let mut ring = ring.clone(); ring.dedup(); ring.len() < 4 };
            prop_assert!(even_odd_area(&closed) < 1e-9 || closed.iter().any(few));
            return Ok(());
        };
        let repaired_rings: Vec<Line> = outlines
            .iter()
            .flat_map(|it| std::iter::once(it.exterior.clone()).chain(it.holes.iter().cloned()))
            .collect();
        let (before, after) = (even_odd_area(&closed), even_odd_area(&repaired_rings));
        prop_assert!((before - after).abs() < 1e-9, "{before} {after} {outlines:?}");

        let again = |outline: &Outline| {
            repaired(&volume(vec![outline.clone()]), Edges::AsDrawn, &mut Findings::default())
        };
        for outline in &outlines {
            prop_assert_eq!(again(outline), Ok(vec![outline.clone()]));
        }
    }
}
