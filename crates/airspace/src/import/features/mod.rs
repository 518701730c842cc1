//! Features of GeoJSON as the community's files hold them, one by one: a bad one costs itself.

mod geometry;
#[cfg(test)]
mod tests;
mod volumes;

use std::{borrow::Cow, collections::HashMap};

use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use super::{Findings, ImportError, Outline, encoding::Mixed};
use crate::crs::{self, Crs};

pub(super) use volumes::{Shape, Volumes};

/// Collections in collections are followed so far; the community's files have one in another at most.
const DEEPEST: usize = 16;

/// A feature that can be read, though its geometry and properties may still be bad.
pub(super) struct Feature<'a> {
    /// Its place in the file, from 1.
    pub number: usize,
    /// Whether bytes of it were no UTF-8.
    is_foreign: bool,
    properties: HashMap<String, &'a RawValue>,
    geometry: Option<&'a RawValue>,
}

impl Feature<'_> {
    /// A property that is a text or a number, without space around it; `None` where it is empty.
    pub fn text(&self, property: &str) -> Option<String> {
        plain(&self.value(property)?)
    }

    /// A property that is a list of texts; a single text is a list of one.
    pub fn texts(&self, property: &str) -> Vec<String> {
        match self.value(property) {
            Some(Value::Array(values)) => values.iter().filter_map(plain).collect(),
            Some(value) => plain(&value).into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// Whether a property is `"1"`, `1` or `true`.
    pub fn is_set(&self, property: &str) -> bool {
        self.value(property).is_some_and(|value| value == true || value == 1 || value == "1")
    }

    /// The polygons of its geometry, or what is wrong with it; the point, where that is a point.
    pub fn shape(&self) -> Shape {
        let outlines = match self.geometry {
            Some(geometry) => geometry::outlines(geometry),
            None => Err("it has no geometry".to_owned()),
        };
        Shape { outlines, is_foreign: self.is_foreign }
    }

    fn value(&self, property: &str) -> Option<Value> {
        serde_json::from_str(self.properties.get(property)?.get()).ok()
    }
}

/// An element of a collection that is no feature.
#[derive(Debug)]
pub(super) struct Unreadable {
    /// Its place in the file, from 1.
    pub number: usize,
    pub reason: String,
}

/// Whether a file is JSON with a member of that name: a look at its content, which may be broken.
pub(super) fn has_member(bytes: &[u8], name: &str) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let is_object = text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    let quoted = format!("\"{name}\"");
    let mut found = text.match_indices(&quoted).map(|(at, _)| at + quoted.len());
    is_object && found.any(|end| text[end..].trim_start().starts_with(':'))
}

/// Gives every feature of a file in its order, those of collections in collections too.
///
/// # Errors
/// Where the file is no JSON, no feature and no collection, or its coordinates are not longitude and latitude.
pub(super) fn read(
    file: &str,
    content: &Mixed,
    findings: &mut Findings,
    each: &mut dyn FnMut(Result<Feature<'_>, Unreadable>, &mut Findings),
) -> Result<(), ImportError> {
    let broken = |reason: String| ImportError::File { file: file.to_owned(), reason };
    let text = &content.text;
    // A mark of the encoding is gone by now, a second one is not.
    let raw: &RawValue = serde_json::from_str(text).map_err(|error| broken(error.to_string()))?;
    let node = Node::read(raw).map_err(broken)?;
    let stated = node.crs.map(|crs| serde_json::from_str(crs.get())).transpose();
    let stated: Option<Value> = stated.map_err(|error| broken(format!("its `crs`: {error}")))?;
    match crs::read(stated.as_ref()) {
        Ok(Crs::Crs84) => {}
        Ok(Crs::Epsg4326) => findings.warn(format!("{file}: {}", crs::LATITUDE_FIRST)),
        Err(other) => return Err(broken(format!("its `crs` is {other}, not CRS84"))),
    }
    if !node.is("FeatureCollection") && !node.is("Feature") {
        return Err(broken("it is neither a FeatureCollection nor a Feature".into()));
    }
    if node.is("FeatureCollection") && node.features.is_none() {
        return Err(broken("it is a FeatureCollection without features".into()));
    }
    Walk { content, number: 0, each, findings }.element(raw, 0);
    Ok(())
}

/// The members of a feature or collection that are of interest, unread.
#[derive(Deserialize)]
struct Node<'a> {
    #[serde(borrow, default, rename = "type")]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    features: Option<&'a RawValue>,
    #[serde(borrow, default)]
    properties: Option<&'a RawValue>,
    #[serde(borrow, default)]
    geometry: Option<&'a RawValue>,
    #[serde(borrow, default)]
    crs: Option<&'a RawValue>,
}

impl<'a> Node<'a> {
    fn read(raw: &'a RawValue) -> Result<Self, String> {
        serde_json::from_str(raw.get()).map_err(|error| format!("it is no feature: {error}"))
    }

    fn is(&self, kind: &str) -> bool {
        self.kind.as_deref() == Some(kind)
    }
}

struct Walk<'a, 'f> {
    content: &'a Mixed,
    number: usize,
    each: &'f mut dyn FnMut(Result<Feature<'_>, Unreadable>, &mut Findings),
    findings: &'f mut Findings,
}

impl<'a> Walk<'a, '_> {
    fn element(&mut self, raw: &'a RawValue, depth: usize) {
        let elements = match self.elements(raw, depth) {
            Ok(elements) => elements,
            Err(reason) => {
                self.number += 1;
                (self.each)(Err(Unreadable { number: self.number, reason }), self.findings);
                return;
            }
        };
        for element in elements {
            self.element(element, depth + 1);
        }
    }

    /// Gives a feature; of a collection, says what is in it.
    fn elements(&mut self, raw: &'a RawValue, depth: usize) -> Result<Vec<&'a RawValue>, String> {
        let node = Node::read(raw)?;
        if node.is("FeatureCollection") {
            let features = node.features.ok_or("it is a FeatureCollection without features")?;
            if depth == DEEPEST {
                return Err(format!("collections are in one another more than {DEEPEST} deep"));
            }
            return serde_json::from_str(features.get())
                .map_err(|error| format!("its features: {error}"));
        }
        if !node.is("Feature") {
            return Err("it is no feature".into());
        }
        let properties = node.properties.map_or("{}", RawValue::get);
        let properties =
            serde_json::from_str(properties).map_err(|error| format!("its properties: {error}"))?;
        self.number += 1;
        let is_foreign = self.content.is_foreign(self.content.place(raw.get()));
        let feature =
            Feature { number: self.number, is_foreign, properties, geometry: node.geometry };
        (self.each)(Ok(feature), self.findings);
        Ok(Vec::new())
    }
}

/// A text or a number as text.
fn plain(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}
