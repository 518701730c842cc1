//! Random feeds, whose flights do everything that the rules deal with.

use chrono::{DateTime, FixedOffset, SecondsFormat};
use serde_json::{Value, json};

use super::rng::ScriptRng;
use crate::support::documents::{Controller, Feed, Pilot};

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3_600 * SECOND;
const GRACE: i64 = 300 * SECOND;
const BASE: i64 = 1_735_732_800 * SECOND;
const FLIGHTS: usize = 60;
/// Points in and around the part of D that is outside of the boundary.
const BEYOND: [(f64, f64); 4] = [(19.0, 131.0), (20.0, 131.0), (20.5, 131.0), (22.5, 131.0)];

/// A time in a format that the feed may use: 6 to 9 digits, with `Z`, an offset or neither.
fn written(rng: &mut ScriptRng, micros: i64) -> String {
    let time = DateTime::from_timestamp_micros(micros).expect("in range");
    let text = |hours: i32| {
        let offset = FixedOffset::east_opt(hours * 3_600).expect("an offset");
        let text = time.with_timezone(&offset).to_rfc3339_opts(SecondsFormat::Micros, false);
        text.split_at(26).0.to_owned()
    };
    let digits = rng.one(&["", "9", "999"]);
    match rng.below(4) {
        0 => format!("{}{digits}+10:00", text(10)),
        1 => format!("{}{digits}", text(0)),
        _ => format!("{}{digits}Z", text(0)),
    }
}

struct Flight {
    cid: i32,
    callsign: String,
    logon: i64,
    heard: i64,
    places: Vec<(f64, f64)>,
    absent: usize,
    /// The flight is absent from this many more publications.
    away: usize,
    slow: usize,
    planless: usize,
    odd: usize,
    /// The percentage of its records that must be refused.
    garbled: usize,
}

/// This many publications in the order of their times.
pub fn feeds(rng: &mut ScriptRng, publications: usize) -> Vec<Feed> {
    let mut flights: Vec<Flight> = (0..FLIGHTS).map(|i| Flight::new(rng, i)).collect();
    let mut now = BASE + rng.one(&[0, 1, 123_456, 999_999]);
    let mut feeds = Vec::new();
    for _ in 0..publications {
        let mut feed = Feed::at(&written(rng, now));
        for flight in &mut flights {
            if flight.is_away(rng) {
                continue;
            }
            if !rng.percent(flight.absent) {
                feed = feed.pilots(flight.records(rng, now));
            }
        }
        for (cid, callsign) in [(900, "SY_TWR"), (901, "X_OBS"), (902, "ML-WOL_CTR")] {
            if rng.percent(70) {
                let heard = now - rng.one(&[0, 5 * SECOND]);
                let controller = Controller::new(callsign, cid)
                    .set("rating", json!(rng.below(12)))
                    .set("text_atis", rng.one(&[json!(null), json!(["a", "b"])]))
                    .set("last_updated", json!(written(rng, heard)));
                feed = feed.controller(controller);
            }
        }
        feeds.push(feed);
        let gap = 3 * GRACE;
        let gaps = [
            1,
            59 * SECOND,
            60 * SECOND + 1,
            GRACE - 1,
            GRACE,
            gap - 1,
            gap,
            gap + 1,
            HOUR,
            24 * HOUR,
            24 * HOUR + 1,
            25 * HOUR,
        ];
        now += if rng.percent(65) { 15 * SECOND } else { rng.one(&gaps) };
    }
    feeds
}

/// A point on the grid of the airspace's edges, a tiny distance away from it, or between its lines.
fn place(rng: &mut ScriptRng) -> (f64, f64) {
    let hair = rng.one(&[0.0, 0.0, 1e-9, -1e-9, 0.3]);
    let (row, column) = (rng.below(26), rng.below(82));
    (9.5 + 0.5 * row as f64 + hair, 99.5 + 0.5 * column as f64 + hair)
}

impl Flight {
    fn new(rng: &mut ScriptRng, index: usize) -> Self {
        let places = 1 + rng.below(4);
        Self {
            cid: 1000 + index as i32,
            callsign: format!("{}{index}", rng.one(&["QFA", "qfa", "VH-"])),
            logon: BASE - rng.one(&[0, HOUR, 40 * 24 * HOUR]) + rng.one(&[0, 1]),
            heard: BASE,
            places: match rng.percent(15) {
                true => BEYOND.to_vec(),
                false => (0..places).map(|_| place(rng)).collect(),
            },
            absent: rng.one(&[0, 0, 10, 40, 70]),
            away: 0,
            slow: rng.one(&[0, 10, 40, 80]),
            planless: rng.one(&[0, 50, 90, 100]),
            odd: rng.one(&[0, 0, 10]),
            garbled: rng.one(&[0, 0, 0, 40, 80]),
        }
    }

