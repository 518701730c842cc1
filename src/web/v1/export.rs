//! Exports: a table of a span of time as a file.

use actix_web::{
    HttpResponse,
    http::{
        Method, Version,
        header::{CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_TYPE, VARY},
    },
    web::Path,
};
use chrono::SecondsFormat;
use utoipa::ToSchema;

use super::{
    failure,
    params::{
        Parameter, asked,
        known::{ARRIVAL, BBOX, CALLSIGN, CID, DEPARTURE, FROM, PERSONAL, SECTOR, TO},
    },
    request::Request,
};
use crate::{
    export::{BeginError, Begun, ExportTable, Exports, Wanted},
    web::{
        coding::Coding,
        export_body::ExportBody,
        problem::{Code, Problem},
    },
};
use sectorwatch_core::Time;
use sectorwatch_export::Format;
use sectorwatch_store::{
    api::{
        Absent, Asked, ConnectionFilter, ContactFilter, FlightFilter, MovementFilter,
        PositionFilter, VisitFilter,
    },
    chain,
};

/// After how many seconds a place may be free again.
const BUSY_SECONDS: u64 = 10;

/// Where the span of an export begins.
pub const FROM_OF_EXPORT: Parameter = Parameter {
    selects: "Where the span of time begins; it is part of the span. It must be given. A span has at most 366 days.",
    ..FROM
};

/// Where the span of an export ends.
pub const TO_OF_EXPORT: Parameter = Parameter {
    selects: "Where the span of time ends; it is not part of the span. It must be given.",
    ..TO
};

/// The personal columns of an export.
const PERSONAL_COLUMNS: Parameter = Parameter {
    selects: "Also writes the columns `cid`, `remarks` and `text_atis`. Needs the scope `personal`; without this \
              parameter they are absent even with it.",
    ..PERSONAL
};

/// The parameters of all tables. Each takes its own part of them.
pub const PARAMETERS: &[Parameter] = &[
    FROM_OF_EXPORT,
    TO_OF_EXPORT,
    CALLSIGN,
    DEPARTURE,
    ARRIVAL,
    SECTOR,
    BBOX,
    CID,
    PERSONAL_COLUMNS,
];

/// What flights can be filtered by, and other tables can not.
const OF_FLIGHTS: [Parameter; 3] = [DEPARTURE, ARRIVAL, BBOX];

/// A file: its bytes are those of the format in the path.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "it stands for the file in the document")]
pub struct ExportedFile(Vec<u8>);

/// A table of a span of time as a file
///
/// `table` is `flights`, `visits`, `positions`, `contacts`, `controllers` or `movements`; `format` is `csv`, `ndjson`,
/// `parquet`, or `geojson` for tables with places. Flights are those first seen in the span, positions and movements
/// those observed in it, and all others those that overlap it. `departure`, `arrival` and `bbox` are filters of flights
/// alone, `sector` of flights and visits. A file that breaks off has no last chunk. At most two are made at once.
#[utoipa::path(get, path = "/api/v1/export/{table}.{format}", tag = "Exports",
    operation_id = "export",
    params(
        ("table" = String, Path, description = "The table.", example = "flights"),
        ("format" = String, Path, description = "The format.", example = "csv"),
    ),
    responses((status = 200, description = "The file", content(
        (ExportedFile = "text/csv"),
        (ExportedFile = "application/x-ndjson"),
        (ExportedFile = "application/vnd.apache.parquet"),
        (ExportedFile = "application/geo+json"),
    ))))]
pub async fn export(
    mut request: Request,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (table, format) = named(&path.0, &path.1)?;
    let span = span(&mut request)?;
    let wanted = wanted(&mut request, table, span)?;
    let coding = match format.is_compressed() {
        true => Coding::none(&request.http).map_err(|_| {
            let detail = "A Parquet file is compressed already, and is sent as it is.";
            Problem::new(Code::NotAcceptable, detail)
        })?,
        false => request.coding,
    };
    let exports = request.state.exports.clone().ok_or_else(failure::no_database)?;
    let begun = begin(&exports, wanted, format).await?;
    answer(&request, begun, format, coding, &file_name(table, span, format))
}

fn named(table: &str, format: &str) -> Result<(ExportTable, Format), Problem> {
    let Some(table) = ExportTable::of_name(table) else {
        let names: Vec<_> = ExportTable::ALL.iter().map(|table| table.as_str()).collect();
        let detail = format!("There is no such table; there are {}.", names.join(", "));
        return Err(Problem::new(Code::NotFound, detail));
    };
    let Some(format) = table.format(format) else {
        let names: Vec<_> = table.formats().iter().map(|format| format.extension()).collect();
        let detail = format!("{} have the formats {}.", table.as_str(), names.join(", "));
        return Err(Problem::new(Code::NoSuchFormat, detail));
    };
    Ok((table, format))
}

