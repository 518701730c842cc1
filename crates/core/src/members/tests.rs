use super::*;
use crate::{
    controller::Controller,
    flight::{FlightKey, Pilot},
    sample,
    snapshot::{RecordType, RejectionReason},
};

fn rejected(cid: Option<i32>, callsign: Option<&str>, raw: &str) -> Rejected {
    Rejected {
        source: RecordType::Pilot,
        reason: RejectionReason::Schema,
        detail: String::new(),
        cid,
        callsign: callsign.map(str::to_owned),
        raw: raw.to_owned(),
    }
}

#[test]
fn free_text_leaves_a_record_whole_or_cut() {
    for (raw, kept) in [
        (
            r#"{"cid":1,"text_atis":["a, ]","\"b"],"rating":2}"#,
            r#"{"cid":1,"text_atis":null,"rating":2}"#,
        ),
        (
            r#"{"flight_plan":{"remarks":"/v/ \\","route":"DCT"},"remarks": "x"}"#,
            r#"{"flight_plan":{"remarks":null,"route":"DCT"},"remarks":null}"#,
        ),
        (r#"{"remarks":"my phone is 0"#, r#"{"remarks":null"#),
        (r#"{"remarks":"#, r#"{"remarks":null"#),
        (r#"{"remarks":17,"a":1}"#, r#"{"remarks":null,"a":1}"#),
        (r#"{"callsign":"\"remarks\":","a":1}"#, r#"{"callsign":"\"remarks\":","a":1}"#),
        (r#"{"callsign":"QFA1"}"#, r#"{"callsign":"QFA1"}"#),
        ("", ""),
    ] {
        let mut record = rejected(None, None, raw);
        record.drop_free_text();
        assert_eq!(record.raw, kept, "{raw}");
    }
}

#[test]
fn a_record_is_of_the_member_who_stands_in_it() {
    for (cid, raw, members) in [
        (Some(7), r#"{"cid":7}"#, &[7, 7][..]),
        (None, r#"{"cid":"1234567"}"#, &[1_234_567]),
        (None, r#"{"cid": 1234567.0, "callsign": 1}"#, &[1_234_567]),
        (None, r#"{"cid":null}"#, &[]),
        (None, r#"{"cid":99999999999}"#, &[]),
        (None, "", &[]),
    ] {
        let found: Vec<i32> = rejected(cid, None, raw).members().collect();
        assert_eq!(found, members, "{raw}");
    }
}

fn pilot(callsign: &str, cid: i32) -> Pilot {
    let pilot = sample::pilot(callsign, "SYD", None);
    Pilot { key: FlightKey { cid, ..pilot.key }, ..pilot }
}

#[test]
fn a_snapshot_without_a_member_knows_nothing_of_them() {
    let record = |cid, callsign| rejected(cid, Some(callsign), "");
    let mut snapshot = sample::snapshot(sample::time(0), vec![pilot("QFA1", 1), pilot("QFA2", 2)]);
    snapshot.rejected = vec![
        record(Some(1), "QFA9"),
        record(None, "qfa1"),
        record(Some(3), "QFA1"),
        record(None, "QFA2"),
        rejected(None, None, r#"{"cid":"1"}"#),
    ];
    let by = |cid| PartialKey { cid, ..PartialKey::default() };
    snapshot.refused_pilots = vec![by(Some(1)), by(Some(2)), by(None)];
    let left = snapshot.leave_out(|cid| cid == 1);
    assert_eq!(left.records, 4);
    assert_eq!(snapshot.pilots.iter().map(|pilot| pilot.key.cid).collect::<Vec<_>>(), [2]);
    assert_eq!(snapshot.refused_pilots, [by(Some(2)), by(None)]);
    assert_eq!(snapshot.rejected, [record(Some(3), "QFA1"), record(None, "QFA2")]);
    assert!(left.names(&record(None, "QFA1")) && !left.names(&record(None, "QFA2")));
}

fn controller(callsign: &str, cid: i32) -> Controller {
    Controller {
        cid,
        callsign: callsign.into(),
        logon_time: sample::time(0),
        facility: 4,
        rating: 5,
        frequency: "118.700".to_owned(),
        visual_range: None,
        text_atis: None,
        server: String::new(),
        last_updated: sample::time(0),
        unreadable: Vec::new(),
    }
}

#[test]
fn what_a_forgotten_controller_staffs_is_unknown() {
    let mut snapshot = sample::snapshot(sample::time(0), Vec::new());
    assert_eq!(snapshot.leave_out(|_| true), LeftOut::default(), "no list of them");
    assert_eq!(snapshot.controllers, None);
    snapshot.controllers = Some(vec![controller("SY_TWR", 1), controller("ML_TWR", 2)]);
    let left = snapshot.leave_out(|cid| cid == 1);
    assert_eq!(left.records, 1);
    assert_eq!(snapshot.controllers, Some(vec![controller("ML_TWR", 2)]));
    let unknown = PartialKey { callsign: Some("SY_TWR".into()), ..PartialKey::default() };
    assert_eq!(snapshot.refused_controllers, [unknown]);
    assert!(left.names(&rejected(None, Some("sy_twr"), "")));
}
