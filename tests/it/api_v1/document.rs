//! The document of the API against real answers.

use std::fs;

use serde_json::{Map, Value, json};

use super::{shapes::paths, world::World};
use crate::support::sources::{project, read};

/// Paths of the document, and the requests whose answers are its examples.
const EXAMPLES: &[(&str, &str)] = &[
    ("flights", "flights?to=2025-01-08T00:00:00Z&limit=1"),
    ("flights/{id}", "flights/3"),
    ("flights/{id}/track", "flights/3/track"),
    ("flights/{id}/visits", "flights/3/visits?limit=1"),
    ("flights/{id}/contacts", "flights/3/contacts?limit=2"),
    ("visits", "visits?to=2025-01-08T00:00:00Z&limit=1"),
    ("sectors", "sectors?limit=1"),
    ("sectors/{id}", "sectors/SYD"),
    ("sectors/{id}/occupancy", "sectors/SYD/occupancy?step=12h&to=2025-01-08T00:00:00Z"),
    ("controllers/sessions", "controllers/sessions?to=2025-01-08T00:00:00Z&limit=1"),
    ("controllers/hours", "controllers/hours?to=2025-01-08T00:00:00Z&limit=1"),
    ("positions/{callsign}/staffing", "positions/SY_APP/staffing?to=2025-01-08T00:00:00Z&limit=1"),
    ("airports/{icao}/movements", "airports/YSSY/movements?to=2025-01-08T00:00:00Z&limit=1"),
    ("coverage", "coverage?by=facility&to=2025-01-08T00:00:00Z"),
    ("live", "live"),
];
const FILE: &str = "src/web/v1/openapi/examples.json";

pub fn every_answer_has_the_shape_of_the_document(world: &World) {
    let document = world.get("/api/openapi.json");
    assert_eq!(document.status, 200);
    let document = document.json();
    for path in paths() {
        let (documented, item) = documented(&document, &path);
        let mut schema =
            item["get"]["responses"]["200"]["content"]["application/json"]["schema"].clone();
        assert!(schema.is_object(), "{documented}");
        schema["components"] = document["components"].clone();
        let validator = jsonschema::draft202012::new(&schema).expect("a schema");
        for answer in [world.get(&path), world.get_personal(&path)] {
            let body = answer.json();
            let errors: Vec<_> = validator.iter_errors(&body).map(|e| e.to_string()).collect();
            assert!(errors.is_empty(), "{path}: {errors:?}");
            assert!(!validator.is_valid(&json!({"data": [], "mark": 1})), "{path}: it refuses");
        }
    }
    let page = world.get("/api/docs");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let policy = page.header("content-security-policy").expect("a policy");
    assert_eq!(
        Some(policy),
        world.get("/?refresh=off&format=html").header("content-security-policy")
    );
    assert!(!policy.contains("script-src"), "{policy}");
}

/// The path of the document that a requested path is one of.
fn documented<'a>(document: &'a Value, path: &str) -> (&'a str, &'a Value) {
    let path = path.split('?').next().expect("a path");
    let all = document["paths"].as_object().expect("paths").iter();
    let fits = |pattern: &str| {
        let (pattern, path): (Vec<_>, Vec<_>) =
            (pattern.split('/').collect(), path.split('/').collect());
        pattern.len() == path.len()
            && pattern.iter().zip(&path).all(|(a, b)| a == b || a.starts_with('{'))
    };
    let mut fitting: Vec<_> = all.filter(|(pattern, _)| fits(pattern)).collect();
    // The one with the fewest parameters.
    fitting.sort_by_key(|(pattern, _)| pattern.matches('{').count());
    let (pattern, item) = fitting.first().unwrap_or_else(|| panic!("{path} is not documented"));
    (pattern.as_str(), item)
}

/// `SECTORWATCH_WRITE_DOCS=1` rewrites the file instead of comparing it.
pub fn every_example_is_a_real_answer(world: &World) {
    let mut examples = Map::new();
    for (path, request) in EXAMPLES {
        let answer = world.get(&format!("/api/v1/{request}"));
        assert_eq!(answer.status, 200, "{request}: {}", answer.text());
        examples.insert(format!("/api/v1/{path}"), answer.json());
    }
    let document = world.get("/api/openapi.json").json();
    let all = document["paths"].as_object().expect("paths").iter();
    let of_json =
        |item: &Value| item["get"]["responses"]["200"]["content"].get("application/json").cloned();
    let documented: Map<_, _> = all
        .filter_map(|(path, item)| Some((path.clone(), of_json(item)?["example"].clone())))
        .collect();
    let (file, text) =
        (project().join(FILE), serde_json::to_string_pretty(&examples).expect("JSON"));
    if std::env::var_os("SECTORWATCH_WRITE_DOCS").is_some() {
        fs::write(&file, text + "\n").expect("write the examples");
        return;
    }
    assert_eq!(read(&file), text + "\n", "run this test with SECTORWATCH_WRITE_DOCS=1");
    assert_eq!(documented, examples, "the document has them");
}
