//! What must hold of the readers of airspace files, whatever a file holds: no panic, an end in time, a profile that the
//! loader reads, and that is the same when it is imported again.
//!
//! The fuzz targets and the test of the corpus (`crates/airspace/tests/fuzz_corpus.rs`) call these functions. A target
//! of several files has them in one input, with a NUL between them.

use std::time::{Duration, Instant};

use sectorwatch_airspace::{
    import::{Format, Imported, Options, Source, hertz, import},
    lookup, parse,
};
use sectorwatch_core::positions::{Position, PositionFile, Positions};

/// Inputs have some kilobytes, so even a slow build and a busy machine need far less.
const LONGEST: Duration = Duration::from_secs(20);

/// A target: the name of its folder in the corpus, and what is called with each input.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 9] = [
    ("vatspy_dat", vatspy_dat),
    ("vatspy_geojson", vatspy_geojson),
    ("geojson", geojson),
    ("vatsys", vatsys),
    ("euroscope", euroscope),
    ("vatglasses", vatglasses),
    ("simaware", simaware),
    ("callsign", callsign),
    ("coordinate", coordinate),
];

const BOUNDARIES: &str = include_str!("boundaries.geojson");
const SECTORS: &str = include_str!("sectors.xml");

/// `VATSpy.dat`, beside boundaries that can be drawn.
pub fn vatspy_dat(data: &[u8]) {
    check(Format::Vatspy, &[("VATSpy.dat", data), ("Boundaries.geojson", BOUNDARIES.as_bytes())]);
}

/// `Boundaries.geojson` alone.
pub fn vatspy_geojson(data: &[u8]) {
    check(Format::Vatspy, &[("Boundaries.geojson", data)]);
}

/// A file of our own form, for the import and for the loader.
pub fn geojson(data: &[u8]) {
    check(Format::Geojson, &[("airspace.geojson", data)]);
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok((airspace, report)) = parse(text)
    {
        let _ = report.to_string();
        let point = lookup::Point { latitude: 0.5, longitude: 0.5, altitude_ft: Some(1_000) };
        let _ = lookup::point(&airspace, point).to_string();
    }
}

/// `Sectors.xml`, `Volumes.xml` and `Airspace.xml`; one alone is volumes.
pub fn vatsys(data: &[u8]) {
    match parts(data)[..] {
        [volumes] => {
            check(Format::Vatsys, &[("Sectors.xml", SECTORS.as_bytes()), ("Volumes.xml", volumes)]);
        }
        [sectors, volumes] => {
            check(Format::Vatsys, &[("Sectors.xml", sectors), ("Volumes.xml", volumes)]);
        }
        [sectors, volumes, airspace, ..] => {
            let files =
                [("Sectors.xml", sectors), ("Volumes.xml", volumes), ("Airspace.xml", airspace)];
            check(Format::Vatsys, &files);
        }
        [] => {}
    }
}

/// An `.ese`, and an `.sct` behind it.
pub fn euroscope(data: &[u8]) {
    match parts(data)[..] {
        [extension] => check(Format::Euroscope, &[("a.ese", extension)]),
        [extension, sectors, ..] => {
            check(Format::Euroscope, &[("a.ese", extension), ("a.sct", sectors)]);
        }
        [] => {}
    }
}

/// A group of VATGlasses, and another one behind it.
pub fn vatglasses(data: &[u8]) {
    match parts(data)[..] {
        [group] => check(Format::Vatglasses, &[("aa.json", group)]),
        [one, other, ..] => check(Format::Vatglasses, &[("aa.json", one), ("bb.json", other)]),
        [] => {}
    }
}

/// A file of SimAware.
pub fn simaware(data: &[u8]) {
    check(Format::Simaware, &[("TRACONBoundaries.geojson", data)]);
}

