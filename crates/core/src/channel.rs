//! Channels: frequencies as they are compared.

use super::positions::canon;

/// The channel of a frequency, in kHz.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Channel(u64);

/// What clients send before a frequency is chosen: 199.998 MHz.
const NONE_CHOSEN: Channel = Channel(199_998);

impl Channel {
    /// The channel of a frequency in hertz; `None` for 0, which is a radio that is off.
    pub fn of_hz(frequency_hz: u32) -> Option<Self> {
        Some(Self(canon(frequency_hz))).filter(|channel| channel.0 > 0)
    }

    /// The channel of a frequency in MHz, as the main feed and the settings state it; `None` for a text that is no
    /// number, for 0, and for 199.998.
    pub fn of_mhz(text: &str) -> Option<Self> {
        hertz(text).and_then(Self::of_hz).filter(|channel| *channel != NONE_CHOSEN)
    }

    /// The channel of so many kHz.
    pub(super) const fn of_khz(khz: u64) -> Self {
        Self(khz)
    }

    /// The channel in hertz. That of a radio fits, because its frequency is at most 2,147 MHz.
    pub fn hz(self) -> i32 {
        i32::try_from(self.0 * 1_000).unwrap_or(i32::MAX)
    }

    /// Whether it is in the band of short waves, which reach beyond the horizon.
    pub fn is_hf(self) -> bool {
        (2_000..=30_000).contains(&self.0)
    }
}

/// A frequency in MHz as text, in hertz. `None` for a text that is no number. What is no frequency becomes one that no
/// radio can have.
pub fn hertz(mhz: &str) -> Option<u32> {
    let mhz: f64 = mhz.trim().parse().ok().filter(|mhz: &f64| mhz.is_finite())?;
    // The cast saturates.
    Some((mhz * 1e6).round() as u32)
}
