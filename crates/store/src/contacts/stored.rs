//! Rows of intervals as they are read.

use std::sync::Arc;

use diesel::{
    QueryableByName,
    sql_types::{BigInt, Bool, Integer, Nullable, Text, Timestamptz},
};

use sectorwatch_core::{
    Time,
    contact::{self, Partner, State, StoredFlight},
    control::{self, Control, Holder},
};

/// A flight with its open row, and the contact that ends where a row without contact begins.
#[derive(QueryableByName)]
pub struct OpenRow {
    #[diesel(sql_type = BigInt)]
    flight_id: i64,
    #[diesel(sql_type = Timestamptz)]
    last_seen: Time,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    contact_seen: Option<Time>,
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    controller_id: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    controller_callsign: Option<String>,
    #[diesel(sql_type = Nullable<Integer>)]
    frequency_hz: Option<i32>,
    #[diesel(sql_type = Nullable<Bool>)]
    is_primary: Option<bool>,
    #[diesel(sql_type = Timestamptz)]
    from_timestamp: Time,
    #[diesel(sql_type = Nullable<BigInt>)]
    before_id: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    before_controller_id: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    before_callsign: Option<String>,
    #[diesel(sql_type = Nullable<Integer>)]
    before_frequency_hz: Option<i32>,
    #[diesel(sql_type = Nullable<Bool>)]
    before_is_primary: Option<bool>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    before_from: Option<Time>,
}

impl From<OpenRow> for StoredFlight {
    fn from(row: OpenRow) -> Self {
        let before = row.before_id.zip(row.before_from).map(|(id, from)| contact::Interval {
            id: Some(id),
            state: contact_with(
                row.before_controller_id,
                row.before_callsign,
                row.before_frequency_hz,
                row.before_is_primary,
            ),
            from,
            to: Some(row.from_timestamp),
        });
        let state = match row.state.as_str() {
            "contact" => contact_with(
                row.controller_id,
                row.controller_callsign,
                row.frequency_hz,
                row.is_primary,
            ),
            "none" => State::Alone,
            // The table's constraint allows no fourth word.
            _ => State::Unknown,
        };
        let open =
            contact::Interval { id: Some(row.id), state, from: row.from_timestamp, to: None };
        Self {
            flight_id: row.flight_id,
            last_seen: row.last_seen,
            contact_seen: row.contact_seen,
            rows: before.into_iter().chain([open]).collect(),
            ended: None,
        }
    }
}

/// No type stands twice here, so that no two columns can change places.
fn contact_with(
    controller_id: Option<i64>,
    callsign: Option<String>,
    frequency_hz: Option<i32>,
    is_primary: Option<bool>,
) -> State {
    State::Contact(Partner {
        controller_id,
        callsign: callsign.map(Arc::from),
        frequency_hz: frequency_hz.unwrap_or_default(),
        is_primary: is_primary.unwrap_or_default(),
    })
}

/// A flight without an open row, with the end of its last one.
#[derive(QueryableByName)]
pub struct EndedFlight {
    #[diesel(sql_type = BigInt)]
    pub flight_id: i64,
    #[diesel(sql_type = Timestamptz)]
    last_seen: Time,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    contact_seen: Option<Time>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub ended: Option<Time>,
}

impl From<EndedFlight> for StoredFlight {
    fn from(row: EndedFlight) -> Self {
        let EndedFlight { flight_id, last_seen, contact_seen, ended } = row;
        Self { flight_id, last_seen, contact_seen, rows: Vec::new(), ended }
    }
}

/// A row of `sector_control`.
#[derive(QueryableByName)]
pub struct ControlRow {
    #[diesel(sql_type = Text)]
    sector_name: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    controller_id: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    controller_callsign: Option<String>,
    #[diesel(sql_type = Nullable<Integer>)]
    owner_rank: Option<i32>,
    #[diesel(sql_type = Timestamptz)]
    from_timestamp: Time,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    to_timestamp: Option<Time>,
    #[diesel(sql_type = Text)]
    airspace_revision: String,
}

impl From<ControlRow> for control::Interval {
    fn from(row: ControlRow) -> Self {
        let control = match row.state.as_str() {
            "controlled" => Control::Controlled(Holder {
                controller_id: row.controller_id,
                callsign: row.controller_callsign.map(Arc::from),
                rank: row.owner_rank.unwrap_or_default(),
            }),
            "uncontrolled" => Control::Uncontrolled,
            // The table's constraint allows no fourth word.
            _ => Control::Unknown,
        };
        Self {
            sector: row.sector_name.into(),
            control,
            from: row.from_timestamp,
            to: row.to_timestamp,
            airspace_revision: row.airspace_revision.into(),
        }
    }
}
