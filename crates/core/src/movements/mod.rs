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
mod thresholds;

pub use airports::{Airport, Airports};
pub use movement::{Happened, MovementKind};
pub use observed::{Fix, Observed};
pub use rules::Rules;
pub use state::AirportState;
pub use thresholds::Thresholds;

#[cfg(test)]
mod tests;
