//! `make bench`: how fast `/api/status` answers beside a large history, under load, and in trouble.
//!
//! Prints Markdown, which `docs/benchmarks.md` holds. Ten million rows of history with
//! `SECTORWATCH_LONG_TESTS`, else one. Words on the command line choose parts:
//! `cargo bench --bench status --features fault-injection -- load`; of that, `closed` is a part.

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
mod trouble;
mod visitors;
#[path = "../support/week.rs"]
mod week;

use server::Server;

// As in the service.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() {
    // cargo itself passes `--bench`.
    let words: Vec<String> =
        std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    if words.first().is_some_and(|word| word == visitors::WORD) {
        return visitors::visit(&words[1..]);
    }
    let wanted = |part: &str| words.is_empty() || words.iter().any(|word| word == part);
    let server = Server::start();
    if wanted("load") || wanted("closed") {
        load::run(&server, !wanted("load"));
    }
    if wanted("trouble") {
        trouble::run(server);
    }
}
