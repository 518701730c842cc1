//! The parameters of queries as the document has them.

use serde_json::json;
use utoipa::openapi::{
    KnownFormat, ObjectBuilder, RefOr, Required, Schema, SchemaFormat,
    path::{Parameter as Documented, ParameterBuilder, ParameterIn},
    schema::{SchemaType, Type},
};

use crate::web::v1::{
    export::{FROM_OF_EXPORT, TO_OF_EXPORT},
    params::{Kind, Parameter, known::BY},
};

/// The rows of a parameter: its name, and its alias if it has one.
pub fn documented(parameter: &Parameter) -> Vec<Documented> {
    let first = one(parameter, parameter.name, parameter.selects.to_owned());
    let other = parameter.alias.map(|alias| {
        one(
            parameter,
            alias,
            format!("The same as `{}`. Only one of both may be given.", parameter.name),
        )
    });
    std::iter::once(first).chain(other).collect()
}

fn one(parameter: &Parameter, name: &str, says: String) -> Documented {
    let is_needed = [BY, FROM_OF_EXPORT, TO_OF_EXPORT].contains(parameter);
    let mut documented = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(if is_needed { Required::True } else { Required::False })
        .description(Some(format!("{says} Allowed: {}.", parameter.allowed)))
        .schema(Some(schema(parameter)));
    if !parameter.example.is_empty() {
        documented = documented.example(Some(example(parameter)));
    }
    documented.build()
}

fn example(parameter: &Parameter) -> serde_json::Value {
    match parameter.kind {
        Kind::Whole { .. } => parameter.example.parse::<i64>().ok().into(),
        _ => json!(parameter.example),
    }
}

fn schema(parameter: &Parameter) -> RefOr<Schema> {
    let of_type = |kind| ObjectBuilder::new().schema_type(SchemaType::Type(kind));
    let text = of_type(Type::String);
    let schema = match parameter.kind {
        // No format, because seconds are allowed too.
        Kind::Time | Kind::Box => text,
        Kind::Text { longest } => text.min_length(Some(1)).max_length(Some(longest)),
        Kind::OneOf(words) => text.enum_values(Some(words.iter().copied())),
        Kind::Whole { from, to, default } => of_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
            .minimum(Some(from))
            .maximum(Some(to))
            .default(default.map(Into::into)),
    };
    RefOr::T(Schema::Object(schema.build()))
}
