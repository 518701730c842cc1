//! A flight's track, and its forms for maps.

mod geojson;
#[cfg(test)]
mod tests;
mod xml;

use actix_web::{
    HttpResponse,
    http::header::{CONTENT_DISPOSITION, HeaderValue},
    web::Path,
};

use super::{
    answer::{Draft, One},
    failure,
    request::{Request, flight_id},
};
use crate::web::problem::{Code, Problem};
use sectorwatch_store::api::{Flight, Track};

/// A foot in metres, which heights of map formats are in.
const FEET_IN_METRES: f64 = 0.3048;

/// A form of a track for maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    GeoJson,
    Kml,
    Gpx,
}

impl Format {
    fn of(name: &str) -> Option<Self> {
        match name {
            "geojson" => Some(Self::GeoJson),
            "kml" => Some(Self::Kml),
            "gpx" => Some(Self::Gpx),
            _ => None,
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::GeoJson => "application/geo+json",
            Self::Kml => "application/vnd.google-earth.kml+xml",
            Self::Gpx => "application/gpx+xml",
        }
    }

    fn render(self, callsign: &str, track: &Track) -> serde_json::Result<Vec<u8>> {
        match self {
            Self::GeoJson => serde_json::to_vec(&geojson::feature(callsign, track)),
            Self::Kml => Ok(xml::kml(callsign, track).into_bytes()),
            Self::Gpx => Ok(xml::gpx(callsign, track).into_bytes()),
        }
    }
}

/// The track of one flight, whole
///
/// At most 20,000 points. Positions older than `positions_since` are deleted by the retention.
#[utoipa::path(get, path = "/api/v1/flights/{id}/track", tag = "Flights", operation_id = "get_track",
    params(("id" = i64, Path, description = "The flight's id.", example = 1)),
    responses((status = 200, description = "The track", body = One<Track>)))]
pub async fn track(request: Request, id: Path<String>) -> Result<HttpResponse, Problem> {
    let id = flight_id(&id)?;
    let track = request.api()?.reads.track(id).await.map_err(failure::problem)?;
    request.one(track).await
}

/// The track of one flight as GeoJSON, KML or GPX
///
/// Heights are in metres. A track that crosses 180° is a `MultiLineString` in GeoJSON.
#[utoipa::path(get, path = "/api/v1/flights/{id}/track.{format}", tag = "Flights",
    operation_id = "get_track_file",
    params(
        ("id" = i64, Path, description = "The flight's id.", example = 1),
        ("format" = String, Path, description = "One of geojson, kml and gpx.", example = "geojson"),
    ),
    responses((status = 200, description = "The track as a file", content(
        (serde_json::Value = "application/geo+json"),
        (String = "application/vnd.google-earth.kml+xml"),
        (String = "application/gpx+xml"),
    ))))]
pub async fn file(request: Request, path: Path<(String, String)>) -> Result<HttpResponse, Problem> {
    let (id, format) = path.into_inner();
    let Some(format) = Format::of(&format) else {
        let detail = "The formats of a track are geojson, kml and gpx.";
        return Err(Problem::new(Code::NoSuchFormat, detail));
    };
    let (api, id) = (request.api()?, flight_id(&id)?);
    let flight = api.reads.flight(id, false).await.map_err(failure::problem)?.data;
    let track = api.reads.track(id).await.map_err(failure::problem)?.data;
    let name = HeaderValue::try_from(disposition(&flight, format));
    let headers = name.into_iter().map(|name| (CONTENT_DISPOSITION, name)).collect();
    let draft = Draft { content_type: format.content_type(), headers, kept: None };
    request.answer(draft, move || format.render(&flight.callsign, &track)).await
}

/// A name for the file, of letters and digits that all systems have.
fn disposition(flight: &Flight, format: Format) -> String {
    let is_plain = |c: &char| c.is_ascii_alphanumeric() || *c == '-' || *c == '_';
    let callsign: String = flight.callsign.chars().filter(is_plain).collect();
    let day = flight.first_seen.format("%Y-%m-%d");
    let extension = match format {
        Format::GeoJson => "geojson",
        Format::Kml => "kml",
        Format::Gpx => "gpx",
    };
    format!("attachment; filename=\"{callsign}-{day}-{}.{extension}\"", flight.id)
}
