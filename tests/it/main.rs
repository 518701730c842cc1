//! Everything that needs the outside world: servers, processes, files, time.

mod support;

mod arrows;
mod embedded;
mod harness;
mod metrics;
mod migrations;
mod schema;
