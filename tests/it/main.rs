//! Everything that needs the outside world: servers, processes, files, time.

mod support;

mod arrows;
mod bad_feed;
mod bad_records;
mod embedded;
mod harness;
mod migrations;
mod schema;
