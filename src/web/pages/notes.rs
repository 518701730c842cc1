//! What is said in words instead of being drawn as zero: nothing stored, a young database, a span that is cut off.

use sectorwatch_core::Time;
use sectorwatch_store::api::Span;

use super::figure::Clock;

/// What a page was read at: its span, the mark, and since when there is data.
#[derive(Debug, Clone, Copy)]
pub struct Reach {
    /// The span.
    pub span: Span,
    /// The newest stored snapshot.
    pub mark: Option<Time>,
    /// When the oldest stored flight was first seen.
    pub begins: Option<Time>,
}

impl Reach {
    /// Whether a part of the span that begins there and ends there may hold data.
    pub fn holds(&self, from: Time, to: Time) -> bool {
        let is_after_begin = self.begins.is_some_and(|begins| to > begins || self.mark == Some(to));
        is_after_begin && self.mark.is_some_and(|mark| from <= mark)
    }

    /// Sentences about the parts of the span without data.
    pub fn notes(&self, clock: Clock) -> Vec<String> {
        let Some(mark) = self.mark else {
            return vec![
                "Nothing is stored yet: no snapshot of the network has arrived.".to_owned(),
            ];
        };
        let Some(begins) = self.begins else {
            return vec!["No flight is stored yet, so that there is nothing to draw.".to_owned()];
        };
        let mut notes = Vec::new();
        // The mark belongs to a span that ends at it, and may be all that is stored.
        if self.span.to.is_some_and(|to| to <= begins && to != mark) {
            let at = clock.minute(begins);
            notes.push(format!(
                "All of this span is before what is stored, which begins at {at}. What was before was not recorded, \
                 or its retention has ended."
            ));
        } else if self.span.from.is_some_and(|from| from < begins) {
            let at = clock.minute(begins);
            notes.push(format!(
                "What is stored begins at {at}. The part of the span before it was not recorded, or its retention has \
                 ended; it is left blank."
            ));
        }
        if self.span.from.is_some_and(|from| from > mark) {
            let at = clock.minute(mark);
            notes.push(format!(
                "All of this span is after the newest stored snapshot, that of {at}."
            ));
        } else if self.span.to.is_some_and(|to| to > mark) {
            let at = clock.minute(mark);
            notes.push(format!(
                "The newest stored snapshot is that of {at}. The part of the span after it is left blank."
            ));
        }
        notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64) -> Option<Time> {
        Time::from_timestamp(day * 86_400, 0)
    }

    #[test]
    fn what_is_missing_of_a_span_is_said() {
        // Begin and end of the span, the mark, the begin of what is stored, and what is said.
        for (from, to, mark, begins, said) in [
            (at(1), at(2), None, None, &["Nothing is stored yet"][..]),
            (at(1), at(2), at(2), None, &["No flight is stored yet"]),
            (at(3), at(4), at(4), at(2), &[]),
            (at(1), at(4), at(4), at(2), &["What is stored begins at 1970-01-03 00:00"]),
            (at(1), at(2), at(2), at(2), &["What is stored begins at 1970-01-03 00:00"]),
            (at(1), at(2), at(4), at(2), &["All of this span is before"]),
            (
                at(3),
                at(6),
                at(4),
                at(2),
                &["The newest stored snapshot is that of 1970-01-05 00:00"],
            ),
            (at(5), at(6), at(4), at(2), &["All of this span is after"]),
            (at(1), at(6), at(4), at(2), &["What is stored begins", "The newest stored snapshot"]),
        ] {
            let reach = Reach { span: Span { from, to }, mark, begins };
            let notes = reach.notes(Clock(chrono_tz::UTC));
            assert_eq!(notes.len(), said.len(), "{notes:?}");
            assert!(notes.iter().zip(said).all(|(note, said)| note.starts_with(said)), "{notes:?}");
        }
    }

    #[test]
    fn only_a_part_with_data_is_drawn() {
        let span = Span { from: at(1), to: at(9) };
        let reach = Reach { span, mark: at(5), begins: at(3) };
        let drawn = |from, to| reach.holds(at(from).expect("a time"), at(to).expect("a time"));
        assert_eq!(
            [drawn(1, 3), drawn(2, 4), drawn(4, 5), drawn(6, 7)],
            [false, true, true, false]
        );
        let first = Reach { mark: at(3), ..reach };
        assert!(
            at(1).zip(at(3)).is_some_and(|(from, to)| first.holds(from, to)),
            "the first snapshot"
        );
        assert!(!Reach { begins: None, ..reach }.holds(Time::MIN_UTC, Time::MAX_UTC));
    }
}
