//! Relations between the rows for any traffic.

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use serde_json::json;

use super::{PERIOD, count, polls, stored, visits};
use crate::support::documents::{Feed, Pilot, second};

const SECTORS: [&str; 10] =
    ["SYD", "MEL", "BNE", "ADL", "PER", "CNS", "CBR", "DRW", "YBBB", "YMMM"];

#[test]
fn durations_are_whole_seconds_cut() {
    let at = |time: &str| format!("2025-01-01T12:00:{time}Z");
    let pilot = |callsign: &str, time: &str| Pilot::new(callsign, 1).last_updated(&at(time));
    let database = stored(&[
        Feed::second(1)
            .pilot(pilot("CUT", "00.9").inside("SYD"))
            .pilot(pilot("DIGITS", "00.1234567").inside("SYD"))
            .pilot(pilot("STILL", "01").inside("SYD"))
            .pilot(pilot("BACK", "01").inside("SYD")),
        Feed::second(17)
            .pilot(pilot("CUT", "16.3").inside("MEL"))
            .pilot(pilot("DIGITS", "15.1234569").inside("MEL"))
            .pilot(pilot("STILL", "01").inside("MEL"))
            .pilot(pilot("BACK", "00").inside("MEL")),
    ]);
    // Feed times are cut to microseconds first.
    assert_eq!(
        visits(&database),
        [
            "BACK MEL 1- open",
            "BACK SYD 1-1 crossed",
            "CUT SYD 0.9-16.3 crossed",
            "CUT MEL 16.3- open",
            "DIGITS SYD 0.123456-15.123456 crossed",
            "DIGITS MEL 15.123456- open",
            "STILL MEL 1- open",
            "STILL SYD 1-1 crossed",
        ]
    );
    let durations = "select callsign || ' ' || duration_seconds from flight_sector_occupancy \
         where duration_seconds is not null order by 1";
    assert_eq!(database.client().column(durations), ["BACK 0", "CUT 15", "DIGITS 15", "STILL 0"]);
}

/// Flights that change sectors at random: their visits are the runs of equal sectors, each once.
#[test]
fn no_entry_is_missing_and_none_is_doubled() {
    const POLLS: usize = 12;
    let mut dice = StdRng::seed_from_u64(1);
    let flights: Vec<(String, Vec<&str>)> = (0..60)
        .map(|i| {
            let mut path = vec![SECTORS[i % SECTORS.len()]];
            while path.len() < POLLS {
                let stays = dice.random_bool(0.6);
                let next = SECTORS[dice.random_range(0..SECTORS.len())];
                path.push(if stays { path[path.len() - 1] } else { next });
            }
            (format!("TST{i:02}"), path)
        })
        .collect();
    let written: Vec<(&str, String)> = flights
        .iter()
        .map(|(callsign, path)| {
            let polls: Vec<String> = path.iter().map(|sector| format!("{sector} 250")).collect();
            (callsign.as_str(), polls.join(" | "))
        })
        .collect();
    let paths: Vec<(&str, &str)> = written.iter().map(|(c, path)| (*c, path.as_str())).collect();
    let database = stored(&polls(&paths));

    let mut expected = Vec::new();
    for (callsign, path) in &flights {
        let mut begun = 0;
        for run in path.chunk_by(|one, next| one == next) {
            let (entry, exit) = (begun, begun + PERIOD * run.len() as i64);
            begun = exit;
            expected.push(match exit == PERIOD * POLLS as i64 {
                true => format!("{callsign} {} {entry}- open", run[0]),
                false => format!("{callsign} {} {entry}-{exit} crossed", run[0]),
            });
        }
    }
    assert_eq!(visits(&database), expected);
    assert_eq!(count(&database, "flights"), 60);
    assert_eq!(count(&database, "flight_positions"), 60 * POLLS as u64);
    assert_eq!(count(&database, "pending_transitions"), 0);
}

