//! Who controls the default airspace.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    super::{positions::frequency_hz_of, rosters::ROSTERS},
    *,
};

/// The positions of each sector of the default airspace.
fn owners() -> BTreeMap<String, Vec<String>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../airspace/australia.geojson");
    let text = std::fs::read_to_string(path).unwrap();
    let airspace = serde_json::from_str::<Value>(&text).unwrap();
    let sectors = airspace["features"].as_array().unwrap().iter().filter_map(|feature| {
        let callsigns = feature["properties"]["callsigns"].as_array()?.iter();
        let callsigns = callsigns.map(|callsign| callsign.as_str().unwrap().to_owned());
        Some((feature["properties"]["id"].as_str().unwrap().to_owned(), callsigns.collect()))
    });
    sectors.collect()
}

/// The callsigns with a frequency at a moment.
fn online(world: &World, at: Time) -> Vec<String> {
    let document = serde_json::from_str::<Value>(&world.snapshot(at).main_json).unwrap();
    let controllers = document["controllers"].as_array().unwrap().iter();
    let online = controllers.filter(|controller| controller["frequency"] != "199.998");
    online.map(|controller| controller["callsign"].as_str().unwrap().to_owned()).collect()
}

/// The callsign of the position: `SY_TWR` for `SY__TWR` and `SY_1_TWR`.
fn position(callsign: &str) -> String {
    callsign.replace("__", "_").replace("_1_", "_")
}

#[test]
fn every_sector_has_its_owners_in_the_rosters_in_the_order_of_its_file() {
    let owners: BTreeSet<_> = owners().into_values().collect();
    let rosters = ROSTERS.iter().map(|roster| {
        roster.callsigns.iter().map(|callsign| (*callsign).to_owned()).collect::<Vec<_>>()
    });
    assert_eq!(rosters.collect::<BTreeSet<_>>(), owners);
    for callsign in ROSTERS.iter().flat_map(|roster| roster.callsigns) {
        assert!(frequency_hz_of(callsign).is_some(), "{callsign}");
    }
}

#[test]
fn within_a_hundred_minutes_each_owner_has_its_sector_and_then_nobody() {
    for (seed, begins_h) in [(1, 0), (2, 31), (3, 1_000)] {
        let settings = SimulatorSettings { seed, pilots: 1, ..Default::default() };
        let begins = settings.start + TimeDelta::hours(begins_h);
        let world = World::new(settings);
        let mut ranks: BTreeMap<String, BTreeMap<Option<usize>, usize>> = BTreeMap::new();
        let (mut relief, mut earlier) = (BTreeSet::new(), Vec::new());
        let (mut came, mut went) = (0, 0);
        for step in 0..200 {
            let online = online(&world, begins + TimeDelta::seconds(30 * step));
            for (sector, owners) in owners() {
                let is_online = |owner: &String| online.iter().any(|it| position(it) == *owner);
                let rank = owners.iter().position(is_online);
                *ranks.entry(sector).or_default().entry(rank).or_default() += 1;
            }
            let infixes = ["__TWR", "_1_TWR"];
            let is_relief = |it: &&String| infixes.iter().any(|end| it.ends_with(end));
            relief.extend(online.iter().filter(is_relief).map(|it| it[2..].to_owned()));
            came += online.iter().filter(|it| step > 0 && !earlier.contains(*it)).count();
            went += earlier.iter().filter(|it| !online.contains(*it)).count();
            earlier = online;
        }
        for (sector, owners) in owners() {
            // Each for three minutes at least.
            for rank in (0..owners.len()).map(Some).chain([None]) {
                let steps = ranks[&sector].get(&rank).copied().unwrap_or_default();
                assert!(steps >= 6, "{sector} of seed {seed}: {steps} at rank {rank:?}");
            }
        }
        assert_eq!(relief, BTreeSet::from(["_1_TWR".to_owned(), "__TWR".to_owned()]));
        assert!(came >= 40 && went >= 40, "{came} came, {went} went");
    }
}

#[test]
fn relief_comes_before_the_controller_goes_and_has_the_same_channel() {
    let settings = SimulatorSettings { pilots: 1, ..Default::default() };
    let (start, world) = (settings.start, World::new(settings));
    let mut together = 0;
    for step in 0..400 {
        let at = start + TimeDelta::seconds(15 * step);
        let document = serde_json::from_str::<Value>(&world.snapshot(at).main_json).unwrap();
        let controllers = document["controllers"].as_array().unwrap();
        let of = |callsign: &str| controllers.iter().find(|it| it["callsign"] == callsign);
        let Some(tower) = of("SY_TWR") else { continue };
        let Some(relief) = of("SY__TWR").or_else(|| of("SY_1_TWR")) else { continue };
        assert_ne!(relief["cid"], tower["cid"]);
        let tuned = relief["frequency"] == tower["frequency"];
        assert!(tuned || relief["frequency"] == "199.998", "{relief}");
        together += usize::from(tuned);
    }
    assert!(together > 0);
}
