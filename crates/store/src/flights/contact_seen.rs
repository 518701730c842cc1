//! `flights.contact_seen`: the last observation up to which contact is known, when there is a later one.

/// The change of the column that goes with one of `last_seen`: what that was before, if contact is known up to it.
macro_rules! judged {
    () => {{
        use diesel::prelude::*;

        use crate::schema::{collector_state, flights as f};

        let contacts_mark = collector_state::table.select(collector_state::contacts_mark);
        let is_judged = f::last_seen.nullable().le(contacts_mark.single_value());
        let kept = diesel::dsl::case_when(is_judged, f::last_seen.nullable());
        f::contact_seen.eq(kept.otherwise(f::contact_seen))
    }};
}
pub(super) use judged;
