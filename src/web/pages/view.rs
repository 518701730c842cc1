//! What a request for a page asks for: its time zone, its span, and the length of a step.

use actix_web::HttpResponse;
use chrono::TimeDelta;
use maud::Markup;
use sectorwatch_store::api::{Absent, Asked, Facts};

use super::{figure::Clock, notes::Reach, refusal::OF_EVERY_PAGE};
use crate::web::{
    WebState,
    form::Form,
    problem::{Code, Problem},
    v1::{
        answer::Draft,
        failure,
        params::{Kind, Parameter, Step, known::STEP},
        request::Request,
    },
};

/// The spans that a page links.
pub const SPANS: [(&str, &str, TimeDelta); 3] = [
    ("24h", "24 hours", TimeDelta::days(1)),
    ("7d", "7 days", TimeDelta::days(7)),
    ("31d", "31 days", TimeDelta::days(31)),
];

/// A span that ends at the mark, and moves with it. Only pages have it: a program says `from`.
pub const SPAN: Parameter = Parameter {
    name: "span",
    alias: None,
    selects: "The length of a span that ends at the newest stored snapshot.",
    allowed: "one of 24h, 7d and 31d, and is not given together with from or to",
    code: Code::BadRequest,
    kind: Kind::OneOf(&["24h", "7d", "31d"]),
    example: "7d",
};

/// The longest span whose steps are quarters of an hour: there are at most 2,000 steps.
const LONGEST_OF_QUARTERS: TimeDelta = TimeDelta::days(20);

/// How a page is looked at.
#[derive(Debug, Clone)]
pub struct View {
    /// The time zone.
    pub clock: Clock,
    /// The span that is asked for.
    pub asked: Asked,
    /// The name of the span, when it is one that moves with the mark.
    pub span: Option<&'static str>,
    /// The length of a step.
    pub step: TimeDelta,
}

impl View {
    /// Reads the parameters. An endpoint that does not take one has refused it before.
    ///
    /// # Errors
    /// As those of the API, and for `span`.
    pub fn read(request: &mut Request) -> Result<Self, Problem> {
        let zone = request.query.tz()?;
        let clock = Clock(zone.parse().unwrap_or(chrono_tz::UTC));
        let given = request.query.get(&SPAN).map(str::to_owned);
        let asked = request.span()?;
        let (span, asked) = match given {
            // An absent span is that of the last day, too.
            None => (asked.from.or(asked.to).is_none().then_some(SPANS[0].0), asked),
            Some(given) => {
                let named = SPANS.into_iter().find(|(name, ..)| *name == given);
                let is_alone = asked.from.is_none() && asked.to.is_none();
                let named = named.filter(|_| is_alone).ok_or_else(|| SPAN.refused())?;
                (Some(named.0), Asked { absent: Absent::Last(named.2), ..asked })
            }
        };
        let step = match request.query.get(&STEP) {
            Some(_) => Step::read(&mut request.query)?.length(),
            None => step_for(length(&asked)),
        };
        Ok(Self { clock, asked, span, step })
    }

    /// The name of the time zone.
    pub fn zone(&self) -> String {
        self.clock.0.name().to_owned()
    }

    /// The parameters that keep this view in a link to another page.
    pub fn kept(&self) -> Vec<(&'static str, String)> {
        let zone = Some(("tz", self.zone())).filter(|(_, zone)| zone != "UTC");
        let span = match self.span {
            Some(span) => vec![("span", span.to_owned())],
            None => super::links::bounds(sectorwatch_store::api::Span {
                from: self.asked.from,
                to: self.asked.to,
            }),
        };
        span.into_iter().chain(zone).collect()
    }
}

/// How long the span is, about: without its end it ends now, about.
fn length(asked: &Asked) -> TimeDelta {
    match (asked.from, asked.to, asked.absent) {
        (Some(from), to, _) => to.unwrap_or_else(WebState::now) - from,
        (None, _, Absent::Last(length)) => length,
        (None, ..) => TimeDelta::days(1),
    }
}

fn step_for(length: TimeDelta) -> TimeDelta {
    if length > LONGEST_OF_QUARTERS { TimeDelta::hours(1) } else { TimeDelta::minutes(15) }
}

/// The span that was read, so that further reads of a page are of the same.
pub fn pinned(facts: &Facts) -> Asked {
    Asked::of_a_list(facts.span.from, facts.span.to)
}

/// What was read: the span, the mark and the begin of what is stored.
///
/// # Errors
/// The database does not answer.
pub async fn reach(request: &Request, facts: &Facts) -> Result<Reach, Problem> {
    let begins = request.api()?.reads.begins().await.map_err(failure::problem)?;
    Ok(Reach { span: facts.span, mark: facts.mark, begins })
}

/// Answers with a page, which is drawn and compressed beside the tasks of HTTP.
///
/// # Errors
/// There is no memory for more answers.
pub async fn answer(
    request: &Request,
    draw: impl FnOnce() -> Markup + Send + 'static,
) -> Result<HttpResponse, Problem> {
    let headers = OF_EVERY_PAGE.iter().skip(1).cloned().collect();
    let draft = Draft { content_type: Form::Html.content_type(), headers, kept: None };
    request.answer(draft, move || Ok(draw().into_string().into_bytes())).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_quarters_as_long_as_there_are_few_enough() {
        for (days, minutes) in [(1, 15), (7, 15), (20, 15), (21, 60), (31, 60)] {
            assert_eq!(step_for(TimeDelta::days(days)), TimeDelta::minutes(minutes), "{days}");
        }
        let (from, to) = (WebState::now() - TimeDelta::days(30), None);
        let asked = |from, to, absent| Asked { from, to, absent, ..Asked::everything() };
        assert!(length(&asked(Some(from), to, Absent::LastDay)) >= TimeDelta::days(30));
        assert_eq!(length(&asked(None, Some(from), Absent::LastDay)), TimeDelta::days(1));
        let week = TimeDelta::days(7);
        assert_eq!(length(&asked(None, None, Absent::Last(week))), week);
        assert_eq!(length(&asked(Some(from), Some(from + week), Absent::LastDay)), week);
    }
}
