//! The flights transaction: flights, positions, movements at airports, the queue of transitions, and the mark.

mod contact_seen;
mod kept;
mod latest;
mod movements;
mod new;
mod positions;
mod queue;

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use diesel::{dsl::sql, prelude::*, sql_types::BigInt};
use diesel_async::RunQueryDsl;

pub use self::movements::NewMovement;
use super::{
    Store,
    data_version::{is_late, next_version},
    error::StoreError,
    owner::Owner,
    schema::collector_state,
};
use sectorwatch_core::{
    absence::Moment,
    flight::FlightKey,
    occupancy::{Observation, Step},
    transition::Transition,
};
use sectorwatch_pg::{Connection, Prepared, Refused, bisect, transaction};

/// The result of the flights transaction.
#[derive(Debug, Default)]
pub struct FlightsWritten {
    /// `flights.id` of flights that are new, have a changed plan, or had been deleted.
    pub ids: BTreeMap<FlightKey, i64>,
    /// Flights inserted or updated.
    pub flights: usize,
    /// Rows added to the history; fewer than flights when observation times did not advance.
    pub positions: usize,
    /// Movements at airports that were added.
    pub movements: Vec<NewMovement>,
    /// Transitions added to the queue.
    pub queued: usize,
    /// Flights that PostgreSQL refused, each with the reason.
    pub refused: Vec<Refused<FlightKey>>,
}

/// What the rows of one snapshot share: who writes them, and when.
struct Publication<'a> {
    generation: i64,
    /// The revision of the list of forgotten members that was applied.
    forget_revision: i64,
    airspace_revision: &'a str,
    now: Moment,
    /// Whether it may change what is closed.
    is_late: bool,
}

/// The rows of one flight, which are stored or refused together.
pub(super) struct Item<'a> {
    key: &'a FlightKey,
    observation: Option<&'a Observation<'a>>,
    transitions: Vec<&'a Transition>,
}

impl Store {
    /// Stores the flights, positions and transitions of one snapshot, which was judged in the airspace of this
    /// revision, and advances the mark.
    ///
    /// # Errors
    /// [`StoreError::Superseded`] when this generation may no longer write, [`StoreError::AlreadyStored`]
    /// when the snapshot is at or before the mark, [`StoreError::MemberForgotten`] when a member was
    /// forgotten since [`Store::restore`]. Nothing is written then. Bad data is no error: see
    /// [`FlightsWritten::refused`].
    pub async fn write_flights(
        &self,
        generation: i64,
        airspace_revision: &str,
        step: &Step<'_>,
    ) -> Result<FlightsWritten, StoreError> {
        let items = items(step);
        self.make_partitions_for(step).await?;
        let publication = Publication {
            generation,
            forget_revision: self.forget_revision(),
            airspace_revision,
            now: step.now,
            is_late: items.iter().any(|item| is_late(item.key.logon_time, step.now.at)),
        };
        let scope = self.ingest().scope(Owner::Flights);
        let mut lease = scope.acquire().await?;
        let written = transaction(&mut lease, async |connection| {
            move_mark(connection, &publication).await?;
            sectorwatch_fault::point("flights.inside");
            latest::update_last_seen(connection, &step.present, step.now).await?;
            write(connection, &items, &publication).await
        })
        .await;
        let written = match written {
            Err(error) if error.is_bad_data() => {
                transaction(&mut lease, async |connection| {
                    move_mark(connection, &publication).await?;
                    latest::update_last_seen(connection, &step.present, step.now).await?;
                    write_isolated(connection, &items, &publication).await
                })
                .await
            }
            written => written,
        };
        sectorwatch_fault::point("flights.committed");
        let written = written.inspect_err(|error| self.forget_partitions_after(error))?;
        self.count_flights(step, &written);
        Ok(written)
    }
}

/// Advances the mark if this generation is the newest, the list of forgotten members is unchanged, and the
/// snapshot is newer.
async fn move_mark(
    connection: &mut Connection,
    publication: &Publication<'_>,
) -> Result<(), StoreError> {
    use collector_state::dsl;
    let Publication { generation, forget_revision, airspace_revision, now, is_late } = *publication;
    let data_version = if is_late { next_version!() } else { "data_version" };
    let moved = connection
        .run(async |pg| {
            let update = diesel::update(dsl::collector_state)
                .filter(dsl::generation.eq(generation))
                .filter(dsl::forget_revision.eq(forget_revision))
                .filter(dsl::mark.is_null().or(dsl::mark.lt(now.at)))
                .set((
                    dsl::mark.eq(now.at),
                    dsl::observed_us.eq(micros(now.observed_time)),
                    dsl::airspace_revision.eq(airspace_revision),
                    dsl::data_version.eq(sql::<BigInt>(data_version)),
                ));
            Prepared(update).execute(pg).await
        })
        .await?;
    if moved == 1 {
        return Ok(());
    }
    let current: (i64, i64) = connection
        .run(async |pg| {
            dsl::collector_state.select((dsl::generation, dsl::forget_revision)).first(pg).await
        })
        .await?;
    Err(match current {
        (current, _) if current != generation => StoreError::Superseded,
        (_, current) if current != forget_revision => StoreError::MemberForgotten,
        _ => StoreError::AlreadyStored,
    })
}

