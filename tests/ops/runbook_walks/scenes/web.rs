//! Answers that are late.

use std::{thread, time::Duration};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::{
    runbook_walks::{
        load::Beat,
        scene::{Drawn::Above, Scene, Sign::Panel, Walk},
        stage::Stage,
    },
    support::crowd::{Crowd, Manners, Visitor},
};

pub const SCENES: &[Scene] = &[Scene {
    name: "throttled",
    fault: "the process gets a twelfth of the processor's time, as under a limit of its container",
    alerts: &["StatusSlow"],
    perhaps: &[],
    walks: &[Walk {
        alert: "StatusSlow",
        look: &[
            Panel("Duration p99 by route", "/api/status", Above(0.5)),
            Panel("Runtime lag, p99", "http", Above(0.25)),
            Panel("Processor", "", Above(0.0)),
            Panel("Rate and errors by route", "/api/status 2xx", Above(0.0)),
        ],
        over: &[],
    }],
    is_short: false,
    play: throttled,
}];

fn throttled(stage: &mut Stage) {
    stage.start(|setup| setup.env("SECTORWATCH_POLL_INTERVAL", "15s"));
    let pid = Pid::from_raw(stage.service().pid());
    let visitor = Visitor { path: "/api/status?format=html".to_owned(), manners: Manners::Waits };
    let crowd = Crowd::of(stage.setup().address(), vec![visitor; 20]);
    let throttling = Beat::every(Duration::from_millis(50), move || {
        // The process is killed only after this thread has ended, so it can be signalled.
        kill(pid, Signal::SIGSTOP).expect("stop");
        // The process stands still for this time.
        thread::sleep(Duration::from_millis(600));
        kill(pid, Signal::SIGCONT).expect("go on");
    });
    stage.walk();
    throttling.end();
    crowd.end();
    stage.over();
}
