//! The document for people.

use maud::{DOCTYPE, Markup, html};
use utoipa::openapi::{
    OpenApi, RefOr, Required,
    path::{Operation, Parameter, ParameterIn},
};

use crate::web::page::style_sheet;

/// A page without scripts that shows the whole document.
pub fn page(document: &OpenApi) -> Markup {
    let operations = document.paths.paths.iter();
    let operations: Vec<_> =
        operations.filter_map(|(path, item)| Some((path, item.get.as_ref()?))).collect();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "sectorwatch: the API" }
                (style_sheet())
                link rel="alternate" type="application/json" href="/api/openapi.json";
            }
            body {
                header { h1 { "The API" } }
                main {
                    @if let Some(about) = &document.info.description { p { (text(about)) } }
                    p { "The same for programs: " a href="/api/openapi.json" { "/api/openapi.json" } }
                    (contents(&operations))
                    @for (path, operation) in &operations { (section(path, operation)) }
                }
            }
        }
    }
}

fn contents(operations: &[(&String, &Operation)]) -> Markup {
    html! {
        table {
            thead { tr { th { "Path" } th { "Answers" } } }
            tbody {
                @for (path, operation) in operations {
                    tr {
                        td { a href={ "#" (anchor(operation)) } { code { (path) } } }
                        td { (operation.summary.as_deref().unwrap_or_default()) }
                    }
                }
            }
        }
    }
}

fn section(path: &str, operation: &Operation) -> Markup {
    html! {
        section id=(anchor(operation)) {
            h2 { code { "GET " (path) } }
            @if let Some(summary) = &operation.summary { p { strong { (summary) } } }
            @if let Some(about) = &operation.description {
                @for paragraph in about.split("\n\n").filter(|it| !it.is_empty()) {
                    p { (text(paragraph)) }
                }
            }
            (parameters(operation.parameters.as_deref().unwrap_or_default()))
            (responses(operation))
        }
    }
}

fn parameters(parameters: &[Parameter]) -> Markup {
    if parameters.is_empty() {
        return html! {};
    }
    html! {
        table {
            thead { tr { th { "Parameter" } th { "Where" } th { "Meaning" } th { "Example" } } }
            tbody {
                @for parameter in parameters {
                    tr {
                        td { code { (parameter.name) } }
                        td { (place(parameter)) }
                        td { (text(parameter.description.as_deref().unwrap_or_default())) }
                        td { @if let Some(example) = &parameter.example { code { (plain(example)) } } }
                    }
                }
            }
        }
    }
}

fn responses(operation: &Operation) -> Markup {
    html! {
        table {
            thead { tr { th { "Status" } th { "Answer" } th { "Shape" } } }
            tbody {
                @for (status, response) in &operation.responses.responses {
                    @if let RefOr::T(response) = response {
                        tr {
                            td { (status) }
                            td { (text(&response.description)) }
                            td {
                                @for content_type in response.content.keys() { code { (content_type) } " " }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn anchor(operation: &Operation) -> &str {
    operation.operation_id.as_deref().unwrap_or_default()
}

fn place(parameter: &Parameter) -> &'static str {
    match (&parameter.parameter_in, &parameter.required) {
        (ParameterIn::Path, _) => "path",
        (_, Required::True) => "query, required",
        _ => "query",
    }
}

/// A value of JSON as it stands in a query.
fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A sentence in which what stands between backticks is code.
fn text(sentence: &str) -> Markup {
    html! {
        @for (number, part) in sentence.split('`').enumerate() {
            @if number % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}
