//! Processes that are gone, that restart repeatedly, or that have too few file descriptors.

use std::{process::Command, time::Duration};

use crate::{
    runbook_walks::{
        scene::{
            Drawn::{Above, Below, Nothing},
            Scene,
            Sign::{Panel, Target},
            Walk,
        },
        stage::Stage,
    },
    support::{
        feed_server::{Answer, FeedServer},
        service::PATIENCE,
    },
};

/// Can be played only when no other instance is left.
pub const ABSENT: &Scene = &Scene {
    // The alert has no label for the instance.
    name: "",
    fault: "no instance is among the targets",
    alerts: &["Absent"],
    perhaps: &[],
    walks: &[Walk { alert: "Absent", look: &[Panel("Ready", "", Nothing)], over: &[] }],
    is_short: false,
    play: absent,
};

pub const SCENES: &[Scene] = &[
    Scene {
        name: "down",
        fault: "the process is gone",
        alerts: &["Down"],
        perhaps: &[],
        walks: &[Walk {
            alert: "Down",
            look: &[Panel("Ready", "", Nothing), Target("connection refused")],
            over: &[Panel("Ready", "", Above(0.0))],
        }],
        is_short: true,
        play: down,
    },
    Scene {
        name: "foreign",
        fault: "another program listens at the address",
        alerts: &["MetricsMissing"],
        perhaps: &[],
        walks: &[Walk {
            alert: "MetricsMissing",
            look: &[Panel("Connections by state", "", Nothing)],
            over: &[],
        }],
        is_short: true,
        play: foreign,
    },
    Scene {
        name: "looping",
        fault: "the process is killed again and again",
        alerts: &["RestartLoop"],
        perhaps: &[],
        walks: &[Walk {
            alert: "RestartLoop",
            look: &[Panel("Restarts, 24 h", "", Above(3.0))],
            over: &[],
        }],
        is_short: false,
        play: looping,
    },
    Scene {
        name: "crammed",
        fault: "the limit of file descriptors is nearly reached",
        alerts: &["FileDescriptorsHigh"],
        perhaps: &[],
        walks: &[Walk {
            alert: "FileDescriptorsHigh",
            look: &[
                Panel("File descriptors in use", "", Above(0.8)),
                Panel("In flight, and abandoned", "in flight", Above(0.0)),
            ],
            over: &[Panel("File descriptors in use", "", Below(0.8))],
        }],
        is_short: false,
        play: crammed,
    },
];

fn down(stage: &mut Stage) {
    stage.start(|setup| setup);
    stage.end();
    stage.walk();
    stage.start_again();
    stage.over();
}

fn foreign(stage: &mut Stage) {
    let other = FeedServer::start();
    let page = Answer::ok("other_program_up 1\n").header("Content-Type", "text/plain");
    other.answer("/metrics", page);
    stage.scrape(other.address());
    stage.walk();
    stage.start(|setup| setup);
    stage.over();
}

fn looping(stage: &mut Stage) {
    stage.start(|setup| setup.fault("cycle.fetch=kill@3"));
    for _ in 0..5 {
        stage.service().await_end(PATIENCE);
        stage.start_again();
    }
    stage.start_again_with(|setup| setup.env("SECTORWATCH_FAULT", ""));
    stage.walk();
    stage.over();
}

fn crammed(stage: &mut Stage) {
    stage.start(|setup| setup);
    stage.service().await_cycles("success", 5);
    let pid = stage.service().pid().to_string();
    let in_use = stage.service().metric("process_open_fds");
    let limit = |most: u64| {
        let limit = format!("--nofile={most}:");
        let set = Command::new("prlimit").args(["--pid", &pid, &limit]).status();
        assert!(set.expect("prlimit, of util-linux").success());
    };
    limit((in_use / 0.85) as u64);
    stage.walk();
    limit(1024);
    stage.over();
}

fn absent(stage: &mut Stage) {
    stage.patience = Duration::from_secs(60);
    stage.walk();
}
