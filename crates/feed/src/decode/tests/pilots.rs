use super::{one_pilot, quoted};
use sectorwatch_core::{
    flight::FlightPlan,
    snapshot::RejectionReason::{self, Range, Schema, TooLong},
};

fn check(cases: &[(&str, &str, Option<RejectionReason>)]) {
    for (field, value, refused) in cases {
        assert_eq!(one_pilot(&[(field, value)]).err(), *refused, "{field} {value}");
    }
}

#[test]
fn identity_and_times_have_their_bounds() {
    let long = quoted(&"A".repeat(500));
    check(&[
        ("cid", "1", None),
        ("cid", "2147483647", None),
        ("cid", "2147483648", Some(Range)),
        ("cid", "1e30", Some(Range)),
        ("cid", "0", Some(Range)),
        ("cid", "-5", Some(Range)),
        ("cid", "1.5", Some(Schema)),
        ("cid", r#""1000001""#, Some(Schema)),
        ("cid", "null", Some(Schema)),
        ("cid", "", Some(Schema)),
        ("callsign", r#""A-1""#, None),
        ("callsign", r#""ABCDEFGHIJKLMNOP""#, None),
        ("callsign", r#""ABCDEFGHIJKLMNOPQ""#, Some(TooLong)),
        ("callsign", &long, Some(TooLong)),
        ("callsign", r#""""#, Some(Range)),
        ("callsign", r#""\u0000""#, Some(Range)),
        ("callsign", r#""QFA 1""#, Some(Range)),
        ("callsign", r#""QFÄ1""#, Some(Range)),
        ("callsign", r#""QFA\u007f""#, Some(Range)),
        ("callsign", r#""\ud800""#, Some(Schema)),
        ("callsign", "1", Some(Schema)),
        ("callsign", "null", Some(Schema)),
        ("callsign", "", Some(Schema)),
        ("logon_time", r#""2024-02-20T13:00:00Z""#, None),
        ("logon_time", r#""2023-01-01T00:00:00""#, None),
        ("logon_time", r#""yesterday""#, Some(Schema)),
        ("logon_time", "null", Some(Schema)),
        ("logon_time", "", Some(Schema)),
        ("last_updated", r#""2024-02-20T13:00:00.0000009Z""#, None),
        ("last_updated", r#""2024-02-19T12:00:00Z""#, None),
        ("last_updated", "5", Some(Schema)),
        ("last_updated", "", Some(Schema)),
    ]);
}

#[test]
fn position_and_the_rest_have_their_bounds() {
    check(&[
        ("latitude", "90", None),
        ("latitude", "-90.0", None),
        ("latitude", "90.0001", Some(Range)),
        ("latitude", "91", Some(Range)),
        ("latitude", "-90.0001", Some(Range)),
        ("latitude", "null", Some(Schema)),
        ("latitude", "", Some(Schema)),
        ("latitude", "1e999", Some(Schema)),
        ("latitude", r#""-33.9""#, Some(Schema)),
        ("latitude", "[]", Some(Schema)),
        ("longitude", "-180", None),
        ("longitude", "180", None),
        ("longitude", "180.1", Some(Range)),
        ("longitude", "null", Some(Schema)),
        ("longitude", "", Some(Schema)),
        ("altitude", "-2000", None),
        ("altitude", "-2001", Some(Range)),
        ("altitude", "100000", None),
        ("altitude", "100000.4", None),
        ("altitude", "100001", Some(Range)),
        ("altitude", "1000000000", Some(Range)),
        ("altitude", "1e300", Some(Range)),
        ("altitude", "1e999", Some(Schema)),
        ("altitude", "null", Some(Schema)),
        ("altitude", "", Some(Schema)),
        ("groundspeed", "0", None),
        ("groundspeed", "3000", None),
        ("groundspeed", "3001", Some(Range)),
        ("groundspeed", "-5", Some(Range)),
        ("groundspeed", "true", Some(Schema)),
        ("groundspeed", "1e999", Some(Schema)),
        ("groundspeed", r#""450""#, Some(Schema)),
        ("groundspeed", "[450]", Some(Schema)),
        ("groundspeed", "{}", Some(Schema)),
        ("qnh_mb", "2144", None),
        ("qnh_mb", "1013.25", None),
        ("flight_plan", "null", None),
        ("name", "1e999", None),
        ("qnh_i_hg", "null", None),
    ]);
}

#[test]
fn numbers_are_rounded_wrapped_or_unknown() {
    for (fed, altitude) in [("35000.5", 35_001), ("-0.4", 0), ("-64.5", -65), ("3e4", 30_000)] {
        assert_eq!(one_pilot(&[("altitude", fed)]).unwrap().altitude, altitude);
    }
    for (fed, knots) in [("null", None), ("", None), ("449.6", Some(450)), ("-0.2", Some(0))] {
        assert_eq!(one_pilot(&[("groundspeed", fed)]).unwrap().groundspeed, knots);
    }
    for (fed, heading) in [
        ("360", Some(0)),
        ("361", Some(1)),
        ("-1", Some(359)),
        ("359.5", Some(0)),
        ("1000000000000", Some(280)),
        ("null", None),
        ("", None),
    ] {
        assert_eq!(one_pilot(&[("heading", fed)]).unwrap().heading, heading, "{fed}");
    }
    for (fed, qnh_mb) in [("2144", Some(2144)), ("0", Some(0)), ("null", None), ("", None)] {
        assert_eq!(one_pilot(&[("qnh_mb", fed)]).unwrap().qnh_mb, qnh_mb, "{fed}");
    }
}

#[test]
fn the_key_is_cut_to_microseconds() {
    let key = one_pilot(&[]).unwrap().key;
    assert_eq!(key.logon_time.to_rfc3339(), "2024-02-20T10:00:00.123456+00:00");
    assert_eq!((key.cid, &*key.callsign), (1_000_001, "QFA1"));
}

#[test]
fn a_plan_is_kept_as_filed() {
    let plan = r#"{"flight_rules":"I","aircraft":"B738/M","aircraft_faa":"","aircraft_short":"B738",
        "departure":"YSSY","arrival":"YM\u004dL","alternate":"YMAV","cruise_tas":"453",
        "altitude":" FL350","deptime":"0000","enroute_time":"0110","fuel_time":"0300",
        "remarks":"a\u0000b/V/","route":"WOL H65","revision_id":3,"assigned_transponder":"1234"}"#;
    let text = |text: &str| Some(text.to_owned());
    let expected = FlightPlan {
        flight_rules: text("I"),
        aircraft: text("B738/M"),
        aircraft_faa: text(""),
        aircraft_short: text("B738"),
        departure: text("YSSY"),
        arrival: text("YMML"),
        alternate: text("YMAV"),
        route: text("WOL H65"),
        remarks: text("ab/V/"),
        planned_altitude: text(" FL350"),
        planned_altitude_ft: Some(35_000),
        cruise_tas: text("453"),
        deptime: text("0000"),
        enroute_time: text("0110"),
        fuel_time: text("0300"),
        revision_id: Some(3),
        assigned_transponder: text("1234"),
    };
    assert_eq!(one_pilot(&[("flight_plan", plan)]).unwrap().flight_plan, Some(expected));
    let empty = one_pilot(&[("flight_plan", "{}")]).unwrap().flight_plan;
    assert_eq!(empty, Some(FlightPlan::default()));
}

#[test]
fn text_is_cut_at_a_character() {
    let limit = 8 * 1024;
    for (route, length) in [
        ("x".repeat(10 * 1024 * 1024), limit),
        ("x".repeat(limit), limit),
        (format!("x{}", "é".repeat(limit)), limit - 1),
        (format!("{}é\0y", "x".repeat(limit - 1)), limit - 1),
        (format!("{}{}", "\0".repeat(limit), "y".repeat(limit)), limit),
    ] {
        let plan = format!(r#"{{"route":{}}}"#, quoted(&route));
        let kept = one_pilot(&[("flight_plan", &plan)]).unwrap().flight_plan.unwrap();
        let kept = kept.route.unwrap();
        assert_eq!(kept.len(), length);
        assert!(route.replace('\0', "").starts_with(&kept));
    }
}
