use proptest::prelude::*;

use super::*;

/// Each two that meet, by comparing each with each.
fn naive(sides: &[Line]) -> Vec<(usize, usize)> {
    let pairs = (0..sides.len()).flat_map(|a| (a + 1..sides.len()).map(move |b| (a, b)));
    let is_end = |side: Line, point: Coord| side.start == point || side.end == point;
    let meet = |&(a, b): &(usize, usize)| match line_intersection(sides[a], sides[b]) {
        None => false,
        Some(LineIntersection::Collinear { .. }) => true,
        Some(LineIntersection::SinglePoint { intersection, .. }) => {
            !(is_end(sides[a], intersection) && is_end(sides[b], intersection))
        }
    };
    pairs.filter(meet).collect()
}

fn found(sides: &[Line]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let ended = meetings(sides, &mut Effort::default(), |a, b, _| {
        found.push((a, b));
        ControlFlow::<()>::Continue(())
    });
    assert_eq!(ended, Ok(None));
    found.sort_unstable();
    found
}

/// Rings through points of a small grid, so that sides touch, overlap and come twice.
fn rings() -> impl Strategy<Value = Vec<Line>> {
    let point = (0..7_u8, 0..7_u8).prop_map(|(x, y)| Coord { x: x.into(), y: y.into() });
    let ring = prop::collection::vec(point, 3..30).prop_map(|mut points| {
        points.push(points[0]);
        points.dedup();
        points.windows(2).map(|ends| Line::new(ends[0], ends[1])).collect::<Vec<_>>()
    });
    prop::collection::vec(ring, 1..3).prop_map(|rings| rings.concat())
}

proptest! {
    #![proptest_config(sectorwatch_seed::config())]

    #[test]
    fn each_two_that_meet_are_found_once(sides in rings()) {
        prop_assert_eq!(found(&sides), naive(&sides));
    }
}

#[test]
fn a_search_ends_where_it_is_told_to_or_when_its_effort_is_used_up() {
    let star: Vec<Line> = (0..100)
        .map(|at| {
            let angle = std::f64::consts::PI * f64::from(at) / 100.0;
            let end = Coord { x: angle.cos(), y: angle.sin() };
            Line::new(end, Coord { x: -end.x, y: -end.y })
        })
        .collect();
    let mut seen = 0;
    let third = meetings(&star, &mut Effort::default(), |_, _, _| {
        seen += 1;
        if seen == 3 { ControlFlow::Break("third") } else { ControlFlow::Continue(()) }
    });
    assert_eq!((third, seen), (Ok(Some("third")), 3));
    let mut effort = Effort::of(1_000);
    let all =
        |effort: &mut Effort| meetings(&star, effort, |_, _, _| ControlFlow::<()>::Continue(()));
    assert_eq!(all(&mut effort), Err(Tangled));
    assert_eq!(effort.spend(1), Err(Tangled), "nothing is left of it");
}
