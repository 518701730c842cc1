//! Nothing is written twice, and nothing is lost, wherever a run is cut off.

mod crash;
mod twice;
