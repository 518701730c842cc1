//! The tables and jobs in the status are those of the database and of the jobs.

use serde_json::Value;

use crate::support::{
    feed_server::FeedServer,
    postgres::Database,
    schedule::traffic,
    service::{PATIENCE, Service, Setup},
};

fn table(service: &Service, name: &str) -> Option<Value> {
    let status = service.status();
    let tables = status["tables"].as_array().expect("a list").clone();
    tables.into_iter().find(|table| table["name"] == name)
}

#[test]
fn tables_are_estimated_and_jobs_are_told_after_they_ran() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let setup = Setup::serve(&database, &feed).env("SECTORWATCH_AUDIT_INTERVAL", "1s");
    let mut service = setup.start();
    service.take(&feed, &traffic(0));
    // An empty table is known to have no rows; one that was never analysed has no estimate.
    service.wait_until("an audit that sees the flights", PATIENCE, |it| {
        table(it, "flights").is_some_and(|flights| flights["rows_estimate"] == Value::Null)
    });
    let flights = table(&service, "flights").expect("a table");
    assert_eq!(flights["estimate"], true);
    assert!(flights["bytes"].as_u64() > Some(8_000), "{flights}");

    let sql = database.client();
    sql.run("analyze flights");
    let rows = sql.count("select count(*) from flights");
    assert!(rows > 0, "the feed had flights");
    service.wait_until("an estimate", PATIENCE, |it| {
        table(it, "flights").is_some_and(|flights| flights["rows_estimate"] == rows)
    });

    service.wait_until("retention", PATIENCE, |it| {
        it.status()["jobs"][0]["last_success_at"].is_string()
    });
    let job = &service.status()["jobs"][0];
    assert_eq!(job["name"], "retention");
    assert_eq!(job["period_seconds"], 3_600.0);
    assert_eq!(job["overdue"], false);
    service.kill();
}
