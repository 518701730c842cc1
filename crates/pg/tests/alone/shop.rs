//! The example in the README is the example that is built, and it works.

#[path = "../../examples/shop.rs"]
#[expect(dead_code, reason = "its `main` is for the command line")]
mod example;

use crate::support::server::Server;

#[test]
fn the_example_sells_and_counts_it() {
    let server = Server::start();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let page = runtime.expect("a runtime").block_on(example::sell(&server.url())).expect("a sale");
    for line in [
        "shop_db_pool_acquires_total{outcome=\"ok\",owner=\"checkout\",pool=\"orders\"} 1",
        "shop_db_transaction_duration_seconds_count{outcome=\"commit\",owner=\"checkout\"} 1",
        "shop_db_queries_total{outcome=\"ok\",owner=\"reports\"} 1",
        "shop_db_pool_leak_threshold_seconds{owner=\"reports\",pool=\"orders\"} 60",
        "shop_db_pool_leaks_total{kind=\"forgotten\",owner=\"checkout\",pool=\"orders\"} 0",
    ] {
        assert!(page.lines().any(|it| it == line), "{line} is not in\n{page}");
    }
}

#[test]
fn the_readme_shows_it_whole() {
    let example = include_str!("../../examples/shop.rs");
    assert!(include_str!("../../README.md").contains(&format!("```rust,no_run\n{example}```\n")));
}
