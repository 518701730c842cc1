//! A flight's track, and its forms for maps. Pure.

mod geojson;
#[cfg(test)]
mod tests;
mod xml;

use sectorwatch_core::Time;
