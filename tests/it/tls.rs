//! TLS to PostgreSQL: what is trusted, what is refused, and what an attacker on the network can do.

mod clients;
mod files;
pub mod rig;
mod servers;
mod stripped;
mod whole;
