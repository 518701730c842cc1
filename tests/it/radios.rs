//! The table `transceivers`: which radios are written, and when.

use serde_json::{Value, json};

use crate::support::{
    documents::{Controller, Feed, OUTSIDE, Pilot},
    feed_server::{Answer, FeedServer, MAIN, TRANSCEIVERS},
    postgres::Database,
    service::{PATIENCE, Service, Setup},
};

const DAY: i64 = 24 * 3_600;
const ROWS: &str = "select coalesce(string_agg(concat_ws(' ', callsign, transceiver_id, entity_type, \
    frequency_hz, latitude, height_msl_m, extract(epoch from last_seen - '2025-01-01 12:00Z')::int), '; ' \
    order by callsign, transceiver_id), '') from transceivers";
const SITES: &str = "select string_agg(concat_ws(' ', callsign, transceiver_id, frequency_hz, \
    coalesce(height_msl_m::text, '-'), coalesce(height_agl_m::text, '-')), '; ' \
    order by callsign, transceiver_id) from transceivers";

struct Stage {
    database: Database,
    feed: FeedServer,
    service: Service,
}

impl Stage {
    fn start() -> Self {
        let (database, feed) = (Database::migrated(), FeedServer::start());
        let service = Setup::serve(&database, &feed).start();
        Self { database, feed, service }
    }

    fn restarted(self) -> Self {
        let Self { database, feed, service } = self;
        service.terminate(PATIENCE);
        let service = Setup::serve(&database, &feed).start();
        Self { database, feed, service }
    }

    /// A cycle with a flight, a controller and this answer of the transceivers feed; returns the table.
    fn cycle(&mut self, at: i64, pilot: Pilot, radios: Answer) -> String {
        let document = Feed::second(at).pilot(pilot).controller(Controller::new("SY_APP", 7));
        let ended = |service: &Service| {
            service.cycles_of("success") + service.cycles_of("transceivers_error")
        };
        let before = ended(&self.service);
        self.feed.answer(TRANSCEIVERS, radios);
        self.feed.answer(MAIN, Answer::ok(document.json()));
        self.service.wait_until("a cycle", PATIENCE, |it| ended(it) > before);
        self.database.client().one(ROWS)
    }

    fn list(&mut self, at: i64, stations: &[Value]) -> String {
        self.cycle(at, qfa1(), Answer::ok(json!(stations).to_string()))
    }
}

fn qfa1() -> Pilot {
    Pilot::new("QFA1", 1).inside("SYD")
}

fn station(callsign: &str, radios: &[Value]) -> Value {
    json!({"callsign": callsign, "transceivers": radios})
}

fn radio(id: i32, frequency: i64, latitude: f64) -> Value {
    json!({"id": id, "frequency": frequency, "latDeg": latitude, "lonDeg": 151.0, "heightMslM": 100.0,
           "heightAglM": 10.0})
}

#[test]
fn rows_are_written_when_they_are_new_change_their_channel_or_their_site() {
    let mut stage = Stage::start();
    let [a, b] = [124_700_000, 118_700_000];
    let both = |flight: Value, atc: Value| [station("QFA1", &[flight]), station("SY_APP", &[atc])];
    let rows = stage.list(15, &both(radio(0, a, -34.0), radio(0, a, -34.0)));
    assert_eq!(rows, "QFA1 0 flight 124700000 15; SY_APP 0 atc 124700000 -34 100 15");

    let mark = stage.database.mark();
    let moved = stage.list(30, &both(radio(0, a, -35.0), radio(0, a, -34.0)));
    assert_eq!(moved, rows, "a flight's radio moves with the flight");
    let sent = stage.database.service_statements_since(mark);
    let about_radios: Vec<_> = sent.iter().filter(|sql| sql.contains("transceivers (")).collect();
    assert_eq!(about_radios, Vec::<&String>::new(), "nothing changed");
    assert_eq!(
        stage
            .database
            .client()
            .count("select transceivers_written from poll_cycles order by id desc limit 1"),
        0
    );

    let rows = stage.list(45, &both(radio(0, b, -35.0), radio(0, a, -34.5)));
    assert_eq!(rows, "QFA1 0 flight 118700000 45; SY_APP 0 atc 124700000 -34.5 100 45");
    let rows = stage.list(60, &both(radio(1, b, -35.0), radio(0, a, -34.5)));
    assert_eq!(rows, "QFA1 1 flight 118700000 60; SY_APP 0 atc 124700000 -34.5 100 45");
    let rows = stage.list(75, &[station("QFA1", &[]), station("NOBODY", &[])]);
    assert_eq!(rows, "SY_APP 0 atc 124700000 -34.5 100 45", "listed with none has none");
}

