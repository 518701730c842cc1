//! The command line: the command and its settings.
//!
//! It knows what a person types, and not how a command is run; `app` runs it. A new command is a variant of
//! [`Command`], a subcommand in `grammar.rs` and a line in `manual.rs`.

mod airspace;
mod export;
mod grammar;
pub mod health;
mod manual;
mod progress;
#[cfg(test)]
mod tests;
pub mod token;
mod values;

use std::{
    ffi::OsString,
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use chrono::{DateTime, Utc};
use clap::{ArgMatches, error::ErrorKind};
use url::Url;

pub use airspace::{BY_HAND, Files, ImportAirspace, Question, VATSPY_LICENCE};
pub use export::ExportFile;
pub use progress::{Unit, progress_bar};

use crate::config::{self, ConfigError, Given, Loaded, Machine};

/// The version of this build.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The revision of the source, from the variable `SECTORWATCH_REVISION` of the build.
pub const REVISION: &str = match option_env!("SECTORWATCH_REVISION") {
    Some(revision) => revision,
    None => "unknown",
};

/// The command and its settings.
#[derive(Debug)]
pub struct Invocation {
    pub command: Command,
    pub settings: Loaded,
}

/// A command.
#[derive(Debug, PartialEq)]
pub enum Command {
    /// Collect the network until stopped.
    Serve {
        /// Whether to use the simulated feed.
        demo: bool,
        /// Whether to use a new cluster if the known one is lost.
        new_cluster: bool,
    },
    /// Collect recorded snapshots.
    Replay {
        paths: Vec<PathBuf>,
        /// See `Serve::new_cluster`.
        new_cluster: bool,
        /// Whether to accept recordings from the future.
        allow_future: bool,
    },
    /// Set the mark.
    ResetMark {
        /// The new mark, not ahead of the clock.
        to: DateTime<Utc>,
    },
    /// Delete a member's data, and store nothing of that member any more.
    Forget {
        /// The VATSIM member id.
        cid: i32,
        /// Whether to report only what would be done.
        dry_run: bool,
        /// Whether to store the member again instead.
        allow_again: bool,
    },
    /// Write a table of a span of time as a file.
    Export(ExportFile),
    /// Report on airspace files.
    CheckAirspace {
        paths: Vec<PathBuf>,
        /// Look these points and callsigns up instead.
        questions: Vec<Question>,
        json: bool,
        /// Where to draw it; `-` is standard output, on which nothing else is printed then.
        svg: Option<PathBuf>,
    },
    /// Write the airspace files of the community as a profile.
    ImportAirspace(Box<ImportAirspace>),
    /// Check a running service.
    Health {
        /// The URL to request; that of the service at the `listen` setting when `None`.
        url: Option<Url>,
    },
    /// Make a token.
    Token(token::Wanted),
    /// Print the effective settings.
    Config,
}

/// The end of the program before a command runs: help, version, or an error.
#[derive(Debug)]
pub struct Exit {
    /// 0 for help and version, 2 for wrong usage or settings.
    pub code: u8,
    /// The text for standard output if the code is 0, or else for standard error.
    pub message: String,
}

impl Exit {
    /// Prints the message to its stream.
    pub fn report(&self) -> ExitCode {
        let message = self.message.trim_end();
        if self.code == 0 {
            print(&format!("{message}\n"));
        } else {
            eprintln!("{message}");
        }
        ExitCode::from(self.code)
    }
}

/// Prints to standard output. A closed pipe, such as after `head`, is not an error.
pub fn print(text: &str) {
    let _ = io::stdout().write_all(text.as_bytes());
}

impl From<clap::Error> for Exit {
    fn from(error: clap::Error) -> Self {
        Self { code: if error.use_stderr() { 2 } else { 0 }, message: error.render().to_string() }
    }
}

impl From<ConfigError> for Exit {
    fn from(error: ConfigError) -> Self {
        Self {
            code: 2,
            message: format!("error: {error}\n\nFor all settings, try 'sectorwatch --help'."),
        }
    }
}

/// Parses the command line. `args` starts with the program's name.
///
/// # Errors
///
/// There is only something to print: help, the version, or an error.
pub fn load(
    args: impl IntoIterator<Item = OsString>,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
    machine: &Machine,
) -> Result<Invocation, Exit> {
    let table = config::table(machine);
    let mut syntax = grammar::grammar(&table);
    let matches = syntax.try_get_matches_from_mut(args)?;
    if matches.get_flag(grammar::VERSION) {
        return Err(Exit {
            code: 0,
            message: format!("sectorwatch {VERSION} (revision {REVISION})"),
        });
    }
    let command = command(&mut syntax, &matches)?;
    let flags = table.iter().filter_map(|setting| {
        let text = matches.get_one::<String>(setting.flag)?;
        Some((setting.flag.to_owned(), text.clone()))
    });
    let text = |os: OsString| os.to_string_lossy().into_owned();
    let given = Given {
        flags: flags.collect(),
        environment: environment
            .into_iter()
            .map(|(name, value)| (text(name), text(value)))
            .collect(),
        file: matches.get_one::<PathBuf>(grammar::CONFIG).cloned(),
    };
    let settings = config::resolve(&given, machine)?;
    Ok(Invocation { command, settings })
}

fn command(syntax: &mut clap::Command, matches: &ArgMatches) -> Result<Command, clap::Error> {
    let demo = matches.get_flag(grammar::DEMO);
    let (name, inner) = matches.subcommand().unwrap_or((grammar::SERVE, matches));
    if demo && name != grammar::SERVE {
        let message = format!("--demo belongs to 'serve', not to '{name}'");
        return Err(syntax.error(ErrorKind::ArgumentConflict, message));
    }
    let new_cluster = matches.get_flag(grammar::NEW_CLUSTER);
    if new_cluster && ![grammar::SERVE, grammar::REPLAY].contains(&name) {
        let message = format!("--new-cluster belongs to 'serve' and 'replay', not to '{name}'");
        return Err(syntax.error(ErrorKind::ArgumentConflict, message));
    }
    let paths = |id| inner.get_many::<PathBuf>(id).into_iter().flatten().cloned();
    Ok(match name {
        grammar::REPLAY => Command::Replay {
            paths: paths(grammar::PATHS).collect(),
            new_cluster: new_cluster || inner.get_flag(grammar::NEW_CLUSTER),
            allow_future: inner.get_flag(grammar::ALLOW_FUTURE),
        },
        grammar::RESET_MARK => Command::ResetMark {
            to: inner.get_one::<DateTime<Utc>>(grammar::TO).copied().unwrap_or_default(),
        },
        grammar::FORGET => Command::Forget {
            cid: inner.get_one::<i32>(grammar::CID).copied().unwrap_or_default(),
            dry_run: inner.get_flag(grammar::DRY_RUN),
            allow_again: inner.get_flag(grammar::ALLOW_AGAIN),
        },
        export::EXPORT => {
            let asked = export::asked(inner);
            Command::Export(asked.map_err(|error| syntax.error(ErrorKind::ValueValidation, error))?)
        }
        grammar::CHECK_AIRSPACE => Command::CheckAirspace {
            paths: paths(grammar::PATHS).collect(),
            questions: airspace::questions(inner),
            json: inner.get_flag(airspace::JSON),
            svg: inner.get_one::<PathBuf>(airspace::SVG).cloned(),
        },
        airspace::IMPORT_AIRSPACE => {
            let asked = airspace::import(inner);
            let asked = asked.map_err(|error| syntax.error(ErrorKind::ValueValidation, error))?;
            Command::ImportAirspace(Box::new(asked))
        }
        grammar::HEALTH => {
            let url = inner.get_one::<String>(grammar::URL);
            let url = url.map(|text| values::http_url("'health'", text)).transpose();
            // Reported here and not by clap, which would print the value: it can hold a password.
            let url = url.map_err(|error| syntax.error(ErrorKind::ValueValidation, error))?;
            Command::Health { url }
        }
        token::TOKEN => Command::Token(token::wanted(inner)),
        grammar::PRINT_CONFIG => Command::Config,
        _ => Command::Serve {
            demo: demo || inner.get_flag(grammar::DEMO),
            new_cluster: new_cluster || inner.get_flag(grammar::NEW_CLUSTER),
        },
    })
}
