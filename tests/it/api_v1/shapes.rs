//! Members, forms and schemas of answers.

use serde_json::{Value, json};

use super::{
    client::{members, send},
    world::{MARK, World},
};

const SPAN: &str = "from=2025-01-07T00:00:00Z&to=2025-01-08T00:00:00Z";

const FLIGHT: &str = "id callsign logon_time flight_rules aircraft_short aircraft_faa departure arrival alternate route \
    planned_altitude planned_altitude_ft cruise_tas deptime enroute_time fuel_time revision_id assigned_transponder \
    server pilot_rating military_rating latitude longitude altitude groundspeed heading transponder qnh_mb first_seen \
    last_updated last_seen";
const VISIT: &str = "id flight_id callsign sector_name entry_timestamp exit_timestamp duration_seconds entry_lat \
    entry_lon exit_lat exit_lon entry_altitude exit_altitude exit_reason airspace_revision";
const SECTOR: &str =
    "sector_name display_name group floor_ft ceiling_ft capacity owners occupancy control";

/// Each path, the place of an object in `data`, its members, and those that are personal.
const CONTRACT: &[(&str, &str, &str, &str)] = &[
    ("flights?SPAN", "/0", FLIGHT, "cid remarks"),
    ("flights/3", "", FLIGHT, "cid remarks"),
    ("flights/3/track", "", "flight_id positions_since points", ""),
    (
        "flights/3/track",
        "/points/0",
        "observed_at latitude longitude altitude groundspeed heading qnh_mb transponder",
        "",
    ),
    ("visits?SPAN", "/0", VISIT, ""),
    ("flights/3/visits", "/0", VISIT, ""),
    (
        "flights/3/contacts",
        "/0",
        "id flight_id state controller_id controller_callsign frequency_hz is_primary from_timestamp to_timestamp",
        "",
    ),
    ("sectors", "/0", SECTOR, ""),
    ("sectors/SYD", "", SECTOR, ""),
    ("sectors/SYD", "/control", "state controller_callsign owner_rank", ""),
    ("sectors/SYD/occupancy?step=1h&SPAN", "", "sector_name step_seconds steps", ""),
    (
        "sectors/SYD/occupancy?step=1h&SPAN",
        "/steps/0",
        "from to mean peak entries exits controlled known",
        "",
    ),
    (
        "controllers/sessions?SPAN",
        "/0",
        "callsign started_at ended_at duration_seconds connections facility rating",
        "cid",
    ),
    ("controllers/hours?tz=Australia/Sydney&SPAN", "/0", "day callsign facility seconds", "cid"),
    (
        "positions/sy_app/staffing?SPAN",
        "/0",
        "callsign started_at ended_at duration_seconds controllers",
        "cids",
    ),
    (
        "airports/yssy/movements?SPAN",
        "/0",
        "id flight_id callsign icao kind at earliest_at latitude longitude",
        "",
    ),
    ("coverage?by=sector&SPAN", "", "by groups", ""),
    (
        "coverage?by=hour&SPAN",
        "/groups/0",
        "key contact_seconds none_seconds unknown_seconds coverage known share",
        "",
    ),
    ("coverage?by=weekday_hour&SPAN", "", "by groups", ""),
    ("coverage?by=facility&SPAN", "", "by groups", ""),
    ("live", "", "behind_seconds flights sectors controllers counts", ""),
    (
        "live",
        "/flights/0",
        "id callsign departure arrival aircraft_short latitude longitude altitude groundspeed heading \
         sector_name entered_at radio",
        "",
    ),
    ("live", "/flights/0/radio", "state controller_callsign frequency_hz", ""),
    ("live", "/sectors/0", "sector_name occupancy control", ""),
    ("live", "/controllers/0", "callsign facility frequency logon_time", ""),
    ("live", "/counts", "flights inside controllers", ""),
];

fn contract() -> impl Iterator<Item = (String, &'static str, &'static str, &'static str)> {
    CONTRACT.iter().map(|(path, place, all, personal)| {
        (format!("/api/v1/{}", path.replace("SPAN", SPAN)), *place, *all, *personal)
    })
}

/// The paths of the contract, once each.
pub fn paths() -> Vec<String> {
    let mut paths: Vec<_> = contract().map(|(path, ..)| path).collect();
    paths.dedup();
    paths
}

