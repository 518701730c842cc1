//! Mutation tests of the alerts, because a test that cannot fail proves nothing. Every comparison,
//! number and duration of every alert is changed once, and promtool must notice.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    thread,
};

use super::{
    promtool,
    rules::{Case, Rule, RuleFile, cases},
};
use crate::promql::{Piece, pieces, replaced, selectors};

/// A small number, because promtool uses a whole processor.
const AT_ONCE: usize = 4;

#[test]
fn every_alert_passes_its_tests_and_no_mutant_of_it_does() {
    let (file, cases) = (RuleFile::read(), cases());
    let mut queue = VecDeque::new();
    for alert in file.alerts() {
        queue.push_back((alert, None));
        queue.extend(mutants(alert).into_iter().map(|mutant| (alert, Some(mutant))));
    }
    let mutants = queue.len() - file.alerts().count();
    assert!(mutants > 3 * file.alerts().count(), "{mutants} mutants only");
    let (queue, wrong) = (Mutex::new(queue), Mutex::new(Vec::new()));
    let take = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let work = || {
        while let Some((alert, mutant)) = take() {
            if let Some(complaint) = complaint(&file, &cases, alert, mutant.as_ref()) {
                wrong.lock().unwrap_or_else(PoisonError::into_inner).push(complaint);
            }
        }
    };
    thread::scope(|scope| (0..AT_ONCE).for_each(|_| drop(scope.spawn(work))));
    let wrong = wrong.into_inner().unwrap_or_else(PoisonError::into_inner);
    assert!(wrong.is_empty(), "{} of {mutants}:\n{}", wrong.len(), wrong.join("\n"));
}

fn complaint(
    file: &RuleFile,
    cases: &[Case],
    alert: &Rule,
    mutant: Option<&Mutant>,
) -> Option<String> {
    let name = alert.name();
    let of_it = |case: &&Case| case.name.split(' ').next() == Some(name);
    let cases: Vec<_> = cases.iter().filter(of_it).collect();
    let needed = selectors(&alert.expr);
    let is_needed =
        |rule: &&Rule| needed.iter().any(|needed| rule.record.as_deref() == Some(needed.name));
    let rule = mutant.map_or(alert, |mutant| &mutant.rule);
    let rules: Vec<_> = file.recordings().filter(is_needed).chain([rule]).collect();
    let said = promtool::test(&rules, &cases);
    match mutant {
        None if said.is_content => None,
        None => Some(format!("{name} fails: {}", said.text)),
        // The mutant must fail a test. A rule that cannot be parsed does not count.
        Some(_) if !said.is_content && said.text.contains("got:") => None,
        Some(mutant) => Some(format!("{name}, {}: {}", mutant.what, said.text)),
    }
}

struct Mutant {
    what: String,
    rule: Rule,
}

fn mutants(alert: &Rule) -> Vec<Mutant> {
    let changed =
        |from: &str, to: &str, rule: Rule| Mutant { what: format!("{from} -> {to}"), rule };
    let mut mutants = Vec::new();
    for piece in pieces(&alert.expr) {
        let (range, instead) = match piece {
            Piece::Comparison(range) => {
                let opposite = opposite(&alert.expr[range.clone()]);
                (range, vec![opposite.to_owned()])
            }
            Piece::Number(range) => {
                let number: f64 = alert.expr[range.clone()].parse().expect("a number");
                let scaled = [number * 2.0, number / 2.0].map(|number| number.to_string());
                // 0 is left out, because scaling does not change it.
                (range, scaled.into_iter().filter(|_| number != 0.0).collect())
            }
            _ => continue,
        };
        for instead in instead {
            let expr = replaced(&alert.expr, &range, &instead);
            let rule = Rule { expr, ..alert.clone() };
            mutants.push(changed(&alert.expr[range.clone()], &instead, rule));
        }
    }
    if let Some(lasts) = &alert.lasts {
        let minutes: u32 = lasts.trim_end_matches('m').parse().expect("minutes");
        for instead in [None, Some(format!("{}m", minutes * 3))] {
            let rule = Rule { lasts: instead.clone(), ..alert.clone() };
            mutants.push(changed(
                &format!("for: {lasts}"),
                instead.as_deref().unwrap_or("none"),
                rule,
            ));
        }
    }
    mutants
}

fn opposite(comparison: &str) -> &'static str {
    match comparison {
        "==" => "!=",
        "!=" => "==",
        ">" => "<=",
        "<=" => ">",
        "<" => ">=",
        ">=" => "<",
        other => panic!("not a comparison: {other}"),
    }
}
