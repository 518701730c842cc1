use super::{one_controller, quoted};
use sectorwatch_core::snapshot::RejectionReason::{Range, Schema, TooLong};

#[test]
fn each_field_has_its_bounds() {
    for (field, value, refused) in [
        ("cid", "0", Some(Range)),
        ("cid", "", Some(Schema)),
        ("callsign", r#""ABCDEFGHIJKLMNOP""#, None),
        ("callsign", r#""ABCDEFGHIJKLMNOPQ""#, Some(TooLong)),
        ("callsign", r#""A B""#, Some(Range)),
        ("logon_time", r#""2024-02-20T13:00:01Z""#, Some(Range)),
        ("last_updated", r#""2024-02-19T11:59:59Z""#, Some(Range)),
        ("last_updated", r#""""#, Some(Schema)),
    ] {
        assert_eq!(one_controller(&[(field, value)]).err(), refused, "{field} {value}");
    }
}

#[test]
fn lines_become_one_text() {
    let long = format!(r#"["x",{}]"#, quoted(&"é".repeat(8192)));
    let cut = format!("x\n{}", "é".repeat(4095));
    let many = format!("[{}]", vec![r#""""#; 9000].join(","));
    for (lines, text) in [
        ("null", None),
        ("", None),
        ("[]", Some("")),
        (r#"["one"]"#, Some("one")),
        (r#"["one","","t\u0000wo"]"#, Some("one\n\ntwo")),
        (&long, Some(cut.as_str())),
        (&many, Some("\n".repeat(8192).as_str())),
    ] {
        let controller = one_controller(&[("text_atis", lines)]).unwrap();
        assert!(controller.text_atis.as_deref() == text, "{:.40}", lines);
    }
}

#[test]
fn what_is_not_required_is_mended() {
    let callsign = |text: &'static str| ("callsign", text);
    let twr = callsign(r#""SY_TWR""#);
    for (changes, facility, rating, frequency) in [
        (&[("facility", "0")][..], 0, 5, "125.000"),
        (&[("facility", "7")], 7, 5, "125.000"),
        (&[("facility", "-1"), ("rating", "-1")], -1, -1, "125.000"),
        (&[twr, ("facility", "null")], 4, 5, "125.000"),
        (&[twr, ("facility", r#""TWR""#), ("rating", "[]")], 4, 0, "125.000"),
        (&[twr, ("facility", "1e30"), ("rating", "")], 4, 0, "125.000"),
        (&[callsign(r#""SYDNEY""#), ("facility", "true")], 0, 5, "125.000"),
        (&[callsign(r#""SY_X""#), ("facility", "")], 0, 5, "125.000"),
        (&[("frequency", "118.7")], 6, 5, "118.700"),
        (&[("frequency", "199.998")], 6, 5, "199.998"),
        (&[("frequency", "0")], 6, 5, "0.000"),
        (&[("frequency", "null")], 6, 5, ""),
        (&[("frequency", "{}")], 6, 5, ""),
    ] {
        let it = one_controller(changes).unwrap();
        let found = (it.facility, it.rating, it.frequency.as_str());
        assert_eq!(found, (facility, rating, frequency), "{changes:?}");
    }
}
