//! Feeds that answer while nothing is stored.

use nix::sys::signal::Signal;

use crate::{
    runbook_walks::{
        scene::{
            Drawn::{Above, Below},
            Scene,
            Sign::{Log, Panel, Reason, Status},
            WHERE_BUSY, Walk,
        },
        scenes::CYCLES_FAIL,
        stage::Stage,
    },
    support::setup::Setup,
};

const STORED: &str = "Since a snapshot was stored, and the mark";

pub const SCENES: &[Scene] = &[
    Scene {
        name: "locked",
        fault: "another client's transaction holds a lock on `flights`",
        alerts: &["PollStalled", "PollErrorBudgetFast", "PollErrorBudgetSlow", "PollOverrun"],
        perhaps: &["CycleStuck"],
        walks: &[
            Walk {
                alert: "PollStalled",
                look: &[
                    Panel(STORED, "stored", Above(10.0)),
                    Panel("Seconds since last successful poll", "", Above(10.0)),
                    Panel("Cycle outcomes", "flights_error", Above(0.0)),
                    Panel("State", "polling", Above(0.0)),
                    CYCLES_FAIL,
                    Panel("Errors by class", "flights 57", Above(0.0)),
                    Reason("not_storing"),
                ],
                over: &[Log("cycles succeed again", &[])],
            },
            Walk {
                alert: "PollErrorBudgetFast",
                look: &[Panel("Cycle outcomes", "flights_error", Above(0.0)), CYCLES_FAIL],
                over: &[],
            },
            Walk {
                alert: "PollErrorBudgetSlow",
                look: &[Panel("Cycle outcomes", "flights_error", Above(0.0)), CYCLES_FAIL],
                over: &[Log("cycles succeed again", &[])],
            },
        ],
        is_short: false,
        play: locked,
    },
    Scene {
        name: "rivalled",
        fault: "a second sectorwatch became the writer of this database",
        alerts: &["PollStalled", "PollErrorBudgetFast", "PollErrorBudgetSlow"],
        perhaps: &[],
        walks: &[Walk {
            alert: "PollStalled",
            look: &[CYCLES_FAIL, Status("/poller/last_error/kind", "locked")],
            over: &[Log("cycles succeed again", &[])],
        }],
        is_short: false,
        play: rivalled,
    },
    Scene {
        name: "ahead",
        fault: "a snapshot from the future was stored",
        alerts: &["PollStalled", "PollErrorBudgetFast", "PollErrorBudgetSlow"],
        perhaps: WHERE_BUSY,
        walks: &[Walk {
            alert: "PollStalled",
            look: &[
                Panel(STORED, "age of the mark", Below(0.0)),
                Panel("Cycle outcomes", "mark_ahead", Above(0.0)),
                CYCLES_FAIL,
                Reason("not_storing"),
            ],
            // After the fault, another process shows this panel.
            over: &[Panel(STORED, "age of the mark", Above(-1.0))],
        }],
        is_short: false,
        play: ahead,
    },
];

fn locked(stage: &mut Stage) {
    stage.start(|setup| setup);
    stage.service().await_cycles("success", 3);
    let holder = stage.database().client();
    holder.run("begin; lock table flights in access exclusive mode");
    stage.walk();
    stage.end_blockers();
    stage.over();
}

fn rivalled(stage: &mut Stage) {
    stage.start(|setup| setup);
    stage.service().await_cycles("success", 3);
    let client = stage.database().client();
    let rival = Setup::serve(stage.database(), &stage.publisher.feed)
        .env("SECTORWATCH_INSTANCE", "rival")
        .env("SECTORWATCH_POLL_INTERVAL", "1s");
    // Like a machine that was suspended, so that the server closed its session.
    stage.service().signal(Signal::SIGSTOP);
    client.run(
        "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
         and database = (select oid from pg_database where datname = current_database())",
    );
    let rival = rival.start();
    stage.service().signal(Signal::SIGCONT);
    stage.walk();
    drop(rival);
    stage.over();
}

fn ahead(stage: &mut Stage) {
    stage.start(|setup| setup);
    stage.service().await_cycles("success", 3);
    stage.end();
    let client = stage.database().client();
    let good = client.one("select mark from collector_state");
    // A recording from the future would leave such a mark.
    client.run("update collector_state set mark = now() + interval '2 days'");
    stage.start_again();
    stage.walk();
    stage.end();
    client.run(&format!("update collector_state set mark = '{good}'"));
    stage.start_again();
    stage.over();
}
