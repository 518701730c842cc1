//! The pool of another service, without anything else of this workspace.

mod pool;
mod shop;
mod stranger;
mod support;
