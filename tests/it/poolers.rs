//! pgbouncer in between: refused if it changes a session's backend, supported otherwise.

use std::time::Duration;

use sectorwatch_store::{Owner, PoolName, Store};

use crate::support::{
    feed_server::FeedServer,
    pgbouncer::Pgbouncer,
    postgres::Database,
    schedule::traffic,
    service::{PATIENCE, Setup},
    sql::Client,
    store::{Stored, execute},
};

const IGNORED: &str = "ignore_startup_parameters = options,extra_float_digits";

#[test]
fn a_pooler_that_shares_by_transaction_or_statement_is_refused_at_the_start() {
    let (database, feed) = (Database::fresh(), FeedServer::start());
    for (mode, extra) in [
        ("transaction", format!("{IGNORED}\ndefault_pool_size = 4")),
        ("transaction", format!("{IGNORED}\nserver_round_robin = 1")),
        ("transaction", format!("{IGNORED}\ndefault_pool_size = 1")),
        ("statement", IGNORED.to_owned()),
        ("transaction", String::new()),
    ] {
        let pooler = Pgbouncer::before(&database, mode, &extra);
        let setup = Setup::serve(&database, &feed).env("DATABASE_URL", &pooler.url());
        let ended = setup.spawn().finish(PATIENCE);
        assert_eq!(ended.code, Some(1), "{mode} {extra}: {}", ended.stderr);
        let last = ended.stderr.lines().last().unwrap_or_default();
        let says = format!("DATABASE_URL leads through a pooler in {mode} mode");
        assert!(last.contains(&says), "{mode} {extra}: {last}");
        let tables = "select count(*) from pg_tables where tablename = 'flights'";
        assert_eq!(database.client().count(tables), 0, "nothing was made");
    }

    let pooler = Pgbouncer::before(&database, "transaction", IGNORED);
    let setup = Setup::serve(&database, &feed).env("SECTORWATCH_READ_DATABASE_URL", &pooler.url());
    let ended = setup.spawn().finish(PATIENCE);
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    let last = ended.stderr.lines().last().unwrap_or_default();
    assert!(last.contains("SECTORWATCH_READ_DATABASE_URL leads through a pooler"), "{last}");
}

/// The effective value of a setting in a session of the pool.
fn in_force(store: &Store, stored: &Stored, name: &str) -> bool {
    stored.run(async {
        let scope = store.pool(PoolName::Read).scope(Owner::Api);
        let mut lease = scope.acquire().await.expect("a session");
        let asked = format!("select 1 where current_setting({name}");
        execute(&mut lease, &asked).await.expect("an answer") == 1
    })
}

#[test]
fn a_pooler_that_keeps_sessions_is_used_and_the_settings_are_ours() {
    let feed = FeedServer::start();
    for extra in [IGNORED, ""] {
        let database = Database::fresh();
        let pooler = Pgbouncer::before(&database, "session", extra);
        let mut service = Setup::serve(&database, &feed)
            .env("DATABASE_URL", &pooler.url())
            .env("SECTORWATCH_AUDIT_INTERVAL", "1s")
            .start();
        service.take(&feed, &traffic(0));
        service.await_audits(2);
        assert_eq!(service.metric("sectorwatch_db_pool_leaks_total"), 0.0);
        assert_eq!(service.logged("were not audited").len(), 0);
        assert_eq!(service.logged("it is set after connecting").len(), 1, "{extra}");
        assert_eq!(service.terminate(PATIENCE).code, Some(0));

        let stored = Stored::at(&pooler.url());
        for setting in [
            "'statement_timeout') = '300ms'",
            "'lock_timeout') = '300ms'",
            "'idle_in_transaction_session_timeout') = '10s'",
            "'client_connection_check_interval') = '500ms'",
        ] {
            assert!(in_force(&stored.store, &stored, setting), "{setting} of {extra:?}");
        }
    }
}

#[test]
fn what_a_pooler_lends_is_no_orphan_and_is_not_ended() {
    let database = Database::migrated();
    // It passes a session to the next client without a reset.
    let extra = format!("{IGNORED}\nserver_reset_query =");
    let pooler = Pgbouncer::before(&database, "session", &extra);
    let direct = database.url();
    for (writes, reads) in [(pooler.url(), pooler.url()), (direct, pooler.url())] {
        let stored = Stored::with(&writes, |settings| {
            settings.read_url = sectorwatch_store::Secret::new(reads);
        });
        assert!(in_force(&stored.store, &stored, "'application_name') like 'sectorwatch:%'"));
        stored.runtime.spawn(stored.store.clone().watch(Duration::from_secs(1)));
        let other = Client::connect(&pooler.url());
        other.run(&format!("set application_name = '{}'", stored.name));
        stored.await_audits(3);
        assert_eq!(stored.leaks(), 0.0, "{}", stored.page());
        assert_eq!(other.one("select 1"), "1", "it was not ended");
        other.run("reset application_name");
    }
}

/// The pooler may have given it to another client.
#[test]
fn a_session_of_a_pooler_that_leaked_is_told_and_not_ended() {
    let database = Database::migrated();
    let pooler = Pgbouncer::before(&database, "session", IGNORED);
    let stored = Stored::at(&pooler.url());
    let backend = stored.run(async {
        let scope = stored.store.pool(PoolName::Read).scope(Owner::Api);
        let lease = scope.acquire().await.expect("a session");
        let backend = lease.pid().expect("an id");
        std::mem::forget(lease);
        backend
    });
    stored.runtime.spawn(stored.store.clone().watch(Duration::from_secs(1)));
    stored.await_audits(3);
    assert_eq!(stored.leaks(), 1.0, "{}", stored.page());
    let still_there = format!("select count(*) from pg_stat_activity where pid = {backend}");
    assert_eq!(database.client().count(&still_there), 1);
}

#[test]
fn what_a_role_or_a_url_sets_is_not_in_force_for_our_sessions() {
    let database = Database::of_own_role();
    let name = database.name().to_owned();
    database.client().run(&format!(
        "alter role {name} set idle_session_timeout = '400ms'; \
         alter role {name} set idle_in_transaction_session_timeout = '100ms'; \
         alter database {name} set statement_timeout = '1min'"
    ));
    let options = "options=-c%20statement_timeout%3D50%20-c%20idle_session_timeout%3D60";
    let join = if database.url().contains('?') { '&' } else { '?' };
    for url in [database.url(), format!("{}{join}{options}", database.url())] {
        let stored = Stored::at(&url);
        for setting in [
            "'statement_timeout') = '300ms'",
            "'idle_session_timeout') = '0'",
            "'idle_in_transaction_session_timeout') = '10s'",
        ] {
            assert!(in_force(&stored.store, &stored, setting), "{setting} of {url}");
        }
        let lock = stored.run(stored.store.lock_writer(Duration::ZERO)).expect("the lock");
        // Longer than the limits of role and URL, whose expiry nothing reports.
        std::thread::sleep(Duration::from_secs(1));
        assert!(lock.is_held(), "a session that is idle was ended");
    }
}
