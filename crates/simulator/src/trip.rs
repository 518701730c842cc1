//! Where and when a member flies.

use std::sync::Arc;

use super::{aerodromes::Aerodrome, members::Member};

/// One direction of a member's route.
#[derive(Debug)]
pub(super) struct Trip {
    pub(super) member: Arc<Member>,
    /// The number of the member's leg. Even legs lead away from home.
    pub(super) number: i64,
    /// When the member connects at the stand, in simulated seconds since the start.
    pub(super) begins_s: f64,
    pub(super) squawk: u32,
}

impl Trip {
    pub(super) fn departure(&self) -> &'static Aerodrome {
        if is_outbound(self.number) { self.member.home } else { self.member.away }
    }

    pub(super) fn arrival(&self) -> &'static Aerodrome {
        if is_outbound(self.number) { self.member.away } else { self.member.home }
    }

    /// The pressure altitude in cruise: odd thousands one way, even ones the other. In a circuit, its altitude.
    pub(super) fn cruise_ft(&self) -> f64 {
        let is_even = is_outbound(self.number) || self.member.circuit.is_some();
        self.member.profile.cruise_ft + if is_even { 0.0 } else { 1_000.0 }
    }
}

pub(super) fn is_outbound(number: i64) -> bool {
    number.rem_euclid(2) == 0
}
