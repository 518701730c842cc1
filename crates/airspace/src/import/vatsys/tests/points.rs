use super::*;

const AIRSPACE: &str = r#"<Airspace>
  <Intersections>
    <Point Name="ELBIS" Type="Fix">-11.0+101.0</Point>
    <Point Name="TWIN" Type="Fix">-12.0+101.0</Point>
    <Point Name="TWIN" Type="Fix">-12.0+171.0</Point>
    <Point Name="AGAIN" Type="Navaid">-1200.00+10130.00</Point>
    <Point Name="AGAIN" Type="Navaid">-12.0+101.5</Point>
    <Point Name="SPOILT" Type="Fix">here</Point>
  </Intersections>
  <Airports><Airport ICAO="YXXX" Position="-110000.0+1010000.0"><Runway Name="03" Position="x"/></Airport></Airports>
</Airspace>"#;

/// The profile with the second point of the eastern boundary written as `point`.
fn with_point(point: &str, airspace: Option<&str>) -> (Draft, Findings) {
    let volumes = VOLUMES.replace("-1100.0000+10100.0000", point);
    assert_ne!(volumes, VOLUMES.replace("EAST", "E"));
    let mut sources = vec![file("s", SECTORS), file("v", volumes)];
    sources.extend(airspace.map(|text| file("Airspace.xml", text)));
    import(&sources)
}

#[test]
fn the_number_of_digits_tells_the_three_forms_apart() {
    let clean = profile(SECTORS, VOLUMES).0;
    for point in
        ["-11.0+101.0", "-1100.00+10100.00", "-110000.00+1010000.00", "-11+101", "-1060.0+10060.0"]
    {
        assert_same(&with_point(point, None).0, &clean);
    }
    assert_same(&with_point("-11.0+101.0+24500.0", None).0, &clean);
    let east = with_point("-113015.9+1010630.0", None).0;
    let corner = sector(&east, "EST").volumes[0].outlines[0].exterior[1];
    assert!((corner.y + 11.504_416_667).abs() < 1e-9 && (corner.x - 101.108_333_333).abs() < 1e-9);
}

#[test]
fn points_on_lines_of_their_own_need_nothing_between_them() {
    let clean = profile(SECTORS, VOLUMES).0;
    for point in ["-11.0+101.0\n", "\r\n-11.0+101.0/\r\n/", "-11.0+101.0/ "] {
        assert_same(&with_point(point, None).0, &clean);
    }
    let (draft, findings) = profile(SECTORS, &VOLUMES.replace("/\n", "\n"));
    assert_same(&draft, &clean);
    assert_eq!(left_out(&findings), []);
}

#[test]
fn zero_has_no_sign() {
    let (draft, _) = with_point("-000000.0-0000000.0", None);
    let corner = sector(&draft, "EST").volumes[0].outlines[0].exterior[1];
    assert!(corner.y.is_sign_positive() && corner.x.is_sign_positive());
}

#[test]
fn named_points_are_looked_up_in_the_airspace_file() {
    let clean = profile(SECTORS, VOLUMES).0;
    for name in ["ELBIS", "YXXX"] {
        assert_same(&with_point(name, Some(AIRSPACE)).0, &clean);
    }
    assert_eq!(left_out(&with_point("AGAIN", Some(AIRSPACE)).1), []);
}

#[test]
fn a_name_without_a_place_costs_its_boundary() {
    let unknown = "point 2: ELBIS is no coordinate, and no Airspace.xml names it";
    assert_eq!(left_out(&with_point("ELBIS", None).1), [("boundary EAST", unknown)]);
    let spoilt = with_point("SPOILT", Some(AIRSPACE)).1;
    assert_eq!(left_out(&spoilt)[0].0, "boundary EAST");
    let twin = "point 2: TWIN is the name of several places in Airspace.xml";
    assert_eq!(left_out(&with_point("TWIN", Some(AIRSPACE)).1), [("boundary EAST", twin)]);
}

#[test]
fn a_broken_airspace_file_costs_its_names_alone() {
    let clean = profile(SECTORS, VOLUMES).0;
    let (draft, findings) = with_point("-11.0+101.0", Some("<Airspace><Point>"));
    assert_same(&draft, &clean);
    assert_eq!(left_out(&findings)[0].0, "Airspace.xml");
}

#[test]
fn points_off_the_globe_are_bad() {
    for point in [
        "-91.0+101.0",
        "-11.0+180.1",
        "-11.0",
        "+11.0",
        "-11.0x+101.0",
        "-11.0+1010000.0",
        "-1\u{b7}.0+101.0",
    ] {
        let findings = with_point(point, None).1;
        assert_eq!(left_out(&findings)[0].0, "boundary EAST", "{point}");
    }
}

#[test]
fn a_boundary_without_points_is_left_out() {
    let volumes = VOLUMES.replace("<!--", "<Boundary Name=\"NONE\"> / </Boundary><!--");
    let findings = profile(SECTORS, &volumes).1;
    assert_eq!(left_out(&findings), [("boundary NONE", "it has no points")]);
}
