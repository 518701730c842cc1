//! Checks of signs in panels, in the log, in the status, and on the server.

use serde_json::Value;

use super::{
    scene::{Drawn, Sign, full},
    stage::Stage,
    world::now,
};
use crate::{
    alerts::section,
    boards::{self, queries},
    support::http,
};

impl Stage<'_> {
    /// Whether the sign is there. The error says what is there instead.
    pub(super) fn shows(&self, alert: &str, sign: &Sign, is_over: bool) -> Result<(), String> {
        match *sign {
            Sign::Panel(title, legend, drawn) => self.draws(title, legend, drawn, is_over),
            Sign::Log(message, fields) => self.says(message, fields),
            Sign::Reason(code) => self.tells(code, &full(alert)),
            Sign::Status(pointer, part) => {
                let status = self.status()?;
                let found = status.pointer(pointer).map(Value::to_string).unwrap_or_default();
                holds(&found, part)
            }
            Sign::Row(beginning, part) => self.asks(alert, beginning, part),
            Sign::Page(path, status, part) => {
                let answer = http::get(self.address()?, path).map_err(|error| error.to_string())?;
                match answer.status == status {
                    true => holds(&answer.text(), part),
                    false => Err(format!("{}: {}", answer.status, answer.text())),
                }
            }
            Sign::Target(part) => {
                let target = self.world.target_of(self.scene.name).unwrap_or_default();
                holds(target["lastError"].as_str().unwrap_or_default(), part)
            }
        }
    }

    fn draws(&self, title: &str, legend: &str, drawn: Drawn, is_over: bool) -> Result<(), String> {
        let panel = boards::panel(title).ok_or("no such panel")?;
        let (from, to) = (self.began, now());
        // The end of a fault and an empty panel are checked now; other signs may be anywhere in the
        // graph.
        let of_now = is_over || drawn == Drawn::Nothing;
        let mut found = Vec::new();
        for query in &panel.queries {
            let expr = queries::of_instance(&query.promql(), self.scene.name);
            let from = if of_now { to } else { from };
            for series in self.world.prometheus.series(&expr, from, to) {
                found.push((queries::legend(query, &series), queries::points(&series)));
            }
        }
        let here: Vec<_> = found.iter().filter(|(name, _)| name.contains(legend)).collect();
        let mut points = here.iter().flat_map(|(_, points)| points).copied();
        let fits = match drawn {
            Drawn::Nothing => here.is_empty(),
            _ if is_over => !here.is_empty() && points.all(|point| drawn.fits(point)),
            _ => points.any(|point| drawn.fits(point)),
        };
        let extremes = |(name, points): &(String, Vec<f64>)| {
            let most = points.iter().copied().fold(f64::MIN, f64::max);
            let least = points.iter().copied().fold(f64::MAX, f64::min);
            format!("{name}: {least} to {most}")
        };
        let found: Vec<_> = found.iter().map(extremes).collect();
        fits.then_some(()).ok_or_else(|| format!("it shows {found:?}"))
    }

    fn says(&self, message: &str, fields: &[&str]) -> Result<(), String> {
        let log = self.log();
        let lines: Vec<_> = log.iter().filter(|line| line["message"] == message).collect();
        let has_all = |line: &&&Value| fields.iter().all(|field| !line[field].is_null());
        let is_told = lines.iter().any(|line| has_all(&line));
        is_told.then_some(()).ok_or_else(|| format!("of this message: {lines:?}"))
    }

    fn tells(&self, code: &str, alert: &str) -> Result<(), String> {
        let status = self.status()?;
        let reasons = status["reasons"].as_array().cloned().unwrap_or_default();
        let found = reasons.iter().any(|it| it["code"] == code && it["alert"] == alert);
        found.then_some(()).ok_or_else(|| format!("the reasons are {reasons:?}"))
    }

    /// Runs the section's own query for this instance only, because others share its server.
    fn asks(&self, alert: &str, beginning: &str, part: &str) -> Result<(), String> {
        let section = section(&full(alert));
        let mut quoted = section.split('`').skip(1).step_by(2);
        let query = quoted.find(|it| it.starts_with(beginning)).ok_or("no such query")?;
        let log = self.log();
        let pid = log.iter().rev().find_map(|line| line["backend_pid"].as_i64()).unwrap_or(0);
        let query = query
            .replace("'sectorwatch%'", &format!("'sectorwatch:{}:%'", self.scene.name))
            .replace("BACKEND_PID", &pid.to_string());
        let rows = self.database().client().try_rows(&query)?;
        let texts = rows.iter().map(|row| {
            let cells = row.iter().map(|cell| cell.as_deref().unwrap_or("null"));
            cells.collect::<Vec<_>>().join(" | ")
        });
        let texts: Vec<_> = texts.collect();
        let found = texts.iter().any(|row| row.contains(part));
        found.then_some(()).ok_or_else(|| format!("{query}: {texts:?}"))
    }

    fn status(&self) -> Result<Value, String> {
        let answer = http::get(self.address()?, "/api/status?always200=1");
        answer.map(|answer| answer.json()).map_err(|error| error.to_string())
    }

    fn address(&self) -> Result<std::net::SocketAddr, String> {
        self.running().ok_or("it does not run")?;
        Ok(self.setup().address())
    }
}

fn holds(text: &str, part: &str) -> Result<(), String> {
    text.contains(part).then_some(()).ok_or_else(|| text.to_owned())
}
