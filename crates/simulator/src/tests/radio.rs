//! What the radios of pilots show of their contact with controllers, by a reading of the rule of its own.

use std::collections::{BTreeMap, HashMap, HashSet};

use geo::{Distance, Haversine, Point};
use serde_json::Value;

use super::*;

/// What one publication shows of a pilot.
#[derive(Debug, Clone, PartialEq)]
enum Shown {
    Unlisted,
    Alone,
    Contact(String),
}

struct Radio {
    khz: i64,
    hz: i64,
    place: Point,
    height_ft: f64,
}

fn radios(station: &Value) -> Vec<Radio> {
    let radio = |radio: &Value| {
        let hz = radio["frequency"].as_i64().unwrap();
        let khz = (hz + 500) / 1_000;
        let is_between = khz >= 117_975 && [20, 45, 70, 95].contains(&(khz % 100));
        Radio {
            khz: if is_between { khz + 5 } else { khz },
            hz,
            place: Point::new(radio["lonDeg"].as_f64().unwrap(), radio["latDeg"].as_f64().unwrap()),
            height_ft: radio["heightMslM"].as_f64().unwrap() / 0.3048,
        }
    };
    station["transceivers"].as_array().unwrap().iter().map(radio).collect()
}

fn cap_nm(callsign: &str) -> Option<f64> {
    Some(match callsign.rsplit('_').next()? {
        "DEL" | "GND" => 15.0,
        "TWR" => 50.0,
        "APP" | "DEP" => 150.0,
        "CTR" => 600.0,
        "FSS" => 1_500.0,
        _ => return None,
    })
}

/// The share of the reach between two radios, if they hear each other.
fn share(pilot: &Radio, site: &Radio, cap_nm: f64) -> Option<f64> {
    if pilot.khz != site.khz || [0, 122_800, 121_500].contains(&pilot.khz) {
        return None;
    }
    let height = |radio: &Radio| if radio.height_ft <= 0.0 { 164.0 } else { radio.height_ft };
    let horizon_nm = 1.25 * (height(pilot).sqrt() + height(site).sqrt());
    let limit_nm = if pilot.khz < 30_000 { cap_nm } else { cap_nm.min(horizon_nm) };
    let nm = Haversine.distance(pilot.place, site.place) / 1852.0;
    (nm <= limit_nm).then_some(nm / limit_nm)
}

/// The controllers of a publication: callsign, primary channel and sites.
struct Controllers(Vec<(String, i64, Vec<Radio>)>);

impl Controllers {
    fn of(document: &Value, stations: &HashMap<String, Vec<Radio>>) -> Self {
        let online = document["controllers"].as_array().unwrap().iter().filter_map(|controller| {
            let callsign = controller["callsign"].as_str()?.to_owned();
            let mhz = controller["frequency"].as_str()?.parse::<f64>().ok()?;
            let sites = stations.get(&callsign)?.iter();
            let sites = sites.map(|site| Radio { ..*site }).collect();
            Some((callsign, (mhz * 1_000.0).round() as i64, sites))
        });
        Self(online.collect())
    }

    /// All that a pilot is tuned to, the best first: callsign, whether on the primary channel, and the site.
    fn tuned<'a>(&'a self, pilot: &'a [Radio]) -> Vec<(&'a str, bool, &'a Radio, &'a Radio)> {
        let mut all = Vec::new();
        for radio in pilot {
            for (callsign, primary, sites) in &self.0 {
                let Some(cap_nm) = cap_nm(callsign) else { continue };
                for site in sites {
                    let Some(share) = share(radio, site, cap_nm) else { continue };
                    let is_extended = site.khz != *primary;
                    all.push((is_extended, share, callsign.as_str(), radio, site));
                }
            }
        }
        all.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(b.2)));
        all.into_iter()
            .map(|(extended, _, who, radio, site)| (who, !extended, radio, site))
            .collect()
    }
}

type Counts = BTreeMap<String, usize>;

fn note(counts: &mut Counts, what: impl Into<String>) {
    *counts.entry(what.into()).or_default() += 1;
}

