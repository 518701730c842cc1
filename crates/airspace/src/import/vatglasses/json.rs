//! JSON member by member, in the order of the file, so that a bad member costs itself alone.

use std::{
    collections::{HashMap, hash_map::Entry},
    fmt,
};

use serde::{
    Deserialize,
    de::{Deserializer, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::super::encoding::Mixed;

/// The members of an object, unread.
pub(super) struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Members<'a> {
    /// The members of `raw`; `None` where it is no object.
    pub(super) fn of(raw: &'a RawValue) -> Option<Self> {
        serde_json::from_str(raw.get()).ok()
    }

    /// The value of a member. `null` counts as missing; of several with one name the last counts, as in JavaScript,
    /// in which the files are read elsewhere.
    pub(super) fn get(&self, name: &str) -> Option<&'a RawValue> {
        let (_, value) = self.0.iter().rev().find(|(key, _)| key == name)?;
        Some(*value).filter(|value| value.get() != "null")
    }

    /// The names of the members in which bytes were no UTF-8. `whole` is the object that they are of.
    pub(super) fn foreign(&self, whole: &RawValue, content: &Mixed) -> Vec<String> {
        let members = self.0.iter().map(|(name, value)| (name, value.get()));
        content.foreign_members(whole.get(), members)
    }

    /// The members, and the names that stand there more than once: the last value is given, in the first place.
    pub(super) fn unique(self) -> (Vec<(String, &'a RawValue)>, Vec<String>) {
        let (mut members, mut repeated) = (Vec::<(String, &'a RawValue)>::new(), Vec::new());
        let mut places = HashMap::new();
        for (name, value) in self.0 {
            match places.entry(name.clone()) {
                Entry::Vacant(place) => {
                    place.insert(members.len());
                    members.push((name, value));
                }
                Entry::Occupied(place) => {
                    if let Some(member) = members.get_mut(*place.get()) {
                        member.1 = value;
                    }
                    repeated.push(name);
                }
            }
        }
        (members, repeated)
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

/// The items of a list; `None` where it is none.
pub(super) fn items(raw: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(raw.get()).ok()
}

/// A text, trimmed. A number is text, too: runways and ids are written as either.
pub(super) fn text(raw: &RawValue) -> Option<String> {
    let is_number = serde_json::from_str::<f64>(raw.get()).is_ok();
    let text = match is_number {
        true => raw.get().to_owned(),
        false => serde_json::from_str(raw.get()).ok()?,
    };
    Some(text.trim().to_owned())
}

/// A list of texts, or a single text in its place.
pub(super) fn texts(raw: &RawValue) -> Option<Vec<String>> {
    match items(raw) {
        Some(items) => items.into_iter().map(text).collect(),
        None => Some(vec![text(raw)?]),
    }
}

/// A number; a text that is one counts as well.
pub(super) fn number(raw: &RawValue) -> Option<f64> {
    text(raw)?.parse().ok().filter(|number: &f64| number.is_finite())
}

/// How a value stands in the file, cut where it is long.
pub(super) fn excerpt(raw: &RawValue) -> String {
    const LONGEST: usize = 60;
    let start: String = raw.get().chars().take(LONGEST).collect();
    let excerpt: Vec<&str> = start.split_whitespace().collect();
    let cut = if start.len() < raw.get().len() { "…" } else { "" };
    excerpt.join(" ") + cut
}
