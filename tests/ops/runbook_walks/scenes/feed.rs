//! Feeds that are absent, stale or malformed.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::{
    runbook_walks::{
        publisher::{dated_back, of_now},
        scene::{
            Drawn::{Above, Below},
            Scene,
            Sign::{Log, Panel, Reason, Row},
            WHERE_BUSY, Walk,
        },
        scenes::CYCLES_FAIL,
        stage::Stage,
    },
    support::{
        documents::{Feed, spread},
        feed_server::{Answer, MAIN, STATUS, TRANSCEIVERS},
    },
};

const SPOILT: &str = "Pilots that the feed spoils";

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
        // While the data does not change, nothing is stored either.
        perhaps: &["PollStalled"],
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
        fault: "no server answers at the feed's address",
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
    Scene {
        name: "shapeless",
        fault: "the feed changes the type of a required field",
        alerts: &["FeedSchemaRefused", "PollStalled", "PollErrorBudgetFast", "PollErrorBudgetSlow"],
        perhaps: WHERE_BUSY,
        walks: &[Walk {
            alert: "FeedSchemaRefused",
            look: &[
                Panel(SPOILT, "snapshots refused", Above(0.0)),
                CYCLES_FAIL,
                Reason("schema_refused"),
                Row("select source, reason, detail, min", "pilot | schema | "),
            ],
            over: &[
                Panel(SPOILT, "snapshots refused", Below(1.0)),
                Log("cycles succeed again", &[]),
            ],
        }],
        is_short: false,
        play: shapeless,
    },
    Scene {
        name: "drifted",
        fault: "the feed changes the type of an optional field",
        alerts: &["FeedSchemaDrift"],
        perhaps: WHERE_BUSY,
        walks: &[Walk {
            alert: "FeedSchemaDrift",
            look: &[
                Panel(SPOILT, "lost the same field", Above(0.9)),
                Panel("Fields that cannot be read, 24 h", "pilot: transponder", Above(-1.0)),
                Log("the feed has drifted", &["pilots", "refused", "field", "lost"]),
                Reason("schema_drift"),
                Row("select source, reason, detail, count", "pilot | field | "),
            ],
            over: &[
                Panel(SPOILT, "lost the same field", Below(0.05)),
                Log("the feed can be read again", &[]),
            ],
        }],
        is_short: true,
        play: drifted,
    },
];

/// Replaces this field of all pilots with a value of another type.
fn spoils(stage: &mut Stage, field: &'static str, value: Value) {
    stage.start(|setup| setup);
    stage.service().await_cycles("success", 3);
    stage.publisher.write(move |feed, _| {
        let time = of_now("SYD").time().to_owned();
        let pilots = spread(20).map(|it| it.last_updated(&time).set(field, value.clone()));
        feed.publish(&Feed::at(&time).pilots(pilots));
    });
    stage.walk();
    stage.publisher.write_well();
    stage.over();
}

fn shapeless(stage: &mut Stage) {
    spoils(stage, "altitude", json!("high"));
}

fn drifted(stage: &mut Stage) {
    spoils(stage, "transponder", json!(2000));
}

fn well(stage: &mut Stage) {
    stage.start(|setup| setup);
    // This is about as long as the faults of the other scenes last.
    (0..2).for_each(|_| stage.service().await_cycles("success", 10));
    stage.walk();
    stage.over();
}

fn stale(stage: &mut Stage) {
    let old = dated_back("SYD", TimeDelta::seconds(400));
    // The publisher stops first, so that the service never sees anything newer.
    stage.publisher.write(|_, _| {});
    stage.publisher.feed.publish(&old);
    stage.start(|setup| setup);
    stage.walk();
    stage.publisher.write_well();
    stage.over();
}

fn unreachable(stage: &mut Stage) {
    let feed = stage.publisher.feed.clone();
    let lists = json!({"data": {"v3": [feed.url(MAIN)], "transceivers": [feed.url(TRANSCEIVERS)]}});
    feed.answer(STATUS, Answer::ok(lists.to_string()));
    stage.start(|setup| {
        // The feed is found by discovery, as in production.
        setup
            .env("SECTORWATCH_FEED_URL", "")
            .env("SECTORWATCH_STATUS_URL", &feed.url(STATUS))
            // Discovery is repeated after five failures in a row, and the backoff grows with each
            // failure.
            .env("SECTORWATCH_POLL_INTERVAL", "1s")
    });
    stage.publisher.feed.refuse();
    stage.walk();
    stage.publisher.feed.accept();
    stage.over();
}

fn banned(stage: &mut Stage) {
    stage.start(|setup| setup.env("SECTORWATCH_POLL_INTERVAL", "1s"));
    let banned = Answer::status(429).header("Retry-After", "3");
    stage.publisher.write(move |feed, _| feed.answer(MAIN, banned.clone()));
    stage.walk();
    stage.publisher.write_well();
    stage.over();
}