fn span(request: &mut Request) -> Result<Asked, Problem> {
    for bound in [FROM, TO] {
        if request.query.get(&bound).is_none() {
            let detail = format!("{} must be given: {}.", bound.name, bound.allowed);
            return Err(Problem::new(Code::BadSpan, detail));
        }
    }
    asked(&mut request.query, Absent::Unbounded, Asked::LONGEST_OF_AN_EXPORT)
}

fn wanted(request: &mut Request, table: ExportTable, span: Asked) -> Result<Wanted, Problem> {
    refuse_filters_of_others(request, table)?;
    let query = &mut request.query;
    let personal = query.personal()?;
    let (callsign, cid) = (query.callsign()?, query.cid()?);
    Ok(match table {
        ExportTable::Flights => Wanted::Flights(FlightFilter {
            span,
            callsign,
            departure: query.departure()?,
            arrival: query.arrival()?,
            sector: query.sector()?,
            bbox: super::params::bbox(query)?,
            cid,
            personal,
        }),
        ExportTable::Visits => {
            let sector = query.sector()?;
            Wanted::Visits(VisitFilter { callsign, sector, cid, ..VisitFilter::of(span) })
        }
        ExportTable::Positions => Wanted::Positions(PositionFilter { span, callsign, cid }),
        ExportTable::Contacts => {
            Wanted::Contacts(ContactFilter { callsign, cid, ..ContactFilter::of(span) })
        }
        ExportTable::Controllers => {
            Wanted::Controllers(ConnectionFilter { span, callsign, cid, personal })
        }
        ExportTable::Movements => {
            Wanted::Movements(MovementFilter { callsign, cid, ..MovementFilter::of(span) })
        }
    })
}

fn refuse_filters_of_others(request: &Request, table: ExportTable) -> Result<(), Problem> {
    let has_sectors = matches!(table, ExportTable::Flights | ExportTable::Visits);
    let of_flights = OF_FLIGHTS.iter().filter(|_| table != ExportTable::Flights);
    let of_sectors = [SECTOR].into_iter().filter(|_| !has_sectors);
    let mut others = of_flights.copied().chain(of_sectors);
    match others.find(|parameter| request.query.get(parameter).is_some()) {
        Some(other) => {
            let detail = format!("{} is no filter of {}.", other.name, table.as_str());
            Err(Problem::new(Code::UnknownParameter, detail))
        }
        None => Ok(()),
    }
}

async fn begin(exports: &Exports, wanted: Wanted, format: Format) -> Result<Begun, Problem> {
    let Some(place) = exports.place() else {
        let detail = "Two exports are being made, which is as many as are made at once.";
        return Err(Problem::new(Code::ExportsBusy, detail).retry_after(BUSY_SECONDS));
    };
    exports.begin(wanted, format, place).await.map_err(|error| match error {
        BeginError::TooManyRows { most } => {
            let detail = format!("There are more than {most} rows; ask for a shorter span.");
            Problem::new(Code::TooManyRows, detail)
        }
        BeginError::Read(error) => failure::problem(error),
        BeginError::Encode(error) => {
            tracing::error!(error = %chain(&error), "an export cannot be written");
            failure::internal("an export cannot begin")
        }
    })
}

fn answer(
    request: &Request,
    begun: Begun,
    format: Format,
    coding: Coding,
    name: &str,
) -> Result<HttpResponse, Problem> {
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((CONTENT_TYPE, format.content_type()))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((VARY, "Authorization, Accept-Encoding"));
    if coding != Coding::Identity {
        answer.insert_header((CONTENT_ENCODING, coding.as_str()));
    }
    if request.http.method() == Method::HEAD {
        // The size is not known, and the file would be made for nobody.
        let nothing = futures_util::stream::empty::<Result<_, std::io::Error>>();
        return Ok(answer.streaming(nothing));
    }
    let body = ExportBody::of(&request.http, begun.parts, coding)
        .map_err(|_| failure::internal("there is no memory to compress an export"))?;
    let is_old = request.http.version() < Version::HTTP_11;
    if is_old {
        answer.force_close();
    }
    let mut answer = answer.body(body);
    // An old client knows no chunks: the end of the connection is the end of the file.
    answer.head_mut().no_chunking(is_old);
    Ok(answer)
}

/// A name such as `positions_2026-07-01T000000Z_2026-07-02T000000Z.csv`, which every file system takes.
fn file_name(table: ExportTable, span: Asked, format: Format) -> String {
    let time = |time: Option<Time>| {
        let time = time.unwrap_or_default().to_rfc3339_opts(SecondsFormat::Secs, true);
        time.replace(':', "")
    };
    let (from, to) = (time(span.from), time(span.to));
    format!("{}_{from}_{to}.{}", table.as_str(), format.extension())
}
