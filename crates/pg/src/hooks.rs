//! Hooks: moments at which a service may step in.

/// Functions of the service that are called at certain moments, for traces and for fault injection. The
/// default does nothing.
#[derive(Debug, Clone, Copy)]
pub struct Hooks {
    /// A pool is about to open a session.
    pub connecting: fn(),
    /// A statement was answered, successfully or not.
    pub statement_finished: fn(),
    /// A lease of this owner is being returned.
    pub returning: fn(&'static str) -> Returning,
    /// The trace id of a span, for the log of a leaked lease.
    pub trace_id: fn(&tracing::Span) -> Option<String>,
}

/// The leak_status of a lease that is being returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Returning {
    /// Its session is returned to the pool.
    ToPool,
    /// A fault: it is never returned, and its lease stays open.
    Never,
    /// A fault: it is never returned, and no lease accounts for it.
    Unexplained,
}

impl Default for Hooks {
    fn default() -> Self {
        Self {
            connecting: || {},
            statement_finished: || {},
            returning: |_| Returning::ToPool,
            trace_id: |_| None,
        }
    }
}
