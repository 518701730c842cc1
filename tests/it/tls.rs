//! TLS to PostgreSQL: what is trusted, what is refused, and what somebody on the way can do.

mod clients;
mod files;
pub mod rig;
mod servers;
mod stripped;
mod whole;
