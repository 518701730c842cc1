//! Files that are made to take long: of whatever is compared, listed or nested there is very much.

use std::fmt::Write as _;

use super::shapes::{Files, Places, files, square};

/// What an import must come to.
#[derive(Debug, Clone, Copy)]
pub enum Ending {
    Read,
    /// With this in its message.
    Refused(&'static str),
    /// With this in its report, and all else read.
    LeftOut(&'static str),
}

/// A file that grows, how large it is in the short form and in the long one, and how its import ends.
pub struct Case {
    pub name: &'static str,
    pub sizes: [usize; 2],
    pub files: fn(usize) -> Files,
    pub endings: [Ending; 2],
}

const fn case(
    name: &'static str,
    sizes: [usize; 2],
    files: fn(usize) -> Files,
    endings: [Ending; 2],
) -> Case {
    Case { name, sizes, files, endings }
}

use Ending::{LeftOut, Read, Refused};

pub const CASES: [Case; 17] = [
    case("JSON in JSON", [1_000, 1_000], |depth| json_in_json(depth, "vatspy"), [Read; 2]),
    case(
        "JSON in JSON, own form",
        [1_000, 1_000],
        |depth| json_in_json(depth, "geojson"),
        [Refused("recursion"); 2],
    ),
    case(
        "JSON in JSON, SimAware",
        [1_000, 1_000],
        |depth| json_in_json(depth, "simaware"),
        [Read; 2],
    ),
    case("JSON in JSON, VATGlasses", [1_000, 1_000], vatglasses_in_depth, [Read; 2]),
    case("geometries in geometries", [1_000, 1_000], geometries, [Refused("deep"); 2]),
    case("elements in elements", [1_000, 1_000], elements, [Read; 2]),
    case(
        "elements without an end",
        [250_000, 10_000_000],
        endless,
        [Refused("deep"), Refused("elements")],
    ),
    case("entities in entities", [20, 60], laughs, [LeftOut("entity"); 2]),
    case("a volume of very many boundaries", [500, 10_000], united, [Read; 2]),
    case("boundaries that all cross", [200, 10_000], crossing, [Read, Refused("cross more than")]),
    case(
        "a volume that names one boundary again and again",
        [200_000, 20_000_000],
        shared,
        [Refused("points"), Refused("names")],
    ),
    case("a chain of claims", [1_000, 100_000], claims, [Read, Refused("owners")]),
    case("a border of very many lines", [5_000, 100_000], lines, [Read; 2]),
    case(
        "a border of one line again and again",
        [20_000, 2_000_000],
        to_and_fro,
        [Refused("points"), Refused("fields")],
    ),
    case("runways of very many airports", [5_000, 100_000], runways, [Read; 2]),
    case("very many positions of one ID", [5_000, 100_000], same_id, [Read; 2]),
    case("very many sectors of one name", [5_000, 100_000], same_name, [Read; 2]),
];

fn json_in_json(depth: usize, format: &str) -> Files {
    let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let mut files = files(format, vec![square(0)], 1);
    for (_, text) in &mut files {
        *text = text.replace(r#""properties":{"#, &format!(r#""properties":{{"deep":{deep},"#));
    }
    files
}

fn vatglasses_in_depth(depth: usize) -> Files {
    let deep = format!("{}{}", r#"{"a":"#.repeat(depth), "}".repeat(depth).replacen('}', "1}", 1));
    let mut files = files("vatglasses", vec![square(0)], 1);
    files[0].1 = files[0].1.replacen('{', &format!(r#"{{"deep":{deep},"#), 1);
    files
}

fn geometries(depth: usize) -> Files {
    let open = r#"{"type":"GeometryCollection","geometries":["#.repeat(depth);
    let close = "]}".repeat(depth);
    let feature = format!(
        r#"{{"type":"Feature","properties":{{"id":"A","oceanic":"0"}},"geometry":{open}{close}}}"#
    );
    vec![(
        "Boundaries.geojson",
        format!(r#"{{"type":"FeatureCollection","features":[{feature}]}}"#),
    )]
}

fn elements(depth: usize) -> Files {
    let mut files = files("vatsys", vec![square(0)], 1);
    let deep = format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    files[1].1 = files[1].1.replacen("<Volumes>", &format!("<Volumes>{deep}"), 1);
    files
}

fn endless(depth: usize) -> Files {
    let mut files = files("vatsys", vec![square(0)], 1);
    files[1].1 = format!("<Volumes>{}", "<a>".repeat(depth));
    files
}

/// A billion laughs, and the content of another file.
fn laughs(depth: usize) -> Files {
    let mut entities = String::from(r#"<!ENTITY e0 SYSTEM "file:///etc/hostname">"#);
    for at in 1..=depth {
        let _ = write!(entities, "<!ENTITY e{at} \"{}\">", format!("&e{};", at - 1).repeat(10));
    }
    let mut files = files("vatsys", vec![square(0), square(1)], 1);
    let volumes = files[1].1.replacen(
        "<Boundary Name=\"B1\">",
        &format!("<Boundary Name=\"B1\">&e{depth};"),
        1,
    );
    files[1].1 = format!("<!DOCTYPE Volumes [{entities}]>{volumes}");
    files
}

fn vatsys_of(volumes: &str, boundaries: &str) -> Files {
    let sector =
        r#"<Sectors><Sector Name="S" Callsign="S_CTR"><Volumes>V</Volumes></Sector></Sectors>"#;
    let volume = format!(r#"<Volume Name="V"><Boundaries>{volumes}</Boundaries></Volume>"#);
    vec![
        ("Sectors.xml", sector.to_owned()),
        ("Volumes.xml", format!("<Volumes>{volume}{boundaries}</Volumes>")),
    ]
}

fn boundaries(number: usize, place: impl Fn(usize) -> Places) -> Files {
    let names: Vec<String> = (0..number).map(|at| format!("B{at}")).collect();
    let boundary = |at: usize| {
        let points = place(at).into_iter().map(|(east, north)| {
            let [north, east] = [north, east].map(|seconds| seconds as f64 / 3_600.0);
            format!("{north:+010.6}{east:+011.6}/")
        });
        format!("<Boundary Name=\"B{at}\">{}</Boundary>", points.collect::<String>())
    };
    vatsys_of(&names.join(","), &(0..number).map(boundary).collect::<String>())
}

/// Each overlaps the next one.
fn united(number: usize) -> Files {
    boundaries(number, |at| {
        let at = i64::try_from(at).expect("a small number") * 30;
        vec![(at, 0), (at + 40, 0), (at + 40, 60), (at, 60)]
    })
}

/// Each crosses all others.
fn crossing(number: usize) -> Files {
    boundaries(number, |at| {
        let at = i64::try_from(at).expect("a small number");
        vec![(at, at), (at + 100_000, at), (at + 100_000, at + 100_000), (at, at + 100_000)]
    })
}

fn shared(number: usize) -> Files {
    let mut files = boundaries(1, |_| super::shapes::saw(1_000));
    files[1].1 = files[1].1.replacen(
        "<Boundaries>B0",
        &format!("<Boundaries>{}B0", "B0,".repeat(number)),
        1,
    );
    files
}

fn claims(number: usize) -> Files {
    let mut sectors = String::from("<Sectors>");
    for at in 0..number {
        let _ = writeln!(
            sectors,
            r#"<Sector Name="S{at}" Callsign="S{at}_CTR"><Volumes>V</Volumes><ResponsibleSectors>S{}</ResponsibleSectors></Sector>"#,
            at + 1
        );
    }
    let mut files = boundaries(1, |_| square(0));
    files[0].1 = sectors + "</Sectors>";
    files
}

fn lines(number: usize) -> Files {
    let places = super::shapes::saw(number);
    let mut text = String::from("[AIRSPACE]\n");
    let coordinate = |(east, north): (i64, i64)| {
        let [north, east] = [north, east].map(|seconds| seconds as f64 / 3_600.0);
        format!("COORD:N{north:.6}:E{east:.6}")
    };
    for (at, &from) in places.iter().enumerate() {
        let to = places[(at + 1) % places.len()];
        let (from, to) = (coordinate(from), coordinate(to));
        let _ = writeln!(text, "SECTORLINE:L{at}\n{from}\n{to}");
    }
    let names: Vec<String> = (0..places.len()).map(|at| format!("L{at}")).collect();
    let _ = writeln!(text, "SECTOR:S:0:100\nBORDER:{}", names.join(":"));
    vec![("a.ese", text)]
}

fn to_and_fro(number: usize) -> Files {
    let mut files = files("euroscope", vec![super::shapes::saw(200)], 1);
    files[0].1 = files[0].1.replacen("BORDER:L0", &format!("BORDER:{}L0", "L0:".repeat(number)), 1);
    files
}

fn runways(number: usize) -> Files {
    let mut files = files("euroscope", vec![square(0)], 1);
    for at in 0..number {
        let _ = writeln!(files[0].1, "ACTIVE:A{at}:09");
    }
    files
}

fn same_id(number: usize) -> Files {
    let mut files = files("euroscope", vec![square(0)], 1);
    let positions: String =
        (0..number).map(|at| format!("P:Radar:128.100:P::P{at}:CTR:-:-::\n")).collect();
    files[0].1 = files[0].1.replacen("[POSITIONS]\n", &format!("[POSITIONS]\n{positions}"), 1);
    files
}

fn same_name(number: usize) -> Files {
    let mut files = files("euroscope", vec![square(0)], number);
    let sectors: String =
        (0..number).map(|at| format!("SECTOR:T:0:9\nOWNER:P{at}\nBORDER:L0\n")).collect();
    files[0].1.push_str(&sectors);
    files
}
