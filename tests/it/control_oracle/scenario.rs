//! Random recordings: flights and controllers that come and go, and radios that are tuned, mistuned and missing.

use std::{fs, path::Path};

use serde_json::{Value, json};

use super::{
    stations::Member,
    world::{PLACES, announced},
};
use crate::{
    oracle::ScriptRng,
    support::documents::{Controller, Feed, Pilot, second},
};

/// Callsigns of flights. Two differ by case alone, and one stands for two flights.
const FLIGHTS: [&str; 9] =
    ["QFA1", "qfa1", "VOZ2", "VH-ABC", "JST4", "JST5", "RXA6", "ANZ7", "TEXT8"];

/// Callsigns of controllers. Some stand for two members, and some are kept by nobody.
const CONTROLLERS: [&str; 25] = [
    "SY_TWR",
    "SY_TWR",
    "SY__TWR",
    "SY_1_TWR",
    "sy_app",
    "SY_APP",
    "SY_APP",
    "SY_DEP",
    "SY_DEP",
    "SY_N_APP",
    "SY_N_1_APP",
    "SY-S_APP",
    "ML_CTR",
    "ML-GUN_CTR",
    "ML-GUN_1_CTR",
    "Z_CTR",
    "Z_CTR",
    "Z_1_CTR",
    "BN_FSS",
    "SY_GND",
    "SY_RMP",
    "SY_DEL",
    "SYDNEY",
    "SY_OBS",
    "EGLL_TWR",
];

/// A client of the network that comes and goes.
struct Client {
    member: Member,
    cid: i32,
    is_online: bool,
    logon: i64,
    place: (f64, f64),
    frequency: Value,
}

/// One publication.
pub struct Published {
    main: String,
    radios: Option<String>,
}

/// So many publications.
pub fn publications(rng: &mut ScriptRng, count: usize) -> Vec<Published> {
    let client = |rng: &mut ScriptRng, callsign: &str, cid: i32| Client {
        member: Member::new(rng, callsign),
        cid,
        is_online: rng.percent(60),
        logon: -(rng.below(3000) as i64),
        place: rng.one(&PLACES),
        frequency: rng.one(&announced()),
    };
    let mut flights: Vec<Client> = (1..)
        .zip(FLIGHTS.into_iter().chain(["QFA1"]))
        .map(|(cid, it)| client(rng, it, cid))
        .collect();
    let mut controllers: Vec<Client> =
        (100..).zip(CONTROLLERS).map(|(cid, it)| client(rng, it, cid)).collect();
    let (mut published, mut now) = (Vec::new(), 0);
    for _ in 0..count {
        let mut feed = Feed::second(now);
        for flight in &mut flights {
            if flight.turn(rng, now, 97, 20) {
                feed = feed.pilots(flight.pilots(rng, now));
            }
        }
        for controller in &mut controllers {
            if controller.turn(rng, now, 95, 30) {
                feed = feed.controller(controller.controller(rng, now));
            }
        }
        let members = flights.iter().filter(|it| it.is_online).map(|it| (&it.member, it.place));
        let sites = controllers.iter().filter(|it| it.is_online).map(|it| (&it.member, it.place));
        let stations: Vec<Value> =
            members.chain(sites).flat_map(|(member, place)| member.stations(rng, place)).collect();
        published.push(Published::new(rng, &feed, &stations));
        let pauses = [1, 14, 30, 44, 45, 46, 59, 60, 61, 75, 90, 240, 400, 901];
        now += if rng.percent(85) { 15 } else { rng.one(&pauses) };
    }
    published
}

impl Client {
    /// Whether it is online this time, perhaps with a new logon. It stays and returns with these chances in percent.
    fn turn(&mut self, rng: &mut ScriptRng, now: i64, stays: usize, returns: usize) -> bool {
        let was_online = self.is_online;
        self.is_online = rng.percent(if was_online { stays } else { returns });
        if self.is_online && !was_online && rng.percent(30) {
            self.logon = now - rng.below(20) as i64;
        }
        if rng.percent(2) {
            self.place = rng.one(&PLACES);
        }
        self.member.turn(rng);
        self.is_online
    }

    fn pilots(&self, rng: &mut ScriptRng, now: i64) -> Vec<Pilot> {
        let (latitude, longitude) = self.place;
        let pilot = Pilot::new(&self.member.callsign, self.cid)
            .at(latitude, longitude)
            .logon(&second(self.logon));
        let broken: [(&str, Value); 5] = [
            ("latitude", json!(91)),
            ("cid", json!("one")),
            ("callsign", json!(null)),
            ("logon_time", json!("soon")),
            ("last_updated", json!(second(now + 3601))),
        ];
        match rng.below(100) {
            0..8 => {
                let (field, value) = rng.one(&broken);
                vec![pilot.set(field, value)]
            }
            8..11 => vec![pilot.clone().at(-20.0, 155.0).last_updated(&second(now - 9)), pilot],
            _ => vec![pilot],
        }
    }

    fn controller(&mut self, rng: &mut ScriptRng, now: i64) -> Controller {
        if rng.percent(4) {
            self.frequency = rng.one(&announced());
        }
        let controller = Controller::new(&self.member.callsign, self.cid)
            .set("logon_time", json!(second(self.logon)))
            .set("facility", json!(if self.member.callsign == "SYDNEY" { 3 } else { 4 }))
            .set("frequency", self.frequency.clone());
        let broken: [(&str, Value); 7] = [
            ("cid", json!(0)),
            ("cid", json!(null)),
            ("callsign", json!(null)),
            ("last_updated", json!(second(now + 3601))),
            ("facility", json!(0)),
            ("frequency", json!({"mhz": 120.5})),
            ("frequency", json!([128.3])),
        ];
        if rng.percent(2) {
            let (field, value) = rng.one(&broken);
            return controller.set(field, value);
        }
        controller
    }
}

impl Published {
    /// The documents, of which some lack a list, and some radios are missing or broken.
    fn new(rng: &mut ScriptRng, feed: &Feed, stations: &[Value]) -> Self {
        let main = match rng.below(100) {
            0..3 => feed.json().replace(r#""controllers":["#, r#""nobody":["#),
            _ => feed.json(),
        };
        let radios = match rng.below(100) {
            0..3 => None,
            3..5 => Some("[]".to_owned()),
            5 => Some("<html>".to_owned()),
            6 => Some("{}".to_owned()),
            _ => Some(json!(stations).to_string()),
        };
        Self { main, radios }
    }

    /// Writes it as a recording of this name.
    pub fn write(&self, folder: &Path, number: usize) {
        let name = folder.join(format!("{number:03}"));
        fs::write(name.with_extension("json"), &self.main).expect("write a recording");
        if let Some(radios) = &self.radios {
            fs::write(name.with_extension("radios.json"), radios).expect("write radios");
        }
    }
}
