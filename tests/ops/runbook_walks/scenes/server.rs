//! Faults that only the server can show, and a server that is away.

use std::time::Duration;

use crate::{
    runbook_walks::{
        load::{Beat, ask_and_wait},
        mixing_pooler::MixingPooler,
        scene::{
            Drawn::{Above, Below},
            Scene,
            Sign::{Log, Page, Panel, Reason, Row, Status},
            Walk,
        },
        scenes::CYCLES_FAIL,
        stage::Stage,
    },
    support::{
        http,
        postgres::{Database, Server},
        service::{PATIENCE, Setup},
        sql::Client,
    },
};

const HISTORY: &str = "/api/flights/QFA1";
/// The alerts for a database that accepts no connection.
const AWAY: &[&str] = &[
    "NotReady",
    "PoolCapacityLost",
    "PoolAcquireSlow",
    "PollStalled",
    "PollErrorBudgetFast",
    "PollErrorBudgetSlow",
    "HttpErrors",
];
/// The alerts for a database without a free connection. They are nearly the same, but another one
/// names the cause.
const FULL: &[&str] = &[
    "PoolCapacityLost",
    "NotReady",
    "PoolAcquireSlow",
    "PollStalled",
    "PollErrorBudgetFast",
    "PollErrorBudgetSlow",
    "HttpErrors",
];
const UNREADY: &str = "the database has not answered within the last 30 s";

pub const SCENES: &[Scene] = &[
    Scene {
        name: "blind",
        fault: "the audit's session ended, and the role may open no other",
        alerts: &["LeakAuditBlind"],
        perhaps: &[],
        walks: &[Walk {
            alert: "LeakAuditBlind",
            look: &[
                Panel("Audit", "since the last", Above(300.0)),
                Log("the server's sessions were not audited", &["error"]),
                Reason("audit_blind"),
            ],
            over: &[Panel("Audit", "since the last", Below(30.0))],
        }],
        is_short: false,
        play: blind,
    },
    Scene {
        name: "stopped",
        fault: "PostgreSQL is stopped",
        alerts: AWAY,
        perhaps: &["CycleStuck"],
        walks: &[
            Walk {
                alert: "PollStalled",
                look: &[
                    Panel("Since a snapshot was stored, and the mark", "stored", Above(10.0)),
                    Panel("Cycle outcomes", "flights_error", Above(0.0)),
                    CYCLES_FAIL,
                ],
                over: &[Log("cycles succeed again", &[])],
            },
            Walk {
                alert: "NotReady",
                look: &[
                    Page("/readyz", 503, UNREADY),
                    Panel("Ready", "", Below(1.0)),
                    Panel("Failed connects by SQLSTATE class", "io", Above(0.0)),
                    Reason("database_unreachable"),
                ],
                over: &[
                    Page("/readyz", 200, "ready"),
                    Panel("Ready", "", Above(0.0)),
                    Log("cycles succeed again", &[]),
                ],
            },
        ],
        is_short: false,
        play: stopped,
    },
    Scene {
        name: "refused",
        fault: "PostgreSQL has no room for another connection",
        alerts: FULL,
        perhaps: &["CycleStuck"],
        walks: &[Walk {
            alert: "PoolCapacityLost",
            look: &[
                Panel("Failed connects by SQLSTATE class", "read 53", Above(0.0)),
                Status("/pool/read/last_connect_error/class", "53"),
            ],
            over: &[Log("cycles succeed again", &[])],
        }],
        is_short: false,
        play: refused,
    },
    Scene {
        name: "orphaned",
        fault: "the server keeps a broken session, and refuses the connection that would end it",
        alerts: &["ServerOrphanBackends", "PoolLeakConfirmed"],
        perhaps: &[],
        walks: &[Walk {
            alert: "ServerOrphanBackends",
            look: &[
                Panel("Backends by state", "orphan", Above(0.0)),
                Log("the server has a session that leaked", &["found", "backend_pid"]),
                Log("leaked sessions were not ended", &["error", "pids"]),
                Row("select pid, state, query_start", "| idle |"),
            ],
            over: &[Panel("Backends by state", "orphan", Below(1.0))],
        }],
        is_short: false,
        play: orphaned,
    },
    Scene {
        name: "mixed",
        fault: "a pooler in front of PostgreSQL begins transactions in idle sessions",
        alerts: &["IdleInTransaction", "PoolLeakConfirmed"],
        perhaps: &[],
        walks: &[Walk {
            alert: "IdleInTransaction",
            look: &[
                Panel("Backends by state", "idle_in_transaction_unleased", Above(0.0)),
                Log("the server has a session that leaked", &["found", "owner", "backend_pid"]),
            ],
            over: &[Panel("Backends by state", "idle_in_transaction_unleased", Below(1.0))],
        }],
        is_short: false,
        play: mixed,
    },
];

