//! Everything that needs the outside world: servers, processes, files, time.

mod support;

mod arrows;
mod embedded;
mod harness;
mod migrations;
mod oracle;
mod schema;
