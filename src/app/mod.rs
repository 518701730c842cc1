//! The composition root: builds everything from the settings, joins it, and starts and stops it in order. It
//! decides nothing: the room that owns a part also owns its time limits, its retries and the meaning of its
//! errors (`tests/it/composition.rs`).

mod airspace;
mod background;
mod database;
mod export;
mod forget;
mod live;
mod replay;
mod reset_mark;
mod running;
mod serve;
mod service_info;
mod waiting;
mod wiring;

use std::process::ExitCode;

use crate::{
    cli::{self, Command, Invocation, health},
    config,
    export::is_for_nobody,
};
use sectorwatch_store::chain;
use sectorwatch_telemetry::{self as telemetry, process::BuildInfo};

/// Identifies the build.
pub const BUILD: BuildInfo = BuildInfo {
    version: env!("CARGO_PKG_VERSION"),
    revision: option_env!("SECTORWATCH_REVISION"),
    rustc: option_env!("SECTORWATCH_RUSTC"),
};

/// Runs the command. The exit code is 0 for success and 1 for failure.
pub fn run(invocation: Invocation) -> ExitCode {
    let Invocation { command, settings: loaded } = invocation;
    let done = match command {
        Command::Config => {
            loaded.warnings.iter().for_each(|warning| eprintln!("warning: {warning}"));
            cli::print(&config::effective(&loaded));
            Ok(())
        }
        Command::CheckAirspace { paths, questions, json, svg } => {
            airspace::check(&paths, &questions, json, svg.as_deref())
        }
        Command::ImportAirspace(asked) => airspace::import(*asked, &loaded.settings.user_agent),
        Command::Health { url } => {
            health::check(url, loaded.settings.listen).map_err(anyhow::Error::from)
        }
        Command::Token(wanted) => {
            cli::token::issue(wanted);
            Ok(())
        }
        Command::Serve { .. }
        | Command::Replay { .. }
        | Command::ResetMark { .. }
        | Command::Forget { .. }
        | Command::Export(_) => run_logged(command, loaded),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_for_nobody(error.as_ref()) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("sectorwatch: {}", chain(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

/// Runs the commands that write a log.
fn run_logged(command: Command, loaded: config::Loaded) -> anyhow::Result<()> {
    let settings = loaded.settings;
    let endpoint = settings.otlp_endpoint.as_ref();
    let tracing = telemetry::tracing::init(&settings.log_filter, endpoint, &settings.instance)?;
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    let done = match command {
        Command::Replay { paths, allow_future, new_cluster } => {
            replay::replay(&settings, &paths, allow_future, new_cluster)
        }
        Command::Serve { demo, new_cluster } => serve::serve(settings, demo, new_cluster),
        Command::Forget { cid, dry_run, allow_again } => {
            forget::forget(&settings, cid, dry_run, allow_again)
        }
        Command::Export(asked) => export::export(&settings, &asked),
        Command::ResetMark { to } => reset_mark::reset_mark(&settings, to),
        _ => Ok(()),
    };
    if let Err(error) = tracing.shutdown() {
        tracing::warn!(error = %chain(&error), "spans were left behind");
    }
    done
}
