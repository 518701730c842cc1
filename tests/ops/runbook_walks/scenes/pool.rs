//! Pools: leaks, queues, and connections that do not last.

use std::time::Duration;

use crate::{
    runbook_walks::{
        load::{Beat, ask_and_wait},
        scene::{
            Drawn::{Above, Below},
            Scene,
            Sign::{Log, Panel, Reason, Row, Status},
            Walk,
        },
        stage::Stage,
    },
    support::{
        crowd::{Crowd, Manners, Visitor},
        http,
        proxy::Proxy,
    },
};

/// A path whose requests use the database.
const HISTORY: &str = "/api/flights/QFA1";
const LOCK: &str = "begin; lock table flights in access exclusive mode";
const SLOW_QUERIES: &str = "select pid, wait_event_type, state, query";
const BLOCKED: &str = "select pid, pg_blocking_pids(pid)";
const OUT: &[&str] = &["owner", "place", "held_ms", "backend_pid"];

pub const SCENES: &[Scene] = &[
    Scene {
        name: "exhausted",
        fault: "more history requests than connections, while a lock blocks the read database",
        alerts: &[
            "PoolExhausted",
            "PoolSaturated",
            "PoolAcquireTimeouts",
            "PoolAcquireSlow",
            "PoolLeaseOverdue",
            "HttpErrors",
        ],
        perhaps: &["NotReady"],
        walks: &[
            Walk {
                alert: "PoolExhausted",
                look: &[
                    Panel("Tasks waiting", "read", Above(0.0)),
                    Panel("Overdue leases and oldest lease", "api oldest", Above(2.0)),
                    Log("a session is out for long", OUT),
                    Row(BLOCKED, "{"),
                ],
                over: &[Panel("Tasks waiting", "read", Below(1.0))],
            },
            Walk {
                alert: "PoolAcquireTimeouts",
                look: &[
                    Panel("Acquires by outcome", "timeout", Above(0.0)),
                    Panel("Rate and errors by route", "/api/flights/{callsign} 5xx", Above(0.0)),
                ],
                over: &[],
            },
            Walk {
                alert: "HttpErrors",
                look: &[
                    Panel("Rate and errors by route", "/api/flights/{callsign} 5xx", Above(0.0)),
                    Status("/pool/read/checked_out", "2"),
                ],
                over: &[],
            },
        ],
        is_short: true,
        play: exhausted,
    },
    Scene {
        name: "saturated",
        fault: "a lock blocks the read database, and nearly all connections wait for it",
        alerts: &["PoolSaturated", "PoolLeaseOverdue"],
        perhaps: &[],
        walks: &[
            Walk {
                alert: "PoolLeaseOverdue",
                look: &[
                    Panel("Overdue leases and oldest lease", "api overdue", Above(6.0)),
                    Log("a session is out for long", OUT),
                    Reason("lease_overdue"),
                    Row("select state, wait_event_type", "Lock"),
                ],
                over: &[
                    Log("a session that was out for long came back", &["held_ms"]),
                    Panel("Overdue leases and oldest lease", "api overdue", Below(1.0)),
                ],
            },
            Walk {
                alert: "PoolSaturated",
                look: &[
                    Panel("Who holds connections", "api", Above(6.0)),
                    Panel("Held for, p99, against the leak threshold", "api threshold", Above(0.0)),
                    Status("/pool/read/oldest_lease/location", "crates/store/src/"),
                    Row(SLOW_QUERIES, "Lock | active | "),
                ],
                over: &[Panel("Who holds connections", "api", Below(1.0))],
            },
        ],
        is_short: false,
        play: saturated,
    },
    Scene {
        name: "leaking",
        fault: "a task forgets a connection",
        alerts: &["PoolLeakConfirmed"],
        perhaps: &[],
        walks: &[Walk {
            alert: "PoolLeakConfirmed",
            look: &[
                Panel("Confirmed by kind", "flights: outlived_scope", Above(0.0)),
                Log("a session leaked", &["kind", "owner", "place", "held_ms", "backend_pid"]),
                Log("the pool was replaced, because it lost capacity", &["pool"]),
                Log("sessions that leaked were ended", &["pids"]),
                Reason("leak_confirmed"),
            ],
            over: &[Panel("Accounting: client minus registry", "ingest", Below(1.0))],
        }],
        is_short: true,
        play: leaking,
    },
    Scene {
        name: "losing",
        fault: "the pool loses a place before the first scrape",
        alerts: &["PoolLeakConfirmed"],
        perhaps: &[],
        walks: &[Walk {
            alert: "PoolLeakConfirmed",
            look: &[
                Log("the pool lost a connection", &["pool", "kind"]),
                Log("the pool was replaced, because it lost capacity", &["pool"]),
                Reason("leak_confirmed"),
            ],
            over: &[Panel("Accounting: client minus registry", "ingest", Below(1.0))],
        }],
        is_short: false,
        play: losing,
    },
    Scene {
        name: "unaccounted",
        fault: "code takes a connection without a lease, and self-healing is off",
        alerts: &["PoolUnaccounted", "PoolLeakConfirmed"],
        perhaps: &[],
        walks: &[Walk {
            alert: "PoolUnaccounted",
            look: &[
                Panel("Accounting: client minus registry", "ingest", Above(0.0)),
                Panel("Backends by state", "pooled_idle", Above(0.0)),
                Log("the pool lost a connection", &["pool", "kind"]),
            ],
            over: &[Panel("Accounting: client minus registry", "ingest", Below(1.0))],
        }],
        is_short: false,
        play: unaccounted,
    },
    Scene {
        name: "slow",
        fault: "a network on which each new connection takes its time",
        alerts: &["PoolAcquireSlow"],
        perhaps: &[],
        walks: &[Walk {
            alert: "PoolAcquireSlow",
            look: &[
                Panel("Wait for a connection p50/p95/p99", "ingest p95", Above(0.25)),
                Panel("Tasks waiting", "ingest", Below(1.0)),
                Panel("Time to open and to validate, mean", "open: ok", Above(0.25)),
            ],
            over: &[],
        }],
        is_short: false,
        play: slow,
    },
    Scene {
        name: "churning",
        fault: "something closes idle connections",
        alerts: &["ConnectionChurn"],
        perhaps: &["HttpErrors"],
        walks: &[Walk {
            alert: "ConnectionChurn",
            look: &[Panel("Opened and closed, by reason", "closed: ", Below(0.0))],
            over: &[],
        }],
        is_short: false,
        play: churning,
    },
];

