//! The tables of the database, and the jobs that maintain them.

use maud::{Markup, html};

use super::{card::card, leaf};
use crate::{
    status::StatusReport,
    web::format::{UNKNOWN, bytes, known, seconds, time, total, yes},
};

pub fn tables(report: &StatusReport) -> Markup {
    html! {
        section {
            h2 { "Tables" }
            @match report.tables.first() {
                None => p { "Not measured yet." },
                Some(first) => {
                    table {
                        thead {
                            tr {
                                th scope="col" { "table" }
                                th.number scope="col" { "rows, estimated" }
                                th.number scope="col" { "size" }
                            }
                        }
                        tbody { @for index in 0..report.tables.len() { (row(report, index)) } }
                    }
                    p.small {
                        "as of " (leaf("/tables/0/as_of", time(first.as_of)))
                        "; “" (UNKNOWN) "”: not analysed yet"
                    }
                }
            }
        }
    }
}

fn row(report: &StatusReport, index: usize) -> Markup {
    let table = &report.tables[index];
    let at = |field: &str| format!("/tables/{index}/{field}");
    html! {
        tr {
            th scope="row" { (leaf(at("name"), &table.name)) }
            td.number { (leaf(at("rows_estimate"), known(table.rows_estimate, total))) }
            td.number { (leaf(at("bytes"), bytes(table.bytes))) }
        }
    }
}

pub fn jobs(report: &StatusReport) -> Markup {
    let facts = report.jobs.iter().enumerate().flat_map(|(index, job)| {
        let at = |field: &str| format!("/jobs/{index}/{field}");
        [
            ("job", at("name"), job.name.to_owned()),
            ("last success", at("last_success_at"), known(job.last_success_at, time)),
            ("due every", at("period_seconds"), seconds(job.period_seconds)),
            ("overdue", at("overdue"), yes(job.overdue)),
        ]
    });
    card("Jobs", &facts.collect::<Vec<_>>())
}