/// Lines of positions (prefix, suffix, MHz, with spaces between them), and a last line that is a callsign.
pub fn callsign(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut lines: Vec<&str> = text.lines().collect();
    let callsign = lines.pop().unwrap_or_default();
    let position = |(number, line): (usize, &&str)| {
        let words: Vec<&str> = line.split(' ').collect();
        let word = |at: usize| words.get(at).copied().unwrap_or_default();
        Position {
            id: number.to_string(),
            prefixes: word(0).split(',').map(str::to_owned).collect(),
            suffix: word(1).to_owned(),
            frequency_hz: hertz(word(2)),
        }
    };
    let positions: Vec<Position> = lines.iter().enumerate().map(position).collect();
    let number = positions.len();
    for cut_hyphen in [false, true] {
        let file = PositionFile { positions: positions.clone(), cut_hyphen };
        let all = Positions::new([file]);
        let fitting = all.fitting(callsign);
        assert!(fitting.len() <= number, "each position fits once");
        let staffed = all.staffed_by(callsign, Some(118_000_000));
        assert!(staffed.iter().all(|it| fitting.contains(it)), "who is staffed fits");
        // How it is written makes no difference.
        let written = callsign.to_ascii_lowercase().replace('_', "__");
        assert_eq!(all.fitting(&written), fitting);
    }
}

/// One coordinate, in the formats that have a grammar of their own for it.
pub fn coordinate(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let escaped: String =
        text.chars().filter(|letter| !matches!(letter, '<' | '&' | '\0')).collect();
    let volumes = format!(
        "<Volumes><Volume Name=\"V\"><Boundaries>B</Boundaries></Volume>\
         <Boundary Name=\"B\">+00+000/+02+000/{escaped}/</Boundary></Volumes>"
    );
    vatsys(volumes.as_bytes());
    let line: String = text.chars().filter(|letter| !letter.is_control()).collect();
    let extension = format!(
        "[AIRSPACE]\nSECTORLINE:L\nCOORD:N000.00.00.000:E000.00.00.000\nCOORD:N2:E0\nCOORD:{line}\n\
         COORD:N000.00.00.000:E000.00.00.000\nSECTOR:S:0:100\nBORDER:L\n"
    );
    euroscope(extension.as_bytes());
    let quoted: String = line.chars().filter(|letter| !matches!(letter, '"' | '\\')).collect();
    let (latitude, longitude) = quoted.split_once(':').unwrap_or((&quoted, "0010000"));
    let group = format!(
        "{{\"airspace\":[{{\"id\":\"A\",\"sectors\":[{{\"points\":[[\"000000\",\"0000000\"],\
         [\"020000\",\"0000000\"],[\"{latitude}\",\"{longitude}\"]]}}]}}],\"positions\":{{}}}}"
    );
    vatglasses(group.as_bytes());
}

fn parts(data: &[u8]) -> Vec<&[u8]> {
    data.split(|&byte| byte == 0).collect()
}

fn imported(format: Option<Format>, sources: &[Source]) -> Option<Imported> {
    import(sources, &Options { format, ..Options::default() }).ok()
}

/// Imports the files, and checks what comes of it.
fn check(format: Format, files: &[(&str, &[u8])]) {
    let begun = Instant::now();
    let source =
        |&(path, bytes): &(&str, &[u8])| Source { path: path.into(), bytes: bytes.to_vec() };
    let sources: Vec<Source> = files.iter().map(source).collect();
    // What is guessed may be another format.
    let _ = imported(None, &sources);
    if let Some(first) = imported(Some(format), &sources) {
        let Imported { text, report } = &first;
        let _ = report.to_string();
        let (airspace, _) =
            parse(text).unwrap_or_else(|error| panic!("it cannot be loaded: {error:?}\n{text}"));
        assert_eq!(airspace.sectors().len(), report.written.sectors, "{text}");
        let profile = Source { path: "profile.geojson".into(), bytes: text.clone().into_bytes() };
        let again = imported(Some(Format::Geojson), &[profile]);
        let again = again.unwrap_or_else(|| panic!("it cannot be imported again\n{text}"));
        assert_eq!(again.report.left_out, [], "{text}");
        assert_eq!(&again.text, text, "imported again it is the same");
    }
    assert!(begun.elapsed() < LONGEST, "it took {:?}", begun.elapsed());
}