fn blind(stage: &mut Stage) {
    stage.patience = Duration::from_secs(400);
    stage.start_on(stage.world.database_of_own_role(), |setup| {
        setup.env("SECTORWATCH_AUDIT_INTERVAL", "5s")
    });
    stage.service().await_cycles("success", 3);
    let superuser = stage.database().client();
    limit(stage, &superuser, -1);
    superuser.run(&format!(
        "select pg_terminate_backend(pid) from pg_stat_activity
         where usename = '{}' and query like '%pg_total_relation_size%'",
        stage.database().role()
    ));
    stage.walk();
    unlimit(stage, &superuser);
    stage.over();
}

fn stopped(stage: &mut Stage) {
    let server = Server::own(&[]);
    stage.start_on(Database::migrated_on(server.clone()), impatient);
    stage.service().await_cycles("success", 3);
    server.stop();
    let readers = readers(stage);
    stage.walk();
    readers.end();
    server.start();
    stage.over();
}

fn refused(stage: &mut Stage) {
    stage.start_on(stage.world.database_of_own_role(), impatient);
    stage.service().await_cycles("success", 3);
    let superuser = stage.database().client();
    let role = stage.database().role();
    superuser.run(&format!(
        "alter role {role} connection limit 0;
         select pg_terminate_backend(pid) from pg_stat_activity where usename = '{role}'"
    ));
    let readers = readers(stage);
    stage.walk();
    readers.end();
    unlimit(stage, &superuser);
    stage.over();
}

/// The ranges of the rules are short, and each must contain an acquire that timed out.
fn impatient(setup: Setup) -> Setup {
    setup.env("SECTORWATCH_ACQUIRE_TIMEOUT", "1s")
}

/// Requests histories all the time, because the poller acquires no connection while it waits for
/// the writer's lock.
fn readers(stage: &Stage) -> Beat {
    let address = stage.setup().address();
    Beat::every(Duration::from_millis(500), move || drop(http::get(address, HISTORY)))
}

fn orphaned(stage: &mut Stage) {
    stage.start_on(stage.world.database_of_own_role(), |setup| {
        setup.env("SECTORWATCH_AUDIT_INTERVAL", "1s")
    });
    stage.service().await_cycles("success", 3);
    let superuser = stage.database().client();
    limit(stage, &superuser, 0);
    let name = superuser.one(&format!(
        "select min(application_name) from pg_stat_activity where usename = '{}'",
        stage.database().role()
    ));
    let orphan = stage.database().client();
    orphan.run(&format!("set application_name = '{name}'"));
    let pid = orphan.one("select pg_backend_pid()");
    stage.walk();
    superuser.run(&format!("select pg_terminate_backend({pid})"));
    unlimit(stage, &superuser);
    stage.over();
}

fn mixed(stage: &mut Stage) {
    let database = stage.world.database();
    let interloper = MixingPooler::before(&database);
    let url = interloper.url_of(&database);
    stage.start_on(database, |setup| {
        setup
            .env("SECTORWATCH_READ_DATABASE_URL", &url)
            .env("SECTORWATCH_POOL_SELF_HEAL", "false")
            .env("SECTORWATCH_AUDIT_INTERVAL", "1s")
            // This also limits how long a session may be idle in a transaction.
            .env("SECTORWATCH_STATEMENT_TIMEOUT", "5m")
    });
    let superuser = stage.database().client();
    let all = ask_for_all_connections(stage, &superuser);
    drop(all);
    interloper.begin();
    stage.walk();
    superuser.run(&format!(
        "select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction'
         and application_name like 'sectorwatch:{}:%'",
        stage.scene.name
    ));
    stage.over();
    stage.end();
}

/// Makes the pool `read` open all its connections, which are idle afterwards.
fn ask_for_all_connections(stage: &mut Stage, superuser: &Client) -> Vec<std::net::TcpStream> {
    superuser.run("begin; lock table flights in access exclusive mode");
    let all = ask_and_wait(stage.setup().address(), HISTORY, 9);
    let out = "sectorwatch_db_pool_checked_out_connections{pool=\"read\"}";
    stage.service().wait_until("all are out", PATIENCE, |it| it.metric(out) == 8.0);
    superuser.run("rollback");
    stage.service().wait_until("all are idle", PATIENCE, |it| it.metric(out) == 0.0);
    all
}

/// Limits the service's role to its current number of sessions plus `more`.
fn limit(stage: &Stage, superuser: &Client, more: i64) {
    let role = stage.database().role();
    let count = format!("select count(*) from pg_stat_activity where usename = '{role}'");
    let sessions = superuser.count(&count).saturating_add_signed(more);
    superuser.run(&format!("alter role {role} connection limit {sessions}"));
}

fn unlimit(stage: &Stage, superuser: &Client) {
    superuser.run(&format!("alter role {} connection limit -1", stage.database().role()));
}
