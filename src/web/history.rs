//! The history of a callsign: how `store::read` passes it to the web, and its errors.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde::Serialize;

use sectorwatch_store::{FlightHistory, StoreError};

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

impl From<&StoreError> for HistoryError {
    fn from(error: &StoreError) -> Self {
        match error {
            error if error.is_acquire_timeout() => HistoryError::Busy,
            StoreError::Panicked => HistoryError::Panicked,
            _ => HistoryError::Database,
        }
    }
}
