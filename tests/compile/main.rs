//! What the compiler and clippy refuse. A target of its own: it keeps both cores busy, and other
//! tests measure time.

mod bans;
mod copy;
mod leases;
mod rooms;
