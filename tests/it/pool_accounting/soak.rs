//! Whatever a correct caller does, nothing is counted as a leak.

use std::{pin::pin, time::Duration};

use futures_util::future::join_all;
use rand::Rng;
use sectorwatch_seed::Seed;
use sectorwatch_store::{Owner, operation};
use tokio::time::{sleep, timeout};

use super::{
    rig::{PATIENCE, Reading, Rig, World, eventually, once},
    work::Work,
};
use crate::support::long_tests;

/// The shortest interval that can be configured.
const AUDIT_INTERVAL: Duration = Duration::from_secs(1);
const THREADS: u64 = 3;
/// The number of callers on each thread. They are enough to wait for each other even with the
/// largest pool.
const CALLERS: u64 = 7;
const OWNERS: [Owner; 4] = [Owner::Flights, Owner::Controllers, Owner::Sectors, Owner::Ledger];

#[test]
fn no_honest_caller_is_called_a_leak() {
    let leases = if long_tests() { 100_000 } else { 5_000 };
    let (world, seed) = (World::new(), Seed::of_this_run());
    for size in [1, 2, 8] {
        let rig = world.store(size, 6 * PATIENCE);
        let watch = world.runtime.spawn(rig.store.clone().watch(AUDIT_INTERVAL));
        let counts = all_callers(&rig, seed, leases / 3 + 1);
        world.runtime.block_on(async {
            at_rest(&rig, size, &counts).await;
            rig.serves(size).await;
            at_rest(&rig, size, &Counts { ok: counts.ok + i64::from(size), ..counts }).await;
        });
        watch.abort();
    }
}

/// The results that the callers counted themselves.
#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    ok: i64,
    cancelled: i64,
}

/// Runs the callers on several threads, each with its own runtime, as the poller and the web
/// workers have.
fn all_callers(rig: &Rig, seed: Seed, leases: u64) -> Counts {
    let leases = leases.div_ceil(THREADS * CALLERS) as i64;
    let callers = |thread: u64| async move {
        let numbers = thread * CALLERS..(thread + 1) * CALLERS;
        join_all(numbers.map(|number| caller(rig, seed.part(number), leases))).await
    };
    let counts: Vec<_> = std::thread::scope(|scope| {
        let run = |thread| scope.spawn(move || World::thread().block_on(callers(thread)));
        let threads: Vec<_> = (0..THREADS).map(run).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    let sum = |of: fn(&Counts) -> i64| counts.iter().map(of).sum();
    Counts { ok: sum(|count| count.ok), cancelled: sum(|count| count.cancelled) }
}

async fn caller(rig: &Rig, seed: Seed, leases: i64) -> Counts {
    let mut rng = seed.rng();
    let mut counts = Counts::default();
    while counts.ok < leases {
        operation(some_leases(rig, &mut rng, &mut counts)).await;
    }
    counts
}

async fn some_leases(rig: &Rig, rng: &mut impl Rng, counts: &mut Counts) {
    let scope = rig.pool().scope(OWNERS[rng.random_range(0..OWNERS.len())]);
    for _ in 0..rng.random_range(1..3) {
        let mut asking = pin!(scope.acquire());
        // A third of the acquires is given up, at once or after a while.
        let got = match rng.random_range(0..6) {
            0 => once(asking).await,
            1 => timeout(Duration::from_millis(rng.random_range(0..4)), asking).await.ok(),
            _ => Some(asking.as_mut().await),
        };
        let Some(lease) = got else {
            counts.cancelled += 1;
            continue;
        };
        let mut lease = lease.expect("a lease");
        counts.ok += 1;
        for _ in 0..rng.random_range(0..3) {
            let work = Work::HARMLESS[rng.random_range(0..Work::HARMLESS.len())];
            work.leave_no_trace(&mut lease).await;
        }
        if rng.random_ratio(1, 50) {
            // Other callers wait for this lease in the meantime.
            sleep(Duration::from_millis(2)).await;
        }
    }
}

/// Checks that no lease is held, and that only the counters of what the callers did have moved.
async fn at_rest(rig: &Rig, size: u32, counts: &Counts) {
    let figures = || rig.figures();
    eventually(|| format!("{:?}", figures()), || figures().establishing == 0).await;
    let now = figures();
    assert_eq!((now.checked_out, now.pending, now.unaccounted), (0, 0, 0), "{now:?}");

    let counted = rig.read();
    let sum = |prefix: &str| -> i64 {
        let of = |(series, _): &(&String, &i64)| series.starts_with(prefix);
        counted.iter().filter(of).map(|(_, value)| value).sum()
    };
    assert_eq!(sum("acquires_total ok "), counts.ok);
    assert_eq!(sum("acquires_total cancelled "), counts.cancelled);
    assert_eq!(sum("acquire_wait_seconds "), counts.ok + counts.cancelled);
    assert_eq!(sum("use_seconds "), counts.ok);
    let created = sum("connections_created_total ");
    assert!((1..=i64::from(size)).contains(&created), "{created} connections for {size}");
    assert_eq!(i64::from(now.idle), created);
    assert!(counts.cancelled > 0, "a test of those, too");
    let expected = [
        "acquire_wait_seconds",
        "acquires_total ok",
        "acquires_total cancelled",
        "connections_created_total",
        "create_seconds ok",
        "transaction_duration_seconds commit",
        "transaction_duration_seconds rollback",
        "use_seconds",
        "validate_seconds",
    ];
    let known = |series: &str| expected.iter().any(|prefix| series.starts_with(prefix));
    let others: Reading = counted.into_iter().filter(|(series, _)| !known(series)).collect();
    assert_eq!(others, Reading::new(), "leaks, suspects, errors, closed connections");
}
