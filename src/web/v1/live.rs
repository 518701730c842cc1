//! What is in the air and on frequency now.

use actix_web::HttpResponse;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    answer::One,
    failure,
    request::Request,
    sectors::{SectorRow, joined},
};
use crate::web::problem::Problem;
use sectorwatch_core::Time;
use sectorwatch_store::api::{Live, LiveController, LiveCounts, LiveFlight, LiveSector, Read};

/// Everything at the mark.
#[derive(Debug, Serialize, ToSchema)]
pub struct LiveNow {
    /// By how many seconds the mark is older than the newest publication that was fetched. Null on a standby.
    pub behind_seconds: Option<f64>,
    /// Flights that were observed at the mark or have an open visit, by id.
    pub flights: Vec<LiveFlight>,
    /// Sectors by name: those of the airspace in force, and those that hold flights still.
    pub sectors: Vec<LiveSector>,
    /// Controllers online, by callsign.
    pub controllers: Vec<LiveController>,
    /// How many there are.
    pub counts: LiveCounts,
}

/// Flights, sectors and controllers now
///
/// Everything at the mark, in one answer. Ask again after a cycle of the feed, which is 15 seconds.
#[utoipa::path(get, path = "/api/v1/live", tag = "Live", operation_id = "get_live",
    responses((status = 200, description = "Everything now", body = One<LiveNow>)))]
pub async fn live(request: Request) -> Result<HttpResponse, Problem> {
    let api = request.api()?;
    // Before the mark is read, so that a cycle in between does not look like a delay.
    let fetched = request.state.status.load().feed.published_at;
    let Read { data, facts } = api.reads.live().await.map_err(failure::problem)?;
    let Live { flights, sectors, controllers, counts } = data;
    let sectors = joined(&api.airspace(), sectors).into_iter().map(short).collect();
    let behind_seconds = Some(behind_seconds(fetched, facts.mark));
    let live = LiveNow { behind_seconds, flights, sectors, controllers, counts };
    request.one(Read { data: live, facts }).await
}

fn short(row: SectorRow) -> LiveSector {
    let SectorRow { sector_name, occupancy, control, .. } = row;
    LiveSector { sector_name, occupancy, control }
}

/// 0 where everything that was fetched is stored.
fn behind_seconds(fetched: Option<Time>, mark: Option<Time>) -> f64 {
    match (fetched, mark) {
        (Some(fetched), Some(mark)) if fetched > mark => (fetched - mark).as_seconds_f64(),
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn the_mark_is_behind_what_was_fetched_and_not_stored() {
        let at = |seconds| Some(Time::UNIX_EPOCH + TimeDelta::milliseconds(seconds));
        for (fetched, mark, seconds) in [
            (at(15_000), at(15_000), 0.0),
            (at(15_000), at(30_000), 0.0),
            (at(45_500), at(15_000), 30.5),
            (None, at(15_000), 0.0),
            (at(15_000), None, 0.0),
        ] {
            assert_eq!(behind_seconds(fetched, mark), seconds, "{fetched:?} {mark:?}");
        }
    }
}
