//! Each row of the taxonomy of leaks is seen: exactly its counter moves, no other, and afterwards
//! the pool lends all its connections again.

mod capacity;
mod dirty_sessions;
mod owners;
mod replaced_pool;
mod reported;
pub mod rig;
mod scopes;
mod server;
