//! Rows by reference: utoipa writes them out where a type has parameters, so that no program could name them.

use utoipa::openapi::{
    Components, Ref, RefOr, Schema,
    schema::{ArrayItems, Object},
};

/// Lets pages and single things refer to the schema of what they hold.
pub fn refer(components: &mut Components) {
    let names: Vec<String> = components.schemas.keys().cloned().collect();
    for name in &names {
        let held = name.split_once('_').filter(|(_, row)| names.iter().any(|it| it == row));
        if let (Some((_, row)), Some(RefOr::T(Schema::Object(object)))) =
            (held, components.schemas.get_mut(name))
        {
            hold(object, row);
        }
    }
}

fn hold(object: &mut Object, row: &str) {
    let row = RefOr::Ref(Ref::from_schema_name(row));
    match object.properties.get_mut("data") {
        Some(RefOr::T(Schema::Array(array))) => {
            array.items = ArrayItems::RefOrSchema(Box::new(row));
        }
        Some(data) => *data = row,
        None => {}
    }
}
