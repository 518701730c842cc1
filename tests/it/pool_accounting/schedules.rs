//! Random sequences of events: each event moves exactly the counters that it must.

use std::{pin::pin, time::Duration};

use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use sectorwatch_store::{
    Owner, PgError,
    testing::{Lease, Scope},
};
use tokio::runtime::Handle;

use super::{
    model::{Held, Model, SessionState},
    rig::{Rig, World, eventually, once, pid},
    work::{WORKS, Work},
};
use crate::support::long_tests;

/// Longer than a busy machine needs to open a session.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);
const OWNERS: [Owner; 3] = [Owner::Flights, Owner::Sectors, Owner::Retention];

/// An event. Its numbers select an owner or one of the open leases.
#[derive(Debug, Clone, Copy)]
enum Event {
    Acquire(usize),
    CancelAcquire(usize),
    AcquireInVain(usize),
    /// An acquire waits until this lease is dropped.
    HandOver(usize, usize),
    Drop(usize),
    Work(Work, usize),
    KillIdle,
}

fn event() -> impl Strategy<Value = Event> {
    use Event::*;
    let (owner, lease) = (0..OWNERS.len(), 0..8usize);
    let work = prop::sample::select(&WORKS[..]);
    prop_oneof![
        30 => owner.clone().prop_map(Acquire),
        8 => owner.clone().prop_map(CancelAcquire),
        1 => owner.clone().prop_map(AcquireInVain),
        6 => (owner, lease.clone()).prop_map(|(owner, lease)| HandOver(owner, lease)),
        15 => lease.clone().prop_map(Drop),
        36 => (work, lease).prop_map(|(work, lease)| Work(work, lease)),
        4 => Just(KillIdle),
    ]
}

#[test]
fn each_event_moves_its_counters_and_no_other() {
    let world = World::new();
    let cases = if long_tests() { 1_000 } else { 40 };
    let config = Config { cases, max_shrink_time: 60_000, ..sectorwatch_seed::config() };
    let mut runner = TestRunner::new(config);
    let schedules = (1..=3u32, prop::collection::vec(event(), 1..40));
    let ran = runner.run(&schedules, |(size, events)| {
        world.runtime.block_on(play(&world, size, &events));
        Ok(())
    });
    ran.unwrap_or_else(|failure| panic!("{failure}"));
}

async fn play(world: &World, size: u32, events: &[Event]) {
    let rig = world.store(size, ACQUIRE_TIMEOUT);
    let mut model = Model::new(size as usize);
    {
        let scopes = OWNERS.map(|owner| rig.pool().scope(owner));
        let mut player = Player { rig: &rig, scopes: &scopes, leases: Vec::new(), world };
        for event in events {
            player.happens(*event, &mut model).await;
            agree(&rig, &model, &format!("{event:?}")).await;
        }
        player.closes(&mut model).await;
    }
}

/// Waits until the counters and the state of the pool match the model.
async fn agree(rig: &Rig, model: &Model, after: &str) {
    let state = || {
        let figures = rig.figures();
        (figures.checked_out as usize, figures.idle as usize, figures.pending, figures.unaccounted)
    };
    let expected = (model.leases.len(), model.idle(), 0, 0);
    let differs = || {
        let counted = rig.read();
        let missing: Vec<_> =
            model.counted.iter().filter(|(k, v)| counted.get(*k) != Some(v)).collect();
        let extra: Vec<_> =
            counted.iter().filter(|(k, v)| model.counted.get(*k) != Some(v)).collect();
        format!(
            "after {after}: expected {missing:?} and not {extra:?}; {expected:?} and not {:?}",
            state()
        )
    };
    eventually(differs, || rig.read() == model.counted && state() == expected).await;
    conserved(rig);
}

/// Checks sums that hold after any events.
fn conserved(rig: &Rig) {
    let (counted, figures) = (rig.read(), rig.figures());
    let sum = |name: &str, label: &str| -> i64 {
        let of = |series: &String| {
            let mut words = series.split(' ');
            words.next() == Some(name) && (label.is_empty() || words.any(|word| word == label))
        };
        counted.iter().filter(|(series, _)| of(series)).map(|(_, value)| value).sum()
    };
    let open = i64::from(figures.checked_out);
    let lives = sum("connections_created_total", "") - sum("connections_closed_total", "");
    assert_eq!(lives, i64::from(figures.idle) + open, "created − closed");
    assert_eq!(sum("acquires_total", "ok"), sum("use_seconds", "") + open, "acquired − returned");
    assert_eq!(sum("acquires_total", ""), sum("acquire_wait_seconds", ""), "waits");
}

