//! Pages of what is stored: their figures are those of the API, and a browser shows them whole.

mod empty;
mod figures;
mod looks;
mod scene;
