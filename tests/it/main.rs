//! Everything that needs the outside world: servers, processes, files, time.

mod support;

mod arrows;
mod bad_database;
mod bad_feed;
mod bad_records;
mod bad_start;
mod embedded;
mod harness;
mod idempotence;
mod migrations;
mod real_input;
mod schema;
mod seeds;
mod statements;
