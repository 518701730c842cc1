//! The values of a record.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Unexpected, Visitor},
};
use serde_json::value::RawValue;

/// A value of a record. [`read`](Value::read) returns `None` for a value that cannot be read: of another
/// type, too large for any number, or not Unicode.
pub(crate) trait Value<'a>: Deserialize<'a> {
    /// Parses the value from its JSON.
    fn read(json: &'a str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }
}

impl<'a> Value<'a> for Text<'a> {}
impl Value<'_> for Frequency {}
impl Value<'_> for Integer {}
impl Value<'_> for Rounded {}
impl Value<'_> for f64 {}
impl<'a> Value<'a> for &'a RawValue {}
impl<'a> Value<'a> for Vec<Text<'a>> {}
impl<'a> Value<'a> for Vec<&'a RawValue> {}

/// Text, borrowed from the document unless it has an escape.
#[derive(Debug)]
pub(crate) struct Text<'a>(Cow<'a, str>);

impl AsRef<str> for Text<'_> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Reader)
    }
}

/// A frequency in MHz as text, as in the feed, or as a number.
#[derive(Debug)]
pub(crate) struct Frequency(pub(crate) String);

impl<'de> Deserialize<'de> for Frequency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Frequency;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text or a number")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Frequency(text.to_owned()))
            }

            fn visit_f64<E: Error>(self, mhz: f64) -> Result<Self::Value, E> {
                Ok(Frequency(format!("{mhz:.3}")))
            }

            fn visit_i64<E: Error>(self, mhz: i64) -> Result<Self::Value, E> {
                self.visit_f64(mhz as f64)
            }

            fn visit_u64<E: Error>(self, mhz: u64) -> Result<Self::Value, E> {
                self.visit_f64(mhz as f64)
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// An integer. It saturates, so that a huge one is out of range and not of a wrong type.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Integer(pub(crate) i64);

/// A number that is rounded to the nearest integer. It saturates.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rounded(pub(crate) i64);

/// Parses any JSON number as the nearest integer.
struct Number {
    fraction_allowed: bool,
}

impl Visitor<'_> for Number {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.fraction_allowed { "a number" } else { "a whole number" })
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<i64, E> {
        Ok(number)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<i64, E> {
        Ok(i64::try_from(number).unwrap_or(i64::MAX))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<i64, E> {
        if !self.fraction_allowed && number.fract() != 0.0 {
            return Err(E::invalid_type(Unexpected::Float(number), &self));
        }
        Ok(number.round() as i64)
    }
}

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = Number { fraction_allowed: false };
        deserializer.deserialize_i64(number).map(Integer)
    }
}

impl<'de> Deserialize<'de> for Rounded {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = Number { fraction_allowed: true };
        deserializer.deserialize_i64(number).map(Rounded)
    }
}

/// An object with raw values, so that a bad value does not affect the others.
#[derive(Debug)]
pub(crate) struct Fields<'a>(pub(crate) Vec<(Text<'a>, &'a RawValue)>);

impl<'a> Fields<'a> {
    /// The value of the last field with this name; `null` means absent.
    pub(crate) fn get(&self, name: &str) -> Option<&'a RawValue> {
        let (_, value) = self.0.iter().rfind(|(key, _)| key.as_ref() == name)?;
        Some(*value).filter(|value| value.get() != "null")
    }

    /// The names that are not in `known`.
    pub(crate) fn unknown(self, known: &'static [&str]) -> impl Iterator<Item = Text<'a>> {
        let names = self.0.into_iter().map(|(name, _)| name);
        names.filter(|name| !known.contains(&name.as_ref()))
    }
}

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                // A name that is not Unicode does not affect the others.
                while let Some((name, value)) = map.next_entry::<&RawValue, _>()? {
                    let name = Text::read(name.get()).unwrap_or(Text(name.get().into()));
                    fields.push((name, value));
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}