async fn write(
    connection: &mut Connection,
    items: &[Item<'_>],
    publication: &Publication<'_>,
) -> Result<FlightsWritten, StoreError> {
    let now = publication.now;
    let observations: Vec<_> = items.iter().filter_map(|item| item.observation).collect();
    let completed = kept::pilots(connection, &observations).await?;
    let completed: BTreeMap<&FlightKey, Observation<'_>> = observations
        .iter()
        .filter_map(|seen| Some((completed.get(&seen.pilot.key)?, *seen)))
        .map(|(pilot, seen)| (&pilot.key, Observation { pilot, ..seen.clone() }))
        .collect();
    let rows = observations.iter().map(|seen| completed.get(&seen.pilot.key).unwrap_or(seen));
    let (to_insert, known): (Vec<_>, Vec<_>) =
        rows.partition(|seen| seen.flight_id.is_none() || seen.plan_changed);
    let mut ids = new::upsert(connection, &to_insert, now).await?;
    if latest::update(connection, &known, now).await? < known.len() {
        // Retention had deleted a flight that came back: it becomes a new row.
        ids.extend(new::upsert(connection, &known, now).await?);
    }
    let id_of = |key: &FlightKey, known: Option<i64>| ids.get(key).copied().or(known);
    let positions: Vec<_> = observations
        .iter()
        .filter(|seen| seen.in_scope)
        .filter_map(|seen| Some((id_of(&seen.pilot.key, seen.flight_id)?, *seen)))
        .collect();
    let movements = observations.iter().filter_map(|seen| {
        Some((id_of(&seen.pilot.key, seen.flight_id)?, seen.movement.as_ref()?))
    });
    let movements = movements.collect();
    let transitions: Vec<_> = items
        .iter()
        .flat_map(|item| &item.transitions)
        .filter_map(|transition| Some((id_of(&transition.key, transition.flight_id)?, *transition)))
        .collect();
    Ok(FlightsWritten {
        flights: observations.len(),
        positions: positions::insert(connection, &positions).await?,
        movements: movements::insert(connection, movements).await?,
        queued: queue::insert(connection, &transitions, publication.airspace_revision).await?,
        ids,
        refused: Vec::new(),
    })
}

async fn write_isolated(
    connection: &mut Connection,
    items: &[Item<'_>],
    publication: &Publication<'_>,
) -> Result<FlightsWritten, StoreError> {
    let mut total = FlightsWritten::default();
    let refused = bisect(connection, items, async |connection, part| {
        let written = write(connection, part, publication).await?;
        total.ids.extend(written.ids);
        total.flights += written.flights;
        total.positions += written.positions;
        total.movements.extend(written.movements);
        total.queued += written.queued;
        Ok::<_, StoreError>(())
    })
    .await?;
    total.refused =
        refused.into_iter().map(|refused| refused.map(|index| items[index].key.clone())).collect();
    Ok(total)
}

fn items<'a>(step: &'a Step<'a>) -> Vec<Item<'a>> {
    let mut transitions: BTreeMap<&FlightKey, Vec<&Transition>> = BTreeMap::new();
    for transition in &step.transitions {
        transitions.entry(&transition.key).or_default().push(transition);
    }
    let mut items: Vec<_> = step
        .observations
        .iter()
        .map(|seen| Item {
            key: &seen.pilot.key,
            observation: Some(seen),
            transitions: transitions.remove(&seen.pilot.key).unwrap_or_default(),
        })
        .collect();
    // Flights without an observation: only a visit to close.
    items.extend(transitions.into_iter().map(|(key, transitions)| Item {
        key,
        observation: None,
        transitions,
    }));
    items
}

/// Observed time in microseconds, as in its columns.
fn micros(observed_time: TimeDelta) -> i64 {
    observed_time.num_microseconds().unwrap_or(i64::MAX)
}

/// The UTC days of the positions to be written.
pub(super) fn days(step: &Step<'_>) -> BTreeSet<chrono::NaiveDate> {
    let in_scope = step.observations.iter().filter(|seen| seen.in_scope);
    in_scope.map(|seen| seen.observed_at.date_naive()).collect()
}
