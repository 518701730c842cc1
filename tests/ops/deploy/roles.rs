//! The two roles: the rights of each, and the service that uses both.

use std::{sync::Arc, time::Duration};

use super::manual::{Desk, blocks};
use crate::support::{
    documents::{Feed, Pilot},
    feed_server::{FeedServer, MAIN, TRANSCEIVERS},
    postgres::Server,
    service::{PATIENCE, Service, Setup},
    sql::Client,
    wait::until_ok,
};

/// A server without the service's database, and a desk with its URLs: `ADMIN`, and one for each
/// role.
pub fn prepared() -> (Arc<Server>, Desk) {
    let server = Server::own(&[]);
    Client::connect(&server.url_of("sectorwatch", "postgres")).run("drop database sectorwatch");
    let admin = server.url_of("sectorwatch", "");
    let desk = Desk::with(&[
        ("ADMIN", admin.trim_end_matches('/')),
        ("DATABASE_URL", &server.url_of("sectorwatch_writer", "sectorwatch")),
        ("SECTORWATCH_READ_DATABASE_URL", &server.url_of("sectorwatch_reader", "sectorwatch")),
    ]);
    (server, desk)
}

/// A setup that runs the service with both roles.
pub fn setup(server: &Server, feed: &FeedServer) -> Setup {
    Setup::bare(&["serve"])
        .env("DATABASE_URL", &server.url_of("sectorwatch_writer", "sectorwatch"))
        .env("SECTORWATCH_READ_DATABASE_URL", &server.url_of("sectorwatch_reader", "sectorwatch"))
        .env("SECTORWATCH_FEED_URL", &feed.url(MAIN))
        .env("SECTORWATCH_TRANSCEIVERS_URL", &feed.url(TRANSCEIVERS))
        .env("SECTORWATCH_STATUS_URL", "")
        .env("SECTORWATCH_POLL_INTERVAL", "100ms")
        .env("SECTORWATCH_AUDIT_INTERVAL", "1s")
}

/// Opens a session of a role in the database.
pub fn client(server: &Server, role: &str) -> Client {
    Client::connect(&server.url_of(role, "sectorwatch"))
}

/// A document with one flight in SYD.
pub fn document(number: i64) -> Feed {
    Feed::second(15 * number).pilot(Pilot::new("QFA1", 1).inside("SYD").kt(120))
}

fn refused(client: &Client, sql: &str) {
    let refusal = client.try_rows(sql).expect_err(sql);
    // The SQLSTATE of insufficient privilege.
    assert!(refusal.starts_with("42501"), "{sql}: {refusal}");
}

/// Passwords and rights are shown by `psql`, because the tests connect without a password.
#[test]
fn the_service_runs_with_both_and_neither_can_do_more() {
    let (server, desk) = prepared();
    desk.run("roles");
    let again = desk.run("roles").len();
    assert_eq!(again, desk.run("roles").len(), "it can be repeated");
    let feed = FeedServer::start();
    let mut service = setup(&server, &feed).start();
    service.take(&feed, &document(0));
    service.take(&feed, &document(1));
    let flights = service.get("/api/flights/QFA1");
    assert_eq!(flights.status, 200, "{}", flights.text());
    assert_eq!(flights.json()["flights"][0]["positions"].as_array().map(Vec::len), Some(2));

    let admin = client(&server, "sectorwatch");
    let owned = "select count(*) from pg_tables where schemaname = 'public' and tableowner <> 'sectorwatch_writer'";
    assert_eq!(admin.count(owned), 0);
    let (writer, reader) =
        (client(&server, "sectorwatch_writer"), client(&server, "sectorwatch_reader"));
    let tables = admin.column("select tablename from pg_tables where schemaname = 'public'");
    assert!(tables.iter().any(|name| name.starts_with("flight_positions_")), "{tables:?}");
    for table in &tables {
        match table.as_str() {
            "forgotten_members" => refused(&reader, "select * from forgotten_members"),
            _ => reader.run(&format!("select * from {table} limit 1")),
        }
        refused(&reader, &format!("delete from {table}"));
        refused(&reader, &format!("insert into {table} default values"));
    }
    for sql in [
        "create table t (x int)",
        "create temporary table t (x int)",
        "update flights set cid = 1",
        "truncate flights",
        "create role r",
        "set role sectorwatch_writer",
    ] {
        refused(&reader, sql);
    }
    for sql in [
        "create temporary table t (x int)",
        "select lo_creat(-1)",
        "select lo_from_bytea(0, 'x')",
        "select lo_put(1, 0, 'x')",
        "select loread(0, 1)",
    ] {
        refused(&reader, sql);
        refused(&writer, sql);
    }
    for sql in [
        "create database d",
        "create role r",
        "create schema s",
        "select * from pg_authid",
        "copy (select 1) to '/tmp/x'",
        "set role sectorwatch",
    ] {
        refused(&writer, sql);
    }
    assert_eq!(service.logged("another role").len(), 0);
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
}

#[test]
fn an_analyst_sees_the_tables_and_nothing_of_the_service() {
    let (server, desk) = prepared();
    desk.run("roles");
    let feed = FeedServer::start();
    let mut service = setup(&server, &feed).start();
    service.take(&feed, &document(0));
    // Running the commands again gives the existing tables the right privileges.
    desk.run("roles");
    desk.run("analyst");
    let alice = client(&server, "alice");
    assert_eq!(alice.count("select count(*) from flights"), 1);
    desk.run("grafana");
    let grafana = client(&server, "sectorwatch_grafana");
    assert_eq!(grafana.count("select count(*) from flights"), 1);
    assert_eq!(grafana.one("show statement_timeout"), "30s");
    refused(&grafana, "set role sectorwatch_reader");
    for sql in [
        "select * from forgotten_members",
        "delete from flights",
        "create table t (x int)",
        "create temporary table t (x int)",
        "select lo_creat(-1)",
        "set role sectorwatch_reader",
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'sectorwatch_reader'",
        "select pg_cancel_backend(pid) from pg_stat_activity where usename = 'sectorwatch_writer'",
    ] {
        refused(&alice, sql);
    }
    let seen = "select count(*) from pg_stat_activity where usename ~ '^sectorwatch_' \
        and (state is not null or query <> '<insufficient privilege>')";
    assert_eq!(alice.count(seen), 0);
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
}

