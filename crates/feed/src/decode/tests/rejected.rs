use super::{controller, decoded, pilot, quoted};
use sectorwatch_core::{
    flight::PartialKey,
    snapshot::{RecordType, RejectionReason},
};

/// Changes to a pilot, the start of what is kept, CID and callsign.
type Case<'a> = (&'a [(&'a str, &'a str)], &'a str, Option<i32>, Option<&'a str>);

fn check(cases: &[Case<'_>]) {
    for (changes, start, cid, callsign) in cases {
        let mut rejected = decoded(&[pilot(changes)], &[]).rejected;
        assert_eq!(rejected.len(), 1);
        let rejected = rejected.remove(0);
        assert_eq!(rejected.source, RecordType::Pilot);
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
        (&[("altitude", "1e6"), ("server", r#""\u0000""#)], r#"{"cid":"#, cid, callsign),
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
fn what_is_known_of_a_small_record_is_kept_in_order() {
    let plan = r#"{"route":"a\u0000b","pilot":"Jane","remarks":[1, {"name":"Jane"}]}"#;
    let odd = [("altitude", " 1e6 "), ("x\\\"y", "[1, 2]"), ("flight_plan", plan)];
    let rejected = decoded(&[pilot(&odd)], &[]).rejected;
    assert_eq!(
        rejected[0].raw,
        concat!(
            r#"{"cid":1000001,"callsign":"QFA1","latitude":-33.9,"longitude":151.2,"#,
            r#""groundspeed":450,"heading":90,"logon_time":"2024-02-20T10:00:00.1234567Z","#,
            r#""last_updated":"2024-02-20T11:59:50Z","altitude":1e6,"#,
            r#""flight_plan":{"route":"a\u0000b","remarks":[1,{}]}}"#
        )
    );
    assert_eq!(rejected[0].detail, "altitude: not within -2000 to 100000");
}

#[test]
fn a_large_record_is_cut_at_its_end_and_at_a_character() {
    let kept = |padding: &str| {
        let record = format!(r#"{{"server":{},"cid":1}}"#, quoted(padding));
        (decoded(std::slice::from_ref(&record), &[]).rejected.remove(0).raw, record)
    };
    let around = r#"{"server":"","cid":1}"#.len();
    let (raw, record) = kept(&"x".repeat(4096 - around));
    assert_eq!((raw.len(), raw), (4096, record));
    let (raw, record) = kept(&"x".repeat(4097 - around));
    assert_eq!(raw, record[..4096]);
    let (raw, record) = kept(&"é".repeat(4096));
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
fn the_detail_names_the_field_and_holds_no_value() {
    for (changes, detail) in [
        (("latitude", r#""x""#), "latitude: of another type"),
        (("latitude", ""), "latitude: missing"),
        (("longitude", "180.5"), "longitude: not within -180 to 180"),
        (("groundspeed", r#""x""#), "groundspeed: of another type"),
        (("groundspeed", "3001"), "groundspeed: not within 0 to 3000"),
        (("logon_time", r#""x""#), "logon_time: no time"),
        (
            ("logon_time", r#""2024-02-20T13:00:01Z""#),
            "logon_time: over 1 h ahead of update_timestamp",
        ),
        (
            ("last_updated", r#""2024-02-19T11:59:59Z""#),
            "last_updated: over 24 h behind update_timestamp",
        ),
        (("cid", "1.5"), "cid: of another type"),
        (("cid", "-77"), "cid: not within 1 to 2147483647"),
        (("callsign", r#""Jane Doe""#), "callsign: not 1 to 16 visible ASCII characters"),
        (("callsign", r#""JANEDOEJANEDOEJANE""#), "callsign: more than 16 characters"),
    ] {
        let rejected = decoded(&[pilot(&[changes])], &[]).rejected;
        assert_eq!(rejected[0].detail, detail);
    }
}

#[test]
fn what_is_no_object_leaves_nothing_and_a_name_never_does() {
    for (record, raw) in [
        ("7", ""),
        ("null", ""),
        (r#""Jane Doe""#, ""),
        (r#"["Jane Doe"]"#, ""),
        (r#"[{"name":"Jane Doe"}]"#, ""),
        ("1e999", ""),
        (r#""\ud800""#, ""),
        ("{}", "{}"),
        (r#"{"name":"Jane Doe"}"#, "{}"),
        (r#"{"n\u0061me":"Jane Doe","cid":1}"#, r#"{"cid":1}"#),
        (r#"{"\ud800":1,"name":"Jane Doe"}"#, "{}"),
        (
            r#"{"callsign":{"name":"Jane Doe"},"server":[["Jane"]]}"#,
            r#"{"callsign":{},"server":[["Jane"]]}"#,
        ),
    ] {
        let rejected = decoded(&[pilot(&[]), record.to_owned()], &[]).rejected;
        assert_eq!(rejected.len(), 1, "{record}");
        assert_eq!((rejected[0].reason, rejected[0].raw.as_str()), (RejectionReason::Schema, raw));
    }
}

#[test]
fn of_who_is_refused_is_known_what_can_be_read() {
    let at = |text: &str| crate::time::parse(text);
    let logon = at("2024-02-20T10:00:00.123456Z");
    let whole = (Some(1_000_001), Some("QFA1"), logon);
    for (changes, known) in [
        (&[("latitude", "91")][..], whole),
        (&[("cid", r#""1""#)], (None, whole.1, logon)),
        (&[("cid", "0")], (None, whole.1, logon)),
        (&[("cid", "2147483648")], (None, whole.1, logon)),
        (&[("cid", "")], (None, whole.1, logon)),
        (&[("callsign", "5")], (whole.0, None, logon)),
        (&[("callsign", r#""QFA 1""#)], (whole.0, None, logon)),
        (&[("callsign", r#""QFA1QFA1QFA1QFA11""#)], (whole.0, None, logon)),
        (&[("logon_time", "null")], (whole.0, whole.1, None)),
        (&[("logon_time", r#""2024-02-20T13:00:01Z""#)], (whole.0, whole.1, None)),
        (&[("last_updated", "5"), ("cid", "null"), ("callsign", "{}")], (None, None, logon)),
    ] {
        let snapshot = decoded(&[pilot(changes), pilot(&[("cid", "7")])], &[]);
        let [key] = &snapshot.refused_pilots[..] else { panic!("{changes:?}") };
        assert_eq!((key.cid, key.callsign.as_deref(), key.logon_time), known, "{changes:?}");
    }
    let twice = [pilot(&[]), pilot(&[]), "17".to_owned(), "null".to_owned()];
    let snapshot = decoded(&twice, &[controller(&[("cid", "-1")]), "[]".to_owned()]);
    assert_eq!(snapshot.refused_pilots, [PartialKey::default(), PartialKey::default()]);
    let [controller, nobody] = &snapshot.refused_controllers[..] else { panic!("two") };
    assert_eq!((controller.cid, controller.callsign.as_deref()), (None, Some("ML-WOL_CTR")));
    assert_eq!(*nobody, PartialKey::default());
}
