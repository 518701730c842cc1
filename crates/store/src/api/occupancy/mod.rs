//! How many flights were in a sector, in steps of time.

mod steps;
#[cfg(test)]
mod tests;

use chrono::{DateTime, TimeDelta, Utc};

use diesel::sql_types::{Bool, Nullable, Timestamptz};
use sectorwatch_core::Time;
use sectorwatch_pg::Connection;
use serde::Serialize;
use utoipa::ToSchema;

use self::steps::{Known, MOST_STEPS, Stay, number_of_steps, steps};
use super::{
    Asked, Read, ReadError, Reads, Span,
    conditions::{Query, earliest_visit},
    sectors::require_sector,
    standing::{Head, facts},
};

/// The occupancy of a sector.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Occupancy {
    /// The sector.
    pub sector_name: String,
    /// The length of a step in seconds.
    pub step_seconds: i64,
    /// The steps in the order of time. The first and the last may be cut; none is after the mark.
    pub steps: Vec<OccupancyStep>,
}

/// A step of occupancy.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OccupancyStep {
    /// Its begin.
    pub from: DateTime<Utc>,
    /// Its end, which belongs to it only at the mark.
    pub to: DateTime<Utc>,
    /// Flights inside on average: the seconds of visits in the step, divided by its length.
    pub mean: f64,
    /// The greatest number of flights inside at once.
    pub peak: i64,
    /// Visits that began in the step.
    pub entries: i64,
    /// Visits that ended in it.
    pub exits: i64,
    /// The share of time in which the sector was controlled, of that in which it is known. Null when nothing is
    /// known.
    pub controlled: Option<f64>,
    /// The share of time in which control is known.
    pub known: f64,
}

impl Reads {
    /// Reads the occupancy of a sector in steps that are aligned to UTC. The step must divide a day.
    ///
    /// # Errors
    /// [`ReadError::TooManySteps`] for more than 2,000 steps, [`ReadError::Unknown`] when the sector is not
    /// configured, which the caller knows, and was never stored; any other [`ReadError`].
    pub async fn occupancy(
        &self,
        sector: String,
        is_configured: bool,
        span: Asked,
        step: TimeDelta,
    ) -> Result<Read<Occupancy>, ReadError> {
        let read = self.occupancies(vec![(sector, is_configured)], span, step).await?;
        let occupancy = read.data.into_iter().next().ok_or(ReadError::Unknown)?;
        Ok(Read { data: occupancy, facts: read.facts })
    }

    /// Reads the occupancy of several sectors in one snapshot, in their order, each with whether it is configured.
    ///
    /// # Errors
    /// As [`Reads::occupancy`].
    pub async fn occupancies(
        &self,
        sectors: Vec<(String, bool)>,
        span: Asked,
        step: TimeDelta,
    ) -> Result<Read<Vec<Occupancy>>, ReadError> {
        let names: Vec<String> = sectors.iter().map(|(name, _)| name.clone()).collect();
        let read = self.read(move |connection| {
            let sectors = sectors.clone();
            Box::pin(async move {
                let (facts, head) = facts(connection, span, None).await?;
                for (sector, is_configured) in &sectors {
                    require_sector(connection, sector, *is_configured).await?;
                }
                let Some(ends) = Ends::of(facts.span, head.mark) else { return Ok((facts, None)) };
                if number_of_steps(ends.from, ends.to, step) > MOST_STEPS {
                    return Err(ReadError::TooManySteps);
                }
                let within = Span { from: Some(ends.from), to: Some(ends.to) };
                let earliest = earliest_visit(connection, within).await?;
                let mut rows = Vec::with_capacity(sectors.len());
                for (sector, _) in &sectors {
                    let stays = stays(connection, sector, earliest, ends).await?;
                    rows.push((stays, known(connection, sector, head, ends).await?));
                }
                Ok((facts, Some((ends, rows))))
            })
        });
        let (facts, rows) = read.await?;
        // Without the connection.
        let steps = rows.map_or_else(Vec::new, |(Ends { from, to, mark }, rows)| {
            let of = |(stays, known): &(Vec<Stay>, Vec<Known>)| {
                steps((from, to), step, mark, stays, known)
            };
            rows.iter().map(of).collect()
        });
        let steps = steps.into_iter().chain(std::iter::repeat_with(Vec::new));
        let occupancy = |(sector_name, steps)| Occupancy {
            sector_name,
            step_seconds: step.num_seconds(),
            steps,
        };
        Ok(Read { data: names.into_iter().zip(steps).map(occupancy).collect(), facts })
    }
}

