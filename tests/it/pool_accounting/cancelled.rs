//! Drops a future at every point at which it waits. The next user must get a clean session without
//! a delay.

use std::{
    cell::Cell,
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
    time::{Duration, Instant},
};

use diesel::{dsl::sql, sql_types::BigInt};
use diesel_async::RunQueryDsl as _;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use sectorwatch_store::{Owner, PgError};

use super::{
    operation::{At, Operation, SLEEP},
    rig::{PATIENCE, Reading, Rig, World, eventually, execute, once, pid},
    work::sqlstate,
};
use crate::support::sql::Client;

/// The longest wait of the next user. A busy machine may exceed it, but not in all of [`TRIES`]
/// attempts.
const AT_ONCE: Duration = Duration::from_millis(100);
const TRIES: u32 = 10;
/// The maximum of passes over the operation. On a busy machine, a session may be ready at the first
/// poll in many of them, so that the acquire is not interrupted.
const ROUNDS: u32 = 20;
/// The pause between two checks of whether the server sleeps.
const PAUSE: Duration = Duration::from_millis(20);
const SLEEPING: &str = "select count(*) from pg_stat_activity \
                        where datname = current_database() and wait_event = 'PgSleep'";
/// More polls than any of the operations needs.
const LATEST: u32 = 1_000;
const IN_READ: &[At] = &[At::Acquire, At::Pause, At::Statement];
const IN_WRITE: &[At] = &[At::Acquire, At::Transaction];

#[test]
fn a_read_dropped_wherever_it_waits() {
    drop_everywhere(IN_READ, false, async |operation| operation.read().await);
}

#[test]
fn a_read_dropped_wherever_it_waits_and_the_server_works() {
    drop_everywhere(IN_READ, true, async |operation| operation.read().await);
}

#[test]
fn a_write_dropped_wherever_it_waits() {
    drop_everywhere(IN_WRITE, false, async |operation| operation.write().await);
}

#[test]
fn a_write_dropped_wherever_it_waits_and_the_server_works() {
    drop_everywhere(IN_WRITE, true, async |operation| operation.write().await);
}

/// The request to cancel arrives before the statement has begun, so it has no effect.
#[test]
fn a_statement_ends_on_the_server_though_it_was_cancelled_too_early() {
    let world = World::new();
    let rig = world.store(1, PATIENCE);
    let client = world.database.client();
    World::thread().block_on(async {
        let scope = rig.pool().scope(Owner::Api);
        let mut lease = scope.acquire().await.expect("a lease");
        let pid = lease.run(pid).await.expect("its process");
        let signal = |signal| kill(Pid::from_raw(pid), signal).expect("a signal");
        signal(Signal::SIGSTOP);
        assert!(once(pin!(execute(&mut lease, SLEEP))).await.is_none());
        drop(lease);
        // The request to cancel must reach the backend while it is stopped, and no event shows when
        // it has.
        tokio::time::sleep(Duration::from_millis(200)).await;
        signal(Signal::SIGCONT);
        let backends = format!("select count(*) from pg_stat_activity where pid = {pid}");
        let is_gone = || client.count(&backends) == 0;
        eventually(|| "its backend is still there".to_owned(), is_gone).await;
    });
}

