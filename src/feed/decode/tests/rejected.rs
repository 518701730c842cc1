use super::{decoded, pilot, quoted};
use crate::domain::snapshot::{Reason, Source};

/// Changes to a pilot, the start of what is kept, CID and callsign.
type Case<'a> = (&'a [(&'a str, &'a str)], &'a str, Option<i32>, Option<&'a str>);

fn check(cases: &[Case<'_>]) {
    for (changes, start, cid, callsign) in cases {
        let mut rejected = decoded(&[pilot(changes)], &[]).rejected;
        assert_eq!(rejected.len(), 1);
        let rejected = rejected.remove(0);
        assert_eq!(rejected.source, Source::Pilot);
        assert!(rejected.raw.starts_with(start), "{:.200}", rejected.raw);
        assert!(!rejected.raw.contains("Jane"), "{:.200}", rejected.raw);
        assert!(!rejected.raw.contains('\0'));
        assert!(rejected.raw.len() <= 4096 && rejected.detail.len() <= 256);
        assert_eq!((rejected.cid, rejected.callsign.as_deref()), (*cid, *callsign));
    }
}

#[test]
fn a_rejected_record_is_kept_without_its_name() {
    let (cid, callsign) = (Some(1_000_001), Some("QFA1"));
    check(&[
        (&[("latitude", "1e999")], r#"{"cid":1000001,"callsign":"QFA1","#, cid, callsign),
        (&[("callsign", r#""\ud800""#)], r#"{"cid":1000001,"latitude":"#, cid, None),
        (&[("callsign", "")], r#"{"cid":1000001,"#, cid, None),
        (&[("cid", "9e9")], r#"{"callsign":"QFA1","#, None, callsign),
        (&[("cid", "0")], r#"{"callsign":"QFA1","#, Some(0), callsign),
        (&[("altitude", "1e6"), ("a\\u0000b", r#""\u0000""#)], r#"{"cid":"#, cid, callsign),
    ]);
}

#[test]
fn a_huge_record_is_kept_in_part() {
    let (cid, callsign) = (Some(1_000_001), Some("QFA1"));
    let long = quoted(&"Z".repeat(500));
    let plan = format!(r#"{{"route":{}}}"#, quoted(&"x".repeat(10_000_000)));
    check(&[
        (&[("callsign", &long)], r#"{"cid":1000001,"#, cid, Some(&long[1..65])),
        (&[("altitude", "null"), ("flight_plan", &plan)], r#"{"cid":"#, cid, callsign),
        (&[("altitude", &long)], r#"{"cid":"#, cid, callsign),
    ]);
}

#[test]
fn a_small_record_is_kept_whole_and_in_order() {
    let rejected = decoded(&[pilot(&[("altitude", " 1e6 "), ("x\\\"y", "[1, 2]")])], &[]).rejected;
    assert_eq!(
        rejected[0].raw,
        concat!(
            r#"{"cid":1000001,"callsign":"QFA1","latitude":-33.9,"longitude":151.2,"#,
            r#""groundspeed":450,"heading":90,"logon_time":"2024-02-20T10:00:00.1234567Z","#,
            r#""last_updated":"2024-02-20T11:59:50Z","altitude":1e6,"x\"y":[1, 2]}"#
        )
    );
    assert_eq!(rejected[0].detail, "altitude: 1000000 is not within -2000 to 100000");
}

#[test]
fn a_large_record_is_cut_at_its_end_and_at_a_character() {
    let kept = |padding: &str| {
        let record = format!(r#"{{"pad":{},"z":1}}"#, quoted(padding));
        (decoded(std::slice::from_ref(&record), &[]).rejected.remove(0).raw, record)
    };
    let around = r#"{"pad":"","z":1}"#.len();
    let (raw, record) = kept(&"x".repeat(4096 - around));
    assert_eq!((raw.len(), raw), (4096, record));
    let (raw, record) = kept(&"x".repeat(4097 - around));
    assert_eq!(raw, record[..4096]);
    let (raw, record) = kept(&format!("x{}", "é".repeat(4096)));
    assert_eq!(raw, record[..4095]);
}

#[test]
fn of_a_field_that_stands_twice_the_last_counts() {
    let twice = [("cid", "5"), ("cid", "6")];
    assert_eq!(decoded(&[pilot(&twice)], &[]).pilots[0].key.cid, 6);
    let bad = pilot(&[twice[0], twice[1], ("altitude", "1e6")]);
    assert_eq!(decoded(&[bad], &[]).rejected[0].cid, Some(6));
}

#[test]
fn the_detail_names_the_field() {
    for (changes, detail) in [
        (("latitude", r#""x""#), "latitude: invalid type: string \"x\""),
        (("latitude", ""), "latitude: missing"),
        (("flight_plan", r#"{"route":1}"#), "flight_plan: route: invalid type: integer `1`"),
        (("logon_time", r#""x""#), "logon_time: \"x\" is no time"),
        (("cid", "1.5"), "cid: invalid type: floating point `1.5`, expected a whole number"),
    ] {
        let rejected = decoded(&[pilot(&[changes])], &[]).rejected;
        assert!(rejected[0].detail.starts_with(detail), "{}", rejected[0].detail);
    }
}

#[test]
fn what_is_no_object_is_kept_as_it_is_and_a_name_never() {
    for (record, raw) in [
        ("7", "7"),
        ("null", "null"),
        (r#"["QFA1"]"#, r#"["QFA1"]"#),
        ("1e999", "1e999"),
        (r#""\ud800""#, r#""\ud800""#),
        ("{}", "{}"),
        (r#"{"name":"Jane Doe"}"#, "{}"),
        (r#"{"n\u0061me":"Jane Doe","cid":1}"#, r#"{"cid":1}"#),
        (r#"{"\ud800":1,"name":"Jane Doe"}"#, ""),
    ] {
        let rejected = decoded(&[pilot(&[]), record.to_owned()], &[]).rejected;
        assert_eq!(rejected.len(), 1, "{record}");
        assert_eq!((rejected[0].reason, rejected[0].raw.as_str()), (Reason::Schema, raw));
    }
}
