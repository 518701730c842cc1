//! The grammar of the command line.

use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, ValueHint, value_parser};

use super::{airspace, export, manual, token, values::past};
use crate::config::Setting;

pub(super) const SERVE: &str = "serve";
pub(super) const REPLAY: &str = "replay";
pub(super) const RESET_MARK: &str = "reset-mark";
pub(super) const FORGET: &str = "forget";
pub(super) const CHECK_AIRSPACE: &str = "check-airspace";
pub(super) const HEALTH: &str = "health";
pub(super) const PRINT_CONFIG: &str = "config";

pub(super) const VERSION: &str = "version";
pub(super) const DEMO: &str = "demo";
pub(super) const NEW_CLUSTER: &str = "new-cluster";
pub(super) const PATHS: &str = "paths";
pub(super) const ALLOW_FUTURE: &str = "allow-future";
pub(super) const TO: &str = "to";
pub(super) const CID: &str = "cid";
pub(super) const DRY_RUN: &str = "dry-run";
pub(super) const ALLOW_AGAIN: &str = "allow-again";
pub(super) const URL: &str = "url";
pub(super) const CONFIG: &str = "config-file";

/// The grammar, with a flag for each setting before or after the command.
pub(super) fn grammar(table: &[Setting]) -> Command {
    Command::new("sectorwatch")
        .about("Records who flew through which sector of a VATSIM airspace")
        .override_help(manual::manual())
        .arg(version())
        .arg(demo())
        .arg(new_cluster())
        .arg(config_file())
        .args(table.iter().map(flag))
        .subcommands([
            serve(),
            replay(),
            reset_mark(),
            forget(),
            export::export(),
            check_airspace(),
            airspace::import_airspace(),
            health(),
            token::grammar(),
            print_config(),
        ])
}

fn serve() -> Command {
    Command::new(SERVE)
        .about("Collect the network until told to stop (default)")
        .args([demo(), new_cluster()])
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
    Command::new(REPLAY).about("Collect recorded snapshots, in the order of their own time").args([
        paths,
        allow_future,
        new_cluster(),
    ])
}

fn reset_mark() -> Command {
    let to = Arg::new(TO)
        .long("to")
        .value_name("TIME")
        .help("The new mark, such as 2026-11-28T12:00:00Z; not ahead of the clock")
        .value_parser(past)
        .required(true);
    Command::new(RESET_MARK)
        .about("Set the mark, where a snapshot of the future was stored")
        .arg(to)
}

fn forget() -> Command {
    let cid = Arg::new(CID)
        .long("cid")
        .value_name("N")
        .help("The member's VATSIM id")
        .value_parser(value_parser!(i32).range(1..))
        .required(true);
    let dry_run = Arg::new(DRY_RUN)
        .long("dry-run")
        .help("Say what would be done, and change nothing")
        .action(ArgAction::SetTrue);
    let allow_again = Arg::new(ALLOW_AGAIN)
        .long("allow-again")
        .help("Store a forgotten member again")
        .action(ArgAction::SetTrue);
    Command::new(FORGET).about("Delete a member, and store nothing of them any more").args([
        cid,
        dry_run,
        allow_again,
    ])
}

fn check_airspace() -> Command {
    let paths = Arg::new(PATHS)
        .value_name("FILE|DIR")
        .help("GeoJSON files, or folders of them, which make one airspace")
        .value_hint(ValueHint::AnyPath)
        .value_parser(value_parser!(PathBuf))
        .value_delimiter(',')
        .action(ArgAction::Append)
        .num_args(1..)
        .required(true);
    Command::new(CHECK_AIRSPACE)
        .about("Report on an airspace, or look points and callsigns up in it")
        .arg(paths)
        .args(airspace::lookups())
}

fn health() -> Command {
    let url = Arg::new(URL)
        .value_name("URL")
        .help("Whom to ask; by default /readyz of the service at --listen");
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

fn new_cluster() -> Arg {
    Arg::new(NEW_CLUSTER)
        .long("new-cluster")
        .help("Begin with an empty embedded PostgreSQL where the data that was there is lost")
        .action(ArgAction::SetTrue)
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
