//! The history of a callsign: how `store::read` passes it to the web, and its errors.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde::Serialize;

use sectorwatch_store::{FlightHistory, StoreError, chain};

/// Reads the history of a callsign in upper case; `None` when the callsign was never seen.
///
/// The future is dropped when the client disconnects.
pub type HistoryReader = Arc<
    dyn Fn(String) -> BoxFuture<'static, Result<Option<FlightsHistory>, HistoryError>>
        + Send
        + Sync,
>;

/// The latest flights of one callsign, newest first.
#[derive(Debug, Serialize)]
pub struct FlightsHistory {
    /// The requested callsign, in upper case.
    pub callsign: String,
    /// Newest first.
    pub flights: Vec<FlightHistory>,
}

/// Why the history could not be read. The store logs the cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HistoryError {
    /// No connection of the read pool came free in time.
    #[error("no connection came free in time")]
    Busy,
    #[error("the database failed")]
    Database,
    #[error("the work panicked")]
    Panicked,
}

/// A reader that gets the history from `read`, and logs and translates its errors.
pub fn history_by<Reading>(
    read: impl Fn(String) -> Reading + Send + Sync + 'static,
) -> HistoryReader
where
    Reading: Future<Output = Result<Vec<FlightHistory>, StoreError>> + Send + 'static,
{
    Arc::new(move |callsign| {
        let reading = read(callsign.clone());
        Box::pin(async move {
            let flights = reading.await.map_err(|error| {
                tell(&error);
                HistoryError::from(&error)
            })?;
            Ok((!flights.is_empty()).then_some(FlightsHistory { callsign, flights }))
        })
    })
}

/// A reader for the time before there is a database: every request fails.
pub fn no_history_yet() -> HistoryReader {
    Arc::new(|_| Box::pin(async { Err(HistoryError::Database) }))
}

/// Errors that many clients cause at once are logged at level debug only, because they are counted anyway.
fn tell(error: &StoreError) {
    match error.is_acquire_timeout() || matches!(error, StoreError::Overdue) {
        true => tracing::debug!(error = %chain(error), "the history is busy"),
        false => tracing::warn!(error = %chain(error), "the history cannot be read"),
    }
}

impl From<&StoreError> for HistoryError {
    fn from(error: &StoreError) -> Self {
        match error {
            error if error.is_acquire_timeout() => HistoryError::Busy,
            StoreError::Panicked => HistoryError::Panicked,
            _ => HistoryError::Database,
        }
    }
}
