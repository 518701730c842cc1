//! Hours of controllers by day.

use chrono::NaiveDate;
use diesel::{
    prelude::QueryableByName,
    sql_types::{Date, Double, Integer, Nullable, Text, Timestamptz},
};
use sectorwatch_core::Time;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Asked, Facts, PageOf, Personal, Read, ReadError, Reads, Rows,
    conditions::Query,
    sessions::{self, Reach},
    standing::facts,
    zone,
};

/// The seconds on a position in a day of a time zone. Without personal members, those of all members.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, QueryableByName)]
#[expect(missing_docs, reason = "the columns of controller_hours")]
pub struct Hours {
    #[diesel(sql_type = Date)]
    pub day: NaiveDate,
    #[diesel(sql_type = Text)]
    pub callsign: String,
    #[diesel(sql_type = Integer)]
    pub facility: i32,
    #[diesel(sql_type = Double)]
    pub seconds: f64,
    #[diesel(sql_type = Nullable<Integer>)]
    #[serde(skip_serializing_if = "Personal::is_absent")]
    #[schema(value_type = Option<i32>, required = false)]
    pub cid: Personal<i32>,
}

/// The place in the list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HoursKey {
    /// The day.
    pub day: NaiveDate,
    /// The callsign.
    pub callsign: String,
    /// The facility.
    pub facility: i32,
    /// The member, only when personal members are read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cid: Option<i32>,
}

/// Which hours are asked for: those of sessions in the span, cut to it.
#[derive(Debug, Clone, PartialEq)]
pub struct HoursFilter {
    /// The span.
    pub span: Asked,
    /// The time zone of the days: a name of the IANA, such as `Australia/Sydney`.
    pub zone: String,
    /// The callsign, in any case, in which `__` is `_`.
    pub callsign: Option<String>,
    /// The member. Needs the scope `personal`, which the caller must have checked.
    pub cid: Option<i32>,
    /// Whether personal members are read.
    pub personal: bool,
}

impl Reads {
    /// Reads a page of hours.
    ///
    /// # Errors
    /// [`ReadError::UnknownZone`], and any other [`ReadError`].
    pub async fn hours(
        &self,
        filter: HoursFilter,
        page: PageOf<HoursKey>,
    ) -> Result<Read<Rows<Hours, HoursKey>>, ReadError> {
        self.read(move |connection| {
            let (filter, page) = (filter.clone(), page.clone());
            Box::pin(async move {
                let (facts, _) = facts(connection, filter.span, page.bound).await?;
                zone::require(&filter.zone)?;
                let mut rows: Vec<HoursRow> = Vec::new();
                for reach in Reach::of(facts.span) {
                    let query = filter.page(filter.parts(&facts, reach), &page);
                    rows = query.read(connection).await.map_err(zone::unknown)?;
                    if rows.first().is_none_or(|row| reach.holds(row.earliest, row.latest)) {
                        break;
                    }
                }
                let mut rows: Vec<Hours> = rows.into_iter().map(|row| row.hours).collect();
                if !filter.personal {
                    rows.iter_mut().for_each(|row| row.cid = Personal::absent());
                }
                let key = |row: &Hours| HoursKey {
                    day: row.day,
                    callsign: row.callsign.clone(),
                    facility: row.facility,
                    cid: row.cid.get().flatten().copied(),
                };
                Ok(Read { data: Rows::cut(rows, page.limit, key), facts })
            })
        })
        .await
    }
}

#[derive(QueryableByName)]
struct HoursRow {
    #[diesel(embed)]
    hours: Hours,
    #[diesel(sql_type = Timestamptz)]
    earliest: Time,
    #[diesel(sql_type = Timestamptz)]
    latest: Time,
}

impl HoursFilter {
    /// Cuts the sessions to the span and to the days of the zone, as `controller_hours` does.
    fn parts(&self, facts: &Facts, reach: Reach) -> Query {
        let (span, bound) = (facts.span, facts.bound);
        let sessions = sessions::of(span, reach, self.callsign.as_deref(), self.cid);
        let zone = |query: Query| query.and_text("", Some(&self.zone));
        let query = sessions
            .text(", cut as (select cid, callsign, facility, greatest(started_at, ")
            .value::<Nullable<Timestamptz>, _>(span.from)
            .text(") as since, least(ended_at, ")
            .value::<Nullable<Timestamptz>, _>(span.to)
            .text(") as until from sessions where true")
            .and_time(" and started_at <= ", bound)
            .text("), by_day as (select cut.*, (since at time zone ");
        let query = zone(query)
            .text(")::date + after as day from cut cross join lateral generate_series(0, (until at time zone ");
        let query = zone(query).text(")::date - (since at time zone ");
        let query = zone(query).text(
            ")::date) after), parts as (select cid, callsign, facility, day, \
             extract(epoch from least(until, start_of_day(day + 1, ",
        );
        let query = zone(query).text(")) - greatest(since, start_of_day(day, ");
        zone(query).text("))) as seconds from by_day) ")
    }

    fn page(&self, query: Query, page: &PageOf<HoursKey>) -> Query {
        let query = query.text(match self.personal {
            true => "select day, callsign, facility, cid, sum(seconds)::float8 as seconds",
            false => {
                "select day, callsign, facility, null::integer as cid, sum(seconds)::float8 as seconds"
            }
        });
        let query = query.text(sessions::REACHED).text(" from parts where seconds > 0");
        let query = match &page.after {
            Some(key) => {
                let query = query
                    .text(match self.personal {
                        true => " and (day, callsign, facility, cid) > (",
                        false => " and (day, callsign, facility) > (",
                    })
                    .value::<Date, _>(key.day)
                    .and_text(", ", Some(&key.callsign))
                    .and_integer(", ", Some(key.facility));
                // Without one, the key is that of a walk without the scope.
                let cid = self.personal.then(|| key.cid.unwrap_or(i32::MAX));
                query.and_integer(", ", cid).text(")")
            }
            None => query,
        };
        match self.personal {
            true => query
                .text(" group by day, callsign, facility, cid")
                .page("day, callsign, facility, cid", page.limit),
            false => query
                .text(" group by day, callsign, facility")
                .page("day, callsign, facility", page.limit),
        }
    }
}
