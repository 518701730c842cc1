//! The options of `export`.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::{
    Arg, ArgAction, ArgMatches, Command, ValueHint,
    builder::{PossibleValuesParser, TypedValueParser as _},
    value_parser,
};
use sectorwatch_export::Format;

use super::values::time;
use crate::export::ExportTable;

pub(super) const EXPORT: &str = "export";
const TABLE: &str = "table";
const FORMAT: &str = "format";
const FROM: &str = "from";
const TO: &str = "to";
const PERSONAL: &str = "personal";
const OUTPUT: &str = "output";

/// What `export` is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportFile {
    pub table: ExportTable,
    /// One of the table's formats.
    pub format: Format,
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    /// Whether the personal columns are among the others.
    pub personal: bool,
    /// The file to write; standard output when `None`.
    pub output: Option<PathBuf>,
}

pub(super) fn export() -> Command {
    let bound = |name, help| {
        let arg = Arg::new(name).long(name).value_name("TIME").help(help);
        arg.value_parser(time).allow_negative_numbers(true).required(true)
    };
    Command::new(EXPORT).about("Write a table of a span of time as a file").args([
        Arg::new(TABLE)
            .value_name("TABLE")
            .help("What to write")
            .value_parser(one_of(ExportTable::ALL, ExportTable::as_str))
            .required(true),
        Arg::new(FORMAT)
            .long(FORMAT)
            .value_name("FORMAT")
            .help("The format of the file; geojson for tables with places")
            .value_parser(one_of(&Format::ALL, Format::extension))
            .required(true),
        bound(FROM, "Where the span begins, such as 2026-07-01T00:00:00Z"),
        bound(TO, "Where the span ends, itself not part of it; at most 366 days later"),
        Arg::new(PERSONAL)
            .long(PERSONAL)
            .help("Also write the columns with personal data")
            .action(ArgAction::SetTrue),
        Arg::new(OUTPUT)
            .short('o')
            .long(OUTPUT)
            .value_name("FILE")
            .help("Write to this file once all of it is there; by default to standard output")
            .value_hint(ValueHint::FilePath)
            .value_parser(value_parser!(PathBuf)),
    ])
}

/// Accepts one of these values by its name, and lists the names where another one is given.
fn one_of<T: Copy + Send + Sync + 'static>(
    values: &'static [T],
    name: fn(T) -> &'static str,
) -> impl clap::builder::TypedValueParser<Value = T> {
    let names = PossibleValuesParser::new(values.iter().map(|value| name(*value)));
    names.try_map(move |given| {
        let found = values.iter().copied().find(|value| name(*value) == given);
        found.ok_or("not one of them")
    })
}

/// What the arguments ask for.
///
/// # Errors
/// The table has no file of this format.
pub(super) fn asked(matches: &ArgMatches) -> Result<ExportFile, String> {
    let time = |name| matches.get_one::<DateTime<Utc>>(name).copied().unwrap_or_default();
    let table = matches.get_one(TABLE).copied().unwrap_or(ExportTable::Flights);
    let format = matches.get_one(FORMAT).copied().unwrap_or(Format::Csv);
    if !table.formats().contains(&format) {
        let formats: Vec<_> = table.formats().iter().map(|format| format.extension()).collect();
        let (table, format) = (table.as_str(), format.extension());
        return Err(format!("{table} are not written as {format}, but as {}", formats.join(", ")));
    }
    Ok(ExportFile {
        table,
        format,
        from: time(FROM),
        to: time(TO),
        personal: matches.get_flag(PERSONAL),
        output: matches.get_one::<PathBuf>(OUTPUT).cloned(),
    })
}