struct Player<'p> {
    rig: &'p Rig,
    scopes: &'p [Scope<'p>; 3],
    leases: Vec<Lease<'p>>,
    world: &'p World,
}

impl<'p> Player<'p> {
    async fn happens(&mut self, event: Event, model: &mut Model) {
        use Event::*;
        match event {
            Acquire(owner) if !model.is_exhausted() => {
                self.leases.push(self.scopes[owner].acquire().await.expect("a lease"));
                model.acquire(OWNERS[owner]);
            }
            CancelAcquire(owner) => {
                // An acquire does not wait if a connection is idle, and a new connection may be
                // open at once.
                if once(pin!(self.scopes[owner].acquire())).await.is_some() {
                    model.acquire(OWNERS[owner]);
                    model.release(self.leases.len());
                } else {
                    model.cancel_acquire(OWNERS[owner]);
                }
            }
            AcquireInVain(owner) if model.is_exhausted() => {
                let error = self.scopes[owner].acquire().await.err().expect("no lease");
                assert!(matches!(error, PgError::AcquireTimeout { .. }), "{error}");
                model.time_out(OWNERS[owner]);
            }
            HandOver(owner, n) if model.is_exhausted() => {
                let n = n % self.leases.len();
                let mut waiting = pin!(self.scopes[owner].acquire());
                assert!(once(waiting.as_mut()).await.is_none());
                assert_eq!(self.rig.figures().pending, 1);
                drop(self.leases.remove(n));
                model.release(n);
                self.leases.push(waiting.await.expect("a lease"));
                model.acquire(OWNERS[owner]);
            }
            KillIdle => self.kill_idle(model).await,
            Drop(n) if !self.leases.is_empty() => {
                let n = n % self.leases.len();
                drop(self.leases.remove(n));
                model.release(n);
            }
            Work(work, n) if !self.leases.is_empty() => {
                let n = n % self.leases.len();
                // An unclean session is only dropped, because the pool must close it whatever it
                // does.
                if model.leases[n].session == SessionState::Clean {
                    if let Some(end) = work.transaction() {
                        model.transaction(model.leases[n].owner, end);
                    }
                    model.leases[n].session = work.run(&mut self.leases[n], self.world).await;
                }
            }
            _ => {}
        }
    }

    /// Closes the pool while leases are held.
    async fn closes(mut self, model: &mut Model) {
        let out = self.rig.store.drain(Duration::ZERO).await;
        assert_eq!(out, self.leases.len(), "leases that did not come back");
        model.close();
        let refused = self.scopes[0].acquire().await.err();
        assert!(matches!(refused, Some(PgError::Closing)), "{refused:?}");
        model.refuse(OWNERS[0]);
        agree(self.rig, model, "a refusal").await;
        while let Some(lease) = self.leases.pop() {
            drop(lease);
            model.release(self.leases.len());
            agree(self.rig, model, "the end of a lease of a closed pool").await;
        }
    }

    /// Ends the sessions that nobody holds, and waits until the pool has noticed.
    async fn kill_idle(&mut self, model: &mut Model) {
        let clean = |held: &Held| held.session == SessionState::Clean;
        let mut leased = vec![0];
        for (lease, _) in self.leases.iter_mut().zip(&model.leases).filter(|(_, held)| clean(held))
        {
            leased.push(lease.run(pid).await.expect("its process"));
        }
        self.world.database.client().run(&format!(
            "select pg_terminate_backend(pid) from pg_stat_activity \
             where datname = current_database() and application_name like 'sectorwatch:%' \
             and state = 'idle' and pid <> all(array{leased:?})"
        ));
        model.kill_idle();
        // Every open session has one task in this runtime, and there are no other tasks.
        let alive = model.leases.iter().filter(|held| held.session != SessionState::Dead).count();
        let tasks = || Handle::current().metrics().num_alive_tasks();
        let what = || format!("{} tasks for {alive} sessions", tasks());
        eventually(what, || tasks() <= alive).await;
    }
}