/// The begin and the end of the steps, of which none is after the mark, and the mark.
#[derive(Debug, Clone, Copy)]
struct Ends {
    from: Time,
    to: Time,
    mark: Time,
}

impl Ends {
    fn of(span: Span, mark: Option<Time>) -> Option<Self> {
        let (from, mark) = (span.from?, mark?);
        Some(Self { from, to: span.to?.min(mark), mark })
    }
}

#[derive(diesel::QueryableByName)]
struct StayRow {
    #[diesel(sql_type = Timestamptz)]
    entry: Time,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    exit: Option<Time>,
    #[diesel(sql_type = Timestamptz)]
    last_seen: Time,
}

/// The visits that overlap the span, its end included.
async fn stays(
    connection: &mut Connection,
    sector: &str,
    earliest: Option<Time>,
    Ends { from, to, .. }: Ends,
) -> Result<Vec<Stay>, ReadError> {
    let query = Query::new(
        "select v.entry_timestamp as entry, v.exit_timestamp as exit, coalesce(v.exit_timestamp, \
             (select f.last_seen from flights f where f.id = v.flight_id)) as last_seen \
         from flight_sector_occupancy v where v.sector_name = ",
    )
    .and_text("", Some(sector))
    .and_time(" and v.entry_timestamp >= ", earliest)
    .and_time(" and v.entry_timestamp <= ", Some(to))
    .and_time(" and coalesce(v.exit_timestamp, 'infinity') >= ", Some(from));
    let rows: Vec<StayRow> = query.read(connection).await?;
    let stay = |StayRow { entry, exit, last_seen }| Stay { entry, exit, last_seen };
    Ok(rows.into_iter().map(stay).collect())
}

#[derive(diesel::QueryableByName)]
struct KnownRow {
    #[diesel(sql_type = Timestamptz)]
    from: Time,
    #[diesel(sql_type = Timestamptz)]
    to: Time,
    #[diesel(sql_type = Bool)]
    is_controlled: bool,
}

/// The intervals of control that overlap the span. Those of a sector do not overlap, so that the first is the last one
/// that began before the span. One that is open is known up to where contact and control are known.
async fn known(
    connection: &mut Connection,
    sector: &str,
    head: Head,
    Ends { from, to, .. }: Ends,
) -> Result<Vec<Known>, ReadError> {
    let query = Query::new("select from_timestamp as from, coalesce(to_timestamp, ")
        .and_time("", head.contacts_mark.or(head.mark))
        .text(") as to, state = 'controlled' as is_controlled from sector_control")
        .and_text(" where sector_name = ", Some(sector))
        .text(" and state in ('controlled', 'uncontrolled')")
        .and_time(" and from_timestamp < ", Some(to))
        .text(" and from_timestamp >= coalesce((select max(from_timestamp) from sector_control")
        .and_text(" where sector_name = ", Some(sector))
        .and_time(" and from_timestamp <= ", Some(from))
        .text("), '-infinity') order by 1");
    let rows: Vec<KnownRow> = query.read(connection).await?;
    let known = |KnownRow { from, to, is_controlled }| Known { from, to, is_controlled };
    Ok(rows.into_iter().map(known).collect())
}
