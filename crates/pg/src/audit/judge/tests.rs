//! Two readings at different moments, and which differences count.

use chrono::TimeDelta;

use super::*;

const NAME: &str = "shop:tower:00000001";

fn at(second: i64) -> Option<DateTime<Utc>> {
    DateTime::UNIX_EPOCH.checked_add_signed(TimeDelta::seconds(second))
}

fn backend(pid: i32, state: &str) -> Backend {
    let in_transaction = state.starts_with("idle in") || state == "active";
    Backend {
        pid,
        application_name: NAME.to_owned(),
        state: Some(state.to_owned()),
        backend_start: at(1),
        xact_start: if in_transaction { at(5) } else { None },
        state_change: at(6),
        age_seconds: None,
        transaction_seconds: in_transaction.then_some(60.0),
        is_auditor: false,
        holds_advisory_lock: false,
    }
}

/// A session of the pool with this number of moves; odd means lent.
fn pooled(moves: u64) -> Option<Listed> {
    Some(Listed { role: Role::Pooled("orders"), moves, owner: Some("checkout") })
}

const SYSTEM: Option<Listed> = Some(Listed { role: Role::System, moves: 0, owner: None });

/// A reading of one backend, with its entry in our list before and after.
fn reading(backend: Backend, before: Option<Listed>, after: Option<Listed>) -> Reading {
    let list = |listed: Option<Listed>| listed.map(|it| (backend.pid, it)).into_iter().collect();
    Reading {
        before: list(before),
        after: list(after),
        backends: vec![backend],
        ..Reading::default()
    }
}

/// The faults that two audits agree on, and the states of the second that are not 0.
fn two(first: Reading, second: Reading) -> (Vec<Fault>, Vec<(&'static str, i64)>) {
    let before = judge(NAME, &first, &Findings::default());
    assert_eq!(before.confirmed, [], "one audit believes nothing");
    let found = judge(NAME, &second, &before);
    let fault = found.confirmed.iter().map(|discrepancy| discrepancy.fault).collect();
    (fault, found.states.into_iter().filter(|(_, count)| *count != 0).collect())
}

fn same(make: impl Fn() -> Reading) -> (Vec<Fault>, Vec<(&'static str, i64)>) {
    two(make(), make())
}

#[test]
fn what_two_audits_agree_on_is_believed() {
    let locked = || Backend { holds_advisory_lock: true, ..backend(7, "idle") };
    #[rustfmt::skip]
    let cases: [(Reading, Option<Fault>, &str); 9] = [
        (reading(backend(7, "idle"), pooled(2), pooled(2)), None, "pooled_idle"),
        (reading(backend(7, "idle in transaction"), pooled(3), pooled(3)), None, "leased"),
        (reading(backend(7, "active"), pooled(3), pooled(3)), None, "leased"),
        (reading(locked(), SYSTEM, SYSTEM), None, "system"),
        (reading(backend(7, "idle"), None, None), Some(Fault::Orphan), "orphan"),
        (reading(backend(7, "idle in transaction"), pooled(2), pooled(2)),
            Some(Fault::InTransaction), "idle_in_transaction_unleased"),
        (reading(backend(7, "idle in transaction (aborted)"), pooled(2), pooled(2)),
            Some(Fault::InTransaction), "idle_in_transaction_unleased"),
        (reading(backend(7, "active"), pooled(2), pooled(2)), Some(Fault::Active), "active_unleased"),
        (reading(locked(), pooled(2), pooled(2)), Some(Fault::AdvisoryLock), "pooled_idle"),
    ];
    for (reading, fault, state) in cases {
        let (believed, states) = same(|| reading.clone());
        assert_eq!(believed, Vec::from_iter(fault), "{reading:?}");
        assert_eq!(states, [(state, 1)], "{reading:?}");
    }
}

#[test]
fn a_difference_of_two_moments_is_no_leak() {
    let open = || backend(7, "idle in transaction");
    // Lent and returned between the audits; another transaction; another state; moved during the query;
    // opened or closed meanwhile; the same id for another backend.
    let other_transaction = Backend { xact_start: at(9), ..open() };
    let other_state = Backend { state_change: at(9), ..open() };
    let other_backend = Backend { backend_start: at(9), ..backend(7, "idle") };
    let cases = [
        (reading(open(), pooled(2), pooled(2)), reading(open(), pooled(4), pooled(4))),
        (reading(open(), pooled(2), pooled(2)), reading(other_transaction, pooled(2), pooled(2))),
        (reading(open(), pooled(2), pooled(2)), reading(other_state, pooled(2), pooled(2))),
        (reading(open(), pooled(1), pooled(2)), reading(open(), pooled(1), pooled(2))),
        (reading(open(), None, pooled(0)), reading(open(), None, pooled(0))),
        (reading(open(), pooled(2), None), reading(open(), pooled(2), None)),
        (reading(backend(7, "idle"), None, None), reading(other_backend, None, None)),
    ];
    for (first, second) in cases {
        let (believed, _) = two(first.clone(), second.clone());
        assert_eq!(believed, [], "{first:?}\n{second:?}");
    }
}

#[test]
fn an_orphan_may_change_what_it_does() {
    let working = Backend { state_change: at(9), xact_start: at(9), ..backend(7, "active") };
    let (believed, states) =
        two(reading(backend(7, "idle"), None, None), reading(working, None, None));
    assert_eq!((believed, states), (vec![Fault::Orphan], vec![("orphan", 1)]));
}

#[test]
fn predecessors_are_told_by_the_first_audit() {
    let older = Backend {
        application_name: "shop:tower:00000000".to_owned(),
        ..backend(7, "idle in transaction")
    };
    let found = judge(NAME, &reading(older, None, None), &Findings::default());
    assert_eq!(found.predecessors, [7]);
    assert_eq!(found.states["predecessor"], 1);
    assert_eq!(found.oldest_transaction_seconds, 0.0, "another process's transaction");
}

#[test]
fn the_oldest_transaction_is_one_that_two_audits_saw() {
    let open = || reading(backend(7, "idle in transaction"), pooled(3), pooled(3));
    let before = judge(NAME, &open(), &Findings::default());
    assert_eq!(before.oldest_transaction_seconds, 0.0);
    assert_eq!(judge(NAME, &open(), &before).oldest_transaction_seconds, 60.0);
    let own = Backend { is_auditor: true, ..backend(8, "active") };
    let own = || reading(own.clone(), SYSTEM, SYSTEM);
    let before = judge(NAME, &own(), &Findings::default());
    assert_eq!(judge(NAME, &own(), &before).oldest_transaction_seconds, 0.0, "the audit's own");
}
