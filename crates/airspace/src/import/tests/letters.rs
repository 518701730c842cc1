//! One byte of Windows-1252 in a file costs nothing but its letter, and the element that has it is named.

use super::{
    samples::{SAMPLES, Sample},
    *,
};

/// Where a letter will be.
const MARK: &str = "Zzq";

/// The import in which a name has a letter, as these bytes.
fn with(sample: &Sample, name: &str, letter: &[u8]) -> Option<Imported> {
    let mut sources = sample.sources(name, MARK);
    for source in &mut sources {
        let text = String::from_utf8(std::mem::take(&mut source.bytes)).unwrap();
        source.bytes = text.split(MARK).map(str::as_bytes).collect::<Vec<_>>().join(letter);
    }
    let options = Options { format: Some(sample.format), ..Options::default() };
    import(&sources, &options).ok()
}

/// What is told of elements that were read.
fn told(report: &ImportReport) -> Vec<String> {
    let repaired = report.repaired.iter().map(|it| it.element.clone());
    repaired.chain(report.warnings.iter().cloned()).collect()
}

#[test]
fn the_element_with_a_byte_of_windows_1252_is_named_and_all_else_is_as_it_was() {
    for sample in &SAMPLES {
        for name in sample.names().into_iter().filter(|name| !name.starts_with('#')) {
            let of = |letter: &[u8]| with(sample, name, letter).unwrap();
            let (clean, found) = (of("\u{c4}".as_bytes()), of(b"\xc4"));
            let what = format!("{} with {name}", sample.format);
            // The first lines are those of the dataset, which has a digest of the files.
            let lines = |imported: &Imported| -> Vec<String> {
                imported.text.lines().skip(2).map(str::to_owned).collect()
            };
            assert_eq!(lines(&found), lines(&clean), "{what}");
            assert_eq!(found.report.left_out, clean.report.left_out, "{what}");
            let usual = told(&clean.report);
            let more: Vec<String> =
                told(&found.report).into_iter().filter(|it| !usual.contains(it)).collect();
            // What is left out is told as that.
            let is_told = !more.is_empty() || !found.report.left_out.is_empty();
            assert!(is_told && more.len() <= 2, "{what}: {more:?}");
            let is_other =
                |it: &String| ["OTHR", "XO", "other", "OTHER"].iter().any(|id| it.contains(id));
            assert!(!more.iter().any(is_other), "{what}: {more:?}");
        }
    }
}

#[test]
fn a_byte_that_is_no_letter_costs_its_element() {
    for sample in &SAMPLES {
        let clean = with(sample, "", b"").unwrap();
        for byte in [b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d"] {
            let found = with(sample, "id", byte).unwrap();
            let kept: Vec<&str> =
                clean.text.lines().filter(|line| line.contains("\"id\":\"OTHR")).collect();
            assert!(kept.iter().all(|line| found.text.contains(line.trim_end_matches(','))));
            assert!(!found.report.left_out.is_empty(), "{}: {byte:?}", sample.format);
            let is_other = |it: &LeftOut| it.element.contains("OTHR");
            assert!(!found.report.left_out.iter().any(is_other), "{}", found.report);
        }
    }
}