#[test]
fn what_cannot_be_fetched_or_read_is_unknown_and_not_gone() {
    let mut stage = Stage::start();
    let rows = stage.list(15, &[station("QFA1", &[radio(0, 124_700_000, -34.0)])]);
    assert_eq!(rows, "QFA1 0 flight 124700000 15");
    let bad = |field: &str, value: Value| {
        let mut bad = radio(0, 118_700_000, -34.0);
        bad[field] = value;
        json!([station("QFA1", &[bad])]).to_string()
    };
    for (i, answer) in [
        Answer::status(500),
        Answer::ok("[]"),
        Answer::ok("{}"),
        Answer::ok("<html>"),
        Answer::ok("[17]"),
        Answer::ok(json!([{"callsign": "QFA1"}]).to_string()),
        Answer::ok(bad("frequency", json!("high"))),
        Answer::ok(bad("id", Value::Null)),
    ]
    .into_iter()
    .enumerate()
    {
        let at = 30 + 15 * i as i64;
        assert_eq!(stage.cycle(at, qfa1(), answer), rows, "answer {i}");
    }
    // For any length of time.
    for (i, answer) in
        [Answer::status(500), Answer::ok("[]"), Answer::ok("[17]")].into_iter().enumerate()
    {
        let at = 2 * DAY + 15 * i as i64;
        assert_eq!(stage.cycle(at, qfa1(), answer), rows, "answer {i}, two days later");
    }
}

#[test]
fn a_height_that_is_not_there_or_cannot_be_read_costs_itself_alone() {
    let mut stage = Stage::start();
    let sites = |stage: &mut Stage, at, listed: &[Value]| {
        stage.list(at, &[station("QFA1", &listed[..1]), station("SY_APP", listed)]);
        stage.database.client().one(SITES)
    };
    let [a, b] = [124_700_000, 118_700_000];
    let without = |frequency, changes: &[(&str, Value)]| {
        let mut radio = radio(0, frequency, -34.0);
        changes.iter().for_each(|(field, value)| radio[field] = value.clone());
        radio
    };
    let (msl, agl) = ("heightMslM", "heightAglM");
    let mut missing = radio(1, a, -34.0);
    missing.as_object_mut().expect("a radio").retain(|field, _| field != msl && field != agl);
    let radios = [without(a, &[(msl, json!("high")), (agl, Value::Null)]), missing];
    let rows = sites(&mut stage, 15, &radios);
    assert_eq!(rows, "QFA1 0 124700000 - -; SY_APP 0 124700000 - -; SY_APP 1 124700000 - -");

    let rows = sites(&mut stage, 30, &[radio(0, a, -34.0), radio(1, a, -34.0)]);
    assert_eq!(rows, "QFA1 0 124700000 - -; SY_APP 0 124700000 100 10; SY_APP 1 124700000 100 10");
    // An unreadable value keeps its stored one; an absent value becomes null.
    let lossy = [(msl, json!([100])), (agl, json!("low"))];
    let radios = [without(b, &lossy), without(b, &[("id", json!(1)), (msl, Value::Null)])];
    let kept = "QFA1 0 118700000 - -; SY_APP 0 118700000 100 10; SY_APP 1 118700000 - 10";
    assert_eq!(sites(&mut stage, 45, &radios), kept);
    // The same when memory was restored from the table.
    let mut stage = stage.restarted();
    assert_eq!(sites(&mut stage, 60, &radios), kept);

    let lost = |field: &str| {
        let labels = format!("feed=\"transceivers\",kind=\"transceiver\",field=\"{field}\"");
        stage.service.metric(&format!("sectorwatch_feed_fields_unreadable_total{{{labels}}}"))
    };
    // For the flight's radio and the controller's, since the restart.
    assert_eq!((lost(msl), lost(agl)), (2.0, 2.0));
    let rejected = "select string_agg(concat_ws(' ', source, reason, detail, callsign, raw), '; ' \
        order by detail) from rejected_records";
    let rows = stage.database.client().one(rejected);
    assert_eq!(rows, "transceiver field heightAglM ; transceiver field heightMslM ");
}

#[test]
fn a_callsign_that_is_not_listed_or_wanted_loses_its_radios_after_a_day() {
    let mut stage = Stage::start();
    let other = station("QFA2", &[]);
    let listed = [station("QFA1", &[radio(0, 124_700_000, -34.0)]), other.clone()];
    let rows = stage.list(15, &listed);
    assert_eq!(stage.list(15 + DAY, std::slice::from_ref(&other)), rows, "not listed for a day");
    assert_eq!(stage.list(16 + DAY, &[other]), "");

    let rows = stage.list(30 + DAY, &listed);
    let away = || qfa1().at(OUTSIDE.0, OUTSIDE.1);
    let answer = || Answer::ok(json!(listed).to_string());
    // It leaves its sector first, and is out of scope from then on.
    for at in [45 + DAY, 30 + 2 * DAY] {
        assert_eq!(stage.cycle(at, away(), answer()), rows, "not wanted for a day");
    }
    assert_eq!(stage.cycle(31 + 2 * DAY, away(), answer()), "");
}

#[test]
fn after_a_restart_nothing_is_written_again_and_the_day_begins_anew() {
    let mut stage = Stage::start();
    let listed = [station("QFA1", &[radio(0, 124_700_000, -34.0)])];
    let rows = stage.list(15, &listed);
    let mut stage = stage.restarted();
    assert_eq!(stage.list(30, &listed), rows);
    let mut stage = stage.restarted();
    let other = station("QFA2", &[]);
    assert_eq!(stage.list(10 + DAY, std::slice::from_ref(&other)), rows, "restarted since");
    assert_eq!(stage.list(11 + 2 * DAY, &[other]), "");
}
