//! Sectors: what is configured of them, and their state at the mark.

mod row;

use actix_web::{HttpResponse, web::Path};
use serde::{Deserialize, Serialize};

pub use row::{SectorRow, joined};

use super::{
    answer::{One, Page},
    failure,
    params::Step,
    reader::ApiReader,
    request::Request,
};
use crate::web::problem::Problem;
use sectorwatch_store::api::{Occupancy, PageOf, Read, ReadError, Rows};

/// No id of a sector is as long.
const LONGEST: usize = 256;

/// The place of a sector in the list.
#[derive(Serialize, Deserialize)]
pub struct SectorKey {
    /// Its id.
    pub sector_name: String,
}

/// Sectors, with their flights and who controls them now
///
/// In the order of `sector_name`: those of the airspace in force, and those that hold flights still.
#[utoipa::path(get, path = "/api/v1/sectors", tag = "Sectors", operation_id = "list_sectors",
    responses((status = 200, description = "A page of sectors", body = Page<SectorRow>)))]
pub async fn list(request: Request) -> Result<HttpResponse, Problem> {
    let api = request.api()?;
    request.list(async move |_, page| page_of(&api, page).await).await
}

/// A page of the list.
///
/// # Errors
/// [`ReadError`].
pub async fn page_of(
    api: &ApiReader,
    page: PageOf<SectorKey>,
) -> Result<Read<Rows<SectorRow, SectorKey>>, ReadError> {
    let Read { data: states, facts } = api.reads.sector_states().await?;
    if page.bound.is_some() && page.bound > facts.mark {
        return Err(ReadError::Behind);
    }
    let mut rows = joined(&api.airspace(), states);
    if let Some(SectorKey { sector_name }) = page.after {
        rows.retain(|row| row.sector_name > sector_name);
    }
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let is_more = rows.len() > limit;
    rows.truncate(limit);
    let key = |row: &SectorRow| SectorKey { sector_name: row.sector_name.clone() };
    let next = rows.last().filter(|_| is_more).map(key);
    Ok(Read { data: Rows { rows, next }, facts })
}

/// One sector, with its flights and who controls it now
#[utoipa::path(get, path = "/api/v1/sectors/{id}", tag = "Sectors", operation_id = "get_sector",
    params(("id" = String, Path, description = "The sector's id, as in `sector_name`.", example = "SY_APP")),
    responses((status = 200, description = "The sector", body = One<SectorRow>)))]
pub async fn one(request: Request, id: Path<String>) -> Result<HttpResponse, Problem> {
    let (api, id) = (request.api()?, possible(id.into_inner())?);
    let airspace = api.airspace();
    let sector = airspace.sector(&id);
    let state = api.reads.sector_state(id.clone(), sector.is_some()).await;
    let Read { data, facts } = state.map_err(failure::problem)?;
    request.one(Read { data: SectorRow::of(data, sector), facts }).await
}

/// How many flights were in a sector, in steps of time
///
/// The last step ends with the span or at the mark. An open visit ends when its flight was last seen.
#[utoipa::path(get, path = "/api/v1/sectors/{id}/occupancy", tag = "Sectors",
    operation_id = "get_occupancy",
    params(("id" = String, Path, description = "The sector's id, as in `sector_name`.", example = "SY_APP")),
    responses((status = 200, description = "The steps", body = One<Occupancy>)))]
pub async fn occupancy(mut request: Request, id: Path<String>) -> Result<HttpResponse, Problem> {
    let (api, id) = (request.api()?, possible(id.into_inner())?);
    let span = request.span()?;
    let step = Step::read(&mut request.query)?.length();
    if let Some(unchanged) = request.unchanged().await {
        return Ok(unchanged);
    }
    let is_configured = api.airspace().sector(&id).is_some();
    let occupancy = api.reads.occupancy(id, is_configured, span, step).await;
    request.one(occupancy.map_err(failure::problem)?).await
}

/// An id that a sector can have.
///
/// # Errors
/// No sector has one like it.
pub fn possible(id: String) -> Result<String, Problem> {
    match id.len() <= LONGEST && !id.contains('\0') {
        true => Ok(id),
        false => Err(failure::unknown()),
    }
}
