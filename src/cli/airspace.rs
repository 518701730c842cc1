//! The options of `import-airspace`, and what `check-airspace` can be asked.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, ValueHint, value_parser};
use sectorwatch_airspace::{
    import::{Format, Options, Selection, hertz, patterns},
    lookup::Point,
};
use strum::VariantNames as _;
use url::Url;

use super::values::http_url;

pub(super) const IMPORT_AIRSPACE: &str = "import-airspace";
pub(super) const JSON: &str = "json";
const SOURCES: &str = "sources";
const DOWNLOAD: &str = "download";
const DOWNLOAD_FROM: &str = "download-from";
const AT: &str = "at";
const CALLSIGN: &str = "callsign";
pub(super) const SVG: &str = "svg";
const FROM: &str = "from";
const DIVISION: &str = "division";
const IDS: &str = "ids";
const KINDS: &str = "kinds";
const MERGE: &str = "merge";
const TRANSITION_ALTITUDE: &str = "transition-altitude";
const SOURCE_VERSION: &str = "source-version";
const VATSPY: &str = "vatspy";
const STRICT: &str = "strict";
const REPORT: &str = "report";
const OUTPUT: &str = "output";

/// The notice of a download. The files are of their authors.
pub const VATSPY_LICENCE: &str = "The files of VAT-Spy are by the VAT-Spy Client Data Project and licensed under \
    CC BY-SA 4.0 (https://creativecommons.org/licenses/by-sa/4.0/): name the project, and share what you make of them \
    under the same licence.";
/// What to do where a download fails.
pub const BY_HAND: &str = "VAT-Spy is not downloaded; another way is to get VATSpy.dat and Boundaries.geojson from \
    https://github.com/vatsimnetwork/vatspy-data-project, and to name the two files instead of --download";

/// The files to import.
#[derive(Debug, PartialEq, Eq)]
pub enum Files {
    /// Of this machine.
    Given(Vec<PathBuf>),
    /// The current ones of VAT-Spy, by the API at an address; by that of the network when `None`.
    Download(Option<Url>),
}

/// What `import-airspace` is asked for.
#[derive(Debug)]
pub struct ImportAirspace {
    pub files: Files,
    pub options: Options,
    /// A profile to which the result is added.
    pub merge: Option<PathBuf>,
    /// Fail when anything was left out.
    pub strict: bool,
    /// The report as JSON instead of text.
    pub json: bool,
    /// The file to write; standard output when `None`.
    pub output: Option<PathBuf>,
}

/// Commands are compared in tests alone.
impl PartialEq for ImportAirspace {
    fn eq(&self, other: &Self) -> bool {
        format!("{self:?}") == format!("{other:?}")
    }
}

/// A question about an airspace.
#[derive(Debug, Clone, PartialEq)]
pub enum Question {
    /// Which sectors are at a point.
    At(Point),
    /// Which positions and sectors a controller is at, by the callsign and the frequency in hertz.
    Callsign(String, Option<u32>),
}

pub(super) fn lookups() -> [Arg; 4] {
    [
        Arg::new(AT)
            .long("at")
            .value_name("LAT,LON[,FEET]")
            .help("Print the sectors at a point; may be repeated")
            .allow_hyphen_values(true)
            .value_parser(point)
            .action(ArgAction::Append),
        Arg::new(CALLSIGN)
            .long("callsign")
            .value_name("CALLSIGN[@MHZ]")
            .help("Print the positions and sectors of a controller; may be repeated")
            .value_parser(callsign)
            .action(ArgAction::Append),
        Arg::new(JSON)
            .long("json")
            .help("With --at or --callsign: print the answers as a JSON array")
            .action(ArgAction::SetTrue),
        Arg::new(SVG)
            .long(SVG)
            .value_name("OUT")
            .help("Draw the airspace, and the points of --at, as an SVG file; - is standard output")
            .value_hint(ValueHint::FilePath)
            .value_parser(value_parser!(PathBuf)),
    ]
}

/// Points first, then callsigns, each in the order in which they were typed.
pub(super) fn questions(matches: &ArgMatches) -> Vec<Question> {
    let points = matches.get_many::<Point>(AT).into_iter().flatten().copied().map(Question::At);
    let callsigns = matches.get_many::<(String, Option<u32>)>(CALLSIGN).into_iter().flatten();
    let callsigns = callsigns.cloned().map(|(callsign, hz)| Question::Callsign(callsign, hz));
    points.chain(callsigns).collect()
}

fn point(text: &str) -> Result<Point, String> {
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    let degrees = |text: &str, name: &str, [least, most]: [f64; 2]| {
        let value = text.parse().ok().filter(|value| (least..=most).contains(value));
        value.ok_or_else(|| format!("the {name} must be {least} to {most} degrees"))
    };
    let (latitude, longitude, altitude_ft) = match parts[..] {
        [latitude, longitude] => (latitude, longitude, None),
        [latitude, longitude, feet] => {
            let feet = feet.parse().map_err(|_| "the altitude must be a whole number of feet")?;
            (latitude, longitude, Some(feet))
        }
        _ => return Err("must be LATITUDE,LONGITUDE or LATITUDE,LONGITUDE,FEET".to_owned()),
    };
    Ok(Point {
        latitude: degrees(latitude, "latitude", [-90.0, 90.0])?,
        longitude: degrees(longitude, "longitude", [-180.0, 360.0])?,
        altitude_ft,
    })
}