/// The recorded sector is that of the recorded position, and no position in a sector is without a visit.
#[test]
fn sectors_agree_with_positions() {
    let mut dice = StdRng::seed_from_u64(2);
    let qnh = [json!(null), json!(0), json!(980), json!(1013), json!(1045), json!(2144)];
    let mut documents: Vec<Feed> = (0..4).map(|i| Feed::second(PERIOD * i)).collect();
    for document in &mut documents {
        for i in 0..150 {
            let sector = SECTORS[i % SECTORS.len()];
            // Around the edges of the terminal sectors, which are 36 and 45 NM away.
            let (latitude, longitude) = crate::support::documents::inside(sector);
            let latitude = latitude + dice.random_range(-1.0..1.0);
            let longitude = longitude + dice.random_range(-1.0..1.0);
            let pilot = Pilot::new(&format!("TST{i:03}"), 1)
                .at(latitude, longitude)
                .alt(dice.random_range(0..40_000))
                .set("qnh_mb", qnh[dice.random_range(0..qnh.len())].clone());
            *document = document.clone().pilot(pilot);
        }
    }
    let database = stored(&documents);
    let (airspace, _) = sectorwatch_airspace::load(&[]).expect("the built-in airspace");
    let rows = database.client().rows(
        "select v.sector_name, p.latitude, p.longitude, p.altitude, p.qnh_mb, \
             v.entry_lat = p.latitude and v.entry_lon = p.longitude \
             and v.entry_altitude = p.altitude \
         from flight_positions p \
         join flights f on f.id = p.flight_id \
         left join flight_sector_occupancy v on v.flight_id = p.flight_id \
             and v.entry_timestamp <= p.observed_at \
             and (v.exit_timestamp > p.observed_at or v.exit_timestamp is null) \
         order by v.entry_timestamp <> p.observed_at",
    );
    assert_eq!(rows.len(), 600);
    let (mut entries, mut sectors) = (0, std::collections::BTreeSet::new());
    for row in rows {
        let [sector, latitude, longitude, altitude, qnh, at_entry] =
            row.try_into().expect("six columns");
        let number = |text: &Option<String>| text.as_ref()?.parse::<f64>().ok();
        let primary = airspace.primary_sector(
            number(&latitude).expect("a latitude"),
            number(&longitude).expect("a longitude"),
            number(&altitude).expect("an altitude") as i32,
            number(&qnh).map(|mb| mb as i32),
        );
        assert_eq!(sector.as_deref(), primary.map(AsRef::as_ref));
        entries += u32::from(at_entry.as_deref() == Some("t"));
        sectors.extend(sector);
    }
    assert_eq!(u64::from(entries), count(&database, "flight_sector_occupancy"));
    assert_eq!(sectors.len(), SECTORS.len(), "every sector was tried");
}

#[test]
fn no_row_is_without_its_flight() {
    let database = stored(&polls(&[("QFA1", "SYD 120 | MEL 120"), ("QFA2", "BNE 120")]));
    let client = database.client();
    let orphan = |sql: &str| {
        let refused = client.try_rows(sql).expect_err("a flight that does not exist");
        assert!(refused.starts_with("23503"), "{refused}");
    };
    orphan(&format!(
        "insert into flight_positions (flight_id, observed_at, latitude, longitude, altitude) \
         values (-1, '{}', 0, 0, 0)",
        second(0)
    ));
    orphan(
        "insert into flight_sector_occupancy (flight_id, callsign, sector_name, entry_timestamp, \
             entry_lat, entry_lon, entry_altitude, airspace_revision) \
         values (-1, 'X', 'SYD', now(), 0, 0, 0, '')",
    );
    orphan(
        "insert into pending_transitions (flight_id, kind, sector_name, observed_at, latitude, \
             longitude, altitude) values (-1, 'entered', 'SYD', now(), 0, 0, 0)",
    );
    // Deleting a flight deletes its history, and no other.
    client.run("delete from flights where callsign = 'QFA1'");
    assert_eq!(visits(&database), ["QFA2 BNE 0- open"]);
    assert_eq!(count(&database, "flight_positions"), 1);
}
