//! Channels on which nobody is in contact.

use std::collections::BTreeSet;

use crate::channel::Channel;

/// Who listens to everybody is in contact with nobody: UNICOM, to which some clients copy every station that they
/// receive, and the emergency frequency.
const FOR_EVERYBODY: [Channel; 2] = [Channel::of_khz(122_800), Channel::of_khz(121_500)];

/// The channels that are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored(BTreeSet<Channel>);

impl Ignored {
    /// The emergency frequency, UNICOM, and these.
    pub fn with(advisory: impl IntoIterator<Item = Channel>) -> Self {
        Self(FOR_EVERYBODY.into_iter().chain(advisory).collect())
    }

    /// The channel of a radio, unless it is off or left out.
    pub(super) fn channel(&self, frequency_hz: u32) -> Option<Channel> {
        Channel::of_hz(frequency_hz).filter(|channel| !self.0.contains(channel))
    }
}

impl Default for Ignored {
    fn default() -> Self {
        Self::with([])
    }
}
