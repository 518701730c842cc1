//! Each row of the taxonomy of leaks is seen: exactly its counter moves, no other, and afterwards
//! the pool lends all its connections again.

mod capacity;
mod dirt;
mod owners;
mod retired;
pub mod rig;
mod scopes;
mod server;
mod told;