pub fn every_path_has_the_members_of_its_contract(world: &World) {
    for (path, place, all, personal) in contract() {
        let all: Vec<_> = all.split_whitespace().collect();
        let with_personal: Vec<_> =
            all.iter().copied().chain(personal.split_whitespace()).collect();
        for (answer, expected) in
            [(world.get(&path), &all), (world.get_personal(&path), &with_personal)]
        {
            assert_eq!(answer.status, 200, "{path}: {}", answer.text());
            assert_eq!(answer.header("content-type"), Some("application/json"));
            let body = answer.json();
            assert_eq!(body["mark"], MARK, "{path}");
            let part =
                body["data"].pointer(place).unwrap_or_else(|| panic!("{path}{place}: {body}"));
            // serde_json sorts the members, so that the order is looked for in the text.
            let mut names: Vec<_> = part.as_object().expect("an object").keys().collect();
            let mut expected_names = expected.clone();
            names.sort();
            expected_names.sort();
            assert_eq!(names, expected_names, "{path}{place}");
            let text = answer.text();
            for secret in ["SECRETREMARK", "SECRETATIS", "\"cid", "19876", "18765"] {
                let is_told = text.contains(secret);
                assert!(!is_told || expected.len() > all.len(), "{path} tells {secret}");
            }
        }
    }
    let one = world.get("/api/v1/flights/3").text();
    let data =
        one.strip_prefix("{\"data\":").and_then(|it| it.rsplit_once(",\"mark\"")).expect("one").0;
    assert_eq!(members(data)[..3], ["id", "callsign", "logon_time"]);
    assert_eq!(members(&one), ["data", "mark"]);
    let list = world.get(&format!("/api/v1/flights?limit=1&{SPAN}"));
    let next = list.json()["next"].as_str().expect("a next page").to_owned();
    assert_eq!(list.header("link"), Some(format!("<{next}>; rel=\"next\"").as_str()));
    for time in
        ["\"logon_time\":\"2025-01-06T23:50:00Z\"", "\"first_seen\":\"2025-01-07T00:00:00Z\""]
    {
        assert!(list.text().contains(time), "{time}: {}", list.text());
    }
    live_is_what_is_in_the_air(world);
}

fn live_is_what_is_in_the_air(world: &World) {
    let live = world.get("/api/v1/live").json()["data"].clone();
    assert_eq!(live["behind_seconds"], 0.0);
    assert_eq!(live["counts"], json!({"flights": 3, "inside": 3, "controllers": 1}));
    let radio =
        json!({"state": "contact", "controller_callsign": "SY_APP", "frequency_hz": 124_700_000});
    assert_eq!(live["flights"][0]["radio"], radio);
    let sector = |name: &str| {
        let sectors = live["sectors"].as_array().expect("sectors").iter();
        sectors.clone().find(|sector| sector["sector_name"] == name).cloned().expect("a sector")
    };
    assert_eq!(sector("SYD")["occupancy"], 3);
    assert_eq!(sector("MEL")["occupancy"], 0, "a sector without flights is there");
    let one = world.get("/api/v1/sectors/SYD").json()["data"].clone();
    assert_eq!(
        one["control"],
        json!({"state": "controlled", "controller_callsign": "SY_APP", "owner_rank": 0})
    );
    assert_eq!((&one["occupancy"], &one["ceiling_ft"]), (&json!(3), &json!(28_000.0)));
    assert_eq!(one["owners"][0], "SY_APP");
    // One that was stored and is not configured any more.
    let gone = world.get("/api/v1/sectors/GONE%2FOLD").json()["data"].clone();
    assert_eq!((&gone["occupancy"], &gone["display_name"]), (&json!(0), &Value::Null));
}

pub fn forms_of_a_track_are_files(world: &World) {
    for (format, content_type, has) in [
        ("geojson", "application/geo+json", "\"LineString\""),
        ("kml", "application/vnd.google-earth.kml+xml", "<gx:coord>"),
        ("gpx", "application/gpx+xml", "<trkpt "),
    ] {
        let answer = world.get(&format!("/api/v1/flights/3/track.{format}"));
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(content_type)));
        let name = format!("attachment; filename=\"VOZ3-2025-01-07-3.{format}\"");
        assert_eq!(answer.header("content-disposition"), Some(name.as_str()));
        assert!(answer.text().contains(has), "{}", answer.text());
    }
    let mirror = |of: &str, sign: &str| {
        world.sql.run(&format!(
            "update flight_positions set longitude = -longitude where flight_id = 3 and longitude {sign} {of}"
        ));
    };
    mirror("143.9", ">");
    let line = world.get("/api/v1/flights/3/track.geojson").json();
    assert_eq!(line["geometry"]["type"], "MultiLineString");
    mirror("0", "<");
    let without = world.get("/api/v1/flights/203/track.geojson");
    assert_eq!((without.status, &without.json()["geometry"]), (200, &Value::Null));
}

pub fn head_and_codings_are_as_for_all_pages(world: &World) {
    for path in paths().into_iter().chain(["/api/docs".to_owned(), "/api/openapi.json".to_owned()])
    {
        let (whole, address) = (world.get(&path), world.service.address());
        let head = send(address, "HEAD", &path, &[]);
        assert_eq!((head.status, head.body.len()), (200, 0), "{path}");
        assert_eq!(head.header("content-length"), whole.header("content-length"), "{path}");
        let gzip = world.with_headers(&path, &[("Accept-Encoding", "gzip")]);
        assert_eq!(gzip.header("content-encoding"), Some("gzip"), "{path}");
        let mut text = String::new();
        let mut decoder = flate2::read::GzDecoder::new(&gzip.body[..]);
        std::io::Read::read_to_string(&mut decoder, &mut text).expect("gzip");
        assert_eq!(text, whole.text(), "{path}");
    }
}
