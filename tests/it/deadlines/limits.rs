//! Which limit applies, and what happens to a statement beyond it.

use super::*;
use crate::support::migrate;

const SLEEP: &str = "select pg_sleep(100)";

#[test]
fn what_runs_when_a_session_is_given_up_is_cancelled() {
    let database = Database::migrated();
    let stored = Stored::at(&database.url());
    stored.run(async {
        let scope = stored.store.pool(PoolName::Read).scope(Owner::Api);
        let mut lease = scope.acquire().await.expect("a session");
        // The allowed limit ends with its transaction.
        let allowed = transaction(&mut lease, async |it| it.allow(Duration::from_secs(20)).await);
        allowed.await.expect("a longer limit");
        // The server itself ends nothing.
        for setting in ["statement_timeout", "client_connection_check_interval"] {
            let set = format!("set {setting} = 0");
            execute(&mut lease, &set).await.expect("no limit");
        }
        let begun = Instant::now();
        is_late(execute(&mut lease, SLEEP).await, begun);
    });
    let client = database.client();
    let running = format!(
        "select count(*) from pg_stat_activity \
         where query = '{SLEEP}' and state = 'active' and datname = current_database()"
    );
    until("it is cancelled", PATIENCE, || client.count(&running) == 0);
}

#[test]
fn a_migration_has_no_deadline() {
    let database = Database::migrated();
    migrate::undo(&database.url());
    let longer = (STATEMENT + LATE).as_secs_f64() + 1.0;
    database.client().run(&format!(
        "create function slowly() returns event_trigger language plpgsql as $$ begin \
             if coalesce(current_setting('sectorwatch.slept', true), '') = '' then \
                 perform set_config('sectorwatch.slept', 'yes', false), pg_sleep({longer}); \
             end if; end $$; \
         create event trigger slowly on ddl_command_start execute function slowly()"
    ));
    let stored = Stored::at(&database.url());
    let lock = stored.run(stored.store.lock_writer(Duration::ZERO)).expect("the writer's lock");
    let begun = Instant::now();
    stored.run(stored.store.migrate(&lock, Duration::ZERO)).expect("it takes its time");
    assert!(begun.elapsed() > STATEMENT + LATE, "the test slows it down");
    assert!(lock.is_held());
}
