//! Reads the command line, and runs.

use std::process::ExitCode;

use sectorwatch::{app, cli, config::Machine};

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    match cli::load(std::env::args_os(), std::env::vars_os(), &Machine::current()) {
        Ok(invocation) => app::run(invocation),
        Err(exit) => exit.report(),
    }
}
