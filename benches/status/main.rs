//! `make bench`: measures how fast `/api/status` answers beside a large history, under load, and
//! during failures.
//!
//! Prints Markdown for `docs/benchmarks.md`. The history has one million rows, or ten million if
//! `SECTORWATCH_LONG_TESTS` is set. Arguments select parts, for example `cargo bench --bench status
//! --features fault-injection -- load`. `closed` selects the closed loop of `load` alone.

mod api;
mod ask;
#[path = "../support/demo.rs"]
mod demo;
#[path = "../support/figures.rs"]
mod figures;
#[path = "../support/http.rs"]
mod http;
mod load;
mod postgres_session;
#[path = "../support/server.rs"]
mod server;
#[path = "../support/service.rs"]
mod service;
mod slow;
mod stream;
mod trouble;
mod visitors;
#[path = "../support/week.rs"]
mod week;

use server::Server;

// The service's own allocator.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() {
    // cargo adds the argument `--bench`.
    let words: Vec<String> =
        std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    if words.first().is_some_and(|word| word == visitors::WORD) {
        return visitors::visit(&words[1..]);
    }
    let wanted = |part: &str| words.is_empty() || words.iter().any(|word| word == part);
    let server = Server::start();
    if wanted("api") {
        // A server of its own, because the others have another history.
        api::run(&Server::start());
    }
    if wanted("slow") {
        slow::run(&Server::start());
    }
    if wanted("stream") {
        stream::run(&Server::start());
    }
    if wanted("load") || wanted("closed") {
        load::run(&server, !wanted("load"));
    }
    if wanted("trouble") {
        trouble::run(server);
    }
}
