//! Reads the state of the intervals, which memory is a cache of.

use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Nullable, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;

use super::stored::{ControlRow, EndedFlight, OpenRow};
use crate::{Store, error::StoreError, owner::Owner, schema::collector_state};
use sectorwatch_core::{Time, contact::StoredFlight, control::Interval};
use sectorwatch_pg::{Connection, transaction};

/// What the tables hold of contact by radio and of control.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StoredContacts {
    /// `update_timestamp` of the newest snapshot whose phase ended well.
    pub contacts_mark: Option<Time>,
    /// Flights with an open row, and those that were last seen after `contacts_mark`.
    pub flights: Vec<StoredFlight>,
    /// The latest rows of each sector.
    pub control: Vec<Interval>,
    /// `update_timestamp` of the first stored snapshot after `contacts_mark`, as the ledger has it. It has none of a
    /// snapshot whose process was killed before its sector transaction.
    pub first_unjudged: Option<Time>,
}

/// Each open row. A row without contact comes with the contact that it touches, which may be resumed.
const OPEN: &str = "\
    select r.flight_id, f.last_seen, f.contact_seen, r.id, r.state, r.controller_id, \
        r.controller_callsign, r.frequency_hz, r.is_primary, r.from_timestamp, \
        p.id as before_id, p.controller_id as before_controller_id, \
        p.controller_callsign as before_callsign, p.frequency_hz as before_frequency_hz, \
        p.is_primary as before_is_primary, p.from_timestamp as before_from \
    from flight_radio_intervals r join flights f on f.id = r.flight_id \
    left join lateral (select p.* from flight_radio_intervals p \
        where r.state = 'none' and p.flight_id = r.flight_id and p.state = 'contact' \
            and p.from_timestamp < r.from_timestamp and p.to_timestamp = r.from_timestamp \
        limit 1) p on true \
    where r.to_timestamp is null";

/// The end of the rows of a flight. One observation alone left no row.
const FLIGHT: &str = "\
    select f.id as flight_id, f.last_seen, f.contact_seen, \
        coalesce((select r.to_timestamp from flight_radio_intervals r \
                where r.flight_id = f.id order by r.from_timestamp desc limit 1), \
            case when f.contact_seen = f.first_seen then f.contact_seen end) as ended \
    from flights f where ";

/// Flights that were last seen after a snapshot and before another, without an open row. The table is scanned: its
/// latest state has no index. There are any only after a phase that did not end well.
const LATE: &str = "f.last_seen > coalesce($1, '-infinity') and f.last_seen < $2 \
    and not exists (select from flight_radio_intervals r \
        where r.flight_id = f.id and r.to_timestamp is null)";

/// The open rows, and the last two of the sectors in force, of which the first may be opened again.
const CONTROL: &str = "\
    select c.* from sector_control c where c.to_timestamp is null \
    union select c.* from unnest($1) as s (name) cross join lateral \
        (select c.* from sector_control c where c.sector_name = s.name \
            order by c.from_timestamp desc limit 2) c \
    where c.to_timestamp >= $2";

/// The first snapshot that was stored after one and before another.
const FIRST: &str = "\
    select min(feed_update_timestamp) as first from poll_cycles \
    where stored and feed_update_timestamp > coalesce($1, '-infinity') \
        and feed_update_timestamp < $2";

impl Store {
    /// Reads the state of the intervals, as it was before the snapshot of `at`. `previous` is the stored snapshot
    /// before that one, and `sectors` are those in force.
    ///
    /// # Errors
    /// Any database error.
    pub async fn read_contacts(
        &self,
        previous: Option<Time>,
        at: Time,
        sectors: &[&str],
    ) -> Result<StoredContacts, StoreError> {
        let scope = self.ingest().scope(Owner::Contacts);
        let mut lease = scope.acquire().await?;
        transaction(&mut lease, async |connection| {
            let contacts_mark: Option<Time> = connection
                .run(async |pg| {
                    collector_state::table.select(collector_state::contacts_mark).first(pg).await
                })
                .await?;
            let open = diesel::sql_query(OPEN);
            let open: Vec<OpenRow> = connection.run(async |pg| open.load(pg).await).await?;
            let mut flights: Vec<StoredFlight> = open.into_iter().map(Into::into).collect();
            let mut first_unjudged = None;
            if previous > contacts_mark {
                first_unjudged = first(connection, contacts_mark, at).await?;
                let late = late(connection, contacts_mark, at).await?;
                flights.extend(late.into_iter().map(StoredFlight::from));
            }
            let control = control(connection, sectors, contacts_mark).await?;
            let control = control.into_iter().map(Into::into).collect();
            Ok::<_, StoreError>(StoredContacts { contacts_mark, flights, control, first_unjudged })
        })
        .await
    }

    /// Reads where the rows of flights without an open row end. Flights that have none are omitted.
    ///
    /// # Errors
    /// Any database error.
    pub async fn read_contact_ends(&self, flights: &[i64]) -> Result<Vec<(i64, Time)>, StoreError> {
        let scope = self.ingest().scope(Owner::Contacts);
        let mut lease = scope.acquire().await?;
        let query = diesel::sql_query(FLIGHT).sql("f.id = any($1)");
        let query = query.bind::<Array<BigInt>, _>(flights);
        let rows: Vec<EndedFlight> = lease.run(async |pg| query.load(pg).await).await?;
        Ok(rows.into_iter().filter_map(|row| Some((row.flight_id, row.ended?))).collect())
    }
}

#[derive(QueryableByName)]
struct First {
    #[diesel(sql_type = Nullable<Timestamptz>)]
    first: Option<Time>,
}

async fn first(
    connection: &mut Connection,
    contacts_mark: Option<Time>,
    at: Time,
) -> Result<Option<Time>, StoreError> {
    let query = diesel::sql_query(FIRST)
        .bind::<Nullable<Timestamptz>, _>(contacts_mark)
        .bind::<Timestamptz, _>(at);
    let row: First = connection.run(async |pg| query.get_result(pg).await).await?;
    Ok(row.first)
}

async fn late(
    connection: &mut Connection,
    contacts_mark: Option<Time>,
    at: Time,
) -> Result<Vec<EndedFlight>, StoreError> {
    let query = diesel::sql_query(FLIGHT)
        .sql(LATE)
        .bind::<Nullable<Timestamptz>, _>(contacts_mark)
        .bind::<Timestamptz, _>(at);
    Ok(connection.run(async |pg| query.load(pg).await).await?)
}

async fn control(
    connection: &mut Connection,
    sectors: &[&str],
    contacts_mark: Option<Time>,
) -> Result<Vec<ControlRow>, StoreError> {
    let query = diesel::sql_query(CONTROL)
        .bind::<Array<Text>, _>(sectors)
        .bind::<Nullable<Timestamptz>, _>(contacts_mark);
    Ok(connection.run(async |pg| query.load(pg).await).await?)
}
