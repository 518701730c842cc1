//! Large files of each format, made to measure. The benchmark of the limits uses them, too.

use std::fmt::Write as _;

/// Files by their names.
pub type Files = Vec<(&'static str, String)>;

/// Places in seconds of arc: east, north.
pub type Places = Vec<(i64, i64)>;

/// A band whose two long sides are saws, through about so many places: no two of its sides meet, and all are short.
pub fn saw(places: usize) -> Places {
    let half = i64::try_from(places / 2).expect("a small number");
    let tooth = |at: i64| if at % 2 == 0 { 0 } else { 30 };
    let upper = (0..half).rev().map(|at| (at, 3_600 + tooth(at)));
    (0..half).map(|at| (at, tooth(at))).chain(upper).collect()
}

/// A square of a hundredth of a degree, with a place of its own.
pub fn square(number: usize) -> Places {
    let number = i64::try_from(number).expect("a small number");
    let (east, north) = (number % 400 * 100, number / 400 * 100);
    vec![(east, north), (east + 36, north), (east + 36, north + 36), (east, north + 36)]
}

/// A ring that goes to and fro and up and down, so that each of its lines crosses each that goes the other way.
pub fn grid(lines: usize) -> Places {
    let most = i64::try_from(lines).expect("a small number") * 10;
    let there = |at: usize| i64::try_from(at).expect("a small number") * 10 + 5;
    let mut places = Vec::new();
    for at in 0..lines {
        let ends = [(0, there(at)), (most, there(at))];
        places.extend(if at % 2 == 0 { ends } else { [ends[1], ends[0]] });
    }
    for at in 0..lines {
        let ends = [(there(at), most + 3), (there(at), -3)];
        places.extend(if at % 2 == 0 { ends } else { [ends[1], ends[0]] });
    }
    places
}

fn degrees(seconds: i64) -> f64 {
    seconds as f64 / 3_600.0
}

/// `[[x,y],…]`, closed.
fn json_ring(places: &Places) -> String {
    let mut text = "[".to_owned();
    for (at, (east, north)) in places.iter().chain(places.first()).enumerate() {
        let comma = if at == 0 { "" } else { "," };
        let _ = write!(text, "{comma}[{},{}]", degrees(*east), degrees(*north));
    }
    text + "]"
}

fn collection(members: &str, features: impl Iterator<Item = (String, Places)>) -> String {
    let features: Vec<String> = features
        .map(|(properties, places)| {
            let ring = json_ring(&places);
            format!(
                r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}"#
            )
        })
        .collect();
    format!(r#"{{"type":"FeatureCollection",{members}"features":[{}]}}"#, features.join(",\n"))
}

/// One file or more of a format, of which each shape is a sector, and all have these owners.
pub fn files(format: &str, shapes: Vec<Places>, owners: usize) -> Files {
    let shapes = shapes.into_iter().enumerate();
    let joined = |one: &dyn Fn(usize) -> String, separator: &str| -> String {
        (0..owners).map(one).collect::<Vec<_>>().join(separator)
    };
    match format {
        "geojson" => {
            let names = joined(&|at| format!("\"P{at}\""), ",");
            let positions =
                joined(&|at| format!(r#""P{at}":{{"prefixes":["P{at}"],"suffix":"CTR"}}"#), ",");
            let properties = |at| format!(r#""role":"sector","id":"S{at}","owners":[{names}]"#);
            let features = shapes.map(|(at, places)| (properties(at), places));
            vec![(
                "airspace.geojson",
                collection(&format!("\"positions\":{{{positions}}},"), features),
            )]
        }
        "vatspy" => {
            let rows = joined(&|at| format!("F{at}|Name|P{at}|S0"), "\n");
            let features =
                shapes.map(|(at, places)| (format!(r#""id":"S{at}","oceanic":"0""#), places));
            vec![
                ("VATSpy.dat", format!("[FIRs]\n{rows}\n")),
                ("Boundaries.geojson", collection("", features)),
            ]
        }
        "simaware" => {
            let names = joined(&|at| format!("\"P{at}\""), ",");
            let properties = |at| format!(r#""id":"S{at}","name":"N","prefix":["P",{names}]"#);
            let properties = |at| properties(at).replace(",]", "]");
            vec![(
                "TRACONBoundaries.geojson",
                collection("", shapes.map(|(at, it)| (properties(at), it))),
            )]
        }
        "vatglasses" => vec![("aa.json", vatglasses(shapes, &joined))],
        "euroscope" => vec![("a.ese", euroscope(shapes, &joined))],
        "vatsys" => vatsys(shapes, &joined),
        other => panic!("no format {other}"),
    }
}

type Joined<'a> = &'a dyn Fn(&dyn Fn(usize) -> String, &str) -> String;

fn vatglasses(shapes: impl Iterator<Item = (usize, Places)>, joined: Joined<'_>) -> String {
    let dms = |seconds: i64, digits: usize| {
        let (sign, all) = (if seconds < 0 { "-" } else { "" }, seconds.abs());
        format!("{sign}{:0digits$}{:02}{:02}", all / 3_600, all / 60 % 60, all % 60)
    };
    let owners = joined(&|at| format!("\"P{at}\""), ",");
    let airspaces: Vec<String> = shapes
        .map(|(at, places)| {
            let points: Vec<String> = places
                .iter()
                .map(|(east, north)| format!(r#"["{}","{}"]"#, dms(*north, 2), dms(*east, 3)))
                .collect();
            let points = points.join(",");
            format!(r#"{{"id":"S{at}","owner":[{owners}],"sectors":[{{"points":[{points}]}}]}}"#)
        })
        .collect();
    let positions = joined(&|at| format!(r#""P{at}":{{"pre":["P{at}"],"type":"CTR"}}"#), ",");
    format!(r#"{{"airspace":[{}],"positions":{{{positions}}}}}"#, airspaces.join(",\n"))
}

fn euroscope(shapes: impl Iterator<Item = (usize, Places)>, joined: Joined<'_>) -> String {
    let angle = |seconds: i64, [positive, negative]: [char; 2]| {
        let (half, all) = (if seconds < 0 { negative } else { positive }, seconds.abs());
        format!("{half}{:03}.{:02}.{:02}.000", all / 3_600, all / 60 % 60, all % 60)
    };
    let positions = joined(&|at| format!("P{at}:Radar:128.100:P{at}::P{at}:CTR:-:-::"), "\n");
    let mut text = format!("[POSITIONS]\n{positions}\n[AIRSPACE]\n");
    let owners = joined(&|at| format!("P{at}"), ":");
    for (number, places) in shapes {
        let _ = writeln!(text, "SECTORLINE:L{number}");
        for (east, north) in places.iter().chain(places.first()) {
            let (north, east) = (angle(*north, ['N', 'S']), angle(*east, ['E', 'W']));
            let _ = writeln!(text, "COORD:{north}:{east}");
        }
        let _ = writeln!(text, "SECTOR:S{number}:0:24500\nOWNER:{owners}\nBORDER:L{number}");
    }
    text
}

fn vatsys(shapes: impl Iterator<Item = (usize, Places)>, joined: Joined<'_>) -> Files {
    let mut sectors = String::from("<Sectors>");
    let mut volumes = String::from("<Volumes>");
    for (at, places) in shapes {
        let _ = writeln!(
            sectors,
            r#"<Sector Name="S{at}" Callsign="S{at}_CTR"><Volumes>V{at}</Volumes></Sector>"#
        );
        let _ = writeln!(
            volumes,
            r#"<Volume Name="V{at}"><Boundaries>B{at}</Boundaries></Volume><Boundary Name="B{at}">"#
        );
        for (east, north) in &places {
            let _ = writeln!(volumes, "{:+010.6}{:+011.6}/", degrees(*north), degrees(*east));
        }
        volumes.push_str("</Boundary>\n");
    }
    let owner = |at: usize| {
        format!(
            r#"<Sector Name="P{at}" Callsign="P{at}_CTR"><ResponsibleSectors>S0</ResponsibleSectors></Sector>"#
        )
    };
    sectors.push_str(&joined(&owner, "\n"));
    vec![("Sectors.xml", sectors + "</Sectors>"), ("Volumes.xml", volumes + "</Volumes>")]
}
