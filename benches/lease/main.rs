//! `make bench`: compares the cost of a lease with that of a connection of plain bb8, and measures
//! a scrape.
//!
//! Prints Markdown for `docs/benchmarks.md`. Needs the feature `fault-injection`, which gives
//! access to the pools. No fault is armed.

#[path = "../support/demo.rs"]
mod demo;
#[path = "../support/figures.rs"]
mod figures;
mod pools;
mod scrape;
#[path = "../support/server.rs"]
mod server;
#[path = "../support/service.rs"]
mod service;

use server::Server;

// The service's own allocator.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() {
    let server = Server::start();
    pools::run(&server);
    scrape::run(&server);
}
