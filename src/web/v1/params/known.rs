//! All parameters of queries, each with what it takes.

use crate::web::problem::Code;

/// A parameter of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Another name that is accepted, as other services call it.
    pub alias: Option<&'static str>,
    /// What it selects, in a sentence for the documentation.
    pub selects: &'static str,
    /// The values that are allowed, as the end of the sentence "`name` is …".
    pub allowed: &'static str,
    /// The code of the error for any other value.
    pub code: Code,
    /// The type of its values.
    pub kind: Kind,
    /// A value that is allowed.
    pub example: &'static str,
}

/// The type of a parameter's values, as the OpenAPI document has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// RFC 3339, or whole seconds since 1970.
    Time,
    /// Text of this many characters.
    Text {
        /// At least one.
        longest: usize,
    },
    /// A whole number within these bounds, both included.
    Whole {
        /// The least.
        from: i64,
        /// The greatest.
        to: i64,
        /// What an absent parameter means; `None` when that is no number.
        default: Option<i64>,
    },
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Four numbers with commas between them.
    Box,
}

/// Where a span begins.
pub const FROM: Parameter = Parameter {
    name: "from",
    alias: Some("begin"),
    selects: "Where the span of time begins; it is part of the span. Absent: 24 hours before `to`, or no bound \
              under `flights/{id}`. A span has at most 31 days.",
    allowed: "a time of RFC 3339, such as 2026-07-01T00:00:00Z, or whole seconds since 1970",
    code: Code::BadTime,
    kind: Kind::Time,
    example: "2026-07-01T00:00:00Z",
};

/// Where a span ends.
pub const TO: Parameter = Parameter {
    name: "to",
    alias: Some("end"),
    selects: "Where the span of time ends; it is not part of the span. Absent: the mark, which is the time of the \
              newest stored snapshot, or no bound under `flights/{id}`.",
    example: "2026-07-02T00:00:00Z",
    ..FROM
};

/// The rows of a page where no other number is asked for.
pub const DEFAULT_LIMIT: i64 = 100;

/// How many rows a page has.
pub const LIMIT: Parameter = Parameter {
    name: "limit",
    alias: None,
    selects: "The most rows of one page.",
    allowed: "a whole number from 1 to 1000",
    code: Code::BadLimit,
    kind: Kind::Whole { from: 1, to: 1000, default: Some(DEFAULT_LIMIT) },
    example: "100",
};

/// Where the walk goes on.
pub const CURSOR: Parameter = Parameter {
    name: "cursor",
    alias: None,
    selects: "Where the page before ended. It stands in `next`, and holds for the same filters and scopes alone.",
    allowed: "the cursor of a `next` of this list, unchanged",
    code: Code::BadCursor,
    kind: Kind::Text { longest: 1024 },
    example: "",
};

/// A callsign.
pub const CALLSIGN: Parameter = Parameter {
    name: "callsign",
    alias: None,
    selects: "Exactly this callsign, in upper or lower case.",
    allowed: "1 to 16 visible ASCII characters",
    code: Code::BadCallsign,
    kind: Kind::Text { longest: 16 },
    example: "QFA12",
};

/// An airport of departure.
pub const DEPARTURE: Parameter = Parameter {
    name: "departure",
    alias: None,
    selects: "Exactly this airport of departure in the flight plan; lower case counts as upper case.",
    allowed: "1 to 64 characters without control characters",
    code: Code::BadRequest,
    kind: Kind::Text { longest: 64 },
    example: "YSSY",
};

/// An airport of arrival.
pub const ARRIVAL: Parameter = Parameter {
    name: "arrival",
    selects: "Exactly this airport of arrival in the flight plan; lower case counts as upper case.",
    example: "YMML",
    ..DEPARTURE
};

/// A sector.
pub const SECTOR: Parameter = Parameter {
    name: "sector",
    selects: "A sector by its id, as in `sector_name`. Of flights: those with a visit to it that overlaps the span.",
    allowed: "1 to 256 characters without control characters",
    kind: Kind::Text { longest: 256 },
    example: "SY_APP",
    ..DEPARTURE
};

/// A box on the map.
pub const BBOX: Parameter = Parameter {
    name: "bbox",
    alias: None,
    selects: "Flights whose latest position is in the box or on its edge: west, south, east, north in degrees. A \
              west greater than the east crosses 180°.",
    allowed: "four numbers west,south,east,north in degrees: longitudes from -180 to 180, latitudes from -90 to 90, \
              the south not north of the north",
    code: Code::BadBbox,
    kind: Kind::Box,
    example: "140,-40,155,-25",
};

/// A member of VATSIM.
pub const CID: Parameter = Parameter {
    name: "cid",
    alias: None,
    selects: "One member of VATSIM. Needs the scope `personal`.",
    allowed: "a whole number from 1 to 2147483647",
    code: Code::BadRequest,
    kind: Kind::Whole { from: 1, to: i32::MAX as i64, default: None },
    example: "1000001",
};

/// Whether personal members are asked for.
pub const PERSONAL: Parameter = Parameter {
    name: "personal",
    alias: None,
    selects: "Asks for the personal members, and is refused without the scope `personal`. With it, they are there \
              without being asked for, too.",
    allowed: "1, or absent",
    code: Code::BadRequest,
    kind: Kind::OneOf(&["1"]),
    example: "1",
};

/// A time zone.
pub const TZ: Parameter = Parameter {
    name: "tz",
    alias: None,
    selects: "The time zone of days and hours, by its IANA name. Absent: UTC.",
    allowed: "the IANA name of a time zone, such as Australia/Sydney",
    code: Code::BadRequest,
    kind: Kind::Text { longest: 64 },
    example: "Australia/Sydney",
};

/// The length of a step.
pub const STEP: Parameter = Parameter {
    name: "step",
    alias: None,
    selects: "The length of a step. Steps are aligned to UTC; there are at most 2,000. Absent: 15m.",
    allowed: "a whole number of minutes (m) or hours (h) that divides a day, or 1d, such as 5m, 15m or 1h",
    code: Code::BadRequest,
    kind: Kind::Text { longest: 5 },
    example: "15m",
};

/// What coverage is summed by.
pub const BY: Parameter = Parameter {
    name: "by",
    alias: None,
    selects: "What the figures are summed by. It must be given.",
    allowed: "one of sector, hour, weekday_hour and facility",
    code: Code::BadRequest,
    kind: Kind::OneOf(&["sector", "hour", "weekday_hour", "facility"]),
    example: "sector",
};
