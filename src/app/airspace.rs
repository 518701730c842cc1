//! `check-airspace FILE` and `import-airspace PATH`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

use crate::{
    cli::{self, Files, ImportAirspace, Question},
    web::{self, MarkedPoint},
};
use sectorwatch_airspace::{
    self as airspace,
    import::{self, Format, Options, Source},
    lookup,
};
use sectorwatch_core::airspace::Airspace;
use sectorwatch_feed::map_data::{self, MapData};
use url::Url;

/// Prints what the files contain together, what was repaired, and the warnings; or answers questions about them. Draws
/// them, too.
pub fn check(
    files: &[PathBuf],
    questions: &[Question],
    json: bool,
    svg: Option<&Path>,
) -> anyhow::Result<()> {
    let (airspace, report) = airspace::load(files)?;
    match svg {
        Some(file) if file == Path::new("-") => {
            cli::print(&web::svg(&airspace, &points(&airspace, questions)));
            return Ok(());
        }
        Some(file) => {
            let drawn = web::svg(&airspace, &points(&airspace, questions));
            fs::write(file, drawn)
                .with_context(|| format!("{} cannot be written", file.display()))?;
        }
        None => {}
    }
    match questions {
        [] => cli::print(&format!("{}\n", report.surveyed(&airspace))),
        _ => answer(&airspace, questions, json)?,
    }
    Ok(())
}

/// The points that are asked for, with the answers.
fn points(airspace: &Airspace, questions: &[Question]) -> Vec<MarkedPoint> {
    let point = |question: &Question| match question {
        Question::At(at) => {
            let answer = lookup::point(airspace, *at).to_string();
            Some(((at.longitude, at.latitude), answer.trim_end().to_owned()))
        }
        Question::Callsign(..) => None,
    };
    questions.iter().filter_map(point).collect()
}

fn answer(airspace: &Airspace, questions: &[Question], json: bool) -> anyhow::Result<()> {
    let mut answers = Vec::with_capacity(questions.len());
    for question in questions {
        let (text, value) = match question {
            Question::At(point) => {
                let answer = lookup::point(airspace, *point);
                (answer.to_string(), serde_json::to_value(answer)?)
            }
            Question::Callsign(callsign, hz) => {
                let answer = lookup::callsign(airspace, callsign, *hz);
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
pub fn import(asked: ImportAirspace, user_agent: &str) -> anyhow::Result<()> {
    let ImportAirspace { files, mut options, merge, strict, json, output } = asked;
    let mut notices = Vec::new();
    let sources = match files {
        Files::Given(paths) => Source::read(&paths)?,
        Files::Download(api) => {
            notices.push(cli::VATSPY_LICENCE.to_owned());
            download(api.as_ref(), user_agent, &mut options)?
        }
    };
    options.merge = Source::read(merge.as_slice())?.pop();
    let mut imported = import::import(&sources, &options)?;
    let report = &mut imported.report;
    report.warnings.splice(0..0, notices);
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

/// The current files of VAT-Spy. What is known of them is added to the options.
fn download(
    api: Option<&Url>,
    user_agent: &str,
    options: &mut Options,
) -> anyhow::Result<Vec<Source>> {
    let MapData { commit, source_url, files } =
        map_data::download(api, user_agent).context(cli::BY_HAND)?;
    options.format = Some(Format::Vatspy);
    options.source_version.get_or_insert(commit);
    options.source_url = Some(source_url);
    let source = |file: map_data::MapFile| Source { path: file.name.into(), bytes: file.bytes };
    Ok(files.into_iter().map(source).collect())
}
