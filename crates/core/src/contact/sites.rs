//! The sites of the controllers, found by channel.

use std::{
    cmp::Ordering,
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use super::{Kept, Partner, Rules, reach::Place};
use crate::{channel::Channel, controller::Antenna};

/// The sites of one snapshot. Only those on a channel are looked at, so that thousands of flights and hundreds of
/// sites are no many times as many comparisons.
#[derive(Debug, Default)]
pub struct Sites<'c> {
    by_channel: HashMap<Channel, Vec<Site<'c>>>,
    /// Channels of controllers whose record could not be read.
    doubtful: BTreeSet<Channel>,
}

#[derive(Debug)]
struct Site<'c> {
    controller: Kept<'c>,
    is_primary: bool,
    place: Place,
    cap_nm: f64,
}

/// That a radio of a flight has the channel of a controller within reach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tuned<'c> {
    controller: Kept<'c>,
    channel: Channel,
    is_primary: bool,
    /// The distance as a share of the reach, at most 1.
    nearness: f64,
}

impl<'c> Sites<'c> {
    /// Adds the radios of a kept controller.
    pub fn add(&mut self, controller: Kept<'c>, antennas: &[Antenna], rules: &Rules) {
        let Some(cap_nm) = rules.caps.of(&controller.controller.callsign) else { return };
        let primary = controller.controller.frequency_hz().and_then(Channel::of_hz);
        for antenna in distinct(antennas) {
            let Some(channel) = rules.ignored.channel(antenna.frequency_hz) else { continue };
            let (is_primary, place) = (primary == Some(channel), Place::of(antenna));
            let site = Site { controller, is_primary, place, cap_nm };
            self.by_channel.entry(channel).or_default().push(site);
        }
    }

    /// Adds the radios of a callsign whose record as a controller could not be read.
    pub fn doubt(&mut self, antennas: &[Antenna], rules: &Rules) {
        let channels = antennas.iter().filter_map(|it| rules.ignored.channel(it.frequency_hz));
        self.doubtful.extend(channels);
    }

    /// Whether one of these radios has the channel of a controller whose record could not be read, wherever that is.
    pub fn may_hear_doubtful(&self, antennas: &[Antenna], rules: &Rules) -> bool {
        let mut channels = antennas.iter().filter_map(|it| rules.ignored.channel(it.frequency_hz));
        channels.any(|channel| self.doubtful.contains(&channel))
    }

    /// All that the radios of a flight are tuned to.
    pub fn tuned<'s>(
        &'s self,
        antennas: &'s [Antenna],
        rules: &'s Rules,
    ) -> impl Iterator<Item = Tuned<'c>> + 's {
        distinct(antennas).flat_map(|antenna| {
            let channel = rules.ignored.channel(antenna.frequency_hz);
            let place = Place::of(antenna);
            let sites = channel.and_then(|channel| self.by_channel.get(&channel));
            let tuned = move |site: &Site<'c>| channel.and_then(|it| site.tuned(&place, it));
            sites.into_iter().flatten().filter_map(tuned)
        })
    }
}

/// Radios without repetitions: most aircraft have two on one channel, and a feed may list one often.
fn distinct(antennas: &[Antenna]) -> impl Iterator<Item = &Antenna> {
    let is_first = |(at, antenna): &(usize, &Antenna)| !antennas[..*at].contains(*antenna);
    antennas.iter().enumerate().filter(is_first).map(|(_, antenna)| antenna)
}

impl<'c> Site<'c> {
    fn tuned(&self, flight: &Place, channel: Channel) -> Option<Tuned<'c>> {
        let limit = match channel.is_hf() {
            true => self.cap_nm,
            false => self.cap_nm.min(self.place.horizon_nm(flight)),
        };
        let distance = self.place.distance_nm(flight);
        let Self { controller, is_primary, .. } = *self;
        let nearness = distance / limit;
        (distance <= limit).then_some(Tuned { controller, channel, is_primary, nearness })
    }
}

impl Tuned<'_> {
    /// The order of contact: primary before extended, then the nearer by its reach, then the callsign, then the
    /// channel.
    pub fn order(&self, other: &Self) -> Ordering {
        let callsign = |it: &Self| it.controller.controller.callsign.to_ascii_uppercase();
        (!self.is_primary)
            .cmp(&!other.is_primary)
            .then_with(|| self.nearness.total_cmp(&other.nearness))
            .then_with(|| callsign(self).cmp(&callsign(other)))
            .then_with(|| self.channel.cmp(&other.channel))
    }

    /// The contact that it is.
    pub fn partner(&self) -> Partner {
        Partner {
            controller_id: Some(self.controller.id),
            callsign: Some(Arc::clone(&self.controller.controller.callsign)),
            frequency_hz: self.channel.hz(),
            is_primary: self.is_primary,
        }
    }

    /// The callsign of the controller.
    pub fn callsign(&self) -> &str {
        &self.controller.controller.callsign
    }

    /// Whether the channel is the controller's primary one, and no extension of it.
    pub fn is_primary(&self) -> bool {
        self.is_primary
    }

    /// The distance as a share of the reach, at most 1.
    pub fn nearness(&self) -> f64 {
        self.nearness
    }
}
