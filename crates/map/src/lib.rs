//! What a map is drawn with: projection, lines in view, coast, and places for labels.
//!
//! It knows no airspace, no status and no page: rings of positions go in, and text of SVG paths and places of
//! labels come out. Each file has one part; add another projection to `projection.rs`.

#![warn(missing_docs)]

mod bounds;
pub mod coast;
mod frame;
mod interior;
pub mod labels;
mod line;
mod projection;
mod shape;

pub use bounds::Bounds;
pub use frame::Frame;
pub use line::{in_steps, path_of, simplified};
pub use projection::Projection;
pub use shape::Shape;

/// Longitude and latitude, in degrees. Longitudes continue beyond ±180° where a shape crosses it.
pub type Position = (f64, f64);

/// A place on the drawing: to the right and downwards, from its upper left corner.
pub type Point = (f64, f64);
