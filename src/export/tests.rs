//! Tables, formats and columns.

use super::*;
