use std::io::Write as _;

use super::*;

fn told(text: &[u8]) -> String {
    read(text).expect_err("an error").to_string()
}

#[test]
fn the_built_in_airports_are_all_of_the_package() {
    let airports = load(None).expect("they are good");
    assert_eq!(airports.len(), 28_298);
    assert_eq!(BUILT_IN.lines().count(), 28_299, "and no line is left out");
    let sydney = airports.get("YSSY").expect("Sydney");
    assert_eq!((sydney.latitude, sydney.longitude, sydney.elevation_ft), (-33.9461, 151.177, 21.0));
    let melbourne = airports.nearest(-37.68, 144.84, 3.0).expect("an airport");
    assert_eq!((&*melbourne.icao, melbourne.elevation_ft), ("YMML", 434.0));
    assert!(airports.iter().all(|it| it.icao.len() == 4));
}

#[test]
fn the_notice_is_beside_the_data() {
    let notice = include_str!("../data/LICENSE");
    assert!(notice.starts_with("The MIT License (MIT)") && notice.contains("Mike Borsetti"));
}

#[test]
fn a_file_of_ones_own_is_read_as_people_write_them() {
    let text = b"\xef\xbb\xbficao, Latitude,longitude,elevation_ft\r\n\
        \"YSSY\",-33.9461 ,151.177,21\r\n\r\nab-1,1,2,-3.5\r\n";
    let airports = read(text).expect("it is good");
    let all: Vec<_> = airports.iter().map(|it| (&*it.icao, it.elevation_ft)).collect();
    assert_eq!(all, [("AB-1", -3.5), ("YSSY", 21.0)]);
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_what_is_allowed() {
    let header = "line 1: the header is";
    let allowed = "allowed: `icao,latitude,longitude,elevation_ft`";
    assert_eq!(
        told(b"icao,lat,lon,elevation_ft\nYSSY,1,2,3\n"),
        format!("{header} `icao,lat,lon,elevation_ft`; {allowed}")
    );
    assert_eq!(told(b""), format!("{header} ``; {allowed}"));
    assert_eq!(
        told(b"YSSY,-33.9461,151.177,21\n"),
        format!("{header} `YSSY,-33.9461,151.177,21`; {allowed}")
    );
    for (line, message) in [
        ("YMML,-37", "it has 2 fields; allowed: 4, `icao,latitude,longitude,elevation_ft`"),
        ("YM ML,-37,144,434", "icao is `YM ML`; allowed: 1 to 8 letters, digits, `_` or `-`"),
        (",-37,144,434", "icao is ``; allowed: 1 to 8 letters, digits, `_` or `-`"),
        ("YMML,-91,144,434", "latitude is `-91`; allowed: a number from -90 to 90"),
        ("YMML,nan,144,434", "latitude is `nan`; allowed: a number from -90 to 90"),
        ("YMML,-37,180.1,434", "longitude is `180.1`; allowed: a number from -180 to 180"),
        ("YMML,-37,144,", "elevation_ft is ``; allowed: a number from -2000 to 30000"),
        ("yssy,-37,144,434", "YSSY is already on line 2; allowed: one line for each airport"),
    ] {
        let text = format!("icao,latitude,longitude,elevation_ft\nYSSY,-33,151,21\n{line}\n");
        assert_eq!(told(text.as_bytes()), format!("line 3: {message}"));
    }
    assert_eq!(
        told(b"icao,latitude,longitude,elevation_ft\nY\xff,1,2,3\n"),
        "line 2: it is not UTF-8"
    );
    assert_eq!(told(b"icao,latitude,longitude,elevation_ft\n"), "it holds no airport");
}

#[test]
fn the_file_is_named() {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(b"icao\n").expect("to write");
    let message = load(Some(file.path())).expect_err("an error").to_string();
    assert!(message.starts_with(&format!("{}: line 1: ", file.path().display())), "{message}");
    let message = load(Some(Path::new("/nowhere/airports.csv"))).expect_err("an error").to_string();
    assert!(message.starts_with("/nowhere/airports.csv: No such file"), "{message}");
}
