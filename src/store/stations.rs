//! Controllers: one statement, which writes only while the generation holds.

use diesel::sql_types::{Array, BigInt, Integer, Nullable, Text, Timestamptz};
use diesel_async::RunQueryDsl;

use super::{Store, error::StoreError, members::refusal, owner::Owner};
use crate::domain::{Time, controller::Controller};

impl Store {
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
        let written: Vec<Written> = lease.run(async |pg| query.load(pg).await).await?;
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

#[derive(diesel::QueryableByName)]
struct Written {
    /// `None` for a row that was deleted.
    #[diesel(sql_type = Nullable<diesel::sql_types::Bool>)]
    is_new: Option<bool>,
}

const WRITE_CONTROLLERS: &str = "\
    with mine as (update collector_state set generation = generation \
        where generation = $1 and forget_revision = $13 returning id) \
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
        last_updated = greatest(controllers.last_updated, excluded.last_updated), \
        last_seen = excluded.last_seen \
    returning xmax = 0 as is_new";
