//! Large and hostile airspace files are read, or refused with a clear error, in little time and memory.

mod hostile;
mod run;
mod shapes;

use flate2::{Compression, write::GzEncoder};

use crate::support::{long_tests, real_data};
use hostile::{CASES, Case, Ending};
use run::{Run, run, written};
use shapes::{Files, Places, files, grid, saw, square};

const FORMATS: [&str; 6] = ["vatspy", "vatsys", "euroscope", "vatglasses", "simaware", "geojson"];

const MOST_BYTES: u64 = 1 << 30;
/// Seconds of the processor in which a file must be read, and in which a file that is too much must be refused.
const READ_S: f64 = 10.0;
const REFUSED_S: f64 = 2.0;
/// Points of one shape among several.
const SHAPE_POINTS: usize = 500_000;
/// Seconds in which each file of the community must be imported.
const SAMPLE_S: f64 = 2.0;
/// How much longer a build without optimisation may take.
const UNOPTIMISED: f64 = if cfg!(debug_assertions) { 25.0 } else { 1.0 };
/// Of four times as much at most this many times the time: with a square it would be sixteen.
const GROWTH: f64 = 9.0;
/// The start of the program, which does not grow.
const START_S: f64 = 0.2;

fn import(files: &Files) -> (Run, std::path::PathBuf) {
    let folder = written(files);
    let profile = folder.with_extension("geojson");
    let text = |path: &std::path::Path| path.to_str().expect("UTF-8").to_owned();
    let run = run(&["import-airspace", "--report", "json", "-o", &text(&profile), &text(&folder)]);
    (run, profile)
}

fn assert_within(run: &Run, what: &str, limit_s: f64) {
    let Run { processor_s, peak_bytes, .. } = run;
    let mebibytes = peak_bytes >> 20;
    eprintln!("{what}: {processor_s:.2} s, {mebibytes} MiB, exit status {:?}", run.code);
    assert!(*peak_bytes <= MOST_BYTES, "{what}: {mebibytes} MiB");
    assert!(*processor_s <= limit_s * UNOPTIMISED, "{what}: {processor_s} s");
}

/// A quarter and the whole: both are read, by the import and by the loader, and the whole does not take much more than
/// four times as long.
fn grows_evenly(what: &str, sizes: [usize; 2], of: impl Fn(usize) -> Files) {
    let whole = sizes[usize::from(long_tests())];
    let runs = [whole / 4, whole].map(|size| {
        let (imported, profile) = import(&of(size));
        assert_eq!(imported.code, Some(0), "{what}: {}", imported.stderr);
        assert_within(&imported, &format!("{what}, {size}"), READ_S);
        let profile = profile.to_str().expect("UTF-8");
        let loaded = run(&["check-airspace", "--at=0.005,0.005", profile]);
        assert_eq!(loaded.code, Some(0), "{what}: {}", loaded.stderr);
        assert_within(&loaded, &format!("{what}, {size}, loaded"), READ_S);
        [imported, loaded]
    });
    for (quarter, whole) in runs[0].iter().zip(&runs[1]) {
        let (quarter, whole) = (quarter.processor_s, whole.processor_s);
        let limit = GROWTH * quarter.max(START_S);
        assert!(whole <= limit, "{what}: {whole} s, a quarter of it {quarter} s");
    }
}

#[test]
fn a_shape_of_very_many_points_is_read() {
    for format in FORMATS {
        let of = |points| files(format, vec![saw(points)], 1);
        grows_evenly(&format!("{format}, points"), [40_000, 1_000_000], of);
    }
}

#[test]
fn very_many_sectors_are_read() {
    for format in FORMATS {
        let of = |sectors| files(format, (0..sectors).map(square).collect(), 1);
        grows_evenly(&format!("{format}, sectors"), [4_000, 100_000], of);
    }
}

#[test]
fn very_many_owners_are_read() {
    for format in FORMATS {
        let of = |owners| files(format, vec![square(0)], owners);
        grows_evenly(&format!("{format}, owners"), [4_000, 100_000], of);
    }
}

/// Each of the lines crosses half of the others, and each crossing makes shapes of its own.
#[test]
fn a_ring_that_crosses_itself_ten_thousand_times_is_read_and_a_scribble_is_refused() {
    for (lines, is_read) in [(100, true), (400, false)] {
        for format in FORMATS {
            let shapes: Vec<Places> = vec![grid(lines), square(0)];
            let (run, _) = import(&files(format, shapes, 1));
            assert_eq!(run.code, Some(0), "{}", run.stderr);
            assert_within(&run, &format!("{format}, {lines} lines to and fro"), REFUSED_S);
            let is_told = run.stderr.contains("crosses itself more than");
            assert_eq!(is_told, !is_read, "{format}: {}", run.stderr);
        }
    }
}

