//! Everything that needs the outside world: servers, processes, files, time.

mod support;

mod arrows;
mod embedded;
mod harness;
mod memory;
mod migrations;
mod restart;
mod schema;
mod sector_fault;
mod sessions;
mod shutdown;
mod supervision;
mod tracing;
