use std::ops::Add;

use super::super::decode_transceivers;
use sectorwatch_core::{
    controller::{Antenna, Station, Transceiver},
    snapshot::{
        RecordType,
        RejectionReason::{self, Range, Schema, TooLong},
    },
};

const RADIO: &[(&str, &str)] = &[
    ("id", "0"),
    ("frequency", "118700000"),
    ("latDeg", "-33.9"),
    ("lonDeg", "151.2"),
    ("heightMslM", "10668.5"),
    ("heightAglM", "10000"),
];

fn radio(changes: &[(&str, &str)]) -> String {
    super::record(RADIO, changes)
}

fn station(callsign: &str, radios: &[String]) -> String {
    format!(r#"{{"callsign":"{callsign}","transceivers":[{}]}}"#, radios.join(","))
}

fn list(stations: &[String]) -> String {
    format!("[{}]", stations.join(","))
}

#[test]
fn a_radio_is_read_and_a_bad_one_costs_itself_alone() {
    for (field, value, refused) in [
        ("id", "2147483648", Some(Range)),
        ("id", "", Some(Schema)),
        ("frequency", "-1", Some(Range)),
        ("frequency", "1e30", Some(Range)),
        ("frequency", "118.7", None),
        ("frequency", "2147000000.1", Some(Range)),
        ("frequency", "2147000000", None),
        ("frequency", "1e999", Some(Schema)),
        ("frequency", r#""118700000""#, Some(Schema)),
        ("frequency", "null", Some(Schema)),
        ("latDeg", "90.1", Some(Range)),
        ("latDeg", "null", Some(Schema)),
        ("lonDeg", "-180.1", Some(Range)),
        ("lonDeg", r#""151""#, Some(Schema)),
        ("heightMslM", "1e999", None),
        ("heightAglM", "-12.5", None),
        ("latDeg", "90", None),
    ] {
        let radios = [radio(&[("id", "1")]), radio(&[(field, value)]), radio(&[("id", "2")])];
        let decoded = decode_transceivers(list(&[station("QFA1", &radios)]).as_bytes()).unwrap();
        let reasons: Vec<RejectionReason> = decoded.rejected.iter().map(|r| r.reason).collect();
        assert_eq!(reasons, Vec::from_iter(refused), "{field} {value}");
        assert_eq!(decoded.stations[0].transceivers.len(), 3 - reasons.len(), "{field} {value}");
        for rejected in decoded.rejected {
            assert_eq!(rejected.callsign.as_deref(), Some("QFA1"));
        }
    }
}

#[test]
fn a_height_that_cannot_be_read_costs_itself_alone() {
    // The JSON, the result, and whether the field is unreadable.
    for (value, read, is_lost) in [
        ("-1e300", Some(-1e300), false),
        ("17", Some(17.0), false),
        ("null", None, false),
        ("", None, false),
        ("1e999", None, true),
        (r#""high""#, None, true),
        ("true", None, true),
        ("[17]", None, true),
        (&"[".repeat(200).add(&"]".repeat(200)), None, true),
        (r#"{"m":17}"#, None, true),
        (r#""\ud800""#, None, true),
    ] {
        for field in ["heightMslM", "heightAglM"] {
            let body = list(&[station("SY_APP", &[radio(&[(field, value)])])]);
            let decoded = decode_transceivers(body.as_bytes()).unwrap();
            assert_eq!(decoded.rejected, [], "{field} {value}");
            let lost = is_lost.then_some(((RecordType::Transceiver, field), 1));
            assert_eq!(Vec::from_iter(decoded.unreadable), Vec::from_iter(lost), "{field} {value}");
            let station = &decoded.stations[0];
            let it = &station.transceivers[0];
            assert!(station.is_whole && it.frequency_hz == 118_700_000, "{field} {value}");
            let (msl, agl) = (it.height_msl_m, it.height_agl_m);
            let heights = if field == "heightMslM" { (msl, agl) } else { (agl, msl) };
            assert_eq!(heights.0, read, "{field} {value}");
            assert!(heights.1.is_some(), "{field} {value}");
        }
    }
    let lossy = radio(&[("heightMslM", "[]"), ("frequency", "-1")]);
    let decoded = decode_transceivers(list(&[station("QFA1", &[lossy])]).as_bytes()).unwrap();
    assert!(decoded.unreadable.is_empty(), "of a radio that is not taken nothing was lost");
}

#[test]
fn a_bad_station_costs_itself_alone() {
    let good = station("QFA1", &[radio(&[])]);
    for (bad, reason) in [
        (station("ABCDEFGHIJKLMNOPQ", &[]), TooLong),
        (station("", &[]), Range),
        (r#"{"transceivers":[]}"#.to_owned(), Schema),
        (r#"{"callsign":"QFA2"}"#.to_owned(), Schema),
        (r#"{"callsign":"QFA2","transceivers":{}}"#.to_owned(), Schema),
        ("null".to_owned(), Schema),
    ] {
        let decoded = decode_transceivers(list(&[bad, good.clone()]).as_bytes()).unwrap();
        assert_eq!(decoded.stations.len(), 1);
        assert_eq!(decoded.rejected[0].reason, reason);
    }
}

#[test]
fn the_last_radio_of_an_id_wins_also_across_records_of_one_callsign() {
    let first = station("QFA1", &[radio(&[("frequency", "1")]), radio(&[("frequency", "2")])]);
    let again = station("QFA1", &[radio(&[("id", "1")]), radio(&[("frequency", "3")])]);
    let body = list(&[first, station("QFA2", &[]), again]);
    let decoded = decode_transceivers(body.as_bytes()).unwrap();
    let radio = |id, frequency_hz| Transceiver {
        id,
        frequency_hz,
        latitude: -33.9,
        longitude: 151.2,
        height_msl_m: Some(10_668.5),
        height_agl_m: Some(10_000.0),
        unreadable: Vec::new(),
    };
    let antennas = [1, 2, 118_700_000, 3].map(antenna).into();
    let expected = [
        Station {
            callsign: "QFA1".into(),
            transceivers: vec![radio(0, 3), radio(1, 118_700_000)],
            antennas,
            is_whole: true,
        },
        Station { callsign: "QFA2".into(), transceivers: vec![], antennas: vec![], is_whole: true },
    ];
    assert_eq!(decoded.stations, expected);
    assert_eq!(decoded.rejected, []);
}

fn antenna(frequency_hz: u32) -> Antenna {
    let height_msl_m = Some(10_668.5);
    Antenna { frequency_hz, latitude: -33.9, longitude: 151.2, height_msl_m }
}

#[test]
fn a_callsign_that_is_listed_twice_is_one_station_in_the_order_of_its_lists() {
    let of = |frequency: &str| radio(&[("frequency", frequency)]);
    let lists = [
        station("qfa1", &[of("1"), of("2.9")]),
        station("QFA2", &[of("9")]),
        station("QFA1", &[radio(&[("id", "")]), of("3")]),
    ];
    let decoded = decode_transceivers(list(&lists).as_bytes()).unwrap();
    assert_eq!(decoded.stations.len(), 2);
    let joined = &decoded.stations[0];
    assert_eq!((joined.callsign.as_ref(), joined.is_whole), ("qfa1", false));
    // A radio without an id is no row, and is heard all the same.
    assert_eq!(joined.antennas, [1, 2, 118_700_000, 3].map(antenna));
    assert_eq!(joined.transceivers.len(), 1);
    assert_eq!(decoded.rejected.len(), 1);
}

#[test]
fn ten_thousand_radios_of_one_callsign_are_bounded_and_counted() {
    let good = |id: usize| radio(&[("id", &id.to_string()), ("frequency", &id.to_string())]);
    let bad = radio(&[("latDeg", "91")]);
    let many: Vec<String> = (0..10_000).map(good).collect();
    for (radios, used, told, surplus) in [
        (many.clone(), 64, 1, 9_935),
        ([vec![bad.clone(); 100], many].concat(), 64, 65, 36 + 9_935),
        (vec![bad; 10_000], 0, 64, 9_936),
        ((0..64).map(good).collect(), 64, 0, 0),
    ] {
        let body = list(&[station("QFA1", &radios), station("QFA2", &[radio(&[])])]);
        let decoded = decode_transceivers(body.as_bytes()).unwrap();
        let [first, second] = decoded.stations.as_slice() else { panic!("{decoded:?}") };
        let expected: Vec<u32> = (0..used).collect();
        let read: Vec<u32> = first.antennas.iter().map(|it| it.frequency_hz).collect();
        assert_eq!((read, first.transceivers.len()), (expected, used as usize));
        assert_eq!((decoded.rejected.len(), decoded.surplus), (told, surplus));
        assert_eq!(second.antennas.len(), 1, "nothing else is lost");
    }
}

#[test]
fn documents() {
    assert_eq!(decode_transceivers(b"[]").unwrap(), Default::default());
    for (body, kind) in [("{}", "schema"), ("null", "schema"), ("", "json"), ("[", "json")] {
        assert_eq!(decode_transceivers(body.as_bytes()).unwrap_err().kind(), kind);
    }
    assert_eq!(decode_transceivers(b"[\"\xe4\"]").unwrap_err().kind(), "utf8");
    let odd = station("QFA1", &[radio(&[("x", "1")])]).replacen('{', r#"{"y":2,"#, 1);
    let decoded = decode_transceivers(list(&[odd]).as_bytes()).unwrap();
    assert_eq!(Vec::from_iter(decoded.unknown_fields), ["stations.transceivers.x", "stations.y"]);
}
