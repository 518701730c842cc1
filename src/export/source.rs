//! How the rows of each table are counted and read.

use futures_util::future::BoxFuture;
use sectorwatch_export::Table;
use sectorwatch_store::api::{
    Asked, Connection, ConnectionFilter, ConnectionKey, Contact, ContactFilter, ContactKey, Flight,
    FlightFilter, FlightKey, Movement, MovementFilter, MovementKey, PageOf, Position,
    PositionFilter, PositionKey, Read, ReadError, Reads, Rows, Visit, VisitFilter, VisitKey,
};

use super::{ExportTable, columns};

/// A table, and which of its rows. Spans have both ends.
#[derive(Debug, Clone, PartialEq)]
pub enum Wanted {
    Flights(FlightFilter),
    Visits(VisitFilter),
    Positions(PositionFilter),
    Contacts(ContactFilter),
    Controllers(ConnectionFilter),
    Movements(MovementFilter),
}

impl Wanted {
    /// All rows of a table in this span, with personal columns or without them.
    pub fn all(table: ExportTable, span: Asked, personal: bool) -> Self {
        match table {
            ExportTable::Flights => {
                Self::Flights(FlightFilter { personal, ..FlightFilter::of(span) })
            }
            ExportTable::Visits => Self::Visits(VisitFilter::of(span)),
            ExportTable::Positions => {
                Self::Positions(PositionFilter { span, callsign: None, cid: None })
            }
            ExportTable::Contacts => Self::Contacts(ContactFilter::of(span)),
            ExportTable::Controllers => {
                Self::Controllers(ConnectionFilter { span, callsign: None, cid: None, personal })
            }
            ExportTable::Movements => Self::Movements(MovementFilter::of(span)),
        }
    }
}

/// Which rows of one table.
pub trait Source: Clone + Send + 'static {
    type Row: Send + 'static;
    type Key: Send + 'static;

    /// The rows of a page. Two pages as rows and one as bytes stay below 8 MiB.
    const PAGE_ROWS: u32;

    /// The columns of its file.
    fn table(&self) -> Table<Self::Row>;

    /// Counts the rows up to this limit and one more.
    fn count(self, reads: Reads, limit: u64) -> Reading<u64>;

    /// Reads a page.
    fn page(self, reads: Reads, page: PageOf<Self::Key>) -> Reading<Rows<Self::Row, Self::Key>>;
}

/// What the database answers.
type Reading<T> = BoxFuture<'static, Result<Read<T>, ReadError>>;

/// Rows of a hundred bytes or two.
const MANY_ROWS: u32 = 10_000;
/// Rows with texts of members, of up to 8 KiB each.
const FEW_ROWS: u32 = 250;

/// Implements [`Source`]: filter, row, key, rows of a page, columns, and how it is counted and read.
macro_rules! source {
    ($filter:ty, $row:ty, $key:ty, $rows:expr, $table:expr, $count:ident, $page:ident) => {
        impl Source for $filter {
            type Row = $row;
            type Key = $key;
            const PAGE_ROWS: u32 = $rows;

            fn table(&self) -> Table<$row> {
                $table(self)
            }

            fn count(self, reads: Reads, limit: u64) -> Reading<u64> {
                Box::pin(async move { reads.$count(self, limit).await })
            }

            fn page(self, reads: Reads, page: PageOf<$key>) -> Reading<Rows<$row, $key>> {
                Box::pin(async move { reads.$page(self, page).await })
            }
        }
    };
}

source!(
    FlightFilter,
    Flight,
    FlightKey,
    FEW_ROWS,
    |it: &FlightFilter| columns::flights(it.personal),
    count_flights,
    flights
);
source!(VisitFilter, Visit, VisitKey, MANY_ROWS / 2, |_| columns::visits(), count_visits, visits);
source!(
    PositionFilter,
    Position,
    PositionKey,
    MANY_ROWS,
    |_| columns::positions(),
    count_positions,
    positions
);
source!(
    ContactFilter,
    Contact,
    ContactKey,
    MANY_ROWS,
    |_| columns::contacts(),
    count_contacts,
    contacts
);
source!(
    ConnectionFilter,
    Connection,
    ConnectionKey,
    FEW_ROWS,
    |it: &ConnectionFilter| columns::controllers(it.personal),
    count_connections,
    connections
);
source!(
    MovementFilter,
    Movement,
    MovementKey,
    MANY_ROWS,
    |_| columns::movements(),
    count_movements,
    movements
);
