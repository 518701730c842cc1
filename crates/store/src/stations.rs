//! Controllers: one statement, which writes only while the generation holds.

use std::{borrow::Cow, collections::BTreeMap};

use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Integer, Nullable, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;

use super::{Store, error::StoreError, members::refusal, owner::Owner, schema::controllers as c};
use sectorwatch_core::{Time, controller::Controller};
use sectorwatch_pg::Prepared;

impl Store {
    /// These controllers, with what is stored in place of what could not be read of them. Those of a feed that is
    /// well cost no statement.
    ///
    /// # Errors
    /// Any failure of the database.
    pub async fn as_stored<'c>(
        &self,
        controllers: &[&'c Controller],
    ) -> Result<Vec<Cow<'c, Controller>>, StoreError> {
        let lossy: Vec<_> = controllers.iter().filter(|it| !it.unreadable.is_empty()).collect();
        let mut stored: BTreeMap<(i32, String, Time), StoredController> = BTreeMap::new();
        if !lossy.is_empty() {
            let cids: Vec<i32> = lossy.iter().map(|it| it.cid).collect();
            let logons: Vec<Time> = lossy.iter().map(|it| it.logon_time).collect();
            let scope = self.ingest().scope(Owner::Controllers);
            let mut lease = scope.acquire().await?;
            let rows = c::table.filter(c::cid.eq_any(cids).and(c::logon_time.eq_any(logons)));
            let rows = rows.select(StoredController::as_select());
            let rows = lease.run(async |pg| rows.load(pg).await).await?;
            stored = rows.into_iter().map(|row| (row.key(), row)).collect();
        }
        let as_stored = |it: &&'c Controller| {
            let key = (it.cid, it.callsign.to_string(), it.logon_time);
            let row = if it.unreadable.is_empty() { None } else { stored.get(&key) };
            row.map_or(Cow::Borrowed(*it), |row| Cow::Owned(row.mended(it)))
        };
        Ok(controllers.iter().map(as_stored).collect())
    }

    /// Stores the latest state of these controller sessions; returns the number of rows.
    ///
    /// # Errors
    /// [`StoreError::Superseded`] when this generation may not write any more, and
    /// [`StoreError::MemberForgotten`] when a member was forgotten since [`Store::restore`].
    pub async fn write_controllers(
        &self,
        generation: i64,
        update_timestamp: Time,
        controllers: &[&Controller],
    ) -> Result<usize, StoreError> {
        let array = |field: fn(&Controller) -> i32| -> Vec<i32> {
            controllers.iter().map(|it| field(it)).collect()
        };
        let text = |field: for<'c> fn(&'c Controller) -> &'c str| -> Vec<&str> {
            controllers.iter().map(|it| field(it)).collect()
        };
        let time = |field: fn(&Controller) -> Time| -> Vec<Time> {
            controllers.iter().map(|it| field(it)).collect()
        };
        let query = diesel::sql_query(WRITE_CONTROLLERS)
            .bind::<BigInt, _>(generation)
            .bind::<Timestamptz, _>(update_timestamp)
            .bind::<Array<Integer>, _>(array(|it| it.cid))
            .bind::<Array<Text>, _>(text(|it| &it.callsign))
            .bind::<Array<Timestamptz>, _>(time(|it| it.logon_time))
            .bind::<Array<Integer>, _>(array(|it| it.facility))
            .bind::<Array<Integer>, _>(array(|it| it.rating))
            .bind::<Array<Text>, _>(text(|it| &it.frequency))
            .bind::<Array<Nullable<Integer>>, _>(
                controllers.iter().map(|it| it.visual_range).collect::<Vec<_>>(),
            )
            .bind::<Array<Nullable<Text>>, _>(
                controllers.iter().map(|it| it.text_atis.as_deref()).collect::<Vec<_>>(),
            )
            .bind::<Array<Text>, _>(text(|it| &it.server))
            .bind::<Array<Timestamptz>, _>(time(|it| it.last_updated))
            .bind::<BigInt, _>(self.forget_revision());
        let scope = self.ingest().scope(Owner::Controllers);
        let mut lease = scope.acquire().await?;
        let written: Vec<Written> = lease.run(async |pg| Prepared(query).load(pg).await).await?;
        if written.is_empty() && !controllers.is_empty() {
            return Err(refusal(&mut lease, generation).await);
        }
        Ok(self.count_stations("controllers", &written))
    }

    fn count_stations(&self, table: &str, written: &[Written]) -> usize {
        let of = |kind| written.iter().filter(|row| row.is_new == kind).count();
        let (inserted, updated, deleted) = (of(Some(true)), of(Some(false)), of(None));
        let metrics = self.metrics();
        metrics.wrote(table, "insert", inserted);
        metrics.wrote(table, "update", updated);
        if deleted > 0 {
            metrics.wrote(table, "delete", deleted);
        }
        metrics.bulk_statement(table, inserted + updated);
        inserted + updated
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = c)]
struct StoredController {
    cid: i32,
    callsign: String,
    logon_time: Time,
    facility: i32,
    rating: i32,
    frequency: String,
    visual_range: Option<i32>,
    text_atis: Option<String>,
    server: String,
}

impl StoredController {
    fn key(&self) -> (i32, String, Time) {
        (self.cid, self.callsign.clone(), self.logon_time)
    }

    /// The controller with these values where it has none; a frequency that is not stored stays unknown.
    fn mended(&self, controller: &Controller) -> Controller {
        let mut mended = controller.clone();
        for field in &controller.unreadable {
            match *field {
                "facility" => mended.facility = self.facility,
                "rating" => mended.rating = self.rating,
                "frequency" => mended.frequency.clone_from(&self.frequency),
                "visual_range" => mended.visual_range = self.visual_range,
                "text_atis" => mended.text_atis.clone_from(&self.text_atis),
                "server" => mended.server.clone_from(&self.server),
                _ => {}
            }
        }
        mended.unreadable.retain(|field| *field == "frequency" && mended.frequency.is_empty());
        mended
    }
}

#[derive(diesel::QueryableByName)]
struct Written {
    /// `None` for a row that was deleted.
    #[diesel(sql_type = Nullable<diesel::sql_types::Bool>)]
    is_new: Option<bool>,
}

const WRITE_CONTROLLERS: &str = "\
    with mine as materialized (select id from collector_state \
        where generation = $1 and forget_revision = $13 for update) \
    insert into controllers (cid, callsign, logon_time, facility, rating, frequency, \
        visual_range, text_atis, server, first_seen, last_updated, last_seen) \
    select n.cid, n.callsign, n.logon_time, n.facility, n.rating, n.frequency, \
        n.visual_range, n.text_atis, n.server, $2, n.last_updated, $2 \
    from mine, unnest($3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
        as n (cid, callsign, logon_time, facility, rating, frequency, visual_range, text_atis, \
              server, last_updated) \
    on conflict (cid, callsign, logon_time) do update set \
        facility = excluded.facility, rating = excluded.rating, frequency = excluded.frequency, \
        visual_range = excluded.visual_range, text_atis = excluded.text_atis, \
        server = excluded.server, \
        last_updated = greatest(controllers.last_updated, excluded.last_updated), \
        last_seen = excluded.last_seen \
    returning xmax = 0 as is_new";
