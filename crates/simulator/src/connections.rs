//! When a member is connected during a leg, and how connections are lost.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::members::Member;

/// How long the network keeps showing a pilot who returned under another callsign.
const GHOST_S: f64 = 120.0;

/// A connection to the network as long as the feed shows it, in simulated seconds.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct NetworkConnection {
    pub(super) callsign: String,
    pub(super) logon_s: f64,
    pub(super) since_s: f64,
    /// When the last report may be made.
    pub(super) until_s: f64,
    /// When the network stops showing it: after `until_s` for a ghost.
    pub(super) visible_until_s: f64,
}

impl NetworkConnection {
    fn cut_at(&self, lost_s: f64) -> Self {
        Self { until_s: lost_s, visible_until_s: lost_s, ..self.clone() }
    }

    fn resumed_at(&self, back_s: f64) -> Self {
        Self { since_s: back_s, ..self.clone() }
    }

    fn renewed_at(&self, back_s: f64) -> Self {
        Self { logon_s: back_s, ..self.resumed_at(back_s) }
    }
}

/// The connections of a leg. Seven in ten last from stand to stand; the others break in flight.
pub(super) fn connections(
    rng: &mut ChaCha8Rng,
    member: &Member,
    is_outbound: bool,
    begins_s: f64,
) -> Vec<NetworkConnection> {
    let ends_s = begins_s + member.profile.duration_s();
    let airborne_s = member.profile.airborne_s();
    let lost_s = begins_s + rng.random_range(airborne_s);
    let gap_s = rng.random_range(40.0..280.0);
    let back_s = (lost_s + gap_s).min(ends_s);
    let whole = NetworkConnection {
        callsign: member.callsign(is_outbound),
        logon_s: begins_s,
        since_s: begins_s,
        until_s: ends_s,
        visible_until_s: ends_s,
    };
    match rng.random_range(0..20) {
        // A short loss of the connection: the same logon continues.
        0..3 => vec![whole.cut_at(lost_s), whole.resumed_at(back_s)],
        3 => vec![whole.cut_at(lost_s), whole.renewed_at(back_s)],
        // Back at once under another callsign, while the feed still shows the old one.
        4 => {
            let visible_until_s = lost_s + GHOST_S;
            let ghost = NetworkConnection { visible_until_s, ..whole.cut_at(lost_s) };
            let callsign = format!("{}K", whole.callsign);
            let back_s = (lost_s + gap_s / 8.0).min(ends_s);
            vec![ghost, NetworkConnection { callsign, ..whole.renewed_at(back_s) }]
        }
        5 => vec![whole.cut_at(lost_s)],
        _ => vec![whole],
    }
}
