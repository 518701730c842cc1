//! Nothing is written twice and nothing is lost, wherever a run is interrupted.

mod crash;
mod twice;
