//! Controllers: one statement, which writes only with the newest generation.

use std::{borrow::Cow, collections::BTreeMap};

use diesel::{
    prelude::*,
    sql_types::{BigInt, Bool, Integer, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;

use super::{
    Store,
    data_version::{is_late, next_version},
    error::StoreError,
    members::refusal,
    owner::Owner,
    schema::controllers as c,
    statement::Statement,
    unnest::column,
    update::each,
};
use sectorwatch_core::{Time, controller::Controller};
use sectorwatch_pg::Prepared;

/// The begin of a statement that may change what is closed.
const RAISED: &str = concat!(
    "with mine as (update collector_state set data_version = ",
    next_version!(),
    " where generation = "
);

/// `controllers.id` by CID, callsign and logon time.
pub type ControllerIds = BTreeMap<(i32, String, Time), i64>;

impl Store {
    /// Returns these controllers, with stored values for fields that could not be read. For a good feed no
    /// statement is sent.
    ///
    /// # Errors
    /// Any database error.
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
            row.map_or(Cow::Borrowed(*it), |row| Cow::Owned(row.completed(it)))
        };
        Ok(controllers.iter().map(as_stored).collect())
    }

    /// Stores the latest state of these controllers. Returns their rows.
    ///
    /// # Errors
    /// [`StoreError::Superseded`] when this generation may no longer write, and
    /// [`StoreError::MemberForgotten`] when a member was forgotten since [`Store::restore`].
    pub async fn write_controllers(
        &self,
        generation: i64,
        update_timestamp: Time,
        controllers: &[&Controller],
    ) -> Result<ControllerIds, StoreError> {
        let rows = [
            each(c::cid, column(controllers, |it| it.cid)),
            each(c::callsign, column(controllers, |it| &*it.callsign)),
            each(c::logon_time, column(controllers, |it| it.logon_time)),
            each(c::facility, column(controllers, |it| it.facility)),
            each(c::rating, column(controllers, |it| it.rating)),
            each(c::frequency, column(controllers, |it| it.frequency.as_str())),
            each(c::visual_range, column(controllers, |it| it.visual_range)),
            each(c::text_atis, column(controllers, |it| it.text_atis.as_deref())),
            each(c::server, column(controllers, |it| it.server.as_str())),
            each(c::last_updated, column(controllers, |it| it.last_updated)),
        ];
        // A row without `xmax` was inserted.
        let is_late = controllers.iter().any(|it| is_late(it.logon_time, update_timestamp));
        let (mine, locked) = match is_late {
            true => (RAISED, " returning id"),
            false => (
                "with mine as materialized (select id from collector_state where generation = ",
                " for update",
            ),
        };
        let query = Statement::<(BigInt, Integer, Text, Timestamptz, Bool)>::new(mine)
            .value::<BigInt, _>(generation)
            .text(" and forget_revision = ")
            .value::<BigInt, _>(self.forget_revision())
            .text(locked)
            .text(") insert into controllers (")
            .names(&rows)
            .text(", first_seen, last_seen) select n.*, ")
            .value::<Timestamptz, _>(update_timestamp)
            .text(", ")
            .value::<Timestamptz, _>(update_timestamp)
            .text(" from mine, ")
            .rows("n", rows)
            .text(
                " on conflict (cid, callsign, logon_time) do update set \
                facility = excluded.facility, rating = excluded.rating, \
                frequency = excluded.frequency, visual_range = excluded.visual_range, \
                text_atis = excluded.text_atis, server = excluded.server, \
                last_updated = greatest(controllers.last_updated, excluded.last_updated), \
                last_seen = excluded.last_seen \
            returning id, cid, callsign, logon_time, xmax = 0",
            );
        let scope = self.ingest().scope(Owner::Controllers);
        let mut lease = scope.acquire().await?;
        let written: Vec<(i64, i32, String, Time, bool)> =
            lease.run(async |pg| Prepared(query).load(pg).await).await?;
        if written.is_empty() && !controllers.is_empty() {
            return Err(refusal(&mut lease, generation).await);
        }
        let inserted = written.iter().filter(|(.., is_new)| *is_new).count();
        self.count_controllers(inserted, written.len());
        let by_key = |(id, cid, callsign, logon_time, _)| ((cid, callsign, logon_time), id);
        Ok(written.into_iter().map(by_key).collect())
    }

    fn count_controllers(&self, inserted: usize, written: usize) {
        let metrics = self.metrics();
        metrics.wrote("controllers", "insert", inserted);
        metrics.wrote("controllers", "update", written - inserted);
        metrics.bulk_statement("controllers", written);
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

    /// The controller, with these values for missing ones. A frequency that is not stored stays unknown.
    fn completed(&self, controller: &Controller) -> Controller {
        let mut completed = controller.clone();
        for field in &controller.unreadable {
            match *field {
                "facility" => completed.facility = self.facility,
                "rating" => completed.rating = self.rating,
                "frequency" => completed.frequency.clone_from(&self.frequency),
                "visual_range" => completed.visual_range = self.visual_range,
                "text_atis" => completed.text_atis.clone_from(&self.text_atis),
                "server" => completed.server.clone_from(&self.server),
                _ => {}
            }
        }
        completed
            .unreadable
            .retain(|field| *field == "frequency" && completed.frequency.is_empty());
        completed
    }
}
