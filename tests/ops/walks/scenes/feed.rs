//! A feed that is not there, and one that stands still.

use chrono::TimeDelta;
use serde_json::json;

use crate::{
    support::feed_server::{Answer, MAIN, STATUS, TRANSCEIVERS},
    walks::{
        press::dated_back,
        scene::{
            Drawn::{Above, Below},
            Scene,
            Sign::{Log, Panel, Reason},
            WHERE_BUSY, Walk,
        },
        scenes::CYCLES_FAIL,
        stage::Stage,
    },
};

pub const SCENES: &[Scene] = &[
    Scene {
        name: "well",
        fault: "none",
        alerts: &[],
        perhaps: &[],
        walks: &[],
        is_short: true,
        play: well,
    },
    Scene {
        name: "stale",
        fault: "the network's data stands still",
        alerts: &["FeedStale"],
        perhaps: &[],
        walks: &[Walk {
            alert: "FeedStale",
            look: &[
                Panel("Feed age (VATSIM's clock)", "v3", Above(300.0)),
                Panel("Cycle outcomes", "unchanged", Above(0.0)),
                Reason("feed_stale"),
            ],
            over: &[Panel("Feed age (VATSIM's clock)", "v3", Below(60.0))],
        }],
        is_short: true,
        play: stale,
    },
    Scene {
        name: "unreachable",
        fault: "nobody answers at the feed's address",
        alerts: &["FeedUnreachable"],
        perhaps: WHERE_BUSY,
        walks: &[Walk {
            alert: "FeedUnreachable",
            look: &[
                Panel("Upstream responses", "v3 error", Above(0.0)),
                CYCLES_FAIL,
                Log("discovery failed; the addresses stay as they are", &["error"]),
                Reason("feed_unreachable"),
            ],
            over: &[
                Log("cycles succeed again", &[]),
                Panel("Upstream responses", "v3 2xx", Above(0.0)),
            ],
        }],
        is_short: false,
        play: unreachable,
    },
    Scene {
        name: "banned",
        fault: "the feed's server refuses us",
        alerts: &["FeedUnreachable"],
        perhaps: WHERE_BUSY,
        walks: &[Walk {
            alert: "FeedUnreachable",
            look: &[
                Panel("Upstream responses", "v3 4xx", Above(0.0)),
                CYCLES_FAIL,
                Reason("feed_unreachable"),
            ],
            over: &[Log("cycles succeed again", &[])],
        }],
        is_short: false,
        play: banned,
    },
];

fn well(stage: &mut Stage) {
    stage.start(|setup| setup);
    // As long as the faults of the others last.
    (0..2).for_each(|_| stage.service().await_cycles("success", 10));
    stage.walk();
    stage.over();
}

fn stale(stage: &mut Stage) {
    let old = dated_back("SYD", TimeDelta::seconds(400));
    stage.press.write(move |feed, _| feed.publish(&old));
    stage.start(|setup| setup);
    stage.walk();
    stage.press.write_well();
    stage.over();
}

fn unreachable(stage: &mut Stage) {
    let feed = stage.press.feed.clone();
    let lists = json!({"data": {"v3": [feed.url(MAIN)], "transceivers": [feed.url(TRANSCEIVERS)]}});
    feed.answer(STATUS, Answer::ok(lists.to_string()));
    stage.start(|setup| {
        // Found by discovery, as the network's own are.
        setup
            .env("SECTORWATCH_FEED_URL", "")
            .env("SECTORWATCH_STATUS_URL", &feed.url(STATUS))
            // It is asked again after five failures in a row, which lie ever farther apart.
            .env("SECTORWATCH_POLL_INTERVAL", "1s")
    });
    stage.press.feed.refuse();
    stage.walk();
    stage.press.feed.accept();
    stage.over();
}

fn banned(stage: &mut Stage) {
    stage.start(|setup| setup.env("SECTORWATCH_POLL_INTERVAL", "1s"));
    let banned = Answer::status(429).header("Retry-After", "3");
    stage.press.write(move |feed, _| feed.answer(MAIN, banned.clone()));
    stage.walk();
    stage.press.write_well();
    stage.over();
}
