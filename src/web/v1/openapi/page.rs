//! The document for people.

use maud::{DOCTYPE, Markup, html};
use serde_json::{Map, Value};

use crate::web::page::style_sheet;

/// A path with its operation.
type Operation<'a> = (&'a str, &'a Value);

/// A page without scripts that shows the whole document.
pub fn page(document: &Value) -> Markup {
    let operations: Vec<Operation> = members(&document["paths"])
        .filter_map(|(path, item)| Some((path, item.get("get")?)))
        .collect();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="dark light";
                title { "The API of sectorwatch" }
                (style_sheet())
                link rel="alternate" type="application/json" href="/api/openapi.json";
            }
            body {
                header { div.name { h1 { "The API of sectorwatch" } p { a href="/" { "The service" } } } }
                main {
                    section {
                        h2 { "In short" }
                        p { (text(&document["info"]["description"])) }
                        p { (text(&document["components"]["securitySchemes"]["token"]["description"])) }
                        p { "The same for programs: " a href="/api/openapi.json" { "/api/openapi.json" } }
                        (contents(&operations))
                    }
                    @for operation in &operations { (section(*operation)) }
                }
            }
        }
    }
}

fn contents(operations: &[Operation]) -> Markup {
    html! {
        table {
            thead { tr { th { "Path" } th { "Answers" } } }
            tbody {
                @for (path, operation) in operations {
                    tr {
                        td { a href={ "#" (anchor(operation)) } { code { (path) } } }
                        td { (text(&operation["summary"])) }
                    }
                }
            }
        }
    }
}

fn section((path, operation): Operation) -> Markup {
    html! {
        section id=(anchor(operation)) {
            h2 { code { "GET " (path) } }
            p { strong { (text(&operation["summary"])) } }
            @for paragraph in plain(&operation["description"]).split("\n\n") {
                p { (in_code(paragraph)) }
            }
            (parameters(operation["parameters"].as_array().map_or(&[][..], Vec::as_slice)))
            (responses(operation))
            (example(operation))
        }
    }
}

fn example(operation: &Value) -> Markup {
    let example = &operation["responses"]["200"]["content"]["application/json"]["example"];
    html! {
        @if !example.is_null() {
            details {
                summary { "An answer" }
                pre { (format!("{example:#}")) }
            }
        }
    }
}

fn parameters(parameters: &[Value]) -> Markup {
    html! {
        @if !parameters.is_empty() {
            table {
                thead { tr { th { "Parameter" } th { "Where" } th { "Meaning" } th { "Example" } } }
                tbody {
                    @for parameter in parameters {
                        tr {
                            td { code { (plain(&parameter["name"])) } }
                            td { (place(parameter)) }
                            td { (text(&parameter["description"])) }
                            td { code { (plain(&parameter["example"])) } }
                        }
                    }
                }
            }
        }
    }
}

fn responses(operation: &Value) -> Markup {
    html! {
        table {
            thead { tr { th { "Status" } th { "Answer" } th { "Form" } } }
            tbody {
                @for (status, response) in members(&operation["responses"]) {
                    tr {
                        td { (status) }
                        td { (text(&response["description"])) }
                        td { @for (kind, _) in members(&response["content"]) { code { (kind) } " " } }
                    }
                }
            }
        }
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let members = value.as_object().into_iter().flat_map(Map::iter);
    members.map(|(name, value)| (name.as_str(), value))
}

fn anchor(operation: &Value) -> String {
    plain(&operation["operationId"])
}

fn place(parameter: &Value) -> &'static str {
    match (parameter["in"].as_str(), parameter["required"].as_bool()) {
        (Some("path"), _) => "path",
        (_, Some(true)) => "query, needed",
        _ => "query",
    }
}

/// A value as it stands in a query or a text; empty when it is absent.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn text(value: &Value) -> Markup {
    in_code(&plain(value))
}

/// A sentence in which what stands between backticks is code.
fn in_code(sentence: &str) -> Markup {
    html! {
        @for (number, part) in sentence.split('`').enumerate() {
            @if number % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}
