//! How many requests a client may send.

use std::{fmt, num::NonZeroU32};

/// The largest number that is a limit at all.
const MOST_PER_SECOND: u32 = 100_000;

/// A number of requests a second, 1 … 100,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate(NonZeroU32);

impl Rate {
    /// The lowest rate.
    pub const ONE: Self = Self(NonZeroU32::MIN);

    /// Reads `N/s`. Zero is none: a service that answers nothing is better switched off.
    pub fn read(text: &str) -> Option<Self> {
        let number = text.strip_suffix("/s")?.parse().ok()?;
        NonZeroU32::new(number).filter(|number| number.get() <= MOST_PER_SECOND).map(Self)
    }

    /// The number of requests a second.
    pub fn per_second(self) -> NonZeroU32 {
        self.0
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/s", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_number_a_second() {
        for text in ["1/s", "20/s", "100000/s"] {
            assert_eq!(Rate::read(text).map(|rate| rate.to_string()).as_deref(), Some(text));
        }
        for text in ["0", "0/s", "20", "20/m", "/s", "-1/s", "1.5/s", "100001/s", "20 /s", ""] {
            assert_eq!(Rate::read(text), None, "{text:?}");
        }
    }
}
