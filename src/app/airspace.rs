//! `check-airspace FILE` and `import-airspace PATH`.

use std::{fs, path::PathBuf};

use anyhow::Context as _;

use crate::cli::{self, ImportAirspace, Question};
use sectorwatch_airspace::{
    self as airspace,
    import::{self, Source},
    lookup,
};

/// Prints what the files contain together, what was repaired, and the warnings.
pub fn check(files: &[PathBuf]) -> anyhow::Result<()> {
    let (airspace, report) = airspace::load(files)?;
    cli::print(&format!("{}\n", report.surveyed(&airspace)));
    Ok(())
}

/// Prints the answers to questions about the files.
pub fn answer(files: &[PathBuf], questions: &[Question], json: bool) -> anyhow::Result<()> {
    let (airspace, _) = airspace::load(files)?;
    let mut answers = Vec::with_capacity(questions.len());
    for question in questions {
        let (text, value) = match question {
            Question::At(point) => {
                let answer = lookup::point(&airspace, *point);
                (answer.to_string(), serde_json::to_value(answer)?)
            }
            Question::Callsign(callsign, hz) => {
                let answer = lookup::callsign(&airspace, callsign, *hz);
                (answer.to_string(), serde_json::to_value(answer)?)
            }
        };
        match json {
            true => answers.push(value),
            false => cli::print(&text),
        }
    }
    if json {
        cli::print(&format!("{}\n", serde_json::to_string_pretty(&answers)?));
    }
    Ok(())
}

/// Writes the profile, and the report to standard error.
pub fn import(asked: ImportAirspace) -> anyhow::Result<()> {
    let ImportAirspace { paths, mut options, merge, strict, json, output } = asked;
    let sources = Source::read(&paths)?;
    options.merge = Source::read(merge.as_slice())?.pop();
    let imported = import::import(&sources, &options)?;
    let report = &imported.report;
    match json {
        true => eprintln!("{}", serde_json::to_string(report)?),
        false => eprint!("{report}"),
    }
    match &output {
        None => cli::print(&imported.text),
        Some(file) => fs::write(file, &imported.text)
            .with_context(|| format!("{} cannot be written", file.display()))?,
    }
    match (strict, report.left_out.len()) {
        (true, number) if number > 0 => anyhow::bail!("{number} elements were left out (--strict)"),
        _ => Ok(()),
    }
}
