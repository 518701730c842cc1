//! The pool in another service, without any other crate of this workspace.

mod pool;
mod shop;
mod stranger;
mod support;
