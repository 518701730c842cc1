//! Where an airspace comes from.

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::{Format, ImportError, Options, Source, source::sha256};

/// The member `dataset` of a profile.
#[derive(Serialize)]
struct Dataset<'a> {
    format: String,
    name: Option<&'a str>,
    version: Option<&'a str>,
    source_url: Option<&'a str>,
    licence: Option<&'a str>,
    sha256: String,
}

/// Describes the files of one format. No time and no path is part of it, so that the same files are described alike.
pub(super) fn described(
    format: Format,
    sources: &[&Source],
    options: &Options,
) -> Result<Box<RawValue>, ImportError> {
    let [name, source_url, licence] = known(format);
    let (format, sha256) = (format.to_string(), sha256(sources));
    let version = options.source_version.as_deref();
    let source_url = options.source_url.as_deref().or(source_url);
    let dataset = Dataset { format, name, version, source_url, licence, sha256 };
    to_raw_value(&dataset).map_err(ImportError::Unwritable)
}

/// Name, address and licence of the community's datasets. A division's own files have a licence of their own.
fn known(format: Format) -> [Option<&'static str>; 3] {
    match format {
        Format::Vatspy => [
            Some("VAT-Spy Client Data Project"),
            Some("https://github.com/vatsimnetwork/vatspy-data-project"),
            Some("CC BY-SA 4.0"),
        ],
        Format::Simaware => [
            Some("SimAware TRACON Project"),
            Some("https://github.com/vatsimnetwork/simaware-tracon-project"),
            Some("CC BY-SA 4.0"),
        ],
        Format::Vatglasses => [
            Some("VATGlasses"),
            Some("https://github.com/lennycolton/vatglasses-data"),
            Some("CC BY-NC-SA 4.0"),
        ],
        Format::Vatsys | Format::Euroscope | Format::Geojson => [None; 3],
    }
}
