//! The feed's records, in its own words and order.
//!
//! Every field is optional and `null` is absence: what is required, and within which range, is the
//! decoder's to say. A wrong type is an error that names the field.

use serde_json::value::RawValue;

mod scalar;

pub(super) use scalar::{Fields, Integer, Rounded, Text};

/// Top-level fields of the main feed.
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

/// Fields of one entry of `atis`.
pub(super) const ATIS: [&str; 12] = [
    "cid",
    "name",
    "callsign",
    "frequency",
    "facility",
    "rating",
    "server",
    "visual_range",
    "atis_code",
    "text_atis",
    "last_updated",
    "logon_time",
];

/// A record type whose reader keeps the names of fields it does not know. serde's derive can skip
/// or refuse those, but not tell of them, and its errors do not name the field.
macro_rules! record {
    ($(#[$doc:meta])* $name:ident<$a:lifetime> {
        $($field:ident: $type:ty,)*
    } unused [$($unused:literal),*]) => {
        $(#[$doc])*
        #[derive(Debug, Default)]
        pub(super) struct $name<$a> {
            $(pub(super) $field: Option<$type>,)*
            pub(super) unknown: Vec<Text<$a>>,
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
                                $(stringify!($field) => {
                                    record.$field = map.next_value().map_err(|error| {
                                        let field = stringify!($field);
                                        serde::de::Error::custom(format_args!("{field}: {error}"))
                                    })?;
                                })*
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
    /// `general`.
    General<'a> {
        update_timestamp: Text<'a>,
        connected_clients: &'a RawValue,
    } unused ["version", "reload", "update", "unique_users"]
}

record! {
    /// One entry of `pilots`.
    Pilot<'a> {
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
    /// `flight_plan` of a pilot.
    FlightPlan<'a> {
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
    /// One entry of `controllers`.
    Controller<'a> {
        cid: Integer,
        callsign: Text<'a>,
        frequency: Text<'a>,
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
    /// One entry of the transceivers feed.
    Station<'a> {
        callsign: Text<'a>,
        transceivers: Vec<&'a RawValue>,
    } unused []
}

record! {
    /// One radio of a station.
    #[expect(non_snake_case, reason = "the feed's own words")]
    Transceiver<'a> {
        id: Integer,
        frequency: Integer,
        latDeg: f64,
        lonDeg: f64,
        heightMslM: f64,
        heightAglM: f64,
    } unused []
}