/// What a publication shows of a pilot who is listed.
fn listed(pilot: &Value, own: &[Radio], controllers: &Controllers, counts: &mut Counts) -> Shown {
    let is_on = |hz: i64| own.iter().any(|radio| radio.hz == hz);
    for (what, hz) in [("radio off", 0), ("on UNICOM", 122_800_000)] {
        if is_on(hz) {
            note(counts, what);
        }
    }
    let tuned = controllers.tuned(own);
    let Some((callsign, is_primary, radio, site)) = tuned.first() else { return Shown::Alone };
    let suffix = callsign.rsplit('_').next().unwrap();
    note(counts, format!("contact with {suffix}"));
    note(
        counts,
        match is_primary {
            true => "on the primary channel",
            false if radio.khz < 30_000 => "on HF",
            false => "on an extension",
        },
    );
    if tuned.iter().map(|it| it.2.khz).collect::<HashSet<_>>().len() > 1 {
        note(counts, "tuned to two channels");
    }
    if radio.hz != site.hz {
        note(counts, "another spelling of a channel");
    }
    if callsign.contains("__") || callsign.contains("_1_") {
        note(counts, "contact with relief");
    }
    if pilot["groundspeed"] == 0 && ["APP", "DEP", "CTR"].contains(&suffix) {
        note(counts, "top-down on the ground");
    }
    Shown::Contact((*callsign).to_owned())
}

/// What the publications of one flight show one after another.
fn history(shown: &[Shown], counts: &mut Counts) {
    let runs = shown.chunk_by(|a, b| a == b).collect::<Vec<_>>();
    for pair in runs.windows(2) {
        if let [Shown::Contact(_), Shown::Contact(_)] = [&pair[0][0], &pair[1][0]] {
            note(counts, "hand-over");
        }
    }
    for three in runs.windows(3) {
        if !matches!(three[0][0], Shown::Contact(_)) || three[0][0] != three[2][0] {
            continue;
        }
        let missed = three[1].len();
        match three[1][0] {
            Shown::Unlisted if missed == 1 => note(counts, "missing in one list"),
            Shown::Unlisted if missed >= 4 => note(counts, "missing for a while"),
            Shown::Alone if missed <= 3 => note(counts, "a short miss"),
            Shown::Alone => note(counts, "a long miss"),
            _ => {}
        }
    }
    if shown.len() > 100 && shown.iter().all(|it| *it == Shown::Unlisted) {
        note(counts, "text pilot");
    }
}

#[test]
fn an_hour_shows_every_kind_of_contact_and_of_having_none() {
    let settings = SimulatorSettings { pilots: 200, domestic_percent: 85, ..Default::default() };
    let (start, world) = (settings.start, World::new(settings));
    let mut flights = BTreeMap::<(String, String), Vec<Shown>>::new();
    let mut counts = Counts::new();
    for step in 0..240 {
        let publication = world.snapshot(start + TimeDelta::seconds(15 * step));
        let document = serde_json::from_str::<Value>(&publication.main_json).unwrap();
        let list = serde_json::from_str::<Vec<Value>>(&publication.transceivers_json).unwrap();
        let stations: HashMap<String, Vec<Radio>> = list
            .iter()
            .map(|station| (station["callsign"].as_str().unwrap().to_owned(), radios(station)))
            .collect();
        let controllers = Controllers::of(&document, &stations);
        for pilot in document["pilots"].as_array().unwrap() {
            let coordinate = |name: &str| pilot[name].as_f64().unwrap();
            if !(-44.0..-6.0).contains(&coordinate("latitude"))
                || !(110.0..158.0).contains(&coordinate("longitude"))
            {
                continue;
            }
            let text = |name: &str| pilot[name].as_str().unwrap().to_owned();
            let shown = match stations.get(&text("callsign")) {
                None => Shown::Unlisted,
                Some(own) => listed(pilot, own, &controllers, &mut counts),
            };
            flights.entry((text("callsign"), text("logon_time"))).or_default().push(shown);
        }
    }
    for shown in flights.values() {
        history(shown, &mut counts);
    }
    for (what, least) in [
        ("contact with DEL", 100),
        ("contact with GND", 200),
        ("contact with TWR", 300),
        ("contact with APP", 1_500),
        ("contact with DEP", 150),
        ("contact with CTR", 7_000),
        ("contact with FSS", 50),
        ("contact with relief", 100),
        ("on the primary channel", 9_000),
        ("on an extension", 200),
        ("on HF", 50),
        ("tuned to two channels", 50),
        ("another spelling of a channel", 1_000),
        ("top-down on the ground", 800),
        ("hand-over", 150),
        ("missing in one list", 100),
        ("missing for a while", 15),
        ("a short miss", 100),
        ("a long miss", 15),
        ("text pilot", 3),
        ("radio off", 500),
        ("on UNICOM", 3_000),
    ] {
        let count = counts.get(what).copied().unwrap_or_default();
        assert!(count >= least, "{what}: {count} of at least {least}; all: {counts:#?}");
    }
}
