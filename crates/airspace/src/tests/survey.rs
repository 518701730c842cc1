use super::*;

fn square(properties: &str, west: u32, size: u32) -> String {
    let east = west + size;
    let ring = format!("[[[{west},0],[{east},0],[{east},{size}],[{west},{size}],[{west},0]]]");
    feature(properties, &polygon(&ring))
}

fn s(id: &str, limits: &str) -> String {
    format!(r#""role":"sector","id":"{id}"{limits}"#)
}

fn report(features: &[String]) -> String {
    let (airspace, report) = parse(&collection(features)).expect("an airspace");
    report.surveyed(&airspace).to_string()
}

#[test]
fn overlaps_say_where_and_which_is_recorded() {
    let report = report(&[
        square(&s("WIDE", ""), 0, 10),
        square(&s("SMALL", r#","floor_ft":100,"ceiling_ft":900"#), 8, 4),
        square(&s("ABOVE", r#","floor_ft":900"#), 10, 4),
        square(&s("BESIDE", ""), 20, 4),
    ]);
    assert!(
        report.contains(
            "SMALL and WIDE: 8.0000 square degrees (50.0 % of SMALL), from 100 to 900 ft"
        ),
        "{report}"
    );
    assert!(report.contains("overlaps (the first of two is recorded): 1\n"), "{report}");
    assert!(report.contains("never be reported (by sampling): none\n"), "{report}");
}

#[test]
fn an_overlap_across_the_antimeridian_is_seen() {
    let across = polygon("[[[170,0],[190,0],[190,4],[170,4],[170,0]]]");
    let east = polygon("[[[-180,0],[-178,0],[-178,4],[-180,4],[-180,0]]]");
    let report = report(&[feature(&s("ACROSS", ""), &across), feature(&s("EAST", ""), &east)]);
    assert!(
        report
            .contains("EAST and ACROSS: 8.0000 square degrees (100.0 % of EAST), at all altitudes"),
        "{report}"
    );
}

#[test]
fn a_sector_under_smaller_ones_can_never_be_reported() {
    let covers = [square(&s("WEST", ""), 0, 4), square(&s("MID", r#","ceiling_ft":5000"#), 4, 4)];
    let hidden = feature(&s("HIDDEN", ""), &polygon("[[[0,0],[8,0],[8,4],[0,4],[0,0]]]"));
    let mut features = vec![hidden, covers[0].clone(), covers[1].clone()];
    assert!(report(&features).contains("never be reported (by sampling): none"), "seen above MID");
    features.push(square(&s("TOP", r#","floor_ft":5000"#), 4, 4));
    let all = report(&features);
    assert!(all.contains("never be reported (by sampling): 1\n  HIDDEN"), "{all}");
}

#[test]
fn a_sector_outside_the_boundary_or_of_one_drawing_twice_can_never_be_reported() {
    let all = report(&[
        square(r#""role":"boundary""#, 0, 10),
        square(&s("FAR", ""), 20, 4),
        square(&s("ONE", ""), 0, 4),
        square(&s("TWIN", ""), 0, 4),
        square(&s("SPACE", r#","floor_ft":200000"#), 0, 2),
    ]);
    assert!(
        all.contains("by sampling): 3\n  SPACE") && all.contains("  TWIN") && all.contains("  FAR"),
        "{all}"
    );
}

#[test]
fn gaps_are_shares_of_the_boundary() {
    let boundary = square(r#""role":"boundary""#, 0, 10);
    let half = polygon("[[[0,0],[5,0],[5,10],[0,10],[0,0]]]");
    let low = polygon("[[[5,0],[10,0],[10,5],[5,5],[5,0]]]");
    let all = report(&[
        boundary.clone(),
        feature(&s("HALF", ""), &half),
        feature(&s("LOW", r#","ceiling_ft":9000"#), &low),
    ]);
    assert!(all.contains("  25.0 % of the boundary is in no sector, such as 5."), "{all}");
    assert!(all.contains("  25.0 % of the boundary is in no sector at some altitudes"), "{all}");
    let none = report(&[boundary]);
    assert!(none.contains("no sector: flights are stored, visits are not"), "{none}");
    assert!(none.contains("  100.0 % of the boundary is in no sector"), "{none}");
}

#[test]
fn long_lists_are_cut() {
    let twins: Vec<String> =
        (0..8).map(|index| square(&s(&format!("T{index}"), ""), 0, 4)).collect();
    let all = report(&twins);
    assert!(
        all.contains("overlaps (the first of two is recorded): 28\n")
            && all.contains("  and 8 more\n"),
        "{all}"
    );
}
