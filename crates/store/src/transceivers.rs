//! Radios: one statement for all changes, which writes only with the newest generation.

use std::sync::Arc;

use diesel::{
    prelude::*,
    sql_types::{BigInt, Bool, Timestamptz},
};
use diesel_async::RunQueryDsl;

use super::{
    Store, error::StoreError, members::refusal, owner::Owner, schema::transceivers as t,
    statement::Statement, unnest::column, update::each,
};
use sectorwatch_core::{
    Time,
    radios::{Entity, Radio, RadioChanges, Radios, Site},
};
use sectorwatch_pg::Prepared;

impl Store {
    /// Reads the stored radios. Those that are not listed from `now` on are kept for a day.
    ///
    /// # Errors
    /// Any database error.
    pub async fn read_transceivers(&self, now: Time) -> Result<Radios, StoreError> {
        let scope = self.ingest().scope(Owner::Transceivers);
        let mut lease = scope.acquire().await?;
        let rows: Vec<Stored> =
            lease.run(async |pg| t::table.select(Stored::as_select()).load(pg).await).await?;
        Ok(Radios::restored(rows.into_iter().map(Stored::radio), now))
    }

    /// Writes the changes that a list of the network makes. Returns the number of radios written. Without a
    /// change, no statement is sent.
    ///
    /// # Errors
    /// [`StoreError::Superseded`] when this generation may no longer write, and
    /// [`StoreError::MemberForgotten`] when a member was forgotten since [`Store::restore`].
    pub async fn write_transceivers(
        &self,
        generation: i64,
        update_timestamp: Time,
        changes: &RadioChanges,
    ) -> Result<usize, StoreError> {
        if changes.is_empty() {
            return Ok(0);
        }
        let RadioChanges { written, gone, .. } = changes;
        let site =
            |radio: &Radio, field: fn(&Site) -> Option<f64>| radio.site.as_ref().and_then(field);
        let rows = [
            each(t::callsign, column(written, |(callsign, ..)| &**callsign)),
            each(t::transceiver_id, column(written, |(_, id, _)| *id)),
            each(t::entity_type, column(written, |(.., radio)| entity(radio).as_str())),
            each(t::frequency_hz, column(written, |(.., radio)| radio.frequency_hz)),
            each(t::latitude, column(written, |(.., radio)| site(radio, |it| Some(it.latitude)))),
            each(t::longitude, column(written, |(.., radio)| site(radio, |it| Some(it.longitude)))),
            each(t::height_msl_m, column(written, |(.., radio)| site(radio, |it| it.height_msl_m))),
            each(t::height_agl_m, column(written, |(.., radio)| site(radio, |it| it.height_agl_m))),
        ];
        let gone = [
            each(t::callsign, column(gone, |(callsign, _)| &**callsign)),
            each(t::transceiver_id, column(gone, |(_, id)| *id)),
        ];
        // A row without `xmax` was inserted.
        let query = Statement::<(Bool, BigInt, BigInt, BigInt)>::new(
            "with mine as materialized (select id from collector_state where generation = ",
        )
        .value::<BigInt, _>(generation)
        .text(" and forget_revision = ")
        .value::<BigInt, _>(self.forget_revision())
        .text(" for update), written as (insert into transceivers (")
        .names(&rows)
        .text(", first_seen, last_seen) select r.*, ")
        .value::<Timestamptz, _>(update_timestamp)
        .text(", ")
        .value::<Timestamptz, _>(update_timestamp)
        .text(" from mine, ")
        .rows("r", rows)
        .text(
            " on conflict (callsign, transceiver_id) do update set \
                entity_type = excluded.entity_type, frequency_hz = excluded.frequency_hz, \
                latitude = excluded.latitude, longitude = excluded.longitude, \
                height_msl_m = excluded.height_msl_m, height_agl_m = excluded.height_agl_m, \
                last_seen = excluded.last_seen \
                returning xmax = 0 as is_new), \
            gone as (delete from transceivers t using mine, ",
        )
        .rows("g", gone)
        .text(
            " where t.callsign = g.callsign and t.transceiver_id = g.transceiver_id returning 1) \
            select exists (select from mine), \
                (select count(*) from written where is_new), \
                (select count(*) from written where not is_new), \
                (select count(*) from gone)",
        );
        let scope = self.ingest().scope(Owner::Transceivers);
        let mut lease = scope.acquire().await?;
        let counts: Counts = lease.run(async |pg| Prepared(query).get_result(pg).await).await?;
        if !counts.is_ours {
            return Err(refusal(&mut lease, generation).await);
        }
        Ok(self.count_transceivers(&counts))
    }

    fn count_transceivers(&self, counts: &Counts) -> usize {
        let metrics = self.metrics();
        let operations =
            [("insert", counts.inserted), ("update", counts.updated), ("delete", counts.deleted)];
        for (operation, rows) in operations {
            metrics.wrote("transceivers", operation, usize::try_from(rows).unwrap_or_default());
        }
        let written = usize::try_from(counts.inserted + counts.updated).unwrap_or_default();
        metrics.bulk_statement("transceivers", written);
        written
    }
}

fn entity(radio: &Radio) -> Entity {
    if radio.site.is_some() { Entity::Atc } else { Entity::Flight }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = t)]
struct Stored {
    callsign: String,
    transceiver_id: i32,
    frequency_hz: i32,
    latitude: Option<f64>,
    longitude: Option<f64>,
    height_msl_m: Option<f64>,
    height_agl_m: Option<f64>,
}

impl Stored {
    fn radio(self) -> (Arc<str>, i32, Radio) {
        let Self { height_msl_m, height_agl_m, .. } = self;
        let site = self.latitude.zip(self.longitude).map(|(latitude, longitude)| Site {
            latitude,
            longitude,
            height_msl_m,
            height_agl_m,
        });
        let radio = Radio { frequency_hz: self.frequency_hz, site };
        (self.callsign.into(), self.transceiver_id, radio)
    }
}

/// The counts, in the order of the statement's columns.
#[derive(Queryable)]
struct Counts {
    is_ours: bool,
    inserted: i64,
    updated: i64,
    deleted: i64,
}
