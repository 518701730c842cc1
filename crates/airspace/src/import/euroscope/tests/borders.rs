use geo::{Distance as _, Haversine, Point};

use super::*;

/// The corners of a sector whose border is made of lines of points `latitude,longitude`, with blanks between them.
fn chained(lines: &[&str]) -> Result<Vec<(f64, f64)>, String> {
    use std::fmt::Write as _;
    let mut text = "[AIRSPACE]\n".to_owned();
    for (number, line) in lines.iter().enumerate() {
        writeln!(text, "SECTORLINE:{number}").unwrap();
        for (latitude, longitude) in line.split(' ').map(|point| point.split_once(',').unwrap()) {
            writeln!(text, "COORD:N{latitude}:E{longitude}").unwrap();
        }
    }
    let names: Vec<String> = (0..lines.len()).map(|number| number.to_string()).collect();
    writeln!(text, "SECTOR:x:0:9\nBORDER:{}", names.join(":")).unwrap();
    let (draft, findings) = extension(&text);
    match &findings.left_out[..] {
        [] => Ok(corners(&draft, "x")),
        [one] => Err(one.reason.clone()),
        more => panic!("{more:?}"),
    }
}

#[test]
fn lines_are_turned_where_they_must_be() {
    let ring = vec![(1.0, 1.0), (2.0, 1.0), (2.0, 2.0), (1.0, 2.0), (1.0, 1.0)];
    for lines in [
        &["1,1 2,1 2,2", "2,2 1,2 1,1"][..],
        &["1,1 2,1 2,2", "1,1 1,2 2,2"],
        &["1,1 2,1", "2,1 2,2", "2,2 1,2", "1,2 1,1"],
        &["1,1 2,1", "2,2 2,1", "1,2 2,2", "1,2 1,1"],
        &["1,1 2,1 2,2 1,2 1,1"],
    ] {
        assert_eq!(chained(lines).unwrap(), ring, "{lines:?}");
    }
    // The first one turned, since the second begins where it does.
    let turned = chained(&["2,1 1,1", "2,1 2,2", "2,2 1,2 1,1"]).unwrap();
    assert_eq!(turned, ring);
}

#[test]
fn lines_that_do_not_follow_one_another_are_no_border() {
    let unlinked = chained(&["1,1 2,1", "2,2 1,2", "2,1 2,2", "1,2 1,1"]).unwrap_err();
    assert_eq!(unlinked, "lines 0 and 1 do not meet");
    assert_eq!(chained(&["1,1 2,1", "2,1 2,2"]).unwrap_err(), "lines 1 and 0 do not meet");
    assert_eq!(chained(&["1,1 2,1 2,2"]).unwrap_err(), "line 0 is not closed");
}

#[test]
fn ends_meet_within_a_millionth_of_a_degree() {
    let near = chained(&["1,1 2,1 2,2", "2.000001,2 1,2 1,0.999999"]).unwrap();
    assert_eq!(near, [(1.0, 1.0), (2.0, 1.0), (2.0, 2.0), (1.0, 2.0), (1.0, 1.0)]);
    assert!(chained(&["1,1 2,1 2,2", "2.0000012,2 1,2 1,1"]).is_err());
    assert!(chained(&["1,1 2,1 2,2", "2,2 1,2 1,1.0000012"]).is_err());
}

#[test]
fn ends_meet_across_the_date_line() {
    let text = "[AIRSPACE]\nSECTORLINE:a\nCOORD:N1:E180\nCOORD:N2:E179\nCOORD:N3:E180\n\
        SECTORLINE:b\nCOORD:N3:W180\nCOORD:N2:W179\nCOORD:N1:W180\nSECTOR:x:0:9\nBORDER:a:b\n";
    let (draft, findings) = extension(text);
    let ring = [(1.0, 180.0), (2.0, 179.0), (3.0, 180.0), (2.0, -179.0), (1.0, 180.0)];
    assert_eq!((corners(&draft, "x"), left_out(&findings)), (ring.to_vec(), vec![]));
}

