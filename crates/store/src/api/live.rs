//! What is in the air and on frequency at the mark.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::{
    prelude::QueryableByName,
    result::Error::DeserializationError,
    sql_types::{Array, BigInt, Nullable, Text, Timestamptz},
};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Control, Facts, Read, ReadError, Reads, SectorState, Span, conditions::Query};

/// Everything at the mark. The caller adds by how much it is behind.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Live {
    /// Flights observed at the mark or with an open visit, by id.
    pub flights: Vec<LiveFlight>,
    /// Sectors with an open visit or an open interval of control, by name.
    pub sectors: Vec<LiveSector>,
    /// Controllers online, by callsign.
    pub controllers: Vec<LiveController>,
    /// How many there are.
    pub counts: LiveCounts,
    /// The visits that were asked for and are over, by id.
    #[serde(skip)]
    pub ended: Vec<EndedVisit>,
}

/// A visit that is over.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct EndedVisit {
    /// Its id.
    pub id: i64,
    /// When it ended.
    pub exit_timestamp: DateTime<Utc>,
    /// Why it ended.
    pub exit_reason: Option<String>,
}

/// A flight at the mark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[expect(missing_docs, reason = "the columns of flights and of the open visit")]
pub struct LiveFlight {
    pub id: i64,
    pub callsign: String,
    pub departure: Option<String>,
    pub arrival: Option<String>,
    pub aircraft_short: Option<String>,
    pub latitude: f64,
    pub longitude: f64,
    pub altitude: i32,
    pub groundspeed: Option<i32>,
    pub heading: Option<i16>,
    pub sector_name: Option<String>,
    pub entered_at: Option<DateTime<Utc>>,
    #[serde(skip)]
    pub visit_id: Option<i64>,
    pub radio: LiveRadio,
}

/// The radio contact of a flight at the mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[expect(missing_docs, reason = "the columns of flight_radio_intervals")]
pub struct LiveRadio {
    pub state: String,
    pub controller_callsign: Option<String>,
    pub frequency_hz: Option<i32>,
    #[serde(skip)]
    pub from_timestamp: Option<DateTime<Utc>>,
}

/// A sector at the mark.
pub type LiveSector = SectorState;

/// A controller online.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[expect(missing_docs, reason = "the columns of controllers")]
pub struct LiveController {
    pub callsign: String,
    pub facility: i32,
    pub frequency: String,
    pub logon_time: DateTime<Utc>,
}

/// How many there are at the mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct LiveCounts {
    /// Flights.
    pub flights: usize,
    /// Flights with an open visit.
    pub inside: usize,
    /// Controllers.
    pub controllers: usize,
}

/// What the statement returns: the lists as JSON, so that one statement reads all.
#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Nullable<Timestamptz>)]
    mark: Option<DateTime<Utc>>,
    #[diesel(sql_type = BigInt)]
    data_version: i64,
    #[diesel(sql_type = Text)]
    flights: String,
    #[diesel(sql_type = Text)]
    sectors: String,
    #[diesel(sql_type = Text)]
    controllers: String,
    #[diesel(sql_type = Text)]
    ended: String,
}

