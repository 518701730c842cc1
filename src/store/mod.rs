//! The database: pools, the two transactions of a cycle, and history for the web.
//!
//! A connection lives only inside one call of this room: pools and leases are in private modules,
//! and nothing in the room's interface holds one.

pub mod embedded;