    /// Whether the flight is absent. Some flights leave for less or more time than the grace
    /// period.
    fn is_away(&mut self, rng: &mut ScriptRng) -> bool {
        if self.away == 0 && self.absent == 40 && rng.percent(10) {
            self.away = rng.one(&[3, 8, 15, 20, 25]);
        }
        self.away = self.away.saturating_sub(1);
        self.away > 0
    }

    /// The flight's records in a publication, of which there is mostly one.
    fn records(&mut self, rng: &mut ScriptRng, now: i64) -> Vec<Pilot> {
        if rng.percent(self.odd) {
            self.logon = now;
        }
        let past = rng.below(200) as i64 * SECOND;
        let heard =
            [now, now - 1, now + 1, self.heard, self.heard - past, now + HOUR, now - 24 * HOUR];
        self.heard = rng.one(&heard).max(now - 24 * HOUR);
        let (latitude, longitude) = rng.one(&self.places);
        let speeds = match rng.percent(self.slow) {
            true => [Some(0), Some(29), Some(28), None],
            false => [Some(30), Some(59), Some(60), Some(450)],
        };
        let altitudes = [
            0, 5_000, 9_401, 9_500, 9_501, 9_530, 9_601, 10_000, 10_028, 10_101, 24_400, 24_500,
            30_001,
        ];
        let pilot = Pilot::new(&self.callsign, self.cid)
            .at(latitude, longitude)
            .alt(rng.one(&altitudes))
            .set("groundspeed", json!(rng.one(&speeds)))
            .set("heading", json!(rng.one(&[0, 359, 360, 361, 720])))
            .set(
                "qnh_mb",
                json!(rng.one(&[Some(1013), Some(1012), Some(1014), Some(0), None, Some(2144)])),
            )
            .logon(&written(rng, self.logon))
            .last_updated(&written(rng, self.heard));
        let pilot = match rng.below(100) {
            chance if chance < self.planless => pilot.no_plan(),
            _ => pilot.plan(rng.one(&["YSSY", "YMML", "", " \t"]), rng.one(&["YPPH", "YBBN", ""])),
        };
        if rng.percent(self.garbled) {
            return vec![garbled(rng, pilot, now)];
        }
        if rng.percent(self.odd) {
            return twins(rng, pilot, now, self.heard);
        }
        vec![pilot]
    }
}

/// Changes a record so that it must be refused.
fn garbled(rng: &mut ScriptRng, pilot: Pilot, now: i64) -> Pilot {
    let late = written(rng, now + HOUR + 1);
    let early = written(rng, now - 24 * HOUR - 1);
    let refused: [(&str, Value); 13] = [
        ("latitude", json!(90.000_000_1)),
        ("longitude", json!(-180.1)),
        ("altitude", json!(100_001)),
        ("groundspeed", json!(3_001)),
        ("callsign", json!("A B")),
        ("callsign", json!("A".repeat(17))),
        ("cid", json!(0)),
        ("cid", json!(null)),
        ("callsign", json!([1])),
        ("logon_time", json!({})),
        ("logon_time", json!(late)),
        ("last_updated", json!(late)),
        ("last_updated", json!(early)),
    ];
    let (field, value) = rng.one(&refused);
    let pilot = pilot.set(field, value);
    if rng.percent(20) { pilot.set("altitude", json!(null)).without("callsign") } else { pilot }
}

/// Two records of the flight, of which only one counts, and one of another flight with the same
/// member.
fn twins(rng: &mut ScriptRng, pilot: Pilot, now: i64, heard: i64) -> Vec<Pilot> {
    let other = (heard - rng.one(&[0, 1])).max(now - 24 * HOUR);
    let twin = pilot.clone().alt(1_000).last_updated(&written(rng, other));
    let ghost = pilot.clone().set("callsign", json!("GHOST"));
    match rng.percent(50) {
        true => vec![pilot, twin, ghost],
        false => vec![ghost, twin, pilot],
    }
}
