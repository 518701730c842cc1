//! Movements at airports: take-offs, landings, go-arounds, touch-and-goes.
//!
//! Each flight has one [`AirportState`], which an observation [advances](AirportState::step). The clock is the
//! time of the observations; the wall clock is never read. The table of rules is in `docs/architecture.md`.

mod airports;
mod movement;
mod observed;
mod state;
mod text;

pub use airports::{Airport, Airports};
pub use movement::{Happened, Movement, MovementKind, in_order};
pub use observed::{Fix, Observed};
pub use state::{AirportState, Thresholds};

#[cfg(test)]
mod tests;
