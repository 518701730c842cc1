//! Returning to an older version: reverts its migrations on tables with rows.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    manual::block,
    roles::{client, document, prepared, setup},
};
use crate::support::{
    FILLED, feed_server::FeedServer, migrate, postgres::Server, service::PATIENCE,
};

fn tables(server: &Server) -> Vec<String> {
    let tables = "select relname from pg_class where relnamespace = 'public'::regnamespace \
                  and relkind in ('r', 'p') and not relispartition and relname !~ '^__' order by 1";
    client(server, "sectorwatch").column(tables)
}

/// The columns, constraints and indexes, one per line.
fn schema(server: &Server) -> Vec<String> {
    let all =
        "select concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default)
                 from information_schema.columns where table_schema = 'public'
               union all select concat_ws(' ', conrelid::regclass, pg_get_constraintdef(oid))
                 from pg_constraint where connamespace = 'public'::regnamespace
               union all select indexdef from pg_indexes where schemaname = 'public' order by 1";
    client(server, "sectorwatch").column(all)
}

/// Tables whose rows are changed by reverting a migration, as the manual says. The rows become
/// those that the version before would have stored.
const REWRITTEN: [(&str, &[&str]); 3] = [
    (
        "00000000000005_observed_time",
        &["poll_cycles", "pending_transitions", "flight_sector_occupancy"],
    ),
    ("00000000000006_radios", &["transceivers"]),
    (
        "00000000000009_airspace_changed",
        &["poll_cycles", "pending_transitions", "flight_sector_occupancy"],
    ),
];

fn is_rewritten(migration: &str, table: &str) -> bool {
    REWRITTEN.iter().any(|(name, tables)| *name == migration && tables.contains(&table))
}

/// The rows of all remaining tables as JSON, sorted.
fn contents(server: &Server) -> Vec<(String, Vec<Value>)> {
    let client = client(server, "sectorwatch");
    let rows = |table: String| {
        let rows = client.column(&format!("select to_jsonb(t) from {table} t order by t::text"));
        let rows = rows.iter().map(|row| serde_json::from_str(row).expect("JSON"));
        (table, rows.collect())
    };
    tables(server).into_iter().map(rows).collect()
}

/// The rows without the columns that `like` does not have.
fn of_columns(rows: &[Value], like: &[Value]) -> BTreeSet<String> {
    let kept = |row: &Value| {
        let columns = row.as_object().into_iter().flatten();
        let is_there = |column: &str| like.first().is_none_or(|row| row.get(column).is_some());
        let kept = columns.filter(|(column, _)| is_there(column));
        kept.map(|(column, value)| format!("{column}={value}")).collect::<Vec<_>>().join(" ")
    };
    rows.iter().map(kept).collect()
}

#[test]
fn each_migration_is_undone_as_written_and_the_rest_is_kept() {
    let (server, desk) = prepared();
    desk.run("roles");
    let url = server.url_of("sectorwatch_writer", "sectorwatch");
    migrate::up(&url);
    client(&server, "sectorwatch_writer").run(FILLED);
    let undo = block("sh", "undo");
    let (first, rest) = undo.split_once('\n').expect("more than one line");
    let named = first.strip_prefix("migration=").expect("the migration in the first line");
    let names = migrate::names();
    assert_eq!(named, names.last().expect("a migration"), "the example is the newest");
    for (done, name) in names.iter().enumerate().rev() {
        let (schema_before, before) = (schema(&server), contents(&server));
        let shown = desk.run("versions");
        assert_eq!(shown.matches(" | ").count(), done + 1, "{shown}");
        desk.run_text(&format!("migration={name}\n{rest}"));
        let after = contents(&server);
        assert_ne!(schema(&server), schema_before, "{name} undoes nothing");
        for (table, rows) in &after {
            let (_, old) = before.iter().find(|(name, _)| name == table).expect("it was there");
            let is_kept = of_columns(old, rows) == of_columns(rows, old);
            assert!(is_kept || is_rewritten(name, table), "{name} changed {table}");
        }
    }
    assert_eq!(tables(&server), [""; 0]);
}

/// A version older than the schema refuses to start, and names the missing step. It starts after
/// that step, and the newer version migrates again.
#[test]
fn the_older_version_starts_after_the_step_and_not_before() {
    let (server, desk) = prepared();
    desk.run("roles");
    let feed = FeedServer::start();
    let mut service = setup(&server, &feed).start();
    service.take(&feed, &document(0));
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
    // A table and a migration of a newer version, for which this version is the older one.
    let newer = "create table of_tomorrow (x int); \
                 insert into __diesel_schema_migrations (version) values ('00000000000099')";
    client(&server, "sectorwatch_writer").run(newer);
    let ended = setup(&server, &feed).spawn().finish(PATIENCE);
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(ended.stderr.contains("migration 00000000000099"), "{}", ended.stderr);

    let (_, rest) = block("sh", "undo")
        .split_once('\n')
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .expect("lines");
    let rest = rest.replace("migrations/$migration/", "");
    std::fs::write(desk.dir.join("down.sql"), "drop table of_tomorrow").expect("write down.sql");
    desk.run_text(&format!("migration=00000000000099_tomorrow\n{rest}"));
    let mut service = setup(&server, &feed).start();
    service.take(&feed, &document(1));
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
    assert_eq!(client(&server, "sectorwatch").count("select count(*) from flight_positions"), 2);
}
