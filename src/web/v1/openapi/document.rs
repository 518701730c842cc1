//! The document: paths and shapes from the handlers, parameters and errors from the table of endpoints.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use utoipa::{
    OpenApi,
    openapi::{
        ContentBuilder, ObjectBuilder, Ref, RefOr, ResponseBuilder, Schema,
        path::Operation,
        schema::{AllOfBuilder, SchemaType, Type},
        security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

use super::{parameters::documented, rows};
use crate::web::{
    endpoint::Endpoint,
    problem::{CONTENT_TYPE_OF_PROBLEMS, Code},
    v1::{
        controllers, coverage, export, flights, live, movements,
        params::known::{CURSOR, FROM, STEP, TO},
        sectors, track, visits,
    },
};

/// The name of the security scheme.
const TOKEN: &str = "token";
/// Real answers by path: `tests/it/api_v1` writes them.
const EXAMPLES: &str = include_str!("examples.json");
/// The name of the schema of errors.
const PROBLEM: &str = "Problem";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "sectorwatch",
        description = "Flights of VATSIM through the sectors of an airspace: what was observed, as JSON. Read only. \
                       Lists are walked by `next`; times are RFC 3339 in UTC. The `mark` is the time of the newest \
                       stored snapshot.",
        license(name = "MIT", identifier = "MIT"),
        version = "1",
    ),
    servers((url = "/")),
    paths(
        flights::list,
        flights::one,
        track::track,
        track::file,
        visits::of_flight,
        visits::contacts,
        visits::list,
        sectors::list,
        sectors::one,
        sectors::occupancy,
        controllers::sessions,
        controllers::hours,
        controllers::staffing,
        movements::list,
        coverage::coverage,
        export::export,
        live::live,
        live::stream,
    ),
)]
struct OfHandlers;

/// The whole document of a table of endpoints.
pub fn document(endpoints: &[Endpoint]) -> utoipa::openapi::OpenApi {
    let mut document = OfHandlers::openapi();
    let components = document.components.get_or_insert_default();
    rows::refer(components);
    components.schemas.insert(PROBLEM.to_owned(), problem());
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(
        "A token of the operator, `sw_` and 43 characters, in the header `Authorization`. What requests without one \
         may do is the operator's choice, too.",
    ));
    components.add_security_scheme(TOKEN, SecurityScheme::Http(bearer.build()));
    let mut examples: BTreeMap<String, Value> = serde_json::from_str(EXAMPLES).unwrap_or_default();
    for endpoint in endpoints {
        let item = document.paths.paths.get_mut(endpoint.pattern());
        if let Some(operation) = item.and_then(|item| item.get.as_mut()) {
            show(operation, examples.remove(endpoint.pattern()));
            complete(operation, endpoint);
        }
    }
    document
}

/// Adds a real answer.
fn show(operation: &mut Operation, example: Option<Value>) {
    if let Some(RefOr::T(response)) = operation.responses.responses.get_mut("200")
        && let Some(RefOr::T(content)) = response.content.get_mut("application/json")
    {
        content.example = example;
    }
}

/// Adds what the table of endpoints knows.
fn complete(operation: &mut Operation, endpoint: &Endpoint) {
    let query = endpoint.parameters().iter().flat_map(documented).map(RefOr::T);
    operation.parameters.get_or_insert_default().extend(query);
    let scopes: Vec<_> = endpoint.needs().iter().map(|scope| scope.as_str()).collect();
    operation.security = Some(vec![
        // Also without a token, where the operator lets everybody read.
        SecurityRequirement::default(),
        SecurityRequirement::new(TOKEN, Vec::<String>::new()),
    ]);
    let says = operation.description.take().unwrap_or_default();
    let needs = format!("Needs the scope `{}`.", scopes.join("` and `"));
    operation.description = Some(format!("{says}\n\n{needs}").trim_start().to_owned());
    let mut by_status = BTreeMap::<u16, Vec<Code>>::new();
    for code in codes(endpoint) {
        by_status.entry(code.status().as_u16()).or_default().push(code);
    }
    for (status, codes) in by_status {
        operation.responses.responses.insert(status.to_string(), RefOr::T(response(&codes)));
    }
    if endpoint.parameters().contains(&TO) {
        let kept = ResponseBuilder::new()
            .description("What the client has kept under the tag in `If-None-Match` still holds.");
        operation.responses.responses.insert("304".to_owned(), RefOr::T(kept.build()));
    }
}