#[derive(Deserialize)]
struct FlightRow {
    #[serde(flatten)]
    flight: LiveFlight,
    visit: Option<i64>,
    radio_from: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct SectorRow {
    #[serde(flatten)]
    sector: LiveSector,
    control_from: Option<DateTime<Utc>>,
}

impl Reads {
    /// Reads everything at the mark, and which of `visits`, given by id, are over, by one statement. `known` is the
    /// mark as far as the caller knows: it may be older than the mark that is read, and no flight of three days before
    /// it is looked at.
    ///
    /// # Errors
    /// The errors of the database.
    pub async fn live(
        &self,
        known: Option<DateTime<Utc>>,
        visits: Arc<[i64]>,
    ) -> Result<Read<Live>, ReadError> {
        self.read_at_once(move |connection| {
            let query = everything(known, &visits);
            Box::pin(async move {
                let rows: Vec<Row> = query.read(connection).await?;
                let row = rows.into_iter().next().ok_or(ReadError::Unknown)?;
                let read = async |_: &mut _| {
                    row.read().map_err(|error| DeserializationError(error.into()))
                };
                Ok(connection.run(read).await?)
            })
        })
        .await
    }
}

impl Row {
    fn read(self) -> serde_json::Result<Read<Live>> {
        let flights: Vec<FlightRow> = serde_json::from_str(&self.flights)?;
        let flights: Vec<LiveFlight> = flights.into_iter().map(FlightRow::whole).collect();
        let sectors: Vec<SectorRow> = serde_json::from_str(&self.sectors)?;
        let controllers: Vec<LiveController> = serde_json::from_str(&self.controllers)?;
        let inside = flights.iter().filter(|flight| flight.sector_name.is_some()).count();
        let counts = LiveCounts { flights: flights.len(), inside, controllers: controllers.len() };
        let data = Live {
            flights,
            sectors: sectors.into_iter().map(SectorRow::whole).collect(),
            controllers,
            counts,
            ended: serde_json::from_str(&self.ended)?,
        };
        let Self { mark, data_version, .. } = self;
        let span = Span { from: None, to: None };
        let facts = Facts { mark, bound: mark, span, is_closed: false, data_version };
        Ok(Read { data, facts })
    }
}

impl FlightRow {
    fn whole(self) -> LiveFlight {
        let radio = LiveRadio { from_timestamp: self.radio_from, ..self.flight.radio };
        LiveFlight { visit_id: self.visit, radio, ..self.flight }
    }
}

impl SectorRow {
    fn whole(self) -> LiveSector {
        let control = Control { from_timestamp: self.control_from, ..self.sector.control };
        LiveSector { control, ..self.sector }
    }
}

/// Up to when what was known of contact and control still holds, as in `standing.rs`.
const HEAD: &str = "with head as materialized (select mark, data_version, \
        case when mark - contacts_mark <= interval '60 seconds' then contacts_mark end as since \
    from collector_state) \
    select mark, data_version, (select coalesce(json_agg(json_build_object('id', f.id, \
        'callsign', f.callsign, 'departure', f.departure, 'arrival', f.arrival, \
        'aircraft_short', f.aircraft_short, 'latitude', f.latitude, 'longitude', f.longitude, \
        'altitude', f.altitude, 'groundspeed', f.groundspeed, 'heading', f.heading, \
        'sector_name', v.sector_name, 'entered_at', v.entry_timestamp, 'visit', v.id, \
        'radio', json_build_object('state', coalesce(r.state, 'unknown'), \
            'controller_callsign', r.controller_callsign, 'frequency_hz', r.frequency_hz), \
        'radio_from', r.from_timestamp) order by f.id), '[]') \
    from flights f \
        left join flight_sector_occupancy v on v.flight_id = f.id and v.exit_timestamp is null \
        left join flight_radio_intervals r on r.flight_id = f.id and r.to_timestamp is null \
            and since is not null \
    where f.id = any(array(";

/// The flights that may have been observed at the mark. No index tells when flights were last seen, so that those are
/// looked at that were first seen in the last three days, and those of which something is open. Their ids are an array,
/// and the three days have an end, so that a table that was never analysed is not read through: PostgreSQL takes a third
/// of it to lie beyond any bound, and little of it between two.
const CANDIDATES: &str = "\
    select flight_id from flight_sector_occupancy where exit_timestamp is null union \
    select flight_id from flight_radio_intervals where to_timestamp is null union \
    select id from flights where last_seen = mark and first_seen <= mark and first_seen >= ";

/// Controllers are those of the newest list that is known. Between the transactions of a cycle, that is the list of the
/// snapshot before.
const OTHERS: &str = ")) and (v.id is not null or f.last_seen = mark))::text as flights, \
    (select coalesce(json_agg(json_build_object('sector_name', sector_name, \
        'occupancy', coalesce(v.visits, 0), 'control', json_build_object( \
            'state', coalesce(c.state, 'unknown'), 'controller_callsign', c.controller_callsign, \
            'owner_rank', c.owner_rank), \
        'control_from', c.from_timestamp) order by sector_name), '[]') \
    from (select sector_name, count(*) as visits from flight_sector_occupancy \
            where exit_timestamp is null group by sector_name) v \
        full join (select * from sector_control where to_timestamp is null and since is not null) c \
            using (sector_name))::text as sectors, \
    (select coalesce(json_agg(json_build_object('callsign', callsign, 'facility', facility, \
        'frequency', frequency, 'logon_time', logon_time) order by callsign, id), '[]') \
    from controllers where last_seen >= coalesce(since, mark))::text as controllers, \
    (select coalesce(json_agg(json_build_object('id', id, 'exit_timestamp', exit_timestamp, \
        'exit_reason', exit_reason) order by id), '[]') \
    from flight_sector_occupancy where exit_timestamp is not null and id = any(";

fn everything(known: Option<DateTime<Utc>>, visits: &[i64]) -> Query {
    Query::new(HEAD)
        .text(CANDIDATES)
        .value::<Timestamptz, _>(known.unwrap_or_default() - TimeDelta::days(3))
        .text(OTHERS)
        .value::<Array<BigInt>, _>(visits.to_vec())
        .text("))::text as ended from head")
}
