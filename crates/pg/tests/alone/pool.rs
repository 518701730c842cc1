//! The pool of another service, on a real server.

use crate::support::{NAME, Part, SIZE, Shop, eventually, execute, server::Server};
use sectorwatch_pg::{PgError, bisect, operation, transaction};

const THREADS: usize = 2;

/// Runs a test on its own runtime, which also drives the sessions.
fn with_shop(test: impl AsyncFnOnce(Shop, &Server)) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(THREADS)
        .enable_all()
        .build()
        .expect("a runtime");
    let server = Server::start();
    runtime.block_on(async { test(Shop::on(&server), &server).await });
}

#[test]
fn leases_are_counted_by_owner_under_the_prefix_of_the_service() {
    with_shop(async |shop, _| {
        let acquires = |owner: &str, outcome: &str| {
            let labels = format!("{{outcome=\"{outcome}\",owner=\"{owner}\",pool=\"orders\"}}");
            shop.value(&format!("db_pool_acquires_total{labels}"))
        };
        for outcome in ["ok", "timeout", "error", "cancelled", "shutdown"] {
            let born = ["checkout", "reports"].map(|owner| acquires(owner, outcome));
            assert_eq!(born, [Some(0.0); 2], "{outcome}");
        }
        assert_eq!(acquires("watch", "ok"), None, "it takes no lease");

        let (checkout, reports) = (shop.pool.scope(Part::Checkout), shop.pool.scope(Part::Reports));
        let first = checkout.acquire().await.expect("a lease");
        let mut second = reports.acquire().await.expect("a lease");
        execute(&mut second, "select 1").await.expect("an answer");
        let out = |owner: &str| {
            let labels = format!("{{owner=\"{owner}\",pool=\"orders\"}}");
            shop.value(&format!("db_pool_checked_out_connections_by_owner{labels}"))
        };
        assert_eq!((out("checkout"), out("reports")), (Some(1.0), Some(1.0)));
        let figures = shop.pool.figures();
        let oldest = figures.oldest_lease.expect("a lease is out");
        assert_eq!((figures.checked_out, oldest.owner), (SIZE, "checkout"));
        assert!(
            oldest.location.starts_with("crates/pg/tests/alone/pool.rs:"),
            "{}",
            oldest.location
        );
        drop((first, second));

        assert_eq!((acquires("checkout", "ok"), acquires("reports", "ok")), (Some(1.0), Some(1.0)));
        let asked = "db_queries_total{outcome=\"ok\",owner=\"reports\"}";
        assert_eq!(shop.value(asked), Some(1.0));
        assert_eq!((out("checkout"), shop.pool.figures().idle), (Some(0.0), SIZE));
    });
}

#[test]
fn a_lease_that_outlives_its_scope_is_one_leak_and_the_pool_is_whole_again() {
    with_shop(async |shop, _| {
        shop.watch();
        let scope = shop.pool.scope(Part::Reports);
        std::mem::forget(scope.acquire().await.expect("a lease"));
        drop(scope);
        assert_eq!(shop.leaks(), [("outlived_scope", 1)]);
        let leak = "{kind=\"outlived_scope\",owner=\"reports\",pool=\"orders\"}";
        assert_eq!(shop.value(&format!("db_pool_leaks_total{leak}")), Some(1.0));

        eventually("the leaked lease is written off", || shop.pool.figures().checked_out == 0)
            .await;
        let scope = shop.pool.scope(Part::Checkout);
        let mut leases = Vec::new();
        for _ in 0..SIZE {
            leases.push(scope.acquire().await.expect("a lease of a whole pool"));
        }
        drop(leases);
        assert_eq!(shop.leaks(), [("outlived_scope", 1)], "counted once");
    });
}

#[test]
fn a_lease_that_outlives_its_operation_was_forgotten() {
    with_shop(async |shop, _| {
        shop.watch();
        operation(async {
            let scope = shop.pool.scope(Part::Checkout);
            std::mem::forget(scope.acquire().await.expect("a lease"));
            std::mem::forget(scope);
        })
        .await;
        eventually("it is told", || shop.leaks() == [("forgotten", 1)]).await;
    });
}

#[test]
fn the_audit_finds_a_session_that_nobody_here_has_and_ends_it() {
    with_shop(async |shop, server| {
        let mut config: tokio_postgres::Config = server.url().parse().expect("a URL");
        config.application_name(NAME);
        let (orphan, driver) = config.connect(tokio_postgres::NoTls).await.expect("a session");
        let driver = tokio::spawn(driver);
        shop.watch();
        let orphans = "{kind=\"orphan_backend\",owner=\"nobody\",pool=\"orders\"}";
        let orphans = format!("db_pool_leaks_total{orphans}");
        eventually("it is a leak", || shop.value(&orphans) == Some(1.0)).await;
        eventually("it is ended", || driver.is_finished()).await;
        assert!(orphan.is_closed());
        assert!(shop.pool.figures().last_audit_at.is_some());
        assert_eq!(shop.leaks(), [("orphan_backend", 1)], "and nothing else, such as our own");
    });
}

#[test]
fn what_fails_in_a_transaction_leaves_nothing_and_what_may_work_is_tried_again() {
    with_shop(async |shop, _| {
        let scope = shop.pool.scope(Part::Checkout);
        let mut lease = scope.acquire().await.expect("a lease");
        execute(&mut lease, "create table sales (article text)").await.expect("a table");
        let failed: Result<(), PgError> = transaction(&mut lease, async |connection| {
            execute(connection, "insert into sales values ('a book')").await?;
            execute(connection, "select 1/0").await
        })
        .await;
        let error = failed.expect_err("a division by zero");
        assert_eq!((error.kind(), error.class(), error.is_bad_data()), ("query", "22", true));
        execute(&mut lease, "select 1 / (not exists (select from sales))::int")
            .await
            .expect("an empty table");

        let mut attempts = 0;
        let clash = "do $$ begin raise exception using errcode = '40001'; end $$";
        let retried: Result<(), PgError> = transaction(&mut lease, async |connection| {
            attempts += 1;
            execute(connection, if attempts < 3 { clash } else { "select 1" }).await
        })
        .await;
        assert!(retried.is_ok(), "{retried:?}");
        assert_eq!(attempts, 3);
        let ended = |how: &str| {
            let labels = format!("{{{how},owner=\"checkout\"}}");
            shop.value(&format!("db_transaction_duration_seconds_count{labels}"))
        };
        assert_eq!(ended("outcome=\"commit\""), Some(1.0));
        assert_eq!(ended("outcome=\"rollback\""), Some(3.0));
    });
}

#[test]
fn a_bad_item_of_a_batch_costs_itself_alone() {
    with_shop(async |shop, _| {
        let scope = shop.pool.scope(Part::Checkout);
        let mut lease = scope.acquire().await.expect("a lease");
        execute(&mut lease, "create table prices (cents int check (cents > 0))").await.expect("it");
        let prices = [1, 2, -3, 4, 5, 6, -7];
        let refused = transaction(&mut lease, async |connection| {
            bisect(connection, &prices, async |connection, part| {
                let rows: Vec<_> = part.iter().map(|cents| format!("({cents})")).collect();
                let insert = format!("insert into prices values {}", rows.join(", "));
                execute(connection, &insert).await
            })
            .await
        })
        .await
        .expect("a batch");
        assert_eq!(refused.iter().map(|it| it.item).collect::<Vec<_>>(), [2, 6]);
        assert!(refused[0].detail.contains("23514"), "{}", refused[0].detail);
        execute(&mut lease, "select 1 / ((select count(*) from prices) = 5)::int")
            .await
            .expect("five rows");
    });
}
