use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::document::{codes, document};
use crate::web::{endpoint::Endpoint, v1::routes::ENDPOINTS};

fn written() -> Value {
    serde_json::to_value(document(&ENDPOINTS)).expect("JSON")
}

fn strings<'a>(values: impl IntoIterator<Item = &'a Value>) -> BTreeSet<String> {
    values.into_iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn operation<'a>(document: &'a Value, endpoint: &Endpoint) -> &'a Value {
    let operation = &document["paths"][endpoint.pattern()]["get"];
    assert!(operation.is_object(), "{} is documented", endpoint.pattern());
    operation
}

#[test]
fn table_and_document_name_the_same_paths() {
    let document = written();
    let documented: BTreeSet<_> =
        document["paths"].as_object().expect("paths").keys().map(String::as_str).collect();
    let endpoints: BTreeSet<_> = ENDPOINTS.iter().map(Endpoint::pattern).collect();
    assert_eq!(documented, endpoints);
    for (path, item) in document["paths"].as_object().expect("paths") {
        let methods: Vec<_> = item.as_object().expect("an item").keys().collect();
        assert_eq!(methods, ["get"], "{path}");
    }
}

#[test]
fn table_and_document_name_the_same_parameters() {
    let document = written();
    for endpoint in &ENDPOINTS {
        let operation = operation(&document, endpoint);
        let none = Vec::new();
        let all = operation["parameters"].as_array().unwrap_or(&none);
        let of = |place: &str| {
            let here = all.iter().filter(|parameter| parameter["in"] == place);
            strings(here.map(|parameter| &parameter["name"]))
        };
        let taken = endpoint.parameters().iter().flat_map(|p| [Some(p.name), p.alias]);
        let taken: BTreeSet<_> = taken.flatten().map(str::to_owned).collect();
        assert_eq!(of("query"), taken, "{}", endpoint.pattern());
        let parts = endpoint.pattern().split('{').skip(1);
        let in_path: BTreeSet<_> =
            parts.filter_map(|part| part.split('}').next()).map(str::to_owned).collect();
        assert_eq!(of("path"), in_path, "{}", endpoint.pattern());
        for parameter in all {
            let says = parameter["description"].as_str().unwrap_or_default();
            assert!(says.ends_with('.'), "{}: {parameter}", endpoint.pattern());
        }
    }
}

#[test]
fn table_and_document_name_the_same_codes() {
    let document = written();
    for endpoint in &ENDPOINTS {
        let responses = operation(&document, endpoint)["responses"].as_object().expect("some");
        let mut documented = BTreeSet::new();
        for (status, response) in responses {
            let schema = &response["content"]["application/problem+json"]["schema"];
            let Some(named) = schema["allOf"][1]["properties"]["code"]["enum"].as_array() else {
                assert!(["200", "304"].contains(&status.as_str()), "{status}");
                continue;
            };
            documented.extend(
                named
                    .iter()
                    .map(|code| (code.clone(), status.clone()))
                    .map(|(code, status)| format!("{status} {}", code.as_str().expect("a code"))),
            );
        }
        let codes = codes(endpoint);
        let codes: BTreeSet<_> =
            codes.iter().map(|c| format!("{} {}", c.status().as_u16(), c.as_str())).collect();
        assert_eq!(documented, codes, "{}", endpoint.pattern());
    }
}

#[test]
fn codes_are_those_that_the_parameters_can_cause() {
    let of = |pattern: &str| {
        let endpoint = ENDPOINTS.iter().find(|e| e.pattern() == pattern).expect("an endpoint");
        codes(endpoint).into_iter().map(|code| code.as_str()).collect::<BTreeSet<_>>()
    };
    let flights = of("/api/v1/flights");
    for code in ["bad_time", "bad_bbox", "bad_cursor", "cursor_mismatch", "replica_behind"] {
        assert!(flights.contains(code), "{code}");
    }
    assert!(!flights.contains("not_found") && !flights.contains("no_such_format"));
    assert!(of("/api/v1/flights/{id}/track.{format}").contains("no_such_format"));
    assert!(of("/api/v1/positions/{callsign}/staffing").contains("bad_callsign"));
    assert!(of("/api/v1/sectors/{id}/occupancy").contains("span_too_wide"));
    assert!(!of("/api/v1/live").contains("bad_time"));
}

#[test]
fn the_document_is_openapi_3_1_with_a_bearer_token() {
    let document = written();
    assert_eq!(document["openapi"], "3.1.0");
    let scheme = &document["components"]["securitySchemes"]["token"];
    assert_eq!((&scheme["type"], &scheme["scheme"]), (&json!("http"), &json!("bearer")));
    let operations: Vec<_> = ENDPOINTS.iter().map(|e| operation(&document, e)).collect();
    let ids = strings(operations.iter().map(|operation| &operation["operationId"]));
    assert_eq!(ids.len(), ENDPOINTS.len());
    for operation in operations {
        assert_eq!(operation["security"], json!([{}, {"token": []}]));
        assert!(operation["summary"].as_str().is_some_and(|summary| !summary.ends_with('.')));
    }
}

#[test]
fn every_reference_of_the_document_leads_somewhere() {
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
                members.values().for_each(|member| references(member, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let (document, mut found) = (written(), Vec::new());
    references(&document, &mut found);
    assert!(found.len() > ENDPOINTS.len());
    for reference in found {
        let pointer = reference.strip_prefix('#').expect("in the document");
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

#[test]
fn the_page_shows_every_path_parameter_and_code_without_scripts() {
    let document = written();
    let page = super::page::page(&document).into_string();
    for endpoint in &ENDPOINTS {
        assert!(page.contains(&format!("<code>GET {}</code>", endpoint.pattern())));
        for parameter in endpoint.parameters() {
            assert!(page.contains(&format!("<code>{}</code>", parameter.name)));
        }
        for code in codes(endpoint) {
            assert!(page.contains(&format!("<code>{}</code>", code.as_str())));
        }
    }
    for other in ["<script", "http://", "https://", " style=", "onclick"] {
        assert!(!page.contains(other), "{other}");
    }
}