/// Polls the work once, drops it, and checks what the next user gets. Repeats this with one more
/// poll each time, until the work ends or waits for the sleeping statement.
fn drop_everywhere(
    places: &[At],
    sleeps: bool,
    work: impl AsyncFn(&Operation<'_>) -> Result<(), PgError>,
) {
    let world = World::new();
    let client = world.database.client();
    client.run("create table written (place text)");
    let rig = world.store(1, PATIENCE);
    let mut seen = Vec::new();
    World::thread().block_on(async {
        let (mut polls, mut late, mut rounds) = (1, 0, 0);
        while polls < LATEST {
            client.run("truncate written");
            let before = rig.read();
            let scope = rig.pool().scope(Owner::Flights);
            let operation = Operation { scope: &scope, at: Cell::new(At::Acquire), sleeps };
            let stopped = polled(&client, work(&operation), polls).await;
            let at = operation.at.get();
            seen.push(at);
            let after = format!("{stopped:?} at {at:?}, after {polls} polls");
            let waited = next_user(&rig, &after).await;
            counted(&rig, &before, at).await;
            left_nothing(&client, &stopped).await;
            if waited >= AT_ONCE {
                late += 1;
                assert!(late < TRIES, "the next user waited {waited:?}: {after}");
                continue;
            }
            (polls, late) = (polls + 1, 0);
            match stopped {
                Stopped::Early => continue,
                Stopped::Stalled => assert!(sleeps, "stalled at {at:?} after {polls} polls"),
                Stopped::Ended(result) => {
                    assert!(!sleeps, "nobody waits for {SLEEP}");
                    result.expect("it was not dropped");
                }
            }
            if places.iter().all(|at| seen.contains(at)) {
                return;
            }
            // The number of polls of a statement varies, so this pass may have skipped a place.
            (polls, rounds) = (1, rounds + 1);
            assert!(rounds < ROUNDS, "dropped at {seen:?} alone");
        }
        panic!("not at its end after {LATEST} polls");
    });
}

#[derive(Debug)]
enum Stopped {
    Early,
    /// The work waits for the sleeping statement.
    Stalled,
    Ended(Result<(), PgError>),
}

/// Polls the work this many times, whenever it is woken, and drops it.
async fn polled(
    client: &Client,
    work: impl Future<Output = Result<(), PgError>>,
    polls: u32,
) -> Stopped {
    let mut work = pin!(work);
    let mut left = polls;
    let some = poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(result) => Poll::Ready(Stopped::Ended(result)),
        Poll::Pending if left == 1 => Poll::Ready(Stopped::Early),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    });
    let mut some = pin!(some);
    loop {
        match tokio::time::timeout(PAUSE, some.as_mut()).await {
            Ok(stopped) => return stopped,
            Err(_) if client.count(SLEEPING) > 0 => return Stopped::Stalled,
            Err(_) => {}
        }
    }
}

/// Acquires the only connection, and checks that it is in no transaction. Returns how long that
/// took.
async fn next_user(rig: &Rig, after: &str) -> Duration {
    let begun = Instant::now();
    let scope = rig.pool().scope(Owner::Api);
    let mut lease = scope.acquire().await.expect("a lease");
    let transaction = lease.run(async |pg| {
        let assigned = "coalesce(pg_current_xact_id_if_assigned()::text::bigint, 0)";
        diesel::select(sql::<BigInt>(assigned)).get_result::<i64>(pg).await
    });
    assert_eq!(transaction.await.expect("an answer"), 0, "{after}");
    // The server refuses a savepoint outside of a transaction block.
    let refused = execute(&mut lease, "savepoint probe").await;
    assert_eq!(sqlstate(refused), "25P01", "{after}");
    begun.elapsed()
}

/// Waits until the counters for a drop at this place have moved, and no others.
async fn counted(rig: &Rig, before: &Reading, at: At) {
    let moved = || -> Vec<String> {
        let now = rig.read();
        let is_one = |name: &str| {
            ["connections_closed", "cancelled", "leak"]
                .iter()
                .any(|prefix| name.starts_with(prefix))
        };
        let changed = now.into_iter().filter(|(name, value)| before.get(name) != Some(value));
        changed.map(|(name, _)| name).filter(|name| is_one(name)).collect()
    };
    eventually(|| format!("{at:?}: {:?}", moved()), || moved() == at.counts()).await;
}

/// Checks that a write has stored everything or nothing, and that no backend still works.
async fn left_nothing(client: &Client, stopped: &Stopped) {
    let busy = "select count(*) from pg_stat_activity where datname = current_database() \
                and application_name like 'sectorwatch:%' and (state <> 'idle' or xact_start is not null)";
    let busy = || client.count(busy);
    eventually(|| format!("{} busy backends after {stopped:?}", busy()), || busy() == 0).await;
    let places = client.column("select place from written order by 1");
    assert!(
        places.is_empty() || places == ["inside", "outside"],
        "half a transaction: {places:?} after {stopped:?}"
    );
}