/// The codes of the errors that an endpoint of the API can answer.
pub fn codes(endpoint: &Endpoint) -> Vec<Code> {
    use Code::{
        BadRequest, BadSpan, Busy, CursorMismatch, DatabaseError, ExportsBusy, InternalError,
        Misdirected, NoSuchFormat, NotAcceptable, NotFound, RateLimited, ReplicaBehind,
        ScopeRequired, SpanTooWide, Timeout, TooManyRows, Unauthorized, UnknownParameter,
    };
    let mut codes = vec![BadRequest, UnknownParameter, Unauthorized, ScopeRequired, NotAcceptable];
    codes.extend([Misdirected, RateLimited, InternalError, Busy, DatabaseError, Timeout]);
    codes.extend(endpoint.parameters().iter().map(|parameter| parameter.code));
    let takes = |parameter| endpoint.parameters().contains(parameter);
    let pattern = endpoint.pattern();
    let of_case = [
        (takes(&FROM), &[BadSpan, SpanTooWide][..]),
        (takes(&STEP), &[SpanTooWide]),
        (takes(&CURSOR), &[CursorMismatch, ReplicaBehind]),
        (pattern.contains('{') && !pattern.contains("{callsign}"), &[NotFound]),
        (pattern.contains("{callsign}"), &[NotFound, Code::BadCallsign]),
        (pattern.contains("{format}"), &[NoSuchFormat]),
        (pattern.contains("/export/"), &[BadSpan, SpanTooWide, TooManyRows, ExportsBusy]),
    ];
    codes.extend(of_case.into_iter().filter(|(is_it, _)| *is_it).flat_map(|(_, codes)| codes));
    let mut named = BTreeSet::new();
    codes.retain(|code| named.insert(code.as_str()));
    codes.sort_by_key(|code| code.status());
    codes
}

fn response(codes: &[Code]) -> utoipa::openapi::Response {
    let title = |code: &Code| format!("`{}`: {}", code.as_str(), code.title());
    let names = codes.iter().map(|code| code.as_str());
    let code =
        ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).enum_values(Some(names));
    let narrowed = ObjectBuilder::new().property("code", code);
    let schema = AllOfBuilder::new().item(Ref::from_schema_name(PROBLEM)).item(narrowed);
    let mut content = ContentBuilder::new().schema(Some(schema));
    if let Some(code) = codes.first() {
        content = content.example(Some(example(*code)));
    }
    ResponseBuilder::new()
        .description(codes.iter().map(title).collect::<Vec<_>>().join("; "))
        .content(CONTENT_TYPE_OF_PROBLEMS, content.build())
        .build()
}

fn example(code: Code) -> Value {
    json!({
        "type": "about:blank",
        "title": code.title(),
        "status": code.status().as_u16(),
        "detail": "What is wrong with this request, in a sentence.",
        "instance": "/api/v1/flights",
        "code": code.as_str(),
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
    })
}

/// The schema of errors (RFC 9457).
fn problem() -> RefOr<Schema> {
    let text = |says: &str| {
        ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).description(Some(says))
    };
    let status = ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::Integer))
        .description(Some("The status of the answer."));
    let object = ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::Object))
        .description(Some("Why a request cannot be answered, as RFC 9457 writes it."))
        .property("type", text("Always about:blank."))
        .property("title", text("What is wrong in general, for people."))
        .property("status", status)
        .property("detail", text("What is wrong with this request, for people."))
        .property("instance", text("The path of the request."))
        .property("code", text("What is wrong, for programs."))
        .property("trace_id", text("32 hexadecimal digits, by which the log has the request."));
    let names = ["type", "title", "status", "detail", "instance", "code", "trace_id"];
    RefOr::T(Schema::Object(names.into_iter().fold(object, |o, name| o.required(name)).build()))
}
