//! Pollers that hang, fail, fall behind or restart repeatedly.

use std::time::Duration;

use crate::{
    runbook_walks::{
        publisher::of_now,
        scene::{
            Drawn::{Above, Below},
            Scene,
            Sign::{Log, Page, Panel, Reason},
            WHERE_BUSY, Walk,
        },
        stage::Stage,
    },
    support::{
        feed_server::{Answer, MAIN},
        setup::Setup,
    },
};

const SUCCESSOR: &str = "the poller's thread is blocked or gone; starting a successor";
const RESTARTS: &str = "Skipped ticks, failures in a row, restarts, panics";
const HEARTBEAT: &str = "Since heartbeat / attempt";

pub const SCENES: &[Scene] = &[
    Scene {
        name: "dead",
        fault: "the poller's thread is blocked, and its supervisor does not notice",
        alerts: &["PollerHeartbeatLost", "CycleStuck", "PollStalled", "PollOverrun"],
        perhaps: &[],
        walks: &[
            Walk {
                alert: "CycleStuck",
                look: &[
                    Panel("Phase of the running cycle", "fetch", Above(0.0)),
                    Reason("cycle_stuck"),
                ],
                over: &[],
            },
            Walk {
                alert: "PollerHeartbeatLost",
                look: &[
                    Panel(HEARTBEAT, "heartbeat", Above(30.0)),
                    Panel("Latest cycle", "fetch", Above(0.0)),
                    Panel("Runtime lag, p99", "poller", Above(0.0)),
                    Reason("poller_heartbeat_lost"),
                ],
                over: &[Panel(HEARTBEAT, "heartbeat", Below(5.0))],
            },
        ],
        is_short: true,
        play: dead,
    },
    Scene {
        name: "hopeless",
        fault: "every thread that the supervisor starts is blocked, until it gives up",
        alerts: &["PollerHeartbeatLost", "PollStalled", "PollerRestarts"],
        perhaps: &["CycleStuck"],
        walks: &[
            Walk {
                alert: "PollerRestarts",
                look: &[Panel(RESTARTS, "stall", Above(0.0)), Log(SUCCESSOR, &["epoch", "reason"])],
                over: &[],
            },
            Walk {
                alert: "PollerHeartbeatLost",
                look: &[
                    Panel(HEARTBEAT, "heartbeat", Above(30.0)),
                    Log(SUCCESSOR, &["epoch", "reason"]),
                    Log("every successor of the poller is lost, too; giving up", &[]),
                    Reason("poller_gave_up"),
                    Page("/livez", 503, "dead"),
                ],
                over: &[
                    Log("may write", &["generation"]),
                    Panel(HEARTBEAT, "heartbeat", Below(5.0)),
                    Page("/livez", 200, "ok"),
                ],
            },
        ],
        is_short: false,
        play: hopeless,
    },
    Scene {
        name: "late",
        fault: "the feed takes longer to answer than the interval",
        alerts: &["PollOverrun"],
        perhaps: &[],
        walks: &[Walk {
            alert: "PollOverrun",
            look: &[
                Panel(RESTARTS, "skipped", Above(0.0)),
                Panel("Where a cycle's time goes", "fetch", Above(2.0)),
            ],
            over: &[Panel("Duration of a cycle, against the interval", "p95", Below(3.0))],
        }],
        is_short: false,
        play: late,
    },
    Scene {
        name: "panicking",
        fault: "the poller panics now and then",
        alerts: &["PollerRestarts"],
        perhaps: WHERE_BUSY,
        walks: &[Walk {
            alert: "PollerRestarts",
            look: &[
                Panel(RESTARTS, "panic", Above(0.0)),
                Log("the poller panicked; it starts again", &["error"]),
            ],
            over: &[],
        }],
        is_short: false,
        play: panicking,
    },
    Scene {
        name: "unwatched",
        fault: "a background task ends by a panic",
        alerts: &["TaskEnded"],
        perhaps: WHERE_BUSY,
        walks: &[Walk {
            alert: "TaskEnded",
            look: &[
                Panel(RESTARTS, "task watch", Above(-1.0)),
                Log("a background task ended; it is started again", &["task", "panicked"]),
                Reason("task_ended"),
            ],
            over: &[],
        }],
        is_short: true,
        play: unwatched,
    },
    Scene {
        name: "superseded",
        fault: "another process repeatedly writes to this database",
        alerts: &["PollerRestarts"],
        perhaps: &["PollErrorBudgetFast", "PollErrorBudgetSlow"],
        walks: &[Walk {
            alert: "PollerRestarts",
            look: &[
                Panel(RESTARTS, "exit", Above(0.0)),
                Log("another process may write this database now", &[]),
            ],
            over: &[],
        }],
        is_short: false,
        play: superseded,
    },
];

fn dead(stage: &mut Stage) {
    stage.start(|setup| {
        let setup = setup.env("SECTORWATCH_FAULT_STALL_MS", "600000");
        setup.fault("cycle.fetch=block:50000@3")
    });
    stage.walk();
    stage.over();
}

fn hopeless(stage: &mut Stage) {
    let faults: Vec<_> = (4..14).map(|n| format!("cycle.fetch=block:600000@{n}")).collect();
    stage.start(|setup| setup.env("SECTORWATCH_FAULT_STALL_MS", "6000").fault(&faults.join(";")));
    stage.walk();
    stage.start_again_with(well);
    stage.over();
}

fn late(stage: &mut Stage) {
    stage.start(|setup| setup);
    stage.publisher.write(|feed, _| {
        let late = Answer::ok(of_now("SYD").json()).after(Duration::from_millis(4500));
        feed.answer(MAIN, late);
    });
    stage.walk();
    stage.publisher.write_well();
    stage.over();
}

fn panicking(stage: &mut Stage) {
    stage.start(|setup| {
        let setup = setup.env("SECTORWATCH_POLL_INTERVAL", "1s");
        // Few enough to stay within the error budget.
        setup.fault("cycle.fetch=panic@10;cycle.fetch=panic@35;cycle.fetch=panic@60")
    });
    stage.walk();
    stage.over();
}

fn unwatched(stage: &mut Stage) {
    stage.start(|setup| setup.fault("task.watch=panic@1"));
    stage.walk();
    stage.over();
}

fn superseded(stage: &mut Stage) {
    stage.start(|setup| setup);
    let client = stage.database().client();
    for _ in 0..4 {
        stage.service().await_cycles("success", 3);
        client.run("update collector_state set generation = generation + 1");
    }
    stage.walk();
    stage.over();
}

fn well(setup: Setup) -> Setup {
    setup.env("SECTORWATCH_FAULT", "")
}
