//! Radios: one statement for what a list changes, which writes only while the generation holds.

use std::sync::Arc;

use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Bool, Double, Integer, Nullable, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;

use super::{Store, error::StoreError, members::refusal, owner::Owner, schema::transceivers as t};
use sectorwatch_core::{
    Time,
    radios::{Entity, Radio, RadioChanges, Radios, Site},
};
use sectorwatch_pg::Prepared;

type Row = (String, i32, i32, Option<f64>, Option<f64>, Option<f64>, Option<f64>);

impl Store {
    /// Reads the radios that are stored; those not listed from `now` on are kept for a day.
    ///
    /// # Errors
    /// Any failure of the database.
    pub async fn read_transceivers(&self, now: Time) -> Result<Radios, StoreError> {
        let scope = self.ingest().scope(Owner::Transceivers);
        let mut lease = scope.acquire().await?;
        let rows: Vec<Row> = lease
            .run(async |pg| {
                t::table
                    .select((
                        t::callsign,
                        t::transceiver_id,
                        t::frequency_hz,
                        t::latitude,
                        t::longitude,
                        t::height_msl_m,
                        t::height_agl_m,
                    ))
                    .load(pg)
                    .await
            })
            .await?;
        Ok(Radios::restored(rows.into_iter().map(radio), now))
    }

    /// Writes what a list of the network changed; returns the number of radios written. Asks the database for
    /// nothing when nothing changed.
    ///
    /// # Errors
    /// [`StoreError::Superseded`] when this generation may not write any more, and
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
        let site = |field: fn(&Site) -> Option<f64>| -> Vec<Option<f64>> {
            written.iter().map(|(_, _, radio)| radio.site.as_ref().and_then(field)).collect()
        };
        let entity = |radio: &Radio| match radio.site {
            Some(_) => Entity::Atc.as_str(),
            None => Entity::Flight.as_str(),
        };
        let callsigns: Vec<&str> = written.iter().map(|(callsign, ..)| &**callsign).collect();
        let ids: Vec<i32> = written.iter().map(|(_, id, _)| *id).collect();
        let entities: Vec<&str> = written.iter().map(|(.., radio)| entity(radio)).collect();
        let frequencies: Vec<i32> = written.iter().map(|(.., radio)| radio.frequency_hz).collect();
        let query = diesel::sql_query(WRITE)
            .bind::<BigInt, _>(generation)
            .bind::<Timestamptz, _>(update_timestamp)
            .bind::<Array<Text>, _>(callsigns)
            .bind::<Array<Integer>, _>(ids)
            .bind::<Array<Text>, _>(entities)
            .bind::<Array<Integer>, _>(frequencies)
            .bind::<Array<Nullable<Double>>, _>(site(|it| Some(it.latitude)))
            .bind::<Array<Nullable<Double>>, _>(site(|it| Some(it.longitude)))
            .bind::<Array<Nullable<Double>>, _>(site(|it| it.height_msl_m))
            .bind::<Array<Nullable<Double>>, _>(site(|it| it.height_agl_m))
            .bind::<Array<Text>, _>(
                gone.iter().map(|(callsign, _)| &**callsign).collect::<Vec<_>>(),
            )
            .bind::<Array<Integer>, _>(gone.iter().map(|(_, id)| *id).collect::<Vec<_>>())
            .bind::<BigInt, _>(self.forget_revision());
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

fn radio(
    (callsign, id, frequency_hz, latitude, longitude, height_msl_m, height_agl_m): Row,
) -> (Arc<str>, i32, Radio) {
    let place = latitude.zip(longitude);
    let site =
        place.map(|(latitude, longitude)| Site { latitude, longitude, height_msl_m, height_agl_m });
    (callsign.into(), id, Radio { frequency_hz, site })
}

#[derive(diesel::QueryableByName)]
struct Counts {
    #[diesel(sql_type = Bool)]
    is_ours: bool,
    #[diesel(sql_type = BigInt)]
    inserted: i64,
    #[diesel(sql_type = BigInt)]
    updated: i64,
    #[diesel(sql_type = BigInt)]
    deleted: i64,
}

const WRITE: &str = "\
    with mine as materialized (select id from collector_state \
        where generation = $1 and forget_revision = $13 for update), \
    written as (insert into transceivers (callsign, transceiver_id, entity_type, frequency_hz, latitude, \
        longitude, height_msl_m, height_agl_m, first_seen, last_seen) \
    select r.*, $2, $2 from mine, unnest($3, $4, $5, $6, $7, $8, $9, $10) as r \
    on conflict (callsign, transceiver_id) do update set \
        entity_type = excluded.entity_type, frequency_hz = excluded.frequency_hz, \
        latitude = excluded.latitude, longitude = excluded.longitude, \
        height_msl_m = excluded.height_msl_m, height_agl_m = excluded.height_agl_m, \
        last_seen = excluded.last_seen \
        returning xmax = 0 as is_new), \
    gone as (delete from transceivers t using mine, unnest($11, $12) as g (callsign, id) \
        where t.callsign = g.callsign and t.transceiver_id = g.id returning 1) \
    select exists (select from mine) as is_ours, \
        (select count(*) from written where is_new) as inserted, \
        (select count(*) from written where not is_new) as updated, \
        (select count(*) from gone) as deleted";
