//! Going back to an older version: its schema, on filled tables.

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

/// Every table that is left, as text.
fn contents(server: &Server) -> Vec<(String, String)> {
    let client = client(server, "sectorwatch");
    let text = |table: String| {
        let rows = format!(
            "select coalesce(string_agg(t::text, '\n' order by t::text), '') from {table} t"
        );
        let rows = client.one(&rows);
        (table, rows)
    };
    tables(server).into_iter().map(text).collect()
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
        let before = contents(&server);
        let shown = desk.run("versions");
        assert_eq!(shown.matches(" | ").count(), done + 1, "{shown}");
        desk.run_text(&format!("migration={name}\n{rest}"));
        let after = contents(&server);
        assert!(after.len() < before.len(), "{name} undoes nothing");
        for (table, rows) in &after {
            assert!(before.contains(&(table.clone(), rows.clone())), "{name} changed {table}");
        }
    }
    assert_eq!(tables(&server), [""; 0]);
}

/// A version that is older than the schema refuses to start, says which step is missing, and starts
/// after it; the newer one migrates again.
#[test]
fn the_older_version_starts_after_the_step_and_not_before() {
    let (server, desk) = prepared();
    desk.run("roles");
    let feed = FeedServer::start();
    let mut service = setup(&server, &feed).start();
    service.take(&feed, &document(0));
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
    // What a newer version would leave: for it, ours is the older one.
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
