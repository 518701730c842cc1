//! What formats say of a position: its callsign and its frequency.

use sectorwatch_core::positions;

use super::coordinate::number;

/// Hertz of megahertz as they are written: `135.40` and `135.400` are the same. `None` where there is none (`""`,
/// `0`, text that is no number).
pub fn hertz(megahertz: &str) -> Option<u32> {
    let hertz = (number(megahertz.trim())? * 1e6).round();
    // Every whole number up to the largest of 32 bits is a double.
    (1.0..=f64::from(u32::MAX)).contains(&hertz).then_some(hertz as u32)
}

/// The parts of a callsign before and behind its last `_`, in the form in which callsigns are compared: upper case,
/// `__` as `_`. `None` where a part is empty.
pub(super) fn split(callsign: &str) -> Option<(String, String)> {
    let callsign = normal(callsign);
    let (stem, suffix) = callsign.rsplit_once('_')?;
    (!stem.is_empty() && !suffix.is_empty()).then(|| (stem.to_owned(), suffix.to_owned()))
}

/// A callsign or a part of one as it is compared, without white space around it.
pub(super) fn normal(callsign: &str) -> String {
    positions::normal(callsign.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequencies_are_megahertz_however_many_digits_they_have() {
        assert_eq!(hertz("135.40"), Some(135_400_000));
        assert_eq!(hertz(" 128.825 "), Some(128_825_000));
        assert_eq!(hertz("118.3"), hertz("118.300"));
        assert_eq!(["", "0", "000.000", "none", "-1", "1e9", "99999"].map(hertz), [None; 7]);
    }

    #[test]
    fn a_callsign_is_split_at_its_last_line() {
        let parts = |stem: &str, suffix: &str| Some((stem.to_owned(), suffix.to_owned()));
        assert_eq!(split("ML-ASP_CTR"), parts("ML-ASP", "CTR"));
        assert_eq!(split("vccf_t__ctr"), parts("VCCF_T", "CTR"));
        assert_eq!(["SYDNEY", "_CTR", "SY_", ""].map(split), [const { None }; 4]);
    }
}
