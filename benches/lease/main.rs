//! `make bench`: what a lease costs beside a connection of plain bb8, and what a scrape costs.
//!
//! Prints Markdown, which `docs/benchmarks.md` holds. Needs the feature `fault-injection`, by which
//! the pools can be reached; it arms nothing.

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

// As in the service.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() {
    let server = Server::start();
    pools::run(&server);
    scrape::run(&server);
}
