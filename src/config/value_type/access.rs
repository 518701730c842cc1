//! The types of the settings of access.

use std::num::NonZeroU32;

use sectorwatch_access::{Networks, Origin, Rate, Scope, Scopes};

use super::ValueType;

/// What a request without a token may do; the empty text is nothing.
pub(in super::super) fn scopes() -> ValueType<Option<Scopes>> {
    let allowed = "read, export or both, separated by a comma, or the empty text (nothing); personal needs a token";
    let plain = ValueType::new("SCOPES", allowed, |text| {
        Scopes::read(text).ok().filter(|scopes| !scopes.has(Scope::Personal))
    });
    ValueType { empty_is_off: true, ..plain.optional() }
}

/// Ranges of addresses.
pub(in super::super) fn networks() -> ValueType<Networks> {
    let allowed = "addresses and CIDR ranges separated by commas, such as 10.0.0.0/8,::1";
    ValueType::new("CIDR,…", allowed, Networks::read)
}

/// A number of requests a second.
pub(in super::super) fn rate() -> ValueType<Rate> {
    ValueType::new("N/s", "a whole number a second, 1/s … 100000/s", Rate::read)
}

/// A whole number that is not 0.
pub(in super::super) fn at_least_one(most: u32) -> ValueType<NonZeroU32> {
    ValueType::new("N", format!("a whole number, 1 … {most}"), move |text| {
        text.parse::<NonZeroU32>().ok().filter(|number| number.get() <= most)
    })
}

/// Origins of web pages.
pub(in super::super) fn origins() -> ValueType<Vec<Origin>> {
    let allowed = "exact origins separated by commas, as a browser sends them, such as https://division.example; no *";
    ValueType::new("ORIGINS", allowed, |text| {
        text.split(',').map(|origin| Origin::read(origin.trim())).collect()
    })
}