fn exhausted(stage: &mut Stage) {
    let reading = stage.world.database();
    stage.start(|setup| {
        setup
            .env("SECTORWATCH_READ_DATABASE_URL", &reading.url())
            .env("SECTORWATCH_READ_POOL_SIZE", "2")
    });
    let holder = reading.client();
    holder.run(LOCK);
    let visitor = Visitor { path: HISTORY.to_owned(), manners: Manners::Waits };
    let crowd = Crowd::of(stage.setup().address(), vec![visitor; 6]);
    stage.walk();
    stage.end_blockers();
    crowd.end();
    stage.over();
    stage.end();
}

fn saturated(stage: &mut Stage) {
    let reading = stage.world.database();
    stage.start(|setup| {
        setup
            .env("SECTORWATCH_READ_DATABASE_URL", &reading.url())
            .env("SECTORWATCH_READ_POOL_SIZE", "8")
            .env("SECTORWATCH_STATEMENT_TIMEOUT", "5m")
    });
    let holder = reading.client();
    holder.run(LOCK);
    let waiting = ask_and_wait(stage.setup().address(), HISTORY, 7);
    stage.walk();
    holder.run("rollback");
    stage.over();
    drop(waiting);
    stage.end();
}

fn leaking(stage: &mut Stage) {
    stage.start(|setup| setup.fault("release.flights=forget@8"));
    stage.walk();
    stage.over();
}

fn losing(stage: &mut Stage) {
    stage.start(|setup| setup.fault("connect=panic@1"));
    stage.walk();
    stage.over();
}

fn unaccounted(stage: &mut Stage) {
    stage.start(|setup| {
        setup
            .env("SECTORWATCH_POOL_SELF_HEAL", "false")
            .env("SECTORWATCH_AUDIT_INTERVAL", "1s")
            .fault("release.flights=lose@8")
    });
    stage.walk();
    stage.start_again_with(|setup| setup.env("SECTORWATCH_FAULT", ""));
    stage.over();
}

fn slow(stage: &mut Stage) {
    let database = stage.world.database();
    let proxy = Proxy::before(&database);
    let url = proxy.url_of(&database);
    stage.start_on(database, |setup| {
        setup.env("DATABASE_URL", &url).env("SECTORWATCH_CONNECTION_MAX_LIFETIME", "1s")
    });
    proxy.slow(Duration::from_millis(500));
    stage.walk();
    proxy.open();
    stage.over();
    stage.end();
}

fn churning(stage: &mut Stage) {
    let reading = stage.world.database();
    stage.start(|setup| setup.env("SECTORWATCH_READ_DATABASE_URL", &reading.url()));
    let address = stage.setup().address();
    let readers =
        Beat::every(Duration::from_millis(100), move || drop(http::get(address, HISTORY)));
    let client = reading.client();
    let cutting = Beat::every(Duration::from_millis(100), move || {
        // Sessions that were used a moment ago are spared, because they may be in use again.
        client.run(
            "select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and application_name like 'sectorwatch:%'
             and state = 'idle' and state_change < now() - interval '50 ms'",
        );
    });
    stage.walk();
    cutting.end();
    readers.end();
    stage.over();
    stage.end();
}
