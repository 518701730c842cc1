//! The airports of the world, which are part of the program, or those of a file.
//!
//! Both are CSV with the header [`HEADER`] and have one reader. The built-in ones are those of the PyPI package
//! airportsdata with a code of four characters (MIT, see `data/LICENSE`); `data/make.py` makes the file, and
//! states the command.
#![warn(missing_docs)]
#![cfg_attr(not(test), deny(clippy::expect_used, clippy::unwrap_used))]

mod error;
mod row;

use std::{collections::HashMap, fs, path::Path, sync::Arc};

pub use error::{AirportsError, Reason};
use sectorwatch_core::movements::{Airport, Airports};

/// The columns, in this order.
pub const HEADER: [&str; 4] = ["icao", "latitude", "longitude", "elevation_ft"];

const BUILT_IN: &str = include_str!("../data/airports.csv");

/// Reads the airports of a file, or the built-in ones if there is none.
///
/// # Errors
/// The file cannot be read, or one of its lines is not as [`HEADER`] says. Nothing is left out: a list without the
/// airport that somebody asks for would be noticed much later.
pub fn load(file: Option<&Path>) -> Result<Airports, AirportsError> {
    let Some(path) = file else {
        return read(BUILT_IN.as_bytes())
            .map_err(|reason| AirportsError { file: "the built-in airports".to_owned(), reason });
    };
    let text = fs::read(path).map_err(Reason::from);
    let file = || path.display().to_string();
    text.and_then(|text| read(&text)).map_err(|reason| AirportsError { file: file(), reason })
}

/// Reads the text of a file.
fn read(text: &[u8]) -> Result<Airports, Reason> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text);
    let header = reader.headers()?;
    if !header.iter().map(str::to_ascii_lowercase).eq(HEADER) {
        let given = header.iter().collect::<Vec<_>>().join(",");
        return Err(Reason::Header { given });
    }
    let mut airports = Vec::new();
    let mut lines: HashMap<Arc<str>, u64> = HashMap::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record)? {
        let line = record.position().map_or(0, csv::Position::line);
        let airport: Airport =
            row::airport(&record).map_err(|field| Reason::Field { line, field })?;
        if let Some(first) = lines.insert(Arc::clone(&airport.icao), line) {
            return Err(Reason::Twice { line, icao: airport.icao.to_string(), first });
        }
        airports.push(airport);
    }
    if airports.is_empty() { Err(Reason::Empty) } else { Ok(Airports::new(airports)) }
}

#[cfg(test)]
mod tests;
