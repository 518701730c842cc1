//! What the compiler and clippy refuse. A separate target, because it keeps both cores busy while other tests
//! measure time.

mod bans;
mod copy;
mod leases;
mod rooms;
