//! Whatever stands in a file: what is imported of it can be loaded, importing it again changes nothing, and what is
//! beside it is as it was.

use super::{
    samples::{SAMPLES, Sample},
    *,
};

/// Texts that somebody could put where a name belongs.
const TEXTS: [&str; 28] = [
    "",
    " ",
    "\t",
    "\0",
    "a\u{7}b",
    "\u{1b}[2J",
    "\u{81}",
    "a\u{85}",
    "\u{202e}abc",
    "\u{200b}",
    "\u{feff}",
    "\u{2028}",
    "é",
    "\"",
    "\\",
    "<",
    "&",
    "|",
    ":",
    ";",
    ",",
    "/",
    "_",
    "__",
    "-",
    "~2",
    "null",
    "@",
];
/// Names that are another's, but for case and width.
const TAKEN: [&str; 6] = ["OTHR", "othr", "ＯＴＨＲ", "XO", "xo", "OT"];
/// What somebody could put where a number belongs.
const NUMBERS: [&str; 26] = [
    "",
    "NaN",
    "inf",
    "-inf",
    "1e400",
    "1e308",
    "-1e308",
    "1e-320",
    "-0",
    "0",
    "null",
    "\"x\"",
    "0.5",
    "99999999999999999999",
    "9007199254740993",
    "10000",
    "245",
    "10000.000000000001",
    "-181",
    "181",
    "361",
    "91",
    "-90",
    "+5",
    "N95",
    "E181",
];

/// The rings that enclose nothing, too much, or nothing on the globe.
fn rings() -> Vec<Vec<(f64, f64)>> {
    let band = [(0.0, -180.0), (0.0, 0.0), (0.0, 180.0), (1.0, 180.0), (1.0, 0.0), (1.0, -180.0)];
    let pole = [(80.0, 0.0), (80.0, 90.0), (80.0, 179.0), (80.0, -91.0), (80.0, 0.0)];
    vec![
        vec![],
        vec![(1.0, 1.0)],
        vec![(1.0, 1.0); 4],
        vec![(0.0, 0.0), (1.0, 1.0)],
        vec![(0.0, 0.0), (1.0, 1.0), (0.0, 0.0), (1.0, 1.0), (0.0, 0.0)],
        vec![(0.0, 0.0), (1.0, 1.0), (2.0, 2.0), (0.0, 0.0)],
        vec![(0.0, 2.0), (5.0, 2.0), (0.0, 3.0), (5.0, 3.0)],
        vec![(95.0, 2.0), (1.0, 3.0), (0.0, 3.0)],
        vec![(0.0, 500.0), (1.0, 501.0), (0.0, 501.0)],
        vec![(0.0, -181.0), (1.0, -182.0), (0.0, -182.0)],
        vec![(0.0, 170.0), (0.0, -170.0), (5.0, -170.0), (5.0, 170.0)],
        vec![(90.0, 0.0), (90.0, 90.0), (90.0, 180.0)],
        band.to_vec(),
        pole.to_vec(),
    ]
}

/// What is written of the files, after it has been loaded and imported again.
fn imported(sample: &Sample, spoilt: &str, value: &str) -> Option<Imported> {
    let options = Options { format: Some(sample.format), ..Options::default() };
    let imported = import(&sample.sources(spoilt, value), &options).ok()?;
    let what = format!("{} with {spoilt} {value:?}", sample.format);
    if let Err(error) = crate::parse(&imported.text) {
        panic!("{what}: {error}: {:?}\n{}", std::error::Error::source(&error), imported.text);
    }
    let again = Source { path: "b.geojson".into(), bytes: imported.text.clone().into_bytes() };
    let again = import(&[again], &Options::default()).unwrap();
    assert_eq!(again.text, imported.text, "{what}");
    assert_eq!((again.report.repaired, again.report.left_out), (vec![], vec![]), "{what}");
    Some(imported)
}

/// The features of the sector that nothing is done to.
fn other(imported: &Imported) -> Vec<&str> {
    let lines = imported.text.lines().map(|line| line.trim_end_matches(','));
    lines.filter(|line| line.contains("\"id\":\"OTHR")).collect()
}

#[test]
fn whatever_stands_there_is_loaded_and_costs_no_other() {
    for sample in &SAMPLES {
        let clean = imported(sample, "", "").unwrap();
        assert_eq!(
            (other(&clean).len(), &*clean.report.left_out),
            (1, &[][..]),
            "{}",
            sample.format
        );
        for name in sample.names() {
            let long = "L".repeat(3_000);
            let values = match name.starts_with('#') {
                true => NUMBERS.to_vec(),
                false => [&TEXTS[..], &[&*long]].concat(),
            };
            for value in values {
                // A file that is no JSON any more is one element.
                if let Some(imported) = imported(sample, name, value) {
                    assert_eq!(
                        other(&imported),
                        other(&clean),
                        "{} with {name} {value:?}",
                        sample.format
                    );
                }
            }
            for taken in TAKEN {
                imported(sample, name, taken);
            }
        }
        for points in rings() {
            let imported = imported(sample, "#ring", &(sample.ring)(&points));
            let imported = imported.unwrap_or_else(|| panic!("{}: {points:?}", sample.format));
            assert_eq!(other(&imported), other(&clean), "{}: {points:?}", sample.format);
        }
    }
}

#[test]
fn an_id_or_name_with_control_characters_costs_itself_or_is_mended_by_name() {
    for sample in &SAMPLES {
        for name in sample.names().into_iter().filter(|name| !name.starts_with('#')) {
            let clean = imported(sample, "", "").unwrap().report;
            let report = imported(sample, name, "A\u{7}B").unwrap().report;
            let usual = clean.to_string();
            // Behind the counts, element by element.
            let told = report.to_string().lines().skip(2).any(|it| !usual.contains(it));
            // What is not written is not told.
            let is_written = imported(sample, name, "ZZQ").unwrap().text.contains("ZZQ");
            assert!(told || !is_written, "{} with {name}: {report}", sample.format);
            assert!(!report.to_string().contains('\u{7}'));
        }
    }
}
