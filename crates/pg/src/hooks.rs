//! Moments at which a service may step in.

/// What a service does at certain moments, for its traces and for the tests of what it does when things go wrong. The
/// default does nothing.
#[derive(Debug, Clone, Copy)]
pub struct Hooks {
    /// A pool is about to open a session.
    pub connecting: fn(),
    /// A statement has been answered, well or badly.
    pub statement_finished: fn(),
    /// A lease of the owner with this word comes back.
    pub returning: fn(&'static str) -> Returning,
    /// The id of the trace that a span belongs to, for what is logged of a leaked lease.
    pub trace_id: fn(&tracing::Span) -> Option<String>,
}

/// What becomes of a lease that comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Returning {
    /// Its session goes back to the pool.
    ToPool,
    /// A fault: it never comes back, and its lease stays open.
    Never,
    /// A fault: it never comes back, and no lease explains where it is.
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
