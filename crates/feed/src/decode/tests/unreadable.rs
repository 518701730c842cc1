use std::collections::BTreeSet;

use proptest::{prelude::*, sample::select};

use super::{super::optional_fields, controller, decoded, one_controller, one_pilot, pilot};
use sectorwatch_core::{
    flight::Pilot,
    snapshot::{RecordType, Snapshot},
};

/// A value of each JSON type, and values that no parser accepts.
const VALUES: &[&str] = &[
    "true",
    "17",
    "-1.5",
    "1e12",
    "1e999",
    r#""text""#,
    r#""\ud800""#,
    "[]",
    "[null]",
    r#"["line"]"#,
    "{}",
    r#"{"a":{}}"#,
];

const PLAN: &str =
    r#"{"departure":"YSSY","arrival":"YMML","altitude":"FL350","route":"DCT","revision_id":1}"#;

/// Whether this value is valid for the field.
fn is_readable(field: &str, value: &str) -> bool {
    let leaf = field.rsplit('.').next().unwrap();
    match leaf {
        "heading" => value.parse::<f64>().is_ok_and(f64::is_finite),
        "qnh_mb" => ["17", "-1.5"].contains(&value),
        "pilot_rating" | "military_rating" | "revision_id" | "facility" | "rating"
        | "visual_range" | "cid" => value == "17",
        "frequency" => value == r#""text""# || value.parse::<f64>().is_ok_and(f64::is_finite),
        "text_atis" => ["[]", r#"["line"]"#].contains(&value),
        "flight_plan" => value.starts_with('{'),
        _ => value == r#""text""#,
    }
}

/// A snapshot with one record of this type in which the field has this value. The record must be accepted.
fn with(source: RecordType, field: &str, value: &str) -> Snapshot {
    if source == RecordType::Controller {
        return decoded(&[], &[controller(&[(field, value)])]);
    }
    let Some(leaf) = field.strip_prefix("flight_plan.") else {
        return decoded(&[pilot(&[(field, value)])], &[]);
    };
    // A field may be present twice; the last one counts.
    let plan = PLAN.replace('}', &format!(r#","{leaf}":{value}}}"#));
    decoded(&[pilot(&[("flight_plan", &plan)])], &[])
}

#[test]
fn a_field_that_cannot_be_read_costs_itself_alone() {
    let plain = one_pilot(&[]).unwrap();
    let deep = "[".repeat(500) + &"]".repeat(500);
    let kept = [RecordType::Pilot, RecordType::Controller];
    for (source, field) in optional_fields().filter(|(source, _)| kept.contains(source)) {
        for value in VALUES.iter().copied().chain([deep.as_str()]) {
            let snapshot = with(source, field, value);
            let what = format!("{field} {value:.20}");
            assert_eq!(snapshot.rejected, [], "{what}");
            let lost = if is_readable(field, value) { vec![] } else { vec![((source, field), 1)] };
            assert_eq!(Vec::from_iter(snapshot.unreadable), lost, "{what}");
            let names: Vec<_> = lost.iter().map(|((_, field), _)| *field).collect();
            match source {
                RecordType::Pilot => {
                    let pilot = &snapshot.pilots[0];
                    assert_eq!(pilot.unreadable, names, "{what}");
                    assert_eq!(
                        (&pilot.key, pilot.altitude),
                        (&plain.key, plain.altitude),
                        "{what}"
                    );
                }
                _ => assert_eq!(snapshot.controllers.unwrap()[0].unreadable, names, "{what}"),
            }
        }
    }
}

#[test]
fn it_is_taken_as_absent() {
    let absent = |field: &str, pilot: &Pilot| match field {
        "transponder" => pilot.transponder.is_none(),
        "heading" => pilot.heading.is_none(),
        "qnh_mb" => pilot.qnh_mb.is_none(),
        "pilot_rating" => pilot.pilot_rating.is_none(),
        "military_rating" => pilot.military_rating.is_none(),
        "server" => pilot.server.is_empty(),
        _ => pilot.flight_plan.is_none(),
    };
    for (field, value) in [
        ("transponder", "2000"),
        ("heading", r#""N""#),
        ("heading", "-1e999"),
        ("qnh_mb", "1e12"),
        ("qnh_mb", "{}"),
        ("pilot_rating", "99999999999"),
        ("military_rating", "-2147483649"),
        ("server", "5"),
        ("flight_plan", r#""IFR""#),
        ("flight_plan", "[]"),
    ] {
        let pilot = one_pilot(&[(field, value)]).unwrap();
        assert_eq!(pilot.unreadable, [field], "{value}");
        assert!(absent(field, &pilot), "{field} {value}");
    }
    let plan = PLAN.replace(r#""FL350""#, "35000").replace(r#""YSSY""#, "null");
    let pilot = one_pilot(&[("flight_plan", &plan)]).unwrap();
    assert_eq!(pilot.unreadable, ["flight_plan.altitude"]);
    let plan = pilot.flight_plan.unwrap();
    assert_eq!((plan.planned_altitude_ft, plan.departure), (None, None));
    assert_eq!(plan.route.as_deref(), Some("DCT"));
    let it = one_controller(&[("text_atis", r#"["a",null]"#), ("visual_range", "1e12")]).unwrap();
    assert_eq!(it.unreadable, ["text_atis", "visual_range"]);
    assert_eq!((it.text_atis, it.visual_range), (None, None));
}

#[test]
fn of_atis_stations_it_is_counted() {
    let body = super::document(&[], &[]);
    let atis =
        r#","atis":[{"callsign":"YSSY_ATIS","text_atis":[null]},{"text_atis":"x","cid":"y"}]}"#;
    let body = body.strip_suffix('}').unwrap().to_owned() + atis;
    let snapshot = super::decode(body.as_bytes(), None).unwrap();
    assert_eq!((snapshot.atis, snapshot.rejected), (Some(2), vec![]));
    let lost = [((RecordType::Atis, "cid"), 1), ((RecordType::Atis, "text_atis"), 2)];
    assert_eq!(Vec::from_iter(snapshot.unreadable), lost);
}

#[test]
fn a_record_that_is_not_taken_lost_no_field() {
    let odd = ("heading", r#""N""#);
    let snapshot = decoded(&[pilot(&[odd]), pilot(&[odd]), pilot(&[odd, ("cid", "0")])], &[]);
    assert_eq!((snapshot.pilots.len(), snapshot.rejected.len()), (1, 2));
    assert_eq!(Vec::from_iter(snapshot.unreadable), [((RecordType::Pilot, "heading"), 1)]);
}

#[test]
fn the_optional_fields_are_a_closed_set() {
    let fields: Vec<_> = optional_fields().collect();
    let of = |source| fields.iter().filter(|(it, _)| *it == source).count();
    assert_eq!(
        (of(RecordType::Pilot), of(RecordType::Controller), of(RecordType::Transceiver)),
        (23, 6, 2)
    );
    assert_eq!(fields.iter().collect::<BTreeSet<_>>().len(), fields.len());
}

proptest! {
    #![proptest_config(sectorwatch_seed::config())]

    /// With any unreadable optional fields, a record is accepted without them.
    #[test]
    fn any_number_of_fields(
        changes in proptest::collection::vec(
            (select(optional_fields().collect::<Vec<_>>()), select(VALUES)),
            1..6,
        ),
    ) {
        let top = |source: RecordType| {
            let of_list = changes.iter().filter(|((it, _), _)| *it == source);
            let whole = of_list.filter(|((_, field), _)| !field.contains('.'));
            whole.map(|((_, field), value)| (*field, *value)).collect::<Vec<_>>()
        };
        let snapshot = decoded(
            &[pilot(&top(RecordType::Pilot)), pilot(&[("cid", "7")])],
            &[controller(&top(RecordType::Controller))],
        );
        prop_assert_eq!(snapshot.pilots.len(), 2);
        prop_assert_eq!(snapshot.controllers.map(|list| list.len()), Some(1));
        prop_assert_eq!(snapshot.rejected.len(), 0);
        prop_assert!(snapshot.pilots[1].unreadable.is_empty());
    }
}
