//! Movements at airports: take-offs, landings, go-arounds, touch-and-goes.
//!
//! Each flight has one [`AirportState`], which an observation [advances](AirportState::step). The clock is the
//! time of the observations; the wall clock is never read. The table of rules is in `docs/architecture.md`.

mod airports;
mod movement;
mod observed;
mod rules;
mod state;
mod text;

pub use airports::{Airport, Airports};
pub use movement::{Happened, MovementKind};
pub use observed::{Fix, Observed};
pub use rules::{Rules, Thresholds};
pub use state::AirportState;

#[cfg(test)]
mod tests;
