use super::{one_controller, quoted};
use crate::domain::snapshot::Reason::{Range, Schema, TooLong, UnknownFacility};

#[test]
fn each_field_has_its_bounds() {
    for (field, value, refused) in [
        ("cid", "0", Some(Range)),
        ("cid", "", Some(Schema)),
        ("callsign", r#""ABCDEFGHIJKLMNOP""#, None),
        ("callsign", r#""ABCDEFGHIJKLMNOPQ""#, Some(TooLong)),
        ("callsign", r#""A B""#, Some(Range)),
        ("facility", "0", None),
        ("facility", "6", None),
        ("facility", "7", Some(UnknownFacility)),
        ("facility", "-1", Some(UnknownFacility)),
        ("facility", "1e30", Some(UnknownFacility)),
        ("facility", "null", Some(Schema)),
        ("facility", r#""CTR""#, Some(Schema)),
        ("rating", "-1", None),
        ("rating", "", Some(Schema)),
        ("frequency", "118.7", Some(Schema)),
        ("visual_range", "null", None),
        ("visual_range", "1e999", Some(Schema)),
        ("text_atis", r#""one line""#, Some(Schema)),
        ("text_atis", "[null]", Some(Schema)),
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
