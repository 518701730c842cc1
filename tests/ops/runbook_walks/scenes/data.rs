//! Tables that do not receive what they should.

use nix::sys::signal::Signal;

use crate::{
    files,
    runbook_walks::{
        load::Beat,
        publisher::of_now,
        scene::{
            Drawn::{Above, Below},
            Scene,
            Sign::{Log, Panel, Reason, Row, Status},
            WHERE_BUSY, Walk,
        },
        scenes::CYCLES_FAIL,
        stage::Stage,
    },
    support::scratch,
};

const RELOADS: &str = "Reloads of the airspace in an hour";
const LISTS: &str = "Lists of radios in 10 minutes";
const REFUSING: &str = "create function refuse() returns trigger language plpgsql as
        $$ begin raise exception 'no such flight' using errcode = '22003'; end $$;
    create trigger refuse before insert or update on flights
        for each row execute function refuse()";
const RIGHT: &str = "insert, update on flight_sector_occupancy";

pub const SCENES: &[Scene] = &[
    Scene {
        name: "refusing",
        fault: "PostgreSQL refuses every flight as bad data",
        alerts: &["FlightsNotWritten"],
        perhaps: &[],
        walks: &[Walk {
            alert: "FlightsNotWritten",
            look: &[
                Panel("Rows by table and operation", "rejected_records insert", Above(0.0)),
                Panel("Errors by class", "flights 22", Above(0.0)),
                Panel("Rejected by reason", "", Above(0.0)),
                Log("cycle", &["flights", "positions", "rejected"]),
                Row("select source, reason", "flight | other | "),
            ],
            over: &[Panel("Rows by table and operation", "flights update", Above(0.0))],
        }],
        is_short: false,
        play: refusing,
    },
    Scene {
        name: "behind",
        fault: "the role lacks the right to write visits",
        alerts: &["SectorsBehind", "PollErrorBudgetFast", "PollErrorBudgetSlow"],
        perhaps: &[],
        walks: &[Walk {
            alert: "SectorsBehind",
            look: &[
                Panel("Transitions pending", "", Above(1.0)),
                CYCLES_FAIL,
                Reason("transitions_pending"),
                Row("select count(*), min(observed_at)", " | 20"),
            ],
            over: &[Panel("Transitions pending", "", Below(1.0)), Log("cycles succeed again", &[])],
        }],
        is_short: false,
        play: behind,
    },
    Scene {
        name: "drifting",
        fault: "open visits are deleted by hand",
        alerts: &["SectorLedgerDrift"],
        perhaps: &[],
        walks: &[Walk {
            alert: "SectorLedgerDrift",
            look: &[
                Panel("Open entries and tracked flights", "open visits", Above(1.0)),
                Panel("Open entries and tracked flights", "tracked flights", Above(0.0)),
                Row("select count(*) from flight_sector_occupancy", ""),
            ],
            over: &[Panel("Open entries and tracked flights", "open visits", Below(2.0))],
        }],
        is_short: false,
        play: drifting,
    },
    Scene {
        name: "unheard",
        fault: "the list of radios is empty",
        alerts: &["RadioUnknown"],
        perhaps: WHERE_BUSY,
        walks: &[Walk {
            alert: "RadioUnknown",
            look: &[
                Panel(LISTS, "empty", Above(0.0)),
                Panel("Flights by contact", "unknown", Above(0.0)),
                Status("/airspace/flights_contact_unknown", "1"),
            ],
            over: &[
                Panel(LISTS, "usable", Above(0.0)),
                Status("/airspace/flights_contact_unknown", "0"),
            ],
        }],
        is_short: true,
        play: unheard,
    },
    Scene {
        name: "misdrawn",
        fault: "the airspace's file is replaced by one that cannot be read",
        alerts: &["AirspaceReloadFailed"],
        perhaps: WHERE_BUSY,
        walks: &[Walk {
            alert: "AirspaceReloadFailed",
            look: &[
                Panel(RELOADS, "the latest failed", Above(0.0)),
                Log(
                    "the airspace cannot be read; the one before stays in force",
                    &["why", "error", "revision"],
                ),
                Status("/airspace/last_reload/error", "australia.geojson"),
            ],
            over: &[
                Panel(RELOADS, "the latest failed", Below(1.0)),
                Log("the airspace was read", &["outcome", "revision"]),
            ],
        }],
        is_short: true,
        play: misdrawn,
    },
    Scene {
        name: "hoarding",
        fault: "a long read of an old day keeps it from being dropped",
        alerts: &["RetentionMissed"],
        perhaps: &[],
        walks: &[Walk {
            alert: "RetentionMissed",
            look: &[
                Panel("Since last success, in periods", "retention", Above(2.5)),
                Panel("Size in 30 days", "now", Above(0.0)),
                Log("retention failed", &["error"]),
            ],
            over: &[Panel("Since last success, in periods", "retention", Below(2.5))],
        }],
        is_short: false,
        play: hoarding,
    },
];