#[test]
fn the_lines_of_a_border_may_stand_in_several_rows() {
    let clean = extension(EXTENSION).0;
    let split = EXTENSION
        .replace("BORDER:border:east", "BORDER:border:\nBORDER:east")
        .replace("OWNER:XE:XC", "OWNER:XE\nOWNER:XC");
    assert_eq!(extension(&split).0.sectors, clean.sectors);
}

#[test]
fn a_circle_has_its_radius_in_nautical_miles_around_its_centre() {
    let (draft, _) = extension(EXTENSION);
    let ring = &sector(&draft, "tower").volumes[0].outlines[0].exterior;
    assert_eq!((ring.len(), ring.first()), (73, ring.last()));
    for corner in ring {
        let metres = Haversine.distance(Point::new(19.5, 11.0), Point(*corner));
        assert!((metres - 5.0 * 1852.0).abs() < 1e-3, "{metres}");
    }
}

#[test]
fn a_circle_is_a_border_alone() {
    let (draft, findings) = extension(&EXTENSION.replace("BORDER:round", "BORDER:round:border"));
    let reason = "circle round is one line of several in its border";
    assert_eq!(left_out(&findings), [("SECTOR tower", reason)]);
    assert_eq!(draft.sectors.len(), 2);
}

#[test]
fn a_circle_around_a_fix_is_where_the_sector_file_has_it() {
    let clean = extension(EXTENSION).0;
    let named = EXTENSION.replace("round:N011.00.00.000:E019.30.00.000:5", "round:ABC:5");
    for fixes in [
        "[VOR]\nABC 113.000 N011.00.00.000 E019.30.00.000\n",
        "[fixes]\nABC N011.00.00.000 E019.30.00.000 ; a comment\n[GEO]\nABC N012 E019.5",
        "[AIRPORT]\r\nABC 118.3 N011.00.00.000 E019.30.00.000 D\r\n",
        "[NDB]\nOFFSET:1:0\nABC 300.0 N010 E019.5\nABD 300.0 N010 E019.5\nABC here\n",
    ] {
        let (draft, findings) = import(&[file("x.sct", fixes), file("x.ese", &*named)]);
        assert_eq!(
            (draft.sectors, left_out(&findings)),
            (clean.sectors.clone(), vec![]),
            "{fixes}"
        );
    }
}

#[test]
fn a_circle_around_an_unknown_fix_costs_itself() {
    let clean = extension(EXTENSION).0;
    let named = EXTENSION.replace("round:N011.00.00.000:E019.30.00.000:5", "round:ABC:5");
    let (draft, findings) = extension(&named);
    let reason = "its centre ABC is a fix, and no .sct file says where that is";
    assert_eq!(left_out(&findings), [("CIRCLE_SECTORLINE round", reason)]);
    assert_eq!(draft.sectors, clean.sectors[1..]);
    let twice = "[FIXES]\nABC N011 E019\nABC N051 E019\n";
    let (_, findings) = import(&[file("x.sct", twice), file("x.ese", named)]);
    let reason = "its centre ABC is the name of several places";
    assert_eq!(left_out(&findings), [("CIRCLE_SECTORLINE round", reason)]);
}

#[test]
fn a_circle_without_a_radius_is_none() {
    for bad in [
        "N011:E019",
        "N011:E019:",
        "ABC",
        "ABC:0",
        "N011:E019:-5",
        "N011:E019:5400",
        "N011:E019:NaN",
        ":5",
    ] {
        let text = EXTENSION.replace("N011.00.00.000:E019.30.00.000:5", bad);
        let findings = extension(&text).1;
        assert_eq!(left_out(&findings)[0].0, "CIRCLE_SECTORLINE round", "{bad}");
        assert_eq!(findings.left_out.len(), 1, "{bad}");
    }
}