#[test]
fn hostile_files_end_in_time() {
    for Case { name, sizes, files, endings } in CASES {
        let form = usize::from(long_tests());
        let (run, _) = import(&files(sizes[form]));
        let limit_s = match endings[form] {
            Ending::Read | Ending::LeftOut(_) => READ_S,
            Ending::Refused(_) => REFUSED_S,
        };
        assert_within(&run, name, limit_s);
        let code = match endings[form] {
            Ending::Refused(_) => Some(1),
            Ending::Read | Ending::LeftOut(_) => Some(0),
        };
        assert_eq!(run.code, code, "{name}: {}", run.stderr);
        if let Ending::Refused(says) | Ending::LeftOut(says) = endings[form] {
            assert!(run.stderr.contains(says), "{name}: {}", run.stderr);
        }
        // The file that an entity names is not read.
        let host = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
        let host = host.trim();
        assert!(host.is_empty() || !run.stdout.contains(host), "{name}: {}", run.stdout);
    }
}

/// The processor's time of the whole program. `make bench` measures it where it counts, optimised.
#[test]
fn each_sample_of_the_community_is_imported_in_two_seconds() {
    let Some(airspace) = real_data::folder("airspace") else { return };
    // Without optimisation the slowest takes 2.4 s.
    let limit_s = if cfg!(debug_assertions) { 4.0 * SAMPLE_S } else { SAMPLE_S };
    for (format, files) in [
        ("vatspy", &["vatspy.dat", "vatspy-boundaries.geojson"][..]),
        ("vatsys", &["vatsys-sectors.xml", "vatsys-volumes.xml"]),
        ("euroscope", &["euroscope-fasa.ese"]),
        ("vatglasses", &["vatglasses-eg.json"]),
        ("simaware", &["simaware-boundaries.tar.gz"]),
    ] {
        let files: Vec<_> = files.iter().map(|file| airspace.join(file)).collect();
        let mut arguments = vec!["import-airspace", "--from", format, "-o", "/dev/null"];
        arguments.extend(files.iter().filter_map(|file| file.to_str()));
        let run = run(&arguments);
        assert_eq!(run.code, Some(0), "{format}: {}", run.stderr);
        eprintln!("{format}: {:.2} s", run.processor_s);
        assert!(run.processor_s <= limit_s, "{format}: {} s", run.processor_s);
    }
}

/// Of few bytes an archive can make very many.
#[test]
fn an_archive_that_unpacks_to_more_than_fits_is_refused() {
    let mebibytes = if long_tests() { 4_096 } else { 300 };
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    let zeros = std::io::Read::take(std::io::repeat(b' '), mebibytes << 20);
    let mut header = tar::Header::new_gnu();
    header.set_size(mebibytes << 20);
    header.set_cksum();
    archive.append_data(&mut header, "Boundaries/A.json", zeros).expect("an entry");
    let packed = archive.into_inner().and_then(GzEncoder::finish).expect("an archive");
    let folder = written(&Vec::new());
    let file = folder.join("large.tar.gz");
    std::fs::write(&file, packed).expect("an archive");
    let run = run(&["import-airspace", file.to_str().expect("UTF-8")]);
    assert_within(&run, "an archive", REFUSED_S);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(run.stderr.contains("256 MiB"), "{}", run.stderr);
}

/// The largest files, of which most hold too much: told before much of it is read.
#[test]
fn a_file_of_a_hundred_megabytes_is_read_or_refused() {
    // The short form is a hundredth.
    let bytes = if long_tests() { 100_000_000 } else { 1_000_000 };
    for format in FORMATS {
        // Half of the globe is as far as one goes.
        let of = |points: usize| {
            let shapes = points.div_ceil(SHAPE_POINTS);
            files(format, (0..shapes).map(|_| saw(points / shapes)).collect(), 1)
        };
        let sample = of(10_000);
        let size: usize = sample.iter().map(|(_, text)| text.len()).sum();
        let (run, _) = import(&of(bytes / (size / 10_000)));
        let limit_s = if run.code == Some(0) { READ_S } else { REFUSED_S };
        assert_within(&run, &format!("{format}, {} MB", bytes / 1_000_000), limit_s);
        assert!(
            run.code == Some(0)
                || run.stderr.contains("more than 2000000 points")
                || run.stderr.contains("more than 3000000 points"),
            "{}",
            run.stderr
        );
        assert!(long_tests() || run.code == Some(0), "{}", run.stderr);
    }
}
