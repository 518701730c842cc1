//! Everything that needs the outside world: servers, processes, files, time.

mod support;

mod arrows;
mod bad_database;
mod bad_feed;
mod bad_records;
mod bad_start;
mod demo;
mod embedded;
mod faults;
mod harness;
mod idempotence;
mod leases;
mod memory;
mod metrics;
mod migrations;
mod oracle;
mod outside;
mod page;
mod radios;
mod real_input;
mod restart;
mod retention;
mod schema;
mod sector_fault;
mod seeds;
mod sessions;
mod shutdown;
mod sql;
mod staffing;
mod statements;
mod storing;
mod supervision;
mod tcp;
mod tracing;
