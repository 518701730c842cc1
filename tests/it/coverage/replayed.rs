//! The figures that the service before this one got wrong, from recordings to views.

use serde_json::json;

use crate::support::{
    documents::{Controller, Feed, Pilot, START, inside},
    postgres::Database,
    replay::{recorded, replay},
    sql::Client,
};

/// An hour of snapshots every 15 s.
const SNAPSHOTS: i64 = 240;

/// Who is in contact with the first controller, and up to which second from which.
const TUNED: [(&str, i64, i64); 3] = [("HALF", 600, 2400), ("ALL", 0, 3601), ("FOUR", 0, 240)];

/// Five controllers with their channels, to whom one flight is tuned in turns, and the sectors that it crosses
/// meanwhile.
const CROSSED: [(&str, i32, &str); 5] = [
    ("SY_TWR", 120_500_000, "SYD"),
    ("SY_APP", 124_700_000, "YMMM"),
    ("ML_APP", 132_000_000, "MEL"),
    ("ML_TWR", 118_400_000, "YBBB"),
    ("ML_GND", 121_700_000, "ADL"),
];

/// The first controller of [`CROSSED`] is online for half of the hour.
const LEAVES: i64 = 1800;

fn document(number: i64) -> Feed {
    let (now, site) = (15 * number, inside("SYD"));
    let on_the_ground = |callsign: &str, cid| Pilot::new(callsign, cid).kt(0);
    let mut feed = Feed::second(now)
        .controller(Controller::new("BN_APP", 9).set("frequency", json!("125.300")))
        .radio("BN_APP", 125_300_000, site);
    for (cid, (callsign, from, until)) in (1..).zip(TUNED) {
        let channel = if (from..until).contains(&now) { 125_300_000 } else { 135_000_000 };
        feed = feed.pilot(on_the_ground(callsign, cid)).radio(callsign, channel, site);
    }
    for (cid, (callsign, channel, _)) in (10..).zip(CROSSED) {
        if callsign != "SY_TWR" || now < LEAVES {
            let frequency = format!("{:.3}", f64::from(channel) / 1e6);
            let controller = Controller::new(callsign, cid).set("frequency", json!(frequency));
            feed = feed.controller(controller).radio(callsign, channel, site);
        }
    }
    let (_, channel, sector) = CROSSED[(now / 700).min(4) as usize];
    feed.pilot(Pilot::new("FIVE", 20).inside(sector))
        .radio("FIVE", channel, site)
        .pilot(on_the_ground("TOWER", 21))
        .radio("TOWER", 120_500_000, site)
}

/// Seconds of contact and without, and the coverage of a flight in per cent.
fn coverage(client: &Client, callsign: &str) -> String {
    client.one(&format!(
        "select {} from flights f
         cross join lateral radio_coverage(f.id, timestamptz '{START}', f.last_seen)
         where callsign = '{callsign}'",
        super::scene::COVERAGE
    ))
}

#[test]
fn what_the_service_before_this_one_got_wrong_is_right_from_the_feed_on() {
    let documents: Vec<_> = (0..=SNAPSHOTS).map(document).collect();
    let database = Database::migrated();
    let ended = replay(&[&recorded(&documents)], &database, &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let client = database.client();
    // It said 0, 36.7 and 36.7 per cent, and 0 after the controller had logged off.
    assert_eq!(coverage(&client, "HALF"), "1800 1800 0 50.0 100.0");
    assert_eq!(coverage(&client, "ALL"), "3600 0 0 100.0 100.0");
    assert_eq!(coverage(&client, "FOUR"), "240 3360 0 6.7 100.0");
    assert_eq!(coverage(&client, "TOWER"), "1800 1800 0 50.0 100.0");
    // It counted the contacts of one flight and found a peak of 5.
    assert_eq!(coverage(&client, "FIVE"), "3600 0 0 100.0 100.0");
    let contacts = "select count(distinct controller_callsign) from flight_radio_intervals i
        join flights f on f.id = i.flight_id where f.callsign = 'FIVE' and state = 'contact'";
    assert_eq!(client.count(contacts), 5);
    assert_eq!(client.count("select count(*) from flight_sector_occupancy"), 5);
    client.run("set timezone = 'UTC'");
    let busiest = client.rows(&super::documented::query("busiest", 3600));
    let peaks: Vec<_> = busiest.iter().map(|row| row[1].clone().unwrap_or_default()).collect();
    assert_eq!(peaks[0], "1", "{busiest:?}");
}
