//! Every kind of leak is detected: exactly its counter moves, and afterwards the pool lends all its
//! connections again.

mod capacity;
mod dirty_sessions;
mod owners;
mod replaced_pool;
mod reported;
pub mod rig;
mod scopes;
mod server;