/// Pools of other sizes need other limits. The limits of the default sizes are tested with the sum.
#[test]
fn the_limits_follow_the_pools() {
    let (server, desk) = prepared();
    desk.run("roles");
    let limits = "select string_agg(rolconnlimit::text, ' ' order by rolname) from pg_roles \
        where rolname in ('sectorwatch_reader', 'sectorwatch_writer')";
    let admin = client(&server, "sectorwatch");
    assert_eq!(admin.one(limits), "9 8");
    desk.run_text(
        "psql --quiet --set=ingest=6 --set=read=16 --file=scripts/roles.sql \"$ADMIN/sectorwatch\"",
    );
    assert_eq!(admin.one(limits), "17 10");
}

/// Uses the lines of the manual, changed for the socket that the tests use.
#[test]
fn the_lines_of_pg_hba_keep_the_roles_out_of_other_databases() {
    let (server, desk) = prepared();
    desk.run("roles");
    desk.run("analyst");
    let admin = client(&server, "sectorwatch");
    let lines = blocks("text").into_iter().find(|(_, text)| text.contains("METHOD"));
    let (_, lines) = lines.expect("lines of pg_hba.conf");
    let lines = lines.replace("scram-sha-256", "trust");
    let file = std::path::PathBuf::from(admin.one("show hba_file"));
    let before = std::fs::read_to_string(&file).expect("read pg_hba.conf");
    std::fs::write(&file, format!("{lines}{before}")).expect("write pg_hba.conf");
    admin.run("select pg_reload_conf()");
    assert_eq!(admin.count("select count(*) from pg_hba_file_rules where error is not null"), 0);
    for role in ["sectorwatch_writer", "sectorwatch_reader", "alice"] {
        // The server applies the new lines only after a moment.
        let refused =
            until_ok(PATIENCE, || match Client::try_connect(&server.url_of(role, "postgres")) {
                Ok(_) => Err(format!("{role} is refused")),
                Err(refused) => Ok(refused),
            });
        assert!(refused.contains("pg_hba.conf"), "{role}: {refused}");
        client(&server, role).run("select 1");
    }
}

/// Opens a session of the reader that has the service's application name, but is unknown to the
/// service.
fn orphan(server: &Server) -> Client {
    let client = client(server, "sectorwatch_reader");
    let name = client.one(
        "select application_name from pg_stat_activity where application_name like 'sectorwatch:%' limit 1",
    );
    client.run(&format!("set application_name = '{name}'"));
    client
}

fn orphans(service: &Service) -> f64 {
    service.metric("sectorwatch_db_pool_leaks_total{kind=\"orphan_backend\"}")
}

#[test]
fn the_audit_sees_and_ends_sessions_of_both() {
    let (server, desk) = prepared();
    desk.run("roles");
    let feed = FeedServer::start();
    let mut service = setup(&server, &feed).start();
    service.take(&feed, &document(0));
    let one = orphan(&server);
    service.wait_until("a leaked session of the reader is ended", PATIENCE, |_| {
        one.try_rows("select 1").is_err()
    });
    assert_eq!(orphans(&service), 1.0);
    assert_eq!(service.logged("another role").len(), 0);

    client(&server, "sectorwatch").run("revoke sectorwatch_reader from sectorwatch_writer");
    let two = orphan(&server);
    service.wait_until("it says what it cannot see", PATIENCE, |service| {
        service.logged("does not see what sessions of another role do").len() == 1
    });
    service
        .wait_until("the orphan is seen by its name", PATIENCE, |service| orphans(service) == 2.0);
    service.await_audits(2);
    assert!(two.try_rows("select 1").is_ok(), "it may not be ended");
    assert_eq!(service.logged("does not see").len(), 1, "once");
    service.take(&feed, &document(1));
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
}

/// Checks the sum that the manual gives for `max_connections`.
#[test]
fn sessions_are_no_more_than_the_manual_says() {
    let (server, desk) = prepared();
    desk.run("roles");
    let admin = client(&server, "sectorwatch");
    // The roles are limited to what the pools of 4 and 8 need, including the other sessions of the
    // service.
    let feed = FeedServer::start();
    let mut service =
        setup(&server, &feed).env("SECTORWATCH_CONNECTION_MAX_LIFETIME", "2s").start();
    for number in 0..40 {
        service.take(&feed, &document(number));
        // Lets sessions reach their maximum lifetime during the test.
        std::thread::sleep(Duration::from_millis(100));
    }
    for pool in ["ingest", "read"] {
        let refused =
            service.metric(&format!("sectorwatch_db_pool_connect_errors_total{{pool=\"{pool}\"}}"));
        assert_eq!(refused, 0.0, "{pool}");
    }
    assert_eq!(service.cycles_of("success"), 40);
    let of = |role: &str| {
        admin.count(&format!("select count(*) from pg_stat_activity where usename = '{role}'"))
    };
    assert!(
        (2..=8).contains(&of("sectorwatch_writer")) && (1..=9).contains(&of("sectorwatch_reader"))
    );
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
}
