use super::*;

/// Where the third corner of the eastern sector is when it is written as `point` behind `before`.
fn corner(before: &str, point: &str) -> Option<(f64, f64)> {
    let text = EXTENSION.replace(
        "COORD:N11.5:E22.25;:the corner\n",
        &format!("{before}COORD:{point}\nOFFSET:0:0\n"),
    );
    let (draft, _) = extension(&text);
    let east = draft.sectors.iter().any(|sector| sector.id == "east");
    east.then(|| corners(&draft, "east")[2])
}

#[track_caller]
fn is_near(found: Option<(f64, f64)>, (latitude, longitude): (f64, f64)) {
    let (y, x) = found.unwrap();
    assert!((y - latitude).abs() < 1e-9 && (x - longitude).abs() < 1e-9, "{y} {x}");
}

#[test]
fn degrees_are_decimal_or_in_minutes_and_seconds() {
    let expected = (-13.328_611_111_111, 100.5);
    for point in
        ["S013.19.43.000:E100.30.00.000", "S013.19.43:E100.30.00", "s13.19.43.0:e100.30.0.0"]
    {
        is_near(corner("", point), expected);
    }
    is_near(corner("", "N013.32861:W000.25"), (13.328_61, -0.25));
    is_near(corner("", "N000.00.00.500:E000.00.00.001"), (0.5 / 3600.0, 0.001 / 3600.0));
    is_near(corner("", "N10.59.60.000:E020.60.00.000"), (11.0, 21.0));
    is_near(corner("", " N11.5 : E180 "), (11.5, 180.0));
}

#[test]
fn zero_has_no_sign() {
    let (y, x) = corner("", "S000.00.00.000:W000.00.00.000").unwrap();
    assert!(y.is_sign_positive() && x.is_sign_positive());
}

#[test]
fn what_is_no_coordinate_is_not_guessed() {
    for bad in [
        "N11:E181",
        "N90.00.00.001:E1",
        "N-1:E1",
        "N1e1:E1",
        "11:22",
        "N:E",
        "N1..1.1:E1",
        "\u{b7}1:E1",
    ] {
        assert_eq!(corner("", bad), None, "{bad}");
    }
}

#[test]
fn an_offset_shifts_what_comes_behind_it() {
    is_near(corner("OFFSET:0.01:-0.02\n", "N11.5:E22.25"), (11.51, 22.23));
    let points = "OFFSET:N047.25.50.000:E019.16.05.000:N047.25.51.000:E019.16.03.000\n";
    is_near(corner(points, "N11.5:E22.25"), (11.5 + 1.0 / 3600.0, 22.25 - 2.0 / 3600.0));
    is_near(corner("OFFSET:N000.00.01.000:W001\n", "N11.5:E22.25"), (11.5 + 1.0 / 3600.0, 21.25));
    // The last one holds, not the sum.
    is_near(corner("OFFSET:5:5\nOFFSET:1:1\n", "N11.5:E22.25"), (12.5, 23.25));
    is_near(corner("OFFSET:0:1\n", "N11.5:E179.5"), (11.5, -179.5));
    is_near(corner("OFFSET:0:-1\n", "N11.5:W179.5"), (11.5, 179.5));
    assert_eq!(corner("OFFSET:1:0\n", "N89.5:E1"), None);
}

#[test]
fn an_offset_holds_for_circles_and_until_the_next_one_alone() {
    let clean = extension(EXTENSION).0;
    let shifted = EXTENSION
        .replace("CIRCLE_SECTORLINE:round:N011", "OFFSET:1:0\nCIRCLE_SECTORLINE:round:N010");
    assert_eq!(extension(&shifted).0.sectors, clean.sectors);
    let before = EXTENSION.replace("[POSITIONS]", "[POSITIONS]\nOFFSET:1:1");
    let moved = extension(&before).0;
    assert_eq!(corners(&moved, "west\u{b7}low")[0], (11.0, 21.0));
    assert_eq!(moved.positions, clean.positions);
}

#[test]
fn a_bad_offset_costs_itself() {
    let clean = extension(EXTENSION).0;
    for bad in ["OFFSET:1", "OFFSET:a:b", "OFFSET:N1:E1:N1", "OFFSET:inf:0", "OFFSET:N1:E1:N1:here"]
    {
        let (draft, findings) = extension(
            &EXTENSION.replace("SECTORLINE:border", &format!("{bad}\nSECTORLINE:border")),
        );
        assert_eq!(left_out(&findings), [(&*format!("{bad} in line 11"), "no shift can be read")]);
        assert_eq!(draft.sectors, clean.sectors);
    }
}
