//! The chart of the airspace, drawn once for each airspace.

use std::sync::Arc;

use arc_swap::ArcSwap;

use super::page::Chart;
use crate::status::Outlines;

/// The newest chart, and the outlines that it was drawn from.
pub struct Charts(ArcSwap<(Arc<Outlines>, Arc<Chart>)>);

impl Charts {
    /// Draws the chart of these outlines.
    pub fn of(outlines: &Arc<Outlines>) -> Self {
        Self(ArcSwap::from_pointee(drawn(outlines)))
    }

    /// The chart of these outlines, drawn anew when they are those of another airspace.
    pub fn get(&self, outlines: &Arc<Outlines>) -> Arc<Chart> {
        let newest = self.0.load();
        if Arc::ptr_eq(&newest.0, outlines) {
            return Arc::clone(&newest.1);
        }
        let (outlines, chart) = drawn(outlines);
        self.0.store(Arc::new((outlines, Arc::clone(&chart))));
        chart
    }
}

fn drawn(outlines: &Arc<Outlines>) -> (Arc<Outlines>, Arc<Chart>) {
    (Arc::clone(outlines), Arc::new(Chart::of(outlines)))
}
