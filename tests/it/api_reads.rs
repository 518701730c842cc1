//! What the API and the exports read, compared with plain SQL on one filled database.

mod controllers;
mod figures;
mod late;
mod lists;
mod plans;
mod scene;
mod versions;
mod walks;
