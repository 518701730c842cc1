//! The feed's records, with its names and order of fields.
//!
//! Every field is optional, and `null` means absent; the decoder checks which fields are required and their
//! ranges. An unreadable field is absent too, and is named in the record.

use serde_json::value::RawValue;

mod scalar;

pub(super) use scalar::{Fields, Frequency, Integer, Rounded, Text, Value};

/// The top-level fields of the main feed.
pub(super) const DOCUMENT: [&str; 10] = [
    "general",
    "pilots",
    "controllers",
    "atis",
    "servers",
    "prefiles",
    "facilities",
    "ratings",
    "pilot_ratings",
    "military_ratings",
];

/// The known fields of a record.
pub(super) trait Record {
    /// The fields with the feed's names.
    const NAMES: &'static [&'static str];
    /// The same, with the path of the record in another.
    const FIELDS: &'static [&'static str];
}

/// A record type that keeps the names of unknown and of unreadable fields. serde's derive can skip or refuse
/// such fields, but cannot report them, and stops at the first.
///
/// A record is parsed as a whole, and field by field only if that fails, so that a good feed costs nothing
/// extra.
macro_rules! record {
    ($(#[$doc:meta])* $name:ident<$a:lifetime> in $prefix:literal {
        $($field:ident: $type:ty,)*
    } unused [$($unused:literal),*]) => {
        $(#[$doc])*
        #[derive(Debug, Default)]
        pub(super) struct $name<$a> {
            $(pub(super) $field: Option<$type>,)*
            pub(super) unknown: Vec<Text<$a>>,
            /// A subset of [`Record::FIELDS`].
            pub(super) unreadable: Vec<&'static str>,
        }

        impl Record for $name<'_> {
            const NAMES: &'static [&'static str] = &[$(stringify!($field)),*];
            const FIELDS: &'static [&'static str] = &[$(concat!($prefix, stringify!($field))),*];
        }

        impl<$a> $name<$a> {
            fn by_field(fields: Fields<$a>) -> Self {
                let mut record = Self::default();
                for (name, value) in fields.0 {
                    let json = Some(value.get()).filter(|json| *json != "null");
                    match name.as_ref() {
                        $(stringify!($field) => {
                            record.$field = json.and_then(Value::read);
                            let lost = json.is_some() && record.$field.is_none();
                            let field = concat!($prefix, stringify!($field));
                            // If a field is present twice, the last one counts.
                            record.unreadable.retain(|name| *name != field);
                            record.unreadable.extend(lost.then_some(field));
                        })*
                        other => {
                            if !<[&str]>::contains(&[$($unused),*], &other) {
                                record.unknown.push(name);
                            }
                        }
                    }
                }
                record
            }
        }

        impl<$a> Value<$a> for $name<$a> {
            fn read(json: &$a str) -> Option<Self> {
                let whole = serde_json::from_str(json).ok();
                whole.or_else(|| Some(Self::by_field(serde_json::from_str(json).ok()?)))
            }
        }

        impl<$a> serde::Deserialize<$a> for $name<$a> {
            fn deserialize<D: serde::Deserializer<$a>>(deserializer: D) -> Result<Self, D::Error> {
                struct Reader;
                impl<$a> serde::de::Visitor<$a> for Reader {
                    type Value = $name<$a>;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_map<A: serde::de::MapAccess<$a>>(
                        self,
                        mut map: A,
                    ) -> Result<Self::Value, A::Error> {
                        let mut record = $name::default();
                        while let Some(key) = map.next_key::<Text<$a>>()? {
                            match key.as_ref() {
                                $(stringify!($field) => record.$field = map.next_value()?,)*
                                name => {
                                    if !<[&str]>::contains(&[$($unused),*], &name) {
                                        record.unknown.push(key);
                                    }
                                    map.next_value::<serde::de::IgnoredAny>()?;
                                }
                            }
                        }
                        Ok(record)
                    }
                }
                deserializer.deserialize_map(Reader)
            }
        }
    };
}

record! {
    /// The object `general`.
    General<'a> in "general." {
        update_timestamp: Text<'a>,
        connected_clients: &'a RawValue,
    } unused ["version", "reload", "update", "unique_users"]
}

record! {
    /// An entry of `pilots`.
    Pilot<'a> in "" {
        cid: Integer,
        callsign: Text<'a>,
        server: Text<'a>,
        pilot_rating: Integer,
        military_rating: Integer,
        latitude: f64,
        longitude: f64,
        altitude: Rounded,
        groundspeed: Rounded,
        transponder: Text<'a>,
        heading: Rounded,
        qnh_mb: Rounded,
        flight_plan: FlightPlan<'a>,
        logon_time: Text<'a>,
        last_updated: Text<'a>,
    } unused ["name", "qnh_i_hg"]
}

record! {
    /// The `flight_plan` of a pilot.
    FlightPlan<'a> in "flight_plan." {
        flight_rules: Text<'a>,
        aircraft: Text<'a>,
        aircraft_faa: Text<'a>,
        aircraft_short: Text<'a>,
        departure: Text<'a>,
        arrival: Text<'a>,
        alternate: Text<'a>,
        cruise_tas: Text<'a>,
        altitude: Text<'a>,
        deptime: Text<'a>,
        enroute_time: Text<'a>,
        fuel_time: Text<'a>,
        remarks: Text<'a>,
        route: Text<'a>,
        revision_id: Integer,
        assigned_transponder: Text<'a>,
    } unused []
}

record! {
    /// An entry of `controllers`.
    Controller<'a> in "" {
        cid: Integer,
        callsign: Text<'a>,
        frequency: Frequency,
        facility: Integer,
        rating: Integer,
        server: Text<'a>,
        visual_range: Integer,
        text_atis: Vec<Text<'a>>,
        last_updated: Text<'a>,
        logon_time: Text<'a>,
    } unused ["name"]
}

record! {
    /// An entry of `atis`.
    Atis<'a> in "" {
        cid: Integer,
        callsign: Text<'a>,
        frequency: Frequency,
        facility: Integer,
        rating: Integer,
        server: Text<'a>,
        visual_range: Integer,
        atis_code: Text<'a>,
        text_atis: Vec<Text<'a>>,
        last_updated: Text<'a>,
        logon_time: Text<'a>,
    } unused ["name"]
}

record! {
    /// An entry of the transceivers feed.
    Station<'a> in "" {
        callsign: Text<'a>,
        transceivers: Vec<&'a RawValue>,
    } unused []
}

record! {
    /// A radio of a station.
    #[expect(non_snake_case, reason = "the feed's own words")]
    Transceiver<'a> in "" {
        id: Integer,
        frequency: f64,
        latDeg: f64,
        lonDeg: f64,
        heightMslM: f64,
        heightAglM: f64,
    } unused []
}
