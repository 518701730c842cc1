//! The history of a callsign: what `store::read` hands to the web, and how it can fail.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde::Serialize;

use sectorwatch_store::{FlightHistory, StoreError, chain};

/// Reads the history of a callsign (upper case); `None` when it was never seen.
///
/// The future is dropped when the client goes away, and must bear it.
pub type HistoryReader = Arc<
    dyn Fn(String) -> BoxFuture<'static, Result<Option<FlightsHistory>, HistoryError>>
        + Send
        + Sync,
>;

/// The latest flights of one callsign, newest first.
#[derive(Debug, Serialize)]
pub struct FlightsHistory {
    /// As asked for, in upper case.
    pub callsign: String,
    /// Newest first.
    pub flights: Vec<FlightHistory>,
}

/// Why the history could not be read, in the web's terms; the cause is the store's to log.
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

/// The history as `read` reads it, with its failures in the web's terms.
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

/// Before there is a database.
pub fn no_history_yet() -> HistoryReader {
    Arc::new(|_| Box::pin(async { Err(HistoryError::Database) }))
}

/// What a crowd can cause must not flood the log; it is counted, each time.
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
