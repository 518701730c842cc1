//! Answers that are late, and tokens that cannot be read.

use std::{fs::Permissions, os::unix::fs::PermissionsExt as _, thread, time::Duration};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::{
    runbook_walks::{
        load::Beat,
        scene::{
            Drawn::{Above, Below},
            Scene,
            Sign::{Log, Panel},
            WHERE_BUSY, Walk,
        },
        stage::Stage,
    },
    support::{
        crowd::{Crowd, Manners, Visitor},
        scratch,
    },
};

const RELOADS: &str = "Reloads of the tokens";

pub const SCENES: &[Scene] = &[
    Scene {
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
    },
    Scene {
        name: "mistyped",
        fault: "the file of tokens is replaced by one with a line that cannot be read",
        alerts: &["TokensReloadFailed"],
        perhaps: WHERE_BUSY,
        walks: &[Walk {
            alert: "TokensReloadFailed",
            look: &[
                Panel(RELOADS, "the latest failed", Above(0.0)),
                Log("the tokens cannot be read; those before stay in force", &["error"]),
            ],
            over: &[
                Panel(RELOADS, "the latest failed", Below(1.0)),
                Log("the file of tokens was read", &["number"]),
            ],
        }],
        is_short: true,
        play: mistyped,
    },
];

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

fn mistyped(stage: &mut Stage) {
    let file = scratch::dir("tokens").join("tokens");
    let write = |text: &str| {
        std::fs::write(&file, text).expect("write the tokens");
        std::fs::set_permissions(&file, Permissions::from_mode(0o600)).expect("chmod");
    };
    write("# nobody yet\n");
    let path = file.to_str().expect("a path").to_owned();
    stage.start(|setup| setup.env("SECTORWATCH_TOKENS_FILE", &path));
    stage.service().await_cycles("success", 3);
    write("bot:read\n");
    stage.service().signal(Signal::SIGHUP);
    stage.walk();
    // The section says to put the file before back, and to send SIGHUP.
    write("# nobody yet\n");
    stage.service().signal(Signal::SIGHUP);
    stage.over();
}