fn refusing(stage: &mut Stage) {
    stage.start(|setup| setup);
    stage.service().await_cycles("success", 3);
    let client = stage.database().client();
    client.run(REFUSING);
    stage.walk();
    client.run("drop function refuse cascade");
    stage.over();
}

fn behind(stage: &mut Stage) {
    stage.publisher.write(|feed, number| {
        feed.publish(&of_now(if number / 3 % 2 == 0 { "SYD" } else { "MEL" }));
    });
    stage.start_on(stage.world.database_of_own_role(), |setup| setup);
    stage.service().await_cycles("success", 3);
    let client = stage.database().client();
    let role = stage.database().role().to_owned();
    client.run(&format!("revoke {RIGHT} from {role}"));
    stage.walk();
    client.run(&format!("grant {RIGHT} to {role}"));
    stage.over();
}

fn drifting(stage: &mut Stage) {
    stage.publisher.write(|feed, number| {
        feed.publish(&of_now(if number / 3 % 2 == 0 { "SYD" } else { "MEL" }));
    });
    stage.start(|setup| setup);
    let client = stage.database().client();
    let deleting = Beat::every(std::time::Duration::from_millis(200), move || {
        client.run("delete from flight_sector_occupancy where exit_timestamp is null");
    });
    stage.walk();
    deleting.end();
    // The section says to restart the service, which counts again.
    stage.start_again();
    stage.over();
}

fn unheard(stage: &mut Stage) {
    stage.start(|setup| setup);
    stage.service().await_cycles("success", 3);
    stage.publisher.write(|feed, _| feed.publish(&of_now("SYD").without_radios()));
    stage.walk();
    stage.publisher.write_well();
    stage.over();
}

fn misdrawn(stage: &mut Stage) {
    let file = scratch::dir("airspace").join("australia.geojson");
    let good = files::read("airspace/australia.geojson");
    std::fs::write(&file, &good).expect("write the airspace");
    let path = file.to_str().expect("a path").to_owned();
    stage.start(|setup| setup.env("SECTORWATCH_AIRSPACE", &path));
    stage.service().await_cycles("success", 3);
    std::fs::write(&file, &good[..good.len() / 2]).expect("write half of it");
    stage.service().signal(Signal::SIGHUP);
    stage.walk();
    // The section says to put the files before back, and to send SIGHUP.
    std::fs::write(&file, &good).expect("write the airspace");
    stage.service().signal(Signal::SIGHUP);
    stage.over();
}

fn hoarding(stage: &mut Stage) {
    stage.start(|setup| {
        setup
            .env("SECTORWATCH_STATEMENT_TIMEOUT", "1s")
            .env("SECTORWATCH_FAULT_RETENTION_MS", "10000")
            .env("SECTORWATCH_POLL_INTERVAL", "5s")
    });
    // By then, the partitions of the next days have been created.
    stage.service().await_cycles("success", 1);
    let reader = stage.database().client();
    reader.run(
        "create table flight_positions_20200101 partition of flight_positions
         for values from ('2020-01-01 00:00+00') to ('2020-01-02 00:00+00')",
    );
    reader.run("begin; select count(*) from flight_positions");
    stage.walk();
    reader.run("rollback");
    stage.over();
}
