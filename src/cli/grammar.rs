//! The grammar of the command line.

use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, ValueHint, value_parser};
use url::Url;

use super::manual;
use crate::config::Setting;

pub(super) const SERVE: &str = "serve";
pub(super) const REPLAY: &str = "replay";
pub(super) const CHECK_AIRSPACE: &str = "check-airspace";
pub(super) const HEALTH: &str = "health";
pub(super) const PRINT_CONFIG: &str = "config";

pub(super) const VERSION: &str = "version";
pub(super) const DEMO: &str = "demo";
pub(super) const PATHS: &str = "paths";
pub(super) const ALLOW_FUTURE: &str = "allow-future";
pub(super) const FILE: &str = "file";
pub(super) const URL: &str = "url";
pub(super) const CONFIG: &str = "config-file";

/// The grammar, with a flag for each setting before or after the command.
pub(super) fn grammar(table: &[Setting]) -> Command {
    Command::new("sectorwatch")
        .about("Records who flew through which sector of a VATSIM airspace")
        .override_help(manual::manual())
        .arg(version())
        .arg(demo())
        .arg(config_file())
        .args(table.iter().map(flag))
        .subcommands([serve(), replay(), check_airspace(), health(), print_config()])
}

fn serve() -> Command {
    Command::new(SERVE).about("Collect the network until told to stop (default)").arg(demo())
}

fn replay() -> Command {
    let paths = Arg::new(PATHS)
        .value_name("FILE|DIR")
        .help("Recorded snapshots: .json, .gz, .zst, or folders of them")
        .value_parser(value_parser!(PathBuf))
        .action(ArgAction::Append)
        .num_args(1..)
        .required(true);
    let allow_future = Arg::new(ALLOW_FUTURE)
        .long("allow-future")
        .help("Take snapshots more than 24 h ahead of the clock, too")
        .action(ArgAction::SetTrue);
    Command::new(REPLAY)
        .about("Collect recorded snapshots, in the order of their own time")
        .args([paths, allow_future])
}

fn check_airspace() -> Command {
    let file = Arg::new(FILE)
        .value_name("FILE")
        .help("GeoJSON file")
        .value_hint(ValueHint::FilePath)
        .value_parser(value_parser!(PathBuf))
        .required(true);
    Command::new(CHECK_AIRSPACE).about("Report on an airspace file").arg(file)
}

fn health() -> Command {
    let url = Arg::new(URL)
        .value_name("URL")
        .help("Whom to ask; by default /readyz of the service at --listen")
        .value_parser(http_url);
    Command::new(HEALTH)
        .about("Ask a running service how it is: exit status 0 when well, else 1")
        .arg(url)
}

fn print_config() -> Command {
    Command::new(PRINT_CONFIG).about("Print the effective settings and where each came from")
}

fn version() -> Arg {
    Arg::new(VERSION)
        .short('V')
        .long("version")
        .help("Print the version and the revision of this build")
        .action(ArgAction::SetTrue)
}

fn demo() -> Arg {
    Arg::new(DEMO).long("demo").help("Collect a simulated network").action(ArgAction::SetTrue)
}

fn config_file() -> Arg {
    Arg::new(CONFIG)
        .long("config")
        .value_name("FILE")
        .help("TOML file with settings")
        .help_heading("Settings")
        .value_parser(value_parser!(PathBuf))
        .global(true)
}

fn flag(setting: &Setting) -> Arg {
    Arg::new(setting.flag)
        .long(setting.flag)
        .value_name(setting.placeholder)
        .help(setting.help)
        .help_heading("Settings")
        .hide_short_help(true)
        .allow_negative_numbers(true)
        .global(true)
}

fn http_url(text: &str) -> Result<Url, String> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
        Ok(_) => Err("not an http:// or https:// URL".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
