//! What the API and the exports read.
//!
//! Each method of [`Reads`] takes one connection, reads its rows and the mark in one snapshot, and returns the
//! connection before it returns. A new list needs a file of its own here, with its row and its key.

mod begins;
mod conditions;
mod connections;
mod contacts;
mod coverage;
mod flights;
mod hours;
mod live;
mod movements;
mod occupancy;
mod page;
mod personal;
mod positions;
mod reading;
mod sectors;
mod sessions;
mod span;
mod staffing;
mod standing;
mod track;
mod visits;
mod zone;

pub use connections::{Connection, ConnectionFilter, ConnectionKey};
pub use contacts::{Contact, ContactFilter, ContactKey};
pub use coverage::{Coverage, CoverageBy, CoverageGroup};
pub use flights::{BoundingBox, Flight, FlightFilter, FlightKey};
pub use hours::{Hours, HoursFilter, HoursKey};
pub use live::{EndedVisit, Live, LiveController, LiveCounts, LiveFlight, LiveRadio, LiveSector};
pub use movements::{Movement, MovementFilter, MovementKey};
pub use occupancy::{Occupancy, OccupancyStep};
pub use page::{PageOf, Rows};
pub use personal::Personal;
pub use positions::{Position, PositionFilter, PositionKey};
pub use reading::{Facts, Read, ReadError, Reader, Reads};
pub use sectors::{Control, SectorState};
pub use sessions::{Session, SessionFilter, SessionKey};
pub use span::{Absent, Asked, Span, SpanError};
pub use staffing::{Staffing, StaffingKey};
pub use standing::Standing;
pub(crate) use standing::last_closed_midnight;
pub use track::{Track, TrackPoint};
pub use visits::{Visit, VisitFilter, VisitKey};
