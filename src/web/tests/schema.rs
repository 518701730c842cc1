//! The answers fit `docs/status.schema.json`, and the schema knows no field that no answer has.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{sample, *};

const SCHEMA: &str = include_str!("../../../docs/status.schema.json");

fn schema() -> Value {
    serde_json::from_str(SCHEMA).expect("JSON")
}

fn faults(validator: &jsonschema::Validator, answer: &Value) -> Vec<String> {
    let faults = validator.iter_errors(answer);
    faults.map(|fault| format!("{}: {fault}", fault.instance_path())).collect()
}

#[actix_web::test]
async fn answers_of_every_verdict_fit_the_schema() {
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    let fixture = Fixture::start(no_history());
    let (busy, live) = sample::busy();
    let mut starting = well();
    starting.cycles.last_outcome = None;
    let mut critical = Live { migrated: true, ..Live::default() };
    critical.database.contact_at = Some(Utc::now() - chrono::TimeDelta::seconds(31));
    let rows = [
        ("ok", well(), None),
        ("starting", starting, None),
        ("degraded", busy, Some(live)),
        ("critical", well(), Some(critical)),
    ];
    for (status, snapshot, live) in rows {
        fixture.status.store(Arc::new(snapshot));
        if let Some(mut live) = live {
            if status == "degraded" {
                live.database.contact_at = Some(Utc::now());
            }
            fixture.live(|it| *it = live);
        }
        let mut answer = json(fixture.get("/api/status?always200=1").await).await;
        // The times of the sample are long past, so that its status is worse.
        if status != "degraded" {
            assert_eq!(answer["status"], status);
        }
        assert_eq!(faults(&validator, &answer), Vec::<String>::new(), "{status}");
        answer["invented"] = true.into();
        assert_eq!(faults(&validator, &answer).len(), 1, "{status}");
    }
}

#[test]
fn every_field_of_the_schema_is_in_an_answer_that_knows_everything() {
    let (snapshot, live) = sample::busy();
    let report = snapshot.report(&live, sample::at(sample::NOW));
    let answer = serde_json::to_value(report).expect("JSON");
    let schema = schema();
    let (mut known, mut null) = (BTreeSet::new(), BTreeSet::new());
    fields(&schema, &schema, &answer, "", &mut known, &mut null);
    assert!(known.len() > 100, "{}", known.len());
    // Only values that are never measured are null.
    let never: BTreeSet<String> =
        null.into_iter().filter(|field| !field.starts_with("/compat/")).collect();
    // Null for one sector or aircraft, but not for others.
    let some_are = [
        "/sectors/capacity",
        "/sectors/staffed",
        "/sectors/staffed_by",
        "/sectors/control",
        "/sectors/controlled_by",
        "/sectors/owner_rank",
        "/aircraft/heading_deg",
        "/aircraft/groundspeed_kt",
        "/aircraft/sector",
        "/aircraft/contact",
        "/aircraft/tuned",
        "/tables/rows_estimate",
        // Set only while snapshots are refused, which is worse than this status.
        "/feed/schema/refused_since",
        "/feed/schema/refused_kind",
    ];
    assert_eq!(never.difference(&some_are.map(str::to_owned).into()).count(), 0, "{never:?}");
}

/// Walks schema and answer together. Every property of an object of the schema must be present.
fn fields(
    root: &Value,
    schema: &Value,
    answer: &Value,
    path: &str,
    known: &mut BTreeSet<String>,
    null: &mut BTreeSet<String>,
) {
    let schema = match schema.get("$ref").and_then(Value::as_str) {
        Some(reference) => root.pointer(reference.trim_start_matches('#')).expect("a definition"),
        None => schema,
    };
    let schema = match schema.get("anyOf").and_then(Value::as_array) {
        Some(either) => return fields(root, &either[0], answer, path, known, null),
        None => schema,
    };
    if answer.is_null() {
        null.insert(path.to_owned());
        return;
    }
    if let (Some(items), Some(answers)) = (schema.get("items"), answer.as_array()) {
        for answer in answers {
            fields(root, items, answer, path, known, null);
        }
    }
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, schema) in properties.into_iter().flatten() {
        let path = format!("{path}/{name}");
        let answer = answer.get(name).unwrap_or_else(|| panic!("{path} is in no answer"));
        known.insert(path.clone());
        fields(root, schema, answer, &path, known, null);
    }
}