fn callsign(text: &str) -> Result<(String, Option<u32>), String> {
    match text.split_once('@') {
        None => Ok((text.to_owned(), None)),
        Some((callsign, mhz)) => match hertz(mhz) {
            Some(hz) => Ok((callsign.to_owned(), Some(hz))),
            None => Err("the frequency must be in MHz, such as 130.900".to_owned()),
        },
    }
}

pub(super) fn import_airspace() -> Command {
    let text = |id: &'static str, value: &'static str, help: &'static str| {
        Arg::new(id).long(id).value_name(value).help(help)
    };
    let paths = Arg::new(SOURCES)
        .value_name("PATH")
        .help("Files, folders or .tar.gz archives of one format")
        .conflicts_with(DOWNLOAD)
        .value_hint(ValueHint::AnyPath)
        .value_parser(value_parser!(PathBuf))
        .action(ArgAction::Append)
        .num_args(1..)
        .required_unless_present(DOWNLOAD);
    let file = || value_parser!(PathBuf);
    Command::new(IMPORT_AIRSPACE).about("Write airspace files of the community as GeoJSON").args([
        paths,
        text(DOWNLOAD, "vatspy", "Fetch the current files of VAT-Spy instead of naming files")
            .value_parser([VATSPY]),
        text(DOWNLOAD_FROM, "URL", "Ask another server than VATSIM's which files are current")
            .requires(DOWNLOAD)
            .conflicts_with(SOURCES),
        text(FROM, "FORMAT", "The format; told by the content when left out")
            .value_parser(clap::builder::PossibleValuesParser::new(Format::VARIANTS)),
        text(DIVISION, "X", "Only the sectors of a division (VAT-Spy)"),
        text(IDS, "GLOB,…", "Only sectors whose id fits a pattern")
            .value_parser(pattern)
            .value_delimiter(','),
        text(KINDS, "KIND,…", "Only sectors of these kinds, such as CTR,APP").value_delimiter(','),
        text(MERGE, "FILE", "Add the result to this profile").value_parser(file()),
        text(TRANSITION_ALTITUDE, "FT", "State the transition altitude: 0 to 60000")
            .value_parser(value_parser!(u32).range(0..=60_000)),
        text(SOURCE_VERSION, "V", "What the version of the files is called"),
        text(STRICT, "", "Exit with 1 when anything was left out").action(ArgAction::SetTrue),
        text(REPORT, "text|json", "How the report on standard error is written")
            .value_parser(["text", "json"])
            .default_value("text"),
        text(OUTPUT, "FILE", "The file to write; standard output when left out")
            .short('o')
            .value_parser(file()),
    ])
}

fn pattern(text: &str) -> Result<String, String> {
    patterns(&[text.to_owned()]).map(|_| text.to_owned()).map_err(|error| error.to_string())
}

/// # Errors
///
/// A format that is not the one of the download, or an address that is none.
pub(super) fn import(matches: &ArgMatches) -> Result<ImportAirspace, String> {
    let text = |id| matches.get_one::<String>(id).cloned();
    let texts = |id| -> Vec<String> {
        matches.get_many::<String>(id).into_iter().flatten().cloned().collect()
    };
    let paths = matches.get_many::<PathBuf>(SOURCES).into_iter().flatten().cloned();
    let files = match (text(DOWNLOAD), text(FROM)) {
        (None, _) => Files::Given(paths.collect()),
        (Some(download), Some(from)) if from != download => {
            return Err(format!(
                "--download {download} gives files of no other format than {download}"
            ));
        }
        (Some(_), _) => {
            let url =
                text(DOWNLOAD_FROM).map(|url| http_url("--download-from", &url)).transpose()?;
            Files::Download(url)
        }
    };
    Ok(ImportAirspace {
        files,
        options: Options {
            format: text(FROM).and_then(|format| format.parse().ok()),
            selection: Selection {
                division: text(DIVISION),
                ids: matches.contains_id(IDS).then(|| patterns(&texts(IDS)).ok()).flatten(),
                kinds: texts(KINDS),
            },
            merge: None,
            transition_altitude_ft: matches
                .get_one::<u32>(TRANSITION_ALTITUDE)
                .map(|&ft| ft.into()),
            source_version: text(SOURCE_VERSION),
            source_url: None,
        },
        merge: matches.get_one::<PathBuf>(MERGE).cloned(),
        strict: matches.get_flag(STRICT),
        json: text(REPORT).is_some_and(|report| report == "json"),
        output: matches.get_one::<PathBuf>(OUTPUT).cloned(),
    })
}
